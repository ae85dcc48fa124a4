import type { CivilDate } from './calendar.js';
import { addMonths } from './calendar.js';
import {
  afterReversal,
  chargePostings,
  lossPostings,
  offsetPostings,
  recognitionPostings,
  refundPostings,
  reversalPostings,
  salePostings,
  writeOffPostings,
} from './journal.js';
import type { Posting, SoldSoFar } from './journal.js';
import { recognisedMinor } from './recognition.js';
import type { SaleToEarn, ServedDays } from './recognition.js';

/** Money that somebody holds for us, or gave or took back: by which provider, in minor units. */
export type MoneyFact = { readonly provider: string; readonly amountMinor: bigint };

/** What was taken back of a sale, and on which day. */
export type ReversalFact = { readonly refundId: string; readonly amountMinor: bigint; readonly on: CivilDate };

/**
 * Everything that is known of an order without its postings: what happened to its attempts, refunds and chargebacks, what it gave, and when. The books have to
 * follow from it. `sale` is left out of an order that was never paid. Money that came and paid nothing is among the charges only.
 */
export type OrderHistory = {
  readonly charges: readonly MoneyFact[];
  /** Refunds that reached their payer. */
  readonly refunds: readonly MoneyFact[];
  /** Chargebacks that were lost. */
  readonly losses: readonly MoneyFact[];
  /** Refunds that a bank gave by such a chargeback: as much of it is no loss. In minor units. */
  readonly offsetsMinor: readonly bigint[];
  /** What was given up of money that somebody outside holds. */
  readonly writeOffs: readonly MoneyFact[];
  readonly sale?: {
    readonly amountMinor: bigint;
    readonly taxMinor: bigint;
    readonly days: readonly ServedDays[];
    /** What changed it, in the order in which that was booked: parts taken back, and months recognised, by their first days. */
    readonly steps: readonly (ReversalFact | { readonly month: CivilDate })[];
    /** The last month that was recognised when the order had been given already; left out where none was. */
    readonly dueThrough?: CivilDate;
  };
};

/** What accounts hold, in minor units; those that hold nothing are left out. */
export type Balances = ReadonlyMap<string, bigint>;

/** Works out from its history what the books have to say about an order. */
export function rebuildOrder({ charges, refunds, losses, offsetsMinor, writeOffs, sale }: OrderHistory): Balances {
  const balances = new Map<string, bigint>();
  const book = (postings: readonly Posting[]): void => {
    for (const { account, amountMinor } of postings) balances.set(account, (balances.get(account) ?? 0n) + amountMinor);
  };
  for (const { provider, amountMinor } of charges) book(chargePostings(provider, amountMinor));
  for (const { provider, amountMinor } of refunds) book(refundPostings(provider, amountMinor));
  for (const { provider, amountMinor } of losses) book(lossPostings(provider, amountMinor));
  for (const amountMinor of offsetsMinor) book(offsetPostings(amountMinor));
  for (const { provider, amountMinor } of writeOffs) book(writeOffPostings(provider, amountMinor));
  if (sale !== undefined) bookSale(sale, book);
  for (const [account, minor] of balances) if (minor === 0n) balances.delete(account);
  return balances;
}

function bookSale(sale: NonNullable<OrderHistory['sale']>, book: (postings: readonly Posting[]) => void): void {
  const { amountMinor, taxMinor, days } = sale;
  book(salePostings(amountMinor, taxMinor));
  const netMinor = amountMinor - taxMinor;
  let sold: SoldSoFar = {
    soldMinor: amountMinor,
    taxMinor,
    reversedMinor: 0n,
    reversedTaxMinor: 0n,
    deferredMinor: netMinor,
  };
  let earnedSoFarMinor = 0n;
  const takenBack: SaleToEarn['takenBack'][number][] = [];
  const recognise = (month: CivilDate): void => {
    const before = addMonths(month, 1);
    const minor = recognisedMinor({ netMinor, days, takenBack }, { before, earnedSoFarMinor });
    if (minor === 0n) return;
    book(recognitionPostings(minor));
    earnedSoFarMinor += minor;
    sold = { ...sold, deferredMinor: sold.deferredMinor - minor };
  };
  for (const step of sale.steps) {
    if ('month' in step) {
      recognise(step.month);
      continue;
    }
    const postings = reversalPostings(step.amountMinor, sold);
    book(postings);
    const after = afterReversal(step.amountMinor, sold, postings);
    takenBack.push({ deferredMinor: sold.deferredMinor - after.deferredMinor, on: step.on });
    sold = after;
  }
  if (sale.dueThrough !== undefined) recognise(sale.dueThrough);
}

/** Accounts of which the books say something else than their history. */
export type Difference = { readonly account: string; readonly bookedMinor: bigint; readonly rebuiltMinor: bigint };

/** Compares what is booked with what was rebuilt, account by account. */
export function differencesOf(booked: Balances, rebuilt: Balances): readonly Difference[] {
  return [...new Set([...booked.keys(), ...rebuilt.keys()])].sort().flatMap((account) => {
    const [bookedMinor, rebuiltMinor] = [booked.get(account) ?? 0n, rebuilt.get(account) ?? 0n];
    return bookedMinor === rebuiltMinor ? [] : [{ account, bookedMinor, rebuiltMinor }];
  });
}
