import { randomUUID } from 'node:crypto';
import { deliveryQueue } from '@billfleet/contracts';
import { MovableClock } from '@billfleet/platform';
import { dataSourceOptions, onOneState, Store, work } from '@billfleet/store';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { DataSource } from 'typeorm';
import { openSale } from '../../../test/support/sales.js';
import { IssueDocuments } from './issue-documents.js';
import { loadCatalogue } from './load-catalogue.js';
import { settlePayments } from './settle-payments.js';
import { verifyDocuments } from './verify-documents.js';
import type { DocumentsVerified, SeriesHead } from './verify-documents.js';
import { WorkspaceClock } from './workspace-clock.js';

const source = new DataSource(
  dataSourceOptions({ url: process.env['DATABASE_URL'] ?? '', poolSize: 3, app: 'verify test' }),
);
const store = new Store(source, { leaseMs: 30_000 });
const clock = new WorkspaceClock(new MovableClock(new Date('2026-10-05T15:00:00Z')));
const { sellers } = loadCatalogue(new URL('../../../config/catalogue.yaml', import.meta.url).pathname);
const desk = new IssueDocuments({ store, clock, sellers });
let heads: readonly SeriesHead[] = [];

const verified = (against: readonly SeriesHead[] = []): Promise<DocumentsVerified> =>
  onOneState(source, (db) => verifyDocuments(db, against));

/** Sells and invoices one more order. */
async function issueOne(): Promise<void> {
  const { attemptId, amountMinor, currency } = await openSale(store);
  const seen = { attemptId, reference: randomUUID(), state: 'succeeded', amountMinor, currency } as const;
  await store.transaction((tx) => settlePayments(tx, [seen]));
  const marks = await store.query<{ id: string; generation: number }>(
    `select id, generation from work where kind = 'invoice.issue'`,
  );
  const rows = await work.load(
    store,
    deliveryQueue,
    marks.map(({ id, generation }) => [id, generation] as const),
  );
  await desk.invoices(rows);
}

beforeAll(async () => {
  await source.initialize();
  for (let n = 0; n < 5; n += 1) await issueOne();
  await source.query(`create table kept_document as select * from document`);
  await source.query(`create table kept_series as select * from document_series`);
  heads = (await verified()).series;
});
afterAll(() => source.destroy());

/** Everything is as it was issued. */
async function restore(): Promise<void> {
  for (const table of ['document', 'document_series']) await source.query(`alter table ${table} disable trigger user`);
  await source.query(`delete from document; delete from document_series`);
  await source.query(
    `insert into document_series select * from kept_series; insert into document select * from kept_document`,
  );
}

describe('the database by itself', () => {
  test.each([
    [`update document set content = content`, 'append-only'],
    [`delete from document where seq = 5`, 'append-only'],
    [`truncate document cascade`, 'append-only'],
    [`update document_series set last_hash = ''`, 'only grows'],
    [`update document_series set next_seq = 1`, 'only grows'],
    [`delete from document_series`, 'only grows'],
    [
      `insert into document select (jsonb_populate_record(d, '{"id": "0190a000-0000-7000-8000-a00000000001", "number": "X", "seq": 7}')).* from document d where seq = 5`,
      'duplicate key',
    ],
  ])('refuses: %s', async (sql, message) => {
    await expect(source.query(sql)).rejects.toThrow(message);
  });

  test('refuses a document that does not follow the last one', async () => {
    const sale = await openSale(store);
    const insert = (seq: number, previousHash: string): Promise<unknown> =>
      source.query(
        `insert into document (id, kind, seller, year, mode, seq, number, workspace_id, order_id, currency, amount_minor, tax_minor, issued_at, content, previous_hash, hash)
         values ($1, 'invoice', 'general', 2026, 'live', $2, 'X', $3, $4, 'USD', 1, 0, now(), '{}', $5, encode(sha256(convert_to($5 || chr(10) || '{}', 'UTF8')), 'hex'))`,
        [randomUUID(), seq, sale.workspaceId, sale.orderId, previousHash],
      );
    const last = heads[0]?.lastHash ?? '';
    await expect(insert(7, last)).rejects.toThrow('does not follow the one before it');
    await expect(insert(6, '0'.repeat(64))).rejects.toThrow('does not follow the one before it');
    await expect(source.query(`insert into document select * from document where false`)).resolves.toBeDefined();
  });
});

