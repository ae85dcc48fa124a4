import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { addDays, addMonths, civilDate, compare } from './calendar.js';
import type { CivilDate } from './calendar.js';
import { earnedMinor, recognisedMinor, shareOverLines } from './recognition.js';
import type { SaleToEarn } from './recognition.js';

const FIRST = civilDate('2026-01-01');
const day = fc.integer({ min: 0, max: 1_500 }).map((days) => addDays(FIRST, days));
const amount = fc.bigInt({ min: 0n, max: 100_000_000_000n });
const days = fc
  .array(
    fc.record({
      startsOn: day,
      length: fc.integer({ min: 0, max: 800 }),
      shareMinor: fc.bigInt({ min: 1n, max: 10_000_000n }),
    }),
    { minLength: 1, maxLength: 4 },
  )
  .map((rows) =>
    rows.map(({ startsOn, length, shareMinor }) => ({ startsOn, endsOn: addDays(startsOn, length), shareMinor })),
  );
const sale = fc.record({ netMinor: amount, days });

/** Recognises month by month until the year 2034, taking the given amounts back on the way, as the books do. */
function live(
  netMinor: bigint,
  given: SaleToEarn['days'],
  taken: readonly { readonly wantedMinor: bigint; readonly on: CivilDate }[],
) {
  let earned = 0n;
  const takenBack: { deferredMinor: bigint; on: CivilDate }[] = [];
  const months: bigint[] = [];
  for (let at = 1; at <= 96; at += 1) {
    const before = addMonths(FIRST, at);
    for (const { wantedMinor, on } of taken) {
      if (compare(on, before) >= 0 || compare(on, addMonths(FIRST, at - 1)) < 0) continue;
      const deferred = takenBack.reduce((left, one) => left - one.deferredMinor, netMinor - earned);
      takenBack.push({ deferredMinor: wantedMinor < deferred ? wantedMinor : deferred, on });
    }
    const month = recognisedMinor({ netMinor, days: given, takenBack }, { before, earnedSoFarMinor: earned });
    earned += month;
    months.push(month);
  }
  return { earned, months, deferred: takenBack.reduce((left, one) => left - one.deferredMinor, netMinor - earned) };
}

describe('what is earned of a sale', () => {
  test('is a twelfth of a year by days, and the months add up to the price', () => {
    const given = [{ startsOn: civilDate('2026-01-15'), endsOn: civilDate('2027-01-15'), shareMinor: 175_000n }];
    const { months, earned } = live(175_000n, given, []);
    // 17, 28, 31 … 14 of 365 days of 1,750.00.
    expect(months.slice(0, 13)).toEqual([
      8_151n,
      13_424n,
      14_863n,
      14_384n,
      14_863n,
      14_383n,
      14_864n,
      14_863n,
      14_383n,
      14_863n,
      14_384n,
      14_863n,
      6_712n,
    ]);
    expect(earned).toBe(175_000n);
  });

  test('adds up to what was sold, however it is split and rounded', () => {
    fc.assert(
      fc.property(sale, ({ netMinor, days: given }) => {
        const { earned, deferred, months } = live(netMinor, given, []);
        expect({ earned, deferred }).toEqual({ earned: netMinor, deferred: 0n });
        expect(months.every((month) => month >= 0n)).toBe(true);
      }),
    );
  });

  test('never passes what is deferred and leaves nothing behind, whatever is taken back and when', () => {
    const taken = fc.array(fc.record({ wantedMinor: amount, on: day }), { maxLength: 4 });
    fc.assert(
      fc.property(sale, taken, ({ netMinor, days: given }, parts) => {
        const { deferred, months } = live(netMinor, given, parts);
        expect(deferred).toBe(0n);
        expect(months.every((month) => month >= 0n)).toBe(true);
      }),
    );
  });

  test('is nothing before something was given, and before its first day', () => {
    expect(earnedMinor({ netMinor: 100n, days: [], takenBack: [] }, FIRST)).toBe(0n);
    const later = [{ startsOn: addDays(FIRST, 10), endsOn: addDays(FIRST, 20), shareMinor: 100n }];
    expect(earnedMinor({ netMinor: 100n, days: later, takenBack: [] }, addDays(FIRST, 10))).toBe(0n);
    expect(earnedMinor({ netMinor: 100n, days: later, takenBack: [] }, addDays(FIRST, 11))).toBe(10n);
  });

  test('half of a term that is taken back in its middle leaves the other half to its days', () => {
    const given = [{ startsOn: FIRST, endsOn: addDays(FIRST, 100), shareMinor: 100n }];
    const halved: SaleToEarn = {
      netMinor: 1_000n,
      days: given,
      takenBack: [{ deferredMinor: 250n, on: addDays(FIRST, 50) }],
    };
    expect(earnedMinor(halved, addDays(FIRST, 50))).toBe(500n);
    expect(earnedMinor(halved, addDays(FIRST, 60))).toBe(550n);
    expect(earnedMinor(halved, addDays(FIRST, 100))).toBe(750n);
  });
});

test('lines share what was sold exactly', () => {
  fc.assert(
    fc.property(
      amount,
      fc.array(fc.bigInt({ min: 0n, max: 10_000_000n }), { minLength: 1, maxLength: 10 }),
      (netMinor, shares) => {
        const parts = shareOverLines(netMinor, shares);
        expect(parts.reduce((sum, part) => sum + part, 0n)).toBe(netMinor);
        expect(parts.every((part) => part >= 0n)).toBe(true);
      },
    ),
  );
});
