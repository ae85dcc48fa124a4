import { randomUUID } from 'node:crypto';
import { civilDate } from '@billfleet/domain';
import { credits, dataSourceOptions, Store, tenants, testClocks } from '@billfleet/store';
import type { DueKind } from '@billfleet/store';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { DataSource } from 'typeorm';
import { AdvanceTestClocks } from './advance-test-clocks.js';
import type { SweepClock } from './sweep-clock.js';
import { testClockSweeps } from './sweep-clock.js';

const STARTS_AT = new Date('2027-01-01T00:00:00Z');
const HOUR_MS = 3_600_000;
/** Moments that are lived through, an hour apart. */
const MOMENTS = 60;

// Two dispatchers with connections of their own.
const connect = (app: string): DataSource =>
  new DataSource(dataSourceOptions({ url: process.env['DATABASE_URL'] ?? '', poolSize: 4, app }));
const sources = [connect('one'), connect('two')];

beforeAll(async () => {
  for (const source of sources) await source.initialize();
});
afterAll(async () => {
  for (const source of sources) await source.destroy();
});

/** A workspace on a clock of its own, whose credits come every hour. */
async function onClock(store: Store): Promise<{ clockId: string; workspaceId: string }> {
  const [clockId, workspaceId] = [randomUUID(), randomUUID()];
  const place = { country: 'US', currency: 'USD', timeZone: 'UTC', locale: 'en' } as const;
  await store.transaction(async (tx) => {
    await tenants.insertWorkspaces(tx, [
      { id: workspaceId, name: 'W', ...place, billingEmail: null, trialEndsOn: null },
    ]);
    await testClocks.makeClock(tx, { id: clockId, name: 'C', nowAt: STARTS_AT }, 'a test');
    await testClocks.attachWorkspace(tx, clockId, workspaceId);
    await credits.openAccounts(tx, [workspaceId]);
    await grantAgain(tx, workspaceId, new Date(STARTS_AT.getTime() + HOUR_MS));
  });
  return { clockId, workspaceId };
}

const grantAgain = (tx: Parameters<typeof credits.saveAccounts>[0], workspaceId: string, nextGrantAt: Date) => {
  const [monthStartsOn, monthEndsOn] = [civilDate('2027-01-01'), civilDate('2027-02-01')];
  const account = { basis: 'plan', monthStartsOn, monthEndsOn, sources: [], spent: 0 } as const;
  return credits.saveAccounts(tx, [{ workspaceId, account, balance: 0, nextGrantAt }]);
};

const nothing = { run: () => Promise.resolve(0) };
type Sweeps = ConstructorParameters<typeof AdvanceTestClocks>[1];

/** Sweeps of which one grants, and notes when it did by the clock. */
const grantingAt =
  (store: Store, seen: string[]): Sweeps =>
  (id) => {
    const clock: SweepClock = testClockSweeps(id);
    const grant = () =>
      store.transaction(async (tx) => {
        const at = await clock.at(tx);
        const due = [...(await credits.claimDueAccounts(tx, at, 10)).keys()];
        for (const workspaceId of due) await grantAgain(tx, workspaceId, new Date(at.now.getTime() + HOUR_MS));
        return due.map(() => at.now.toISOString());
      });
    const others = Object.fromEntries(testClocks.dueKinds.map((kind) => [kind, nothing]));
    const granting = {
      run: async () => {
        const granted = await grant();
        seen.push(...granted);
        return granted.length;
      },
    };
    return { ...(others as Record<DueKind, typeof nothing>), credits: granting };
  };

const send = (store: Store, clockId: string, to: Date): Promise<void> =>
  store.transaction((tx) => testClocks.setTarget(tx, clockId, to));

test('two dispatchers take a clock through every moment once, and none of them early', async () => {
  const stores = sources.map((source) => new Store(source, { leaseMs: 30_000 }));
  const [first] = stores;
  if (first === undefined) throw new Error('there are two stores');
  const { clockId } = await onClock(first);
  const seen: string[] = [];
  const dispatchers = stores.map((store) => new AdvanceTestClocks(store, grantingAt(store, seen)));
  const to = new Date(STARTS_AT.getTime() + MOMENTS * HOUR_MS + 1);
  await send(first, clockId, to);
  const run = async (dispatcher: AdvanceTestClocks): Promise<void> => {
    while ((await dispatcher.run()).isAdvancing);
  };
  await Promise.all(dispatchers.map((dispatcher) => run(dispatcher)));
  const moments = Array.from({ length: MOMENTS }, (_, nth) =>
    new Date(STARTS_AT.getTime() + (nth + 1) * HOUR_MS).toISOString(),
  );
  // Each notes after its commit, so the two may note in another order than they granted.
  expect(seen.toSorted()).toEqual(moments);
  expect(await testClocks.findClock(first, clockId)).toMatchObject({ nowAt: to, targetAt: null });
});

