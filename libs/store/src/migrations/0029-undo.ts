import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Paid changes that are undone on their own day: what there was before each of them, and what was taken back. */
export class Undo1780000000029 implements MigrationInterface {
  readonly name = 'Undo1780000000029';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(change);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table withdrawn_subscription, undone_grant, undo_point`);
  }
}

const change = `
-- What a workspace had right before an order was given: its subscription (null: none) and its credits. n: in which order they were given.
create table undo_point (
  order_id uuid primary key references orders,
  n bigint generated always as identity,
  workspace_id uuid not null references workspace,
  given_at timestamptz not null,
  subscription jsonb,
  credits jsonb
);
create index undo_point_of_workspace on undo_point (workspace_id, n);

-- What an undone order had given, as it was; it is no longer among the grants. Append only.
create table undone_grant (
  order_id uuid primary key references orders,
  workspace_id uuid not null references workspace,
  seats jsonb,
  add_ons jsonb not null,
  undone_by text not null,
  reason text not null check (length(reason) between 1 and 500),
  undone_at timestamptz not null,
  created_at timestamptz not null default now(),
  check (seats is not null or add_ons <> '[]')
);
create trigger undone_grant_append_only before update or delete or truncate on undone_grant for each statement execute function refuse_change();

-- The version that the subscription of a workspace had when its first purchase was undone: the next one goes on from there.
create table withdrawn_subscription (
  workspace_id uuid primary key references workspace,
  version int not null check (version > 0)
);`;
