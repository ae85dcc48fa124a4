import { civilDateIn, compare } from './calendar.js';
import type { CivilDate } from './calendar.js';
import { limitsUnder, periodsUnder, planById, priceListById, priceListFor } from './catalogue.js';
import type { AddOn, Catalogue, LimitRules, PeriodRule, Plan, PriceList } from './catalogue.js';
import { invariant } from './invariant.js';
import { refuseSubscription } from './quote-refusals.js';
import type { ChangeRefusalCode } from './quote-refusals.js';
import type { QuoteWorkspace } from './quote.js';
import { addOnLine, termLine } from './quote-lines.js';
import type { AddOnLine, QuoteLine, TermDays } from './quote-lines.js';
import type { Refusal } from './refusal.js';
import type { PaidTax } from './tax.js';
import type { ProrationConvention } from './term-fraction.js';

/**
 * A paid term of a subscription. `priceListId`: the list it was sold under, where that is not the subscription's.
 * `paidMinor`: what was paid for its seats so far, tax and all, less what was given back; without it nothing is given back. `paidTax`: how
 * that came about, where some of it was taxed.
 */
export type PaidTerm = TermDays & {
  readonly priceListId?: string;
  readonly paidMinor?: bigint;
  readonly paidTax?: PaidTax;
};

/** What the next term shall be; what is left out stays as it is. */
export type NextTerm = { readonly plan?: string; readonly seats?: number; readonly periodMonths?: number };

/** Packages that a subscription has until `endsOn`. */
export type HeldAddOn = { readonly addOn: string; readonly packages: number; readonly endsOn: CivilDate };

/**
 * A subscription that is about to be changed. `terms` are its paid terms that may still run, in order and without gaps:
 * more than one after an extension. Without `priceListId` it is on the list of the day on which it began. `periodMonths`
 * is the period of its next renewal. `nextPriceListId`: the list to which staff moved it, from the next term on.
 */
export type SubscriptionToChange = {
  readonly plan: string;
  readonly seats: number;
  readonly periodMonths: number;
  readonly priceListId?: string;
  readonly anchorOn: CivilDate;
  readonly terms: readonly [PaidTerm, ...PaidTerm[]];
  readonly autoRenewal: boolean;
  readonly scheduled?: NextTerm;
  readonly nextPriceListId?: string;
  readonly addOns?: readonly HeldAddOn[];
};

/**
 * What is to be changed. `seats` of added seats come on top; of a scheduled change they are all seats of the next term; of
 * a refund they are those given back, and all without it.
 */
export type ChangeRequest =
  | { readonly kind: 'upgrade'; readonly plan: string }
  | { readonly kind: 'add-seats'; readonly seats: number }
  | { readonly kind: 'upgrade-and-add-seats'; readonly plan: string; readonly seats: number }
  | { readonly kind: 'extension'; readonly periodMonths: number }
  | { readonly kind: 'renewal' }
  | { readonly kind: 'add-on'; readonly addOn: string; readonly packages: number; readonly termMonths: number }
  | ({ readonly kind: 'scheduled-change' } & NextTerm)
  | { readonly kind: 'refund'; readonly seats?: number };

/** A wish to change a subscription, before anything about it was checked. */
export type ChangeWish = {
  readonly catalogue: Catalogue;
  readonly workspace: QuoteWorkspace;
  readonly subscription: SubscriptionToChange;
  readonly change: ChangeRequest;
  readonly now: Date;
  /** How the part of a term that is left is counted; the catalogue's when left out. */
  readonly convention?: ProrationConvention;
};

/** What a change is priced from, once the subscription has been found to be sound. */
export type ChangeGround = ChangeWish & {
  readonly plan: Plan;
  readonly priceList: PriceList;
  readonly period: PeriodRule;
  readonly today: CivilDate;
  readonly endsOn: CivilDate;
};

/** A subscription that can be priced, or why it cannot. */
export type GroundOutcome =
  | { readonly kind: 'sound'; readonly ground: ChangeGround }
  | ({ readonly kind: 'refused' } & Refusal<ChangeRefusalCode>);

