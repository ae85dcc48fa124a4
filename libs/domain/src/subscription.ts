import { addDays, addMonths, civilDateIn, compare, daysBetween } from './calendar.js';
import type { CivilDate, CivilRange } from './calendar.js';
import { invariant } from './invariant.js';
import type { Transitions } from './machine.js';
import { extendFromAnchor } from './periods.js';

/** Where a subscription stands. `closed`: ended for good, by a refund of its rest or by staff. */
export type SubscriptionStatus = 'active' | 'expired' | 'closed';

/** The state in which every subscription begins. */
export const initialSubscriptionStatus: SubscriptionStatus = 'active';

/** Which states may follow each state of a subscription. */
export const subscriptionTransitions: Transitions<SubscriptionStatus> = {
  active: ['expired', 'closed'],
  expired: ['active', 'closed'],
  closed: [],
};

/** States of a subscription that nothing follows. */
export const terminalSubscriptionStatuses: readonly SubscriptionStatus[] = ['closed'];

/** A paid purchase that is about to be given to its workspace. */
export type PurchaseToGrant = {
  readonly plan: string;
  readonly seats: number;
  readonly periodMonths: number;
  readonly now: Date;
  readonly timeZone: string;
  /** First day without the trial. Days left of it are given on top, with the first purchase only. */
  readonly trialEndsOn?: CivilDate;
  /** The subscription that the workspace has, or had. */
  readonly current?: { readonly endsOn: CivilDate; readonly anchorOn: CivilDate };
};

/**
 * What a purchase gives: a plan and seats for the civil days from `startsOn` up to, but without, `endsOn`, in the
 * workspace's time zone. `endsOn` is always a whole number of months after `anchorOn`, or the anchor itself.
 */
export type Grant = CivilRange & {
  readonly plan: string;
  readonly seats: number;
  readonly anchorOn: CivilDate;
  readonly trialDaysAdded: number;
};

/**
 * Turns a paid purchase into days. It starts today in the workspace's time zone, or on the day on which a subscription
 * that still runs ends, so that paid days never overlap. The end counts from the anchor, clamped to the month's last
 * day; trial days left are added to it once, and the anchor then moves to that end, from which later terms count.
 */
export function grantPurchase(purchase: PurchaseToGrant): Grant {
  const { plan, seats, periodMonths, current } = purchase;
  invariant(
    Number.isInteger(periodMonths) && periodMonths >= 1,
    () => `a term has whole months, found ${periodMonths}`,
  );
  const today = civilDateIn(purchase.now, purchase.timeZone);
  if (current !== undefined && compare(current.endsOn, today) > 0) {
    return { plan, seats, startsOn: current.endsOn, ...extendFromAnchor(current, periodMonths), trialDaysAdded: 0 };
  }
  const termEndsOn = addMonths(today, periodMonths);
  const trialEndsOn = current === undefined ? purchase.trialEndsOn : undefined;
  const trialDaysAdded = trialEndsOn === undefined ? 0 : Math.max(0, daysBetween(today, trialEndsOn));
  const endsOn = addDays(termEndsOn, trialDaysAdded);
  return { plan, seats, startsOn: today, endsOn, anchorOn: trialDaysAdded > 0 ? endsOn : today, trialDaysAdded };
}

/** Writes a range of days the way mathematics and PostgreSQL do, half-open: "[2026-09-01,2027-03-01)". */
export function paidRange(range: CivilRange): string {
  return `[${range.startsOn},${range.endsOn})`;
}
