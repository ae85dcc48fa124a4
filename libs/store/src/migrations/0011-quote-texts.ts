import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The content of a quote is kept as the text that was hashed, letter for letter: the hash tells whether it is still what it was. */
export class QuoteTexts1780000000011 implements MigrationInterface {
  readonly name = 'QuoteTexts1780000000011';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table quote alter column content type text using content::text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table quote alter column content type json using content::json');
  }
}
