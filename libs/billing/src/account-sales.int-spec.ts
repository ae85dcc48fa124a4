import { randomUUID } from 'node:crypto';
import { deliveryQueue, parseDocument } from '@billfleet/contracts';
import { civilDate } from '@billfleet/domain';
import { MovableClock, noCrash } from '@billfleet/platform';
import { contracts, dataSourceOptions, documents, onOneState, Store, tenants, work } from '@billfleet/store';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DataSource } from 'typeorm';
import { taxedCatalogueFile } from '../../../test/support/taxed-catalogue.js';
import { checkBooks } from './check-books.js';
import { ExpireOrders } from './dispatch.js';
import { IssueDocuments } from './issue-documents.js';
import { loadCatalogue } from './load-catalogue.js';
import { CancelUnpaidOrders } from './pay-another-way.js';
import { PlaceOrders } from './place-orders.js';
import { RecordOfflinePayments } from './record-offline-payments.js';
import type { CommandOutcome } from './requests-once.js';
import { settlePayments } from './settle-payments.js';
import { fleetSweeps } from './sweep-clock.js';
import { verifyDocuments } from './verify-documents.js';
import { WorkspaceClock } from './workspace-clock.js';

const DAY_MS = 86_400_000;
const PLACED_AT = new Date('2026-10-05T12:00:00Z');
const source = new DataSource(
  dataSourceOptions({ url: process.env['DATABASE_URL'] ?? '', poolSize: 12, app: 'account test' }),
);
const store = new Store(source, { leaseMs: 30_000 });
const clock = new MovableClock(PLACED_AT);
const workspaceClock = new WorkspaceClock(clock);
const catalogue = loadCatalogue(taxedCatalogueFile());
const desk = new IssueDocuments({ store, clock: workspaceClock, sellers: catalogue.sellers });

beforeAll(() => source.initialize());
afterAll(() => source.destroy());

/** A workspace in Ireland, where 23 % come on top of the price, with a contract under which invoices are due after `dueDays`. */
async function customer(dueDays: number | null = 30): Promise<string> {
  const workspaceId = randomUUID();
  const place = { country: 'IE', currency: 'USD', timeZone: 'Europe/Dublin', locale: 'en' } as const;
  await store.transaction(async (tx) => {
    const billing = { billingEmail: 'accounts@customer.example', trialEndsOn: null };
    await tenants.insertWorkspaces(tx, [{ id: workspaceId, name: 'Acme', ...place, ...billing }]);
    await contracts.insertContract(tx, {
      ...{ id: randomUUID(), workspaceId, requestId: null, plan: 'enterprise', currency: 'USD', seatsMin: null },
      ...{ monthlyPriceMinor: 3_333n, periodMonths: null, limits: null, dueDays, validFrom: civilDate('2026-10-01') },
      ...{ reason: 'agreed', createdBy: 'test' },
    });
  });
  return workspaceId;
}

/** 7 seats × 33.33 × 10 months that are paid, and 23 % of it. */
const PRICE = { amountMinor: 286_971n, taxMinor: 53_661n };

const command = <Input>(input: Input) => ({
  ...{ input, idempotencyKey: randomUUID(), source: 'http', actorWorkspaceId: null, requestedBy: 'test' },
});

async function order(workspaceId: string): Promise<CommandOutcome> {
  const parts = { store, catalogue, clock: workspaceClock, crash: noCrash, providerId: 'sandbox' };
  const purchase = {
    ...{ plan: 'enterprise', seats: 7, periodMonths: 12 },
    ...{ expectedAmountMinor: PRICE.amountMinor.toString(), expectedCurrency: 'USD' as const },
  };
  const input = { workspaceId, purchase, payment: { collection: 'account' as const } };
  const [outcome] = await new PlaceOrders(parts).run([{ ...command(input), source: 'http' }]);
  if (outcome === undefined) throw new Error('one command has one outcome');
  return outcome;
}

async function placed(): Promise<{ readonly workspaceId: string; readonly orderId: string }> {
  const workspaceId = await customer();
  const outcome = await order(workspaceId);
  if (outcome.kind === 'refused') throw new Error(outcome.problem.code);
  return { workspaceId, orderId: outcome.ref };
}

const pay = ({ workspaceId, orderId }: Awaited<ReturnType<typeof placed>>) =>
  new RecordOfflinePayments(store, workspaceClock).run({
    ...command({
      ...{ workspaceId, orderId },
      payment: {
        ...{ amountMinor: PRICE.amountMinor.toString(), currency: 'USD', reason: 'by transfer' },
        ...({ proof: { kind: 'bank-transfer', reference: randomUUID() }, paidAt: PLACED_AT.toISOString() } as const),
      },
    }),
    source: 'http',
  });

