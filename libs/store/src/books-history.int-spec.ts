import { differencesOf, rebuildOrder } from '@billfleet/domain';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { DataSource } from 'typeorm';
import { buildWorld } from './audits/audit-world.js';
import { readAccounts, readOrders, readWrongDocuments } from './books-history.js';
import { dataSourceOptions } from './data-source.js';
import { onOneState } from './one-state.js';
import { Store } from './store.js';

const source = new DataSource(
  dataSourceOptions({ url: process.env['DATABASE_URL'] ?? '', poolSize: 3, app: 'books history test' }),
);

beforeAll(async () => {
  await source.initialize();
  await buildWorld(new Store(source, { leaseMs: 30_000 }));
});
afterAll(() => source.destroy());

test('every order of the world of the audits holds what its history says, page by page', async () => {
  const orders = await onOneState(source, async (db) => {
    const [all, first] = [await readOrders(db, undefined, 100), await readOrders(db, undefined, 2)];
    expect([...first, ...(await readOrders(db, first.at(-1)?.id, 100))]).toEqual(all);
    return all;
  });
  expect(orders.length).toBeGreaterThan(6);
  expect(orders.flatMap(({ booked, history }) => differencesOf(booked, rebuildOrder(history)))).toEqual([]);
  expect(orders.flatMap(({ strayCurrencies }) => strayCurrencies)).toEqual([]);
});

test('the accounts add up to nothing', async () => {
  const { accounts, transactions } = await onOneState(source, readAccounts);
  expect(transactions).toBeGreaterThan(10);
  expect(accounts.reduce((sum, { bookedMinor }) => sum + bookedMinor, 0n)).toBe(0n);
});

test.each([
  [
    'an invoice over a cent more',
    `update document set amount_minor = amount_minor + 1 where kind = 'invoice' and seq = 1`,
    'receivable',
  ],
  ['an invoice with a tax', `update document set tax_minor = 1 where kind = 'invoice' and seq = 1`, 'tax_payable'],
  [
    'a credit note over a cent less',
    `update document set amount_minor = amount_minor - 1 where kind = 'credit_note' and refund_id is not null`,
    'receivable',
  ],
])('documents say what is booked, and %s does not', async (_what, sql, account) => {
  const wrong = await onOneState(source, async (db) => {
    const before = await readWrongDocuments(db);
    await db.query('alter table document disable trigger user');
    await db.query('alter table document drop constraint document_hash_check');
    await db.query(sql);
    return { before, after: await readWrongDocuments(db) };
  });
  expect(wrong.before).toEqual([]);
  expect(wrong.after).toEqual(expect.arrayContaining([expect.objectContaining({ account })]));
});
