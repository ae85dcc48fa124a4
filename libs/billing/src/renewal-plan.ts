import type { InvoiceDetails, OrderPayment, Taxpayer } from '@billfleet/contracts';
import {
  civilDateIn,
  decideRenewal,
  decideTermNotices,
  earliest,
  isWorthRetrying,
  mailingTime,
  methodsFor,
  renewalMoments,
  retryAfter,
} from '@billfleet/domain';
import type { Catalogue, NoticeDecision, RenewalDecision, RenewalMoments, RenewalOrder } from '@billfleet/domain';
import type {
  NextPayment,
  QuoteRow,
  RenewalToDecide,
  Standing,
  SubscriptionFacts,
  TermNoticeRow,
  TermRow,
  Workspace,
} from '@billfleet/store';
import { quoteRowOf } from './create-quotes.js';
import { newId } from './ids.js';
import { firstAttempt } from './place-orders.js';
import type { AcceptedOrder } from './place-orders.js';
import { decidePlacement } from './placement.js';
import { priceWish } from './price-wish.js';
import type { AnyQuote, TaxedWorkspace } from './price-wish.js';
import type { OwedMail } from './mails.js';
import type { ReminderMailFacts } from './reminder-mail.js';
import { dueDaysOf, earlierOf } from './terms-on-account.js';
import { cardAbout, noticeMails, noticeRows } from './term-mails.js';
import type { WorkFailure } from './work-handlers.js';

/** All that a decision about the end of a term needs to know. */
export type RenewalFacts = {
  readonly one: RenewalToDecide;
  readonly workspace: TaxedWorkspace;
  readonly held: SubscriptionFacts;
  readonly standing: Standing | undefined;
  readonly catalogue: Catalogue;
  readonly providerId: string;
  readonly now: Date;
};

/** What is to be written about the end of a term, or why nothing can be. */
export type RenewalPlan =
  | { readonly kind: 'failed'; readonly reason: string; readonly severity: WorkFailure['severity'] }
  | {
      readonly kind: 'planned';
      readonly quote?: QuoteRow;
      readonly order?: AcceptedOrder;
      /** An order that is there already and is charged now; `openAttempt`: the page that is closed before. */
      readonly charge?: { readonly orderId: string; readonly next: NextPayment; readonly openAttemptId: string | null };
      /** The mail without the order that it links. */
      readonly mail?: Omit<ReminderMailFacts, 'order'>;
      /** What else is told about the end, and what is written down of it. */
      readonly notices: { readonly mails: readonly OwedMail[]; readonly rows: readonly TermNoticeRow[] };
      /** Left out where a pause holds the term. */
      readonly term?: TermRow;
      readonly renewalAt: Date | null;
    };

type Planned = Extract<RenewalPlan, { kind: 'planned' }>;

/** Decides what a term needs now and shapes it: quote, order, charge, mail. Reads no clock and changes nothing. */
export function planRenewal(facts: RenewalFacts): RenewalPlan {
  const { one, workspace, catalogue, now } = facts;
  const moments = renewalMoments(one.endsOn, workspace.timeZone, catalogue.renewal);
  const decision = decide(facts, moments);
  const { reminder, action, nextAt } = decision;
  const told = decideNotices(facts, moments);
  const about = { ...facts, moments };
  const makesOrder = action !== undefined && !isChargeable(one, now);
  const tells = reminder !== undefined && reminder !== 'suppressed' && workspace.billingEmail !== null;
  const priced = makesOrder || tells ? price(facts) : undefined;
  if (priced?.kind === 'failed') return priced;
  const made = makesOrder && priced !== undefined ? makeOrder(facts, priced.quote, action, moments) : undefined;
  // Whoever is only told of the end hears of it in any case; the reason shows when somebody orders by hand.
  if (made?.kind === 'failed' && action === 'charge') return made;
  const order = made?.kind === 'made' ? made : undefined;
  const charge = action === 'charge' && !makesOrder ? { charge: chargeOf(one, moments) } : {};
  const orderId = order?.order.order.id ?? (action === undefined ? null : (one.order?.id ?? null));
  return {
    kind: 'planned',
    ...(order === undefined ? {} : { quote: order.quote, order: order.order }),
    ...charge,
    ...(tells && priced !== undefined ? { mail: mailOf(about, reminder, priced.quote) } : {}),
    notices: { mails: noticeMails(about, told.notices), rows: noticeRows(about, told.notices) },
    term: termOf(facts, decision, orderId),
    renewalAt:
      earliest([...(nextAt === undefined ? [] : [nextAt]), ...(told.nextAt === undefined ? [] : [told.nextAt])]) ??
      null,
  };
}

