import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { civilDate } from '@billfleet/domain';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { beanCheck, readBeancount } from '../../../test/support/beancount-reader.js';
import { PlayedBooks } from '../../../test/support/played-books.js';
import type { BookDeed } from '../../../test/support/played-books.js';
import { booksEngine } from './books-engine.js';
import type { ExportFormat } from './commands/books.js';
import { engines } from './engines.js';
import { openStore } from './open-store.js';
import type { OpenStore } from './open-store.js';
import { buildProgram } from './program.js';

const url = process.env['DATABASE_URL'] ?? '';
const directory = mkdtempSync(path.join(os.tmpdir(), 'billfleet-books-'));
let open: OpenStore;
let books: Awaited<ReturnType<typeof booksEngine>>;

const order = { do: 'order', amountMinor: 120_000, taxPercent: 20, days: 365 } as const;
const deeds: readonly BookDeed[] = [true, false].flatMap((isLive): BookDeed[] => [
  { ...order, what: 'term', isLive },
  { do: 'pay', which: 0 },
  { do: 'give', which: 0 },
  { ...order, what: 'add-on', isLive },
  { do: 'pay', which: 0 },
  { do: 'pay-again', which: 0 },
  { do: 'take-back', which: 0 },
  { do: 'send-refund', which: 0 },
  { do: 'return-seats', which: 0, percent: 25 },
  { do: 'days-pass', days: 40 },
  { do: 'recognise' },
  { do: 'lose', which: 1 },
]);

beforeAll(async () => {
  open = await openStore(url);
  const played = await PlayedBooks.begin(open.store);
  for (const deed of deeds) await played.play(deed);
  // A provider may say anything.
  await open.store.transaction((tx) =>
    tx.query(
      `with made as (insert into journal (kind, provider, reference, booked_on, is_test) values ('fee', 'sandbox', E'=cmd|"x\\\\"\\n\\u202ereport', current_date, false) returning id)
       insert into posting select id, s.n, s.account, 'USD', s.minor from made, (values (1, 'provider_fees', 150), (2, 'cash:sandbox', -150)) s (n, account, minor)`,
    ),
  );
  books = await booksEngine({ databaseUrl: url });
});
afterAll(async () => {
  await books.close();
  await open.close();
  rmSync(directory, { recursive: true });
});

const everything = { isTest: false, from: null, before: null } as const;
async function written(format: ExportFormat, span: Parameters<typeof books.exportAs>[1]): Promise<string> {
  const parts: string[] = [];
  await books.exportAs(format, span, (text) => Promise.resolve(void parts.push(text)));
  return parts.join('');
}

/** Runs a command line in this process; answers what it wrote to stdout, and its exit status. */
async function run(...args: readonly string[]): Promise<{ readonly said: string; readonly status: unknown }> {
  let said = '';
  const spy = jest.spyOn(process.stdout, 'write').mockImplementation((chunk, ...others: readonly unknown[]) => {
    said += String(chunk);
    for (const one of others) if (typeof one === 'function') (one as () => void)();
    return true;
  });
  const before = process.exitCode;
  try {
    await buildProgram(engines, '0.0.0').parseAsync(['node', 'billfleet', 'books', ...args]);
    return { said, status: process.exitCode ?? 0 };
  } finally {
    spy.mockRestore();
    process.exitCode = before;
  }
}

describe('the commands', () => {
  test('say how many transactions there are and that nothing differs', async () => {
    const { said, status } = await run('check', '--json');
    expect(JSON.parse(said)).toEqual({ transactions: expect.any(Number), differences: 0 });
    expect(status).toBe(0);
  });

  test('show the balances as a table, and the export as it is', async () => {
    expect((await run('trial-balance', '--test', '--month', '2027-01')).said).toMatch(
      /^ACCOUNT +CURRENCY +OPENING +DEBIT/,
    );
    expect((await run('export', '--format', 'csv', '--to', '2020-01-01')).said).toMatch(/^transaction,booked_on.*\n$/);
  });

  test.each([
    [['trial-balance', '--month', '2026-13'], '--month 2026-13: a month such as 2026-11 is wanted'],
    [['recognise', '--month', 'november'], '--month november: a month such as 2026-11 is wanted'],
    [['export', '--format', 'csv', '--from', '2026-11-31'], '--from 2026-11-31: a day such as 2026-11-30 is wanted'],
    [
      ['export', '--format', 'csv', '--from', '2026-11-30', '--to', '2026-11-29'],
      '--to 2026-11-29: a day from 2026-11-30 on is wanted',
    ],
    [['close', '--month', '2026-10', '--reason', ' '], '--reason: 1 to 500 characters are wanted'],
    [['recognise', '--month', '2999-01'], /^month_not_over: found 2999-01, wanted a month that is over/],
  ])('refuse %j', async (args, message) => {
    await expect(run(...args)).rejects.toThrow(message);
  });
});

test('the books follow from what happened', async () => {
  const { transactions, differences } = await books.check();
  expect(transactions).toBeGreaterThan(15);
  expect(differences).toBe(0);
});

