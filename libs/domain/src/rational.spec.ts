import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { InvariantError } from './invariant.js';
import { addRational, compareRational, multiplyRational, rational, roundHalfAwayFromZero } from './rational.js';

const RUNS = 10_000;
const anyWhole = fc.bigInt({ min: -(10n ** 24n), max: 10n ** 24n });
const anyDenominator = fc.bigInt({ min: 1n, max: 10n ** 12n });
const anyRational = fc
  .tuple(anyWhole, anyDenominator)
  .map(([numerator, denominator]) => rational(numerator, denominator));

describe('a fraction', () => {
  test.each([
    [6n, 4n, { numerator: 3n, denominator: 2n }],
    [-6n, 4n, { numerator: -3n, denominator: 2n }],
    [6n, -4n, { numerator: -3n, denominator: 2n }],
    [0n, -7n, { numerator: 0n, denominator: 1n }],
    [92n, 184n, { numerator: 1n, denominator: 2n }],
  ])('%d over %d is in lowest terms', (numerator, denominator, expected) => {
    expect(rational(numerator, denominator)).toEqual(expected);
  });

  test('over zero is a bug', () => {
    expect(() => rational(1n, 0n)).toThrow(InvariantError);
  });

  test('adds and multiplies as fractions do', () => {
    fc.assert(
      fc.property(anyRational, anyRational, anyRational, (a, b, c) => {
        expect(addRational(a, b)).toEqual(addRational(b, a));
        expect(multiplyRational(a, addRational(b, c))).toEqual(
          addRational(multiplyRational(a, b), multiplyRational(a, c)),
        );
        expect(addRational(addRational(a, b), rational(-b.numerator, b.denominator))).toEqual(a);
      }),
      { numRuns: RUNS },
    );
  });
});

describe('rounding', () => {
  test.each([
    [1n, 2n, 1n],
    [-1n, 2n, -1n],
    [3n, 2n, 2n],
    [-3n, 2n, -2n],
    [49n, 100n, 0n],
    [-49n, 100n, 0n],
    [51n, 100n, 1n],
    [0n, 1n, 0n],
    [7n, 1n, 7n],
  ])('%d/%d is %d', (numerator, denominator, expected) => {
    expect(roundHalfAwayFromZero(rational(numerator, denominator))).toBe(expected);
  });

  test('is never further off than one half, and the same on both sides of zero', () => {
    fc.assert(
      fc.property(anyRational, (value) => {
        const rounded = roundHalfAwayFromZero(value);
        const distance = addRational(rational(rounded), rational(-value.numerator, value.denominator));
        expect(compareRational(distance, rational(1n, 2n))).toBeLessThanOrEqual(0);
        expect(compareRational(distance, rational(-1n, 2n))).toBeGreaterThanOrEqual(0);
        expect(roundHalfAwayFromZero(rational(-value.numerator, value.denominator))).toBe(-rounded);
      }),
      { numRuns: RUNS },
    );
  });
});
