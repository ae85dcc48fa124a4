import { addDays, hourOfDay, startOfDay } from './calendar.js';
import type { CivilDate } from './calendar.js';
import type { RenewalRules } from './catalogue.js';
import type { OrderStatus } from './order.js';
import type { ReminderVariant } from './reminder.js';
import type { SubscriptionStatus } from './subscription.js';

/** The hour of the workspace's day at which people are written to and charged. */
const DUE_HOUR = 9;
const HOUR_MS = 3_600_000;

/** The instants at which something is due around the end of one term, in this order. */
export type RenewalMoments = {
  readonly remindAt: Date;
  readonly chargeAt: Date;
  /** First instant without the subscription. */
  readonly endsAt: Date;
  /** From here on a renewal counts from its payment. */
  readonly graceEndsAt: Date;
};

/** The moments of a term that ends on a civil day of a zone. Days count on the calendar there, so a change of clocks moves nothing. */
export function renewalMoments(endsOn: CivilDate, timeZone: string, rules: RenewalRules): RenewalMoments {
  const dueOn = (daysBefore: number): Date => hourOfDay(addDays(endsOn, -daysBefore), DUE_HOUR, timeZone);
  return {
    remindAt: dueOn(rules.reminderDays),
    chargeAt: dueOn(rules.chargeDays),
    endsAt: startOfDay(endsOn, timeZone),
    graceEndsAt: startOfDay(addDays(endsOn, rules.graceDays), timeZone),
  };
}

/** The order of a term's renewal, as far as there is one. */
export type RenewalOrder = {
  readonly status: OrderStatus;
  /** Whether there is another way than a charge by which its payer may pay it right now, such as a page. */
  readonly isOpenToPayer: boolean;
};

/** What is known of a term that comes to its end. */
export type RenewalQuestion = {
  readonly subscription: {
    readonly status: SubscriptionStatus;
    /** Whether the renewal is charged by itself: automatic renewal is on, and there is a method to charge. */
    readonly willCharge: boolean;
  };
  /** Whether the reminder of this term has been decided already. */
  readonly isReminded: boolean;
  readonly order?: RenewalOrder;
  /** Whether a charge of any renewal of the workspace has no answer yet, also of an order that was taken back since. */
  readonly isCharging: boolean;
  /** Charges so far, and when the next one may be made. */
  readonly tries: number;
  readonly nextTryAt?: Date;
  /** Whether the present method was declined for good. */
  readonly isMethodSpent: boolean;
  readonly now: Date;
  readonly moments: RenewalMoments;
  readonly rules: Pick<RenewalRules, 'attempts' | 'retryHours'>;
};

/** What a term needs now, and when to look at it again; without `nextAt` nothing will ever be due for it. */
export type RenewalDecision = {
  /** `suppressed`: its moment has passed and it would not be true any more. */
  readonly reminder?: ReminderVariant | 'suppressed';
  /** The order is made, or charged; `charge` makes the order that is not there yet. */
  readonly action?: 'order' | 'charge';
  readonly nextAt?: Date;
};

/**
 * Decides what the end of a term needs at an instant, however late or often it is asked: one reminder, one order, and a
 * charge of the stored method that is repeated while it is declined. Reads no clock and changes nothing.
 */
export function decideRenewal(question: RenewalQuestion): RenewalDecision {
  const { subscription, now, moments, isReminded } = question;
  if (subscription.status === 'closed') return {};
  if (now < moments.remindAt) return { nextAt: moments.remindAt };
  if (now >= moments.graceEndsAt) {
    return {
      ...(isReminded ? {} : { reminder: 'suppressed' as const }),
      // Somebody has yet to note the end; an extension that is about to be given still counts.
      ...(subscription.status === 'active' ? { nextAt: new Date(now.getTime() + HOUR_MS) } : {}),
    };
  }
  const action = actionOf(question);
  const reminder = isReminded ? undefined : reminderOf(question, action);
  return {
    ...(reminder === undefined ? {} : { reminder }),
    ...(action === undefined ? {} : { action }),
    nextAt: nextAt(question, action),
  };
}

/** The first moment after `now` of those that are known from the end alone; undefined when all have passed. */
export function nextMoment(moments: RenewalMoments, now: Date): Date | undefined {
  const { remindAt, chargeAt, endsAt, graceEndsAt } = moments;
  return earliest([remindAt, chargeAt, endsAt, graceEndsAt].filter((moment) => moment > now));
}

/** After these states a term has no order any more; one that its customer cancelled he does not want. */
const GONE: readonly OrderStatus[] = ['expired', 'refund_due', 'refunded'];

function actionOf(question: RenewalQuestion): RenewalDecision['action'] {
  const { subscription, order, tries, nextTryAt, now, moments, rules, isMethodSpent } = question;
  // A charge may have had its effect, and then a second one would be one too many.
  if (question.isCharging) return undefined;
  if (!subscription.willCharge) return order === undefined && now < moments.endsAt ? 'order' : undefined;
  if (now < moments.chargeAt || tries >= rules.attempts || isMethodSpent) return undefined;
  if (nextTryAt !== undefined && now < nextTryAt) return undefined;
  if (order === undefined) return 'charge';
  if (GONE.includes(order.status)) return 'charge';
  // Whoever opened a page after a decline is paying by hand.
  const isPayingByHand = order.isOpenToPayer && tries > 0;
  return order.status === 'awaiting_payment' && !isPayingByHand ? 'charge' : undefined;
}

function reminderOf(
  { subscription, now, moments }: RenewalQuestion,
  action: RenewalDecision['action'],
): NonNullable<RenewalDecision['reminder']> {
  // A charge that is announced while it is made comes with its own receipt.
  if (now >= moments.endsAt || action === 'charge') return 'suppressed';
  return subscription.willCharge ? 'will-be-charged' : 'will-expire';
}

function nextAt(question: RenewalQuestion, action: RenewalDecision['action']): Date {
  const { subscription, tries, nextTryAt, now, moments, rules } = question;
  const known = nextMoment(moments, now) ?? moments.graceEndsAt;
  const made = action === 'charge' ? tries + 1 : tries;
  const inAnHour = new Date(now.getTime() + HOUR_MS);
  if (question.isCharging) return earliest([known, inAnHour]) ?? known;
  if (!subscription.willCharge || now < moments.chargeAt || made >= rules.attempts) return known;
  const retryAt = action === 'charge' ? retryAfter(now, rules) : nextTryAt;
  // What stands in the way now, such as a method that was declined for good, may be gone in an hour.
  const lookAt = retryAt === undefined || retryAt <= now ? inAnHour : retryAt;
  return earliest([known, lookAt]) ?? known;
}

/** When a charge that is made now is repeated at the earliest, if it is declined. */
export function retryAfter(now: Date, rules: Pick<RenewalRules, 'retryHours'>): Date {
  return new Date(now.getTime() + rules.retryHours * HOUR_MS);
}

function earliest(instants: readonly Date[]): Date | undefined {
  return instants.reduce<Date | undefined>(
    (first, instant) => (first === undefined || instant < first ? instant : first),
    undefined,
  );
}

/** Whether the same method may be charged again after a failure of this kind: others need their payer, or never work. */
export function isWorthRetrying(failureKind: string | undefined): boolean {
  return failureKind === undefined || !['decline-hard', 'authentication', 'invalid'].includes(failureKind);
}
