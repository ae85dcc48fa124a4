import { invariant } from './invariant.js';
import { multiplyRational, rational, roundHalfAwayFromZero } from './rational.js';
import type { Rational } from './rational.js';
import { termFraction } from './term-fraction.js';
import type { Term, TermFraction } from './term-fraction.js';

/**
 * Something to be charged, or credited, for the rest of a term. `unitMinor` is the price of one for the whole term;
 * a negative one is a credit. `paidMinor` is what was really paid for all of them: a credit never goes above it.
 */
export type LineToProrate = {
  readonly quantity: number;
  readonly unitMinor: bigint;
  readonly paidMinor?: bigint;
};

/**
 * How the amount of a prorated line came about, complete enough to be checked with pencil and paper: quantity × price ×
 * fraction gives `exactMinor`, which is rounded once. `capMinor` is there when a credit was held to what had been paid.
 */
export type ProrationDerivation = {
  readonly currency: string;
  readonly quantity: number;
  readonly unitMinor: bigint;
  readonly term: TermFraction;
  readonly exactMinor: Rational;
  readonly rounding: 'half-away-from-zero';
  readonly roundedMinor: bigint;
  readonly capMinor?: bigint;
  readonly amountMinor: bigint;
};

/** A line with its amount in minor units; negative for a credit. */
export type ProratedLine = {
  readonly quantity: number;
  readonly unitMinor: bigint;
  readonly amountMinor: bigint;
  readonly derivation: ProrationDerivation;
};

/** What to prorate: `currency` is an ISO 4217 code and only says what the minor units are of. */
export type ProrationInput = {
  readonly term: Term;
  readonly at: Date;
  readonly currency: string;
  readonly lines: readonly LineToProrate[];
};

/** Prorated lines in the order of the input, and their sum in minor units. */
export type Proration = { readonly lines: readonly ProratedLine[]; readonly totalMinor: bigint };

/**
 * Charges or credits lines for what is left of a term: quantity × price for the whole term × fraction, exact until each
 * line is rounded once, half away from zero. The total is the sum of the rounded lines, so that a bill always adds up.
 * @throws InvariantError when the term is empty or a quantity is not a whole number of at least 0.
 */
export function prorate({ term, at, currency, lines }: ProrationInput): Proration {
  const left = termFraction(term, at);
  const prorated = lines.map((line) => prorateLine(line, left, currency));
  return { lines: prorated, totalMinor: prorated.reduce((sum, line) => sum + line.amountMinor, 0n) };
}

function prorateLine(line: LineToProrate, term: TermFraction, currency: string): ProratedLine {
  const { quantity, unitMinor, paidMinor } = line;
  invariant(
    Number.isSafeInteger(quantity) && quantity >= 0,
    () => `a quantity is a whole number from 0, found ${quantity}`,
  );
  invariant(paidMinor === undefined || paidMinor >= 0n, () => `what was paid is never negative, found ${paidMinor}`);
  const exactMinor = multiplyRational(rational(BigInt(quantity) * unitMinor), term.fraction);
  const roundedMinor = roundHalfAwayFromZero(exactMinor);
  const isCapped = paidMinor !== undefined && roundedMinor < -paidMinor;
  const amountMinor = isCapped ? -paidMinor : roundedMinor;
  const derivation: ProrationDerivation = {
    currency,
    quantity,
    unitMinor,
    term,
    exactMinor,
    rounding: 'half-away-from-zero',
    roundedMinor,
    ...(isCapped ? { capMinor: paidMinor } : {}),
    amountMinor,
  };
  return { quantity, unitMinor, amountMinor, derivation };
}
