import { InvariantError, invariant } from './invariant.js';

/** A day of the Gregorian calendar as 'YYYY-MM-DD', from 1900 to 9999. It has no time and no zone, and sorts as text. */
export type CivilDate = string & { readonly __civilDate: unique symbol };

/** The days from `startsOn` up to, but without, `endsOn`. */
export type CivilRange = { readonly startsOn: CivilDate; readonly endsOn: CivilDate };

const MS_PER_DAY = 86_400_000;
const MS_PER_HOUR = 3_600_000;
const MONTHS_PER_YEAR = 12;
const FIRST_YEAR = 1900;
const LAST_YEAR = 9999;
/** Zones that a process keeps a clock for; more than there are, and an end to what odd spellings can fill. */
const MAX_CLOCKS = 1_000;

/** Says whether a text is a civil date that exists: 'YYYY-MM-DD', from 1900 to 9999. */
export function isCivilDate(text: string): text is CivilDate {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const [year, month, day] = fields(text);
  return year >= FIRST_YEAR && month >= 1 && month <= MONTHS_PER_YEAR && day >= 1 && day <= daysInMonth(year, month);
}

/**
 * Takes a text as a civil date.
 * @throws InvariantError when it is none; ask `isCivilDate` first where the text comes from outside.
 */
export function civilDate(text: string): CivilDate {
  if (!isCivilDate(text)) throw new InvariantError(`a civil date is YYYY-MM-DD from 1900 to 9999, found ${text}`);
  return text;
}

/** The day that the clocks of a time zone show at an instant. */
export function civilDateIn(instant: Date, timeZone: string): CivilDate {
  const local = new Date(localMsAt(instant.getTime(), timeZone));
  return fromFields(local.getUTCFullYear(), local.getUTCMonth() + 1, local.getUTCDate());
}

/**
 * The same day of the month, `months` calendar months after the anchor (before it, if negative); the month's last day
 * where the month is too short. Periods count from the anchor: adding 1 twice is not the same as adding 2 once.
 */
export function addMonths(anchor: CivilDate, months: number): CivilDate {
  invariant(Number.isInteger(months), () => `months are whole, found ${months}`);
  const [year, month, day] = fields(anchor);
  const monthIndex = year * MONTHS_PER_YEAR + (month - 1) + months;
  const targetYear = Math.floor(monthIndex / MONTHS_PER_YEAR);
  const targetMonth = monthIndex - targetYear * MONTHS_PER_YEAR + 1;
  return fromFields(targetYear, targetMonth, Math.min(day, daysInMonth(targetYear, targetMonth)));
}

/** The day that is `days` days after the date (before it, if negative). */
export function addDays(date: CivilDate, days: number): CivilDate {
  invariant(Number.isInteger(days), () => `days are whole, found ${days}`);
  const moved = new Date((dayNumber(date) + days) * MS_PER_DAY);
  return fromFields(moved.getUTCFullYear(), moved.getUTCMonth() + 1, moved.getUTCDate());
}

/** How many days lie from one date to the other; negative when `to` is the earlier one. */
export function daysBetween(from: CivilDate, to: CivilDate): number {
  return dayNumber(to) - dayNumber(from);
}

/** Orders civil dates: negative when the left one is earlier, 0 when equal, positive when it is later. */
export function compare(left: CivilDate, right: CivilDate): number {
  return left === right ? 0 : left < right ? -1 : 1;
}

/**
 * The instant at which a civil day begins in a time zone. Where clocks skip midnight, or the whole day, it is the first
 * instant after the gap; where clocks show midnight twice, it is the first of the two.
 */
export function startOfDay(date: CivilDate, timeZone: string): Date {
  return hourOfDay(date, 0, timeZone);
}

