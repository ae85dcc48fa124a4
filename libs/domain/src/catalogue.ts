import type { CivilDate } from './calendar.js';
import type { DunningPolicy } from './dunning.js';
import type { MailingHours } from './mailing-hours.js';
import type { Currency } from './money.js';
import type { Seller } from './seller.js';
import type { TaxRule } from './tax.js';
import type { ProrationConvention } from './term-fraction.js';
import type { UsageRules } from './usage.js';

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
  /** Price of one seat for one month, in minor units, by plan id. A private list may price some of the plans only. */
  readonly monthlyPriceMinorBySeat: Readonly<Record<string, bigint>>;
  /** Price of one package for one month, in minor units, by add-on id. A private list may leave add-ons out. */
  readonly monthlyPriceMinorByAddOn: Readonly<Record<string, bigint>>;
  /** A private list: only this workspace gets it. */
  readonly workspaceId?: string;
  /** What was agreed besides the price; such a list is always private and prices one plan. */
  readonly contract?: Contract;
  /** Taken back: it prices nothing new, and goes on for what was sold under it. */
  readonly withdrawn?: true;
};

/**
 * What a workspace and its seller agreed: fewest seats, the only terms, and limits that stand before those of the plan. `dueDays`: it may order on
 * account, and its invoices are due so many days after they are issued.
 */
export type Contract = {
  readonly plan: string;
  readonly seatsMin?: number;
  readonly periodMonths?: readonly number[];
  readonly limits?: LimitRules;
  readonly dueDays?: number;
};

/**
 * A term that may be bought: so many calendar months for the price of `payMonths` of them, less `percentOff` (an exact
 * decimal percentage; all months are paid then). `termUnitMinor` prices it.
 */
export type PeriodRule = { readonly months: number; readonly payMonths: number; readonly percentOff?: string };

/** Something sold on top of a plan, for the whole workspace: each package raises one limit by `amount`, for one of the terms. */
export type AddOn = {
  readonly id: string;
  readonly name: string;
  /** The limit that it raises. */
  readonly limit: string;
  readonly amount: number;
  readonly termMonths: readonly number[];
  /** Most packages of it in one order. */
  readonly packagesMax: number;
};

/** How a country's cards may pay in parts: at most `max` of them, none below `minMinor` of the country's currency. */
export type InstallmentRule = { readonly country: string; readonly max: number; readonly minMinor: bigint };

/**
 * What happens around the end of a term. Days before the end: `cardDays` of the mail about a card that expires first,
 * `reminderDays` of the reminder, `chargeDays` of the first charge by automatic renewal, which `dunning` repeats while it is
 * declined. For `graceDays` from the end on everything may still be used, and a renewal counts from the old end; for
 * `dataDays` from the end on the data is kept, and `dataWarningDays` before they are over its owner is warned.
 */
export type RenewalRules = {
  readonly cardDays: number;
  readonly reminderDays: number;
  readonly chargeDays: number;
  readonly graceDays: number;
  readonly dataDays: number;
  readonly dataWarningDays: readonly number[];
  /** When people are written to; what is due on a day is due at the first of these hours. */
  readonly mailHours: MailingHours;
  readonly dunning: DunningPolicy;
};

/** Everything that a merchant sells and the rules of selling it. It comes from a file and never changes while in use. */
export type Catalogue = {
  readonly version: string;
  readonly limits: readonly LimitDefinition[];
  readonly plans: readonly Plan[];
  /** Who sells where; each price list for everybody has one who sells in its currency. */
  readonly sellers: readonly Seller[];
  readonly priceLists: readonly PriceList[];
  readonly periods: readonly PeriodRule[];
  readonly addOns: readonly AddOn[];
  readonly installments: readonly InstallmentRule[];
  /** Without rules nothing is taxed. */
  readonly taxes?: readonly TaxRule[];
  readonly seats: { readonly min: number; readonly max: number };
  readonly trial: { readonly days: number; readonly limits: LimitRules };
  /**
   * When an order that nobody pays ends, in days, and when a Pix code does, in hours: its order can then have another one. `overdueDays`: how long an
   * order on account may be paid after its invoice was due.
   */
  readonly pendingOrder: { readonly orderDays: number; readonly pixHours: number; readonly overdueDays: number };
  readonly quoteMinutes: number;
  readonly renewal: RenewalRules;
  /** When people hear of what they have used up, and how long a reached limit is overlooked. */
  readonly usage: UsageRules;
  /** How the part of a term that is left is counted. */
  readonly convention: ProrationConvention;
};

