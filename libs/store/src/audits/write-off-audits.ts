import type { AuditQuery } from './audit-query.js';

/** What staff gave up or promised is on record, in the books, and within its bounds. */
export const writeOffAudits: readonly AuditQuery[] = [
  {
    id: 'B45',
    about:
      'What was written off is in the books once, with its reason on record, and is no more than what somebody outside took for us',
    kind: 'always',
    sql: `
      select coalesce(w.id::text, j.reference) as write_off_id, coalesce(w.order_id, j.order_id) as order_id, w.amount_minor, j.amount_minor as booked_minor
        from write_off w full join (select * from movement where kind = 'write_off') j on j.reference = w.id::text
        left join attempt a on a.id = w.attempt_id
        where w.id is null or j.id is null or (j.attempt_id, j.workspace_id, j.provider, j.amount_minor, j.currency)
            is distinct from (w.attempt_id, w.workspace_id, a.provider, w.amount_minor, w.currency)
          or a.provider not in ('upstream', 'offline') or a.order_id <> w.order_id
          or not exists (select 1 from ops_action x where x.action = 'order.write-off' and x.subject = 'order ' || w.order_id
            and x.actor = w.written_off_by and x.reason = w.reason)
      union all
      select w.attempt_id::text, null, sum(w.amount_minor), c.minor from write_off w
        left join (select attempt_id, sum(amount_minor) as minor from movement where kind = 'charge' group by 1) c on c.attempt_id = w.attempt_id
        group by w.attempt_id, c.minor having sum(w.amount_minor) > coalesce(c.minor, 0)`,
  },
  {
    id: 'B46',
    about:
      'A credit is owed until refunds of its own workspace have paid it back or staff have withdrawn it: granted, paid back and withdrawn are in the books once, with their reasons on record',
    kind: 'always',
    sql: `
      with used as (select u.credit_id, sum(u.amount_minor) as minor from customer_credit_use u group by 1),
        due as (
          select 'granted:' || id as reference, workspace_id, currency, amount_minor as minor from customer_credit
          union all select 'withdrawn:' || id, workspace_id, currency, -left_minor from customer_credit where withdrawn_at is not null
          union all select 'paid-back:' || u.refund_id, c.workspace_id, c.currency, -u.amount_minor from customer_credit_use u join customer_credit c on c.id = u.credit_id),
        booked as (select j.reference, j.workspace_id, p.currency, -p.amount_minor as minor from journal j join posting p on p.transaction_id = j.id
          where j.kind = 'credit' and p.account = 'customer_credit')
      select coalesce(d.reference, b.reference) as what, d.minor as due_minor, b.minor as booked_minor from due d full join booked b on b.reference = d.reference
        where (d.workspace_id, d.currency, d.minor) is distinct from (b.workspace_id, b.currency, b.minor)
      union all
      select 'credit ' || c.id, c.amount_minor - c.left_minor, coalesce(u.minor, 0) from customer_credit c left join used u on u.credit_id = c.id
        where c.amount_minor - c.left_minor <> coalesce(u.minor, 0)
          or not exists (select 1 from ops_action x where x.action = 'customer-credit.grant' and x.subject = 'customer credit ' || c.id
            and x.actor = c.granted_by and x.reason = c.reason)
          or (c.withdrawn_at is not null and not exists (select 1 from ops_action x where x.action = 'customer-credit.withdraw'
            and x.subject = 'customer credit ' || c.id and x.actor = c.withdrawn_by and x.reason = c.withdrawn_reason))
      union all
      select 'refund ' || u.refund_id, u.amount_minor, r.amount_minor from customer_credit_use u join customer_credit c on c.id = u.credit_id
        left join refund r on r.id = u.refund_id
        where (r.workspace_id, r.currency, r.amount_minor, r.reason) is distinct from (c.workspace_id, c.currency, u.amount_minor, 'goodwill')`,
  },
];