/** Only a card that will be charged by itself matters. */
function decideNotices({ one, workspace, catalogue, now }: RenewalFacts, moments: RenewalMoments): NoticeDecision {
  const { method } = one;
  const card =
    willCharge(one) && method?.method === 'card'
      ? { card: { about: cardAbout(one), expiresOn: method.expiresOn } }
      : {};
  return decideTermNotices({
    ...{ status: one.status, decided: one.notices, now, moments, timeZone: workspace.timeZone },
    ...{ ...card, mailsFrom: mailingTime(now, workspace.timeZone, catalogue.renewal.mailHours) },
  });
}

function decide({ one, workspace, catalogue, now }: RenewalFacts, moments: RenewalMoments): RenewalDecision {
  const order = orderOf(one, now);
  return decideRenewal({
    subscription: { status: one.status, willCharge: willCharge(one) },
    isReminded: one.reminder !== null,
    tries: one.tries,
    isCharging: one.isCharging,
    isMethodSpent: isMethodSpent(one, catalogue),
    mailsFrom: mailingTime(now, workspace.timeZone, catalogue.renewal.mailHours),
    ...(order === undefined ? {} : { order }),
    ...(one.nextTryAt === null ? {} : { nextTryAt: new Date(one.nextTryAt) }),
    ...{ now, moments, rules: catalogue.renewal },
  });
}

const willCharge = ({ autoRenewal, method }: RenewalToDecide): boolean => autoRenewal && method !== null;

const isOver = ({ order }: RenewalToDecide, now: Date): boolean =>
  order?.status === 'awaiting_payment' && new Date(order.expiresAt) <= now;

function orderOf(one: RenewalToDecide, now: Date): RenewalOrder | undefined {
  const { order } = one;
  if (order === null) return undefined;
  const status = isOver(one, now) ? 'expired' : order.status;
  return { status, isOpenToPayer: order.open !== null };
}

/** Another method than the one that was declined for good is worth a charge. */
const isMethodSpent = ({ order, method }: RenewalToDecide, { renewal }: Catalogue): boolean =>
  order?.declined?.token === method?.token &&
  !isWorthRetrying(renewal.dunning, order?.declined?.failureKind ?? undefined);

/** Whether the order that is there can be charged: money for one that an upstream service collects is not ours to take. */
const isChargeable = (one: RenewalToDecide, now: Date): boolean =>
  one.order?.status === 'awaiting_payment' && !isOver(one, now) && one.order.open?.provider !== 'upstream';

type Priced = { readonly kind: 'priced'; readonly quote: AnyQuote } | Extract<RenewalPlan, { kind: 'failed' }>;

/** The next term is priced by the very functions that price every quote. */
function price({ one, catalogue, workspace, held, now }: RenewalFacts): Priced {
  const request = { kind: 'renewal' as const, workspaceId: workspace.id };
  const priced = priceWish({ request, catalogue, workspace, held, now });
  if (priced.kind === 'quoted') return { kind: 'priced', quote: priced.quote };
  const { code, found, wanted } = priced.refusal;
  const reason = `the renewal of subscription ${one.id} has no price: ${code}, found ${found}, wanted ${wanted}`;
  // A state passes; what the catalogue lacks needs a person.
  return { kind: 'failed', reason, severity: priced.status === 409 ? 'try' : 'hopeless' };
}

type Made =
  | { readonly kind: 'made'; readonly quote: QuoteRow; readonly order: AcceptedOrder }
  | Extract<RenewalPlan, { kind: 'failed' }>;

