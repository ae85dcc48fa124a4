import type { AuditQuery } from './audit-query.js';

/** Nobody has seats without money, and nobody who paid lacks them. */
export const seatAudits: readonly AuditQuery[] = [
  {
    id: 'A03',
    about: 'Seats, days and packages are given only for an order that was paid',
    kind: 'always',
    sql: `select g.order_id, o.status, g.seats_delta, g.add_on from (
        select order_id, seats_delta, null as add_on from seat_grant union all select order_id, null, add_on from add_on_grant) g
      left join orders o on o.id = g.order_id
      where o.id is null or o.status not in ('fulfilled', 'refund_due', 'refunded')
        or not exists (select 1 from journal j where j.order_id = g.order_id and j.kind = 'charge')`,
  },
  {
    id: 'A04',
    about: 'A fulfilled order gave what it sold: its plan and seats, or its packages',
    kind: 'always',
    sql: `
      select o.id as order_id, o.kind, o.plan, o.seats, g.plan as given_plan, g.seats as given_seats, null::int as packages from orders o
        left join seat_grant g on g.order_id = o.id
        where o.status = 'fulfilled' and o.kind <> 'add-on' and (g.order_id is null or (g.plan, g.seats) <> (o.plan, o.seats)
          or (g.during is null) <> (o.kind in ('upgrade', 'add-seats', 'upgrade-and-add-seats')))
      union all
      select o.id, o.kind, o.plan, o.seats, a.add_on, null, a.packages from orders o left join add_on_grant a on a.order_id = o.id
        where o.status = 'fulfilled' and o.kind = 'add-on'
          and (a.order_id is null or (a.add_on, a.packages) <> (o.add_on ->> 'id', (o.add_on ->> 'packages')::int))`,
  },
  {
    id: 'A05',
    about: 'A subscription has as many seats as its grants add up to, less those that were taken back',
    kind: 'always',
    sql: `select s.id as subscription_id, s.seats, coalesce(g.seats, 0) as granted, coalesce(c.seats, 0) as changed from subscription s
      left join (select subscription_id, sum(seats_delta) as seats from seat_grant group by subscription_id) g on g.subscription_id = s.id
      left join (select subscription_id, sum(seats_delta) as seats from seat_change group by subscription_id) c on c.subscription_id = s.id
      where s.seats <> coalesce(g.seats, 0) + coalesce(c.seats, 0)`,
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
      select 'add_on_grant', g.order_id::text, g.workspace_id, o.workspace_id from add_on_grant g join orders o on o.id = g.order_id
        where g.workspace_id <> o.workspace_id
      union all
      select 'attempt', a.id::text, a.workspace_id, o.workspace_id from attempt a join orders o on o.id = a.order_id where a.workspace_id <> o.workspace_id
      union all
      select 'journal', j.id::text, j.workspace_id, o.workspace_id from journal j join orders o on o.id = j.order_id where j.workspace_id <> o.workspace_id
      union all
      select 'refund', r.id::text, r.workspace_id, o.workspace_id from refund r join orders o on o.id = r.order_id where r.workspace_id <> o.workspace_id
      union all
      select 'seat_change', c.id::text, c.workspace_id, s.workspace_id from seat_change c left join subscription s on s.id = c.subscription_id
        where s.workspace_id is distinct from c.workspace_id
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
    id: 'B13',
    about: 'A period of a subscription was paid by one order',
    kind: 'always',
    sql: `select subscription_id, lower(during)::text as starts_on, array_agg(order_id order by order_id)::text as order_ids from seat_grant
      where during is not null group by subscription_id, lower(during) having count(*) > 1`,
  },
  {
    id: 'A26',
    about: 'A fulfilled order of a workspace with a billing address has its receipt',
    kind: 'always',
    sql: `select o.id as order_id from orders o join workspace w on w.id = o.workspace_id
      where o.status = 'fulfilled' and w.billing_email is not null and not exists (select 1 from notification n where n.dedupe_key = 'receipt:' || o.id)`,
  },
  {
    id: 'B12',
    about: 'Seats that were taken back in mid-term have a reason on record, and leave at least one',
    kind: 'always',
    sql: `select c.id as seat_change_id, c.seats_before, c.seats_delta, c.actor from seat_change c
      where c.seats_delta >= 0 or c.seats_before + c.seats_delta < 1
        or not exists (select 1 from ops_action a where a.action = 'seats.reduce' and a.subject = 'workspace ' || c.workspace_id
          and a.actor = c.actor and a.reason = c.reason)`,
  },
  {
    id: 'L06',
    about: 'No drift between what is paid and what the host product gives is open',
    kind: 'at-rest',
    sql: `select workspace_id, what, paid, granted, found_at from seat_drift where repaired_at is null`,
  },
];
