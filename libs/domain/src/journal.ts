import { rational, roundHalfAwayFromZero } from './rational.js';

/**
 * What a transaction of the books is about. `charge`: money came. `sale`: it paid an order. `reversal`: what it bought is taken back. `refund`: it went
 * back. `refund_failed`: it came back from there. `chargeback`: the payer's bank took it. `chargeback_won`: and gave it back. `offset`: what it took was
 * owed back anyway. `recognition`: days were
 * served. `fee`: the provider kept a part. `credit`: a credit was promised to a customer, paid back or withdrawn. `write_off`: whoever holds it
 * will never hand it over.
 */
export type JournalKind =
  | 'charge'
  | 'sale'
  | 'reversal'
  | 'refund'
  | 'refund_failed'
  | 'chargeback'
  | 'chargeback_won'
  | 'offset'
  | 'recognition'
  | 'fee'
  | 'credit'
  | 'write_off';

/** An account of the books; money is kept per provider, or per kind of holder where it came outside of every provider. */
export type Account =
  | `cash:${string}`
  | 'receivable'
  | 'deferred_revenue'
  | 'revenue'
  | 'tax_payable'
  | 'customer_credit'
  | 'provider_fees'
  | 'chargeback_losses'
  | 'write_offs';

/** One side of a transaction in minor units: a debit is positive, a credit negative. Those of one transaction add up to nothing. */
export type Posting = { readonly account: Account; readonly amountMinor: bigint };

/** Leaves out the sides that move nothing, unless nothing is all that is moved: a free order is a movement too. */
function sides(...all: readonly Posting[]): readonly Posting[] {
  const moved = all.filter(({ amountMinor }) => amountMinor !== 0n);
  return moved.length === 0 ? all.slice(0, 2) : moved;
}

/** Money came to a provider: it is the payer's until it pays something. */
export const chargePostings = (provider: string, amountMinor: bigint): readonly Posting[] =>
  sides({ account: `cash:${provider}`, amountMinor }, { account: 'receivable', amountMinor: -amountMinor });

/** Money went back to its payer by the provider that took it. */
export const refundPostings = (provider: string, amountMinor: bigint): readonly Posting[] =>
  sides({ account: 'receivable', amountMinor }, { account: `cash:${provider}`, amountMinor: -amountMinor });

/** Money that went back to its payer came home to the provider that had sent it: we owe it again. */
export const refundFailedPostings = (provider: string, amountMinor: bigint): readonly Posting[] =>
  sides({ account: `cash:${provider}`, amountMinor }, { account: 'receivable', amountMinor: -amountMinor });

/** The provider kept a part of the money that it holds, as its price. */
export const feePostings = (provider: string, amountMinor: bigint): readonly Posting[] =>
  sides({ account: 'provider_fees', amountMinor }, { account: `cash:${provider}`, amountMinor: -amountMinor });

/** Whoever holds money outside of every provider will never hand it over: it is our loss, and what it paid for stays sold. */
export const writeOffPostings = (holder: string, amountMinor: bigint): readonly Posting[] =>
  sides({ account: 'write_offs', amountMinor }, { account: `cash:${holder}`, amountMinor: -amountMinor });

/** A credit was granted: less is earned, and the customer is owed it. A negative amount: it was paid back, or withdrawn. */
export const creditPostings = (amountMinor: bigint): readonly Posting[] =>
  sides({ account: 'revenue', amountMinor }, { account: 'customer_credit', amountMinor: -amountMinor });

/** The payer's bank took money back for good; what it paid for stays sold. */
export const lossPostings = (provider: string, amountMinor: bigint): readonly Posting[] =>
  sides({ account: 'chargeback_losses', amountMinor }, { account: `cash:${provider}`, amountMinor: -amountMinor });

/** What a bank took was owed back to the payer anyway, so as much of it is no loss. */
export const offsetPostings = (amountMinor: bigint): readonly Posting[] =>
  sides({ account: 'receivable', amountMinor }, { account: 'chargeback_losses', amountMinor: -amountMinor });

/** An order was paid: its price less its tax is owed as days to come, the tax to the state. */
export const salePostings = (amountMinor: bigint, taxMinor: bigint): readonly Posting[] =>
  sides(
    { account: 'receivable', amountMinor },
    { account: 'deferred_revenue', amountMinor: taxMinor - amountMinor },
    { account: 'tax_payable', amountMinor: -taxMinor },
  );

/** Days were served: what was sold for them is earned. */
export const recognitionPostings = (amountMinor: bigint): readonly Posting[] =>
  sides({ account: 'deferred_revenue', amountMinor }, { account: 'revenue', amountMinor: -amountMinor });

/** What the books say of the sale of one order, in minor units. `reversedMinor` and `reversedTaxMinor`: what was taken back of it before. */
export type SoldSoFar = {
  readonly soldMinor: bigint;
  readonly taxMinor: bigint;
  readonly reversedMinor: bigint;
  readonly reversedTaxMinor: bigint;
  /** What is still to be earned of it. */
  readonly deferredMinor: bigint;
};

/**
 * The tax in an amount by which a sale is taken back: in proportion, rounded half up on what was taken back in all, so that the parts of a whole sale take
 * its whole tax.
 */
export function taxTakenBack(amountMinor: bigint, sold: Omit<SoldSoFar, 'deferredMinor'>): bigint {
  const { soldMinor, taxMinor, reversedMinor, reversedTaxMinor } = sold;
  if (soldMinor === 0n) return 0n;
  return roundHalfAwayFromZero(rational(taxMinor * (reversedMinor + amountMinor), soldMinor)) - reversedTaxMinor;
}

/**
 * A sale is taken back by an amount that includes tax. The rest comes out of what is still deferred, and what that does not cover out of what was
 * earned.
 */
export function reversalPostings(amountMinor: bigint, sold: SoldSoFar): readonly Posting[] {
  const taxMinor = taxTakenBack(amountMinor, sold);
  const netMinor = amountMinor - taxMinor;
  const deferredMinor = netMinor < sold.deferredMinor ? netMinor : sold.deferredMinor;
  return sides(
    { account: 'deferred_revenue', amountMinor: deferredMinor },
    { account: 'receivable', amountMinor: -amountMinor },
    { account: 'revenue', amountMinor: netMinor - deferredMinor },
    { account: 'tax_payable', amountMinor: taxMinor },
  );
}

/** The sale once this much more of it is taken back. */
export function afterReversal(amountMinor: bigint, sold: SoldSoFar, postings: readonly Posting[]): SoldSoFar {
  const of = (account: Account): bigint => postings.find((one) => one.account === account)?.amountMinor ?? 0n;
  return {
    ...sold,
    reversedMinor: sold.reversedMinor + amountMinor,
    reversedTaxMinor: sold.reversedTaxMinor + of('tax_payable'),
    deferredMinor: sold.deferredMinor - of('deferred_revenue'),
  };
}
