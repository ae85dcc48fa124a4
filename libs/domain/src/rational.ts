import { invariant } from './invariant.js';

/** An exact fraction in lowest terms; the denominator is positive, so equal fractions have equal fields. */
export type Rational = { readonly numerator: bigint; readonly denominator: bigint };

/**
 * Makes an exact fraction and reduces it.
 * @throws InvariantError when the denominator is zero.
 */
export function rational(numerator: bigint, denominator = 1n): Rational {
  invariant(denominator !== 0n, () => `a fraction needs a denominator, found ${numerator} over zero`);
  const divisor = greatestCommonDivisor(numerator, denominator) * (denominator < 0n ? -1n : 1n);
  return { numerator: numerator / divisor, denominator: denominator / divisor };
}

/** Adds two fractions, exactly. */
export function addRational(left: Rational, right: Rational): Rational {
  return rational(
    left.numerator * right.denominator + right.numerator * left.denominator,
    left.denominator * right.denominator,
  );
}

/** Multiplies two fractions, exactly. */
export function multiplyRational(left: Rational, right: Rational): Rational {
  return rational(left.numerator * right.numerator, left.denominator * right.denominator);
}

/** Orders fractions: negative when the left one is smaller, 0 when equal, positive when it is larger. */
export function compareRational(left: Rational, right: Rational): number {
  const difference = left.numerator * right.denominator - right.numerator * left.denominator;
  return difference === 0n ? 0 : difference < 0n ? -1 : 1;
}

/**
 * Rounds to the nearest whole number; exact halves go away from zero, so that a charge and the credit of the same size
 * always cancel out.
 */
export function roundHalfAwayFromZero({ numerator, denominator }: Rational): bigint {
  const size = numerator < 0n ? -numerator : numerator;
  const rounded = (2n * size + denominator) / (2n * denominator);
  return numerator < 0n ? -rounded : rounded;
}

function greatestCommonDivisor(left: bigint, right: bigint): bigint {
  let larger = left < 0n ? -left : left;
  let smaller = right < 0n ? -right : right;
  while (smaller !== 0n) [larger, smaller] = [smaller, larger % smaller];
  return larger;
}
