import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Events: what happened to a workspace, numbered in the order of the commits, and every try to tell the host product. */
export class Events1780000000006 implements MigrationInterface {
  readonly name = 'Events1780000000006';

  async up(runner: QueryRunner): Promise<void> {
    for (const part of [tables, history, work]) await runner.query(part);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(undo);
  }
}

const tables = `
-- The last number that an event of the workspace got. Whoever emits holds this row until his commit, so numbers follow the commits.
create table event_counter (
  workspace_id uuid primary key references workspace,
  last bigint not null check (last > 0)
) with (fillfactor = 70);

-- Written only together with the counter, which belongs to the workspace: a key of its own to it would be looked up once per event.
-- kept: nobody wanted to be told. owed: to be told; with next_try_at once a try has failed. given_up: after three days of tries.
-- gone: the receiver said that it wants no more.
create table event (
  id uuid primary key,
  workspace_id uuid not null,
  seq bigint not null check (seq > 0),
  type text not null,
  dedupe_key text not null unique,
  -- What it says besides the facts of the order, which never change and stay there.
  order_id uuid,
  data json not null,
  status text not null check (status in ('kept', 'owed', 'delivered', 'given_up', 'gone')),
  tries int not null default 0,
  next_try_at timestamptz,
  occurred_at timestamptz not null default now(),
  status_at timestamptz not null default now(),
  unique (workspace_id, seq),
  check (next_try_at is null or status = 'owed')
);
create index event_owed on event (workspace_id, seq) where status = 'owed';
create index event_retry on event (next_try_at) where next_try_at is not null;
create index event_failed on event (id) where status in ('given_up', 'gone');

-- The delivery log. No request, no answer and no secret: a status and one line.
create table event_delivery (
  id bigint generated always as identity primary key,
  event_id uuid not null references event,
  try int not null check (try > 0),
  at timestamptz not null,
  outcome text not null check (outcome in ('delivered', 'failed', 'gone')),
  status int,
  duration_ms int not null check (duration_ms >= 0),
  error text check (length(error) <= 200)
);
create index event_delivery_of on event_delivery (event_id, id);
create index event_delivery_age on event_delivery (at);`;

// What was told so far, and the marks of orders that are behind us, so that a number and a mark are there for each of them.
const history = `
with past as (
  select id, workspace_id, case type when 'subscription.updated' then 'subscription.changed' else type end as type, dedupe_key, null::uuid as order_id, data::json, status, created_at as at, status_at from host_event
  union all
  select gen_random_uuid(), o.workspace_id, 'order.' || t.to_status, 'order.' || t.to_status || ':' || o.id, o.id, '{}'::json, 'kept', t.at, t.at
  from transition t join orders o on o.id = t.entity_id where t.entity = 'orders' and t.to_status in ('paid', 'fulfilled')
  union all
  select gen_random_uuid(), r.workspace_id, 'order.refunded', 'order.refunded:' || r.id, r.order_id,
    json_build_object('refundId', r.id, 'refundedMinor', r.amount_minor::text, 'reason', r.reason), 'kept', r.status_at, r.status_at
  from refund r where r.status = 'succeeded')
insert into event (id, workspace_id, seq, type, dedupe_key, order_id, data, status, occurred_at, status_at)
select id, workspace_id, row_number() over (partition by workspace_id order by at, id), type, dedupe_key, order_id, data, status, at, status_at from past;
insert into event_counter (workspace_id, last) select workspace_id, max(seq) from event group by workspace_id;`;

// A workspace is told of its events one after the other, so it is the workspace that owes the work.
const work = `
delete from work where kind = 'host.tell';
insert into work (queue, kind, ref, generation, leased, due_at)
  select distinct 'delivery', 'host.tell', workspace_id, 0, false, now() from event where status = 'owed';
drop table host_event;`;

const undo = `
create table host_event (
  id uuid primary key,
  workspace_id uuid not null references workspace,
  dedupe_key text not null unique,
  type text not null,
  data jsonb not null,
  status text not null default 'owed' check (status in ('owed', 'delivered', 'gone')),
  created_at timestamptz not null default now(),
  status_at timestamptz not null default now()
);
insert into host_event (id, workspace_id, dedupe_key, type, data, status, created_at, status_at)
  select id, workspace_id, dedupe_key, case type when 'subscription.changed' then 'subscription.updated' else type end, data, case when status = 'owed' then 'owed' when status = 'delivered' then 'delivered' else 'gone' end,
    occurred_at, status_at from event where type = 'subscription.changed' or type ~ '^(usage|credits)';
delete from work where kind in ('host.tell', 'host.retell');
insert into work (queue, kind, ref, generation, leased, due_at)
  select 'delivery', 'host.tell', id, 0, false, now() from host_event where status = 'owed';
drop table event_delivery;
drop table event;
drop table event_counter;`;
