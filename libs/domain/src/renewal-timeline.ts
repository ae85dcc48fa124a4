import { addDays, hourOfDay, startOfDay } from './calendar.js';
import type { CivilDate } from './calendar.js';
import type { RenewalRules } from './catalogue.js';
import { retryAfter } from './dunning.js';
import type { OrderStatus } from './order.js';
import type { ReminderVariant } from './reminder.js';
import type { SubscriptionStatus } from './subscription.js';

const HOUR_MS = 3_600_000;

/** The instants at which something is due around the end of one term, in this order. */
export type RenewalMoments = {
  /** A stored card that expires before the charge is told of. */
  readonly cardAt: Date;
  readonly remindAt: Date;
  readonly chargeAt: Date;
  /** First instant without the subscription. */
  readonly endsAt: Date;
  /** From here on a renewal counts from its payment. */
  readonly graceEndsAt: Date;
  /** The end of keeping is told of, so many days before it; earliest first. */
  readonly warnings: readonly { readonly days: number; readonly at: Date }[];
  /** First instant at which the data need not be kept any more. */
  readonly keptUntil: Date;
};

/** The moments of a term that ends on a civil day of a zone. Days count on the calendar there, so a change of clocks moves nothing. */
export function renewalMoments(endsOn: CivilDate, timeZone: string, rules: RenewalRules): RenewalMoments {
  const dueOn = (daysBefore: number): Date => hourOfDay(addDays(endsOn, -daysBefore), rules.mailHours.from, timeZone);
  const { dataDays } = rules;
  return {
    cardAt: dueOn(rules.cardDays),
    remindAt: dueOn(rules.reminderDays),
    chargeAt: dueOn(rules.chargeDays),
    endsAt: startOfDay(endsOn, timeZone),
    graceEndsAt: startOfDay(addDays(endsOn, rules.graceDays), timeZone),
    warnings: rules.dataWarningDays
      .map((days) => ({ days, at: dueOn(days - dataDays) }))
      .sort((one, other) => one.at.getTime() - other.at.getTime()),
    keptUntil: startOfDay(keptUntilOf(endsOn, rules), timeZone),
  };
}

/** The first day on which the data of a subscription that ended need not be kept any more. */
export function keptUntilOf(endsOn: CivilDate, { dataDays }: Pick<RenewalRules, 'dataDays'>): CivilDate {
  return addDays(endsOn, dataDays);
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
  /** The first instant from `now` on at which a mail may leave, by the hours of the workspace's day. */
  readonly mailsFrom: Date;
  readonly moments: RenewalMoments;
  readonly rules: Pick<RenewalRules, 'dunning'>;
};

/** Why a reminder is left out: the charge that it would announce comes first, or the term is over. */
export type SuppressionReason = 'charged-first' | 'term-over';

/** What a term needs now, and when to look at it again; without `nextAt` nothing will ever be due for it. */
export type RenewalDecision = {
  /** `suppressed`: its moment has passed and it would not be true any more; `suppressedFor` says why. */
  readonly reminder?: ReminderVariant | 'suppressed';
  readonly suppressedFor?: SuppressionReason;
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
  if (now < moments.remindAt) return { nextAt: nextMoment(moments, now) ?? moments.remindAt };
  if (now >= moments.graceEndsAt) {
    return {
      ...(isReminded ? {} : suppressed('term-over')),
      // Somebody has yet to note the end; an extension that is about to be given still counts.
      ...(subscription.status === 'active' ? { nextAt: new Date(now.getTime() + HOUR_MS) } : {}),
    };
  }
  const action = actionOf(question);
  const told = isReminded ? {} : reminderOf(question, action);
  // A reminder that waits for the morning is looked at again then.
  const waits = !isReminded && told.reminder === undefined ? [question.mailsFrom] : [];
  const after = nextAt(question, action);
  return { ...told, ...(action === undefined ? {} : { action }), nextAt: earliest([after, ...waits]) ?? after };
}

/** The first moment after `now` of those that are known from the end alone; undefined when all have passed. */
export function nextMoment(moments: RenewalMoments, now: Date): Date | undefined {
  const { cardAt, remindAt, chargeAt, endsAt, graceEndsAt, warnings, keptUntil } = moments;
  const all = [cardAt, remindAt, chargeAt, endsAt, graceEndsAt, ...warnings.map(({ at }) => at), keptUntil];
  return earliest(all.filter((moment) => moment > now));
}

/** After these states a term has no order any more; one that its customer cancelled he does not want. */
const GONE: readonly OrderStatus[] = ['expired', 'refund_due', 'refunded'];

function actionOf(question: RenewalQuestion): RenewalDecision['action'] {
  const { subscription, order, tries, nextTryAt, now, moments, rules, isMethodSpent } = question;
  // A charge may have had its effect, and then a second one would be one too many.
  if (question.isCharging) return undefined;
  if (!subscription.willCharge) return order === undefined && now < moments.endsAt ? 'order' : undefined;
  if (now < moments.chargeAt || tries >= rules.dunning.chargeHours.length || isMethodSpent) return undefined;
  if (nextTryAt !== undefined && now < nextTryAt) return undefined;
  if (order === undefined) return 'charge';
  if (GONE.includes(order.status)) return 'charge';
  // Whoever opened a page after a decline is paying by hand.
  const isPayingByHand = order.isOpenToPayer && tries > 0;
  return order.status === 'awaiting_payment' && !isPayingByHand ? 'charge' : undefined;
}

type Told = Pick<RenewalDecision, 'reminder' | 'suppressedFor'>;

function suppressed(suppressedFor: SuppressionReason): Told {
  return { reminder: 'suppressed', suppressedFor };
}

/** What the hours of the day have wait is judged by the instant at which it could leave; until then nothing is told. */
function reminderOf(
  { subscription, now, mailsFrom, moments }: RenewalQuestion,
  action: RenewalDecision['action'],
): Told {
  const waits = mailsFrom > now;
  if (mailsFrom >= moments.endsAt) return suppressed('term-over');
  // A charge that is announced while it is made comes with its own receipt.
  const isChargedFirst = waits && subscription.willCharge && mailsFrom >= moments.chargeAt;
  if (action === 'charge' || isChargedFirst) return suppressed('charged-first');
  if (waits) return {};
  return { reminder: subscription.willCharge ? 'will-be-charged' : 'will-expire' };
}

function nextAt(question: RenewalQuestion, action: RenewalDecision['action']): Date {
  const { subscription, tries, nextTryAt, now, moments, rules } = question;
  const known = nextMoment(moments, now) ?? moments.keptUntil;
  const made = action === 'charge' ? tries + 1 : tries;
  const inAnHour = new Date(now.getTime() + HOUR_MS);
  if (question.isCharging) return earliest([known, inAnHour]) ?? known;
  if (!subscription.willCharge || now < moments.chargeAt || made >= rules.dunning.chargeHours.length) return known;
  const retryAt = action === 'charge' ? retryAfter(now, made, rules.dunning) : nextTryAt;
  // What stands in the way now, such as a method that was declined for good, may be gone in an hour.
  const lookAt = retryAt === undefined || retryAt <= now ? inAnHour : retryAt;
  return earliest([known, lookAt]) ?? known;
}

/** The first of some instants; undefined of none. */
export function earliest(instants: readonly Date[]): Date | undefined {
  return instants.reduce<Date | undefined>(
    (first, instant) => (first === undefined || instant < first ? instant : first),
    undefined,
  );
}
