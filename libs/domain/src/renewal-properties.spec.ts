import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { renewalRules as rules } from '../../../test/support/renewal-rules.js';
import { addDays, civilDate, civilDateIn, compare, daysBetween, hourOfDay } from './calendar.js';
import { retryAfter } from './dunning.js';
import { mailingTime } from './mailing-hours.js';
import { decideRenewal, renewalMoments } from './renewal-timeline.js';
import type { RenewalMoments, RenewalQuestion } from './renewal-timeline.js';

const RUNS = 10_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const unpaid = { status: 'awaiting_payment', isOpenToPayer: false } as const;

/** What came of one term when it was looked at at these moments; each charge is answered as the dice say. */
type Life = {
  readonly reminders: { readonly what: string; readonly atMs: number }[];
  readonly chargedAtMs: number[];
  readonly orders: number;
};

type Told = { readonly moments: RenewalMoments; readonly isAuto: boolean; readonly zone: string };

const isByDay = (at: Date, zone: string): boolean => mailingTime(at, zone, rules.mailHours).getTime() === at.getTime();

function live({ moments, isAuto, zone }: Told, looksMs: readonly number[], declines: readonly boolean[]): Life {
  const life = { reminders: [] as { what: string; atMs: number }[], chargedAtMs: [] as number[], orders: 0 };
  let order: RenewalQuestion['order'];
  let [isReminded, tries, isPaid] = [false, 0, false];
  let nextTryAt: Date | undefined;
  for (const atMs of looksMs) {
    const now = new Date(atMs);
    if (isPaid) break;
    const decided = decideRenewal({
      subscription: { status: 'active', willCharge: isAuto },
      ...{ isReminded, tries, isCharging: false, isMethodSpent: false, now, moments, rules },
      mailsFrom: mailingTime(now, zone, rules.mailHours),
      ...(order === undefined ? {} : { order }),
      ...(nextTryAt === undefined ? {} : { nextTryAt }),
    });
    if (decided.reminder !== undefined) life.reminders.push({ what: decided.reminder, atMs });
    isReminded ||= decided.reminder !== undefined;
    if (decided.nextAt !== undefined && decided.nextAt <= now) throw new Error('the next moment has passed already');
    if (decided.action !== undefined && order === undefined) life.orders += 1;
    if (decided.action !== undefined) order = unpaid;
    if (decided.action !== 'charge') continue;
    life.chargedAtMs.push(atMs);
    isPaid = declines[tries] !== true;
    tries += 1;
    nextTryAt = retryAfter(now, tries, rules.dunning);
  }
  return life;
}

