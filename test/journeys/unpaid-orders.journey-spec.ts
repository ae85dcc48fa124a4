import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { call } from '../support/customer.js';
import { inEveryMode } from '../support/journey.js';
import { payOnPage } from '../support/payer.js';
import { until } from '../support/until.js';

const HOUR_MS = 3_600_000;

inEveryMode('Pending order', (given) => {
  const post = async (path: string, body: unknown): Promise<number> =>
    (await call(given.fleet, 'POST', path, { body, key: randomUUID() })).status;

  test('is paid another way: the old checkout closes first, and the same order is sold once', async () => {
    const customer = await given.customer('BR');
    const orderId = await customer.order({ method: 'pix' });
    const pixPage = await customer.checkout(orderId);
    await given.fleet.settle();
    expect(await post(`/v1/orders/${orderId}/payments`, { method: 'card', installments: 3 })).toBe(202);
    const order = await until('the card page is there', () => customer.look(orderId), {
      isDone: ({ attempts }) => typeof attempts.at(-1)?.checkoutUrl === 'string' && attempts.length === 2,
    });
    expect(order.attempts.map(({ status }) => status)).toEqual(['cancelled', 'pending']);
    expect(order.attempts[1]?.checkoutUrl).not.toBe(pixPage);
    await given.fleet.settle();
    await customer.pay(orderId);
    await given.fleet.settle();
    expect(await customer.story()).toEqual({
      orders: ['fulfilled'],
      attempts: ['cancelled', 'succeeded'],
      mails: ['order_to_pay', 'receipt'],
      told: ['advanced × 5'],
      books: ['charge 468000 BRL', 'sale 468000 BRL'],
      dead: [],
    });
    expect(await customer.entitlements()).toMatchObject({ autoRenewal: true });
  });

  test('is paid once, when its payer is faster than the way that he changed to', async () => {
    const customer = await given.customer('US');
    const orderId = await customer.order({ method: 'paypal' });
    await customer.checkout(orderId);
    await given.fleet.settle();
    await given.fleet.stopWorker('order-worker');
    expect(await post(`/v1/orders/${orderId}/payments`, { method: 'card' })).toBe(202);
    await customer.pay(orderId);
    await until('the old way paid', async () => (await customer.look(orderId)).status === 'fulfilled');
    await given.fleet.startWorker('order-worker');
    await given.fleet.settle();
    expect(await customer.story()).toMatchObject({ attempts: ['succeeded'], mails: ['receipt'], dead: [] });
  });

  test('is paid with another card after a decline, on the same order', async () => {
    const customer = await given.customer('US');
    const orderId = await customer.order({ token: 'tok_declined_funds' });
    await given.fleet.settle();
    expect(await post(`/v1/orders/${orderId}/payments`, { method: 'card', token: 'tok_mastercard' })).toBe(202);
    await given.fleet.settle();
    expect(await customer.story()).toMatchObject({
      orders: ['fulfilled'],
      attempts: ['declined', 'succeeded'],
      mails: ['payment_declined', 'receipt'],
    });
  });

  test('gets another Pix code once the first is over, and is sold once by whichever of them is paid', async () => {
    const customer = await given.customer('BR');
    const orderId = await customer.order({ method: 'pix' });
    const oldPage = await customer.checkout(orderId);
    await customer.codeMailed();
    given.fleet.clock.advanceMs(25 * HOUR_MS);
    await given.fleet.settle();
    expect(await customer.story()).toMatchObject({ orders: ['awaiting_payment'], attempts: ['expired'] });
    const asked = await call(given.fleet, 'GET', `/v1/orders/${orderId}`);
    expect(asked.body).toMatchObject({ paying: { state: 'payable' }, again: null });
    expect(await post(`/v1/orders/${orderId}/payments`, { method: 'pix' })).toBe(202);
    await until(
      'the new code is there',
      async () => (await customer.look(orderId)).attempts.at(-1)?.status === 'pending',
    );
    await given.fleet.settle();
    const { attempts } = await customer.look(orderId);
    expect(attempts[1]?.pixCode).not.toBe(attempts[0]?.pixCode);
    // The bank lets the old one through; nobody can pay the new one any more.
    await given.fleet.setFaults({ pixLate: 1 });
    const paid = await fetch(oldPage, {
      method: 'POST',
      body: new URLSearchParams({ method: 'pix' }),
      redirect: 'manual',
    });
    expect(paid.status).toBe(303);
    await given.fleet.setFaults({});
    await until('it is sold', async () => (await customer.look(orderId)).status === 'fulfilled');
    await given.fleet.settle();
    await expect(customer.pay(orderId)).rejects.toThrow('takes no payment any more');
    expect(await customer.story()).toEqual({
      orders: ['fulfilled'],
      attempts: ['succeeded', 'cancelled'],
      mails: ['order_to_pay', 'order_to_pay', 'receipt'],
      told: ['advanced × 5'],
      books: ['charge 468000 BRL', 'sale 468000 BRL'],
      dead: [],
    });
  });

  test('is taken back by its customer, and money that comes all the same goes home', async () => {
    const customer = await given.customer('US');
    const orderId = await customer.order();
    await customer.checkout(orderId);
    await given.fleet.settle();
    await given.fleet.stopWorker('order-worker');
    expect(await post(`/v1/orders/${orderId}/cancellation`, {})).toBe(202);
    await customer.pay(orderId);
    await until('the money went back', async () => (await customer.look(orderId)).status === 'refunded');
    await given.fleet.startWorker('order-worker');
    await given.fleet.settle();
    expect(await customer.story()).toMatchObject({ orders: ['refunded'], mails: ['payment_refunded'], told: [] });
    expect(await post(`/v1/orders/${orderId}/cancellation`, {})).toBe(409);
    expect(await post(`/v1/orders/${orderId}/payments`, { method: 'card' })).toBe(409);
  });

  test('of two admins with the same button is one order, and money for the other one goes home', async () => {
    const customer = await given.customer('US');
    await customer.order({ token: 'tok_visa' });
    await given.fleet.settle();
    const quotes = [
      await customer.price({ kind: 'upgrade', plan: 'pro' }),
      await customer.price({ kind: 'upgrade', plan: 'pro' }),
    ];
    const ids = await Promise.all(quotes.map((quote) => customer.order({ quote })));
    await given.fleet.settle();
    const seen = await Promise.all(ids.map((id) => customer.look(id)));
    expect(seen.map(({ status }) => status).sort()).toEqual(['awaiting_payment', 'cancelled']);
    // Both go on to their pages at once: the one whose order was replaced finds it closed, if there was one.
    const pages = seen.flatMap(({ attempts }) => attempts.at(-1)?.checkoutUrl ?? []);
    const pays = await Promise.allSettled(pages.map((page) => payOnPage(page)));
    expect(pays.filter(({ status }) => status === 'fulfilled').length).toBe(1);
    await given.fleet.settle();
    const story = await customer.story();
    expect([...story.orders].sort()).toEqual(['cancelled', 'fulfilled', 'fulfilled']);
    expect(story.books.filter((line) => line.startsWith('charge'))).toEqual(['charge 105000 USD', 'charge 30000 USD']);
    expect(story.told).toEqual(['advanced × 5', 'pro × 5']);
  });
});
