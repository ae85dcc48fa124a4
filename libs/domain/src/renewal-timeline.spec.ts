import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { addDays, civilDate, civilDateIn, compare, daysBetween } from './calendar.js';
import type { RenewalRules } from './catalogue.js';
import { decideRenewal, isWorthRetrying, nextMoment, renewalMoments, retryAfter } from './renewal-timeline.js';
import type { RenewalDecision, RenewalMoments, RenewalQuestion } from './renewal-timeline.js';

const RUNS = 10_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const rules: RenewalRules = { reminderDays: 9, chargeDays: 3, attempts: 4, retryHours: 24, graceDays: 3 };
const endsOn = civilDate('2027-04-05');
const timeZone = 'America/New_York';
const plain: Omit<RenewalQuestion, 'now'> = {
  subscription: { status: 'active', willCharge: true },
  ...{ isReminded: true, tries: 0, isMethodSpent: false, rules },
  moments: renewalMoments(endsOn, timeZone, rules),
};
const manual = { ...plain, subscription: { ...plain.subscription, willCharge: false } };
const decide = (now: string, more: Partial<RenewalQuestion> = {}): RenewalDecision =>
  decideRenewal({ ...plain, ...more, now: new Date(now) });

describe('the moments of a term', () => {
  test('are nine in the morning of the day, and midnights, by the clocks of the workspace', () => {
    expect(renewalMoments(endsOn, timeZone, rules)).toEqual({
      remindAt: new Date('2027-03-27T13:00:00Z'),
      chargeAt: new Date('2027-04-02T13:00:00Z'),
      endsAt: new Date('2027-04-05T04:00:00Z'),
      graceEndsAt: new Date('2027-04-08T04:00:00Z'),
    });
  });

  test.each([
    // Clocks go forward on 14 March 2027 in New York, between the reminder and the end, and on that very day.
    ['America/New_York', '2027-03-20', '2027-03-11T14:00:00.000Z', '2027-03-17T13:00:00.000Z'],
    ['America/New_York', '2027-03-23', '2027-03-14T13:00:00.000Z', '2027-03-20T13:00:00.000Z'],
    // They go back on 7 November.
    ['America/New_York', '2027-11-10', '2027-11-01T13:00:00.000Z', '2027-11-07T14:00:00.000Z'],
    // Half an hour, at half an hour.
    ['Australia/Lord_Howe', '2027-04-07', '2027-03-28T22:00:00.000Z', '2027-04-03T22:30:00.000Z'],
    ['Asia/Kathmandu', '2027-04-07', '2027-03-29T03:15:00.000Z', '2027-04-04T03:15:00.000Z'],
  ])('in %s, for the end on %s', (zone, day, remindAt, chargeAt) => {
    const moments = renewalMoments(civilDate(day), zone, rules);
    expect([moments.remindAt.toISOString(), moments.chargeAt.toISOString()]).toEqual([remindAt, chargeAt]);
  });

  test('come one after the other', () => {
    const moments = renewalMoments(endsOn, timeZone, rules);
    const { remindAt, chargeAt, endsAt, graceEndsAt } = moments;
    expect(nextMoment(moments, new Date(0))).toEqual(remindAt);
    expect(nextMoment(moments, remindAt)).toEqual(chargeAt);
    expect(nextMoment(moments, chargeAt)).toEqual(endsAt);
    expect(nextMoment(moments, endsAt)).toEqual(graceEndsAt);
    expect(nextMoment(moments, graceEndsAt)).toBeUndefined();
  });
});

