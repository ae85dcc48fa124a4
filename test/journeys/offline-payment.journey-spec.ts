import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { call } from '../support/customer.js';
import type { Answer, Customer } from '../support/customer.js';
import { inEveryMode } from '../support/journey.js';
import { payOnPage } from '../support/payer.js';
import { until } from '../support/until.js';

inEveryMode('Offline payment', (given) => {
  const proof = (): Record<string, string> => ({ kind: 'bank-transfer', reference: `SPEI ${randomUUID()}` });
  const paid = (over: Record<string, unknown> = {}): Record<string, unknown> => ({
    ...{ amountMinor: '1942500', currency: 'MXN', proof: proof(), paidAt: '2026-10-05T14:00:00Z' },
    ...{ reason: 'the partner sent the slip', partner: 'Socio Local' },
    ...over,
  });
  const record = (orderId: string, body: unknown, key: string = randomUUID()): Promise<Answer> =>
    call(given.fleet, 'POST', `/v1/orders/${orderId}/offline-payments`, { body, key });
  const methodsOf = async ({ id }: Customer): Promise<readonly string[]> => {
    const rows = await given.fleet.sql<{ line: string }>(
      `select template || ': ' || (facts -> 'method' ->> 'kind') as line from notification where workspace_id = $1 order by template`,
      [id],
    );
    return rows.map(({ line }) => line);
  };

  test('is sold at its own price, its open checkout is closed, and nothing renews by itself', async () => {
    const customer = await given.customer('MX');
    const orderId = await customer.order();
    const page = await customer.checkout(orderId);
    await given.fleet.settle();
    const [body, key] = [paid(), randomUUID()];
    expect([(await record(orderId, body, key)).status, (await record(orderId, body, key)).status]).toEqual([202, 202]);
    await given.fleet.settle();
    await expect(payOnPage(page)).rejects.toThrow('takes no payment any more');
    expect(await customer.story()).toEqual({
      orders: ['fulfilled'],
      attempts: ['cancelled', 'succeeded'],
      mails: ['receipt'],
      told: ['advanced × 5'],
      books: ['charge 105000 USD', 'sale 105000 USD'],
      dead: [],
    });
    expect(await methodsOf(customer)).toEqual(['receipt: offline']);
    expect(await customer.entitlements()).toMatchObject({ status: 'active', autoRenewal: false });
    const stored = await call(given.fleet, 'GET', `/v1/orders/${orderId}/offline-payment`);
    expect(stored.body).toMatchObject({ amountMinor: '1942500', currency: 'MXN', partner: 'Socio Local' });
    const actions = await given.fleet.sql<{ actor: string; reason: string }>(
      `select actor, reason from ops_action where action = 'order.pay-offline' and subject = $1`,
      [`order ${orderId}`],
    );
    expect(actions).toEqual([{ actor: 'key first key', reason: 'the partner sent the slip' }]);
  });

  test('and at the provider as well gives the second money back to the card', async () => {
    const customer = await given.customer('US');
    const orderId = await customer.order();
    const page = await customer.checkout(orderId);
    await given.fleet.settle();
    // Nobody closes the checkout at the provider yet, so its payer can still pay.
    await given.fleet.stopWorker('order-worker');
    expect((await record(orderId, paid())).status).toBe(202);
    await payOnPage(page);
    await until('the second money went back', async () => (await customer.mails()).includes('payment_refunded'));
    await given.fleet.startWorker('order-worker');
    await given.fleet.settle();
    const story = await customer.story();
    expect(story).toMatchObject({ orders: ['fulfilled'], mails: ['payment_refunded', 'receipt'], dead: [] });
    expect([...story.books].sort()).toEqual([
      ...['charge 105000 USD', 'charge 105000 USD', 'refund 105000 USD', 'sale 105000 USD'],
    ]);
    expect(await methodsOf(customer)).toEqual(['payment_refunded: card', 'receipt: offline']);
  });

  test('gives nothing back through the provider when seats go: whoever took the money does', async () => {
    const customer = await given.customer('MX');
    const orderId = await customer.order();
    expect((await record(orderId, paid())).status).toBe(202);
    await given.fleet.settle();
    const quote = await customer.price({ kind: 'refund', seats: 2 });
    const reduce = (body: Record<string, unknown>): Promise<Answer> =>
      call(given.fleet, 'POST', `/v1/workspaces/${customer.id}/seat-reductions`, {
        body: { seats: 3, reason: 'two people left', ...body },
        key: randomUUID(),
      });
    expect((await reduce({ refund: 'rest', quoteId: quote['id'] })).body).toMatchObject({ code: 'refund_not_covered' });
    expect((await reduce({ refund: 'none' })).status).toBe(201);
    await given.fleet.settle();
    expect(await customer.story()).toMatchObject({ books: ['charge 105000 USD', 'sale 105000 USD'], dead: [] });
  });

  test('by an upstream service that collects: its word is not waited for any more', async () => {
    const customer = await given.customer('US');
    const orderId = await customer.order({ isUpstream: true });
    expect((await record(orderId, paid({ partner: undefined }))).status).toBe(202);
    await given.fleet.settle();
    expect(await customer.story()).toMatchObject({
      ...{ orders: ['fulfilled'], attempts: ['cancelled', 'succeeded'], dead: [] },
    });
  });

  test('is refused when the proof, the sum, the time or the order does not allow it', async () => {
    const customer = await given.customer('US');
    const orderId = await customer.order();
    await given.fleet.settle();
    const refuse = async (body: unknown, status: number, code: string, id = orderId): Promise<void> => {
      expect((await record(id, body)).body).toMatchObject({ status, code });
    };
    await refuse(paid({ currency: 'USD', amountMinor: '104999' }), 422, 'amount_differs');
    await refuse(paid({ paidAt: '2030-01-01T00:00:00Z' }), 422, 'paid_in_future');
    await refuse(paid({ currency: 'ABC' }), 400, 'field_invalid');
    await refuse(paid(), 404, 'not_found', randomUUID());
    const used = paid({ currency: 'USD', amountMinor: '105000' });
    expect((await record(orderId, used)).status).toBe(202);
    await refuse(paid(), 409, 'order_not_payable');
    const other = await given.customer('US');
    const otherId = await other.order();
    const { reference } = used['proof'] as { reference: string };
    const shouted = { kind: 'receipt', reference: ` ${reference.toUpperCase()} ` };
    await refuse(paid({ proof: shouted }), 409, 'proof_used', otherId);
    // The same reference of another partner is another payment.
    expect((await record(otherId, paid({ proof: shouted, partner: 'Somebody else' }))).status).toBe(202);
    await given.fleet.settle();
    expect(await other.story()).toMatchObject({ orders: ['fulfilled'], dead: [] });
  });

  test('waits for the outcome of a charge that is under way', async () => {
    const customer = await given.customer('US');
    const orderId = await customer.order({ token: 'tok_slow' });
    await given.fleet.settle();
    expect((await record(orderId, paid())).body).toMatchObject({ status: 409, code: 'charge_under_way' });
    given.fleet.ownClock.advanceMs(5_000);
    await until('the slow charge went through', async () => (await customer.look(orderId)).status === 'fulfilled');
    await given.fleet.settle();
    expect(await customer.story()).toMatchObject({ attempts: ['succeeded'], dead: [] });
  });
});
