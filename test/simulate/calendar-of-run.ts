/** When every run begins. What the catalogue sells then does not change any more. */
export const BEGINS_AT = '2027-01-04T00:00:00.000Z';
/** People do things at two moments of a day. */
export const MOMENTS_PER_DAY = 2;
/** Payments of orders that are gone are made on the evening of every tenth day only: the fleet has to be held up for them. */
export const LATE_MOMENT_FIRST = MOMENTS_PER_DAY - 1;
export const LATE_MOMENTS_EVERY = 10 * MOMENTS_PER_DAY;
/** By the clocks of both countries these are hours in which nothing comes due by itself. */
const HOURS = [15, 20] as const;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Days and moments of a run. */
export type RunCalendar = { readonly days: number; readonly moments: number; readonly endsAt: Date };

/** The calendar of so many months. */
export function calendarOf(months: number): RunCalendar {
  const endsAt = new Date(BEGINS_AT);
  endsAt.setUTCMonth(endsAt.getUTCMonth() + months);
  const days = Math.round((endsAt.getTime() - Date.parse(BEGINS_AT)) / DAY_MS);
  return { days, moments: days * MOMENTS_PER_DAY, endsAt };
}

/** Whether payments may be made late at a moment. */
export const isLateMoment = (moment: number): boolean => moment % LATE_MOMENTS_EVERY === LATE_MOMENT_FIRST;

/** The instant of a moment. */
export function instantOf(moment: number): Date {
  const hour = HOURS[moment % MOMENTS_PER_DAY] ?? HOURS[0];
  return new Date(Date.parse(BEGINS_AT) + Math.floor(moment / MOMENTS_PER_DAY) * DAY_MS + hour * HOUR_MS);
}

/** The civil day so many days after the beginning. */
export const dayAfter = (days: number): string =>
  new Date(Date.parse(BEGINS_AT) + days * DAY_MS).toISOString().slice(0, 10);
