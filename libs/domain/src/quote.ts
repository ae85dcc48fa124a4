import { civilDateIn } from './calendar.js';
import { periodsUnder, planById, priceListFor } from './catalogue.js';
import type { Catalogue, PeriodRule, Plan, PriceList } from './catalogue.js';
import { InvariantError, invariant } from './invariant.js';
import { formatDecimal, MAX_AMOUNT_MINOR, money } from './money.js';
import type { Currency } from './money.js';
import type { Refusal } from './refusal.js';
import { paidShare, termUnitMinor } from './term-price.js';

/** One line of a quote. `unitMinor` is the price of one seat for the whole term; the derivation says how it came about. */
export type QuoteLine = {
  readonly description: {
    readonly kind: 'plan-seats';
    readonly plan: string;
    readonly planName: string;
    readonly periodMonths: number;
  };
  readonly quantity: number;
  readonly unitMinor: bigint;
  readonly amountMinor: bigint;
  readonly derivation: {
    readonly seats: number;
    readonly monthlyMinor: bigint;
    readonly payMonths: number;
    readonly percentOff?: string;
  };
};

/** A first purchase, priced. Amounts are minor units of the currency; `unitPriceMinor` is per seat and month. */
export type PricedQuote = {
  readonly kind: 'purchase';
  readonly plan: string;
  readonly seats: number;
  readonly periodMonths: number;
  readonly payMonths: number;
  readonly percentOff?: string;
  readonly priceListId: string;
  readonly catalogueVersion: string;
  readonly currency: Currency;
  readonly unitPriceMinor: bigint;
  readonly amountMinor: bigint;
  readonly lines: readonly QuoteLine[];
};

/** What a workspace must tell before anything can be priced for it. */
export type QuoteWorkspace = {
  /** Private price lists are found by it; without it there are none. */
  readonly id?: string;
  readonly country: string;
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
};

/** Why a purchase is not priced. `price_list_missing`: nothing is on sale in the workspace's country and currency today. */
export type QuoteRefusalCode =
  | 'plan_unknown'
  | 'plan_on_request'
  | 'period_unknown'
  | 'seats_out_of_range'
  | 'amount_out_of_range'
  | 'price_list_missing';

/** A priced quote, or the first reason why there is none. */
export type QuoteOutcome =
  { readonly kind: 'quoted'; readonly quote: PricedQuote } | ({ readonly kind: 'refused' } & Refusal<QuoteRefusalCode>);

/**
 * Prices a first purchase: seats × the price of one seat for the term, which is rounded only where a percentage is taken
 * off. The price list is the one that is valid for this workspace on the day that its clocks show at `now`.
 */
export function quotePurchase(wish: PurchaseWish): QuoteOutcome {
  const { catalogue, workspace, seats } = wish;
  const plan = planById(catalogue, wish.plan);
  if (plan === undefined) return refusePlan(catalogue, wish.plan);
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
  return price({ plan, period, priceList, seats, catalogueVersion: catalogue.version });
}

/**
 * Writes a quote as one text that is the same for equal quotes: JSON with sorted keys, no white space, and amounts as
 * decimal-integer strings of minor units. Whoever hashes a quote hashes this.
 */
export function canonicalQuote(quote: PricedQuote): string {
  return canonicalJson(quote);
}

type PriceInput = {
  readonly plan: Plan;
  readonly period: PeriodRule;
  readonly priceList: PriceList;
  readonly seats: number;
  readonly catalogueVersion: string;
};

function price({ plan, period, priceList, seats, catalogueVersion }: PriceInput): QuoteOutcome {
  const monthlyMinor = priceList.monthlyPriceMinorBySeat[plan.id];
  invariant(monthlyMinor !== undefined, `price list ${priceList.id} has no price for the plan ${plan.id}`);
  const unitMinor = termUnitMinor(monthlyMinor, period);
  const amountMinor = unitMinor * BigInt(seats);
  if (amountMinor <= 0n || amountMinor > MAX_AMOUNT_MINOR) {
    const wanted = `more than nothing and at most ${formatDecimal(money(MAX_AMOUNT_MINOR, priceList.currency))}`;
    return refuse('amount_out_of_range', 'amountMinor', String(amountMinor), wanted);
  }
  const line: QuoteLine = {
    description: { kind: 'plan-seats', plan: plan.id, planName: plan.name, periodMonths: period.months },
    quantity: seats,
    unitMinor,
    amountMinor,
    derivation: { seats, monthlyMinor, ...paidShare(period) },
  };
  const quote: PricedQuote = {
    kind: 'purchase',
    plan: plan.id,
    seats,
    periodMonths: period.months,
    ...paidShare(period),
    priceListId: priceList.id,
    catalogueVersion,
    currency: priceList.currency,
    unitPriceMinor: monthlyMinor,
    amountMinor,
    lines: [line],
  };
  return { kind: 'quoted', quote };
}

function refusePlan(catalogue: Catalogue, found: string): QuoteOutcome {
  const sold = catalogue.plans.filter((plan) => plan.sold === 'self-service').map((plan) => plan.id);
  return refuse('plan_unknown', 'plan', found, `one of ${sold.join(', ')}`);
}

function refuse(code: QuoteRefusalCode, field: string, found: string, wanted: string): QuoteOutcome {
  return { kind: 'refused', code, field, found, wanted };
}

function canonicalJson(value: unknown): string {
  if (typeof value === 'bigint') return `"${value}"`;
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
    return `{${entries.map(([key, entry]) => `${JSON.stringify(key)}:${canonicalJson(entry)}`).join(',')}}`;
  }
  if (typeof value === 'string' || typeof value === 'number') return JSON.stringify(value);
  throw new InvariantError(`a quote holds no value of type ${typeof value}`);
}
