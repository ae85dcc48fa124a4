import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { CURRENCY_EXPONENTS, currencyExponent, decimalToMinor, minorToDecimal } from './currency-exponents.js';
import { CURRENCY_EXPONENT } from './money.js';

const RUNS = 10_000;

describe('the table of ISO 4217', () => {
  test.each([
    ['USD', 2],
    ['BRL', 2],
    ['JPY', 0],
    ['KWD', 3],
    ['CLF', 4],
    // The tables of runtimes give these fewer decimals than ISO 4217 does.
    ['HUF', 2],
    ['IDR', 2],
    ['TWD', 2],
    ['XCG', 2],
    ['XAU', 0],
  ])('%s has %d decimals', (code, places) => {
    expect(currencyExponent(code)).toBe(places);
  });

  test('knows every currency that a runtime knows', () => {
    const unknown = Intl.supportedValuesOf('currency').filter((code) => currencyExponent(code) === undefined);
    expect(unknown).toEqual([]);
  });

  test('says the same as the table of what may be sold in', () => {
    expect(CURRENCY_EXPONENTS).toMatchObject(CURRENCY_EXPONENT);
  });

  test.each(['usd', 'US', '', 'AAA', 'constructor', '__proto__'])('has no %p', (code) => {
    expect(currencyExponent(code)).toBeUndefined();
  });
});

describe('decimal text', () => {
  test('is read back as it was written, for any number of decimals', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 17n), max: 10n ** 17n }),
        fc.integer({ min: 0, max: 4 }),
        (minor, places) => {
          expect(decimalToMinor(minorToDecimal(minor, places), places)).toBe(minor);
        },
      ),
      { numRuns: RUNS },
    );
  });

  test.each([
    ['90', 2, 9_000n],
    ['90.5', 2, 9_050n],
    ['90.500', 2, 9_050n],
    ['100.00', 0, 100n],
    ['-0.00', 2, 0n],
    ['-0.001', 3, -1n],
  ])('%s with %d decimals is %d', (text, places, expected) => {
    expect(decimalToMinor(text, places)).toBe(expected);
  });

  test.each(['', '.5', '5.', '1,00', '1e2', '+1', '007', '1.001', ' 1', '1\n', '9'.repeat(40)])(
    '%p is none',
    (text) => {
      expect(decimalToMinor(text, 2)).toBeUndefined();
    },
  );
});
