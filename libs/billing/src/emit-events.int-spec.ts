import { audits, dataSourceOptions, Store } from '@billfleet/store';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DataSource } from 'typeorm';
import { emitSeats, eventsOf, newWorkspace, seatsEvent } from '../../../test/support/emitting.js';
import { emitEvents } from './emit-events.js';
import { RedeliverEvents } from './redeliver-events.js';

const source = new DataSource(
  dataSourceOptions({ url: process.env['DATABASE_URL'] ?? '', poolSize: 8, app: 'emit events test' }),
);
const store = new Store(source, { leaseMs: 30_000, tellsHost: true });
const deaf = new Store(source, { leaseMs: 30_000 });

beforeAll(() => source.initialize());
afterAll(() => source.destroy());

const numbersOf = async (workspaceId: string): Promise<(readonly [number, unknown])[]> =>
  (await eventsOf(store, workspaceId)).map(({ sequence, data }) => [sequence, data['to']]);

describe('the numbers of a workspace', () => {
  test('follow its commits without gaps, however many commit at once', async () => {
    const [first, second] = [await newWorkspace(store), await newWorkspace(store)];
    const commits = Array.from({ length: 30 }, (_, n) =>
      store.transaction((tx) => {
        const both = n % 2 === 0 ? [first, second] : [second, first];
        for (const one of both) emitEvents(tx, [seatsEvent(one, n + 1)]);
        return Promise.resolve();
      }),
    );
    await Promise.all(commits);
    for (const one of [first, second]) {
      const numbers = await numbersOf(one);
      expect(numbers.map(([number]) => number)).toEqual(Array.from({ length: 30 }, (_, n) => n + 1));
    }
    const broken = (await audits.runAudits(source)).filter(({ id, violations }) => id === 'B22' && violations > 0);
    expect(broken).toEqual([]);
  });

  test('are taken at the end: who emits first and commits last comes last', async () => {
    const workspaceId = await newWorkspace(store);
    await store.transaction(async (tx) => {
      emitEvents(tx, [seatsEvent(workspaceId, 1)]);
      await emitSeats(store, workspaceId, 2);
    });
    expect(await numbersOf(workspaceId)).toEqual([
      [1, 2],
      [2, 1],
    ]);
  });

  test('are not used up by what is rolled back, nor by the same cause again', async () => {
    const workspaceId = await newWorkspace(store);
    await emitSeats(store, workspaceId, 1, 2);
    const failing = store.transaction(async (tx) => {
      emitEvents(tx, [seatsEvent(workspaceId, 9)]);
      await tx.end();
      throw new Error('on purpose');
    });
    await expect(failing).rejects.toThrow('on purpose');
    await emitSeats(store, workspaceId, 2, 3, 3);
    await Promise.all([emitSeats(store, workspaceId, 4), emitSeats(store, workspaceId, 4)]);
    expect(await numbersOf(workspaceId)).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
      [4, 4],
    ]);
  });

  test('are there without a host product too, and then nothing is owed', async () => {
    const workspaceId = await newWorkspace(store);
    await emitSeats(deaf, workspaceId, 1);
    const [kept] = await eventsOf(store, workspaceId);
    expect(kept?.delivery).toEqual({ status: 'kept', tries: 0, nextTryAt: null });
    expect(await store.query(`select 1 from work where ref = $1`, [workspaceId])).toEqual([]);
    expect(await new RedeliverEvents(deaf).run([kept?.id ?? ''], { actor: 'test', reason: 'why not' })).toMatchObject({
      kind: 'refused',
      problem: { code: 'host_not_configured' },
    });
  });
});
