import { addDays, civilDateIn, hourOfDay } from './calendar.js';

/** The hours of a civil day between which people are written to: from the full hour `from` on, up to but without `to`. */
export type MailingHours = { readonly from: number; readonly to: number };

/** Days that the calendar of a zone may leave out in a row, and one more. */
const DAYS_MAX = 3;

/**
 * The first instant, not before `now`, at which a zone's clocks stand within the hours: `now` itself by day, else the opening of
 * the same or of the next civil day. Days are those of the calendar there, so a change of clocks, an offset of half an hour or
 * a day that a zone leaves out moves nothing.
 */
export function mailingTime(now: Date, timeZone: string, hours: MailingHours): Date {
  const today = civilDateIn(now, timeZone);
  for (let ahead = 0; ahead < DAYS_MAX; ahead += 1) {
    const day = addDays(today, ahead);
    const opensAt = hourOfDay(day, hours.from, timeZone);
    // A day that the zone leaves out has no morning.
    if (civilDateIn(opensAt, timeZone) !== day) continue;
    if (now <= opensAt) return opensAt;
    // The last hour of a day ends with the day.
    const closesAt = hours.to > 23 ? hourOfDay(addDays(day, 1), 0, timeZone) : hourOfDay(day, hours.to, timeZone);
    if (now < closesAt) return now;
  }
  return now;
}
