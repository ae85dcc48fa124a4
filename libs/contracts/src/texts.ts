import { z } from 'zod';

/** Text of one line, of at most so many characters. */
export const shortText = (lengthMax: number) =>
  z
    .string()
    .min(1)
    .max(lengthMax)
    // Control characters, line separators and direction overrides have no place in a name, an address or a mail header. Half of a surrogate
    // pair (with the flag `u` the range stands for halves alone) is no character at all: PostgreSQL would refuse the whole statement for it.
    .regex(
      // eslint-disable-next-line no-control-regex -- control characters are what this refuses
      /^[^\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]*$/u,
      { error: 'well-formed text without control characters' },
    );

/** The same, without blanks around it, and with something in it that can be seen. */
export const visibleText = (lengthMax: number) =>
  shortText(lengthMax)
    .trim()
    .regex(/[^\s\p{Cf}\p{M}]/u, { error: 'a text that can be seen' });

/** A country. */
export const countryCode = z.string().regex(/^[A-Z]{2}$/, { error: 'an ISO 3166 country code such as BR or US' });
