import {
  afterReversal,
  chargePostings,
  civilDate,
  creditPostings,
  lossPostings,
  minorToDecimal,
  quoteChange,
  quotePurchase,
  recognisedMinor,
  recognitionPostings,
  refundFailedPostings,
  refundPostings,
  reversalPostings,
  salePostings,
  splitRefund,
  startOfDay,
  writeOffPostings,
} from '@billfleet/domain';
import type {
  ChangeRequest,
  CivilDate,
  Posting,
  PricedChange,
  SaleToEarn,
  SoldSoFar,
  SubscriptionToChange,
} from '@billfleet/domain';
import { demoCatalogue } from '../support/random-quotes.js';

const ZONE = 'America/New_York';
const catalogue = demoCatalogue();
const workspace = { country: 'US', currency: 'USD', timeZone: ZONE } as const;

const entry = (on: string, kind: string, postings: readonly Posting[]): string =>
  postings
    .map(({ account, amountMinor }, at) => {
      const [day, name] = at === 0 ? [on, kind] : ['', ''];
      return `${day.padEnd(12)}${name.padEnd(13)}${account.padEnd(18)}${minorToDecimal(amountMinor, 2).padStart(10)}`;
    })
    .join('\n');

/** A sale of the story: what was sold, which days it pays for, and what became of it. */
class Sale {
  private earnedMinor = 0n;
  private sold: SoldSoFar;
  private readonly takenBack: SaleToEarn['takenBack'][number][] = [];

  constructor(
    readonly amountMinor: bigint,
    private readonly days: SaleToEarn['days'],
  ) {
    this.sold = {
      soldMinor: amountMinor,
      taxMinor: 0n,
      reversedMinor: 0n,
      reversedTaxMinor: 0n,
      deferredMinor: amountMinor,
    };
  }

  paid(on: string): string {
    return `${entry(on, 'charge', chargePostings('sandbox', this.amountMinor))}\n${entry(on, 'sale', salePostings(this.amountMinor, 0n))}`;
  }

  /** The month that ends before a day. */
  month(on: string, before: string): string {
    const sale = { netMinor: this.amountMinor, days: this.days, takenBack: this.takenBack };
    const minor = recognisedMinor(sale, { before: civilDate(before), earnedSoFarMinor: this.earnedMinor });
    this.earnedMinor += minor;
    this.sold = { ...this.sold, deferredMinor: this.sold.deferredMinor - minor };
    return minor === 0n ? '' : entry(on, 'recognition', recognitionPostings(minor));
  }

  takeBack(on: string, amountMinor: bigint): string {
    const postings = reversalPostings(amountMinor, this.sold);
    const after = afterReversal(amountMinor, this.sold, postings);
    this.takenBack.push({ deferredMinor: this.sold.deferredMinor - after.deferredMinor, on: civilDate(on) });
    this.sold = after;
    return entry(on, 'reversal', postings);
  }
}

function change(on: CivilDate, subscription: SubscriptionToChange, wish: ChangeRequest): PricedChange {
  const outcome = quoteChange({ catalogue, workspace, subscription, change: wish, now: startOfDay(on, ZONE) });
  if (outcome.kind === 'refused') throw new Error(outcome.code);
  return outcome.quote;
}

const MONTHS = ['2027-01', '2027-02', '2027-03', '2027-04', '2027-05', '2027-06', '2027-07'];
const lastDayBefore = (first: string): string => new Date(Date.parse(first) - 86_400_000).toISOString().slice(0, 10);

const untaxed = (soldMinor: bigint): SoldSoFar => ({
  ...{ soldMinor, taxMinor: 0n, reversedMinor: 0n, reversedTaxMinor: 0n, deferredMinor: soldMinor },
});

