import {
  anchorMonth,
  bringCredits,
  civilDate,
  civilDateIn,
  compare,
  creditsGranted,
  invariant,
  limitsUnder,
  monthlyCredits,
  planById,
  startOfDay,
  TRIAL_SEATS,
  trialStanding,
} from '@billfleet/domain';
import type {
  Catalogue,
  CivilDate,
  CreditAccount,
  CreditClaim,
  Entitlement,
  Entitlements,
  SubscriptionStatus,
} from '@billfleet/domain';
import type { MeterRow, MovementRow, UsageGround } from '@billfleet/store';

/** What a workspace may use at an instant, and the periods in which it is counted. */
export type Standing = {
  readonly status: SubscriptionStatus | 'trialing' | 'trial_ended' | 'none';
  readonly limits: Entitlements;
  /** The day from which its months are counted. */
  readonly anchorOn: CivilDate;
  /** First day without the paid term, or the trial; null where there is neither. */
  readonly endsOn: CivilDate | null;
};

/** Months of a workspace that has nothing begin with the months of the calendar. */
const NO_ANCHOR = civilDate('2000-01-01');

/** Where a workspace stands at an instant: on its subscription, else on its trial, else on nothing. */
export function standingOf(catalogue: Catalogue, ground: UsageGround, now: Date): Standing {
  const { subscription, trialEndsOn, timeZone } = ground;
  if (subscription !== null) return subscription;
  if (trialEndsOn === null) {
    const limits = Object.fromEntries(catalogue.limits.map(({ name }) => [name, 'none' as const]));
    return { status: 'none', limits, anchorOn: NO_ANCHOR, endsOn: null };
  }
  const { startsOn: anchorOn, ...trial } = trialStanding(catalogue, trialEndsOn, civilDateIn(now, timeZone));
  return { ...trial, anchorOn };
}

/** The instants at which the month of a standing begins and ends that holds an instant. */
export function monthAt(
  anchorOn: CivilDate,
  timeZone: string,
  now: Date,
): { readonly startsAt: Date; readonly endsAt: Date } {
  const { startsOn, endsOn } = anchorMonth(anchorOn, civilDateIn(now, timeZone));
  return { startsAt: startOfDay(startsOn, timeZone), endsAt: startOfDay(endsOn, timeZone) };
}

/** A meter that resets, in the month that holds an instant: once its month has ended, or before it has one, it counts from nothing. */
export function rollMeter(row: MeterRow, anchorOn: CivilDate, timeZone: string, now: Date): MeterRow {
  if (row.monthEndsAt !== null && row.monthEndsAt.getTime() > now.getTime()) return row;
  const { startsAt, endsAt } = monthAt(anchorOn, timeZone, now);
  return { ...row, used: 0, firstUsed: 0, since: startsAt, observedAt: null, monthEndsAt: endsAt };
}

/** The limit of a meter; what the catalogue names and a standing does not is none. */
export const limitOf = (limits: Entitlements, meter: string): Entitlement => limits[meter] ?? 'none';

/** The credits that a workspace may have at an instant; undefined where its paid term or its trial has ended. */
export function claimOf(catalogue: Catalogue, ground: UsageGround, now: Date): CreditClaim | undefined {
  const { creditLimit } = catalogue.usage;
  const { subscription, trialEndsOn, packages, timeZone } = ground;
  if (creditLimit === undefined) return undefined;
  const today = civilDateIn(now, timeZone);
  if (subscription === null) {
    if (trialEndsOn === null) return undefined;
    const { status, startsOn: anchorOn } = trialStanding(catalogue, trialEndsOn, today);
    const monthly = monthlyCredits(catalogue.trial, TRIAL_SEATS, creditLimit);
    return status === 'trialing' ? { basis: 'trial', anchorOn, monthly, packages: [] } : undefined;
  }
  const { status, anchorOn, endsOn, pending } = subscription;
  // A term that begins today counts from its first instant on, whether or not the subscription was turned to it already.
  const begun = pending.filter(({ startsOn }) => compare(startsOn, today) <= 0).at(-1);
  const { plan: planId, seats, priceListId } = begun ?? subscription;
  if (status !== 'active' || compare(endsOn, today) <= 0) return undefined;
  const plan = planById(catalogue, planId);
  invariant(plan !== undefined, `a subscription is on the plan ${planId}, which the catalogue lacks`);
  const monthly = monthlyCredits({ limits: limitsUnder(catalogue, plan, priceListId) }, seats, creditLimit);
  return { basis: 'plan', anchorOn, monthly, packages: packages.filter(({ limitName }) => limitName === creditLimit) };
}

/** A workspace's credits at an instant, with the movements that brought them there and are not stored yet. */
export type CreditBook = {
  readonly ground: UsageGround;
  readonly claim: CreditClaim | undefined;
  readonly account: CreditAccount | undefined;
  readonly movements: readonly MovementRow[];
  /** Whether a month was granted that was not there before. */
  readonly isNewMonth: boolean;
  /** Whether anything has to be stored. */
  readonly isChanged: boolean;
};

/** Brings an account up to an instant: whoever looks on or after the anchor day sees the new month's credits. */
export function bringBook(
  catalogue: Catalogue,
  ground: UsageGround,
  before: CreditAccount | undefined,
  now: Date,
): CreditBook {
  const claim = claimOf(catalogue, ground, now);
  const { account, movements, isNewMonth } = bringCredits(before, claim, civilDateIn(now, ground.timeZone));
  const rows = movements.map((movement) => {
    const month = movement.kind === 'expire' ? before : account;
    invariant(month !== undefined, `credits of ${ground.workspaceId} moved without a month`);
    return {
      ...movement,
      ...{ workspaceId: ground.workspaceId, monthStartsOn: month.monthStartsOn, spend: null, at: now },
    };
  });
  const isChanged = isNewMonth || rows.length > 0 || (before !== undefined && account === undefined);
  return { ground, claim, account, movements: rows, isNewMonth, isChanged };
}

/** When the next month's credits come; null where no month runs. */
export function nextGrantAt({ account, ground }: Pick<CreditBook, 'account' | 'ground'>): Date | null {
  return account === undefined ? null : startOfDay(account.monthEndsOn, ground.timeZone);
}

/** What the spending of a month is measured against: what was granted for it. */
export function creditLimitOf({ account, claim }: Pick<CreditBook, 'account' | 'claim'>): Entitlement {
  if (account === undefined || claim === undefined) return 'none';
  return claim.monthly === 'unlimited' ? 'unlimited' : { amount: creditsGranted(account) };
}
