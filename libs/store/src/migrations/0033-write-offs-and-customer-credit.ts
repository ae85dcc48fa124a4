import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What staff gave up of money that somebody outside holds, and credit that they promised a customer. */
export class WriteOffsAndCustomerCredit1780000000033 implements MigrationInterface {
  readonly name = 'WriteOffsAndCustomerCredit1780000000033';

  async up(runner: QueryRunner): Promise<void> {
    for (const part of [writeOffs, credits]) await runner.query(part);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table customer_credit_use, customer_credit, write_off`);
  }
}

const writeOffs = `
-- Money of a payment that whoever holds it outside of every provider will never hand over. Append only.
create table write_off (
  id uuid primary key,
  order_id uuid not null references orders,
  attempt_id uuid not null references attempt,
  workspace_id uuid not null references workspace,
  currency char(3) not null,
  amount_minor bigint not null check (amount_minor > 0),
  reason text not null check (length(reason) between 1 and 500),
  written_off_by text not null,
  created_at timestamptz not null default now()
);
create index write_off_of_order on write_off (order_id);
create trigger write_off_append_only before update or delete or truncate on write_off for each statement execute function refuse_change();`;

const credits = `
-- Credit that staff promised out of goodwill: it is paid back out of the next payments, and left_minor says how much of it is still to come.
create table customer_credit (
  id uuid primary key,
  workspace_id uuid not null references workspace,
  currency char(3) not null,
  amount_minor bigint not null check (amount_minor > 0),
  left_minor bigint not null check (left_minor between 0 and amount_minor),
  reason text not null check (length(reason) between 1 and 500),
  granted_by text not null,
  created_at timestamptz not null default now(),
  withdrawn_at timestamptz,
  withdrawn_by text,
  withdrawn_reason text check (length(withdrawn_reason) between 1 and 500),
  check ((withdrawn_at is null) = (withdrawn_by is null) and (withdrawn_at is null) = (withdrawn_reason is null))
);
create index customer_credit_of_workspace on customer_credit (workspace_id, id);
create index customer_credit_open on customer_credit (workspace_id) where left_minor > 0 and withdrawn_at is null;

-- Which refund paid how much of a credit back. Append only.
create table customer_credit_use (
  refund_id uuid primary key references refund,
  credit_id uuid not null references customer_credit,
  amount_minor bigint not null check (amount_minor > 0)
);
create index customer_credit_use_of_credit on customer_credit_use (credit_id);
create trigger customer_credit_use_append_only before update or delete or truncate on customer_credit_use for each statement execute function refuse_change();`;
