import { randomUUID } from 'node:crypto';
import { renewalReminderQueue } from '@billfleet/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { DataSource } from 'typeorm';
import { dataSourceOptions } from './data-source.js';
import { Store } from './store.js';
import type { Owed, Tx } from './store.js';
import { owe } from './work-table.js';

const connectTo = (poolSize: number): DataSource =>
  new DataSource(dataSourceOptions({ url: process.env['DATABASE_URL'] ?? '', poolSize, app: 'store test' }));

const source = connectTo(3);
const single = connectTo(1);
const store = new Store(source, { leaseMs: 30_000 });

/** Waits for two statements that were asked for at once, the way in which the error of the second one is always seen first. */
const both = async (first: Promise<unknown>, second: Promise<unknown>): Promise<void> => {
  await Promise.all([Promise.allSettled([first, second]).then(() => first), second]);
};

/** Opens when that many have arrived; later ones pass. */
function gate(count: number): () => Promise<void> {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  let arrived = 0;
  return () => {
    arrived += 1;
    if (arrived >= count) open();
    return opened;
  };
}

const contents = (): Promise<{ id: number; text: string }[]> => store.query('select id, text from scratch order by id');

beforeAll(async () => {
  await Promise.all([source.initialize(), single.initialize()]);
  await source.query('create table scratch (id int primary key, text text not null)');
});
afterAll(() => Promise.all([source.destroy(), single.destroy()]));
beforeEach(async () => {
  await source.query('truncate scratch');
});

describe('a transaction that lost', () => {
  test('a race for a unique row runs again, also when a later statement of the same round trip complains first', async () => {
    const runs: string[] = [];
    await store.transaction(async (tx) => {
      runs.push('run');
      const known = await tx.query('select 1 from scratch where id = 1');
      if (known.length > 0) return;
      await store.transaction((other) => other.query(`insert into scratch values (1, 'the other one')`));
      await both(tx.query(`insert into scratch values (1, 'ours')`), tx.query('select 1'));
    });
    expect(runs).toHaveLength(2);
    expect(await contents()).toEqual([{ id: 1, text: 'the other one' }]);
  });

  test('a deadlock runs again', async () => {
    await source.query(`insert into scratch values (1, ''), (2, '')`);
    const bothHoldOne = gate(2);
    let runs = 0;
    const append = (tx: Tx, id: number, text: string): Promise<unknown[]> =>
      tx.query('update scratch set text = text || $2 where id = $1', [id, text]);
    const appendBoth = (text: string, first: number, second: number): Promise<void> =>
      store.transaction(async (tx) => {
        runs += 1;
        await append(tx, first, text);
        await bothHoldOne();
        await both(append(tx, second, text), tx.query('select 1'));
      });
    await Promise.all([appendBoth('a', 1, 2), appendBoth('b', 2, 1)]);
    expect(runs).toBe(3);
    for (const { text } of await contents()) expect(['ab', 'ba']).toContain(text);
  });
});

describe('a transaction that fails', () => {
  const failing = new Store(single, { leaseMs: 30_000 });

  test('throws what failed first, leaves nothing and a connection that still works', async () => {
    const failed = failing.transaction(async (tx) => {
      await tx.query(`insert into scratch values (1, 'x')`);
      await both(tx.query('select 1 / 0'), tx.query('select 1'));
    });
    await expect(failed).rejects.toMatchObject({ code: '22012' });
    await expect(failing.query('select 7 as n')).resolves.toEqual([{ n: 7 }]);
    expect(await contents()).toEqual([]);
  });

  test('by its own decision throws that', async () => {
    const refusal = new Error('not today');
    const failed = failing.transaction(async (tx) => {
      await tx.query(`insert into scratch values (1, 'x')`);
      throw refusal;
    });
    await expect(failed).rejects.toBe(refusal);
    expect(await contents()).toEqual([]);
  });

  test('is not taken for committed when nobody noticed the failed statement', async () => {
    const failed = failing.transaction(async (tx) => {
      await tx.query(`insert into scratch values (1, 'x')`);
      await tx.query('select 1 / 0').catch(() => undefined);
    });
    await expect(failed).rejects.toMatchObject({ code: '22012' });
    expect(await contents()).toEqual([]);
  });

  test('takes no statement any more', async () => {
    let late: Promise<unknown> = Promise.resolve();
    const isOver = gate(2);
    const failed = failing.transaction((tx) => {
      late = isOver().then(() => tx.query(`insert into scratch values (1, 'late')`));
      return Promise.reject(new Error('given up'));
    });
    await expect(failed).rejects.toThrow('given up');
    void isOver();
    await expect(late).rejects.toThrow('too late');
    expect(await contents()).toEqual([]);
  });

  test('keeps the connection’s prepared statements', async () => {
    const echo = 'select $1::int as echo';
    const prepared = (): Promise<unknown[]> =>
      failing.query(`select name from pg_prepared_statements where statement = $1`, [echo]);
    await failing.query(echo, [1]);
    const before = await prepared();
    expect(before).toHaveLength(1);
    await expect(
      failing.transaction((tx) => Promise.all([tx.query(echo, [2]), tx.query('select 1 / 0')])),
    ).rejects.toThrow();
    await expect(failing.transaction((tx) => tx.query(echo, [3]))).resolves.toEqual([{ echo: 3 }]);
    expect(await prepared()).toEqual(before);
  });
});

test('owed work is announced after the commit and only then', async () => {
  const announced: (readonly Owed[])[] = [];
  let isRefused = true;
  const announcing = new Store(source, {
    leaseMs: 30_000,
    announce: (owed) => announced.push(owed),
    beforeCommit: () => {
      expect(announced).toEqual([]);
      if (isRefused) throw new Error('no commit today');
    },
  });
  const ref = randomUUID();
  const oweOne = (): Promise<void> =>
    announcing.transaction((tx) => owe(tx, renewalReminderQueue, 'reminder.decide', [ref]));
  await expect(oweOne()).rejects.toThrow('no commit today');
  expect(announced).toEqual([]);
  isRefused = false;
  await oweOne();
  const [row] = await store.query<{ id: string }>('select id from work where ref = $1', [ref]);
  expect(announced).toEqual([[{ queue: 'renewal-reminder', marks: [[row?.id, 1]] }]]);
});
