import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The end of a term is told of as well, unless it is noted too late. */
export class ExpiryNotices1780000000027 implements MigrationInterface {
  readonly name = 'ExpiryNotices1780000000027';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
alter table term_notice drop constraint term_notice_kind_check, drop constraint term_notice_reason_check,
  add constraint term_notice_kind_check check (kind in ('card-expiring', 'subscription-expired', 'data-ending')),
  add constraint term_notice_reason_check check (reason in ('charged-first', 'overtaken', 'kept-no-longer', 'grace-over'));`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
delete from term_notice where kind = 'subscription-expired';
alter table term_notice drop constraint term_notice_kind_check, drop constraint term_notice_reason_check,
  add constraint term_notice_kind_check check (kind in ('card-expiring', 'data-ending')),
  add constraint term_notice_reason_check check (reason in ('charged-first', 'overtaken', 'kept-no-longer'));`);
  }
}
