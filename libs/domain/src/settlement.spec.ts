import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { addDays, civilDate, compare } from './calendar.js';
import { CATCH_UP_DAYS_MAX, compareSettled, settlementDaysDue } from './settlement.js';

const usd = (amountMinor: bigint) => ({ currency: 'USD', amountMinor });

test('a record agrees only in currency and in every cent', () => {
  expect(compareSettled(usd(100n), usd(100n))).toBeUndefined();
  expect(compareSettled(usd(100n), usd(101n))).toBe('amount_differs');
  expect(compareSettled(usd(100n), { currency: 'BRL', amountMinor: 100n })).toBe('amount_differs');
  expect(compareSettled(usd(100n), undefined)).toBe('missing_here');
});

test.each([
  ['2026-10-06T01:59:59Z', undefined, ['2026-10-04']],
  ['2026-10-06T02:00:00Z', undefined, ['2026-10-05']],
  ['2026-10-06T02:00:00Z', '2026-10-04', ['2026-10-05']],
  ['2026-10-06T02:00:00Z', '2026-10-05', []],
  ['2026-10-06T02:00:00Z', '2026-10-07', []],
  ['2026-10-06T12:00:00Z', '2026-10-02', ['2026-10-03', '2026-10-04', '2026-10-05']],
])('at %s after %s the records of %j are due', (now, last, days) => {
  expect(settlementDaysDue(new Date(now), last === undefined ? undefined : civilDate(last))).toEqual(days);
});

test('days follow each other without a gap, up to the newest, and never too many', () => {
  const anyNow = fc.date({ min: new Date('2020-01-01'), max: new Date('2099-12-31'), noInvalidDate: true });
  fc.assert(
    fc.property(anyNow, fc.integer({ min: -400, max: 5 }), (now, back) => {
      const last = addDays(civilDate(now.toISOString().slice(0, 10)), back);
      const days = settlementDaysDue(now, last);
      expect(days.length).toBeLessThanOrEqual(CATCH_UP_DAYS_MAX);
      days.forEach((day, at) => {
        expect(compare(day, last)).toBeGreaterThan(0);
        if (at > 0) expect(day).toBe(addDays(days[at - 1] ?? day, 1));
      });
      expect(settlementDaysDue(now, days.at(-1) ?? last)).toEqual([]);
    }),
  );
});