/** The story of docs/explanation/books.md, told by the functions that book it. */
export function storyOfBooks(): string {
  const term = { startsOn: civilDate('2027-01-15'), endsOn: civilDate('2028-01-15'), periodMonths: 12 };
  const bought = quotePurchase({
    catalogue,
    workspace,
    plan: 'advanced',
    seats: 5,
    periodMonths: 12,
    now: startOfDay(term.startsOn, ZONE),
  });
  if (bought.kind === 'refused') throw new Error(bought.code);
  const purchase = new Sale(bought.quote.amountMinor, [{ ...term, shareMinor: 1n }]);
  const held = { plan: 'advanced', seats: 5, periodMonths: 12, anchorOn: term.startsOn, autoRenewal: true } as const;

  const upgradedOn = civilDate('2027-04-20');
  const upgraded = change(upgradedOn, { ...held, terms: [term] }, { kind: 'upgrade', plan: 'pro' });
  const upgrade = new Sale(upgraded.amountMinor, [{ startsOn: upgradedOn, endsOn: term.endsOn, shareMinor: 1n }]);

  const paidMinor = purchase.amountMinor + upgrade.amountMinor;
  const returnedOn = civilDate('2027-07-10');
  const returned = change(
    returnedOn,
    { ...held, plan: 'pro', terms: [{ ...term, paidMinor }] },
    { kind: 'refund', seats: 2 },
  );
  const split = splitRefund(-returned.amountMinor, [
    { attemptId: 'upgrade', leftMinor: upgrade.amountMinor },
    { attemptId: 'purchase', leftMinor: purchase.amountMinor },
  ]);
  if (split.kind === 'short') throw new Error('nothing covers the refund');

  const renewed = change(
    civilDate('2028-01-12'),
    { ...held, plan: 'pro', seats: 3, terms: [term] },
    { kind: 'renewal' },
  );
  const next = { startsOn: term.endsOn, endsOn: civilDate('2029-01-15') };
  const renewal = new Sale(renewed.amountMinor, [{ ...next, shareMinor: 1n }]);

  const months = (sale: Sale, from: number, to: number): string[] =>
    MONTHS.slice(from, to).map((month, at) => {
      const before = `${MONTHS[from + at + 1] ?? month}-01`;
      return sale.month(lastDayBefore(before), before);
    });
  const block = (title: string, about: string, entries: readonly string[]): string =>
    `### ${title}\n\n${about}\n\n\`\`\`text\n${entries.filter((text) => text !== '').join('\n')}\n\`\`\``;

  const purchased = [purchase.paid('2027-01-15'), ...months(purchase, 0, 3)];
  const changed = [upgrade.paid('2027-04-20'), ...months(purchase, 3, 4), ...months(upgrade, 3, 4)];
  for (const sale of [purchase, upgrade]) months(sale, 4, 6);
  const back = split.portions.flatMap(({ attemptId, amountMinor }) => [
    (attemptId === 'upgrade' ? upgrade : purchase).takeBack('2027-07-10', amountMinor),
    entry('2027-07-10', 'refund', refundPostings('sandbox', amountMinor)),
  ]);
  const backMinor = split.portions.at(-1)?.amountMinor ?? 0n;
  const renewedAll = [renewal.paid('2028-01-12'), renewal.month('2028-01-31', '2028-02-01')];
  return [
    block(
      'A purchase',
      'Advanced, 5 seats, 12 months from 15 January 2027. Each month earns by its days of 365.',
      purchased,
    ),
    block(
      'An upgrade',
      'To Pro on 20 April, for the 270 days that are left. In April the purchase earns 30 days and the upgrade 11.',
      changed,
    ),
    block(
      'A refund',
      'Two seats are given back on 10 July, newest payment first. What is still deferred goes before what was earned.',
      back,
    ),
    block(
      'A refund that comes back',
      'On 21 July the bank of the payer sends the smaller part back: it is owed again, and its sale stays taken back. A second try arrives.',
      [
        entry('2027-07-21', 'refund_failed', refundFailedPostings('sandbox', backMinor)),
        entry('2027-07-23', 'refund', refundPostings('sandbox', backMinor)),
      ],
    ),
    block(
      'A renewal',
      'Pro, 3 seats, charged three days before the term ends: nothing of it is earned before 15 January 2028.',
      renewedAll,
    ),
    block(
      'A dispute',
      "The payer's bank takes the renewal's money for good. What was sold stays sold, and goes on being earned.",
      [entry('2028-03-02', 'chargeback', lossPostings('sandbox', renewal.amountMinor))],
    ),
    block('Tax', 'An order of 120.00 that includes 20.00 of tax, and half of it given back on the same day.', [
      entry('2027-03-01', 'charge', chargePostings('sandbox', 12_000n)),
      entry('2027-03-01', 'sale', salePostings(12_000n, 2_000n)),
      entry(
        '2027-03-01',
        'reversal',
        reversalPostings(6_000n, {
          soldMinor: 12_000n,
          taxMinor: 2_000n,
          reversedMinor: 0n,
          reversedTaxMinor: 0n,
          deferredMinor: 10_000n,
        }),
      ),
      entry('2027-03-01', 'refund', refundPostings('sandbox', 6_000n)),
    ]),
    block(
      'A credit',
      'Staff promise 20.00. The next payment, of 120.00 without tax, pays it back: of that order 100.00 are left to earn.',
      [
        entry('2027-02-20', 'credit', creditPostings(2_000n)),
        entry('2027-03-01', 'charge', chargePostings('sandbox', 12_000n)),
        entry('2027-03-01', 'sale', salePostings(12_000n, 0n)),
        entry('2027-03-01', 'reversal', reversalPostings(2_000n, untaxed(12_000n))),
        entry('2027-03-01', 'credit', creditPostings(-2_000n)),
        entry('2027-03-01', 'refund', refundPostings('sandbox', 2_000n)),
      ],
    ),
    block('A write-off', 'A partner took 120.00 for us, hands 105.00 over, and is insolvent.', [
      entry('2027-03-01', 'charge', chargePostings('offline', 12_000n)),
      entry('2027-03-01', 'sale', salePostings(12_000n, 0n)),
      entry('2027-09-01', 'write_off', writeOffPostings('offline', 1_500n)),
    ]),
    block(
      'Money that pays nothing',
      'A second payment of the purchase, or one that came too late: no sale, so it goes back.',
      [
        entry('2027-01-16', 'charge', chargePostings('sandbox', purchase.amountMinor)),
        entry('2027-01-16', 'refund', refundPostings('sandbox', purchase.amountMinor)),
      ],
    ),
  ].join('\n\n');
}
