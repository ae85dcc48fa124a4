import { civilDateIn } from './calendar.js';
import type { CivilDate } from './calendar.js';
import { canonicalText } from './canonical-text.js';
import { periodsUnder, planById, priceListFor } from './catalogue.js';
import type { Catalogue, PeriodRule, Plan, PriceList } from './catalogue.js';
import type { Currency } from './money.js';
import type { AnchoredEnd } from './periods.js';
import { termLine } from './quote-lines.js';
import type { QuoteLine, TermLine } from './quote-lines.js';
import { refuse as refusal, refuseAmount, refusePlan } from './quote-refusals.js';
import type { QuoteRefusalCode } from './quote-refusals.js';
import type { Refusal } from './refusal.js';
import { grantPurchase } from './subscription.js';
import { taxFor, taxLines, taxTotals } from './tax.js';
import type { TaxBuyer } from './tax.js';
import { paidShare } from './term-price.js';

/**
 * Something that will be different. `on`: as soon as the money is there (`payment`), as soon as it is confirmed where
 * nothing is to be paid (`confirmation`), or on a day of the workspace. Values are ids, numbers and days as text; null
 * is nothing.
 */
export type QuoteEffect = {
  readonly on: 'payment' | 'confirmation' | CivilDate;
  readonly what: 'plan' | 'seats' | 'period' | 'price-list' | 'end' | 'add-on';
  readonly from: string | null;
  readonly to: string | null;
};

/** How much of an amount is tax and how much is not; left out where nothing is taxed. */
export type TaxTotals = { readonly netMinor?: bigint; readonly taxMinor?: bigint };

/** What the next term costs at the present price list and under the present rules of tax, and the day on which it begins. */
export type AtRenewal = TaxTotals & {
  readonly on: CivilDate;
  readonly plan: string;
  readonly seats: number;
  readonly periodMonths: number;
  readonly priceListId: string;
  readonly amountMinor: bigint;
  readonly lines: readonly QuoteLine[];
};

/** What every quote holds. Amounts are minor units of the currency; days are those that hold once this is paid. */
export type PricedBasics = AnchoredEnd &
  TaxTotals & {
    readonly plan: string;
    readonly seats: number;
    readonly periodMonths: number;
    readonly priceListId: string;
    readonly catalogueVersion: string;
    readonly currency: Currency;
    readonly amountMinor: bigint;
    readonly lines: readonly QuoteLine[];
    /** First day on which what is bought here holds. */
    readonly startsOn: CivilDate;
    /** Left out when nothing is left to be renewed. */
    readonly atRenewal?: AtRenewal;
    readonly changes: readonly QuoteEffect[];
  };

/** A first purchase, priced; `unitPriceMinor` is per seat and month. Its days are those that it gives if it is paid today. */
export type PricedPurchase = PricedBasics & {
  readonly kind: 'purchase';
  readonly payMonths: number;
  readonly percentOff?: string;
  readonly unitPriceMinor: bigint;
  readonly trialDaysAdded: number;
};

/** What a workspace must tell before anything can be priced for it. */
export type QuoteWorkspace = TaxBuyer & {
  /** Private price lists are found by it; without it there are none. */
  readonly id?: string;
  readonly currency: Currency;
  readonly timeZone: string;
};

/** A wish to buy, before anything about it was checked. */
export type PurchaseWish = {
  readonly catalogue: Catalogue;
  readonly workspace: QuoteWorkspace;
  readonly plan: string;
  readonly seats: number;
  readonly periodMonths: number;
  readonly now: Date;
  /** First day without the trial, of a workspace that never bought: days left of it are given on top. */
  readonly trialEndsOn?: CivilDate;
};

/** A priced purchase, or the first reason why there is none. */
export type QuoteOutcome =
  | { readonly kind: 'quoted'; readonly quote: PricedPurchase }
  | ({ readonly kind: 'refused' } & Refusal<QuoteRefusalCode>);

/**
 * Prices a first purchase: seats × the price of one seat for the term, which is rounded only where a percentage is taken
 * off. Price list and rule of tax are those that are valid for this workspace on the day that its clocks show at `now`.
 */
