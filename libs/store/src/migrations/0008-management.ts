import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Managing what there is: another way to pay for the same order, and a stored method that is replaced in place. */
export class Management1780000000008 implements MigrationInterface {
  readonly name = 'Management1780000000008';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(steps);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(undo);
  }
}

const steps = `
-- How the order is to be paid once the way that is open now has been closed at the provider ({method, installments, token?}).
alter table orders add column next_payment jsonb,
  add constraint orders_next_payment_check check (next_payment is null or status = 'awaiting_payment');

-- The newest method that was not removed is the one that is charged.
alter table payment_method add column removed_at timestamptz;

-- A token that is to become the stored method. The provider is asked by a worker; the id is the idempotency key.
create table method_setup (
  id uuid primary key,
  workspace_id uuid not null references workspace,
  provider text not null,
  token text,
  status text not null default 'submitting' check (status in ('submitting', 'stored', 'declined')),
  failure jsonb,
  requested_by text not null,
  created_at timestamptz not null default now(),
  status_at timestamptz not null default now()
);
create index method_setup_of_workspace on method_setup (workspace_id, created_at);`;

const undo = `
drop table method_setup;
alter table payment_method drop column removed_at;
alter table orders drop column next_payment;`;
