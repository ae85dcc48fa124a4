import { addOnTerm } from './anchor-month.js';
import { civilDateIn, compare, daysBetween } from './calendar.js';
import type { CivilDate, CivilRange } from './calendar.js';
import type { ChangeRequest } from './change-ground.js';
import { invariant, unreachable } from './invariant.js';
import { extendFromAnchor } from './periods.js';
import type { QuoteBasis } from './priced-change.js';
import { grantPurchase } from './subscription.js';
import type { SubscriptionStatus } from './subscription.js';

/** What can be ordered and paid. */
export type OrderKind = 'purchase' | Exclude<ChangeRequest['kind'], 'scheduled-change' | 'refund'>;

/** Every kind of order. */
export const orderKinds = [
  'purchase',
  'upgrade',
  'add-seats',
  'upgrade-and-add-seats',
  'extension',
  'renewal',
  'add-on',
] as const satisfies readonly OrderKind[];

/** A paid order that is about to be given. `basis`: what it was priced against; a purchase has none. */
export type PaidOrder = {
  readonly kind: OrderKind;
  readonly plan: string;
  readonly seats: number;
  readonly periodMonths: number;
  readonly priceListId: string;
  readonly basis?: QuoteBasis;
  readonly addOn?: { readonly id: string; readonly packages: number; readonly termMonths: number };
};

/** The subscription that a workspace has, or had. */
export type HeldSubscription = {
  readonly status: SubscriptionStatus;
  readonly plan: string;
  readonly seats: number;
  readonly priceListId: string;
  readonly anchorOn: CivilDate;
  readonly endsOn: CivilDate;
};

/** What is known when a paid order is given. */
export type GrantQuestion = {
  readonly order: PaidOrder;
  readonly held?: HeldSubscription;
  readonly now: Date;
  readonly timeZone: string;
  readonly graceDays: number;
  /** First day without the trial. */
  readonly trialEndsOn?: CivilDate;
};

/** Why paid money gives nothing and goes back. */
export type NotGranted = 'subscription_exists' | 'subscription_changed' | 'subscription_ended' | 'add_on_outlives_plan';

/**
 * What a paid order gives.
 * - `term`: paid days, with plan and seats that hold from `startsOn` on.
 * - `rest`: another plan or more seats for the days that are paid already.
 * - `add-on`: packages until `endsOn`.
 * - `refund`: nothing; the money goes back to the payer.
 */
export type GrantDecision =
  | (CivilRange & { readonly kind: 'term'; readonly anchorOn: CivilDate; readonly trialDaysAdded: number })
  | { readonly kind: 'rest' }
  | (CivilRange & { readonly kind: 'add-on' })
  | { readonly kind: 'refund'; readonly reason: NotGranted };

/**
 * Decides what a paid order gives, against the subscription as it is now and not as it was when the order was priced.
 * Nobody pays for what he does not get: a change that was priced against another plan or number of seats is refunded, and
 * a second whole term at the same terms takes the next free days.
 */
export function decideGrant(question: GrantQuestion): GrantDecision {
  const { order, held } = question;
  const today = civilDateIn(question.now, question.timeZone);
  switch (order.kind) {
    case 'purchase':
      return givePurchase(question, today);
    case 'upgrade':
    case 'add-seats':
    case 'upgrade-and-add-seats':
      return refuseStale(order, held, today) ?? { kind: 'rest' };
    case 'extension':
      return giveTerm(question, today, 0);
    case 'renewal':
      return giveTerm(question, today, question.graceDays);
    case 'add-on':
      return giveAddOn(order, held, today);
    default:
      return unreachable(order.kind);
  }
}

/**
 * Says whether an unpaid order still fits the subscription that it was priced against. One that does not would be refunded
 * if it were paid, so it is better cancelled before.
 */
export function stillFits(order: Pick<PaidOrder, 'kind' | 'basis'>, held: HeldSubscription): boolean {
  const { basis } = order;
  if (basis === undefined) return true;
  const isSame = basis.plan === held.plan && basis.seats === held.seats && basis.priceListId === held.priceListId;
  const needsSameEnd = order.kind !== 'extension' && order.kind !== 'renewal';
  // Packages fit any plan and number of seats, as long as they end with it or before.
  if (order.kind === 'add-on') return compare(basis.endsOn, held.endsOn) <= 0;
  return isSame && (!needsSameEnd || basis.endsOn === held.endsOn);
}

function givePurchase({ order, held, now, timeZone, trialEndsOn }: GrantQuestion, today: CivilDate): GrantDecision {
  const { plan, seats, periodMonths, priceListId } = order;
  if (held?.status === 'closed') return { kind: 'refund', reason: 'subscription_ended' };
  const isRunning = held !== undefined && compare(held.endsOn, today) > 0;
  const isSame = held?.plan === plan && held.seats === seats && held.priceListId === priceListId;
  if (isRunning && !isSame) return { kind: 'refund', reason: 'subscription_exists' };
  const { startsOn, endsOn, anchorOn, trialDaysAdded } = grantPurchase({
    ...{ plan, seats, periodMonths, now, timeZone },
    ...(trialEndsOn === undefined ? {} : { trialEndsOn }),
    ...(held === undefined ? {} : { current: { endsOn: held.endsOn, anchorOn: held.anchorOn } }),
  });
  return { kind: 'term', startsOn, endsOn, anchorOn, trialDaysAdded };
}

function refuseStale(
  order: PaidOrder,
  held: HeldSubscription | undefined,
  today: CivilDate,
): Extract<GrantDecision, { kind: 'refund' }> | undefined {
  invariant(order.basis !== undefined, `an order of the kind ${order.kind} was priced against a subscription`);
  if (held?.status !== 'active' || compare(held.endsOn, today) <= 0) {
    return { kind: 'refund', reason: 'subscription_ended' };
  }
  return stillFits(order, held) ? undefined : { kind: 'refund', reason: 'subscription_changed' };
}

function giveTerm({ order, held }: GrantQuestion, today: CivilDate, graceDays: number): GrantDecision {
  invariant(order.basis !== undefined, `an order of the kind ${order.kind} was priced against a subscription`);
  if (held === undefined || held.status === 'closed') return { kind: 'refund', reason: 'subscription_ended' };
  if (!stillFits(order, held)) return { kind: 'refund', reason: 'subscription_changed' };
  const isPast = daysBetween(held.endsOn, today) >= Math.max(graceDays, 1);
  const from = isPast ? { anchorOn: today, endsOn: today } : held;
  const days = extendFromAnchor({ anchorOn: from.anchorOn, endsOn: from.endsOn }, order.periodMonths);
  return { kind: 'term', startsOn: from.endsOn, ...days, trialDaysAdded: 0 };
}

function giveAddOn(order: PaidOrder, held: HeldSubscription | undefined, today: CivilDate): GrantDecision {
  const { addOn } = order;
  invariant(addOn !== undefined, 'an order of an add-on names it');
  if (held?.status !== 'active' || compare(held.endsOn, today) <= 0) {
    return { kind: 'refund', reason: 'subscription_ended' };
  }
  const { anchorOn, endsOn: planEndsOn } = held;
  const term = addOnTerm({ anchorOn, planEndsOn, today, months: addOn.termMonths });
  return term === undefined ? { kind: 'refund', reason: 'add_on_outlives_plan' } : { kind: 'add-on', ...term };
}
