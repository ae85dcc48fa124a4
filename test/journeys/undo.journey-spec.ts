import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { call } from '../support/customer.js';
import type { Answer } from '../support/customer.js';
import { inEveryMode } from '../support/journey.js';

const DAY_MS = 86_400_000;

inEveryMode('Undo', (given) => {
  const undo = (orderId: string, more: { readonly key?: string; readonly apiKey?: string } = {}): Promise<Answer> =>
    call(given.fleet, 'POST', `/v1/orders/${orderId}/undo`, {
      body: { reason: 'a slip' },
      ...{ key: randomUUID(), ...more },
    });
  const canUndo = async (orderId: string): Promise<Answer['body']> =>
    (await call(given.fleet, 'GET', `/v1/orders/${orderId}/undo`)).body;

  test('an admin undoes an upgrade, then the purchase, on the day on which they were paid: all of it goes back, and nothing is left', async () => {
    const customer = await given.customer('US');
    const apiKey = await given.fleet.addApiKey(['publish', 'read'], customer.id);
    const purchaseId = await customer.order({ token: 'tok_visa' });
    await given.fleet.settle();
    const before = await customer.entitlements();
    const upgrade = await customer.price({ kind: 'upgrade', plan: 'pro' });
    const upgradeId = await customer.order({ quote: upgrade, token: 'tok_visa' });
    await given.fleet.settle();
    expect(await customer.entitlements()).toMatchObject({ plan: 'pro' });
    expect(await canUndo(upgradeId)).toMatchObject({ possible: true, refusal: null });
    expect((await undo(purchaseId, { apiKey })).body).toMatchObject({ status: 409, code: 'undo_built_on' });
    const key = randomUUID();
    const undone = await undo(upgradeId, { apiKey, key });
    expect(undone.body).toMatchObject({ possible: false, refunds: [{ amountMinor: upgrade['amountMinor'] }] });
    expect((await undo(upgradeId, { apiKey, key })).status).toBe(200);
    await given.fleet.settle();
    const { version: _, ...after } = (await customer.entitlements()) ?? {};
    expect({ ...before, version: 0 }).toEqual({ ...after, version: 0 });
    expect((await undo(purchaseId, { apiKey })).status).toBe(200);
    await given.fleet.settle();
    expect(await customer.entitlements()).toBeUndefined();
    const story = await customer.story();
    expect(story).toMatchObject({
      orders: ['refunded', 'refunded'],
      mails: ['payment_refunded', 'payment_refunded', 'receipt', 'receipt'],
      told: ['advanced × 5', 'pro × 5', 'advanced × 5', 'advanced × 0'],
      dead: [],
    });
    const rest = await given.fleet.sql(
      `select account from order_balance where order_id = any($1::uuid[]) and balance_minor <> 0`,
      [[purchaseId, upgradeId]],
    );
    expect(rest).toEqual([]);
  });

  test('is over with the day, and not for somebody else', async () => {
    const customer = await given.customer('US');
    const orderId = await customer.order({ token: 'tok_visa' });
    await given.fleet.settle();
    const other = await given.customer('US');
    const apiKey = await given.fleet.addApiKey(['publish', 'read'], other.id);
    expect((await undo(orderId, { apiKey })).body).toMatchObject({ status: 404, code: 'not_found' });
    given.fleet.clock.advanceMs(DAY_MS);
    await given.fleet.settle();
    expect((await undo(orderId)).body).toMatchObject({ status: 409, code: 'undo_day_over' });
    expect(await customer.entitlements()).toMatchObject({ plan: 'advanced', seats: 5 });
  });
});