const cancel = ({ workspaceId, orderId }: Awaited<ReturnType<typeof placed>>) =>
  new CancelUnpaidOrders(store).run([{ ...command({ workspaceId, orderId }), source: 'http' }]);

/** Hands what is owed to several workers at once, in small batches and twice each. */
async function issueAll(): Promise<void> {
  const marks = await store.query<{ id: string; generation: number }>(
    `select id, generation from work where queue = 'delivery' and kind in ('invoice.issue', 'credit-note.issue', 'cancellation-note.issue') order by random()`,
  );
  const batches: (readonly [string, number])[][] = [];
  for (let from = 0; from < marks.length; from += 7)
    batches.push(marks.slice(from, from + 7).map(({ id, generation }) => [id, generation]));
  await Promise.all(
    [...batches, ...batches].map(async (some) => {
      const rows = await work.load(store, deliveryQueue, some);
      const ofKind = (kind: string) => rows.filter((row) => row.kind === kind);
      await desk.invoices(ofKind('invoice.issue'));
      await desk.creditNotes(ofKind('credit-note.issue'));
      await desk.cancellationNotes(ofKind('cancellation-note.issue'));
    }),
  );
}

const booksOf = (orderId: string): Promise<readonly { kind: string; account: string; minor: string }[]> =>
  store.query(
    `select j.kind, p.account, p.amount_minor::text as minor from journal j join posting p on p.transaction_id = j.id where j.order_id = $1 order by j.id, p.n`,
    [orderId],
  );
const owedMails = (workspaceId: string): Promise<readonly { template: string }[]> =>
  store.query(`select template from notification where workspace_id = $1 order by id`, [workspaceId]);

const expectConsistent = async (): Promise<void> => {
  expect(await onOneState(source, (db) => checkBooks(db))).toMatchObject({ differences: 0, list: [] });
  expect(await onOneState(source, (db) => verifyDocuments(db))).toMatchObject({ faults: [] });
};

const SALE = [
  { kind: 'sale', account: 'receivable', minor: '286971' },
  { kind: 'sale', account: 'deferred_revenue', minor: '-233310' },
  { kind: 'sale', account: 'tax_payable', minor: '-53661' },
];

