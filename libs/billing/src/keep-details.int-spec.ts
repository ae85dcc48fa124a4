import { randomUUID } from 'node:crypto';
import type { InvoiceDetails, PlaceOrder, Taxpayer } from '@billfleet/contracts';
import { MovableClock, noCrash } from '@billfleet/platform';
import { billingDetails, dataSourceOptions, Store, tenants } from '@billfleet/store';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DataSource } from 'typeorm';
import { demoCatalogue } from '../../../test/support/random-quotes.js';
import { KeepDetails } from './keep-details.js';
import { PlaceOrders } from './place-orders.js';
import { CreateQuotes } from './create-quotes.js';
import type { CommandOutcome } from './requests-once.js';
import { WorkspaceClock } from './workspace-clock.js';

const source = new DataSource(
  dataSourceOptions({ url: process.env['DATABASE_URL'] ?? '', poolSize: 6, app: 'details test' }),
);
const store = new Store(source, { leaseMs: 30_000 });
const catalogue = demoCatalogue();
const clock = new WorkspaceClock(new MovableClock(new Date('2026-10-05T12:00:00Z')));
const details = new KeepDetails(store);
const ANA: Taxpayer = {
  ...{ taxId: '529.982.247-25', name: 'Ana Souza', addressLines: ['Rua das Flores, 12'], postalCode: '01310-100' },
};

beforeAll(() => source.initialize());
afterAll(() => source.destroy());

async function workspace(country: 'BR' | 'US' | 'DE'): Promise<string> {
  const id = randomUUID();
  const currency = country === 'BR' ? 'BRL' : 'USD';
  const place = { country, currency, timeZone: 'UTC', locale: 'en' } as const;
  const rows = [{ id, name: 'Acme', ...place, billingEmail: null, trialEndsOn: null }];
  await store.transaction((tx) => tenants.insertWorkspaces(tx, rows));
  return id;
}

async function order(workspaceId: string, own: Partial<PlaceOrder> = {}): Promise<CommandOutcome> {
  const purchase = { plan: 'advanced', seats: 5, periodMonths: 6, expectedAmountMinor: '468000' } as const;
  const input: PlaceOrder = {
    workspaceId,
    purchase: { ...purchase, expectedCurrency: 'BRL' },
    payment: { collection: 'provider', method: 'pix', installments: 1 },
    ...own,
  };
  const parts = { store, catalogue, clock, crash: noCrash, providerId: 'sandbox' };
  const command = { input, idempotencyKey: randomUUID(), source: 'http', actorWorkspaceId: null } as const;
  const [outcome] = await new PlaceOrders(parts).run([command]);
  if (outcome === undefined) throw new Error('one command has one outcome');
  return outcome;
}

async function snapshotOf(outcome: CommandOutcome): Promise<unknown> {
  if (outcome.kind === 'refused') throw new Error(outcome.problem.code);
  const [row] = await store.query<object>(
    `select taxpayer, invoice_details as "invoiceDetails" from orders where id = $1`,
    [outcome.ref],
  );
  return row;
}

