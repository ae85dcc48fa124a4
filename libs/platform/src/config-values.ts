import { z } from 'zod';

/** A URL with one of these protocols, each with its colon. */
export const url = (protocols: readonly string[]): z.ZodType<string, string | undefined> =>
  z
    .string()
    .optional()
    .refine(
      (text): text is string => text !== undefined && URL.canParse(text) && protocols.includes(new URL(text).protocol),
      {
        error: `a URL that starts with ${protocols.map((p) => `${p}//`).join(' or ')}`,
      },
    )
    .transform((text) => text);

/** A whole number between two, both included. */
export const whole = (min: number, max: number): z.ZodType<number, string | undefined> =>
  z
    .string()
    .optional()
    .refine((text) => text !== undefined && /^\d{1,12}$/.test(text) && Number(text) >= min && Number(text) <= max, {
      error: `a whole number from ${String(min)} to ${String(max)}`,
    })
    .transform(Number);

/** Yes or no. */
export const flag = z
  .string()
  .optional()
  .refine((text) => text === 'true' || text === 'false', { error: 'true or false' })
  .transform((text) => text === 'true');

/** One of these words. */
export const oneOf = <const T extends readonly string[]>(...values: T): z.ZodType<T[number], string | undefined> =>
  z
    .string()
    .optional()
    .refine((text): text is T[number] => values.some((value) => value === text), {
      error: `one of ${values.join(', ')}`,
    })
    .transform((text) => text);

/** A text of at least so many characters, and at most 500. */
export const text = (minLength: number): z.ZodType<string, string | undefined> =>
  z
    .string()
    .optional()
    .refine((value) => value !== undefined && value.length >= minLength && value.length <= 500, {
      error: `a text of ${String(minLength)} to 500 characters`,
    })
    .transform((value) => value ?? '');

/** A text, or nothing. */
export const optionalText = z
  .string()
  .optional()
  .transform((value) => (value === '' ? undefined : value));

/** An e-mail address, or nothing. */
export const optionalEmail = z
  .string()
  .optional()
  .refine((value) => value === undefined || value === '' || z.email().max(254).safeParse(value).success, {
    error: 'an e-mail address, or nothing',
  })
  .transform((value) => (value === '' ? undefined : value));

/** An address on the web, or nothing. */
export const optionalUrl = z
  .string()
  .optional()
  .refine((value) => value === undefined || value === '' || /^https?:/.test(value) === URL.canParse(value), {
    error: 'a URL that starts with http:// or https://, or nothing',
  })
  .transform((value) => (value === '' ? undefined : value));

/** A secret as Standard Webhooks writes it. */
export const standardWebhookSecret = z
  .string()
  .optional()
  .refine((value) => value !== undefined && /^whsec_[A-Za-z0-9+/=]{32,128}$/.test(value), {
    error: 'whsec_ and 24 to 64 bytes in base64',
  })
  .transform((value) => value ?? '');
