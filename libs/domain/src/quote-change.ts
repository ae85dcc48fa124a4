import { civilDateIn, compare, daysBetween } from './calendar.js';
import type { CivilDate, CivilRange } from './calendar.js';
import { planById, priceListById, priceListFor } from './catalogue.js';
import type { Catalogue, PeriodRule, Plan, PriceList } from './catalogue.js';
import { invariant, unreachable } from './invariant.js';
import { formatDecimal, MAX_AMOUNT_MINOR, money } from './money.js';
import type { Currency } from './money.js';
import { extendFromAnchor } from './periods.js';
import type { AnchoredEnd } from './periods.js';
import { prorate } from './proration.js';
import type { ProrationDerivation } from './proration.js';
import type { QuoteLine, QuoteRefusalCode, QuoteWorkspace } from './quote.js';
import type { Refusal } from './refusal.js';
import type { ProrationConvention } from './term-fraction.js';
import { paidShare, termUnitMinor } from './term-price.js';
import { refuseChange, refuseSubscription } from './quote-change-refusals.js';

/** Days that were paid as one term of `periodMonths` calendar months; trial days may have been added to them. */
export type PaidTerm = CivilRange & { readonly periodMonths: number };

/**
 * A subscription that is about to be changed. `terms` are its paid terms that may still run, in order and without gaps:
 * more than one after an extension. Without `priceListId` it is on the list of the day on which it began. `periodMonths`
 * is the period of its next renewal.
 */
export type SubscriptionToChange = {
  readonly plan: string;
  readonly seats: number;
  readonly periodMonths: number;
  readonly priceListId?: string;
  readonly anchorOn: CivilDate;
  readonly terms: readonly [PaidTerm, ...PaidTerm[]];
  readonly autoRenewal: boolean;
};

/** What is to be changed. `seats` are the seats that come on top. */
export type ChangeRequest =
  | { readonly kind: 'upgrade'; readonly plan: string }
  | { readonly kind: 'add-seats'; readonly seats: number }
  | { readonly kind: 'upgrade-and-add-seats'; readonly plan: string; readonly seats: number }
  | { readonly kind: 'extension'; readonly periodMonths: number }
  | { readonly kind: 'renewal' };

/** A wish to change a subscription, before anything about it was checked. */
export type ChangeWish = {
  readonly catalogue: Catalogue;
  readonly workspace: QuoteWorkspace;
  readonly subscription: SubscriptionToChange;
  readonly change: ChangeRequest;
  readonly now: Date;
  /** How the part of a term that is left is counted; `day` when left out. */
  readonly convention?: ProrationConvention;
};

/** How a prorated line came about: the price of one seat for a whole term, and then the part of the term. */
export type ChangeDerivation = {
  readonly monthlyMinor: bigint;
  /** The monthly price that was paid already, where a plan changes. */
  readonly fromMonthlyMinor?: bigint;
  readonly payMonths: number;
  readonly percentOff?: string;
  readonly proration: ProrationDerivation;
};

/** A line that charges for the rest of a term. `unitMinor` is the price, or difference of prices, for the whole term. */
export type ChangeLine = {
  readonly description:
    | { readonly kind: 'plan-upgrade'; readonly plan: string; readonly planName: string; readonly fromPlan: string }
    | { readonly kind: 'added-seats'; readonly plan: string; readonly planName: string };
  readonly term: PaidTerm;
  readonly quantity: number;
  readonly unitMinor: bigint;
  readonly amountMinor: bigint;
  readonly derivation: ChangeDerivation;
};

/**
 * A change, priced. Amounts are minor units. Plan, seats and days are those that the subscription has once this is paid;
 * `atRenewal` is what the next term then costs at the same price list, and the day on which it begins.
 */
export type PricedChange = AnchoredEnd & {
  readonly kind: ChangeRequest['kind'];
  readonly plan: string;
  readonly seats: number;
  readonly periodMonths: number;
  readonly priceListId: string;
  readonly catalogueVersion: string;
  readonly currency: Currency;
  readonly amountMinor: bigint;
  readonly lines: readonly (ChangeLine | QuoteLine)[];
  /** First day on which what is bought here holds. */
  readonly startsOn: CivilDate;
  readonly atRenewal: {
    readonly on: CivilDate;
    readonly amountMinor: bigint;
    readonly derivation: QuoteLine['derivation'];
  };
};

/** Why a change is not priced. `not_an_upgrade`: the wanted plan costs no more than the present one. */
export type ChangeRefusalCode = QuoteRefusalCode | 'not_an_upgrade' | 'subscription_ended' | 'auto_renewal_on';

/** A priced change, or the first reason why there is none. */
export type ChangeOutcome =
  | { readonly kind: 'quoted'; readonly quote: PricedChange }
  | ({ readonly kind: 'refused' } & Refusal<ChangeRefusalCode>);