describe('details of a workspace', () => {
  test('are kept with who changed what; the same again changes nothing', async () => {
    const id = await workspace('DE');
    const first: InvoiceDetails = { companyName: '<b>Nordwind</b> 🚀 GmbH', taxNumber: 'de 123 456 789' };
    expect(await details.keepInvoiceDetails(id, first, 'person ana')).toMatchObject({
      view: {
        details: { companyName: '<b>Nordwind</b> 🚀 GmbH', taxNumber: 'DE123456789' },
        ...{ taxNumberCountry: 'DE', version: 1, changedBy: 'person ana' },
      },
    });
    await details.keepInvoiceDetails(id, first, 'person ben');
    await details.keepInvoiceDetails(id, { companyName: 'Nordwind GmbH' }, 'person ben');
    await details.keepInvoiceDetails(id, {}, 'key billing');
    const changes = await billingDetails.listChanges(store, id, { before: undefined, limit: 10 });
    expect(changes.map(({ version, fields, changedBy }) => ({ version, fields, changedBy }))).toEqual([
      { version: 3, fields: ['companyName'], changedBy: 'key billing' },
      { version: 2, fields: ['companyName', 'taxNumber'], changedBy: 'person ben' },
      { version: 1, fields: ['companyName', 'taxNumber'], changedBy: 'person ana' },
    ]);
    expect(await billingDetails.viewDetails(store, 'invoice', id)).toMatchObject({
      ...{ details: null, taxNumberCountry: null, version: 3 },
    });
  });

  test('that two people change at once are changed one after the other', async () => {
    const id = await workspace('BR');
    const names = Array.from({ length: 8 }, (_, nth) => `Ana ${String(nth)}`);
    await Promise.all(names.map((name) => details.keepTaxpayer(id, { ...ANA, name }, name)));
    const changes = await billingDetails.listChanges(store, id, { before: undefined, limit: 10 });
    expect(changes.map(({ version }) => version)).toEqual([8, 7, 6, 5, 4, 3, 2, 1]);
    const now = await billingDetails.viewDetails(store, 'taxpayer', id);
    expect(now?.details?.name).toBe(changes[0]?.changedBy);
  });

  test('are refused where they are wrong, and outside of Brazil nobody asks for a taxpayer', async () => {
    const [inBrazil, elsewhere] = [await workspace('BR'), await workspace('US')];
    const bad = await details.keepTaxpayer(inBrazil, { ...ANA, taxId: '529.982.247-26' }, 'ana');
    expect(bad).toMatchObject({ kind: 'refused', problem: { code: 'tax_id_invalid', field: 'taxId' } });
    expect(JSON.stringify(bad)).not.toMatch(/982/);
    expect(await details.keepTaxpayer(elsewhere, ANA, 'ana')).toMatchObject({
      problem: { code: 'taxpayer_not_asked' },
    });
    expect(await details.keepTaxpayer(randomUUID(), ANA, 'ana')).toMatchObject({ problem: { status: 404 } });
    expect(await billingDetails.listChanges(store, inBrazil, { before: undefined, limit: 1 })).toEqual([]);
  });

  test('never change in their history', async () => {
    const id = await workspace('BR');
    await details.keepTaxpayer(id, ANA, 'ana');
    const forge = store.transaction((tx) =>
      tx.query(`update details_change set changed_by = 'ben' where workspace_id = $1`, [id]),
    );
    await expect(forge).rejects.toThrow();
  });
});

describe('an order', () => {
  test('copies what is stored, and keeps it when that changes', async () => {
    const id = await workspace('BR');
    expect(await order(id)).toMatchObject({ problem: { code: 'taxpayer_required', field: 'taxpayer' } });
    await details.keepTaxpayer(id, ANA, 'ana');
    await details.keepInvoiceDetails(id, { companyName: 'Padaria Aurora Ltda' }, 'ana');
    const placed = await order(id);
    const before = {
      taxpayer: { ...ANA, taxId: '52998224725' },
      invoiceDetails: { companyName: 'Padaria Aurora Ltda' },
    };
    expect(await snapshotOf(placed)).toEqual(before);
    await details.keepTaxpayer(id, { ...ANA, name: 'Ana Lima' }, 'ana');
    await details.keepInvoiceDetails(id, {}, 'ana');
    expect(await snapshotOf(placed)).toEqual(before);
    expect(await snapshotOf(await order(id))).toMatchObject({ taxpayer: { name: 'Ana Lima' }, invoiceDetails: null });
  });

  test('may bring its own details, which change nothing that is stored', async () => {
    const id = await workspace('BR');
    await details.keepTaxpayer(id, ANA, 'ana');
    const own = { ...ANA, taxId: '12.ABC.345/01DE-35', name: 'Padaria Aurora Ltda' };
    expect(await snapshotOf(await order(id, { taxpayer: own }))).toMatchObject({
      taxpayer: { taxId: '12ABC34501DE35', name: 'Padaria Aurora Ltda' },
    });
    expect((await billingDetails.viewDetails(store, 'taxpayer', id))?.details?.name).toBe('Ana Souza');
  });
});

test('a quote says when its order has to bring a taxpayer along', async () => {
  const id = await workspace('BR');
  const wish = { workspaceId: id, kind: 'purchase', plan: 'advanced', seats: 5, periodMonths: 6 } as const;
  const quotes = new CreateQuotes(store, catalogue, clock);
  const needed = async (): Promise<unknown> => {
    const command = { input: wish, actorWorkspaceId: null, mayRefund: false };
    const [outcome] = await quotes.run([quotes.prepare(command)]);
    return outcome?.kind === 'quoted' ? outcome.detailsNeeded : outcome;
  };
  expect([await needed(), await needed()]).toEqual([['taxpayer'], ['taxpayer']]);
  await details.keepTaxpayer(id, ANA, 'ana');
  // The price was kept with the workspace as it was before.
  expect([await needed(), await needed()]).toEqual([[], []]);
});