export function quotePurchase(wish: PurchaseWish): QuoteOutcome {
  const { catalogue, workspace, seats } = wish;
  const plan = planById(catalogue, wish.plan);
  if (plan === undefined) return { kind: 'refused', ...refusePlan(catalogue, 'plan', wish.plan) };
  const today = civilDateIn(wish.now, workspace.timeZone);
  const priceList = priceListFor(catalogue, workspace.country, today, { workspaceId: workspace.id, plan: plan.id });
  if (plan.sold === 'on-request' && priceList?.monthlyPriceMinorBySeat[plan.id] === undefined) {
    return refuse('plan_on_request', 'plan', plan.id, 'a plan with a list price; ask for a contract for this one');
  }
  const periods = periodsUnder(catalogue, priceList);
  const period = periods.find((rule) => rule.months === wish.periodMonths);
  if (period === undefined) {
    const months = periods.map((rule) => rule.months).join(', ');
    return refuse('period_unknown', 'periodMonths', String(wish.periodMonths), `one of ${months}`);
  }
  const min = Math.max(catalogue.seats.min, priceList?.contract?.seatsMin ?? 1);
  const { max } = catalogue.seats;
  if (!Number.isInteger(seats) || seats < min || seats > max) {
    return refuse('seats_out_of_range', 'seats', String(seats), `a whole number from ${min} to ${max}`);
  }
  if (priceList?.currency !== workspace.currency) {
    return refuse(
      'price_list_missing',
      'currency',
      priceList?.currency ?? 'none',
      `a price list in ${workspace.currency} that is valid today`,
    );
  }
  return price(wish, plan, period, priceList);
}

/**
 * Writes a quote as one text that is the same for equal quotes: JSON with sorted keys, no white space, and amounts as
 * decimal-integer strings of minor units. Whoever hashes a quote hashes this.
 */
export function canonicalQuote(quote: PricedBasics): string {
  return canonicalText(quote);
}

function price(wish: PurchaseWish, plan: Plan, period: PeriodRule, priceList: PriceList): QuoteOutcome {
  const { catalogue, workspace, seats, now, trialEndsOn } = wish;
  const { currency, id: priceListId } = priceList;
  const today = civilDateIn(now, workspace.timeZone);
  const tax = taxFor(catalogue.taxes ?? [], workspace, today);
  const priced = termLine(priceList, plan, period, seats);
  const [line = priced] = taxLines([priced], tax);
  const { amountMinor } = line;
  const impossible = refuseAmount(amountMinor, currency);
  if (impossible !== undefined) return { kind: 'refused', ...impossible };
  const bought = { plan: plan.id, seats, periodMonths: period.months };
  const trial = trialEndsOn === undefined ? {} : { trialEndsOn };
  const days = grantPurchase({ ...bought, now, timeZone: workspace.timeZone, ...trial });
  const { startsOn, endsOn, anchorOn, trialDaysAdded } = days;
  const quote: PricedPurchase = {
    kind: 'purchase',
    ...bought,
    ...paidShare(period),
    priceListId,
    catalogueVersion: catalogue.version,
    currency,
    unitPriceMinor: line.derivation.monthlyMinor,
    amountMinor,
    ...taxTotals([line]),
    lines: [line],
    startsOn,
    endsOn,
    anchorOn,
    trialDaysAdded,
    atRenewal: renewalOf(endsOn, priceListId, line),
    changes: [
      { on: 'payment', what: 'plan', from: null, to: plan.id },
      { on: 'payment', what: 'seats', from: null, to: String(seats) },
      { on: 'payment', what: 'end', from: null, to: endsOn },
    ],
  };
  return { kind: 'quoted', quote };
}

/** What a next term of one line costs. */
function renewalOf(on: CivilDate, priceListId: string, line: TermLine): AtRenewal {
  const { plan, periodMonths } = line.description;
  const { quantity: seats, amountMinor } = line;
  return { on, plan, seats, periodMonths, priceListId, amountMinor, ...taxTotals([line]), lines: [line] };
}

function refuse(code: QuoteRefusalCode, field: string, found: string, wanted: string): QuoteOutcome {
  return { kind: 'refused', ...refusal(code, field, found, wanted) };
}