describe('the trial balance', () => {
  test.each([true, false])('adds up in every column, of test clocks: %s', async (isTest) => {
    const rows = await books.trialBalance({ ...everything, isTest });
    const sum = (of: (row: (typeof rows)[number]) => bigint): bigint =>
      rows.reduce((total, row) => total + of(row), 0n);
    expect(rows.map(({ account }) => account)).toEqual(
      expect.arrayContaining(['cash:sandbox', 'receivable', 'tax_payable']),
    );
    expect(sum((row) => row.openingMinor)).toBe(0n);
    expect(sum((row) => row.closingMinor)).toBe(0n);
    expect(sum((row) => row.debitMinor)).toBe(sum((row) => row.creditMinor));
  });

  test('of months goes on where the one before it ended', async () => {
    const [february, march] = await Promise.all(
      [['2027-02-01', '2027-03-01'] as const, ['2027-03-01', '2027-04-01'] as const].map(([from, before]) =>
        books.trialBalance({ isTest: true, from: civilDate(from), before: civilDate(before) }),
      ),
    );
    const closing = new Map(february?.map((row) => [row.account, row.closingMinor]));
    expect(march?.filter((row) => (closing.get(row.account) ?? 0n) !== row.openingMinor)).toEqual([]);
    expect(february?.find((row) => row.account === 'revenue')?.closingMinor).toBeLessThan(0n);
    expect(march?.find((row) => row.account === 'revenue')?.creditMinor).toBe(0n);
  });
});

describe('what is written for Beancount', () => {
  const spans = [
    { ...everything },
    { ...everything, isTest: true },
    { isTest: true, from: civilDate('2027-01-20'), before: civilDate('2027-04-01') },
    { isTest: true, from: civilDate('2031-01-01'), before: null },
  ];
  test.each(spans)('is read by others without a fault: %j', async (span) => {
    const text = await written('beancount', span);
    expect(readBeancount(text)).toEqual([]);
    const file = path.join(directory, 'books.beancount');
    writeFileSync(file, text);
    expect(beanCheck(file) ?? { isSound: true, said: '' }).toEqual({ isSound: true, said: '' });
  });

  test.each([
    ['an amount', (text: string) => text.replace(/( {2}Assets:Receivable {2}-?\d+)\.(\d)\d/, '$1.$27')],
    ['an account', (text: string) => text.replace(/ {2}Assets:Receivable {2}/, '  Income:Revenue  ')],
    ['a day', (text: string) => text.replace(/^\d{4}-\d{2}-\d{2} \* "charge"/m, '2050-01-01 * "charge"')],
  ])('would be refused with %s changed', async (_what, change) => {
    const text = await written('beancount', everything);
    const changed = change(text);
    expect(changed).not.toBe(text);
    expect(readBeancount(changed)).not.toEqual([]);
    const file = path.join(directory, 'changed.beancount');
    writeFileSync(file, changed);
    expect(beanCheck(file)?.isSound ?? false).toBe(false);
  });
});

test('what is written as CSV has one line per posting, adds up, and runs nothing in a spreadsheet', async () => {
  const text = await written('csv', everything);
  const [heading, ...lines] = text.trimEnd().split(/\n(?=\d)/);
  expect(heading).toBe(
    'transaction,booked_on,kind,about,account,currency,amount,amount_minor,workspace,order,attempt,refund,chargeback,month,provider,reference',
  );
  const minors = lines.map((line) => Number(/,[A-Z]{3},-?\d+\.\d{2},(-?\d+),/.exec(line)?.[1]));
  expect(minors.reduce((sum, minor) => sum + minor, 0)).toBe(0);
  const fee = lines.filter((line) => line.includes(',fee,'));
  expect(fee).toHaveLength(2);
  expect(fee[0]).toContain(`"'=cmd|""x`);
  expect(text).not.toMatch(/,"?=cmd/);
});

describe('a month', () => {
  test('that is not over is neither recognised nor closed', async () => {
    const month = civilDate('2999-01-01');
    const refused = { kind: 'refused', refusal: { code: 'month_not_over', found: month } };
    expect(await books.recognise(month)).toMatchObject(refused);
    expect(await books.closeMonth(month, { actor: 'a test', reason: 'why' })).toMatchObject(refused);
  });

  test('is closed once, in its turn, and stays so', async () => {
    const by = { actor: 'a test', reason: 'why' };
    const [first] = await open.store.query<{ month: string }>(
      `insert into closed_month (month, closed_by) values (date_trunc('month', now() - interval '3 months')::date, 'who') returning (month + interval '1 month')::date::text as month`,
    );
    const next = civilDate(first?.month ?? '');
    const [after] = await open.store.query<{ month: string }>(
      `select ($1::date + interval '1 month')::date::text as month`,
      [next],
    );
    expect(await books.closeMonth(civilDate(after?.month ?? ''), by)).toMatchObject({
      refusal: { code: 'month_not_next' },
    });
    expect(await books.closeMonth(next, by)).toEqual({ kind: 'closed', isNew: true });
    expect(await books.closeMonth(next, by)).toEqual({ kind: 'closed', isNew: false });
    expect(
      await open.store.query(`select actor, action, subject, reason from ops_action where action = 'books.close'`),
    ).toEqual([{ actor: 'a test', action: 'books.close', subject: `month ${next}`, reason: 'why' }]);
  });
});
