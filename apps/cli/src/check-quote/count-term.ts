/** The fields of a stored term, as texts. */
export type StoredTerm = {
  readonly convention: string;
  readonly timeZone: string;
  readonly start: string;
  readonly end: string;
  readonly at: string;
};

/** How many days or seconds a term has, and how many of them are left. */
export type CountedTerm = { readonly left: bigint; readonly whole: bigint };

const MS_PER_DAY = 86_400_000;
const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;
const SECOND = 'second';

/** Counts a stored term anew from its three ends; undefined when they cannot be read or the convention is unknown. */
export function countTerm(term: StoredTerm): CountedTerm | undefined {
  const [start, end, at] = [term.start, term.end, term.at].map((text) => positionOf(text, term.convention));
  if (start === undefined || end === undefined || at === undefined) return undefined;
  const lastCounts = term.convention === 'day-inclusive' ? 1 : 0;
  const whole = end - start + lastCounts;
  if (whole < 1) return undefined;
  const left = Math.min(Math.max(end - at + lastCounts, 0), whole);
  return { left: BigInt(left), whole: BigInt(whole) };
}

/** Where a day or an instant lies, in the units of the convention. */
function positionOf(text: string, convention: string): number | undefined {
  if (convention === SECOND) return INSTANT.test(text) ? secondsOf(text) : undefined;
  const [, year, month, day] = (DAY.exec(text) ?? []).map(Number);
  if (year === undefined || month === undefined || day === undefined) return undefined;
  const ms = Date.UTC(year, month - 1, day);
  if (new Date(ms).toISOString().slice(0, 10) !== text) return undefined;
  if (convention === 'day' || convention === 'day-inclusive') return ms / MS_PER_DAY;
  return convention === 'month-30-360' ? year * 360 + month * 30 + Math.min(day, 30) : undefined;
}

const secondsOf = (instant: string): number | undefined => {
  const ms = Date.parse(instant);
  return Number.isNaN(ms) ? undefined : ms / 1_000;
};

/** The day that a stored boundary falls on: itself, or where seconds are counted the day that the zone's clocks then show. */
export function dayOf(text: string, { convention, timeZone }: StoredTerm): string | undefined {
  if (convention !== SECOND) return text;
  const seconds = secondsOf(text);
  return seconds === undefined ? undefined : localDay(seconds * 1_000, timeZone);
}

/** Whether a stored boundary is the very beginning of the day that it falls on. */
export function isBeginningOfDay(text: string, term: StoredTerm): boolean {
  if (term.convention !== SECOND) return true;
  const seconds = secondsOf(text);
  if (seconds === undefined) return false;
  return localDay(seconds * 1_000, term.timeZone) !== localDay((seconds - 1) * 1_000, term.timeZone);
}

const formats = new Map<string, Intl.DateTimeFormat>();

function localDay(ms: number, timeZone: string): string | undefined {
  try {
    const format = formats.get(timeZone) ?? new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' });
    formats.set(timeZone, format);
    return format.format(ms);
  } catch {
    // A name that is no time zone, which is for the caller to tell.
    return undefined;
  }
}

/** Calendar months that fit between two days; a month's last day stands for the days that the month does not have. */
export function wholeMonths(startsOn: string, endsOn: string): number | undefined {
  const [[, ...from], [, ...to]] = [DAY.exec(startsOn) ?? [], DAY.exec(endsOn) ?? []];
  const [startYear, startMonth, startDay] = from.map(Number);
  const [endYear, endMonth, endDay] = to.map(Number);
  if (startYear === undefined || startMonth === undefined || startDay === undefined) return undefined;
  if (endYear === undefined || endMonth === undefined || endDay === undefined) return undefined;
  const lastDay = new Date(Date.UTC(endYear, endMonth, 0)).getUTCDate();
  const isShort = endDay < Math.min(startDay, lastDay);
  return (endYear - startYear) * 12 + endMonth - startMonth - (isShort ? 1 : 0);
}

/** The same day of the month so many calendar months later; the month's last day where it is too short. */
export function monthsAfter(anchor: string, months: number): string | undefined {
  const [, year, month, day] = (DAY.exec(anchor) ?? []).map(Number);
  if (year === undefined || month === undefined || day === undefined) return undefined;
  const last = new Date(Date.UTC(year, month + months, 0));
  last.setUTCDate(Math.min(day, last.getUTCDate()));
  return last.toISOString().slice(0, 10);
}

/** The day so many days later. */
export function daysAfter(day: string, days: bigint): string | undefined {
  const position = positionOf(day, 'day');
  return position === undefined
    ? undefined
    : new Date((position + Number(days)) * MS_PER_DAY).toISOString().slice(0, 10);
}

/** Months from the month of one day to the month of the other, whatever the days. */
export function monthsApart(from: string, to: string): number {
  const monthIndex = (day: string): number => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7));
  return monthIndex(to) - monthIndex(from);
}
