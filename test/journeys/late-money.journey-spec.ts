import { expect, test } from '@jest/globals';
import { inEveryMode } from '../support/journey.js';
import { until } from '../support/until.js';

const EIGHT_DAYS_MS = 8 * 86_400_000;

inEveryMode('money that comes late', (given) => {
  test('for an order that a newer one replaced goes back, and the newer one is sold', async () => {
    const customer = await given.customer('US');
    const old = await customer.order();
    const oldCheckout = await customer.checkout(old);
    await given.fleet.settle();
    // Nobody closes the old checkout at the provider yet, so its payer is faster.
    await given.fleet.stopWorker('order-worker');
    const newer = await customer.order({ quote: await customer.quote({ seats: 7 }) });
    expect((await customer.look(old)).status).toBe('cancelled');
    expect(oldCheckout).toBe(await customer.checkout(old));
    await customer.pay(old);
    await until('the late money went back', async () => (await customer.look(old)).status === 'refunded');
    await given.fleet.startWorker('order-worker');
    await customer.pay(newer);
    await given.fleet.settle();
    expect(await customer.story()).toEqual({
      orders: ['refunded', 'fulfilled'],
      attempts: ['succeeded', 'succeeded'],
      mails: ['payment_refunded', 'receipt'],
      told: ['advanced × 7'],
      books: ['charge 105000 USD', 'refund 105000 USD', 'charge 147000 USD', 'sale 147000 USD'],
      dead: [],
    });
  });

  test('for an order that was replaced finds its checkout closed, once the provider was told', async () => {
    const customer = await given.customer('US');
    const old = await customer.order();
    await customer.checkout(old);
    await given.fleet.settle();
    await customer.order();
    await given.fleet.settle();
    await expect(customer.pay(old)).rejects.toThrow('takes no payment any more');
    expect(await customer.story()).toMatchObject({
      orders: ['cancelled', 'awaiting_payment'],
      attempts: ['cancelled', 'pending'],
      mails: [],
      books: [],
    });
  });

  test('for an order whose time was over goes back; an unpaid one ends quietly', async () => {
    const payer = await given.customer('US');
    const paid = await payer.order();
    await payer.checkout(paid);
    const sleeper = await given.customer('MX');
    const unpaid = await sleeper.order();
    await sleeper.checkout(unpaid);
    await given.fleet.settle();
    await given.fleet.setFaults({ webhookDrop: 1 });
    await payer.pay(paid);
    await given.fleet.setFaults({});
    given.fleet.clock.advanceMs(EIGHT_DAYS_MS);
    await until('the late money went back', async () => (await payer.look(paid)).status === 'refunded');
    await until('the unpaid order ended', async () => (await sleeper.look(unpaid)).status === 'expired');
    await given.fleet.settle();
    expect(await payer.story()).toEqual({
      orders: ['refunded'],
      attempts: ['succeeded'],
      mails: ['order_expired', 'payment_refunded'],
      told: [],
      books: ['charge 105000 USD', 'refund 105000 USD'],
      dead: [],
    });
    expect(await sleeper.story()).toEqual({
      orders: ['expired'],
      attempts: ['expired'],
      mails: ['order_expired'],
      told: [],
      books: [],
      dead: [],
    });
    expect(await payer.entitlements()).toBeUndefined();
  });
});
