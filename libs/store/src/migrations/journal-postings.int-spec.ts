import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { DataSource } from 'typeorm';
import type { QueryRunner } from 'typeorm';
import { buildWorld } from '../audits/audit-world.js';
import { dataSourceOptions } from '../data-source.js';
import { Store } from '../store.js';
import { JournalPostings1780000000020 } from './0020-journal-postings.js';
import { OnAccount1780000000030 } from './0030-on-account.js';

const source = new DataSource(
  dataSourceOptions({ url: process.env['DATABASE_URL'] ?? '', poolSize: 3, app: 'migration test' }),
);
let runner: QueryRunner;

beforeAll(async () => {
  await source.initialize();
  await buildWorld(new Store(source, { leaseMs: 30_000 }));
  runner = source.createQueryRunner();
});
afterAll(async () => {
  await runner.release();
  await source.destroy();
});

const rows = async (sql: string): Promise<readonly unknown[]> => (await runner.query(sql)) as readonly unknown[];
const WITHOUT_MOMENT =
  'select id, kind, order_id, attempt_id, workspace_id, refund_id, chargeback_id, provider, reference, booked_on, is_test, created_at from journal order by id';
const POSTINGS = 'select transaction_id, n, account, currency, amount_minor from posting order by 1, 2';

test('what was booked before is there as postings, and comes back as rows of two accounts', async () => {
  const migration = new JournalPostings1780000000020();
  // Orders on account came later: what was booked of them has no payment.
  await new OnAccount1780000000030().down(runner);
  const before = { transactions: await rows(WITHOUT_MOMENT), postings: await rows(POSTINGS) };
  expect(before.transactions.length).toBeGreaterThan(10);
  await migration.down(runner);
  expect(
    await rows(
      `select kind, debit_account, credit_account, currency, sum(amount_minor)::text as minor from journal group by 1, 2, 3, 4 order by 1, 2, 3`,
    ),
  ).toEqual([
    ...[
      ['charge', 'cash:sandbox', 'receivable', '350000'],
      ['charge', 'cash:upstream', 'receivable', '50000'],
      ['chargeback', 'chargeback_losses', 'cash:sandbox', '50000'],
      ['refund', 'receivable', 'cash:sandbox', '115000'],
      ['reversal', 'deferred_revenue', 'receivable', '15000'],
      ['sale', 'receivable', 'deferred_revenue', '300000'],
    ].map(([kind, debit_account, credit_account, minor]) => ({
      ...{ kind, debit_account, credit_account, currency: 'USD', minor },
    })),
  ]);
  await migration.up(runner);
  expect({ transactions: await rows(WITHOUT_MOMENT), postings: await rows(POSTINGS) }).toEqual(before);
});
