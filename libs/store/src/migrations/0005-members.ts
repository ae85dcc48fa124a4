import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who uses seats, seats that are taken back in mid-term with their refund, and what the host product really gives. */
export class Members1780000000005 implements MigrationInterface {
  readonly name = 'Members1780000000005';

  async up(runner: QueryRunner): Promise<void> {
    for (const part of [members, guard, changes, checks]) await runner.query(part);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(undo);
  }
}

const members = `
-- The people who use a workspace, as the host product reports them under ids of its own.
create table member (
  id uuid primary key,
  workspace_id uuid not null references workspace,
  external_id text not null check (length(external_id) between 1 and 120),
  display_name text not null check (length(display_name) between 1 and 200),
  email text check (length(email) <= 254),
  role text not null check (role in ('admin', 'billing-contact', 'member')),
  status text not null check (status in ('invited', 'active', 'disabled')),
  -- When it changed in the host product, where that said so: what is older came late.
  changed_at timestamptz,
  created_at timestamptz not null default now(),
  status_at timestamptz not null default now(),
  unique (workspace_id, external_id)
);
create index member_in_use on member (workspace_id) where status <> 'disabled';
create index member_of_workspace on member (workspace_id, id);
create trigger member_created after insert on member referencing new table as new_rows for each statement execute function record_creation();
create trigger member_changed after update on member referencing old table as old_rows new table as new_rows for each statement execute function record_change();`;

const guard = `
-- The last guard behind the use case. Whoever takes a seat waits for whoever takes one, or changes the number of seats, at the same time;
-- what counts is the number after the whole statement, so that one member may make room for another.
create function check_seats(workspaces uuid[]) returns void language plpgsql as $$
declare too_many record;
begin
  perform 1 from subscription where workspace_id = any(workspaces) order by id for update;
  select s.workspace_id, s.seats, count(*) as in_use into too_many from subscription s
    join member m on m.workspace_id = s.workspace_id and m.status <> 'disabled'
    where s.workspace_id = any(workspaces) group by s.workspace_id, s.seats having count(*) > s.seats limit 1;
  if found then
    raise exception 'workspace % would have % members in use for % seats', too_many.workspace_id, too_many.in_use, too_many.seats using errcode = 'check_violation';
  end if;
end $$;
create function guard_new_members() returns trigger language plpgsql as $$
begin
  perform check_seats(array(select distinct workspace_id from new_rows where status <> 'disabled'));
  return null;
end $$;
create function guard_changed_members() returns trigger language plpgsql as $$
begin
  perform check_seats(array(select distinct n.workspace_id from new_rows n join old_rows o using (id) where n.status <> 'disabled' and o.status = 'disabled'));
  return null;
end $$;
create trigger member_seats_new after insert on member referencing new table as new_rows for each statement execute function guard_new_members();
create trigger member_seats_changed after update on member referencing old table as old_rows new table as new_rows for each statement execute function guard_changed_members();`;

const changes = `
-- Seats that support took back in the middle of a term. What a subscription has is the sum of its grants and of these.
create table seat_change (
  id uuid primary key,
  subscription_id uuid not null,
  workspace_id uuid not null,
  seats_before int not null,
  seats_delta int not null check (seats_delta < 0),
  reason text not null check (length(reason) between 1 and 500),
  actor text not null,
  -- What is given back for them: the quote that said how much, its lines, and the sum as a positive amount.
  quote_id uuid unique,
  currency char(3) not null,
  refund_minor bigint not null default 0 check (refund_minor >= 0),
  lines jsonb not null default '[]',
  created_at timestamptz not null default now(),
  unique (id, workspace_id),
  check (seats_before + seats_delta >= 1),
  check ((quote_id is null) = (refund_minor = 0)),
  foreign key (subscription_id, workspace_id) references subscription (id, workspace_id),
  foreign key (quote_id, workspace_id) references quote (id, workspace_id)
);
create index seat_change_of_subscription on seat_change (subscription_id);

-- A payment goes back as a whole at most once; parts of it may go back for seats, one for each change.
alter table refund drop constraint refund_attempt_id_key,
  add column seat_change_id uuid,
  add constraint refund_seat_change foreign key (seat_change_id, workspace_id) references seat_change (id, workspace_id),
  add constraint refund_once_per_change unique (attempt_id, seat_change_id),
  add constraint refund_reason_of_change check ((seat_change_id is not null) = (reason = 'seats_returned'));
create unique index refund_whole_once on refund (attempt_id) where seat_change_id is null;
create index refund_of_seat_change on refund (seat_change_id) where seat_change_id is not null;`;

const checks = `
-- When a subscription is compared next with what the host product gives; null: nobody has set a time yet.
alter table subscription add column seats_check_at timestamptz;
create index subscription_checks on subscription (seats_check_at nulls first) where status = 'active';

-- The last comparison of each workspace. 'requested' is driven by owed work.
create table seat_check (
  workspace_id uuid primary key references workspace,
  status text not null check (status in ('requested', 'done')),
  repairs boolean not null,
  -- How often the host product was told again in this check: once at most.
  repairs_done int not null default 0,
  outcome text check (outcome in ('matches', 'repaired', 'drift', 'no-subscription')),
  paid jsonb,
  granted jsonb,
  requested_at timestamptz not null,
  checked_at timestamptz,
  check ((status = 'done') = (outcome is not null and checked_at is not null))
);

-- Each difference that was found between what is paid and what is given; open until a comparison no longer finds it.
create table seat_drift (
  id uuid primary key,
  workspace_id uuid not null references workspace,
  what text not null check (what in ('seats', 'plan', 'members')),
  paid text not null,
  granted text not null,
  found_at timestamptz not null,
  seen_at timestamptz not null,
  repaired_at timestamptz
);
create unique index seat_drift_open on seat_drift (workspace_id, what) where repaired_at is null;
create index seat_drift_of_workspace on seat_drift (workspace_id, found_at);
create index host_event_owed on host_event (workspace_id) where status = 'owed';`;

const undo = `
drop index host_event_owed;
drop table seat_drift, seat_check;
alter table subscription drop column seats_check_at;
drop index refund_whole_once, refund_of_seat_change;
alter table refund drop constraint refund_reason_of_change, drop column seat_change_id, add constraint refund_attempt_id_key unique (attempt_id);
drop table seat_change, member;
drop function guard_changed_members(), guard_new_members(), check_seats(uuid[]);`;
