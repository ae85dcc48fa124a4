import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Subscriptions that staff close with their whole rest given back, payments that a payer's bank takes back, and countries that change. */
export class Closings1780000000014 implements MigrationInterface {
  readonly name = 'Closings1780000000014';

  async up(runner: QueryRunner): Promise<void> {
    for (const part of [closings, chargebacks, countries]) await runner.query(part);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(undo);
  }
}

const closings = `
-- Closing a subscription takes all of its seats back; anything else leaves at least one.
alter table seat_change drop constraint seat_change_check, add constraint seat_change_seats_left check (seats_before + seats_delta >= 0);
alter table refund drop constraint refund_reason_of_change,
  add constraint refund_reason_of_change check ((seat_change_id is not null) = (reason in ('seats_returned', 'subscription_closed')));`;

const chargebacks = `
-- A payment that the payer's bank takes back, as the provider tells it. Staff decide about the workspace, whatever becomes of the money.
create table chargeback (
  id uuid primary key,
  order_id uuid not null,
  attempt_id uuid not null,
  workspace_id uuid not null,
  provider text not null,
  reference text not null,
  currency char(3) not null,
  amount_minor bigint not null check (amount_minor > 0),
  reason text not null check (length(reason) between 1 and 100),
  status text not null default 'open' check (status in ('open', 'won', 'lost')),
  decision text check (decision in ('keep', 'close')),
  decided_by text,
  decided_reason text check (length(decided_reason) between 1 and 500),
  decided_at timestamptz,
  created_at timestamptz not null default now(),
  status_at timestamptz not null default now(),
  unique (provider, reference),
  foreign key (attempt_id, order_id) references attempt (id, order_id),
  foreign key (order_id, workspace_id) references orders (id, workspace_id),
  check ((decision is null) = (decided_by is null) and (decision is null) = (decided_reason is null) and (decision is null) = (decided_at is null))
);
create index chargeback_of_attempt on chargeback (attempt_id);
create index chargeback_of_workspace on chargeback (workspace_id, id);
create index chargeback_undecided on chargeback (id) where decision is null;
create trigger chargeback_created after insert on chargeback referencing new table as new_rows for each statement execute function record_creation();
create trigger chargeback_changed after update on chargeback referencing old table as old_rows new table as new_rows for each statement execute function record_change();

-- Money that a bank took back leaves the cash of the provider; it is a loss, and what was sold stays sold.
alter table journal drop constraint journal_kind_check,
  add constraint journal_kind_check check (kind in ('charge', 'sale', 'refund', 'reversal', 'chargeback'));`;

const countries = `
-- When the workspace moved to the country that it is in; what was quoted before is void. Null: it never moved.
alter table workspace add column country_at timestamptz;`;

const undo = `
alter table workspace drop column country_at;
alter table journal drop constraint journal_kind_check, add constraint journal_kind_check check (kind in ('charge', 'sale', 'refund', 'reversal'));
drop table chargeback;
delete from transition where entity = 'chargeback';
delete from legal_transition where entity = 'chargeback';
alter table refund drop constraint refund_reason_of_change,
  add constraint refund_reason_of_change check ((seat_change_id is not null) = (reason = 'seats_returned'));
alter table seat_change drop constraint seat_change_seats_left, add constraint seat_change_check check (seats_before + seats_delta >= 1);`;
