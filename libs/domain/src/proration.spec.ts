import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { addDays, civilDate, startOfDay } from './calendar.js';
import { InvariantError } from './invariant.js';
import { prorate } from './proration.js';
import type { LineToProrate, ProratedLine } from './proration.js';
import { compareRational, rational } from './rational.js';
import { prorationConventions, termFraction, termLength } from './term-fraction.js';
import type { Term } from './term-fraction.js';

const RUNS = 10_000;
const MAX_SEATS = 1_000_000;
const MAX_PRICE_MINOR = 1_000_000_000n;

const zones = ['UTC', 'America/Sao_Paulo', 'America/New_York', 'Asia/Kolkata', 'Pacific/Apia', 'Australia/Lord_Howe'];
const anyDay = fc.integer({ min: 0, max: 12_000 }).map((days) => addDays(civilDate('2005-01-01'), days));
const anyTerm: fc.Arbitrary<Term> = fc
  .record({
    convention: fc.constantFrom(...prorationConventions),
    timeZone: fc.constantFrom(...zones),
    start: anyDay,
    days: fc.integer({ min: 2, max: 800 }),
  })
  .map(({ days, start, ...term }) => ({ ...term, start, end: addDays(start, days) }));
/** An instant that may lie before, in or after the term. */
const anyTermAndInstant = anyTerm.chain((term) =>
  fc.integer({ min: -5 * 86_400, max: 900 * 86_400 }).map((seconds) => ({
    term,
    at: new Date(Date.parse(`${String(term.start)}T00:00:00Z`) + seconds * 1_000),
  })),
);
const anySeats = fc.integer({ min: 0, max: MAX_SEATS });
const anyPrice = fc.bigInt({ min: 0n, max: MAX_PRICE_MINOR - 1n });
const anyLine: fc.Arbitrary<LineToProrate> = fc.record({
  quantity: anySeats,
  unitMinor: fc.bigInt({ min: -MAX_PRICE_MINOR + 1n, max: MAX_PRICE_MINOR - 1n }),
});

function amountsOf(term: Term, at: Date, ...lines: LineToProrate[]): readonly bigint[] {
  return prorate({ term, at, currency: 'USD', lines }).lines.map((line) => line.amountMinor);
}

/** Whether an amount is as near as whole units come to quantity × price × left ÷ whole, without asking the code at hand. */
function isShare({ amountMinor, derivation, quantity, unitMinor }: ProratedLine): boolean {
  const { left, whole } = derivation.term;
  const offBy = 2n * (amountMinor * whole - BigInt(quantity) * unitMinor * left);
  const { numerator, denominator } = derivation.exactMinor;
  const isExact = numerator * whole === BigInt(quantity) * unitMinor * left * denominator;
  return isExact && offBy <= whole && offBy >= -whole;
}

describe('every line', () => {
  test('is its share of the whole, off by at most one half, and the lines add up to the total', () => {
    fc.assert(
      fc.property(anyTermAndInstant, fc.array(anyLine, { minLength: 1, maxLength: 4 }), ({ term, at }, lines) => {
        const { lines: prorated, totalMinor } = prorate({ term, at, currency: 'USD', lines });
        const isSum = prorated.reduce((sum, line) => sum + line.amountMinor, 0n) === totalMinor;
        return isSum && prorated.every(isShare);
      }),
      { numRuns: RUNS },
    );
  });

  test('is never more than the whole, nor on the other side of zero', () => {
    fc.assert(
      fc.property(anyTermAndInstant, anyLine, ({ term, at }, { quantity, unitMinor }) => {
        const [amount = 0n] = amountsOf(term, at, { quantity, unitMinor });
        const full = BigInt(quantity) * unitMinor;
        return full < 0n ? amount >= full && amount <= 0n : amount <= full && amount >= 0n;
      }),
      { numRuns: RUNS },
    );
  });

  test('of all that is allowed neither overflows nor loses a cent', () => {
    const term: Term = {
      convention: 'second',
      timeZone: 'UTC',
      start: civilDate('2026-01-01'),
      end: civilDate('2028-01-01'),
    };
    const at = new Date('2026-01-01T00:00:00Z');
    const dearest = { quantity: MAX_SEATS, unitMinor: MAX_PRICE_MINOR - 1n };
    expect(amountsOf(term, at, dearest)).toEqual([999_999_999_000_000n]);
    expect(amountsOf(term, new Date('2027-12-31T23:59:59Z'), dearest)).toEqual([15_854_896n]);
  });
});

