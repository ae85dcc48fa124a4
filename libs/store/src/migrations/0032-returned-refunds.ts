import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Refunds that had gone back to their payer, and that the payer's bank sent home again. */
export class ReturnedRefunds1780000000032 implements MigrationInterface {
  readonly name = 'ReturnedRefunds1780000000032';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(change);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(undo);
  }
}

const kinds = (list: string): string => `
alter table settlement_entry drop constraint settlement_entry_kind_check, add constraint settlement_entry_kind_check check (kind in (${list}));
alter table reconciliation_finding drop constraint reconciliation_finding_kind_check,
  add constraint reconciliation_finding_kind_check check (kind in (${list}));`;

const change = `
-- returns: how often its money came home after it had gone.
alter table refund add column returns int not null default 0 check (returns >= 0);
${kinds(`'charge', 'refund', 'refund_failed', 'chargeback'`)}`;

const undo = `
alter table refund drop column returns;
delete from reconciliation_finding where kind = 'refund_failed';
alter table settlement_entry disable trigger settlement_entry_append_only;
delete from settlement_entry where kind = 'refund_failed';
alter table settlement_entry enable trigger settlement_entry_append_only;
${kinds(`'charge', 'refund', 'chargeback'`)}`;
