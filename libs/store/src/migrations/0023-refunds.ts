import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Refunds that staff give of an order, refunds that a provider takes its time for or fails, and those that are given outside of it. */
export class Refunds1780000000023 implements MigrationInterface {
  readonly name = 'Refunds1780000000023';

  async up(runner: QueryRunner): Promise<void> {
    for (const part of [refunds, outside]) await runner.query(part);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(undo);
  }
}

const refunds = `
-- is_part: a part of what was sold, whose sale is taken back with it. Other refunds give a whole payment back that gives nothing (any more).
-- note, requested_by, derivation: why staff gave it, who they are, and what explains its amount.
-- sends: how often the provider was asked anew after it had failed for good; part of the key under which it is asked.
alter table refund
  add column is_part boolean generated always as (seat_change_id is not null or reason = 'goodwill') stored,
  add column note text check (length(note) between 1 and 500),
  add column requested_by text,
  add column derivation jsonb,
  add column failure jsonb,
  add column sends int not null default 0 check (sends >= 0),
  add column checks int not null default 0,
  add constraint refund_goodwill_has_note check (reason <> 'goodwill' or (note is not null and requested_by is not null and derivation is not null)),
  add constraint refund_failure_known check (status <> 'failed' or failure is not null) not valid;
drop index refund_whole_once;
create unique index refund_whole_once on refund (attempt_id) where not is_part;
create index refund_of_attempt on refund (attempt_id);
create index refund_of_order on refund (order_id);
create index refund_open on refund (id) where status <> 'succeeded';

-- A bank that takes back what we owed back anyway has given it: no loss of ours.
alter table journal drop constraint journal_kind_check,
  add constraint journal_kind_check check (kind in ('charge', 'sale', 'reversal', 'refund', 'refund_failed', 'chargeback', 'chargeback_won',
    'recognition', 'fee', 'credit', 'write_off', 'offset'));`;

const outside = `
-- Money that went back in another way than through the provider, and what proves it.
create table refund_outside (
  refund_id uuid primary key references refund,
  workspace_id uuid not null references workspace,
  partner text check (length(partner) between 1 and 100),
  proof_kind text not null check (proof_kind in ('bank-transfer', 'receipt', 'other')),
  proof_reference text not null check (length(proof_reference) between 1 and 120),
  proof_note text check (length(proof_note) between 1 and 500),
  currency char(3) not null,
  amount_minor bigint not null check (amount_minor > 0),
  given_at timestamptz not null,
  reason text not null check (length(reason) between 1 and 500),
  recorded_by text not null,
  created_at timestamptz not null default now()
);
-- One proof gives one refund back, however it is spelled.
create unique index refund_outside_proof on refund_outside (lower(coalesce(partner, '')), lower(proof_reference));`;

const undo = `
drop table refund_outside;
drop index refund_whole_once, refund_of_attempt, refund_of_order, refund_open;
alter table refund drop column is_part, drop column note, drop column requested_by, drop column derivation, drop column failure, drop column sends,
  drop column checks;
create unique index refund_whole_once on refund (attempt_id) where seat_change_id is null;
alter table journal drop constraint journal_kind_check,
  add constraint journal_kind_check check (kind in ('charge', 'sale', 'reversal', 'refund', 'refund_failed', 'chargeback', 'chargeback_won',
    'recognition', 'fee', 'credit', 'write_off'));`;
