import { addDays, civilDateIn, compare } from './calendar.js';
import type { CivilDate } from './calendar.js';
import { earliest } from './renewal-timeline.js';
import type { RenewalMoments } from './renewal-timeline.js';
import type { SubscriptionStatus } from './subscription.js';

/** What is told around the end of a term besides its reminder: a card that expires before its charge, the end itself, data whose keeping ends. */
export type TermNoticeKind = 'card-expiring' | 'subscription-expired' | 'data-ending';

/** Why a notice is left out: the charge comes first, a later warning is due as well, the data is not kept any more, or full use is over too. */
export type NoticeSuppressionReason = 'charged-first' | 'overtaken' | 'kept-no-longer' | 'grace-over';

/** One notice as it was decided. `about`: which card, or how many days before the end of keeping. */
export type TermNotice = { readonly kind: TermNoticeKind; readonly about: string };

/** What is known of a term and of the card that its renewal would charge. */
export type NoticeQuestion = {
  readonly status: SubscriptionStatus;
  /** The card that will be charged by itself, where one will be. `expiresOn`: the month in which it ends, as 'YYYY-MM'. */
  readonly card?: { readonly about: string; readonly expiresOn: string };
  /** What was decided before. */
  readonly decided: readonly TermNotice[];
  readonly now: Date;
  /** The first instant from `now` on at which a mail may leave. */
  readonly mailsFrom: Date;
  readonly moments: RenewalMoments;
  readonly timeZone: string;
};

/** A notice that is told now, or left out for a reason. */
export type DecidedNotice = TermNotice &
  ({ readonly outcome: 'told' } | { readonly outcome: 'suppressed'; readonly reason: NoticeSuppressionReason });

/** What is told now, and when to look again where something waits for the hours of the day. */
export type NoticeDecision = { readonly notices: readonly DecidedNotice[]; readonly nextAt?: Date };

/** Decides which notices a term needs at an instant: each one once, and none whose moment has passed. Reads no clock. */
export function decideTermNotices(question: NoticeQuestion): NoticeDecision {
  if (question.status === 'closed') return { notices: [] };
  const decisions = [decideCard(question), ...(question.status === 'expired' ? [decideData(question)] : [])];
  const nextAt = earliest(decisions.flatMap((one) => one.nextAt ?? []));
  return { notices: decisions.flatMap((one) => one.notices), ...(nextAt === undefined ? {} : { nextAt }) };
}

/**
 * Whether the end of a term that was just noted is told of: not when it was noted so late that nothing of what the mail would say lies ahead but
 * what later warnings say. Where there are no days of grace it is told of on its own day. Reads no clock.
 */
export function decideExpiryNotice(
  endsOn: CivilDate,
  { now, timeZone, graceDays }: { readonly now: Date; readonly timeZone: string; readonly graceDays: number },
): DecidedNotice {
  const notice = { kind: 'subscription-expired' as const, about: 'end' };
  const isOver = compare(civilDateIn(now, timeZone), addDays(endsOn, Math.max(graceDays, 1))) >= 0;
  return isOver ? { ...notice, outcome: 'suppressed', reason: 'grace-over' } : { ...notice, outcome: 'told' };
}

/** Whether a card ends with a month that is over before the day. */
export function expiresBefore(expiresOn: string, day: CivilDate): boolean {
  return /^\d{4}-\d{2}$/.test(expiresOn) && expiresOn < day.slice(0, 7);
}

const isDecided = ({ decided }: NoticeQuestion, kind: TermNoticeKind, about: string): boolean =>
  decided.some((one) => one.kind === kind && one.about === about);

function decideCard(question: NoticeQuestion): NoticeDecision {
  const { card, now, mailsFrom, moments, timeZone } = question;
  const { cardAt, chargeAt } = moments;
  if (card === undefined || !expiresBefore(card.expiresOn, civilDateIn(chargeAt, timeZone))) return { notices: [] };
  if (now < cardAt) return { notices: [], nextAt: cardAt };
  const notice = { kind: 'card-expiring' as const, about: card.about };
  if (isDecided(question, notice.kind, notice.about)) return { notices: [] };
  if (mailsFrom >= chargeAt) return { notices: [{ ...notice, outcome: 'suppressed', reason: 'charged-first' }] };
  return mailsFrom > now ? { notices: [], nextAt: mailsFrom } : { notices: [{ ...notice, outcome: 'told' }] };
}

/** Of several warnings that are due, only the last one is true. */
function decideData(question: NoticeQuestion): NoticeDecision {
  const { now, mailsFrom, moments } = question;
  const due = moments.warnings
    .filter(({ at }) => at <= now)
    .map(({ days }) => ({ kind: 'data-ending' as const, about: String(days) }));
  const open = due.filter(({ kind, about }) => !isDecided(question, kind, about));
  const isOver = mailsFrom >= moments.keptUntil;
  const last = isOver ? undefined : due.at(-1);
  const notices = open.flatMap((notice): readonly DecidedNotice[] => {
    if (isOver) return [{ ...notice, outcome: 'suppressed', reason: 'kept-no-longer' }];
    if (notice.about !== last?.about) return [{ ...notice, outcome: 'suppressed', reason: 'overtaken' }];
    return mailsFrom > now ? [] : [{ ...notice, outcome: 'told' }];
  });
  const waits = mailsFrom > now && open.some(({ about }) => about === last?.about);
  const next =
    moments.warnings.find(({ at }) => at > now)?.at ?? (now < moments.keptUntil ? moments.keptUntil : undefined);
  const nextAt = earliest([...(next === undefined ? [] : [next]), ...(waits ? [mailsFrom] : [])]);
  return { notices, ...(nextAt === undefined ? {} : { nextAt }) };
}
