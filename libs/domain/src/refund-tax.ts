import { taxTakenBack } from './journal.js';
import type { SoldSoFar } from './journal.js';
import type { PricedChange } from './priced-change.js';
import { sumOfLines } from './quote-lines.js';
import type { QuoteLine } from './quote-lines.js';
import { rational, roundHalfAwayFromZero } from './rational.js';
import { splitRefund } from './refund-split.js';
import type { RefundablePayment } from './refund-split.js';
import { taxTotals, withTax } from './tax.js';
import type { TaxName } from './tax.js';

/** A payment that money can go back to, with the sale that it paid as the books have it, and how that was taxed. Minor units. */
export type PaidSale = RefundablePayment &
  Omit<SoldSoFar, 'deferredMinor'> & {
    readonly tax?: { readonly name: TaxName; readonly percent?: string };
  };

/** What of an amount that goes back is tax. `percent`: its rate, where all that is taxed was taxed by one. */
export type TaxGoingBack = { readonly taxMinor: bigint; readonly name?: TaxName; readonly percent?: string };

/**
 * The tax in an amount that goes back to payments, in the order in which they are given: the amount is split over them, and of each part it is what
 * the books take back of the tax of its sale. So it is the tax of all the credit notes together.
 * @returns undefined where the payments do not cover the amount.
 */
export function taxGoingBack(amountMinor: bigint, sales: readonly PaidSale[]): TaxGoingBack | undefined {
  const split = splitRefund(amountMinor, sales);
  if (split.kind === 'short') return undefined;
  const parts = split.portions.flatMap(({ attemptId, amountMinor: partMinor }) => {
    const sale = sales.find((one) => one.attemptId === attemptId);
    return sale === undefined ? [] : [{ sale, taxMinor: taxTakenBack(partMinor, sale) }];
  });
  const taxMinor = parts.reduce((sum, part) => sum + part.taxMinor, 0n);
  const [tax, ...others] = parts.flatMap(({ sale }) => sale.tax ?? []);
  if (tax === undefined) return { taxMinor };
  const isOne =
    parts.every(({ sale }) => sale.tax !== undefined) && others.every(({ percent }) => percent === tax.percent);
  return { taxMinor, name: tax.name, ...(isOne && tax.percent !== undefined ? { percent: tax.percent } : {}) };
}

/**
 * A quote of what goes back, once it is known which payments it goes back to: its tax is theirs. The order of rounding: each line's amount is rounded
 * once; their sum is split over the payments, which rounds nothing; the tax of each part is rounded on what its sale has given back in all; and their
 * sum is spread over the lines by amount, each rounded on the sum so far. So neither the lines nor the credit notes can differ from the quote by a cent.
 */
export function settleRefund(quote: PricedChange, sales: readonly PaidSale[]): PricedChange {
  const wholeMinor = -quote.amountMinor;
  const back = taxGoingBack(wholeMinor, sales);
  const name = quote.lines.flatMap(({ tax }) => tax?.name ?? [])[0] ?? back?.name;
  if (back === undefined || name === undefined || wholeMinor <= 0n) return quote;
  const taxUpTo = (minor: bigint): bigint => roundHalfAwayFromZero(rational(back.taxMinor * minor, wholeMinor));
  let upToMinor = 0n;
  const lines = quote.lines.map((line): QuoteLine => {
    const grossMinor = -line.amountMinor;
    const before = taxUpTo(upToMinor);
    upToMinor += grossMinor;
    const taxMinor = taxUpTo(upToMinor) - before;
    const priceMinor = line.tax?.priceMinor ?? line.amountMinor;
    return withTax(line, {
      ...{ kind: 'as-paid', name: line.tax?.name ?? name },
      ...(back.percent === undefined ? {} : { percent: back.percent }),
      ...{ priceMinor, netMinor: taxMinor - grossMinor, taxMinor: -taxMinor },
      paid: { priceMinor: -priceMinor, grossMinor, taxMinor },
    });
  });
  return { ...quote, amountMinor: sumOfLines(lines), lines, ...taxTotals(lines) };
}
