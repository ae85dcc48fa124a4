import { randomUUID } from 'node:crypto';
import { shownStatus, shownStatuses } from '@billfleet/domain';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { DataSource } from 'typeorm';
import { seedOrders } from '../../../test/support/seed-orders.js';
import { dataSourceOptions } from './data-source.js';
import { listOrders, listStatement } from './order-history.js';
import type { OrderFilter, OrderListed } from './order-history.js';
import { Store } from './store.js';

const source = new DataSource(
  dataSourceOptions({ url: process.env['DATABASE_URL'] ?? '', poolSize: 2, app: 'order history test' }),
);
const store = new Store(source, { leaseMs: 30_000 });

beforeAll(() => source.initialize());
afterAll(() => source.destroy());

/** The index of the workspace has some 300 pages; the orders themselves, of which a look may not read more than it shows, have ten times as many. */
const PAGES_MAX = 900;

const list = async (workspaceId: string, filter: OrderFilter = {}, limit = 10_000): Promise<readonly OrderListed[]> =>
  (await listOrders(store, workspaceId, { ...filter, limit }))?.orders ?? [];

const wordOf = ({ amountMinor, refundedMinor, attempt, ...order }: OrderListed) =>
  shownStatus({
    ...order,
    ...{ amountMinor: BigInt(amountMinor), refundedMinor: BigInt(refundedMinor) },
    ...(attempt === null ? {} : { attempt }),
  });

test('narrowing by a word finds what the domain calls so, and nothing else', async () => {
  const said = new Set<string>();
  for (let seed = 1; seed <= 8; seed += 1) {
    const workspaceId = await seedOrders(store, { orders: 60, seed });
    const all = await list(workspaceId);
    expect(all).toHaveLength(60);
    for (const word of shownStatuses) {
      const wanted = all.filter((order) => wordOf(order) === word).map(({ id }) => id);
      expect((await list(workspaceId, { words: [word] })).map(({ id }) => id)).toEqual(wanted);
      if (wanted.length > 0) said.add(word);
    }
    const some = ['refunded', 'cancelled', 'processing'] as const;
    const wanted = all.filter((order) => some.some((word) => word === wordOf(order))).map(({ id }) => id);
    expect((await list(workspaceId, { words: some })).map(({ id }) => id)).toEqual(wanted);
  }
  expect([...said].sort()).toEqual([...shownStatuses].sort());
});

test('each filter finds what fits, and they narrow together', async () => {
  const workspaceId = await seedOrders(store, { orders: 60, seed: 9 });
  const other = await seedOrders(store, { orders: 5, seed: 10 });
  const all = await list(workspaceId);
  const found = async (filter: OrderFilter): Promise<readonly string[]> =>
    (await list(workspaceId, filter)).map(({ id }) => id);
  const where = (fits: (order: OrderListed) => boolean): readonly string[] => all.filter(fits).map(({ id }) => id);
  expect(await found({ kinds: ['renewal', 'add-on'] })).toEqual(where(({ kind }) => /renewal|add-on/.test(kind)));
  for (const paidBy of ['card', 'pix', 'upstream', 'offline'] as const) {
    expect(await found({ paidBy })).toEqual(where((order) => order.paidBy === paidBy));
    expect(where((order) => order.paidBy === paidBy)).not.toEqual([]);
  }
  const [newest, middle] = [all[0], all[30]];
  const [from, before] = [new Date(middle?.createdAt ?? ''), new Date(newest?.createdAt ?? '')];
  expect(await found({ from, before })).toEqual(
    where(({ createdAt }) => new Date(createdAt) >= from && new Date(createdAt) < before),
  );
  expect(await found({ number: middle?.number ?? '' })).toEqual([middle?.id]);
  expect(await found({ text: 'ADVAN' })).toEqual(where(({ planName }) => planName === 'Advanced'));
  expect(await found({ text: 'credits' })).toEqual(where(({ addOnName }) => addOnName === 'AI credits'));
  expect(await found({ text: "%_'" })).toEqual([]);
  expect(await found({ words: ['paid'], paidBy: 'card', kinds: ['renewal'], from })).toEqual(
    where((order) => wordOf(order) === 'paid' && order.paidBy === 'card' && order.kind === 'renewal')
      .map((id) => all.find((order) => order.id === id))
      .flatMap((order) => (order !== undefined && new Date(order.createdAt) >= from ? [order.id] : [])),
  );
  const foreign = (await list(other))[0];
  expect(await found({ number: foreign?.number ?? '' })).toEqual([]);
  expect(await listOrders(store, randomUUID(), { limit: 1 })).toBeUndefined();
});

test('pages show each order once, whatever is placed meanwhile', async () => {
  const workspaceId = await seedOrders(store, { orders: 40, seed: 11 });
  const before = (await list(workspaceId)).map(({ id }) => id);
  const seen: string[] = [];
  let beforeId: string | undefined;
  for (;;) {
    const page = await listOrders(store, workspaceId, { beforeId, limit: 7 });
    seen.push(...(page?.orders ?? []).map(({ id }) => id));
    if ((page?.orders.length ?? 0) < 7) break;
    beforeId = seen.at(-1);
    await seedOrders(store, { orders: 3, seed: 12 + seen.length, workspaceId, isPaid: true });
  }
  expect(seen).toEqual(before);
});

test('whatever the history is narrowed by, rows that do not fit are passed over in the index', async () => {
  const workspaceId = await seedOrders(store, { orders: 20_000, seed: 13, isPaid: true });
  // In a fleet of many workspaces, most orders are somebody else's.
  await seedOrders(store, { orders: 20_000, seed: 13, isPaid: true });
  await seedOrders(store, { orders: 20_000, seed: 13, isPaid: true });
  await store.query('vacuum analyze orders, attempt, refund');
  const day = new Date('2026-01-02T00:00:00Z');
  const filters: readonly OrderFilter[] = [
    {},
    { words: ['expired'] },
    { words: ['awaiting_payment'] },
    { words: ['partly_refunded'] },
    { kinds: ['purchase'] },
    { paidBy: 'paypal' },
    { paidBy: 'offline' },
    { before: day },
    { words: ['paid'], kinds: ['add-on'], paidBy: 'pix', from: day },
    { number: '1' },
  ];
  for (const filter of filters) {
    const { statement, values } = listStatement(workspaceId, { ...filter, limit: 26 });
    const [row] = await store.query<{ 'QUERY PLAN': readonly [{ Plan: PlanNode }] }>(
      `explain (analyze, buffers, format json) ${statement}`,
      values,
    );
    const plan = row?.['QUERY PLAN'][0].Plan;
    const pages = (plan?.['Shared Hit Blocks'] ?? 0) + (plan?.['Shared Read Blocks'] ?? 0);
    expect({ filter, isFrugal: pages < PAGES_MAX, pages }).toEqual({ filter, isFrugal: true, pages });
  }
});

type PlanNode = { readonly 'Shared Hit Blocks': number; readonly 'Shared Read Blocks': number };
