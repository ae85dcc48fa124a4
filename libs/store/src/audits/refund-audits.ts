import type { AuditQuery } from './audit-query.js';

/** What goes back is never more than what came, has its reason on record, and whoever gave it outside has proven it. */
export const refundAudits: readonly AuditQuery[] = [
  {
    id: 'B40',
    about: 'No payment goes back by more than it was: refunds done and owed, and what its bank took, together',
    kind: 'always',
    sql: `
      with charged as (select attempt_id, sum(amount_minor) as minor from movement where kind = 'charge' group by attempt_id),
        owed as (select attempt_id, sum(amount_minor) as minor from refund group by attempt_id),
        taken as (select attempt_id, sum(case kind when 'offset' then -amount_minor else amount_minor end) as minor from movement
          where kind in ('chargeback', 'offset') group by attempt_id)
      select o.attempt_id, c.minor as charged_minor, o.minor as refunds_minor, t.minor as taken_minor from owed o
        left join charged c on c.attempt_id = o.attempt_id left join taken t on t.attempt_id = o.attempt_id
        where o.minor > coalesce(c.minor, 0)
          -- Refunds that never left are part of what the bank took first: they end with that, or wait for a person.
          or o.minor - coalesce((select sum(f.amount_minor) from refund f where f.attempt_id = o.attempt_id
              and (f.status = 'owed' or (f.status = 'failed' and f.failure ->> 'why' = 'disputed'))), 0)
            + coalesce(t.minor, 0) > coalesce(c.minor, 0)`,
  },
  {
    id: 'B41',
    about: 'A refund that staff gave out of goodwill has its reason on record, and one that failed says why',
    kind: 'always',
    sql: `select r.id as refund_id, r.order_id, r.status, r.requested_by, r.note, r.failure from refund r
      where (r.reason = 'goodwill' and not exists (select 1 from ops_action a where a.action = 'order.refund' and a.subject = 'order ' || r.order_id
          and a.actor = r.requested_by and a.reason = r.note))
        or (r.status = 'failed') <> (r.failure is not null)`,
  },
  {
    id: 'B42',
    about:
      'Money that went back in another way than through the provider has one proof, and a proof its refund, booked and on record',
    kind: 'always',
    sql: `
      select x.refund_id, r.order_id, r.status, j.provider, x.proof_reference from refund_outside x left join refund r on r.id = x.refund_id
        left join attempt a on a.id = r.attempt_id left join journal j on j.kind = 'refund' and j.reference = x.refund_id::text and j.attempt_id = r.attempt_id
        where r.status is distinct from 'succeeded' or x.workspace_id <> r.workspace_id or j.id is null
          or j.provider <> case when a.provider = 'upstream' then 'upstream' else 'offline' end
          or (x.currency = r.currency and x.amount_minor <> r.amount_minor)
          or not exists (select 1 from ops_action o where o.action = 'refund.give-outside' and o.subject = 'refund ' || x.refund_id
            and o.actor = x.recorded_by and o.reason = x.reason)
      union all
      select r.id, r.order_id, r.status, a.provider, null from refund r join attempt a on a.id = r.attempt_id
        where r.status = 'succeeded' and a.provider in ('upstream', 'offline') and not exists (select 1 from refund_outside x where x.refund_id = r.id)
      union all
      select min(refund_id::text)::uuid, null, null, null, lower(proof_reference) from refund_outside
        group by lower(coalesce(partner, '')), lower(proof_reference) having count(*) > 1`,
  },
  {
    id: 'B44',
    about:
      'A refund that was given has gone once more than it came back, any other as often, and each time that it came back is on record',
    kind: 'always',
    sql: `
      select r.id as refund_id, r.order_id, r.status, r.returns, m.gone, m.back from refund r
        cross join lateral (select count(*) filter (where j.kind in ('refund', 'offset')) as gone, count(*) filter (where j.kind = 'refund_failed') as back
          from journal j where j.refund_id = r.id) m
        where m.back <> r.returns or m.gone - m.back <> (r.status = 'succeeded')::int
      union all
      select null, j.order_id, null, null, null, null from journal j where j.kind = 'refund_failed'
        and not exists (select 1 from journal g where (g.provider, g.reference, g.kind, g.refund_id) = (j.provider, j.reference, 'refund', j.refund_id))`,
  },
  {
    id: 'B43',
    about:
      'An undone order gives nothing any more, all of its money went back or is owed, and who undid it is on record',
    kind: 'always',
    sql: `
      select u.order_id, o.status, r.amount_minor as refund_minor, o.amount_minor, g.order_id is not null or a.order_id is not null as still_given from undone_grant u
        left join orders o on o.id = u.order_id left join refund r on r.order_id = u.order_id and r.reason = 'undone'
        left join seat_grant g on g.order_id = u.order_id left join add_on_grant a on a.order_id = u.order_id
        where o.status not in ('refund_due', 'refunded') or o.workspace_id <> u.workspace_id or r.amount_minor is distinct from o.amount_minor
          or g.order_id is not null or a.order_id is not null
          or not exists (select 1 from ops_action x where x.action = 'order.undo' and x.subject = 'order ' || u.order_id and x.actor = u.undone_by
            and x.reason = u.reason)
      union all
      select r.order_id, null, r.amount_minor, null, null from refund r where r.reason = 'undone' and not exists (select 1 from undone_grant u where u.order_id = r.order_id)`,
  },
];
