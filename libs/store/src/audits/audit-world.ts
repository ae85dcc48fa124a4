import { civilDate } from '@billfleet/domain';
import { paymentConfirmationQueue } from '@billfleet/contracts';
import * as attempts from '../attempts.js';
import * as books from '../books.js';
import * as deliveries from '../deliveries.js';
import * as grants from '../grants.js';
import * as notices from '../notices.js';
import * as orders from '../orders.js';
import * as quotes from '../quotes.js';
import * as reminders from '../reminders.js';
import * as renewals from '../renewals.js';
import type { Store, Tx } from '../store.js';
import * as tenants from '../tenants.js';
import * as work from '../work-table.js';
import { buildUsage, usageMailId } from './audit-world-usage.js';
import { emitOf, tellEvent } from './audit-world-events.js';
import {
  AMOUNT_MINOR,
  attemptId,
  cases,
  CURRENCY,
  ENDS_AT,
  idOf,
  isOnAccount,
  KIND,
  NO_CONTENT,
  orderId,
  receiptId,
  reminderMailId,
  SEATS,
  secondAttemptId,
  subscriptionId,
  TAKEN_BACK,
  termMailId,
  UNIT_MINOR,
  workspaceId,
} from './audit-world-ids.js';
import { closeForGood, takePaymentBack } from './audit-world-closings.js';
import { endUnpaid, recordRequest, sellOnAccount } from './audit-world-account.js';
import { issueDocuments } from './audit-world-documents.js';
import { takeSeatsBack } from './audit-world-seats.js';
import type { MailDelivery, ProviderPayment } from './truth.js';

export * from './audit-world-ids.js';

/**
 * Stores a small consistent world through the functions that the fleet uses: an order paid by card, one paid upstream, one paid after it was
 * cancelled and refunded, one with an open checkout, one that its payer paid twice, one of whose seats some were given back, one whose payment
 * the bank took back, one whose subscription was closed, and two on account: one whose invoice waits, and one that was cancelled.
 */
export async function buildWorld(store: Store): Promise<void> {
  for (const n of Object.values(cases)) await store.transaction((tx) => placeOrder(tx, n));
  for (const n of [cases.plain, cases.upstream, cases.reduced, cases.disputed, cases.closed])
    await store.transaction((tx) => payAndApply(tx, n, attemptId(n)));
  await store.transaction((tx) => payTooLate(tx));
  await store.transaction((tx) =>
    work.owe(tx, paymentConfirmationQueue, 'attempt.check', [attemptId(cases.open)], { runInMs: 3_600_000 }),
  );
  await payTwice(store);
  for (const build of [takeSeatsBack, takePaymentBack, closeForGood, endUnpaid, issueDocuments])
    await store.transaction(build);
  await store.transaction((tx) => surroundPlainCase(tx));
  await store.transaction((tx) => buildUsage(tx, workspaceId(cases.plain)));
}

/** What the provider and the mailbox know of the world. */
export const worldTruth: { readonly payments: readonly ProviderPayment[]; readonly mails: readonly MailDelivery[] } = {
  payments: [
    ...[cases.plain, cases.disputed, cases.closed].map((n) => paymentOf(n, attemptId(n), 0n)),
    paymentOf(cases.late, attemptId(cases.late), AMOUNT_MINOR),
    { ...paymentOf(cases.open, attemptId(cases.open), 0n), state: 'open' },
    paymentOf(cases.double, attemptId(cases.double), AMOUNT_MINOR),
    paymentOf(cases.double, secondAttemptId, 0n),
    paymentOf(cases.reduced, attemptId(cases.reduced), TAKEN_BACK.refundMinor),
  ],
  mails: [
    // A receipt may come twice: rather doubled than lost.
    { messageId: `<${receiptId(cases.plain)}@billing.example.com>`, count: 2 },
    ...[cases.double, cases.reduced, cases.disputed, cases.closed].map((n) => mailOf(receiptId(n))),
    ...[reminderMailId, termMailId, usageMailId].map(mailOf),
  ],
};

function mailOf(id: string): MailDelivery {
  return { messageId: `<${id}@billing.example.com>`, count: 1 };
}

function paymentOf(n: number, attempt: string, refundedMinor: bigint): ProviderPayment {
  return {
    ...{ reference: `pay-${attempt}`, idempotencyKey: attempt, attemptId: attempt },
    ...(n === cases.disputed ? { chargeback: { reference: 'chargeback', state: 'lost' } } : {}),
    orderId: orderId(n),
    state: 'succeeded',
    currency: CURRENCY,
    amountMinor: AMOUNT_MINOR,
    refundedMinor,
  };
}