test('a dispatcher that died between the move and the sweep is made up for by the next look', async () => {
  const [source] = sources;
  if (source === undefined) throw new Error('there are two sources');
  const store = new Store(source, { leaseMs: 30_000 });
  const { clockId } = await onClock(store);
  const dying: Sweeps = () =>
    Object.fromEntries(
      testClocks.dueKinds.map((kind) => [kind, { run: () => Promise.reject(new Error('killed')) }]),
    ) as ReturnType<Sweeps>;
  const dueAt = new Date(STARTS_AT.getTime() + HOUR_MS);
  await send(store, clockId, new Date(dueAt.getTime() + 1));
  const { failures } = await new AdvanceTestClocks(store, dying).run();
  expect(failures.map(({ cause }) => cause)).toEqual([new Error('killed')]);
  expect(await testClocks.findClock(store, clockId)).toMatchObject({ nowAt: dueAt });
  const seen: string[] = [];
  await new AdvanceTestClocks(store, grantingAt(store, seen)).run();
  expect(seen).toEqual([dueAt.toISOString()]);
  expect(await testClocks.findClock(store, clockId)).toMatchObject({ targetAt: null });
});

test('an order ends before pages are closed, whatever else comes due at the same moment', async () => {
  const [source] = sources;
  if (source === undefined) throw new Error('there are two sources');
  const store = new Store(source, { leaseMs: 30_000 });
  const { clockId, workspaceId } = await onClock(store);
  const dueAt = new Date(STARTS_AT.getTime() + HOUR_MS);
  const orderId = randomUUID();
  await store.query(
    `insert into orders (id, workspace_id, kind, plan, seats, period_months, price_list, currency, unit_minor, amount_minor, lines, collection, method, expires_at)
     values ($1, $2, 'purchase', 'base', 1, 6, 'list', 'USD', 100, 100, '[]', 'provider', 'card', $3)`,
    [orderId, workspaceId, dueAt.toISOString()],
  );
  await store.query(
    `insert into attempt (id, order_id, workspace_id, n, provider, method, reference, currency, amount_minor, expires_at, status)
     values ($1, $2, $3, 1, 'sandbox', 'card', $4, 'USD', 100, $5, 'pending')`,
    [randomUUID(), orderId, workspaceId, `chk_${orderId}`, dueAt.toISOString()],
  );
  const ran: DueKind[] = [];
  const noting = Object.fromEntries(
    testClocks.dueKinds.map((kind) => [kind, { run: () => Promise.resolve(ran.push(kind) * 0) }]),
  ) as ReturnType<Sweeps>;
  await send(store, clockId, dueAt);
  await new AdvanceTestClocks(store, () => noting).run();
  expect(ran.slice(0, 3)).toEqual(['order', 'credits', 'checkout']);
});

test('a clock that cannot go on keeps no other one back', async () => {
  const [source] = sources;
  if (source === undefined) throw new Error('there are two sources');
  const store = new Store(source, { leaseMs: 30_000 });
  const [held, poisoned, free] = [await onClock(store), await onClock(store), await onClock(store)];
  await store.query(
    `insert into work (queue, kind, ref, generation, leased, due_at, dead_at) values ('seat-provisioning', 'workspace.announce', $1, 1, false, now(), now())`,
    [held.workspaceId],
  );
  const to = new Date(STARTS_AT.getTime() + HOUR_MS);
  for (const { clockId } of [held, poisoned, free]) await send(store, clockId, to);
  const poison = { run: () => Promise.reject(new Error('poison')) };
  const sweeps = grantingAt(store, []);
  const clocks = new AdvanceTestClocks(store, (id) => ({
    ...sweeps(id),
    ...(id === poisoned.clockId && { credits: poison }),
  }));
  expect(await clocks.run()).toMatchObject({
    hasMoved: true,
    isAdvancing: true,
    failures: [{ cause: { message: 'poison' } }],
  });
  expect(await testClocks.findClock(store, free.clockId)).toMatchObject({ nowAt: to, targetAt: null });
  expect(await testClocks.findClock(store, held.clockId)).toMatchObject({ nowAt: STARTS_AT, targetAt: to });
  expect(await testClocks.holdingWork(store, { testClockId: held.clockId })).toMatchObject([
    { kind: 'workspace.announce', workspaceId: held.workspaceId, isDead: true },
  ]);
});