/** The region under which countries without a price list of their own buy. */
export const EVERY_OTHER_REGION = '*';

/**
 * The catalogue with contracts that were made outside of its file, newest first: of two that are valid from the same day, the
 * first one counts. Without any it is the same catalogue.
 */
export function withContracts(catalogue: Catalogue, lists: readonly PriceList[]): Catalogue {
  return lists.length === 0 ? catalogue : { ...catalogue, priceLists: [...lists, ...catalogue.priceLists] };
}

/** Finds a plan by its id. */
export function planById(catalogue: Catalogue, id: string): Plan | undefined {
  return catalogue.plans.find((plan) => plan.id === id);
}

/** Who buys, and what: the plan matters where a private list prices some of the plans only. */
export type Buyer = { readonly workspaceId?: string | undefined; readonly plan?: string | undefined };

/**
 * The price list for a buyer in a country on a day: the newest valid list of the workspace's own, or else of the
 * country's own lists, or of the general ones if it has none, the newest that is valid by then. A country with lists of
 * its own never falls back to the general ones, because its currency would change with the day.
 */
export function priceListFor(
  catalogue: Catalogue,
  country: string,
  on: CivilDate,
  buyer: Buyer = {},
): PriceList | undefined {
  const { workspaceId, plan } = buyer;
  const own = catalogue.priceLists.filter(
    (list) =>
      workspaceId !== undefined &&
      list.workspaceId === workspaceId &&
      list.withdrawn !== true &&
      (plan === undefined || list.monthlyPriceMinorBySeat[plan] !== undefined),
  );
  return newestBy(own, on) ?? newestBy(listsOf(catalogue, country), on);
}

/** Finds a price list by its id, unless it is private to another workspace. */
export function priceListById(
  catalogue: Catalogue,
  id: string,
  workspaceId: string | undefined,
): PriceList | undefined {
  return catalogue.priceLists.find(
    (list) => list.id === id && (list.workspaceId === undefined || list.workspaceId === workspaceId),
  );
}

/** The terms that may be bought under a price list: all of the catalogue's, or those of its contract. */
export function periodsUnder(catalogue: Catalogue, priceList: PriceList | undefined): readonly PeriodRule[] {
  const agreed = priceList?.contract?.periodMonths;
  return agreed === undefined ? catalogue.periods : catalogue.periods.filter(({ months }) => agreed.includes(months));
}

/** The limits of a plan under a price list: what a contract says of a limit stands before what the plan says. */
export function limitsUnder(catalogue: Catalogue, plan: Plan, priceListId: string): LimitRules {
  const contract = catalogue.priceLists.find((list) => list.id === priceListId)?.contract;
  return contract?.plan === plan.id ? { ...plan.limits, ...contract.limits } : plan.limits;
}

/** The one currency in which a country buys, whatever the day. */
export function currencyFor(catalogue: Catalogue, country: string): Currency | undefined {
  return listsOf(catalogue, country)[0]?.currency;
}

function listsOf(catalogue: Catalogue, country: string): readonly PriceList[] {
  const open = catalogue.priceLists.filter((list) => list.workspaceId === undefined);
  const own = open.filter((list) => list.region === country);
  return own.length > 0 ? own : open.filter((list) => list.region === EVERY_OTHER_REGION);
}

function newestBy(lists: readonly PriceList[], on: CivilDate): PriceList | undefined {
  return lists
    .filter((list) => list.validFrom <= on)
    .reduce<PriceList | undefined>(
      (newest, list) => (newest === undefined || list.validFrom > newest.validFrom ? list : newest),
      undefined,
    );
}
