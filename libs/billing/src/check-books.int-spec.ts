import { audits, dataSourceOptions, onOneState, Store } from '@billfleet/store';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DataSource } from 'typeorm';
import { PlayedBooks } from '../../../test/support/played-books.js';
import type { BookDeed } from '../../../test/support/played-books.js';
import { checkBooks } from './check-books.js';
import type { BooksChecked } from './check-books.js';

const source = new DataSource(
  dataSourceOptions({ url: process.env['DATABASE_URL'] ?? '', poolSize: 3, app: 'check books test' }),
);
const store = new Store(source, { leaseMs: 30_000 });
beforeAll(() => source.initialize());
afterAll(() => source.destroy());

const check = (): Promise<BooksChecked> => onOneState(source, checkBooks);

const which = fc.nat({ max: 1_000 });
const deed: fc.Arbitrary<BookDeed> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('order' as const),
      what: fc.constantFrom('term' as const, 'rest' as const, 'add-on' as const),
      amountMinor: fc.oneof(fc.constantFrom(1, 2, 3, 99), fc.integer({ min: 100, max: 5_000_000 })),
      taxPercent: fc.constantFrom(0, 0, 7, 19, 100),
      isLive: fc.boolean(),
      days: fc.integer({ min: 1, max: 400 }),
    }),
  },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('pay' as const), which }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('give' as const), which }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'pay-again' as const,
        'take-back' as const,
        'cancel' as const,
        'send-refund' as const,
        'refund-back' as const,
        'lose' as const,
        'win' as const,
      ),
      which,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('return-seats' as const),
      which,
      percent: fc.integer({ min: 1, max: 100 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('days-pass' as const), days: fc.integer({ min: 1, max: 45 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('recognise' as const, 'close' as const) }) },
);

/** The audits that say what the books themselves have to keep. */
const BOOK_RULES = /^(A02|A08|A09|A11|B01|B02|B31|B32)$/;
const brokenRules = async (): Promise<readonly unknown[]> =>
  (await audits.runAudits(source)).filter(({ id, violations }) => BOOK_RULES.test(id) && violations > 0);

describe('whatever happens', () => {
  test('to orders fifty times over leaves the journal balanced, and its rebuild equal', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(deed, { minLength: 50, maxLength: 50 }), async (deeds) => {
        const played = await PlayedBooks.begin(store);
        for (const one of deeds) await played.play(one);
        expect(await check()).toMatchObject({ differences: 0, list: [] });
        expect(await brokenRules()).toEqual([]);
      }),
      { numRuns: 10, endOnFailure: true },
    );
  }, 120_000);

  test('and was earned to its end leaves nothing deferred on the clock', async () => {
    const played = await PlayedBooks.begin(store);
    const order = { do: 'order', amountMinor: 100_001, taxPercent: 19, isLive: false, days: 100 } as const;
    for (const what of ['term', 'rest', 'add-on'] as const)
      for (const step of [
        { ...order, what },
        { do: 'pay', which: 0 },
        { do: 'give', which: 0 },
      ] as const)
        await played.play(step);
    await played.play({ do: 'days-pass', days: 60 });
    await played.play({ do: 'return-seats', which: 1, percent: 33 });
    await played.play({ do: 'days-pass', days: 300 });
    expect(
      await source.query(
        `select p.account, sum(p.amount_minor)::int as minor from journal j join posting p on p.transaction_id = j.id join workspace w on w.id = j.workspace_id
         where w.test_clock_id = (select id from test_clock order by created_at desc limit 1) and p.account in ('deferred_revenue', 'revenue', 'tax_payable') group by 1 order by 1`,
      ),
    ).toEqual([
      { account: 'deferred_revenue', minor: 0 },
      { account: 'revenue', minor: -216_273 },
      { account: 'tax_payable', minor: -50_730 },
    ]);
  });
});

describe('what does not follow from history is found', () => {
  const planted: readonly (readonly [string, string])[] = [
    [
      'a revenue that is a cent too much',
      `update posting set amount_minor = amount_minor + sign(amount_minor) where transaction_id = (select min(id) from journal where kind = 'recognition')`,
    ],
    [
      'a month that was left out',
      `delete from posting where transaction_id = (select max(id) from journal where kind = 'recognition'); delete from journal where id = (select max(id) from journal where kind = 'recognition')`,
    ],
    [
      'a sale that went to another account',
      `update posting set account = 'revenue' where account = 'deferred_revenue' and transaction_id = (select min(j.id) from journal j join posting p on p.transaction_id = j.id
         where j.kind = 'sale' and p.account = 'deferred_revenue' and p.amount_minor <> 0)`,
    ],
    [
      'a tax that the order does not have',
      `update orders set tax_minor = tax_minor + 1 where id = (select j.order_id from journal j join orders o on o.id = j.order_id where j.kind = 'sale' and o.tax_minor < o.amount_minor and not exists (select 1 from refund r where r.order_id = o.id) order by j.id limit 1)`,
    ],
    [
      'a charge of nobody',
      `insert into posting values ((select min(id) from journal), 8, 'cash:sandbox', 'USD', 5), ((select min(id) from journal), 9, 'receivable', 'USD', -5)`,
    ],
    [
      'another currency',
      `update posting set currency = 'BRL' where transaction_id = (select min(id) from journal where kind = 'charge')`,
    ],
    [
      'a refund that nobody booked',
      `update refund set status = 'succeeded' where id = (select id from refund where status = 'owed' limit 1)`,
    ],
    [
      'postings without a transaction',
      `insert into posting values (987654321, 1, 'revenue', 'USD', -5), (987654321, 2, 'receivable', 'USD', 5)`,
    ],
  ];

  test.each(planted)('%s', async (_what, sql) => {
    const before = await onOneState(source, checkBooks);
    const found = await onOneState(source, async (db) => {
      for (const table of ['journal', 'posting', 'orders', 'refund'])
        await db.query(`alter table ${table} disable trigger user`);
      for (const statement of sql.split('; ')) await db.query(statement);
      return checkBooks(db);
    });
    expect(before.differences).toBe(0);
    expect(found.differences).toBeGreaterThan(0);
    expect(found.list.length).toBeGreaterThan(0);
  });
});