const chargeOf = (n: number, attempt: string): Omit<books.NewCharge, 'asSale'> => ({
  orderId: orderId(n),
  attemptId: attempt,
  workspaceId: workspaceId(n),
  provider: n === cases.upstream ? 'upstream' : 'sandbox',
  reference: `pay-${attempt}`,
  currency: CURRENCY,
  amountMinor: AMOUNT_MINOR,
  taxMinor: 0n,
  isOnAccount: false,
});

async function placeOrder(tx: Tx, n: number): Promise<void> {
  const [workspace, order, attempt, quote] = [workspaceId(n), orderId(n), attemptId(n), idOf(KIND.other, 300 + n)];
  const isUpstream = n === cases.upstream;
  const onAccount = isOnAccount(n);
  const money = { currency: CURRENCY, amountMinor: AMOUNT_MINOR } as const;
  const place = { country: 'US', currency: CURRENCY, timeZone: 'America/New_York', locale: 'en' } as const;
  const billingEmail = isUpstream ? null : 'billing@customer.example';
  const subject = { orderId: order, workspaceId: workspace };
  await tenants.insertWorkspaces(tx, [
    { id: workspace, name: `case ${String(n)}`, ...place, billingEmail, trialEndsOn: null },
  ]);
  await quotes.insertQuotes(tx, [
    { id: quote, workspaceId: workspace, kind: 'purchase', ...NO_CONTENT, ...money, expiresAt: ENDS_AT },
  ]);
  await orders.insertOrders(tx, [
    {
      id: order,
      workspaceId: workspace,
      ...{ kind: 'purchase', basis: null, addOn: null },
      quoteId: quote,
      plan: 'base',
      seats: SEATS,
      periodMonths: 12,
      priceList: 'usd',
      ...money,
      unitMinor: UNIT_MINOR,
      lines: JSON.stringify([{ amountMinor: AMOUNT_MINOR.toString() }]),
      installments: 1,
      collection: onAccount ? 'account' : isUpstream ? 'upstream' : 'provider',
      method: isUpstream || onAccount ? null : 'card',
      taxpayer: null,
      ...{ taxMinor: 0n, invoiceDetails: null, placedBy: null, dueAt: onAccount ? ENDS_AT : null },
      expiresAt: ENDS_AT,
    },
  ]);
  await recordRequest(tx, n);
  if (onAccount) {
    await sellOnAccount(tx, n);
    return;
  }
  await attempts.insertAttempts(tx, [
    {
      id: attempt,
      ...subject,
      ...money,
      provider: isUpstream ? 'upstream' : 'sandbox',
      token: null,
      method: isUpstream ? null : 'card',
      installments: 1,
      expiresAt: ENDS_AT,
      status: 'submitting',
    },
  ]);
  await openPage(tx, attempt);
}

const openPage = (tx: Tx, attempt: string): Promise<void> =>
  attempts.recordCheckouts(tx, [
    {
      attemptId: attempt,
      reference: `pay-${attempt}`,
      checkoutUrl: 'https://pay.example/page',
      pixCode: null,
      expiresAt: null,
    },
  ]);

async function payAndApply(tx: Tx, n: number, attempt: string): Promise<void> {
  await books.bookCharges(tx, [{ ...chargeOf(n, attempt), asSale: true }]);
  const days = { startsOn: civilDate('2026-09-01'), endsOn: civilDate('2027-09-01') };
  await grants.applyGrants(tx, [
    {
      orderId: orderId(n),
      subscriptionId: subscriptionId(n),
      workspaceId: workspaceId(n),
      plan: 'base',
      seats: SEATS,
      periodMonths: 12,
      priceList: 'usd',
      autoRenewal: true,
      limits: '{}',
      anchorOn: civilDate('2026-09-01'),
      ...days,
      turnAt: null,
      renewalAt: new Date('2027-08-23T13:00:00Z'),
      status: 'active',
      usesSchedule: false,
      given: {
        ...{ plan: 'base', seats: SEATS, seatsDelta: SEATS, priceList: 'usd', periodMonths: 12 },
        during: days,
        pending: false,
      },
      addOns: [{ addOn: 'leads-100', limitName: 'leads', packages: 2, amount: 200, ...days }],
    },
  ]);
  await emitOf(tx, { id: idOf(KIND.other, 600 + n), orderId: orderId(n), type: 'order.paid', cause: orderId(n) });
  await emitOf(tx, { id: idOf(KIND.other, 620 + n), orderId: orderId(n), type: 'order.fulfilled', cause: orderId(n) });
  if (n !== cases.upstream) await sendMail(tx, n, receiptId(n), `receipt:${orderId(n)}`, 'at_least_once');
}

