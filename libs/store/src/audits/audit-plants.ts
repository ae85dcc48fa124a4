import {
  attemptId,
  cases,
  orderId,
  memberId,
  receiptId,
  reminderMailId,
  seatChangeId,
  seatRefundId,
  secondAttemptId,
  subscriptionId,
  termMailId,
  workspaceId,
} from './audit-world.js';
import { areaPlants } from './audit-plants-areas.js';
import { setJournal, dropJournal, repeatJournal, setPostings, moveMore } from './audit-plants-books.js';
import { explainedRefunds } from './audit-plants-refunds.js';
import { explainedWriteOffs } from './audit-plants-write-offs.js';

const { plain, upstream, late, open, double, reduced, disputed } = cases;
const order = (n: number): string => `'${orderId(n)}'`;
const attempt = (n: number): string => `'${attemptId(n)}'`;

const setOrder = (n: number, change: string): string => `update orders set ${change} where id = ${order(n)}`;
/** Says of the line of an order how it is taxed, and of the order how much of it is tax. */
const taxed = (tax: string, taxMinor: number): string =>
  setOrder(
    plain,
    `tax_minor = ${String(taxMinor)}, lines = jsonb_set(lines, '{0,tax}', jsonb_build_object('priceMinor', amount_minor) || jsonb_build_object(${tax}))`,
  );
const setAttempt = (n: number, change: string): string => `update attempt set ${change} where id = ${attempt(n)}`;
const otherWorkspace = (table: string, n: number): string =>
  `update ${table} set workspace_id = '${workspaceId(upstream)}' where order_id = ${order(n)}`;
const setSeatRefund = (change: string): string => `update refund set ${change} where id = '${seatRefundId}'`;
const setSeatChange = (change: string): string => `update seat_change set ${change} where id = '${seatChangeId}'`;
const repeatPayment = (key: string, attemptOf: string): string =>
  `insert into provider_truth select reference || '-again', ${key}, ${attemptOf}, order_id, currency, amount_minor, refunded_minor from provider_truth
   where attempt_id = ${attempt(plain)}`;
const setPayment = (n: number, change: string): string =>
  `update provider_truth set ${change} where attempt_id = ${attempt(n)}`;
const oweWork = `insert into work (queue, kind, ref, generation, leased, due_at) values ('delivery', 'mail.send', gen_random_uuid(), 1, true, now() + interval '1 hour')`;

/** Says of an order's money that it came from outside of every provider. */
const takeOffline = (n: number): string => setJournal(n, 'charge', `provider = 'offline'`);
const offlineProof = (n: number): string =>
  `insert into offline_payment (id, order_id, attempt_id, workspace_id, currency, amount_minor, proof_kind, proof_reference, paid_at, reason, recorded_by)
   select gen_random_uuid(), order_id, attempt_id, workspace_id, currency, amount_minor, 'receipt', 'proof', now(), 'why', 'who' from movement
   where order_id = ${order(n)} and kind = 'charge'`;

