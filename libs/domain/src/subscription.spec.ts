import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { addDays, addMonths, civilDate, compare, daysBetween, startOfDay } from './calendar.js';
import { grantPurchase, paidRange } from './subscription.js';
import type { PurchaseToGrant } from './subscription.js';

const RUNS = 10_000;

const purchase: PurchaseToGrant = {
  plan: 'advanced',
  seats: 5,
  periodMonths: 6,
  now: new Date('2026-09-15T12:00:00Z'),
  timeZone: 'America/New_York',
};
const anyDate = fc.integer({ min: 0, max: 5_000 }).map((days) => addDays(civilDate('2026-01-01'), days));
const anyPeriod = fc.constantFrom(6, 9, 12, 24);

test('a first purchase runs from today for whole months', () => {
  const grant = grantPurchase(purchase);
  expect(grant).toEqual({
    plan: 'advanced',
    seats: 5,
    startsOn: '2026-09-15',
    endsOn: '2027-03-15',
    anchorOn: '2026-09-15',
    trialDaysAdded: 0,
  });
  expect(paidRange(grant)).toBe('[2026-09-15,2027-03-15)');
});

test('today is what the clocks of the workspace show', () => {
  const now = new Date('2026-09-01T02:30:00Z');
  expect(grantPurchase({ ...purchase, now, timeZone: 'America/Sao_Paulo' }).startsOn).toBe('2026-08-31');
  expect(grantPurchase({ ...purchase, now, timeZone: 'UTC' }).startsOn).toBe('2026-09-01');
});

describe('days left of the trial', () => {
  test('are added to the end, from which later terms then count', () => {
    const grant = grantPurchase({ ...purchase, trialEndsOn: civilDate('2026-09-25') });
    expect(grant).toMatchObject({ endsOn: '2027-03-25', anchorOn: '2027-03-25', trialDaysAdded: 10 });
  });

  test('are none when the trial is over', () => {
    expect(grantPurchase({ ...purchase, trialEndsOn: civilDate('2026-09-15') })).toMatchObject({ trialDaysAdded: 0 });
    expect(grantPurchase({ ...purchase, trialEndsOn: civilDate('2026-01-01') })).toMatchObject({ trialDaysAdded: 0 });
  });

  test('are given once: not to a workspace that has bought before', () => {
    const current = { endsOn: civilDate('2026-09-10'), anchorOn: civilDate('2026-03-10') };
    const grant = grantPurchase({ ...purchase, current, trialEndsOn: civilDate('2026-09-25') });
    expect(grant).toMatchObject({ startsOn: '2026-09-15', endsOn: '2027-03-15', trialDaysAdded: 0 });
  });
});

describe('a workspace whose subscription still runs', () => {
  test('gets the next free days, counted from the anchor', () => {
    const current = { endsOn: civilDate('2027-02-28'), anchorOn: civilDate('2026-08-31') };
    expect(grantPurchase({ ...purchase, current })).toMatchObject({
      startsOn: '2027-02-28',
      endsOn: '2027-08-31',
      anchorOn: '2026-08-31',
    });
  });

  test('counts from the end where that was set by hand', () => {
    const current = { endsOn: civilDate('2027-02-10'), anchorOn: civilDate('2026-08-31') };
    expect(grantPurchase({ ...purchase, current })).toMatchObject({ endsOn: '2027-08-10', anchorOn: '2027-02-10' });
  });
});

test('paid days never overlap, never leave a gap while they run, and end on the anchor', () => {
  fc.assert(
    fc.property(
      anyDate,
      fc.array(anyPeriod, { minLength: 1, maxLength: 6 }),
      fc.nat({ max: 14 }),
      (today, periods, left) => {
        const now = startOfDay(today, purchase.timeZone);
        let current: PurchaseToGrant['current'];
        return periods.every((periodMonths) => {
          const trial = { trialEndsOn: addDays(today, left) };
          const grant = grantPurchase({ ...purchase, ...trial, now, periodMonths, ...(current && { current }) });
          const follows = grant.startsOn === (current?.endsOn ?? today) && compare(grant.startsOn, grant.endsOn) < 0;
          const months = Math.round(daysBetween(grant.anchorOn, grant.endsOn) / 30.44);
          current = grant;
          return follows && addMonths(grant.anchorOn, months) === grant.endsOn;
        });
      },
    ),
    { numRuns: RUNS },
  );
});
