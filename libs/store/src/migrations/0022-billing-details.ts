import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Invoice and taxpayer details of a workspace, with their history. */
export class BillingDetails1780000000022 implements MigrationInterface {
  readonly name = 'BillingDetails1780000000022';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(steps);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(undo);
  }
}

const steps = `
-- As they are now; orders copy them when they are placed. They stand in the workspace's own row, so that a price that was kept for
-- the row as it was before is not offered for it any more.
alter table workspace add column invoice_details jsonb, add column taxpayer jsonb,
  -- The country for which the tax number of the invoice details looks right; null without one.
  add column tax_number_country char(2);

-- What they were from when on, and who changed them. It holds personal data and is shown to nobody but by the names of what changed.
create table details_change (
  workspace_id uuid not null references workspace,
  -- Counts the changes of a workspace's details, of both kinds.
  version int not null check (version > 0),
  what text not null check (what in ('invoice', 'taxpayer')),
  details jsonb,
  fields text[] not null check (cardinality(fields) > 0),
  changed_by text not null,
  changed_at timestamptz not null default now(),
  primary key (workspace_id, version)
);
create trigger details_change_append_only before update or delete or truncate on details_change
  for each statement execute function refuse_change();

-- A purchase costs its seats, unless its line says how it is taxed; then the line says what it comes to before that.
alter table orders drop constraint orders_check,
  add constraint orders_price_check check (kind <> 'purchase' or lines -> 0 ? 'tax' or amount_minor = unit_minor * seats);`;

const undo = `
alter table orders drop constraint orders_price_check,
  add constraint orders_check check (kind <> 'purchase' or amount_minor = unit_minor * seats) not valid;
drop table details_change;
alter table workspace drop column tax_number_country, drop column taxpayer, drop column invoice_details;`;