/** For each audit the corruptions that it must notice, each by itself. */
export const plants: Readonly<Record<string, readonly string[]>> = {
  A01: [
    dropJournal(plain, 'charge'),
    repeatJournal(plain, 'charge'),
    dropJournal(double, 'refund'),
    // A part that went back and was nobody's seat, one that is not booked, and one that is too much.
    setSeatRefund('seat_change_id = null'),
    setSeatRefund('amount_minor = amount_minor - 1'),
    dropJournal(reduced, 'refund'),
    moveMore(reduced, 'refund', 1),
    setOrder(reduced, `status = 'paid'`),
  ],
  A02: [
    setOrder(plain, `status = 'cancelled'`),
    dropJournal(late, 'refund'),
    setOrder(plain, `status = 'awaiting_payment'`),
  ],
  A03: [
    setOrder(plain, `status = 'cancelled'`),
    dropJournal(plain, 'charge'),
    `delete from orders where id = ${order(plain)}`,
  ],
  A04: [
    `delete from seat_grant where order_id = ${order(plain)}`,
    `update seat_grant set seats = 4 where order_id = ${order(plain)}`,
    `update seat_grant set plan = 'pro' where order_id = ${order(plain)}`,
    `update seat_grant set during = null where order_id = ${order(plain)}`,
    setOrder(plain, `kind = 'add-seats'`),
    setOrder(plain, `kind = 'add-on', add_on = '{"id": "leads-100", "packages": 3}'`),
    setOrder(plain, `kind = 'add-on', add_on = '{"id": "leads-200", "packages": 2}'`),
  ],
  A05: [
    `update subscription set seats = seats + 1 where id = '${subscriptionId(plain)}'`,
    `delete from seat_grant where subscription_id = '${subscriptionId(plain)}'`,
    `update seat_grant set seats_delta = 4 where order_id = ${order(plain)}`,
    `update seat_grant set seats_delta = 6 where order_id = ${order(plain)}`,
    `delete from seat_change`,
    setSeatChange('seats_delta = seats_delta - 1'),
  ],
  A06: [
    `insert into member (id, workspace_id, external_id, display_name, role, status)
     select gen_random_uuid(), workspace_id, external_id || n, display_name, role, status from member, generate_series(1, 4) n where id = '${memberId}'`,
  ],
  A07: [`update attempt set status = 'pending' where order_id = ${order(double)}`],
  A08: [dropJournal(plain, 'charge'), moveMore(plain, 'charge', -1), setPostings(plain, 'charge', `currency = 'BRL'`)],
  A09: [setAttempt(plain, `status = 'declined'`), `delete from attempt where id = ${attempt(plain)}`],
  A10: [
    dropJournal(double, 'refund'),
    moveMore(double, 'refund', -1),
    // Money for seats that is on its way back to the second payment does not excuse that it is kept.
    `${dropJournal(double, 'refund')};
     update refund set status = 'owed', seat_change_id = '${seatChangeId}' where order_id = ${order(double)}`,
  ],
  A11: [
    repeatJournal(late, 'refund'),
    dropJournal(late, 'charge'),
    setPostings(reduced, 'refund', 'amount_minor = sign(amount_minor) * 50001'),
  ],
  A12: [
    otherWorkspace('seat_grant', plain),
    otherWorkspace('add_on_grant', plain),
    `update subscription set workspace_id = gen_random_uuid() where id = '${subscriptionId(plain)}'`,
    otherWorkspace('attempt', plain),
    otherWorkspace('journal', plain),
    otherWorkspace('refund', late),
    otherWorkspace('refund', reduced),
    otherWorkspace('chargeback', disputed),
    setSeatChange(`workspace_id = '${workspaceId(upstream)}'`),
    `update quote set workspace_id = '${workspaceId(upstream)}' where id = (select quote_id from orders where id = ${order(plain)})`,
  ],
  A13: [
    setOrder(plain, 'unit_minor = unit_minor + 1'),
    setOrder(plain, 'seats = seats + 1'),
    setOrder(plain, `kind = 'upgrade', unit_minor = null, amount_minor = amount_minor + 1`),
    setOrder(plain, `kind = 'upgrade', unit_minor = null, lines = '[]'`),
    setOrder(plain, 'tax_minor = 1'),
    taxed(`'netMinor', amount_minor - 2, 'taxMinor', 1`, 1),
    taxed(`'netMinor', amount_minor, 'taxMinor', 0, 'priceMinor', amount_minor - 1`, 0),
  ],
  A14: [setAttempt(plain, 'amount_minor = amount_minor + 1'), setAttempt(plain, `currency = 'BRL'`)],
  A15: [`update seat_grant set subscription_id = '${subscriptionId(plain)}' where order_id = ${order(upstream)}`],
  A16: [
    `update seat_grant set subscription_id = '${subscriptionId(plain)}' where order_id = ${order(upstream)}`,
    `update orders set kind = 'renewal', status = 'awaiting_payment', workspace_id = '${workspaceId(plain)}' where id in (${order(open)}, ${order(late)})`,
  ],
  A17: [
    `insert into transition (entity, entity_id, from_status, to_status) values ('orders', ${order(plain)}, 'fulfilled', 'paid')`,
    `insert into transition (entity, entity_id, from_status, to_status) values ('orders', gen_random_uuid(), null, 'paid')`,
  ],
  A18: [
    setOrder(plain, `status = 'paid'`),
    setAttempt(open, `status = 'unknown'`),
    `update subscription set status = 'expired'`,
    `update refund set status = 'failed'`,
    `update notification set status = 'dead'`,
    `update member set status = 'disabled' where id = '${memberId}'`,
    `update chargeback set status = 'open'`,
    `delete from transition where entity_id = ${order(plain)}`,
    `insert into enterprise_request (id, workspace_id, contact, requested_by) values (gen_random_uuid(), '${workspaceId(plain)}', '{}', 'who')`,
    `delete from transition where entity_id = ${order(plain)} and to_status = 'paid'`,
  ],
  A19: [
    repeatPayment(`'another'`, `'another'`),
    setPayment(plain, 'amount_minor = amount_minor + 1'),
    setPayment(plain, `currency = 'BRL'`),
    setPayment(plain, `attempt_id = 'another'`),
    dropJournal(plain, 'charge'),
  ],
  A20: [
    `delete from provider_truth where attempt_id = ${attempt(plain)}`,
    setPayment(plain, 'amount_minor = amount_minor - 1'),
    setPayment(plain, `currency = 'BRL'`),
  ],
  A21: [repeatPayment('idempotency_key', `'another'`), repeatPayment(`'another'`, 'attempt_id')],
  A22: [setPayment(double, 'refunded_minor = amount_minor - 1')],
  A23: [`update mail_truth set deliveries = 2 where notification_id = '${reminderMailId}'`],
  A24: [
    `insert into mail_truth values ('<somebody@else.example>', null, 1)`,
    `delete from notification where id = '${reminderMailId}'`,
  ],
  A25: [`delete from mail_truth where notification_id = '${receiptId(plain)}'`],
  A26: [`delete from notification where id = '${receiptId(plain)}'`],
  A27: [
    `update attempt set checkout_url = null where id in (${attempt(double)}, '${secondAttemptId}')`,
    `delete from refund where order_id = ${order(double)}`,
    // A second payment is excused by going back whole, not by a part for seats.
    `update refund set seat_change_id = '${seatChangeId}' where order_id = ${order(double)}`,
  ],
  B03: [
    `update request set ref = gen_random_uuid() where ref = ${order(plain)}`,
    `update request set ref = ${order(upstream)} where ref = ${order(plain)}`,
  ],
  B04: [`delete from attempt where order_id = ${order(open)}`],
  B05: [
    `delete from work where ref = ${attempt(open)}`,
    setOrder(plain, `status = 'paid'`),
    `update seat_grant set pending = true, seats_delta = 0 where order_id = ${order(plain)}`,
    `update refund set status = 'owed'`,
    `update payment_notice set processed_at = null`,
    `update reminder set status = 'requested'`,
    `update notification set status = 'pending'`,
    `update event set status = 'owed'`,
    `update subscription set renewal_at = null where id = '${subscriptionId(plain)}'`,
    `update seat_check set status = 'requested'`,
  ],
  B06: [
    setPayment(late, 'refunded_minor = refunded_minor - 1'),
    setPayment(reduced, 'refunded_minor = refunded_minor - 1'),
    dropJournal(late, 'refund'),
    dropJournal(reduced, 'refund'),
  ],
  B20: [
    takeOffline(plain),
    offlineProof(plain),
    `${takeOffline(plain)}; ${takeOffline(upstream)}; ${offlineProof(plain)}; ${offlineProof(upstream)}`,
    `${takeOffline(plain)}; ${offlineProof(plain)}; update offline_payment set amount_minor = amount_minor - 1`,
  ],
  B11: [
    setSeatRefund('amount_minor = amount_minor + 1'),
    `delete from refund where id = '${seatRefundId}'`,
    `update quote set amount_minor = amount_minor + 1 where kind = 'refund'`,
    `update quote set used_by = null where kind = 'refund'`,
    setSeatChange('refund_minor = 0'),
    `update refund set order_id = ${order(plain)} where id = '${seatRefundId}'`,
  ],
  B12: [
    `delete from ops_action`,
    setSeatChange(`reason = 'another'`),
    setSeatChange('seats_delta = 1'),
    setSeatChange('seats_delta = -5'),
    setSeatChange('seats_delta = -6'),
  ],
  B14: [
    `update renewal set reminder = 'suppressed'`,
    `update renewal set reminder = null`,
    `delete from notification where id = '${termMailId}'`,
    `delete from renewal`,
  ],
  L01: [setOrder(plain, `status = 'paid'`)],
  L02: [setAttempt(open, `status = 'unknown'`), setAttempt(open, `status = 'submitting'`)],
  L03: [
    oweWork,
    `update work set due_at = now()`,
    `insert into work (queue, kind, ref, generation, leased, due_at) values ('delivery', 'seats.check', gen_random_uuid(), 1, false, now())`,
  ],
  L04: [`update payment_notice set processed_at = null`],
  L05: [`update notification set status = 'claimed'`],
  L06: [
    `delete from work; ${setOrder(open, `created_at = now() - interval '31 days'`)}; ${setAttempt(open, `status = 'declined'`)}`,
  ],
  L08: [
    `update refund set status = 'owed' where order_id = ${order(double)}`,
    `update refund set status = 'failed' where id = '${seatRefundId}'`,
    setOrder(plain, `status = 'refund_due'`),
  ],
  L10: [`update seat_drift set repaired_at = null`],
  L07: [`update work set dead_at = now()`],
  ...areaPlants,
};

/** States on the way that are in order: while a refund is under way it explains the money that is still held. */
export const explained: Readonly<Record<string, string>> = {
  'a double payment whose refund is owed': `
    delete from journal where order_id = ${order(double)} and kind = 'refund';
    update refund set status = 'owed' where order_id = ${order(double)}`,
  'a double payment that a service collected': `
    update attempt set provider = 'upstream', checkout_url = null where id = '${secondAttemptId}';
    update journal set provider = 'upstream' where attempt_id = '${secondAttemptId}';
    update posting set account = 'cash:upstream' where account = 'cash:sandbox' and transaction_id in (select id from journal where attempt_id = '${secondAttemptId}')`,
  'money for returned seats that is owed': `
    delete from journal where order_id = ${order(reduced)} and kind = 'refund';
    ${setSeatRefund(`status = 'owed'`)}`,
  'a late payment whose refund is at the provider': `
    delete from journal where order_id = ${order(late)} and kind = 'refund';
    update refund set status = 'processing' where order_id = ${order(late)};
    ${setOrder(late, `status = 'refund_due'`)}`,
  ...explainedRefunds,
  ...explainedWriteOffs,
};
