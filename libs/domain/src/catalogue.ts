import type { CivilDate } from './calendar.js';
import type { Currency } from './money.js';

/**
 * How much of something a plan allows. `per-seat-from` allows `included` at first and `perSeat` more for each seat from
 * number `fromSeat` on. `none` means that the plan does not have it at all.
 */
export type LimitRule =
  | { readonly kind: 'flat'; readonly amount: number }
  | { readonly kind: 'per-seat'; readonly amount: number }
  | { readonly kind: 'per-seat-from'; readonly included: number; readonly perSeat: number; readonly fromSeat: number }
  | { readonly kind: 'unlimited' }
  | { readonly kind: 'none' };

/** The rule for each limit by the limit's name. */
export type LimitRules = Readonly<Record<string, LimitRule>>;

/** Something that is counted against a plan. `monthly` counts start again on the anchor day of each month. */
export type LimitDefinition = {
  readonly name: string;
  readonly label: string;
  readonly resets: 'never' | 'monthly';
};

/** What a workspace may be on. A plan on request has no list price: it comes with a contract. */
export type Plan = {
  readonly id: string;
  readonly name: string;
  readonly sold: 'self-service' | 'on-request';
  readonly limits: LimitRules;
  readonly features: readonly string[];
};

/**
 * Prices of one region in one currency from a day on. The region is an ISO 3166 country code, or '*' for every country
 * that has no list of its own.
 */
export type PriceList = {
  readonly id: string;
  readonly region: string;
  readonly currency: Currency;
  readonly validFrom: CivilDate;
  /** Price of one seat for one month, in minor units, by plan id. */
  readonly monthlyPriceMinorBySeat: Readonly<Record<string, bigint>>;
};

/** A term that may be bought: so many calendar months for the price of `payMonths` of them. */
export type PeriodRule = { readonly months: number; readonly payMonths: number };

/** Credits on top of those of the plan, for the whole workspace: `credits` a month, for one of the terms. */
export type CreditPackage = {
  readonly id: string;
  readonly credits: number;
  readonly termMonths: readonly number[];
  readonly monthlyPriceMinorByCurrency: Readonly<Partial<Record<Currency, bigint>>>;
};

/** How a country's cards may pay in parts: at most `max` of them, none below `minMinor` of the country's currency. */
export type InstallmentRule = { readonly country: string; readonly max: number; readonly minMinor: bigint };

/** Everything that a merchant sells and the rules of selling it. It comes from a file and never changes while in use. */
export type Catalogue = {
  readonly version: string;
  readonly limits: readonly LimitDefinition[];
  readonly plans: readonly Plan[];
  readonly priceLists: readonly PriceList[];
  readonly periods: readonly PeriodRule[];
  readonly creditPackages: readonly CreditPackage[];
  readonly installments: readonly InstallmentRule[];
  readonly seats: { readonly min: number; readonly max: number };
  readonly trial: { readonly days: number; readonly limits: LimitRules };
  /** When an order that nobody pays ends: after days, or after hours where a Pix code is the way to pay it. */
  readonly pendingOrder: { readonly orderDays: number; readonly pixHours: number };
  readonly quoteMinutes: number;
  /** How many days before the end the reminder is due. */
  readonly renewal: { readonly reminderDays: number };
};

/** The region under which countries without a price list of their own buy. */
export const EVERY_OTHER_REGION = '*';

/** Finds a plan by its id. */
export function planById(catalogue: Catalogue, id: string): Plan | undefined {
  return catalogue.plans.find((plan) => plan.id === id);
}

/**
 * The price list for a country on a day: of the country's own lists, or of the general ones if it has none, the newest
 * that is valid by then. A country with lists of its own never falls back to the general ones, because its currency
 * would change with the day.
 */
export function priceListFor(catalogue: Catalogue, country: string, on: CivilDate): PriceList | undefined {
  return listsOf(catalogue, country)
    .filter((list) => list.validFrom <= on)
    .reduce<PriceList | undefined>(
      (newest, list) => (newest === undefined || list.validFrom > newest.validFrom ? list : newest),
      undefined,
    );
}

/** The one currency in which a country buys, whatever the day. */
export function currencyFor(catalogue: Catalogue, country: string): Currency | undefined {
  return listsOf(catalogue, country)[0]?.currency;
}

function listsOf(catalogue: Catalogue, country: string): readonly PriceList[] {
  const own = catalogue.priceLists.filter((list) => list.region === country);
  return own.length > 0 ? own : catalogue.priceLists.filter((list) => list.region === EVERY_OTHER_REGION);
}
