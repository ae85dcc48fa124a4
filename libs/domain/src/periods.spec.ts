import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { addDays, addMonths, civilDate, compare } from './calendar.js';
import { InvariantError } from './invariant.js';
import { extendFromAnchor, periodsFrom } from './periods.js';

const RUNS = 10_000;
const anyAnchor = fc.integer({ min: 0, max: 55_000 }).map((days) => addDays(civilDate('1950-01-01'), days));
const starts = (anchor: string, months: number, count: number) =>
  periodsFrom(civilDate(anchor), months, count).map((period) => period.startsOn);

describe('periods', () => {
  test.each([
    ['2024-01-31', 1, ['2024-01-31', '2024-02-29', '2024-03-31', '2024-04-30']],
    ['2024-02-29', 12, ['2024-02-29', '2025-02-28', '2026-02-28', '2027-02-28', '2028-02-29']],
    ['2026-08-31', 6, ['2026-08-31', '2027-02-28', '2027-08-31', '2028-02-29']],
  ])('from %s every %d months', (anchor, months, expected) => {
    expect(starts(anchor, months, expected.length)).toEqual(expected);
  });

  test('follow each other without a gap, and each counts from the anchor', () => {
    fc.assert(
      fc.property(
        anyAnchor,
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 12 }),
        (anchor, months, count) => {
          const periods = periodsFrom(anchor, months, count);
          const areRight = periods.every((period, index) => {
            const isFromAnchor = period.startsOn === addMonths(anchor, index * months);
            const isFollowed = (periods[index + 1]?.startsOn ?? period.endsOn) === period.endsOn;
            return isFromAnchor && isFollowed && compare(period.startsOn, period.endsOn) < 0;
          });
          return areRight && periods.length === count;
        },
      ),
      { numRuns: RUNS },
    );
  });

  test.each([
    [0, 1],
    [1.5, 1],
    [1, 0],
    [1, 10_001],
  ])('of %d months, %d of them, are a bug', (months, count) => {
    expect(() => periodsFrom(civilDate('2026-01-01'), months, count)).toThrow(InvariantError);
  });
});

describe('an extension', () => {
  test('counts from the anchor and not from an end that was clamped', () => {
    const current = { anchorOn: civilDate('2026-08-31'), endsOn: civilDate('2027-02-28') };
    expect(extendFromAnchor(current, 6)).toEqual({ anchorOn: '2026-08-31', endsOn: '2027-08-31' });
  });

  test('counts from an end that was set by hand', () => {
    const current = { anchorOn: civilDate('2026-08-31'), endsOn: civilDate('2027-02-10') };
    expect(extendFromAnchor(current, 6)).toEqual({ anchorOn: '2027-02-10', endsOn: '2027-08-10' });
  });

  test('in two steps ends where it ends in one', () => {
    const anyMonths = fc.integer({ min: 1, max: 36 });
    fc.assert(
      fc.property(anyAnchor, anyMonths, anyMonths, anyMonths, (anchorOn, first, second, third) => {
        const bought = { anchorOn, endsOn: addMonths(anchorOn, first) };
        const twice = extendFromAnchor(extendFromAnchor(bought, second), third);
        const once = extendFromAnchor(bought, second + third);
        return twice.anchorOn === once.anchorOn && twice.endsOn === once.endsOn;
      }),
      { numRuns: RUNS },
    );
  });
});