describe('with automatic renewal', () => {
  test('nothing is due before the day of the reminder', () => {
    const nextAt = new Date('2027-03-27T13:00:00Z');
    expect(decide('2027-03-27T12:59:59Z', { isReminded: false })).toEqual({ nextAt });
  });

  test('the reminder announces the charge, which is made on its day', () => {
    const nextAt = new Date('2027-04-02T13:00:00Z');
    const reminder = 'will-be-charged';
    expect(decide('2027-03-27T13:00:00Z', { isReminded: false })).toEqual({ reminder, nextAt });
    expect(decide('2027-04-02T13:00:00Z')).toEqual({ action: 'charge', nextAt: new Date('2027-04-03T13:00:00Z') });
  });

  test('a reminder that comes with the charge is suppressed: never two at once', () => {
    expect(decide('2027-04-03T10:00:00Z', { isReminded: false })).toMatchObject({
      reminder: 'suppressed',
      action: 'charge',
    });
  });

  test('a declined charge is repeated after the hours between tries, and in all as often as the rules say', () => {
    const order = { status: 'awaiting_payment' } as const;
    const nextTryAt = new Date('2027-04-03T13:00:00Z');
    expect(decide('2027-04-03T12:59:59Z', { order, tries: 1, nextTryAt })).toEqual({ nextAt: nextTryAt });
    expect(decide('2027-04-03T13:00:00Z', { order, tries: 1, nextTryAt })).toMatchObject({ action: 'charge' });
    const lastAt = new Date('2027-04-05T13:00:00Z');
    expect(decide('2027-04-05T13:00:00Z', { order, tries: 3, nextTryAt: lastAt })).toMatchObject({ action: 'charge' });
    expect(decide('2027-04-06T13:00:00Z', { order, tries: 4, nextTryAt: lastAt })).toEqual({
      nextAt: new Date('2027-04-08T04:00:00Z'),
    });
  });

  test('nobody is charged again while a charge has no answer; it is looked at every hour', () => {
    const more = { order: { status: 'awaiting_payment', open: 'charge' }, tries: 1 } as const;
    const nextTryAt = new Date('2027-04-03T13:00:00Z');
    const nextAt = new Date('2027-04-03T15:30:00Z');
    expect(decide('2027-04-03T14:30:00Z', { ...more, nextTryAt })).toEqual({ nextAt });
    // Not even for an order that was cancelled meanwhile.
    const cancelled = { ...more, order: { status: 'cancelled', open: 'charge' } } as const;
    expect(decide('2027-04-03T14:30:00Z', { ...cancelled, nextTryAt })).toEqual({ nextAt });
  });

  test('a page that was there before the charge gives way; one that was opened after a decline does not', () => {
    const order = { status: 'awaiting_payment', open: 'page' } as const;
    expect(decide('2027-04-02T13:00:00Z', { order })).toMatchObject({ action: 'charge' });
    expect(decide('2027-04-03T14:00:00Z', { order, tries: 1 }).action).toBeUndefined();
  });

  test.each(['paid', 'fulfilled', 'cancelled'] as const)('an order that is %s is not charged', (status) => {
    expect(decide('2027-04-02T13:00:00Z', { order: { status } }).action).toBeUndefined();
  });

  test.each(['expired', 'refund_due', 'refunded'] as const)('an order that is %s is made anew', (status) => {
    expect(decide('2027-04-02T13:00:00Z', { order: { status } }).action).toBe('charge');
  });

  test('a method that was declined for good is not charged again', () => {
    const more = { order: { status: 'awaiting_payment' }, tries: 1, isMethodSpent: true } as const;
    expect(decide('2027-04-03T14:00:00Z', more)).toEqual({ nextAt: new Date('2027-04-03T15:00:00Z') });
  });

  test('after a long stop it is still charged within the days of grace, and never after them', () => {
    const late = { isReminded: false, subscription: { ...plain.subscription, status: 'expired' } } as const;
    expect(decide('2027-04-08T03:59:59Z', late)).toMatchObject({ reminder: 'suppressed', action: 'charge' });
    expect(decide('2027-04-08T04:00:00Z', late)).toEqual({ reminder: 'suppressed' });
  });
});

