import { attemptId, cases, orderId } from './audit-world.js';

const { plain, disputed, late, upstream } = cases;
const [WHO, WHY] = ['support', 'a bad week'];

/** Owes a part of an order back out of goodwill, as staff do, or not quite. */
const giveBack = (
  n: number,
  { minor = 1_000, status = 'owed', note = WHY }: { minor?: number; status?: string; note?: string } = {},
): string => `
  insert into ops_action (actor, action, subject, reason) values ('${WHO}', 'order.refund', 'order ${orderId(n)}', '${WHY}');
  with owed as (insert into refund (id, order_id, attempt_id, workspace_id, currency, amount_minor, reason, note, requested_by, derivation, status)
      select gen_random_uuid(), order_id, id, workspace_id, currency, ${String(minor)}, 'goodwill', '${note}', '${WHO}', '{}', '${status}' from attempt
      where id = '${attemptId(n)}' returning *),
    back as (insert into journal (kind, order_id, attempt_id, workspace_id, provider, reference, booked_on, is_test)
      select 'reversal', w.order_id, w.attempt_id, w.workspace_id, a.provider, w.id::text, current_date, false
      from owed w join attempt a on a.id = w.attempt_id returning id)
  insert into posting select back.id, side.n, side.account, 'USD', side.minor from back
    cross join lateral (values (1, 'deferred_revenue', ${String(minor)}), (2, 'receivable', -${String(minor)})) side (n, account, minor)`;

/** Says that the refund of the late payment was given outside, and proves it. */
const giveOutside = (provider: string, change = ''): string => `
  update posting set account = 'cash:${provider}' where amount_minor < 0
    and transaction_id in (select id from journal where kind = 'refund' and order_id = '${orderId(late)}');
  update journal set provider = '${provider}', reference = (select id::text from refund where order_id = '${orderId(late)}')
    where kind = 'refund' and order_id = '${orderId(late)}';
  insert into refund_outside (refund_id, workspace_id, proof_kind, proof_reference, currency, amount_minor, given_at, reason, recorded_by)
    select id, workspace_id, 'receipt', 'proof', currency, amount_minor, now(), '${WHY}', '${WHO}' from refund where order_id = '${orderId(late)}';
  insert into ops_action (actor, action, subject, reason)
    select '${WHO}', 'refund.give-outside', 'refund ' || refund_id, '${WHY}' from refund_outside; ${change}`;

/** Says that the refund of the late payment came home, and books it, or not quite. */
const comeBack = (change = ''): string => `
  update refund set status = 'failed', returns = 1, failure = '{"why": "came_back", "code": "account_closed", "message": "sent back"}'
    where order_id = '${orderId(late)}';
  update orders set status = 'refund_due' where id = '${orderId(late)}';
  with back as (insert into journal (kind, order_id, attempt_id, refund_id, workspace_id, provider, reference, booked_on, is_test)
      select 'refund_failed', order_id, attempt_id, refund_id, workspace_id, provider, reference, current_date, false from journal
      where kind = 'refund' and order_id = '${orderId(late)}' returning *)
  insert into posting select back.id, side.n, side.account, r.currency, side.minor from back join refund r on r.id = back.refund_id
    cross join lateral (values (1, 'cash:' || back.provider, r.amount_minor), (2, 'receivable', -r.amount_minor)) side (n, account, minor); ${change}`;

/** Undoes the order of the late payment, whose money went back, or not quite. */
const undoLate = (change = ''): string => `
  update refund set reason = 'undone' where order_id = '${orderId(late)}';
  insert into undone_grant (order_id, workspace_id, add_ons, undone_by, reason, undone_at)
    select id, workspace_id, '[]', '${WHO}', '${WHY}', now() from orders where id = '${orderId(late)}';
  insert into ops_action (actor, action, subject, reason) values ('${WHO}', 'order.undo', 'order ${orderId(late)}', '${WHY}'); ${change}`;

/** For each audit of refunds the corruptions that it must notice, each by itself. */
export const refundPlants = {
  B40: [
    giveBack(plain, { minor: 50_001 }),
    `${giveBack(plain, { minor: 30_000 })}; ${giveBack(plain, { minor: 30_000 })}`,
    // The bank took all of it.
    giveBack(disputed, { minor: 1, status: 'processing' }),
    `delete from journal where kind = 'charge' and order_id = '${orderId(late)}'`,
  ],
  B41: [
    `${giveBack(plain)}; delete from ops_action where action = 'order.refund'`,
    giveBack(plain, { note: 'another' }),
    giveBack(plain, { status: 'failed' }),
    `update refund set failure = '{}'`,
  ],
  B42: [
    giveOutside('sandbox'),
    giveOutside('offline', `update refund set status = 'failed'`),
    giveOutside('offline', `update refund_outside set amount_minor = 1`),
    giveOutside('offline', `delete from ops_action where action = 'refund.give-outside'`),
    giveOutside(
      'offline',
      `insert into refund_outside select gen_random_uuid(), workspace_id, partner, proof_kind, upper(proof_reference), proof_note, currency,
      amount_minor, given_at, reason, recorded_by from refund_outside`,
    ),
    `${giveBack(upstream)}; update refund set status = 'succeeded' where order_id = '${orderId(upstream)}'`,
  ],
  B43: [
    undoLate(`update orders set status = 'fulfilled' where id = '${orderId(late)}'`),
    undoLate(`update refund set amount_minor = amount_minor - 1 where order_id = '${orderId(late)}'`),
    undoLate(`update seat_grant set order_id = '${orderId(late)}' where order_id = '${orderId(plain)}'`),
    undoLate(`update add_on_grant set order_id = '${orderId(late)}' where order_id = '${orderId(plain)}'`),
    undoLate(`delete from ops_action where action = 'order.undo'`),
    undoLate(`delete from undone_grant`),
  ],
  B44: [
    `update refund set returns = 1 where order_id = '${orderId(late)}'`,
    `delete from journal where kind = 'refund' and order_id = '${orderId(late)}'`,
    comeBack(`update refund set status = 'succeeded', failure = null where order_id = '${orderId(late)}'`),
    comeBack(`update refund set returns = 0`),
    comeBack(`update journal set reference = 'another' where kind = 'refund_failed'`),
  ],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** States in which nothing is wrong. */
export const explainedRefunds: Readonly<Record<string, string>> = {
  'a part that is owed out of goodwill': giveBack(plain),
  'all of it, owed out of goodwill': giveBack(plain, { minor: 50_000 }),
  'an order that was undone': undoLate(),
  'a refund that was given outside of the provider': giveOutside('offline'),
};
