import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DataSource } from 'typeorm';
import { attemptId, buildWorld, cases, orderId, workspaceId } from './audits/audit-world.js';
import { dataSourceOptions } from './data-source.js';
import { Store } from './store.js';

const source = new DataSource(
  dataSourceOptions({ url: process.env['DATABASE_URL'] ?? '', poolSize: 4, app: 'journal test' }),
);

beforeAll(async () => {
  await source.initialize();
  await buildWorld(new Store(source, { leaseMs: 30_000 }));
});
afterAll(() => source.destroy());

let references = 0;
/** A transaction by hand; `sides` are its postings, as (account, currency, amount). */
const booking = (sides: readonly string[], bookedOn = 'current_date', postedIn = 'default'): string => {
  references += 1;
  const named = `insert into journal (kind, order_id, attempt_id, workspace_id, provider, reference, booked_on, is_test, posted_in)
    values ('charge', '${orderId(cases.plain)}', '${attemptId(cases.plain)}', '${workspaceId(cases.plain)}', 'sandbox', 'by-hand-${String(references)}', ${bookedOn}, false, ${postedIn})`;
  if (sides.length === 0) return named;
  return `${named}; insert into posting select currval('journal_id_seq'), s.n, s.account, s.currency, s.minor
    from (values ${sides.map((side, n) => `(${String(n + 1)}, ${side})`).join(', ')}) s (n, account, currency, minor)`;
};
const [DEBIT, CREDIT] = [`'cash:sandbox', 'USD', 700`, `'receivable', 'USD', -700`];

/** Runs statements in one transaction, through a connection that nothing of ours guards. */
async function commit(...statements: readonly string[]): Promise<void> {
  const runner = source.createQueryRunner();
  await runner.startTransaction();
  try {
    for (const sql of statements) await runner.query(sql);
    await runner.commitTransaction();
  } catch (error) {
    await runner.rollbackTransaction().catch(() => undefined);
    throw error;
  } finally {
    await runner.release();
  }
}

describe('against whoever writes SQL', () => {
  test('a transaction that balances is taken', async () => {
    await expect(commit(booking([DEBIT, CREDIT]))).resolves.toBeUndefined();
    await expect(commit(booking([DEBIT, CREDIT, `'cash:sandbox', 'BRL', 5`, `'receivable', 'BRL', -5`]))).resolves.toBe(
      undefined,
    );
  });

  test.each([
    ['nothing', []],
    ['one side', [`'receivable', 'USD', 0`]],
    ['sides that differ', [DEBIT, `'receivable', 'USD', -699`]],
    ['sides in two currencies', [DEBIT, `'receivable', 'BRL', -700`]],
    ['a side in another currency', [DEBIT, CREDIT, `'revenue', 'BRL', -5`]],
    ['one side that moves nothing in another currency', [DEBIT, CREDIT, `'revenue', 'BRL', 0`]],
    ['an account that is none', [`'cash', 'USD', 700`, CREDIT]],
  ])('a transaction of %s is refused', async (_what, sides) => {
    await expect(commit(booking(sides))).rejects.toThrow(/balance|violates check/);
  });

  test('a constraint that is checked at once is no way around it', async () => {
    const late = `insert into posting select currval('journal_id_seq'), 3, 'revenue', 'USD', 1`;
    await expect(commit('set constraints all immediate', booking([DEBIT, CREDIT]), late)).rejects.toThrow(/balance/);
    await expect(
      commit(booking([DEBIT, CREDIT]), 'set constraints all immediate', 'set constraints all deferred', late),
    ).rejects.toThrow(/balance/);
  });

  test('nothing is added to a transaction of another moment, whoever says that it is of this one', async () => {
    const pair = `insert into posting select max(id), n, a, 'USD', m from journal, (values (8, 'revenue', 1), (9, 'receivable', -1)) s (n, a, m) group by 2, 3, 5`;
    await expect(commit(pair)).rejects.toThrow(/not of this very moment/);
    await expect(commit(pair.replace('max(id)', '987654321'))).rejects.toThrow(/not of this very moment/);
    await expect(commit(booking([DEBIT, CREDIT], 'current_date', `'999999999'`))).rejects.toThrow(
      /not of this very moment|another transaction/,
    );
    await expect(commit(booking([], 'current_date', `'999999999'`))).rejects.toThrow(/another transaction/);
  });

  test.each([
    'update journal set kind = kind',
    'delete from journal',
    'truncate journal',
    'update posting set n = n',
    'delete from posting',
    'truncate posting',
    'truncate orders cascade',
    `insert into closed_month (month, closed_by) values ('2020-01-01', 'who'); delete from closed_month`,
  ])('the books refuse: %s', async (sql) => {
    await expect(commit(sql)).rejects.toThrow(/append-only/);
    await expect(commit(`set local session_replication_role = replica`, sql)).rejects.toThrow(
      /append-only|permission denied/,
    );
  });

  test('the same is booked once per provider, reference and kind', async () => {
    const once = booking([DEBIT, CREDIT]);
    await commit(once);
    await expect(commit(once)).rejects.toThrow(/duplicate key/);
  });
});

describe('a closed month', () => {
  const close = (month: string): Promise<void> =>
    commit(`insert into closed_month (month, closed_by) values ('${month}', 'who')`);

  test('takes nothing any more, nor does any before it; the next one does', async () => {
    await close('2021-03-01');
    for (const day of ['2021-03-01', '2021-03-31', '2019-06-15'])
      await expect(commit(booking([DEBIT, CREDIT], `'${day}'`))).rejects.toThrow(/month is closed/);
    await expect(commit(booking([DEBIT, CREDIT], `'2021-04-01'`))).resolves.toBeUndefined();
  });

  test('comes after the one before it', async () => {
    await expect(close('2021-05-01')).rejects.toThrow(/not the first open one/);
    await expect(close('2021-03-01')).rejects.toThrow(/not the first open one/);
    await expect(close('2021-04-02')).rejects.toThrow(/not the first open one|violates check/);
    await expect(close('2021-04-01')).resolves.toBeUndefined();
  });

  test('waits for whoever is booking in it', async () => {
    const runner = source.createQueryRunner();
    await runner.startTransaction();
    await runner.query(booking([DEBIT, CREDIT], `'2021-05-03'`));
    const closing = close('2021-05-01');
    await runner.commitTransaction();
    await runner.release();
    await closing;
    const held: unknown = await source.query(
      `select count(*)::int as n from journal j join closed_month c on c.month = '2021-05-01' and j.booked_on = '2021-05-03' and j.created_at < c.closed_at`,
    );
    expect(held).toEqual([{ n: 1 }]);
    await expect(commit(booking([DEBIT, CREDIT], `'2021-05-04'`))).rejects.toThrow(/month is closed/);
  });
});
