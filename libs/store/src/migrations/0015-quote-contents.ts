import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Contents of quotes are kept once each, under their hash: many people look at the same price, and its text is most of a quote. */
export class QuoteContents1780000000015 implements MigrationInterface {
  readonly name = 'QuoteContents1780000000015';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(change);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(undo);
  }
}

const change = `
-- Nobody can make a content say something else: it goes by its hash, and is neither changed nor removed. Quotes name it by that hash. They
-- are not bound by a foreign key, which would lock the content anew for each quote; whoever stores a quote makes sure that it is there.
create table quote_content (
  hash text primary key,
  content text not null,
  constraint quote_content_hash_check check (hash = encode(sha256(convert_to(content, 'UTF8')), 'hex'))
);
insert into quote_content (hash, content) select distinct on (hash) hash, content from quote order by hash;
create trigger quote_content_append_only before update or delete or truncate on quote_content for each statement execute function refuse_change();
alter table quote drop column content;`;

const undo = `
alter table quote add column content text;
update quote set content = c.content from quote_content c where c.hash = quote.hash;
alter table quote alter column content set not null;
drop table quote_content;`;