describe('changes', () => {
  test('twice never cost less than once by more than one unit per rounding', () => {
    fc.assert(
      fc.property(
        anyTermAndInstant,
        anySeats,
        fc.tuple(anyPrice, anyPrice, anyPrice),
        ({ term, at }, quantity, prices) => {
          const [low = 0n, middle = 0n, high = 0n] = [...prices].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
          const steps = [middle - low, high - middle, high - low].map((unitMinor) => ({ quantity, unitMinor }));
          const [first = 0n, second = 0n, once = 0n] = amountsOf(term, at, ...steps);
          return first + second >= once - 1n;
        },
      ),
      { numRuns: RUNS },
    );
  });

  test('that are taken back at the same instant sum to zero', () => {
    fc.assert(
      fc.property(anyTermAndInstant, anySeats, anyPrice, ({ term, at }, quantity, unitMinor) => {
        const lines = [
          { quantity, unitMinor },
          { quantity, unitMinor: -unitMinor },
        ];
        return prorate({ term, at, currency: 'USD', lines }).totalMinor === 0n;
      }),
      { numRuns: RUNS },
    );
  });

  test('with more seats never cost less', () => {
    fc.assert(
      fc.property(anyTermAndInstant, anySeats, anySeats, anyPrice, ({ term, at }, seats, more, unitMinor) => {
        const lines = [seats, seats + more].map((quantity) => ({ quantity, unitMinor }));
        const [fewer = 0n, all = 0n] = amountsOf(term, at, ...lines);
        return all >= fewer;
      }),
      { numRuns: RUNS },
    );
  });

  test('that come later never cost more', () => {
    const anyDelayMs = fc.integer({ min: 0, max: 400 * 86_400_000 });
    fc.assert(
      fc.property(anyTermAndInstant, anyDelayMs, anySeats, anyPrice, ({ term, at }, delayMs, quantity, unitMinor) => {
        const [now = 0n] = amountsOf(term, at, { quantity, unitMinor });
        const [later = 0n] = amountsOf(term, new Date(at.getTime() + delayMs), { quantity, unitMinor });
        return later <= now;
      }),
      { numRuns: RUNS },
    );
  });
});

describe('a credit', () => {
  const term: Term = {
    convention: 'day',
    timeZone: 'UTC',
    start: civilDate('2026-01-01'),
    end: civilDate('2026-01-03'),
  };
  const at = new Date('2026-01-02T00:00:00Z');

  test('is held to what was paid, and says so', () => {
    const { lines } = prorate({
      term,
      at,
      currency: 'USD',
      lines: [{ quantity: 1, unitMinor: -1_001n, paidMinor: 500n }],
    });
    expect(lines[0]).toMatchObject({ amountMinor: -500n, derivation: { roundedMinor: -501n, capMinor: 500n } });
  });

  test('below what was paid is left alone', () => {
    const { lines } = prorate({
      term,
      at,
      currency: 'USD',
      lines: [{ quantity: 1, unitMinor: -1_001n, paidMinor: 501n }],
    });
    expect(lines[0]?.amountMinor).toBe(-501n);
    expect(lines[0]?.derivation).not.toHaveProperty('capMinor');
  });
});

describe('the fraction', () => {
  const at = (text: string) => new Date(text);
  const day = (convention: Term['convention'], timeZone: string, start: string, end: string): Term => ({
    ...{ convention, timeZone },
    ...{ start: civilDate(start), end: civilDate(end) },
  });

  test.each([
    ['day', 92n, 184n],
    ['day-inclusive', 93n, 185n],
    ['second', 7_948_800n, 15_897_600n],
    ['month-30-360', 90n, 180n],
  ] as const)('of half a year by %s', (convention, left, whole) => {
    const term = day(convention, 'UTC', '2026-07-01', '2027-01-01');
    expect(termFraction(term, at('2026-10-01T00:00:00Z'))).toMatchObject({ left, whole });
  });

  test.each([
    ['2026-03-08', 23n],
    ['2026-11-01', 25n],
  ])('of %s in New York counts the hours of that day', (start, hours) => {
    const term = day('second', 'America/New_York', start, addDays(civilDate(start), 1));
    expect(termLength(term)).toBe(hours * 3_600n);
  });

  test('takes the day, or the second, of the change as left', () => {
    const term = day('day', 'UTC', '2026-07-01', '2027-01-01');
    expect(termFraction(term, at('2026-12-31T23:59:59.999Z')).left).toBe(1n);
    expect(termFraction({ ...term, convention: 'second' }, at('2026-12-31T23:59:59.999Z')).left).toBe(1n);
  });

  test('is 1 before the term and 0 after it', () => {
    fc.assert(
      fc.property(anyTerm, (term) => {
        const zone = term.timeZone;
        const [start, end] = [civilDate(String(term.start)), civilDate(String(term.end))];
        expect(termFraction(term, startOfDay(addDays(start, -1), zone)).fraction).toEqual(rational(1n));
        expect(termFraction(term, startOfDay(addDays(end, 3), zone)).fraction).toEqual(rational(0n));
        expect(compareRational(termFraction(term, startOfDay(start, zone)).fraction, rational(1n))).toBe(0);
      }),
      { numRuns: RUNS },
    );
  });

  test('of an empty term is a bug', () => {
    const term = day('day', 'UTC', '2026-07-01', '2026-07-01');
    expect(() => termFraction(term, at('2026-07-01T00:00:00Z'))).toThrow(InvariantError);
  });
});
