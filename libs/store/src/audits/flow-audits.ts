import { clockNowOf } from '../workspace-time.js';
import type { AuditQuery } from './audit-query.js';

/** Every state is explained by history, and whatever is unfinished is driven by owed work. */
export const flowAudits: readonly AuditQuery[] = [
  {
    id: 'A07',
    about: 'An order has at most one attempt that may still take money',
    kind: 'always',
    sql: `select order_id, count(*) as open_attempts from attempt where status in ('submitting', 'pending', 'unknown') group by order_id having count(*) > 1`,
  },
  {
    id: 'A17',
    about: 'History shows only moves that the state machines allow',
    kind: 'always',
    sql: `select t.id as transition_id, t.entity, t.entity_id, t.from_status, t.to_status from transition t where not exists (
      select 1 from legal_transition l where l.entity = t.entity and coalesce(l.from_status, '') = coalesce(t.from_status, '') and l.to_status = t.to_status)`,
  },
  {
    id: 'A18',
    about: 'History is a chain without gaps that ends in the present state',
    kind: 'always',
    sql: `
      with chain as (select entity, entity_id, from_status, to_status, lag(to_status) over steps as previous, lead(id) over steps as next_id from transition
          window steps as (partition by entity, entity_id order by id)),
        present as (select 'orders' as entity, id, status from orders union all select 'attempt', id, status from attempt
          union all select 'subscription', id, status from subscription union all select 'refund', id, status from refund
          union all select 'notification', id, status from notification union all select 'member', id, status from member
          union all select 'enterprise_request', id, status from enterprise_request union all select 'chargeback', id, status from chargeback)
      select p.entity, p.id, p.status, c.to_status as history_says from present p
        left join chain c on c.entity = p.entity and c.entity_id = p.id and c.next_id is null where c.to_status is distinct from p.status
      union all
      select entity, entity_id, from_status, previous from chain where previous is distinct from from_status`,
  },
  {
    id: 'B03',
    about: 'A request for an order that was accepted leads to an order of the same workspace',
    kind: 'always',
    sql: `select r.workspace_id, r.idempotency_key, r.ref from request r left join orders o on o.id = r.ref and o.workspace_id = r.workspace_id
      where r.operation = 'order.place' and r.status = 'accepted' and o.id is null`,
  },
  {
    id: 'B04',
    about: 'Every order has at least one attempt to pay it, unless it is on account and its invoice waits',
    kind: 'always',
    sql: `select o.id as order_id, o.status from orders o where not exists (select 1 from attempt a where a.order_id = o.id)
      and not (o.collection = 'account' and o.paid_attempt_id is null)`,
  },
  {
    id: 'B05',
    about: 'Whatever is unfinished has owed work that drives it',
    kind: 'always',
    sql: `
      with unfinished as (
        select 'attempt' as entity, id, status, array['checkout.open', 'token.charge', 'checkout.cancel', 'attempt.check'] as kinds from attempt
          where status in ('submitting', 'pending', 'unknown') and provider <> 'upstream'
        union all select 'orders', id, status, array['order.apply'] from orders where status = 'paid'
        union all select 'subscription', g.subscription_id, 'pending', array['subscription.turn'] from seat_grant g
          join subscription s on s.id = g.subscription_id where g.pending and s.turn_at is null
        union all select 'subscription', id, status, array['renewal.decide'] from subscription where status = 'active' and renewal_at is null
        union all select 'refund', r.id, r.status, array['refund.send', 'refund.check'] from refund r join attempt a on a.id = r.attempt_id
          where r.status in ('owed', 'processing') and a.provider not in ('upstream', 'offline')
        union all select 'payment_notice', id, 'unprocessed', array['notice.apply'] from payment_notice where processed_at is null
        union all select 'reminder', id, status, array['reminder.decide'] from reminder where status = 'requested'
        union all select 'notification', id, status, array['mail.send'] from notification where status in ('pending', 'claimed') and send_at is null
        union all select 'event', workspace_id, status, array['host.tell'] from event e where status = 'owed'
          and not exists (select 1 from event h where h.workspace_id = e.workspace_id and h.next_try_at is not null)
        union all select 'seat_check', workspace_id, status, array['seats.check'] from seat_check where status = 'requested')
      select u.entity, u.id, u.status from unfinished u where not exists (select 1 from work w where w.ref = u.id and w.kind = any(u.kinds))`,
  },
  {
    id: 'B14',
    about: 'The end of a term is reminded of once: by the mail that was decided, and by no other',
    kind: 'always',
    sql: `
      with told as (select subscription_id, term_ends_on, reminder, 'renewal_reminder:' || subscription_id || ':' || to_char(term_ends_on, 'YYYY-MM-DD') as key from renewal)
      select t.subscription_id::text, t.term_ends_on::text, t.reminder, n.id as notification_id from told t left join notification n on n.dedupe_key = t.key
        where (n.id is not null) <> (coalesce(t.reminder, '') in ('will-be-charged', 'will-expire'))
      union all
      select split_part(n.dedupe_key, ':', 2), split_part(n.dedupe_key, ':', 3), null, n.id from notification n
        where n.dedupe_key like 'renewal_reminder:%:%' and not exists (select 1 from told t where t.key = n.dedupe_key)`,
  },
  {
    id: 'L01',
    about: 'A paid order is applied',
    kind: 'at-rest',
    sql: `select id as order_id, status_at as paid_at from orders where status = 'paid'`,
  },
  {
    id: 'L02',
    about: 'No attempt is left whose outcome only the provider knows',
    kind: 'at-rest',
    sql: `select id as attempt_id, order_id, status, status_at from attempt where status in ('submitting', 'unknown')`,
  },
  {
    id: 'L03',
    about:
      'All owed work is done; only looks, at open checkouts and at what the host product gives, wait for their time',
    kind: 'at-rest',
    sql: `select id as work_id, queue, kind, ref, attempts, due_at, last_error from work
      where dead_at is null and (kind not in ('attempt.check', 'seats.check') or due_at <= now())`,
  },
  {
    id: 'L04',
    about: 'Every notice of a payment is dealt with',
    kind: 'at-rest',
    sql: `select id as notice_id, provider, event_id, reference, received_at from payment_notice where processed_at is null`,
  },
  {
    id: 'L05',
    about: 'No mail is on its way',
    kind: 'at-rest',
    sql: `select id as notification_id, template, status, status_at from notification where status in ('pending', 'claimed') and send_at is null`,
  },
  {
    id: 'L06',
    about:
      'No order waits for its payment for 30 days with nothing that drives it: no open attempt, no owed work, no invoice that may still be paid',
    kind: 'at-rest',
    sql: `select o.id as order_id, o.kind, o.created_at, o.expires_at from orders o
      where o.status = 'awaiting_payment' and o.created_at < coalesce(${clockNowOf('o.workspace_id')}, now()) - interval '30 days'
        and not exists (select 1 from attempt a where a.order_id = o.id and a.status in ('submitting', 'pending', 'unknown'))
        and not (o.collection = 'account' and o.expires_at > coalesce(${clockNowOf('o.workspace_id')}, now()))
        and not exists (select 1 from work w where w.dead_at is null and (w.ref = o.id or w.ref in (select a.id from attempt a where a.order_id = o.id)))`,
  },
  {
    id: 'L07',
    about: 'No dead work waits for a person',
    kind: 'at-rest',
    sql: `select id as work_id, queue, kind, ref, attempts, last_error, dead_at from work where dead_at is not null`,
  },
];
