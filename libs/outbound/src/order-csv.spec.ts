import { buffer, text } from 'node:stream/consumers';
import { describe, expect, test } from '@jest/globals';
import { orderCsv } from './order-csv.js';
import type { OrderCsvOptions, OrderToWrite } from './order-csv.js';

const ORDER: OrderToWrite = {
  id: '0190a000-0000-7000-8000-0000000000a1',
  number: '1042',
  createdAt: '2026-10-06T01:30:05.123Z',
  kind: 'purchase',
  plan: 'advanced',
  planName: 'Advanced',
  seats: 5,
  periodMonths: 6,
  addOn: null,
  addOnName: null,
  currency: 'USD',
  amountMinor: '99999999999',
  refundedMinor: '5',
  shown: 'partly_refunded',
  paidBy: 'card',
  installments: 1,
};
const OPTIONS: OrderCsvOptions = { language: 'en', timeZone: 'America/Sao_Paulo', hasByteOrderMark: false };

async function* pagesOf(...pages: readonly (readonly OrderToWrite[])[]) {
  for (const page of pages) yield await Promise.resolve(page);
}
const written = (orders: readonly OrderToWrite[], over: Partial<OrderCsvOptions> = {}): Promise<string> =>
  text(orderCsv(pagesOf(orders), { ...OPTIONS, ...over }));

/** What a reader of RFC 4180 reads, written by hand after its grammar. */
function read(csv: string): readonly (readonly string[])[] {
  const rows: string[][] = [];
  let rest = csv;
  while (rest !== '') {
    const row: string[] = [];
    for (;;) {
      const [whole = '', quoted, plain, end] = /^(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/.exec(rest) ?? [];
      if (whole === '') throw new Error(`not RFC 4180: ${rest.slice(0, 80)}`);
      row.push(quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'));
      rest = rest.slice(whole.length);
      if (end === '\r\n') break;
    }
    rows.push(row);
  }
  return rows;
}

describe('an export of orders', () => {
  test('has heads and words in the language of its reader, days of the workspace, and exact amounts', async () => {
    expect(read(await written([ORDER]))).toEqual([
      [
        ...['Order', 'Placed (America/Sao_Paulo)', 'What', 'Plan', 'Seats', 'Months', 'Add-on', 'Packages', 'Currency'],
        ...['Amount', 'Refunded', 'Status', 'Paid by', 'Instalments', 'Id'],
      ],
      [
        ...['1042', '2026-10-05 22:30:05', 'Purchase', 'Advanced', '5', '6', '', '', 'USD', '999999999.99', '0.05'],
        ...['Partly refunded', 'Card', '1', ORDER.id],
      ],
    ]);
    const [heads, line] = read(await written([ORDER], { language: 'pt-BR' }));
    expect([heads?.[9], line?.[2], line?.[11], line?.[12]]).toEqual([
      ...['Valor', 'Compra', 'Reembolsado em parte', 'Cartão'],
    ]);
  });

  test('says of an add-on what it is, not the plan beneath it', async () => {
    const order = {
      ...ORDER,
      kind: 'add-on',
      addOn: { id: 'ai-credits', packages: 2 },
      addOnName: 'AI credits',
    } as const;
    expect(read(await written([order]))[1]?.slice(2, 8)).toEqual(['Add-on', '', '', '', 'AI credits', '2']);
  });

  test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '＝1'])('holds no formula: %j', async (planName) => {
    expect(read(await written([{ ...ORDER, planName }]))[1]?.[3]).toBe(`'${planName}`);
  });

  test.each(['a,b', 'say "hi"', 'two\r\nlines', 'Plano, "é" 😀'])('reads back as it was: %j', async (planName) => {
    expect(read(await written([{ ...ORDER, planName }]))[1]?.[3]).toBe(planName);
  });

  test('begins with a byte order mark only where that is wanted, and has its heads even when it is empty', async () => {
    const marked = await buffer(orderCsv(pagesOf([]), { ...OPTIONS, hasByteOrderMark: true }));
    expect(marked.subarray(0, 9)).toEqual(Buffer.from('\ufeffOrder,'));
    expect((await buffer(orderCsv(pagesOf([]), OPTIONS))).subarray(0, 6)).toEqual(Buffer.from('Order,'));
    expect(read(await written([]))).toHaveLength(1);
  });

  test('is read no further than its receiver keeps up, and breaks off where a page cannot be read', async () => {
    let read = 0;
    async function* endless() {
      for (;;) {
        read += 1;
        yield await Promise.resolve(Array.from({ length: 100 }, () => ORDER));
        if (read === 1_000) throw new Error('the database went away');
      }
    }
    const slow = orderCsv(endless(), OPTIONS);
    slow.once('readable', () => undefined);
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
    expect(read).toBeLessThan(10);
    await expect(text(slow)).rejects.toThrow('the database went away');
  });
});
