import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What is known of an address that mails of a workspace go to: whether optional ones are wanted, and whether it takes any. */
export class MailAddresses1780000000017 implements MigrationInterface {
  readonly name = 'MailAddresses1780000000017';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
create table mail_address (
  workspace_id uuid not null references workspace,
  recipient text not null,
  -- When its reader stopped optional mails; null while they are wanted.
  opted_out_at timestamptz,
  -- When a mail server last refused the address for good; null once a mail was taken again.
  bounced_at timestamptz,
  bounce_code text,
  primary key (workspace_id, recipient),
  check ((bounced_at is null) = (bounce_code is null))
);`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table mail_address');
  }
}
