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
    id: 'A06',
    about:
      'No more members use seats than there are, unless seats became fewer with a term, or members were there before the subscription',
    kind: 'always',
    sql: `
      with crowded as (select s.id, s.workspace_id, s.seats, count(*) as in_use from subscription s
          join member m on m.workspace_id = s.workspace_id and m.status <> 'disabled' where s.status <> 'closed' group by s.id having count(*) > s.seats),
        began as (select c.id, t.at from crowded c join transition t on t.entity = 'subscription' and t.entity_id = c.id and t.from_status is null),
        early as (select c.id, count(*) as members from crowded c join began b on b.id = c.id
          join member m on m.workspace_id = c.workspace_id and m.status <> 'disabled'
          cross join lateral (select t.at from transition t where t.entity = 'member' and t.entity_id = m.id and coalesce(t.from_status, 'disabled') = 'disabled'
            order by t.id desc limit 1) came
          -- Whoever came while the first purchase was being given saw no seats yet.
          where came.at <= b.at + interval '1 second' group by c.id),
        fewer as (select subscription_id as id, -sum(seats_delta) as seats from seat_grant where seats_delta < 0 group by subscription_id)
      select c.workspace_id, c.seats, c.in_use, coalesce(e.members, 0) as were_there_before, coalesce(f.seats, 0) as seats_fewer from crowded c
        left join early e on e.id = c.id left join fewer f on f.id = c.id
        where c.in_use > c.seats + coalesce(e.members, 0) + coalesce(f.seats, 0)`,
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
      select 'chargeback', b.id::text, b.workspace_id, a.workspace_id from chargeback b left join attempt a on a.id = b.attempt_id and a.order_id = b.order_id
        where a.workspace_id is distinct from b.workspace_id
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
    id: 'A16',
    about:
      'A period of a subscription has one live renewal: one order at most waits to be paid for it, and one gave it',
    kind: 'always',
    sql: `
      select 'unpaid' as what, workspace_id as id, null as starts_on, array_agg(id order by id)::text as order_ids from orders
        where kind = 'renewal' and status = 'awaiting_payment' group by workspace_id having count(*) > 1
      union all
      select 'given', subscription_id, lower(during)::text, array_agg(order_id order by order_id)::text from seat_grant
        where during is not null group by subscription_id, lower(during) having count(*) > 1`,
  },
  {
    id: 'B25',
    about: 'A subscription is paid until the last day that its grants gave: nothing makes it shorter or longer',
    kind: 'always',
    sql: `select s.id as subscription_id, s.ends_on::text as ends_on, g.last::text as paid_until from subscription s
      left join (select subscription_id, max(upper(during)) as last from seat_grant group by subscription_id) g on g.subscription_id = s.id
      where s.ends_on is distinct from g.last`,
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
    about:
      'Seats that were taken back in mid-term have a reason on record, and leave at least one unless the subscription was closed',
    kind: 'always',
    sql: `select c.id as seat_change_id, c.seats_before, c.seats_delta, c.actor from seat_change c left join subscription s on s.id = c.subscription_id
      where c.seats_delta >= 0 or c.seats_before + c.seats_delta < 0 or (c.seats_before + c.seats_delta = 0 and s.status is distinct from 'closed')
        or not exists (select 1 from ops_action a where a.subject = 'workspace ' || c.workspace_id and a.actor = c.actor and a.reason = c.reason
          and a.action = case when c.seats_before + c.seats_delta = 0 then 'subscription.close' else 'seats.reduce' end)`,
  },
  {
    id: 'B24',
    about: 'A closed subscription was closed by staff, has no seats, and nothing of it goes on by itself',
    kind: 'always',
    sql: `select s.id as subscription_id, s.seats, s.auto_renewal, s.turn_at, s.renewal_at, s.scheduled from subscription s where s.status = 'closed'
      and (s.seats <> 0 or s.auto_renewal or s.turn_at is not null or s.renewal_at is not null or s.scheduled is not null
        or not exists (select 1 from seat_change c where c.subscription_id = s.id and c.seats_before + c.seats_delta = 0))`,
  },
  {
    id: 'L10',
    about: 'No drift between what is paid and what the host product gives is open',
    kind: 'at-rest',
    sql: `select workspace_id, what, paid, granted, found_at from seat_drift where repaired_at is null`,
  },
];