async function sendMail(
  tx: Tx,
  n: number,
  id: string,
  dedupeKey: string,
  mailClass: 'at_most_once' | 'at_least_once',
): Promise<void> {
  await deliveries.insertNotifications(tx, [
    {
      id,
      workspaceId: workspaceId(n),
      ...{ template: 'any', class: mailClass, byDay: null },
      dedupeKey,
      facts: '{}',
      recipient: 'billing@customer.example',
      locale: 'en',
      timeZone: 'America/New_York',
    },
  ]);
  for (const to of ['claimed', 'sent'] as const) await deliveries.moveNotifications(tx, [{ id, to, failure: null }]);
}

/** The payer was quicker than the cancellation: his money came, and went back. */
async function payTooLate(tx: Tx): Promise<void> {
  const [order, attempt] = [orderId(cases.late), attemptId(cases.late)];
  await orders.moveOrders(tx, [order], 'awaiting_payment', 'cancelled');
  await attempts.closeAttempts(tx, [{ id: attempt, status: 'cancelled', failure: null }]);
  await books.bookCharges(tx, [{ ...chargeOf(cases.late, attempt), asSale: false }]);
  await orders.moveOrders(tx, [order], 'cancelled', 'refund_due');
  await giveBack(tx, cases.late, attempt);
}

async function giveBack(tx: Tx, n: number, attempt: string): Promise<void> {
  const id = idOf(KIND.other, 200 + n);
  await books.insertRefunds(tx, [{ ...chargeOf(n, attempt), id, reason: 'late_payment' }]);
  const refund = (await books.findRefunds(tx, [id])).get(id);
  if (refund === undefined) return;
  await books.bookRefunds(tx, [{ refund, reference: `refund-${attempt}` }]);
  await emitOf(tx, { id: idOf(KIND.other, 640 + n), orderId: orderId(n), type: 'order.refunded', cause: id });
}

/** The first attempt was declined, the second one paid, and then the first one turned out to be paid on its page as well. */
async function payTwice(store: Store): Promise<void> {
  const [n, first] = [cases.double, attemptId(cases.double)];
  await store.transaction(async (tx) => {
    await attempts.closeAttempts(tx, [{ id: first, status: 'declined', failure: null }]);
    await tx.query(
      `insert into attempt (id, order_id, workspace_id, n, provider, method, currency, amount_minor, expires_at)
       select $1, order_id, workspace_id, 2, provider, method, currency, amount_minor, expires_at from attempt where id = $2`,
      [secondAttemptId, first],
    );
    await openPage(tx, secondAttemptId);
    await payAndApply(tx, n, secondAttemptId);
  });
  await store.transaction(async (tx) => {
    await books.bookCharges(tx, [{ ...chargeOf(n, first), asSale: false }]);
    await giveBack(tx, n, first);
  });
}

/** A processed webhook, a call to the host product and a reminder, all of them done. */
async function surroundPlainCase(tx: Tx): Promise<void> {
  const n = cases.plain;
  const [notice, event, reminder] = [idOf(KIND.other, 401), idOf(KIND.other, 402), idOf(KIND.other, 403)];
  const reference = `pay-${attemptId(n)}`;
  await notices.insertNotices(tx, [
    {
      id: notice,
      provider: 'sandbox',
      eventId: 'event',
      source: 'webhook',
      reference,
      workspaceId: null,
      attemptId: null,
      claim: null,
    },
  ]);
  await notices.settleNotices(tx, [{ id: notice, outcome: 'book' }]);
  await tellEvent(tx, workspaceId(n), event);
  await reminders.insertReminders(tx, [{ id: reminder, workspaceId: workspaceId(n) }]);
  await reminders.settleReminders(tx, [{ id: reminder, status: 'sent', outcome: 'will-expire', termEndsOn: null }]);
  await sendMail(tx, n, reminderMailId, `renewal_reminder:${reminder}`, 'at_most_once');
  const term = { subscriptionId: subscriptionId(n), workspaceId: workspaceId(n), termEndsOn: civilDate('2027-09-01') };
  const told = { reminder: 'will-be-charged', orderId: null, isCharged: false, nextTryAt: null } as const;
  await renewals.recordTerms(tx, [{ ...term, ...told, suppressedFor: null, now: new Date('2027-08-23T13:00:00Z') }]);
  await sendMail(tx, n, termMailId, `renewal_reminder:${subscriptionId(n)}:2027-09-01`, 'at_most_once');
}
