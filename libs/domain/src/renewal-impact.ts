import type { CivilDate } from './calendar.js';
import { periodsUnder, priceListById, priceListFor } from './catalogue.js';
import type { Catalogue, PriceList } from './catalogue.js';
import type { Currency } from './money.js';
import { taxFor, taxOf } from './tax.js';
import { termUnitMinor } from './term-price.js';

/** A subscription that runs, as far as its next renewal depends on it. `priceList` is the id of the list that it is on. */
export type RunningSubscription = {
  readonly workspaceId: string;
  readonly country: string;
  readonly currency: Currency;
  readonly plan: string;
  readonly seats: number;
  readonly periodMonths: number;
  readonly priceList: string;
  /** First day of the next term. */
  readonly endsOn: CivilDate;
  /** The country for which the workspace's tax number looks right. */
  readonly taxNumberCountry?: string | null;
};

/** What a price comes to under the tax rule of the day on which the next term begins, and what of it is tax; minor units. */
export type ChargedPrice = { readonly amountMinor: bigint; readonly taxMinor: bigint };

/**
 * Why a new catalogue cannot be published while a subscription runs: its list, the price of its plan or its period would be
 * gone, or its list would cost something else than before, though a list that was sold under never changes.
 */
export type ImpactFault = 'list-missing' | 'plan-missing' | 'period-missing' | 'price-changed';

/**
 * What a new catalogue means for the next renewal of one subscription; amounts are minor units for the whole term.
 * `presentMinor`: under the list that it is on, as it is now. `keptMinor`: under the same list in the new catalogue.
 * `offered`: under the list that the workspace would get if it came new on the day of the renewal; left out when the new
 * catalogue has no such list in its currency, or does not sell that plan, term or number of seats under it. `charged`: the same three with the taxes of their own
 * catalogue; left out where neither of them taxes this buyer.
 */
export type RenewalImpact = RunningSubscription & {
  readonly presentMinor?: bigint;
  readonly keptMinor?: bigint;
  readonly offered?: { readonly priceList: string; readonly amountMinor: bigint; readonly differenceMinor: bigint };
  readonly charged?: { readonly present?: ChargedPrice; readonly kept?: ChargedPrice; readonly offered?: ChargedPrice };
  readonly fault?: ImpactFault;
};

/**
 * Sums over subscriptions of one currency. The amounts are those of the `compared` ones, which have both prices; `charged`: of those that keep their list, now
 * and under the new catalogue, each with the tax of its own, which is what customers pay.
 */
export type ImpactTotal = {
  readonly currency: Currency;
  readonly subscriptions: number;
  readonly compared: number;
  readonly faults: number;
  readonly presentMinor: bigint;
  readonly newMinor: bigint;
  readonly differenceMinor: bigint;
  readonly charged: { readonly presentMinor: bigint; readonly keptMinor: bigint; readonly differenceMinor: bigint };
};

/** Works out what the next renewal of a subscription costs now and under a new catalogue. */
export function renewalImpact(
  catalogues: { readonly present: Catalogue; readonly next: Catalogue },
  subscription: RunningSubscription,
): RenewalImpact {
  const { next } = catalogues;
  const kept = listIn(next, subscription);
  const keptMinor = renewalMinor(next, kept, subscription);
  const presentMinor =
    renewalMinor(catalogues.present, listIn(catalogues.present, subscription), subscription) ?? keptMinor;
  const fault = faultOf({ next, kept, keptMinor, presentMinor }, subscription);
  const offered = offerOf(next, subscription);
  const charged = chargedOf(catalogues, subscription, { presentMinor, keptMinor, offeredMinor: offered?.amountMinor });
  return {
    ...subscription,
    ...(presentMinor === undefined ? {} : { presentMinor }),
    ...(keptMinor === undefined ? {} : { keptMinor }),
    ...(offered === undefined || presentMinor === undefined
      ? {}
      : { offered: { ...offered, differenceMinor: offered.amountMinor - presentMinor } }),
    ...(charged === undefined ? {} : { charged }),
    ...(fault === undefined ? {} : { fault }),
  };
}

type Prices = Readonly<Record<'presentMinor' | 'keptMinor' | 'offeredMinor', bigint | undefined>>;