/** Finds what a change is priced from: plan, list and periods that are on sale, the workspace's day, the paid end. */
export function groundOf(wish: ChangeWish): GroundOutcome {
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
function listOf(wish: ChangeWish): PriceList | undefined {
  const { catalogue, subscription, workspace } = wish;
  if (subscription.priceListId !== undefined) {
    return priceListById(catalogue, subscription.priceListId, workspace.id);
  }
  const buyer = { workspaceId: workspace.id, plan: subscription.plan };
  return priceListFor(catalogue, workspace.country, firstDayOf(subscription), buyer);
}

/** The anchor moves behind the first day when days of a trial are added, and stays before it after a renewal. */
function firstDayOf({ anchorOn, terms }: SubscriptionToChange): CivilDate {
  return compare(anchorOn, terms[0].startsOn) < 0 ? anchorOn : terms[0].startsOn;
}

/**
 * The list under which a plan is bought by a subscription: its own, or a list of the workspace's that prices what its own
 * does not, such as a contract. Undefined when there is none.
 */
export function listForPlan(ground: ChangeGround, planId: string): PriceList | undefined {
  const { catalogue, workspace, priceList, today } = ground;
  if (priceList.monthlyPriceMinorBySeat[planId] !== undefined) return priceList;
  const other = priceListFor(catalogue, workspace.country, today, { workspaceId: workspace.id, plan: planId });
  const isPriced = other?.currency === workspace.currency && other.monthlyPriceMinorBySeat[planId] !== undefined;
  return isPriced ? other : undefined;
}

/** What a package costs a month, for a subscription: at its own list, or where that is silent at the open list of its first day. */
export function addOnMonthlyMinor(ground: ChangeGround, addOnId: string): bigint | undefined {
  const { catalogue, workspace, priceList, subscription } = ground;
  const own = priceList.monthlyPriceMinorByAddOn[addOnId];
  if (own !== undefined) return own;
  const open = priceListFor(catalogue, workspace.country, firstDayOf(subscription));
  return open?.currency === workspace.currency ? open.monthlyPriceMinorByAddOn[addOnId] : undefined;
}

/** A term that is to be bought: everything about it is known to be for sale. */
export type TermToBuy = {
  readonly plan: Plan;
  readonly seats: number;
  readonly periodMonths: number;
  readonly priceList: PriceList;
};

/** The term that runs, as it would be bought again. */
export function presentTerm({ plan, priceList, subscription, period }: ChangeGround): TermToBuy {
  return { plan, seats: subscription.seats, periodMonths: period.months, priceList };
}

/** The term after the paid ones: what was scheduled and the list that staff chose, else what there is. */
export function nextTerm(ground: ChangeGround, scheduled: NextTerm = ground.subscription.scheduled ?? {}): TermToBuy {
  const { catalogue, subscription, workspace } = ground;
  const plan = planById(catalogue, scheduled.plan ?? subscription.plan) ?? ground.plan;
  const { nextPriceListId } = subscription;
  const moved = nextPriceListId === undefined ? undefined : priceListById(catalogue, nextPriceListId, workspace.id);
  const isMoved = moved?.currency === workspace.currency && moved.monthlyPriceMinorBySeat[plan.id] !== undefined;
  const priceList = isMoved ? moved : listForPlan(ground, plan.id);
  invariant(priceList !== undefined, () => `the plan ${plan.id} should have been refused`);
  const wanted = scheduled.periodMonths ?? subscription.periodMonths;
  const sold = periodsUnder(catalogue, priceList);
  // A contract may have other terms than the one of before; the first of them is then the next.
  const periodMonths = sold.some(({ months }) => months === wanted) ? wanted : (sold[0]?.months ?? wanted);
  return { plan, seats: scheduled.seats ?? subscription.seats, periodMonths, priceList };
}

/** The paid terms that today lies in or before. */
export function runningTerms({ subscription, today }: ChangeGround): readonly PaidTerm[] {
  return subscription.terms.filter((term) => compare(term.endsOn, today) > 0);
}

/** The list at which a plan is priced within a paid term: the one that the term was sold under, or where that is silent the other. */
export function listOfTerm(
  { catalogue, workspace, priceList }: ChangeGround,
  { priceListId }: PaidTerm,
  { planId, otherwise }: { readonly planId: string; readonly otherwise: PriceList },
): PriceList {
  const own = priceListId === undefined ? priceList : priceListById(catalogue, priceListId, workspace.id);
  return own?.monthlyPriceMinorBySeat[planId] === undefined ? otherwise : own;
}

/** A whole term: all seats, and the packages that go on with it. */
export function linesOfTerm(
  ground: ChangeGround,
  { plan, seats, periodMonths, priceList }: TermToBuy,
): readonly QuoteLine[] {
  const period = periodOf(ground.catalogue, periodMonths);
  invariant(period !== undefined, () => `the period ${periodMonths} should have been refused`);
  const packages = packagesOfTerm(ground, { plan, priceList }).flatMap((held): AddOnLine[] => {
    const addOn = ground.catalogue.addOns.find(({ id }) => id === held.addOn);
    const monthlyMinor = addOnMonthlyMinor(ground, held.addOn);
    if (addOn === undefined || monthlyMinor === undefined) return [];
    return [addOnLine(addOn, monthlyMinor, held.packages, periodMonths)];
  });
  return [termLine(priceList, plan, period, seats), ...packages];
}

/** The packages that go on with a term of a plan: they run to the end of the term before, and the plan counts what they are for. */
export function packagesOfTerm(
  { catalogue, subscription, endsOn }: ChangeGround,
  { plan, priceList }: Pick<TermToBuy, 'plan' | 'priceList'>,
): readonly HeldAddOn[] {
  const limits = limitsUnder(catalogue, plan, priceList.id);
  return (subscription.addOns ?? []).filter((held) => {
    const addOn = catalogue.addOns.find(({ id }) => id === held.addOn);
    return addOn !== undefined && isCounted(limits, addOn) && compare(held.endsOn, endsOn) >= 0;
  });
}

/** Whether a plan counts what an add-on raises; packages are worth nothing where there is no limit, or none of it. */
export function isCounted(limits: LimitRules, addOn: AddOn): boolean {
  const rule = limits[addOn.limit];
  return rule !== undefined && rule.kind !== 'none' && rule.kind !== 'unlimited';
}

/** The catalogue's rule for a term of so many months. */
export function periodOf(catalogue: Catalogue, months: number): PeriodRule | undefined {
  return catalogue.periods.find((rule) => rule.months === months);
}
