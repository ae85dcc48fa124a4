import type { PeriodRule } from './catalogue.js';
import { invariant } from './invariant.js';
import { multiplyRational, rational, roundHalfAwayFromZero } from './rational.js';
import type { Rational } from './rational.js';

const PERCENT = /^(0|[1-9]\d?)(?:\.(\d{1,6}))?$/;

/**
 * Reads a percentage that may be taken off: decimal text above 0 and below 100 with at most 6 decimal places.
 * @returns the exact fraction of one hundred's parts ("12.5" is 25 over 2), or undefined for any other text.
 */
export function parsePercent(text: string): Rational | undefined {
  const match = PERCENT.exec(text);
  if (match === null) return undefined;
  const [, whole = '', decimals = ''] = match;
  const percent = rational(BigInt(`${whole}${decimals}`), 10n ** BigInt(decimals.length));
  return percent.numerator > 0n ? percent : undefined;
}

/**
 * The price of one unit (a seat) for a whole term, in minor units: monthly price × paid months × (100 − percent) / 100.
 * It is rounded once, to the nearest minor unit with halves away from zero, and only where a percentage is taken off:
 * so every amount is a whole number of units of one price that can be shown.
 */
export function termUnitMinor(monthlyMinor: bigint, period: PeriodRule): bigint {
  const fullMinor = monthlyMinor * BigInt(period.payMonths);
  if (period.percentOff === undefined) return fullMinor;
  const percent = parsePercent(period.percentOff);
  invariant(percent !== undefined, () => `the percentage ${period.percentOff} should have been refused`);
  const hundred = 100n * percent.denominator;
  return roundHalfAwayFromZero(multiplyRational(rational(fullMinor), rational(hundred - percent.numerator, hundred)));
}

/** What a derivation says of a period: the months that are paid and, where there is one, the percentage taken off. */
export function paidShare(period: PeriodRule): { readonly payMonths: number; readonly percentOff?: string } {
  const { payMonths, percentOff } = period;
  return percentOff === undefined ? { payMonths } : { payMonths, percentOff };
}