/** Each price is taxed by the rule that its own catalogue has for the day on which the term begins. */
function chargedOf(
  { present, next }: { readonly present: Catalogue; readonly next: Catalogue },
  { endsOn, ...buyer }: RunningSubscription,
  { presentMinor, keptMinor, offeredMinor }: Prices,
): RenewalImpact['charged'] {
  const [before, after] = [taxFor(present.taxes ?? [], buyer, endsOn), taxFor(next.taxes ?? [], buyer, endsOn)];
  if (before === undefined && after === undefined) return undefined;
  const taxed = (priceMinor: bigint, rule: typeof after): ChargedPrice => {
    if (rule === undefined) return { amountMinor: priceMinor, taxMinor: 0n };
    const { netMinor, taxMinor } = taxOf(priceMinor, rule);
    return { amountMinor: netMinor + taxMinor, taxMinor };
  };
  return {
    ...(presentMinor === undefined ? {} : { present: taxed(presentMinor, before) }),
    ...(keptMinor === undefined ? {} : { kept: taxed(keptMinor, after) }),
    ...(offeredMinor === undefined ? {} : { offered: taxed(offeredMinor, after) }),
  };
}

/** Adds impacts to sums by currency, which may be summed so far. */
export function totalImpacts(
  impacts: readonly RenewalImpact[],
  sofar: ReadonlyMap<Currency, ImpactTotal> = new Map(),
): ReadonlyMap<Currency, ImpactTotal> {
  const totals = new Map(sofar);
  for (const { currency, presentMinor = 0n, keptMinor, offered, charged, fault } of impacts) {
    const total = totals.get(currency);
    const isKept = keptMinor !== undefined;
    const nowMinor =
      (total?.charged.presentMinor ?? 0n) + (isKept ? (charged?.present?.amountMinor ?? presentMinor) : 0n);
    const thenMinor = (total?.charged.keptMinor ?? 0n) + (isKept ? (charged?.kept?.amountMinor ?? keptMinor) : 0n);
    const amountMinor = offered?.amountMinor ?? 0n;
    const differenceMinor = offered?.differenceMinor ?? 0n;
    const comparedMinor = offered === undefined ? 0n : presentMinor;
    totals.set(currency, {
      currency,
      subscriptions: (total?.subscriptions ?? 0) + 1,
      compared: (total?.compared ?? 0) + (offered === undefined ? 0 : 1),
      faults: (total?.faults ?? 0) + (fault === undefined ? 0 : 1),
      presentMinor: (total?.presentMinor ?? 0n) + comparedMinor,
      newMinor: (total?.newMinor ?? 0n) + amountMinor,
      differenceMinor: (total?.differenceMinor ?? 0n) + differenceMinor,
      charged: { presentMinor: nowMinor, keptMinor: thenMinor, differenceMinor: thenMinor - nowMinor },
    });
  }
  return totals;
}

function listIn(catalogue: Catalogue, { priceList, workspaceId }: RunningSubscription): PriceList | undefined {
  return priceListById(catalogue, priceList, workspaceId);
}

/** A renewal is priced from the catalogue's terms, whatever a contract allows for new orders. */
function renewalMinor(
  catalogue: Catalogue,
  list: PriceList | undefined,
  { plan, seats, periodMonths, currency }: RunningSubscription,
): bigint | undefined {
  const monthlyMinor = list?.monthlyPriceMinorBySeat[plan];
  const period = catalogue.periods.find((rule) => rule.months === periodMonths);
  if (monthlyMinor === undefined || period === undefined || list?.currency !== currency) return undefined;
  return termUnitMinor(monthlyMinor, period) * BigInt(seats);
}

type Found = {
  readonly next: Catalogue;
  readonly kept: PriceList | undefined;
  readonly keptMinor: bigint | undefined;
  readonly presentMinor: bigint | undefined;
};

function faultOf(
  { next, kept, keptMinor, presentMinor }: Found,
  { plan, periodMonths, currency }: RunningSubscription,
): ImpactFault | undefined {
  if (kept?.currency !== currency) return 'list-missing';
  if (!next.plans.some(({ id }) => id === plan) || kept.monthlyPriceMinorBySeat[plan] === undefined) {
    return 'plan-missing';
  }
  if (!next.periods.some(({ months }) => months === periodMonths)) return 'period-missing';
  return keptMinor === presentMinor ? undefined : 'price-changed';
}

function offerOf(
  next: Catalogue,
  subscription: RunningSubscription,
): { readonly priceList: string; readonly amountMinor: bigint } | undefined {
  const { workspaceId, country, plan, seats, endsOn, periodMonths } = subscription;
  const list = priceListFor(next, country, endsOn, { workspaceId, plan });
  const amountMinor = renewalMinor(next, list, subscription);
  if (list === undefined || amountMinor === undefined) return undefined;
  const isSold = periodsUnder(next, list).some(({ months }) => months === periodMonths);
  return isSold && seats >= (list.contract?.seatsMin ?? 1) ? { priceList: list.id, amountMinor } : undefined;
}