/** The instant at which the clocks of a time zone show a full hour (0 to 23) of a civil day; where they skip or repeat it as in `startOfDay`. */
export function hourOfDay(date: CivilDate, hour: number, timeZone: string): Date {
  invariant(Number.isInteger(hour) && hour >= 0 && hour <= 23, `hours of a day run from 0 to 23, found ${hour}`);
  const wantedLocalMs = dayNumber(date) * MS_PER_DAY + hour * MS_PER_HOUR;
  // One day to either side is past any change of offset that could touch this hour.
  const offsetBeforeMs = offsetMsAt(wantedLocalMs - MS_PER_DAY, timeZone);
  const offsetAfterMs = offsetMsAt(wantedLocalMs + MS_PER_DAY, timeZone);
  const candidates = [wantedLocalMs - offsetBeforeMs, wantedLocalMs - offsetAfterMs].sort((a, b) => a - b);
  const foundMs = candidates.find((candidateMs) => localMsAt(candidateMs, timeZone) === wantedLocalMs);
  if (foundMs !== undefined) return new Date(foundMs);
  const [earliestMs = wantedLocalMs, latestMs = wantedLocalMs] = candidates;
  return new Date(firstAtOrAfter(wantedLocalMs, earliestMs, latestMs, timeZone));
}

/** Says whether a text names a time zone of the IANA database. Bare offsets such as '+03:00' are not names. */
export function isTimeZone(text: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/.test(text)) return false;
  try {
    clockOf(text);
    return true;
  } catch (cause) {
    if (cause instanceof RangeError) return false;
    throw cause;
  }
}

/** Halves the gap in which clocks jump forward over the wanted time until the first instant after the jump is left. */
function firstAtOrAfter(wantedLocalMs: number, earliestMs: number, latestMs: number, timeZone: string): number {
  let beforeMs = earliestMs;
  let reachedMs = latestMs;
  while (reachedMs - beforeMs > 1) {
    const middleMs = Math.floor((beforeMs + reachedMs) / 2);
    if (localMsAt(middleMs, timeZone) >= wantedLocalMs) reachedMs = middleMs;
    else beforeMs = middleMs;
  }
  return reachedMs;
}

function offsetMsAt(instantMs: number, timeZone: string): number {
  return localMsAt(instantMs, timeZone) - instantMs;
}

/** What the clocks of the zone show at an instant, as milliseconds since 1970 on those clocks. */
function localMsAt(instantMs: number, timeZone: string): number {
  const clock = clockOf(timeZone);
  const secondMs = Math.floor(instantMs / 1_000) * 1_000;
  if (clock.secondMs !== secondMs) {
    const shown: Record<string, number> = {};
    for (const { type, value } of clock.formatter.formatToParts(secondMs)) shown[type] = Number(value);
    const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = shown;
    clock.shownMs = Date.UTC(year, month - 1, day, hour, minute, second);
    clock.secondMs = secondMs;
  }
  return clock.shownMs + (instantMs - secondMs);
}

/**
 * The clock of a zone: making its formatter costs a hundred times what its use costs, so each is made once, and its use
 * costs more than all other arithmetic of a quote, so the second that was read last is kept: the lines of a quote all
 * ask about the same one. Nobody can see that from outside.
 */
type ZoneClock = { readonly formatter: Intl.DateTimeFormat; secondMs: number; shownMs: number };

const clocks = new Map<string, ZoneClock>();

function clockOf(timeZone: string): ZoneClock {
  const known = clocks.get(timeZone);
  if (known !== undefined) return known;
  const formatter = new Intl.DateTimeFormat('en-US-u-ca-gregory-nu-latn', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  if (clocks.size >= MAX_CLOCKS) clocks.clear();
  const made = { formatter, secondMs: Number.NaN, shownMs: 0 };
  clocks.set(timeZone, made);
  return made;
}

function dayNumber(date: CivilDate): number {
  const [year, month, day] = fields(date);
  return Date.UTC(year, month - 1, day) / MS_PER_DAY;
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function fields(date: string): readonly [year: number, month: number, day: number] {
  return [Number(date.slice(0, 4)), Number(date.slice(5, 7)), Number(date.slice(8, 10))];
}

function fromFields(year: number, month: number, day: number): CivilDate {
  invariant(year >= FIRST_YEAR && year <= LAST_YEAR, () => `civil dates run from 1900 to 9999, found the year ${year}`);
  // Whoever calls has worked out a month and a day that exist: reading them back would cost more than writing them.
  return `${year}-${twoDigits(month)}-${twoDigits(day)}` as CivilDate;
}

function twoDigits(value: number): string {
  return value < 10 ? `0${value}` : `${value}`;
}
