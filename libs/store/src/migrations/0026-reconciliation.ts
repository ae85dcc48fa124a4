import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Nightly comparison of the books with the records of those who hold the money. */
export class Reconciliation1780000000026 implements MigrationInterface {
  readonly name = 'Reconciliation1780000000026';

  async up(runner: QueryRunner): Promise<void> {
    for (const part of [runs, records, findings]) await runner.query(part);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(undo);
  }
}

const runs = `
-- A comparison of one day (UTC) with one provider. journal_mark: the last transaction of the books when it was asked for, so that the next run knows which ones
-- must have come to a record by then. requested_by null: the night did it.
create table reconciliation_run (
  id uuid primary key,
  provider text not null,
  day date not null,
  status text not null default 'requested' check (status in ('requested', 'done')),
  journal_mark bigint not null,
  entries int not null default 0,
  requested_by text check (length(requested_by) between 1 and 300),
  created_at timestamptz not null default now(),
  done_at timestamptz,
  check ((status = 'done') = (done_at is not null))
);
create unique index reconciliation_run_nightly on reconciliation_run (provider, day) where requested_by is null;
create index reconciliation_run_of_day on reconciliation_run (provider, day);`;

const records = `
-- What a provider's record said, line by line. A line is kept as it was first read.
create table settlement_entry (
  provider text not null,
  kind text not null check (kind in ('charge', 'refund', 'chargeback')),
  reference text not null check (length(reference) between 1 and 200),
  payment_reference text not null check (length(payment_reference) between 1 and 200),
  currency char(3) not null,
  amount_minor bigint not null check (amount_minor >= 0),
  fee_minor bigint not null check (fee_minor >= 0),
  occurred_at timestamptz not null,
  day date not null,
  primary key (provider, kind, reference)
);
create index settlement_entry_of_day on settlement_entry (provider, day);
create trigger settlement_entry_append_only before update or delete or truncate on settlement_entry for each statement execute function refuse_change();`;

const findings = `
-- What differed, once each. theirs and ours: the amounts, null where one lacks it.
create table reconciliation_finding (
  id uuid primary key,
  run_id uuid not null references reconciliation_run,
  provider text not null,
  day date not null,
  what text not null check (what in ('missing_here', 'missing_there', 'amount_differs')),
  kind text not null check (kind in ('charge', 'refund', 'chargeback')),
  reference text not null,
  payment_reference text not null,
  theirs_currency char(3),
  theirs_minor bigint,
  ours_currency char(3),
  ours_minor bigint,
  order_id uuid references orders,
  status text not null default 'open' check (status in ('open', 'closed')),
  -- Why the last repair did not close it.
  note text check (length(note) between 1 and 300),
  outcome text check (outcome in ('repaired', 'agreed', 'decided')),
  closed_by text check (length(closed_by) between 1 and 300),
  closed_reason text check (length(closed_reason) between 1 and 500),
  created_at timestamptz not null default now(),
  closed_at timestamptz,
  unique (provider, kind, reference, what),
  check ((status = 'closed') = (closed_at is not null) and (status = 'closed') = (outcome is not null)),
  check ((what = 'missing_here') = (ours_minor is null) and (what = 'missing_there') = (theirs_minor is null)),
  check ((ours_minor is null) = (ours_currency is null) and (theirs_minor is null) = (theirs_currency is null))
);
create index reconciliation_finding_open on reconciliation_finding (created_at) where status = 'open';`;

const undo = `
delete from work where kind in ('settlement.reconcile', 'settlement.repair');
drop table reconciliation_finding;
drop table settlement_entry;
drop table reconciliation_run;`;
