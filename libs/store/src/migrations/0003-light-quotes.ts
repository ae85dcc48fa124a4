import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Quotes that cost less to store: most of them are never used, and are read again only whole. */
export class LightQuotes1780000000003 implements MigrationInterface {
  readonly name = 'LightQuotes1780000000003';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(change);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(undo);
  }
}

const change = `
-- The canonical text as it was hashed, letter for letter. Nobody searches in it, so nothing is gained by taking it apart.
alter table quote alter column content type json using content::text::json;

-- Only quotes that were used need to differ in their order.
alter table quote drop constraint quote_used_by_key;
create unique index quote_used_by on quote (used_by) where used_by is not null;`;

const undo = `
drop index quote_used_by;
alter table quote add constraint quote_used_by_key unique (used_by), alter column content type jsonb using content::jsonb;`;