describe('without automatic renewal', () => {
  test('the order is made with the reminder, and nothing is charged', () => {
    expect(decide('2027-03-27T13:00:00Z', { ...manual, isReminded: false })).toEqual({
      reminder: 'will-expire',
      action: 'order',
      nextAt: new Date('2027-04-02T13:00:00Z'),
    });
    const order = { status: 'awaiting_payment' } as const;
    expect(decide('2027-04-03T13:00:00Z', { ...manual, order }).action).toBeUndefined();
  });

  test('a reminder that is late goes out while days are left, and is suppressed once the term is over', () => {
    expect(decide('2027-04-04T23:00:00Z', { ...manual, isReminded: false })).toMatchObject({ reminder: 'will-expire' });
    const over = decide('2027-04-05T04:00:00Z', { ...manual, isReminded: false });
    expect(over).toEqual({ reminder: 'suppressed', nextAt: new Date('2027-04-08T04:00:00Z') });
  });

  test('the order is made when automatic renewal is turned off after the reminder', () => {
    expect(decide('2027-04-03T13:00:00Z', manual)).toMatchObject({ action: 'order' });
  });
});

test('a closed subscription is left alone', () => {
  expect(decide('2027-04-02T13:00:00Z', { subscription: { ...plain.subscription, status: 'closed' } })).toEqual({});
});

test.each([
  [undefined, true],
  ['decline-soft', true],
  ['unavailable', true],
  ['timeout', true],
  ['decline-hard', false],
  ['authentication', false],
  ['invalid', false],
])('after a failure of the kind %s the same method is tried again: %s', (kind, again) => {
  expect(isWorthRetrying(kind)).toBe(again);
});

/** What came of one term when it was looked at at these moments; each charge is answered as the dice say. */
type Life = {
  readonly reminders: { readonly what: string; readonly atMs: number }[];
  readonly chargedAtMs: number[];
  readonly orders: number;
};

type Told = { readonly moments: RenewalMoments; readonly isAuto: boolean };

function live({ moments, isAuto }: Told, looksMs: readonly number[], declines: readonly boolean[]): Life {
  const life = { reminders: [] as { what: string; atMs: number }[], chargedAtMs: [] as number[], orders: 0 };
  let order: RenewalQuestion['order'];
  let [isReminded, tries, isPaid] = [false, 0, false];
  let nextTryAt: Date | undefined;
  for (const atMs of looksMs) {
    const now = new Date(atMs);
    if (isPaid) break;
    const decided = decideRenewal({
      subscription: { status: 'active', willCharge: isAuto },
      ...{ isReminded, tries, isMethodSpent: false, now, moments, rules },
      ...(order === undefined ? {} : { order }),
      ...(nextTryAt === undefined ? {} : { nextTryAt }),
    });
    if (decided.reminder !== undefined) life.reminders.push({ what: decided.reminder, atMs });
    isReminded ||= decided.reminder !== undefined;
    if (decided.nextAt !== undefined && decided.nextAt <= now) throw new Error('the next moment has passed already');
    if (decided.action !== undefined && order === undefined) life.orders += 1;
    if (decided.action !== undefined) order = { status: 'awaiting_payment' };
    if (decided.action !== 'charge') continue;
    life.chargedAtMs.push(atMs);
    nextTryAt = retryAfter(now, rules);
    isPaid = declines[tries] !== true;
    tries += 1;
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
        expect(reminders.length).toBe(looks.some((at) => at >= remindAt.getTime()) ? 1 : 0);
        for (const { what, atMs } of reminders) {
          expect(atMs).toBeGreaterThanOrEqual(remindAt.getTime());
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
  const now = looks.at(-1) ?? 0;
  return decideRenewal({
    subscription: { status: 'active', willCharge: term.isAuto },
    ...{ isReminded: true, tries, isMethodSpent: false, now: new Date(now), moments: term.moments, rules },
    order: { status: 'awaiting_payment' },
    ...(lastMs === undefined ? {} : { nextTryAt: retryAfter(new Date(lastMs), rules) }),
  }).nextAt?.getTime();
}