describe('for every zone of the database', () => {
  const zones = Intl.supportedValuesOf('timeZone');
  const anyEnd = fc.integer({ min: 0, max: 4_000 }).map((days) => addDays(civilDate('2026-06-01'), days));
  const anyTerm = fc
    .record({ zone: fc.constantFrom(...zones), end: anyEnd, isAuto: fc.boolean() })
    .map((term) => ({ ...term, moments: renewalMoments(term.end, term.zone, rules) }));
  const anyDeclines = fc.array(fc.boolean(), { minLength: 4, maxLength: 4 });
  const startMs = ({ moments }: Told): number => moments.remindAt.getTime() - 2 * DAY_MS;

  test('each term gets exactly one reminder on its civil day and at most four charges, looked at hour by hour', () => {
    fc.assert(
      fc.property(anyTerm, fc.integer({ min: 0, max: HOUR_MS - 1 }), anyDeclines, (term, offsetMs, declines) => {
        // Whoever looks only when something is due does the same as whoever looks every hour, so dull hours are left out.
        const hours = [0, 47, 48, 49, 100, 191, 192, 193, 215, 216, 217, 240, 241, 264, 265, 288, 312, 336, 350];
        const looks = hours.map((hour) => startMs(term) + offsetMs + hour * HOUR_MS);
        const { reminders, chargedAtMs, orders } = live(term, looks, declines);
        expect(reminders.map(({ what }) => what)).toEqual([term.isAuto ? 'will-be-charged' : 'will-expire']);
        const remindedOn = civilDateIn(new Date(reminders[0]?.atMs ?? 0), term.zone);
        expect(daysBetween(remindedOn, term.end)).toBe(9);
        const wanted = term.isAuto ? Math.min(4, declines.findIndex((isDeclined) => !isDeclined) + 1 || 4) : 0;
        expect(chargedAtMs).toHaveLength(wanted);
        expect(orders).toBe(1);
      }),
      { numRuns: RUNS },
    );
  });

  test('whatever the times at which it is looked at, no reminder is doubled and no period is charged too often', () => {
    const anyLooks = fc.array(fc.integer({ min: 0, max: 20 * DAY_MS }), { maxLength: 12 });
    fc.assert(
      fc.property(anyTerm, anyLooks, anyDeclines, (term, offsets, declines) => {
        const looks = offsets.map((offset) => startMs(term) + offset).sort((a, b) => a - b);
        const { reminders, chargedAtMs, orders } = live(term, looks, declines);
        const { remindAt, chargeAt, endsAt, graceEndsAt } = term.moments;
        const isSettled = looks.some(
          (at) => at >= remindAt.getTime() && (at >= endsAt.getTime() || isByDay(new Date(at), term.zone)),
        );
        expect(reminders.length).toBeGreaterThanOrEqual(isSettled ? 1 : 0);
        expect(reminders.length).toBeLessThanOrEqual(1);
        for (const { what, atMs } of reminders) {
          expect(atMs).toBeGreaterThanOrEqual(remindAt.getTime());
          if (what !== 'suppressed') expect(isByDay(new Date(atMs), term.zone)).toBe(true);
          if (what !== 'suppressed') expect(atMs).toBeLessThan(endsAt.getTime());
          // Never two at once.
          if (what !== 'suppressed') expect(chargedAtMs).not.toContain(atMs);
        }
        expect(chargedAtMs.length).toBeLessThanOrEqual(term.isAuto ? 4 : 0);
        expect(orders).toBeLessThanOrEqual(1);
        chargedAtMs.forEach((atMs, index) => {
          expect(atMs).toBeGreaterThanOrEqual(chargeAt.getTime());
          expect(atMs).toBeLessThan(graceEndsAt.getTime());
          if (index > 0) expect(atMs - (chargedAtMs[index - 1] ?? 0)).toBeGreaterThanOrEqual(DAY_MS);
        });
        // Down for days or not: a term that is looked at once between charge and end of grace is charged.
        const isSeen = looks.some((at) => at >= chargeAt.getTime() && at < graceEndsAt.getTime());
        if (term.isAuto && isSeen) expect(chargedAtMs.length).toBeGreaterThanOrEqual(1);
      }),
      { numRuns: RUNS },
    );
  });

  test('whoever comes back at each moment that is named misses nothing', () => {
    fc.assert(
      fc.property(anyTerm, anyDeclines, (term, declines) => {
        const looks: number[] = [startMs(term)];
        let life = live(term, looks, declines);
        for (let round = 0; round < 20; round += 1) {
          const next = nextOf(term, looks, declines);
          if (next === undefined) break;
          looks.push(next);
          life = live(term, looks, declines);
        }
        expect(life.reminders.map(({ what }) => what)).toEqual([term.isAuto ? 'will-be-charged' : 'will-expire']);
        const { chargeAt } = term.moments;
        const wanted = term.isAuto ? Math.min(4, declines.findIndex((isDeclined) => !isDeclined) + 1 || 4) : 0;
        expect(life.chargedAtMs).toEqual(
          Array.from({ length: wanted }, (_, index) => chargeAt.getTime() + index * DAY_MS),
        );
      }),
      { numRuns: 1_000 },
    );
  });

  test('each subscription gets exactly one reminder per term, on the ninth civil day before its end or the morning after, by day', () => {
    const anyFirstLook = fc.integer({ min: 0, max: 2 * DAY_MS });
    fc.assert(
      fc.property(anyTerm, anyFirstLook, (term, lateMs) => {
        const { remindAt } = term.moments;
        let now = new Date(remindAt.getTime() + lateMs);
        const told: Date[] = [];
        // Whoever comes back at the moment that was named meets a reminder that waits there.
        for (let look = 0; look < 3; look += 1) {
          const decided = decideRenewal({
            subscription: { status: 'active', willCharge: term.isAuto },
            ...{ isReminded: told.length > 0, tries: 0, isCharging: false, isMethodSpent: false, now, rules },
            ...{ moments: term.moments, mailsFrom: mailingTime(now, term.zone, rules.mailHours) },
          });
          if (decided.reminder !== undefined) told.push(now);
          expect(decided.reminder).not.toBe('suppressed');
          if (decided.nextAt === undefined) break;
          now = decided.nextAt;
        }
        expect(told).toHaveLength(1);
        const [at = now] = told;
        const on = civilDateIn(at, term.zone);
        expect(at >= hourOfDay(on, 9, term.zone) && at < hourOfDay(on, 18, term.zone)).toBe(true);
        const foundOn = civilDateIn(new Date(remindAt.getTime() + lateMs), term.zone);
        expect(daysBetween(on, term.end)).toBeLessThanOrEqual(9);
        expect(daysBetween(foundOn, on)).toBeLessThanOrEqual(1);
      }),
      { numRuns: RUNS },
    );
  });

  test('days of the calendar are days there: the reminder comes nine of them before the end', () => {
    for (const zone of zones) {
      for (const end of ['2027-03-20', '2027-04-06', '2027-10-10', '2027-11-10']) {
        const { remindAt, chargeAt } = renewalMoments(civilDate(end), zone, rules);
        expect(daysBetween(civilDateIn(remindAt, zone), civilDate(end))).toBe(9);
        expect(compare(civilDateIn(chargeAt, zone), addDays(civilDate(end), -3))).toBe(0);
      }
    }
  });
});

/** The moment that is named after these looks; undefined when nothing is due any more. */
function nextOf(term: Told, looks: readonly number[], declines: readonly boolean[]): number | undefined {
  const { chargedAtMs } = live(term, looks, declines);
  const tries = chargedAtMs.length;
  if (tries > 0 && declines[tries - 1] !== true) return undefined;
  const lastMs = chargedAtMs.at(-1);
  const nextTryAt = lastMs === undefined ? undefined : retryAfter(new Date(lastMs), tries, rules.dunning);
  const now = looks.at(-1) ?? 0;
  return decideRenewal({
    subscription: { status: 'active', willCharge: term.isAuto },
    ...{
      isReminded: true,
      tries,
      isCharging: false,
      isMethodSpent: false,
      now: new Date(now),
      mailsFrom: mailingTime(new Date(now), term.zone, rules.mailHours),
      moments: term.moments,
      rules,
    },
    order: unpaid,
    ...(nextTryAt === undefined ? {} : { nextTryAt }),
  }).nextAt?.getTime();
}
