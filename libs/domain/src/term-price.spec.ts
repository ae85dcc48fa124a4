import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { paidShare, parsePercent, termUnitMinor } from './term-price.js';

describe('a percentage', () => {
  test.each([
    ['12.5', 25n, 2n],
    ['10', 10n, 1n],
    ['0.000001', 1n, 1_000_000n],
    ['99.999999', 99_999_999n, 1_000_000n],
    ['12.50', 25n, 2n],
  ])('%s is exact', (text, numerator, denominator) => {
    expect(parsePercent(text)).toEqual({ numerator, denominator });
  });

  test.each(['0', '0.0', '100', '100.0', '-5', '05', '5.', '.5', '1e1', ' 5', '5%', '12.1234567', '٥', ''])(
    '%j is none',
    (text) => {
      expect(parsePercent(text)).toBeUndefined();
    },
  );
});

describe('the price of one seat for a term', () => {
  test.each<[string, bigint, { months: number; payMonths: number; percentOff?: string }, bigint]>([
    ['months that are paid', 2_500n, { months: 12, payMonths: 10 }, 25_000n],
    ['a percentage that comes out even', 2_500n, { months: 12, payMonths: 12, percentOff: '10' }, 27_000n],
    ['a half, which goes up', 1n, { months: 1, payMonths: 1, percentOff: '50' }, 1n],
    ['less than a half, which goes down', 1n, { months: 1, payMonths: 1, percentOff: '50.000001' }, 0n],
    // 999 × 9 × 66.6667 / 100 = 5994.003 rounded down, and 1001 × 7 × 87.5 / 100 = 6131.125 likewise.
    ['a third', 999n, { months: 9, payMonths: 9, percentOff: '33.3333' }, 5_994n],
    ['an eighth', 1_001n, { months: 7, payMonths: 7, percentOff: '12.5' }, 6_131n],
  ])('%s', (_case, monthlyMinor, period, wanted) => {
    expect(termUnitMinor(monthlyMinor, period)).toBe(wanted);
  });

  test('paid months are never rounded, and a derivation says what was taken off', () => {
    expect(paidShare({ months: 12, payMonths: 10 })).toEqual({ payMonths: 10 });
    expect(paidShare({ months: 12, payMonths: 12, percentOff: '12.5' })).toEqual({ payMonths: 12, percentOff: '12.5' });
  });

  const monthly = fc.bigInt({ min: 1n, max: 999_999_999n });
  const length = fc.integer({ min: 1, max: 120 });
  const millionths = fc.integer({ min: 1, max: 99_999_999 });
  const percentText = (parts: number): string => `${Math.floor(parts / 1e6)}.${String(parts % 1e6).padStart(6, '0')}`;

  test('is within half a minor unit of the exact price, and halves go up', () => {
    fc.assert(
      fc.property(monthly, length, millionths, (monthlyMinor, months, parts) => {
        const unitMinor = termUnitMinor(monthlyMinor, { months, payMonths: months, percentOff: percentText(parts) });
        // Both sides times 100 million, so that nothing is rounded here.
        const exact = monthlyMinor * BigInt(months) * (100_000_000n - BigInt(parts));
        const error = 2n * (unitMinor * 100_000_000n - exact);
        expect(error <= 100_000_000n && error > -100_000_000n).toBe(true);
      }),
      { numRuns: 10_000 },
    );
  });

  test('never falls when the monthly price or the term grows, and never rises with the percentage', () => {
    const price = (monthlyMinor: bigint, months: number, parts: number) =>
      termUnitMinor(monthlyMinor, { months, payMonths: months, percentOff: percentText(parts) });
    fc.assert(
      fc.property(monthly, length, millionths, (monthlyMinor, months, parts) => {
        const base = price(monthlyMinor, months, parts);
        expect(price(monthlyMinor + 1n, months, parts) >= base).toBe(true);
        expect(price(monthlyMinor, months + 1, parts) >= base).toBe(true);
        expect(price(monthlyMinor, months, Math.min(parts + 1, 99_999_999)) <= base).toBe(true);
        expect(base <= termUnitMinor(monthlyMinor, { months, payMonths: months })).toBe(true);
      }),
      { numRuns: 10_000 },
    );
  });
});