/** What a change is priced from, once the subscription has been found to be sound. */
export type ChangeGround = ChangeWish & {
  readonly plan: Plan;
  readonly priceList: PriceList;
  readonly period: PeriodRule;
  readonly today: CivilDate;
  readonly endsOn: CivilDate;
};

/** Days after the end during which a renewal still counts from the old end. */
export const RENEWAL_GRACE_DAYS = 3;

/**
 * Prices a change of a subscription at the price list that it is on. Upgrades and added seats cost the price for the rest
 * of every paid term, counted in the workspace's time zone, and leave the end as it is; an upgrade is charged as the
 * difference of two prices, so it never costs less than nothing. Extension and renewal cost whole terms: they begin
 * at the end that is paid for or, once that is past (for a renewal: by the days of grace), today.
 */
export function quoteChange(wish: ChangeWish): ChangeOutcome {
  const ground = groundOf(wish);
  if (ground.kind === 'refused') return ground;
  const refusal = refuseChange(ground.ground, wish.change);
  if (refusal !== undefined) return { kind: 'refused', ...refusal };
  const { change } = wish;
  switch (change.kind) {
    case 'upgrade':
      return priceRest(ground.ground, { planId: change.plan, addedSeats: 0 });
    case 'add-seats':
      return priceRest(ground.ground, { planId: ground.ground.plan.id, addedSeats: change.seats });
    case 'upgrade-and-add-seats':
      return priceRest(ground.ground, { planId: change.plan, addedSeats: change.seats });
    case 'extension':
      return priceTerm(ground.ground, change.periodMonths, 0);
    case 'renewal':
      return priceTerm(ground.ground, wish.subscription.periodMonths, RENEWAL_GRACE_DAYS);
    default:
      return unreachable(change);
  }
}

type GroundOutcome =
  | { readonly kind: 'sound'; readonly ground: ChangeGround }
  | ({ readonly kind: 'refused' } & Refusal<ChangeRefusalCode>);

function groundOf(wish: ChangeWish): GroundOutcome {
  const { catalogue, subscription, workspace } = wish;
  const plan = planById(catalogue, subscription.plan);
  const priceList = listOf(wish);
  const period = periodOf(catalogue, subscription.periodMonths);
  const isPriced =
    plan !== undefined &&
    priceList?.currency === workspace.currency &&
    priceList.monthlyPriceMinorBySeat[plan.id] !== undefined;
  if (!isPriced || period === undefined) return { kind: 'refused', ...refuseSubscription(wish, plan, priceList) };
  const unsold = subscription.terms.find((term) => periodOf(catalogue, term.periodMonths) === undefined);
  if (unsold !== undefined) {
    const refused = { ...wish, subscription: { ...subscription, periodMonths: unsold.periodMonths } };
    return { kind: 'refused', ...refuseSubscription(refused, plan, priceList) };
  }
  const endsOn = subscription.terms.reduce((_, term) => term.endsOn, subscription.terms[0].endsOn);
  const today = civilDateIn(wish.now, workspace.timeZone);
  return { kind: 'sound', ground: { ...wish, plan, priceList, period, today, endsOn } };
}

/** The list that a subscription is on: it keeps that of its first day, whatever has become valid since. */
function listOf({ catalogue, subscription, workspace }: ChangeWish): PriceList | undefined {
  const { priceListId, anchorOn, terms } = subscription;
  if (priceListId !== undefined) return priceListById(catalogue, priceListId, workspace.id);
  // The anchor moves behind the first day when days of a trial are added, and stays before it after a renewal.
  const firstDay = compare(anchorOn, terms[0].startsOn) < 0 ? anchorOn : terms[0].startsOn;
  const buyer = { workspaceId: workspace.id, plan: subscription.plan };
  return priceListFor(catalogue, workspace.country, firstDay, buyer);
}

function priceRest(ground: ChangeGround, wanted: { planId: string; addedSeats: number }): ChangeOutcome {
  const { catalogue, subscription, today, endsOn } = ground;
  const plan = planById(catalogue, wanted.planId);
  invariant(plan !== undefined, `the plan ${wanted.planId} should have been refused`);
  const running = subscription.terms.filter((term) => compare(term.endsOn, today) > 0);
  const lines = running.flatMap((term) => restLines(ground, { term, plan, addedSeats: wanted.addedSeats }));
  const seats = subscription.seats + wanted.addedSeats;
  const days = { startsOn: today, endsOn, anchorOn: subscription.anchorOn };
  return outcome(ground, { plan, seats, lines, periodMonths: subscription.periodMonths, ...days });
}

