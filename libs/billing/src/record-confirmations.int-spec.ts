import { randomUUID } from 'node:crypto';
import type { RecordPaymentConfirmation } from '@billfleet/contracts';
import { dataSourceOptions, Store, tenants } from '@billfleet/store';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DataSource } from 'typeorm';
import { RecordConfirmations } from './record-confirmations.js';
import type { Command } from './requests-once.js';

const source = new DataSource(
  dataSourceOptions({ url: process.env['DATABASE_URL'] ?? '', poolSize: 3, app: 'confirmations test' }),
);
const store = new Store(source, { leaseMs: 30_000 });
const confirmations = new RecordConfirmations(store, { booksAtOnce: false });
const [workspaceId, otherWorkspaceId] = [randomUUID(), randomUUID()];

const confirmation = (
  reference: string,
  changed: Partial<Extract<RecordPaymentConfirmation, { readonly provider: 'upstream' }>> = {},
): Command<RecordPaymentConfirmation> => ({
  input: {
    workspaceId,
    provider: 'upstream',
    reference,
    order: { workspaceId, orderKey: 'first-purchase' },
    amountMinor: '75000',
    currency: 'USD',
    paidAt: '2026-09-01T12:00:00Z',
    ...changed,
  },
  idempotencyKey: randomUUID(),
  source: 'http',
  actorWorkspaceId: null,
});

const owedFor = (reference: string): Promise<{ ref: string }[]> =>
  store.query(
    `select w.ref from work w join payment_notice n on n.id = w.ref where w.kind = 'notice.apply' and n.reference = $1`,
    [reference],
  );

beforeAll(async () => {
  await source.initialize();
  await store.transaction((tx) =>
    tenants.insertWorkspaces(
      tx,
      [workspaceId, otherWorkspaceId].map((id) => ({
        id,
        name: 'Acme',
        country: 'US',
        currency: 'USD',
        timeZone: 'America/New_York',
        locale: 'en',
        billingEmail: null,
        trialEndsOn: null,
      })),
    ),
  );
});
afterAll(() => source.destroy());

describe('a reference that was used before, under a new idempotency key', () => {
  test('leads to the first notice when the same payment is told again', async () => {
    const [first] = await confirmations.run([confirmation('again')]);
    const [again] = await confirmations.run([confirmation('again', { paidAt: '2026-09-01T12:00:00.000Z' })]);
    expect(first?.kind).toBe('accepted');
    expect(again).toEqual({ ...first, isReplay: false });
    expect(await owedFor('again')).toEqual([{ ref: first?.kind === 'accepted' ? first.ref : '' }]);
  });

  test.each([
    ['another amount', { amountMinor: '75001' }],
    ['another order', { order: { workspaceId, orderKey: 'second-purchase' } }],
    ['another day', { paidAt: '2026-09-02T12:00:00Z' }],
    ['another workspace', { workspaceId: otherWorkspaceId }],
  ])('is refused for %s', async (what, changed) => {
    await confirmations.run([confirmation(what)]);
    const [outcome] = await confirmations.run([confirmation(what, changed)]);
    expect(outcome).toMatchObject({
      kind: 'refused',
      problem: { status: 409, code: 'reference_used', field: 'reference', found: what },
    });
    expect(await owedFor(what)).toHaveLength(1);
  });

  test('is found out within one batch as well', async () => {
    const [first, again, other] = await confirmations.run([
      confirmation('batch'),
      confirmation('batch'),
      confirmation('batch', { amountMinor: '1' }),
    ]);
    expect(first?.kind).toBe('accepted');
    expect(again).toEqual(first);
    expect(other).toMatchObject({ kind: 'refused', problem: { code: 'reference_used' } });
    expect(await owedFor('batch')).toHaveLength(1);
  });
});