describe('an order on account', () => {
  test('is booked as owed and invoiced with its due date when it is placed; the payment settles it and issues nothing', async () => {
    const sale = await placed();
    await issueAll();
    expect(await booksOf(sale.orderId)).toEqual(SALE);
    const [invoice, ...others] = await documents.listDocuments(store, { orderId: sale.orderId, limit: 10 });
    expect(others).toEqual([]);
    const dueAt = new Date(PLACED_AT.getTime() + 30 * DAY_MS);
    expect(invoice).toMatchObject({ kind: 'invoice', amountMinor: '286971', taxMinor: '53661', dueAt, paidAt: null });
    expect(parseDocument(invoice?.content ?? '')).toMatchObject({ payment: null, dueAt });
    expect(await owedMails(sale.workspaceId)).toEqual([{ template: 'invoice_to_pay' }]);
    await expectConsistent();
    expect(await pay(sale)).toMatchObject({ kind: 'accepted' });
    await issueAll();
    expect(await booksOf(sale.orderId)).toEqual([
      ...SALE,
      { kind: 'charge', account: 'cash:offline', minor: '286971' },
      { kind: 'charge', account: 'receivable', minor: '-286971' },
    ]);
    const after = await documents.listDocuments(store, { orderId: sale.orderId, limit: 10 });
    expect(after).toEqual([{ ...invoice, paidAt: expect.any(Date) }]);
    await expectConsistent();
  });

  test('that is paid at the provider after it ended gets its money back, and stays credited', async () => {
    const sale = await placed();
    await cancel(sale);
    const attemptId = randomUUID();
    await store.query(
      `insert into attempt (id, order_id, workspace_id, n, provider, method, currency, amount_minor, expires_at, status)
       values ($1, $2, $3, 1, 'sandbox', 'card', 'USD', $4, now(), 'cancelled')`,
      [attemptId, sale.orderId, sale.workspaceId, PRICE.amountMinor.toString()],
    );
    const seen = { attemptId, reference: `late-${attemptId}`, state: 'succeeded', currency: 'USD' } as const;
    await store.transaction((tx) => settlePayments(tx, [{ ...seen, amountMinor: PRICE.amountMinor }]));
    await issueAll();
    const orders = await store.query(`select status from orders where id = $1`, [sale.orderId]);
    expect(orders).toEqual([{ status: 'refund_due' }]);
    expect(
      (await documents.listDocuments(store, { orderId: sale.orderId, limit: 10 })).map(({ kind }) => kind),
    ).toEqual([...['credit_note', 'invoice']]);
    await expectConsistent();
  });

  test('that nobody pays ends so many days after its due date; its whole invoice is credited, tax and all', async () => {
    const sale = await placed();
    const expire = () => new ExpireOrders(store, fleetSweeps(clock)).run();
    clock.moveTo(new Date(PLACED_AT.getTime() + 60 * DAY_MS - 1));
    expect(await expire()).toBe(0);
    clock.moveTo(new Date(PLACED_AT.getTime() + 60 * DAY_MS));
    expect(await expire()).toBe(1);
    await issueAll();
    clock.moveTo(PLACED_AT);
    expect(await booksOf(sale.orderId)).toEqual([
      ...SALE,
      { kind: 'reversal', account: 'deferred_revenue', minor: '233310' },
      { kind: 'reversal', account: 'receivable', minor: '-286971' },
      { kind: 'reversal', account: 'tax_payable', minor: '53661' },
    ]);
    const [note] = await documents.listDocuments(store, { orderId: sale.orderId, kind: 'credit_note', limit: 10 });
    expect(note).toMatchObject({ amountMinor: '286971', taxMinor: '53661', refundId: null });
    expect(parseDocument(note?.content ?? '')).toMatchObject({
      ...{ refund: null, cancellation: { reason: 'expired' } },
      taxes: [{ kind: 'exclusive', name: { en: 'VAT', es: 'IVA' }, percent: '23', taxMinor: 53_661n }],
    });
    const templates = (await owedMails(sale.workspaceId)).map(({ template }) => template);
    expect(templates.sort()).toEqual(['invoice_credited', 'invoice_to_pay', 'order_expired']);
    expect(await pay(sale)).toMatchObject({ kind: 'refused', problem: { code: 'order_not_payable' } });
    await expectConsistent();
  });

  test('needs a contract that says so', async () => {
    expect(await order(await customer(null))).toMatchObject({
      ...{ kind: 'refused', problem: { status: 422, code: 'account_not_agreed', field: 'payment.collection' } },
    });
  });

  test.each<[string, string, string]>([
    ['its sale', `delete from journal where kind = 'sale' and order_id = $1`, 'order'],
    ['what took it back', `delete from journal where kind = 'reversal' and order_id = $1`, 'order'],
    [
      'a cent of its note',
      `update document set amount_minor = amount_minor - 1 where kind = 'credit_note' and order_id = $1`,
      'document',
    ],
  ])('without %s is a difference that books check finds', async (_what, sql, of) => {
    const sale = await placed();
    await cancel(sale);
    await issueAll();
    const { list } = await onOneState(source, async (db) => {
      for (const table of ['journal', 'document']) await db.query(`alter table ${table} disable trigger user`);
      await db.query('alter table document drop constraint document_hash_check');
      await db.query(sql, [sale.orderId]);
      return checkBooks(db);
    });
    expect(list).toContainEqual(expect.objectContaining({ of }));
    await expectConsistent();
  });

  test('keeps numbers without gaps when 60 are placed, paid and cancelled at the same time', async () => {
    const sales = await Promise.all(Array.from({ length: 60 }, () => placed()));
    const ended = await Promise.all(
      sales.flatMap((sale, n) =>
        n % 3 === 0 ? [pay(sale)] : n % 3 === 1 ? [cancel(sale)] : [pay(sale), cancel(sale)],
      ),
    );
    expect(ended).toHaveLength(80);
    await issueAll();
    const series = await store.query<{ kind: string; seqs: number[]; orders: number }>(
      `select kind, array_agg(seq order by seq) as seqs, count(distinct order_id)::int as orders from document group by kind order by kind`,
    );
    for (const { seqs, orders } of series) {
      expect(seqs).toEqual(Array.from({ length: seqs.length }, (_, n) => n + 1));
      expect(orders).toBe(seqs.length);
    }
    const states = await store.query<{ status: string; n: number }>(
      `select o.status, count(*)::int as n from orders o where id = any($1::uuid[]) group by 1`,
      [sales.map(({ orderId }) => orderId)],
    );
    const cancelled = states.find(({ status }) => status === 'cancelled')?.n ?? 0;
    expect(cancelled).toBeGreaterThanOrEqual(20);
    const notes = await store.query(
      `select 1 from document where kind = 'credit_note' and order_id = any($1::uuid[])`,
      [sales.map(({ orderId }) => orderId)],
    );
    expect(notes).toHaveLength(cancelled);
    await expectConsistent();
  });
});