/** The order as its customer would have placed it, from a quote of its own; it may be paid until the days of grace are over. */
function makeOrder(
  { one, workspace, standing, catalogue, providerId, now }: RenewalFacts,
  quote: AnyQuote,
  action: NonNullable<RenewalDecision['action']>,
  { graceEndsAt: expiresAt }: RenewalMoments,
): Made {
  const row = quoteRowOf(quote, workspace.id, { now, quoteMinutes: catalogue.quoteMinutes });
  const content = JSON.parse(row.content) as Record<string, unknown>;
  const { taxpayer, invoiceDetails } = one.lastPayment ?? {};
  const placement = decidePlacement({
    command: {
      input: {
        workspaceId: workspace.id,
        quoteId: row.id,
        payment: paymentOf(one, { workspace, action, dueDays: dueDaysOf(quote.priceListId, workspace.id, catalogue) }),
        // They were checked when they came, and are stored as they were accepted.
        ...(isThere(taxpayer) ? { taxpayer: taxpayer as Taxpayer } : {}),
        ...(isThere(invoiceDetails) ? { invoiceDetails: invoiceDetails as InvoiceDetails } : {}),
      },
      idempotencyKey: row.id,
      source: 'http',
      actorWorkspaceId: null,
    },
    quote: { ...row, content, usedBy: null, isFromElsewhere: false },
    ...{ catalogue, workspace, standing, now },
    isRepeat: true,
  });
  if (placement.kind === 'refused') {
    const { code, found, wanted } = placement.problem;
    const reason = `the renewal of subscription ${one.id} cannot be ordered: ${code}, found ${found}, wanted ${wanted}`;
    return { kind: 'failed', reason, severity: 'hopeless' };
  }
  const { token } = placement;
  const dueAt = placement.order.dueAt === null ? null : earlierOf(placement.order.dueAt, expiresAt);
  const order = { ...placement.order, id: newId(), expiresAt, dueAt };
  const replacedId = one.order?.status === 'awaiting_payment' ? one.order.id : null;
  return {
    kind: 'made',
    quote: row,
    order: { order, attempt: firstAttempt(order, { token, providerId, wayEndsAt: expiresAt }), replacedId },
  };
}

const isThere = (value: unknown): boolean => value !== null && value !== undefined;

/** By the stored method where it is charged; else as the last order was paid, on account as long as the contract says so. */
function paymentOf(
  { method, lastPayment }: RenewalToDecide,
  {
    workspace: { country },
    action,
    dueDays,
  }: {
    readonly workspace: Workspace;
    readonly action: NonNullable<RenewalDecision['action']>;
    readonly dueDays: number | undefined;
  },
): OrderPayment {
  if (action === 'charge' && method !== null) {
    return { collection: 'provider', method: method.method, installments: 1, stored: true };
  }
  if (lastPayment?.collection === 'upstream') return { collection: 'upstream' };
  if (lastPayment?.collection === 'account' && dueDays !== undefined) return { collection: 'account' };
  const [customary = 'card', ...others] = methodsFor(country);
  const last = [customary, ...others].find((one) => one === lastPayment?.method);
  return { collection: 'provider', method: last ?? customary, installments: 1 };
}

function chargeOf({ order, method }: RenewalToDecide, { graceEndsAt }: RenewalMoments): NonNullable<Planned['charge']> {
  const ownEnd = new Date(order?.expiresAt ?? graceEndsAt);
  const expiresAt = (ownEnd < graceEndsAt ? ownEnd : graceEndsAt).toISOString();
  return {
    orderId: order?.id ?? '',
    next: { method: method?.method ?? 'card', installments: 1, token: method?.token ?? null, expiresAt },
    openAttemptId: order?.open?.id ?? null,
  };
}

function mailOf(
  { one, workspace, catalogue, now, moments }: RenewalFacts & { readonly moments: RenewalMoments },
  reminder: 'will-be-charged' | 'will-expire',
  next: AnyQuote,
): NonNullable<Planned['mail']> {
  const { endsOn, method } = one;
  return {
    dedupeKey: `renewal_reminder:${one.id}:${endsOn}`,
    variant: reminder,
    today: civilDateIn(now, workspace.timeZone),
    method: method === null ? null : { kind: method.method, last4: method.last4 },
    ...{ catalogue, workspace, next, endsOn },
    goodUntil: reminder === 'will-be-charged' ? moments.chargeAt : moments.endsAt,
  };
}

function termOf(
  { one, workspace, catalogue, now }: RenewalFacts,
  { reminder, suppressedFor, action }: RenewalDecision,
  orderId: string | null,
): TermRow {
  const isCharged = action === 'charge';
  const isUntold = reminder !== undefined && reminder !== 'suppressed' && workspace.billingEmail === null;
  return {
    subscriptionId: one.id,
    workspaceId: one.workspaceId,
    termEndsOn: one.endsOn,
    reminder: isUntold ? 'no-recipient' : (reminder ?? null),
    suppressedFor: suppressedFor ?? null,
    orderId,
    isCharged,
    nextTryAt: isCharged ? (retryAfter(now, one.tries + 1, catalogue.renewal.dunning) ?? null) : null,
    now,
  };
}
