import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Reminders by day, expiring cards, the end of keeping data, and renewals that are paced, paused and parked. */
export class Calendar1780000000013 implements MigrationInterface {
  readonly name = 'Calendar1780000000013';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(steps);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(undo);
  }
}

const steps = `
-- Why a reminder was left out; null for those from before and for those that were not.
alter table renewal add column suppressed_for text check (suppressed_for in ('charged-first', 'term-over'));
create index renewal_next_tries on renewal (next_try_at) where next_try_at is not null;

-- What else was told around the end of a term: which card expires first, so many days before its data is not kept any more.
create table term_notice (
  subscription_id uuid not null,
  workspace_id uuid not null,
  term_ends_on date not null,
  kind text not null check (kind in ('card-expiring', 'data-ending')),
  about text not null,
  outcome text not null check (outcome in ('told', 'suppressed', 'no-recipient')),
  reason text check (reason in ('charged-first', 'overtaken', 'kept-no-longer')),
  decided_at timestamptz not null,
  primary key (subscription_id, term_ends_on, kind, about),
  foreign key (subscription_id, workspace_id) references subscription (id, workspace_id),
  check ((outcome = 'suppressed') = (reason is not null))
);

-- Mails that leave by day only, in the zone of their receiver; they wait until send_at, and are left out from good_until on.
alter table notification
  add column from_hour int check (from_hour between 0 and 23),
  add column to_hour int check (to_hour between 1 and 24),
  add column good_until timestamptz,
  add column send_at timestamptz,
  drop constraint notification_status_check,
  add constraint notification_status_check check (status in ('pending', 'claimed', 'sent', 'uncertain', 'dead', 'suppressed')),
  add check (send_at is null or status in ('pending', 'dead'));
create index notification_waiting on notification (send_at) where send_at is not null;

-- While a row is open, nothing is reminded, ordered or charged for the terms that it covers.
create table renewal_pause (
  id uuid primary key,
  scope text not null check (scope in ('fleet', 'catalogue', 'region')),
  value text not null,
  reason text not null,
  actor text not null,
  paused_at timestamptz not null default now(),
  resumed_at timestamptz,
  check ((scope = 'fleet') = (value = ''))
);
create unique index renewal_pause_open on renewal_pause (scope, value) where resumed_at is null;

-- How many ends of terms were looked at in the present minute, by the database's clock.
create table renewal_pace (
  only_one boolean primary key default true check (only_one),
  minute_at timestamptz not null,
  taken int not null check (taken >= 0)
);
insert into renewal_pace (minute_at, taken) values ('-infinity', 0);

create index subscription_ended on subscription (ends_on) where status = 'expired';

-- Only what asks for the end of orders may use this index: while the statistics are from before a morning's renewals, it looks like the
-- cheapest way to the unpaid orders of a few workspaces, and is read from end to end for each chunk.
drop index orders_to_expire;
create index orders_to_expire on orders (expires_at) where status = 'awaiting_payment' and expires_at is not null;

-- Terms get moments that they did not have: each one is looked at once, and then has its own.
update subscription set renewal_at = least(renewal_at, (ends_on - 181)::timestamptz) where status = 'active' and renewal_at is not null;
update subscription set renewal_at = ends_on::timestamptz where status = 'expired' and renewal_at is null and ends_on > current_date - 92;`;

const undo = `
drop index orders_to_expire;
create index orders_to_expire on orders (expires_at) where status = 'awaiting_payment';
drop index subscription_ended;
drop table renewal_pace;
drop table renewal_pause;
drop index notification_waiting;
alter table notification drop constraint notification_status_check,
  add constraint notification_status_check check (status in ('pending', 'claimed', 'sent', 'uncertain', 'dead')),
  drop column from_hour, drop column to_hour, drop column good_until, drop column send_at;
drop table term_notice;
drop index renewal_next_tries;
alter table renewal drop column suppressed_for;`;
