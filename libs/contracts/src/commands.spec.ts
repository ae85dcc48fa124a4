import { describe, expect, test } from '@jest/globals';
import type { z } from 'zod';
import { placeOrder, quoteRequest, recordPaymentConfirmation } from './commands.js';
import { registerWorkspace } from './workspaces.js';

const ID = '0190a000-0000-7000-8000-0000000000a1';
const OTHER_ID = '0190a000-0000-7000-8000-0000000000b2';
const workspace = {
  id: ID,
  name: 'Northwind Studio',
  country: 'US',
  timeZone: 'America/New_York',
  locale: 'en',
  billingEmail: 'admin@customer.example',
};
const order = { workspaceId: ID, quoteId: OTHER_ID, payment: { collection: 'upstream' } };
const confirmation = {
  provider: 'upstream',
  workspaceId: ID,
  order: { workspaceId: ID, orderKey: 'order-1' },
  reference: 'transfer-1',
  amountMinor: '105000',
  currency: 'USD',
  paidAt: '2026-10-05T15:00:00Z',
};

/** The fields that a contract complains about. */
const faultsIn = (schema: z.ZodType, value: unknown): readonly string[] =>
  schema.safeParse(value).error?.issues.map(({ path }) => path.join('.')) ?? [];

describe('a payment confirmation', () => {
  test('may name its workspace again in the order', () => {
    expect(faultsIn(recordPaymentConfirmation, confirmation)).toEqual([]);
    const inUpperCase = { ...confirmation, order: { workspaceId: ID.toUpperCase(), orderKey: 'order-1' } };
    expect(faultsIn(recordPaymentConfirmation, inUpperCase)).toEqual([]);
  });

  test('is refused when its order is that of another workspace', () => {
    const other = { ...confirmation, order: { workspaceId: OTHER_ID, orderKey: 'order-1' } };
    expect(faultsIn(recordPaymentConfirmation, other)).toEqual(['order.workspaceId']);
  });
});

describe('texts', () => {
  const HALVES = ['Maria \ud800', '\udc00Maria', 'Ma\udc00\ud800ria'];
  const texts: readonly [string, z.ZodType, (text: string) => unknown][] = [
    ['name', registerWorkspace, (name) => ({ ...workspace, name })],
    ['plan', quoteRequest, (plan) => ({ workspaceId: ID, plan, seats: 1, periodMonths: 6 })],
    ['taxpayer.taxId', placeOrder, (taxId) => ({ ...order, taxpayer: { taxId, name: 'Ana' } })],
    ['taxpayer.name', placeOrder, (name) => ({ ...order, taxpayer: { taxId: '1', name } })],
    ['taxpayer.address', placeOrder, (address) => ({ ...order, taxpayer: { taxId: '1', name: 'Ana', address } })],
    ['invoiceDetails.companyName', placeOrder, (companyName) => ({ ...order, invoiceDetails: { companyName } })],
    ['invoiceDetails.address', placeOrder, (address) => ({ ...order, invoiceDetails: { address } })],
    ['reference', recordPaymentConfirmation, (reference) => ({ ...confirmation, reference })],
    ['reference', recordPaymentConfirmation, (reference) => ({ provider: 'sandbox', workspaceId: ID, reference })],
  ];
  test.each(texts)('%s takes whole characters only', (field, schema, withText) => {
    for (const text of HALVES) expect(faultsIn(schema, withText(text))).toEqual([field]);
    expect(faultsIn(schema, withText('Maria 😀 São'))).toEqual([]);
  });
});

describe('ids', () => {
  test('are read in lower case', () => {
    expect(registerWorkspace.parse({ ...workspace, id: ID.toUpperCase() }).id).toBe(ID);
    const parsed = placeOrder.parse({ ...order, workspaceId: ID.toUpperCase(), quoteId: OTHER_ID.toUpperCase() });
    expect(parsed).toMatchObject({ workspaceId: ID, quoteId: OTHER_ID });
    const paid = { ...confirmation, order: { orderId: OTHER_ID.toUpperCase() } };
    expect(recordPaymentConfirmation.parse(paid)).toMatchObject({ order: { orderId: OTHER_ID } });
  });
});

describe('time zones', () => {
  const faults = (timeZone: string): readonly string[] => faultsIn(registerWorkspace, { ...workspace, timeZone });

  test.each([
    'UTC',
    'America/Sao_Paulo',
    'America/Argentina/Buenos_Aires',
    'America/Port-au-Prince',
    'Antarctica/DumontDUrville',
    'Asia/Ust-Nera',
    'Etc/GMT+5',
  ])('%s is one', (timeZone) => {
    expect(faults(timeZone)).toEqual([]);
  });

  test.each(['CAT', 'IST', 'BST', 'CST', 'CET', 'EET', 'MET', 'WET', 'EST', 'GMT', '+05:00', '-03', 'Mars/Olympus'])(
    '%s is none',
    (timeZone) => {
      expect(faults(timeZone)).toEqual(['timeZone']);
    },
  );

  test('every name that the runtime lists is one', () => {
    const refused = Intl.supportedValuesOf('timeZone').filter((timeZone) => faults(timeZone).length > 0);
    expect(refused).toEqual([]);
  });
});
