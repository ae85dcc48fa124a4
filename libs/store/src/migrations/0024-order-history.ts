import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The order history of a workspace: whatever it is narrowed by is answered from one index. */
export class OrderHistory1780000000024 implements MigrationInterface {
  readonly name = 'OrderHistory1780000000024';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(change);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(undo);
  }
}

const change = `
-- Ids sort by time, so this is the history of a workspace in its order. What it is narrowed by stands behind: rows that do not fit are
-- passed over in the index, and one index, which each order pays for, serves every combination. It takes the place of the one by id alone.
create index orders_history on orders (workspace_id, id, status, kind, method, created_at);
drop index orders_of_workspace;
create unique index orders_number on orders (number);
create index refund_of_workspace on refund (workspace_id, order_id);`;

const undo = `
drop index refund_of_workspace;
drop index orders_number;
create index orders_of_workspace on orders (workspace_id, id);
drop index orders_history;`;
