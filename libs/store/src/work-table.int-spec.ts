import { randomUUID } from 'node:crypto';
import { deliveryQueue, orderQueue } from '@billfleet/contracts';
import type { WorkMark } from '@billfleet/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { DataSource } from 'typeorm';
import { dataSourceOptions, Store, work, workDesk } from './index.js';
import type { Owed } from './index.js';

const BY = { actor: 'ops', reason: 'a test' };

describe('owed work', () => {
  let source: DataSource;
  let store: Store;
  let announced: Owed[] = [];

  beforeAll(async () => {
    source = new DataSource(dataSourceOptions({ url: process.env['DATABASE_URL'] ?? '', poolSize: 4, app: 'test' }));
    await source.initialize();
    store = new Store(source, { leaseMs: 60_000, announce: (owed) => announced.push(...owed) });
  });
  afterAll(() => source.destroy());
  beforeEach(async () => {
    await store.query('delete from work');
    announced = [];
  });

  const marks = (): WorkMark[] => announced.flatMap((owed) => [...owed.marks]);
  const owe = (refs: readonly string[], runInMs?: number): Promise<void> =>
    store.transaction((tx) =>
      work.owe(tx, orderQueue, 'checkout.open', refs, runInMs === undefined ? {} : { runInMs }),
    );
  const dispatch = (): Promise<work.DueWork[]> => store.transaction((tx) => work.claimDue(tx, 100));
  const one = async (): Promise<{ state: string; attempts: number; generation: number }> => {
    const [row] = await workDesk.listWork(store, { limit: 10 });
    if (row === undefined) throw new Error('no work is owed');
    return { state: row.state, attempts: row.attempts, generation: row.generation };
  };
  const failOnce = async (severity: work.Severity, attemptsMax = 3): Promise<void> => {
    const [row] = await workDesk.listWork(store, { limit: 1 });
    if (row === undefined) throw new Error('no work is owed');
    await work.fail(store, row, { reason: 'a reason', severity, attemptsMax, retryFirstMs: 1_000 });
  };

  test('is born leased and announced after the commit, once for the same cause', async () => {
    const ref = randomUUID();
    await owe([ref]);
    await owe([ref]);
    expect(marks()).toHaveLength(1);
    expect(await one()).toEqual({ state: 'leased', attempts: 0, generation: 1 });
    expect(await dispatch()).toEqual([]);
  });

  test('is announced by nobody when its transaction fails', async () => {
    await expect(
      store.transaction(async (tx) => {
        await work.owe(tx, orderQueue, 'checkout.open', [randomUUID()]);
        throw new Error('the decision was no');
      }),
    ).rejects.toThrow('the decision was no');
    expect(marks()).toEqual([]);
    expect(await workDesk.listWork(store, { limit: 1 })).toEqual([]);
  });

  test('is shouted again under a new generation when its lease has run out, and old shouts are stale then', async () => {
    await owe([randomUUID()]);
    await work.expireLeases(store);
    const [due] = await dispatch();
    expect(due).toMatchObject({ generation: 2, queue: 'order' });
    expect(await work.load(store, orderQueue, marks())).toEqual([]);
    expect(await work.load(store, orderQueue, [[due?.id ?? '', 2]])).toHaveLength(1);
    expect(await work.load(store, deliveryQueue, [[due?.id ?? '', 2]])).toEqual([]);
  });

  test('is dead after too many tries, at once when hopeless, and never by an outage', async () => {
    await owe([randomUUID()]);
    for (let n = 0; n < 30; n += 1) await failOnce('outage');
    expect(await one()).toMatchObject({ state: 'waiting', attempts: 0 });
    await failOnce('try');
    await failOnce('try');
    expect((await one()).state).toBe('waiting');
    await failOnce('try');
    expect(await one()).toMatchObject({ state: 'dead', attempts: 3 });
    await store.query('delete from work');
    await owe([randomUUID()]);
    await failOnce('hopeless');
    expect((await one()).state).toBe('dead');
  });

  test('comes to life again when its cause comes up anew, unless somebody killed it', async () => {
    const ref = randomUUID();
    await owe([ref]);
    await failOnce('hopeless');
    await owe([ref]);
    expect(await one()).toEqual({ state: 'leased', attempts: 0, generation: 2 });
    const [row] = await workDesk.listWork(store, { limit: 1 });
    await workDesk.killWork(store, [row?.id ?? ''], BY);
    await owe([ref]);
    expect((await one()).state).toBe('dead');
  });

  test('that was killed is not done by a shout that is under way, and is done after a retry', async () => {
    await owe([randomUUID()]);
    const [row] = await workDesk.listWork(store, { limit: 1 });
    await workDesk.killWork(store, [row?.id ?? ''], BY);
    expect(await work.load(store, orderQueue, marks())).toEqual([]);
    expect(await workDesk.retryWork(store, undefined, BY)).toEqual([row?.id]);
    expect(await dispatch()).toHaveLength(1);
    const actions = await store.query<{ action: string; reason: string }>(
      `select action, reason from ops_action where subject = 'work ' || $1 order by id`,
      [row?.id],
    );
    expect(actions).toEqual([
      { action: 'work.kill', reason: 'a test' },
      { action: 'work.retry', reason: 'a test' },
    ]);
  });

  test('goes to one of two dispatchers, never to both', async () => {
    await owe(Array.from({ length: 50 }, () => randomUUID()));
    await work.expireLeases(store);
    const claims = await Promise.all([dispatch(), dispatch(), dispatch()]);
    const ids = claims.flat().map((row) => row.id);
    expect(new Set(ids).size).toBe(50);
    expect(ids).toHaveLength(50);
  });

  test('that is started again and again without an end is quarantined', async () => {
    await owe([randomUUID()]);
    const [row] = await workDesk.listWork(store, { limit: 1 });
    const id = row?.id ?? '';
    for (let n = 1; n <= 5; n += 1) {
      expect((await work.countStarts(store, [id], 5)).get(id)).toEqual({ starts: n, isQuarantined: false });
    }
    expect((await work.countStarts(store, [id], 5)).get(id)?.isQuarantined).toBe(true);
    expect((await one()).state).toBe('dead');
  });

  test('that waits for its time is not shouted before, and the dispatcher knows when', async () => {
    await owe([randomUUID()], 60_000);
    expect(marks()).toEqual([]);
    expect(await dispatch()).toEqual([]);
    expect(await work.nextDueInMs(store)).toBeGreaterThan(50_000);
  });

  test('held by one worker is left out by another, which does not wait', async () => {
    await owe([randomUUID()]);
    const items = await work.load(store, orderQueue, marks());
    await store.transaction(async (tx) => {
      expect(await work.claim(tx, items)).toHaveLength(1);
      await store.transaction(async (other) => {
        expect(await work.claim(other, items)).toEqual([]);
        await work.forget(
          other,
          orderQueue,
          'checkout.open',
          items.map((item) => item.ref),
        );
      });
      await work.ack(tx, items);
    });
    expect(await workDesk.listWork(store, { limit: 1 })).toEqual([]);
  });
});
