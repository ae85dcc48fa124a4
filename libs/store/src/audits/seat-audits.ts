import type { AuditQuery } from './audit-query.js';

/** Nobody has seats without money, and nobody who paid lacks them. */
export const seatAudits: readonly AuditQuery[] = [
  {
    id: 'A03',
    about: 'Seats are given only for an order that was paid',
    kind: 'always',
    sql: `select g.order_id, o.status, g.seats_delta from seat_grant g left join orders o on o.id = g.order_id
      where o.id is null or o.status not in ('fulfilled', 'refund_due', 'refunded')
        or not exists (select 1 from journal j where j.order_id = g.order_id and j.kind = 'charge')`,
  },
  {
    id: 'A04',
    about: 'A fulfilled order gave its plan, and its workspace had at least the seats bought afterwards',
    kind: 'always',
    // A purchase brings the workspace to the seats bought. It adds none where a running term has more, and nothing else may differ.
    sql: `
      with given as (select order_id, plan, seats_delta,
          sum(seats_delta) over (partition by subscription_id order by lower(during), created_at, order_id) as seats_after from seat_grant)
      select o.id as order_id, o.plan, o.seats, g.plan as given_plan, g.seats_delta, g.seats_after from orders o left join given g on g.order_id = o.id
        where o.status = 'fulfilled' and (g.order_id is null or g.plan <> o.plan
          or (o.kind = 'purchase' and g.seats_after <> o.seats and not (g.seats_delta = 0 and g.seats_after > o.seats)))`,
  },
  {
    id: 'A05',
    about: 'A subscription has as many seats as its grants add up to',
    kind: 'always',
    sql: `select s.id as subscription_id, s.seats, coalesce(g.seats, 0) as granted from subscription s
      left join (select subscription_id, sum(seats_delta) as seats from seat_grant group by subscription_id) g on g.subscription_id = s.id
      where s.seats <> coalesce(g.seats, 0)`,
  },
  {
    id: 'A12',
    about: 'What belongs to an order belongs to the workspace of that order',
    kind: 'always',
    sql: `
      select 'seat_grant' as entity, g.order_id::text as id, g.workspace_id, o.workspace_id as order_workspace_id from seat_grant g
        join orders o on o.id = g.order_id left join subscription s on s.id = g.subscription_id
        where g.workspace_id <> o.workspace_id or s.workspace_id is distinct from o.workspace_id
      union all
      select 'attempt', a.id::text, a.workspace_id, o.workspace_id from attempt a join orders o on o.id = a.order_id where a.workspace_id <> o.workspace_id
      union all
      select 'journal', j.id::text, j.workspace_id, o.workspace_id from journal j join orders o on o.id = j.order_id where j.workspace_id <> o.workspace_id
      union all
      select 'refund', r.id::text, r.workspace_id, o.workspace_id from refund r join orders o on o.id = r.order_id where r.workspace_id <> o.workspace_id
      union all
      select 'quote', q.id::text, q.workspace_id, o.workspace_id from orders o join quote q on q.id = o.quote_id where q.workspace_id <> o.workspace_id`,
  },
  {
    id: 'A15',
    about: 'Paid periods of a subscription do not overlap',
    kind: 'always',
    sql: `select a.subscription_id, a.order_id, b.order_id as other_order_id, a.during::text as during, b.during::text as other_during from seat_grant a
      join seat_grant b on b.subscription_id = a.subscription_id and b.order_id > a.order_id and b.during && a.during`,
  },
  {
    id: 'A26',
    about: 'A fulfilled order of a workspace with a billing address has its receipt',
    kind: 'always',
    sql: `select o.id as order_id from orders o join workspace w on w.id = o.workspace_id
      where o.status = 'fulfilled' and w.billing_email is not null and not exists (select 1 from notification n where n.dedupe_key = 'receipt:' || o.id)`,
  },
];
