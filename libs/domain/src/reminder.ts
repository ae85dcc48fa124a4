import { daysBetween } from './calendar.js';
import type { CivilDate } from './calendar.js';
import type { SubscriptionStatus } from './subscription.js';

/** What a reminder says will happen at the end of the term. */
export type ReminderVariant = 'will-be-charged' | 'will-expire';

/** Why there is nothing to remind of. */
export type ReminderSkipReason = 'not-active' | 'ended' | 'too-early';

/** Whether a reminder goes out now, and which. */
export type ReminderDecision =
  | { readonly kind: 'send'; readonly variant: ReminderVariant; readonly daysLeft: number }
  | { readonly kind: 'skip'; readonly reason: ReminderSkipReason };

/** A subscription on a day. */
export type ReminderQuestion = {
  /** `endsOn` is the first day without the subscription. */
  readonly subscription: {
    readonly status: SubscriptionStatus;
    readonly endsOn: CivilDate;
    readonly autoRenewal: boolean;
  };
  /** The day that the workspace's clocks show. */
  readonly today: CivilDate;
  /** How many days before the end a reminder is due. Left out when somebody asked for one now, whatever the day. */
  readonly reminderDays?: number;
};

/** Decides whether a subscription needs a reminder now. A reminder that is late still goes out while days are left. */
export function decideReminder({ subscription, today, reminderDays }: ReminderQuestion): ReminderDecision {
  if (subscription.status !== 'active') return { kind: 'skip', reason: 'not-active' };
  const daysLeft = daysBetween(today, subscription.endsOn);
  if (daysLeft <= 0) return { kind: 'skip', reason: 'ended' };
  if (reminderDays !== undefined && daysLeft > reminderDays) return { kind: 'skip', reason: 'too-early' };
  return { kind: 'send', variant: subscription.autoRenewal ? 'will-be-charged' : 'will-expire', daysLeft };
}
