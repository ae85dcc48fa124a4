import { civilDateIn } from './calendar.js';
import { invariant } from './invariant.js';
import { rational, roundHalfAwayFromZero } from './rational.js';
import type { LineTax, TaxName } from './tax.js';

/** What a seller issues: an invoice for each sale, and a credit note for each refund of what was sold. */
export const documentKinds = ['invoice', 'credit_note'] as const;
export type DocumentKind = (typeof documentKinds)[number];

/** Workspaces on a test clock have series of their own, so that what is tried out leaves no gap in the numbers of what is sold. */
export type SeriesMode = 'live' | 'test';

/** Documents that are numbered together, from 1 on, without gaps. `year` is the seller's civil year in which they are issued. */
export type DocumentSeries = {
  readonly seller: string;
  readonly kind: DocumentKind;
  readonly year: number;
  readonly mode: SeriesMode;
};

const KIND_MARKS: Readonly<Record<DocumentKind, string>> = { invoice: '', credit_note: 'C' };
const MODE_MARKS: Readonly<Record<SeriesMode, string>> = { live: '', test: 'T' };
const DIGITS_MIN = 6;

/**
 * The number of a document as it is printed: `US-2026-000017`, of a credit note `US-2026-C000003`, with a T where it was only tried out. Two
 * documents of sellers with different prefixes never have the same.
 * @throws InvariantError unless `seq` is a whole number from 1 on.
 */
export function documentNumber(prefix: string, { kind, year, mode }: DocumentSeries, seq: number): string {
  invariant(Number.isSafeInteger(seq) && seq >= 1, `documents are numbered from 1 on, found ${seq}`);
  return `${prefix}-${year}-${MODE_MARKS[mode]}${KIND_MARKS[kind]}${String(seq).padStart(DIGITS_MIN, '0')}`;
}

/** The year in whose series a document is that is issued at an instant: the one that the seller's calendar shows. */
export function seriesYear(issuedAt: Date, timeZone: string): number {
  return Number(civilDateIn(issuedAt, timeZone).slice(0, 4));
}

/** What was invoiced, and what of it has been credited so far. Minor units of one currency; tax is a part of each amount. */
export type CreditGround = {
  readonly invoicedMinor: bigint;
  readonly invoicedTaxMinor: bigint;
  readonly creditedMinor: bigint;
  readonly creditedTaxMinor: bigint;
};

/**
 * The tax in the next credit note over `amountMinor`. What all credit notes of an invoice hold is their share of its tax, rounded half away
 * from zero once, so the notes that credit all of an invoice credit all of its tax to the cent.
 * @returns undefined when the notes would credit more than was invoiced.
 */
export function creditedTaxMinor(ground: CreditGround, amountMinor: bigint): bigint | undefined {
  const { invoicedMinor, invoicedTaxMinor, creditedMinor, creditedTaxMinor: before } = ground;
  const allMinor = creditedMinor + amountMinor;
  if (amountMinor <= 0n || allMinor > invoicedMinor) return undefined;
  return roundHalfAwayFromZero(rational(invoicedTaxMinor * allMinor, invoicedMinor)) - before;
}

/** One tax of a document: its name and rate, and how much of it is in the amount, in minor units. Under reverse charge the buyer owes it. */
export type NamedTax = {
  readonly kind: LineTax['kind'];
  readonly name: TaxName;
  readonly percent?: string;
  readonly taxMinor: bigint;
};

/** The taxes of lines, those of one kind, name and rate together, in the order in which they come. */
export function namedTaxes(lines: readonly { readonly tax?: LineTax }[]): readonly NamedTax[] {
  const sums = new Map<string, NamedTax>();
  for (const { tax } of lines) {
    if (tax === undefined) continue;
    const { kind, name, percent } = tax;
    const key = JSON.stringify([kind, name, percent]);
    const taxMinor = (sums.get(key)?.taxMinor ?? 0n) + tax.taxMinor;
    sums.set(key, { kind, name, ...(percent === undefined ? {} : { percent }), taxMinor });
  }
  return [...sums.values()];
}

/**
 * Which taxes of an invoice are in a note that credits `taxMinor` of them: each in proportion to what was invoiced of it, rounded half away from zero
 * on the sum so far, so that the parts add up to `taxMinor`. One that the buyer owes himself stays on it with nothing.
 */
export function creditedTaxes(invoiced: readonly NamedTax[], taxMinor: bigint): readonly NamedTax[] {
  const wholeMinor = invoiced.reduce((sum, tax) => sum + tax.taxMinor, 0n);
  const shareOf = (minor: bigint): bigint =>
    wholeMinor === 0n ? 0n : roundHalfAwayFromZero(rational(taxMinor * minor, wholeMinor));
  let upToMinor = 0n;
  return invoiced.map((tax) => {
    const before = shareOf(upToMinor);
    upToMinor += tax.taxMinor;
    return { ...tax, taxMinor: shareOf(upToMinor) - before };
  });
}
