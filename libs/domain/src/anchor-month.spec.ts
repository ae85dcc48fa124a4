import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { addOnTerm, anchorMonth } from './anchor-month.js';
import { addDays, addMonths, civilDate, compare, daysBetween } from './calendar.js';
import type { CivilDate } from './calendar.js';
import { InvariantError } from './invariant.js';

const RUNS = 10_000;
const anyDay = fc.integer({ min: 0, max: 55_000 }).map((days) => addDays(civilDate('1950-01-01'), days));
/** An anchor, and a day up to five years to either side of it. */
const anyPair = fc.tuple(anyDay, fc.integer({ min: -1_830, max: 1_830 })).map(([anchorOn, days]) => ({
  anchorOn,
  today: addDays(anchorOn, days),
}));

/** All anchor days in a range, found by looking at every month around it and not by asking where a day lies. */
function anchorDaysIn(anchorOn: CivilDate, from: CivilDate, to: CivilDate): readonly CivilDate[] {
  const first = monthsTo(anchorOn, from) - 2;
  const count = monthsTo(anchorOn, to) + 3 - first;
  return Array.from({ length: count }, (_, index) => addMonths(anchorOn, first + index)).filter(
    (day) => compare(from, day) <= 0 && compare(day, to) < 0,
  );
}

/** Months of the calendar from one day to another, give or take one: only used to look far enough. */
function monthsTo(from: CivilDate, to: CivilDate): number {
  return Math.round(daysBetween(from, to) / 30.4);
}

describe('the month of a subscription that holds a day', () => {
  test.each([
    ['2026-07-15', '2026-07-15', '2026-07-15', '2026-08-15'],
    ['2026-07-15', '2026-08-14', '2026-07-15', '2026-08-15'],
    ['2026-07-15', '2027-01-01', '2026-12-15', '2027-01-15'],
    ['2026-01-31', '2026-02-28', '2026-02-28', '2026-03-31'],
    ['2026-01-31', '2026-03-30', '2026-02-28', '2026-03-31'],
    ['2028-02-29', '2029-02-28', '2029-02-28', '2029-03-29'],
    ['2026-07-31', '2026-07-20', '2026-06-30', '2026-07-31'],
    ['2026-07-15', '2026-07-14', '2026-06-15', '2026-07-15'],
  ])('counted from %s, %s lies in %s to %s', (anchorOn, today, startsOn, endsOn) => {
    expect(anchorMonth(civilDate(anchorOn), civilDate(today))).toEqual({ startsOn, endsOn });
  });

  test('always holds it, and no other anchor day than its first', () => {
    fc.assert(
      fc.property(anyPair, ({ anchorOn, today }) => {
        const { startsOn, endsOn } = anchorMonth(anchorOn, today);
        expect(compare(startsOn, today) <= 0 && compare(today, endsOn) < 0).toBe(true);
        expect(anchorDaysIn(anchorOn, startsOn, endsOn)).toEqual([startsOn]);
      }),
      { numRuns: RUNS },
    );
  });

  test('is the same on the next day, or the next one begins there', () => {
    fc.assert(
      fc.property(anyPair, ({ anchorOn, today }) => {
        const tomorrow = addDays(today, 1);
        const [month, next] = [anchorMonth(anchorOn, today), anchorMonth(anchorOn, tomorrow)];
        if (compare(tomorrow, month.endsOn) < 0) expect(next).toEqual(month);
        else expect([next.startsOn, tomorrow]).toEqual([month.endsOn, month.endsOn]);
      }),
      { numRuns: RUNS },
    );
  });
});

describe('the term of an add-on', () => {
  const plan = { anchorOn: civilDate('2026-07-15'), planEndsOn: civilDate('2027-01-15') };
  const term = (today: string, months: number) => addOnTerm({ ...plan, today: civilDate(today), months });

  test.each([
    ['on the first day', '2026-07-15', 3, { startsOn: '2026-07-15', endsOn: '2026-10-15' }],
    ['within a month', '2026-08-20', 3, { startsOn: '2026-08-15', endsOn: '2026-11-15' }],
    ['on the last day that leaves three grants', '2026-11-14', 3, { startsOn: '2026-10-15', endsOn: '2027-01-15' }],
    ['on the day after', '2026-11-15', 3, undefined],
    ['as long as the plan', '2026-07-15', 6, { startsOn: '2026-07-15', endsOn: '2027-01-15' }],
    ['longer than the plan', '2026-07-15', 9, undefined],
    [
      'before the anchor, while added trial days run',
      '2026-07-10',
      6,
      { startsOn: '2026-06-15', endsOn: '2026-12-15' },
    ],
    ['on the day of the end', '2027-01-15', 1, undefined],
  ])('bought %s: %s for %d months', (_case, today, months, expected) => {
    expect(term(today, months)).toEqual(expected);
  });

  test('counts from an anchor that months clamp, and never from a clamped day', () => {
    const days = { anchorOn: civilDate('2026-08-31'), planEndsOn: civilDate('2027-08-31') };
    expect(addOnTerm({ ...days, today: civilDate('2027-03-01'), months: 3 })).toEqual({
      ...{ startsOn: '2027-02-28', endsOn: '2027-05-31' },
    });
  });

  test('holds today and one anchor day for each month, whatever today is, and never outlives the plan', () => {
    const anyWish = fc.record({
      pair: anyPair,
      months: fc.integer({ min: 1, max: 36 }),
      planDays: fc.integer({ min: 0, max: 1_500 }),
    });
    fc.assert(
      fc.property(anyWish, ({ pair: { anchorOn, today }, months, planDays }) => {
        const planEndsOn = addDays(today, planDays);
        const bought = addOnTerm({ anchorOn, planEndsOn, today, months });
        const month = anchorMonth(anchorOn, today);
        // The grants that are still to come when the first was given at once.
        const later = anchorDaysIn(anchorOn, month.endsOn, addMonths(anchorOn, monthsTo(anchorOn, today) + months + 2));
        const endsOn = later[months - 1];
        if (bought === undefined) {
          expect(endsOn !== undefined && compare(endsOn, planEndsOn) > 0).toBe(true);
          return;
        }
        expect(bought).toEqual({ startsOn: month.startsOn, endsOn });
        expect(compare(bought.endsOn, planEndsOn)).toBeLessThanOrEqual(0);
        expect(compare(today, bought.endsOn)).toBeLessThan(0);
        expect(anchorDaysIn(anchorOn, bought.startsOn, bought.endsOn)).toHaveLength(months);
      }),
      { numRuns: RUNS },
    );
  });

  test.each([0, -3, 1.5, Number.NaN])('of %p months is a bug', (months) => {
    expect(() => term('2026-08-20', months)).toThrow(InvariantError);
  });
});