describe('whoever gets around the database is found out:', () => {
  beforeAll(async () => {
    // What an owner of the database can do.
    await source.query(`do $$ declare one record; begin
      for one in select conname, conrelid::regclass as name from pg_constraint where conrelid in ('document'::regclass, 'document_series'::regclass) and contype in ('c', 'f')
      loop execute format('alter table %s drop constraint %I', one.name, one.conname); end loop; end $$`);
    await source.query(
      `alter table document drop constraint document_seller_kind_year_mode_seq_key; drop index document_invoice_of_order`,
    );
  });
  beforeEach(restore);

  test('nobody did', async () => {
    expect(await verified(heads)).toMatchObject({ documents: 5, faultCount: 0, faults: [] });
  });

  const at = (seq: number): string => `US-2026-00000${String(seq)}`;
  const twin = `insert into document select (jsonb_populate_record(d, jsonb_build_object('id', gen_random_uuid(), 'number', 'US-2026-000009', 'hash', 'x'))).* from document d where seq = 3`;
  test.each<[string, string, readonly (readonly [string, string])[]]>([
    [
      'a changed amount',
      `update document set content = replace(content, '"amountMinor":"15000"', '"amountMinor":"14000"') where seq = 2`,
      [
        ['hash_differs', at(2)],
        ['column_differs', at(2)],
      ],
    ],
    [
      'a changed content whose hash was made again',
      `update document set content = replace(content, 'Acme', 'Evil') where seq = 2;
       update document set hash = encode(sha256(convert_to(previous_hash || chr(10) || content, 'UTF8')), 'hex') where seq = 2`,
      [['chain_broken', at(3)]],
    ],
    ['a changed column', `update document set amount_minor = 1 where seq = 4`, [['column_differs', at(4)]]],
    ['another order', `update document set order_id = gen_random_uuid() where seq = 4`, [['column_differs', at(4)]]],
    [
      'another number',
      `update document set number = 'US-2026-000099' where seq = 4`,
      [['number_differs', 'US-2026-000099']],
    ],
    ['a text that is no document', `update document set content = '{' where seq = 4`, [['content_unreadable', at(4)]]],
    [
      'a removed document',
      `delete from document where seq = 3`,
      [
        ['number_missing', at(4)],
        ['chain_broken', at(4)],
      ],
    ],
    ['the first one removed', `delete from document where seq = 1`, [['number_missing', at(2)]]],
    ['the last one removed', `delete from document where seq = 5`, [['series_differs', 'general invoice 2026 live']]],
    ['an inserted document', twin, [['number_doubled', 'US-2026-000009']]],
    ['all of them removed', `delete from document`, [['series_differs', 'general invoice 2026 live']]],
    ['a series removed', `delete from document_series`, [['series_differs', 'general invoice 2026 live']]],
    ['a number skipped', `update document_series set next_seq = 7`, [['series_differs', 'general invoice 2026 live']]],
    [
      'one moved into another year',
      `update document set year = 2025 where seq = 5`,
      [
        ['column_differs', at(5)],
        ['number_differs', at(5)],
      ],
    ],
  ])('%s', async (_what, sql, wanted) => {
    await source.query(sql);
    const { faults, faultCount } = await verified();
    expect(faultCount).toBe(faults.length);
    for (const [code, document] of wanted) expect(faults).toContainEqual(expect.objectContaining({ code, document }));
  });

  test('the last ones removed and the series set back: by heads that were kept', async () => {
    await source.query(`delete from document where seq > 3;
      update document_series s set next_seq = 4, last_hash = d.hash from document d where d.seq = 3`);
    expect(await verified()).toMatchObject({ documents: 3, faultCount: 0 });
    expect((await verified(heads)).faults).toMatchObject([{ code: 'head_differs', found: 'no such document' }]);
  });

  test('everything written anew: by heads that were kept', async () => {
    await source.query(`delete from document; delete from document_series`);
    expect(await verified()).toMatchObject({ documents: 0, faultCount: 0 });
    expect((await verified(heads)).faults).toMatchObject([{ code: 'head_differs', found: 'no such series' }]);
  });
});
