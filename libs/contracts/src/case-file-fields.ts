import { currencyExponent, decimalToMinor, isCivilDate, isTimeZone } from '@billfleet/domain';
import type { CivilDate } from '@billfleet/domain';
import { z } from 'zod';

const INSTANT = /^(\d{4}-\d{2}-\d{2})T(\d{2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/;

/** Identifies a case within its file. */
export const caseId = z.string({ error: 'an id of 1 to 200 characters' }).min(1).max(200);

/** A day of the calendar. */
export const civilDateText = z
  .string({ error: 'a day as YYYY-MM-DD' })
  .refine(isCivilDate, { error: 'a day that exists, as YYYY-MM-DD, from 1900 to 9999' });

/** A point in time with its offset, such as 2026-10-01T00:00:00Z or 2026-10-01T05:45:00+05:45. */
export const instantText = z
  .string({ error: 'an instant such as 2026-10-01T00:00:00Z' })
  .refine((text) => instantFrom(text) !== undefined, {
    error: 'an instant with an offset, such as 2026-10-01T00:00:00Z or 2026-10-01T00:00:00-03:00',
  })
  .transform((text) => instantFrom(text) ?? new Date(Number.NaN));

/** A day, which means its beginning, or an instant. */
export const momentText = z
  .string({ error: 'a day or an instant' })
  .refine((text) => momentFrom(text) !== undefined, {
    error: 'a day as YYYY-MM-DD, or an instant with an offset such as 2026-10-01T00:00:00Z',
  })
  .transform((text) => momentFrom(text) ?? new Date(Number.NaN));

/** A time zone of the IANA database. */
export const timeZoneName = z
  .string({ error: 'an IANA time zone such as America/Sao_Paulo' })
  .refine(isTimeZone, { error: 'an IANA time zone such as America/Sao_Paulo' });

/** A currency of ISO 4217. */
export const currencyCode = z
  .string({ error: 'a currency of ISO 4217 such as USD' })
  .refine((code) => currencyExponent(code) !== undefined, { error: 'a currency of ISO 4217 such as USD' });

/** An amount in major units, which is read once its currency is known. */
export const decimalText = z.string({ error: 'a decimal text in quotes, such as "90.00"' });

/** A whole number within bounds. */
export function wholeNumber(min: number, max: number) {
  const error = `a whole number from ${String(min)} to ${String(max)}`;
  return z.int({ error }).min(min, { error }).max(max, { error });
}

/** Takes the part of a transform's context that reports faults. */
export type FaultSink = {
  readonly addIssue: (issue: { code: 'custom'; path: PropertyKey[]; message: string }) => void;
};

/** Reads amounts of one currency; each text that is none is reported at its place, and read as zero meanwhile. */
export function amountReader(currency: string, faults: FaultSink): (text: string, path: PropertyKey[]) => bigint {
  const places = currencyExponent(currency) ?? 0;
  const message = `a decimal text with at most ${String(places)} decimals, as ${currency} has, and at most 18 digits before them`;
  return (text, path) => {
    const minor = decimalToMinor(text, places);
    if (minor === undefined) faults.addIssue({ code: 'custom', path, message });
    return minor ?? 0n;
  };
}

function momentFrom(text: string): CivilDate | Date | undefined {
  return isCivilDate(text) ? text : instantFrom(text);
}

function instantFrom(text: string): Date | undefined {
  const [, day = '', hour = '', minute = '', second = '00', offset = ''] = INSTANT.exec(text) ?? [];
  const isOnClock = Number(hour) < 24 && Number(minute) < 60 && Number(second) < 60;
  const isOffset = offset === 'Z' || (Number(offset.slice(1, 3)) <= 18 && Number(offset.slice(4)) < 60);
  // The parser of the language would take days such as 30 February for days in March.
  if (!isCivilDate(day) || !isOnClock || !isOffset) return undefined;
  return new Date(Date.parse(text));
}
