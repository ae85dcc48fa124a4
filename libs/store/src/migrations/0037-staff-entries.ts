import type { MigrationInterface, QueryRunner } from 'typeorm';

/** One entry for each change that staff ask for: opened before it is done, finished with what came of it. Operators are kept from money. */
export class StaffEntries1780000000037 implements MigrationInterface {
  readonly name = 'StaffEntries1780000000037';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(change);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(undo);
  }
}

const change = `
-- asked: opened, and nobody knows yet what came of it. What came before there were outcomes was written by whoever had done it.
alter table ops_action
  add column outcome text not null default 'done' check (outcome in ('asked', 'done', 'repeated', 'refused', 'failed')),
  add column before text,
  add column after text,
  -- Codes that a refusal named.
  add column answer text;

-- Keys go on as before: an operator moved money until now.
update api_key set role = 'admin' where role = 'operator';`;

const undo = `
update api_key set role = 'operator' where role = 'admin';
alter table ops_action drop column answer, drop column after, drop column before, drop column outcome;`;
