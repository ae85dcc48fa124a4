import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Indexes for people who look for a workspace, and for what was done about one. */
export class Support1780000000028 implements MigrationInterface {
  readonly name = 'Support1780000000028';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(indexes);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(undo);
  }
}

const indexes = `
create extension if not exists pg_trgm;
create index workspace_name_part on workspace using gin (name gin_trgm_ops);
create index workspace_address_part on workspace using gin (billing_email gin_trgm_ops);
create index ops_action_subject on ops_action (subject, id);`;

const undo = `
drop index ops_action_subject;
drop index workspace_address_part;
drop index workspace_name_part;
drop extension pg_trgm;`;