function restLines(ground: ChangeGround, bought: { term: PaidTerm; plan: Plan; addedSeats: number }): ChangeLine[] {
  const { subscription, plan: fromPlan, priceList, catalogue } = ground;
  const { term, plan, addedSeats } = bought;
  const period = periodOf(catalogue, term.periodMonths);
  invariant(period !== undefined, `the period ${term.periodMonths} should have been refused`);
  const monthlyMinor = monthlyOf(priceList, plan);
  const lines: ChangeLine[] = [];
  if (plan.id !== fromPlan.id) {
    const description = { kind: 'plan-upgrade', plan: plan.id, planName: plan.name, fromPlan: fromPlan.id } as const;
    const fromMonthlyMinor = monthlyOf(priceList, fromPlan);
    const price = { monthlyMinor, fromMonthlyMinor };
    lines.push({ description, term, ...restOf(ground, { ...term, period }, price, subscription.seats) });
  }
  if (addedSeats > 0) {
    const description = { kind: 'added-seats', plan: plan.id, planName: plan.name } as const;
    lines.push({
      description,
      term,
      ...restOf(ground, { ...term, period }, { monthlyMinor }, addedSeats),
    });
  }
  return lines;
}

function restOf(
  { workspace, priceList, now, convention = 'day' }: ChangeGround,
  { startsOn, endsOn, period }: PaidTerm & { readonly period: PeriodRule },
  price: { monthlyMinor: bigint; fromMonthlyMinor?: bigint },
  quantity: number,
): Omit<ChangeLine, 'description' | 'term'> {
  // Each price is the one that is shown for a whole term, so an upgrade on the first day costs just their difference.
  const unitMinor = termUnitMinor(price.monthlyMinor, period) - termUnitMinor(price.fromMonthlyMinor ?? 0n, period);
  const term = { convention, timeZone: workspace.timeZone, start: startsOn, end: endsOn };
  const { lines } = prorate({ term, at: now, currency: priceList.currency, lines: [{ quantity, unitMinor }] });
  const [line] = lines;
  invariant(line !== undefined, 'one line was prorated');
  const derivation = { ...price, ...paidShare(period), proration: line.derivation };
  return { quantity, unitMinor, amountMinor: line.amountMinor, derivation };
}

function priceTerm(ground: ChangeGround, periodMonths: number, graceDays: number): ChangeOutcome {
  const { subscription, plan, today, endsOn } = ground;
  const period = periodOf(ground.catalogue, periodMonths);
  invariant(period !== undefined, `the period ${periodMonths} should have been refused`);
  const isPast = daysBetween(endsOn, today) >= Math.max(graceDays, 1);
  const from = isPast ? { anchorOn: today, endsOn: today } : { anchorOn: subscription.anchorOn, endsOn };
  const lines = [termLine(ground.priceList, plan, period, subscription.seats)];
  const days = { startsOn: from.endsOn, ...extendFromAnchor(from, periodMonths) };
  return outcome(ground, { plan, seats: subscription.seats, lines, periodMonths, ...days });
}

function termLine(priceList: PriceList, plan: Plan, period: PeriodRule, seats: number): QuoteLine {
  const monthlyMinor = monthlyOf(priceList, plan);
  const unitMinor = termUnitMinor(monthlyMinor, period);
  return {
    description: { kind: 'plan-seats', plan: plan.id, planName: plan.name, periodMonths: period.months },
    quantity: seats,
    unitMinor,
    amountMinor: unitMinor * BigInt(seats),
    derivation: { seats, monthlyMinor, ...paidShare(period) },
  };
}

type Priced = Pick<PricedChange, 'seats' | 'periodMonths' | 'lines' | 'startsOn' | 'endsOn' | 'anchorOn'> & {
  readonly plan: Plan;
};

function outcome(ground: ChangeGround, { plan, ...priced }: Priced): ChangeOutcome {
  const { catalogue, priceList, change } = ground;
  const amountMinor = priced.lines.reduce((sum, line) => sum + line.amountMinor, 0n);
  if (amountMinor <= 0n || amountMinor > MAX_AMOUNT_MINOR) {
    const wanted = `more than nothing and at most ${formatDecimal(money(MAX_AMOUNT_MINOR, priceList.currency))}`;
    return { kind: 'refused', code: 'amount_out_of_range', field: 'amountMinor', found: String(amountMinor), wanted };
  }
  const period = periodOf(catalogue, priced.periodMonths);
  invariant(period !== undefined, `the period ${priced.periodMonths} should have been refused`);
  const renewal = termLine(priceList, plan, period, priced.seats);
  const quote: PricedChange = {
    kind: change.kind,
    plan: plan.id,
    ...priced,
    priceListId: priceList.id,
    catalogueVersion: catalogue.version,
    currency: priceList.currency,
    amountMinor,
    atRenewal: { on: priced.endsOn, amountMinor: renewal.amountMinor, derivation: renewal.derivation },
  };
  return { kind: 'quoted', quote };
}

function periodOf(catalogue: Catalogue, months: number): PeriodRule | undefined {
  return catalogue.periods.find((rule) => rule.months === months);
}

function monthlyOf(priceList: PriceList, plan: Plan): bigint {
  const monthlyMinor = priceList.monthlyPriceMinorBySeat[plan.id];
  invariant(monthlyMinor !== undefined, `price list ${priceList.id} has no price for the plan ${plan.id}`);
  return monthlyMinor;
}
