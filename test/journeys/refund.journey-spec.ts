import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { call } from '../support/customer.js';
import type { Answer, Customer } from '../support/customer.js';
import { inEveryMode } from '../support/journey.js';
import { member, reportAll, reportOne } from '../support/members.js';

const DAY_MS = 86_400_000;

inEveryMode('Refund', (given) => {
  /** Advanced, 5 seats, 6 months: 105,000 cents. */
  async function subscribed(): Promise<Customer> {
    const customer = await given.customer('US');
    await customer.order({ token: 'tok_visa' });
    await given.fleet.settle();
    return customer;
  }

  const close = (customer: Customer, body: Record<string, unknown>, key: string = randomUUID()): Promise<Answer> =>
    call(given.fleet, 'POST', `/v1/workspaces/${customer.id}/closings`, {
      body: { reason: 'asked for by an admin', ...body },
      key,
    });
  const closeWithRest = (customer: Customer, quote: Answer['body'], key?: string): Promise<Answer> =>
    close(customer, { refund: 'rest', quoteId: quote['id'] }, key);
  const wish = (customer: Customer, body: Record<string, unknown>): Promise<Answer> =>
    call(given.fleet, 'POST', '/v1/quotes', { body: { workspaceId: customer.id, ...body } });
  const heard = async (customer: Customer): Promise<readonly string[]> => {
    const answer = await call(given.fleet, 'GET', `/v1/events?workspaceId=${customer.id}&limit=200`);
    const { events } = answer.body as { events: readonly { type: string }[] };
    return events.map(({ type }) => type);
  };

  test('of the whole rest: unused days go back to the original method, and the subscription is closed', async () => {
    const customer = await subscribed();
    await reportAll(customer, [member(1, 'active')]);
    const added = await customer.price({ kind: 'add-seats', seats: 1 });
    const addedId = await customer.order({ quote: added, token: 'tok_mastercard' });
    await given.fleet.settle();
    // After 10 of its 182 days: 172 days of 126,000 cents are left.
    given.fleet.clock.advanceMs(10 * DAY_MS);
    const { startsOn, endsOn } = (await customer.entitlements()) ?? {};
    const termDays = (Date.parse(String(endsOn)) - Date.parse(String(startsOn))) / DAY_MS;
    const quote = await customer.price({ kind: 'refund' });
    const restMinor = Math.round((126_000 * (termDays - 10)) / termDays);
    expect(quote).toMatchObject({ amountMinor: String(-restMinor), seats: 0 });
    const key = randomUUID();
    const closed = await closeWithRest(customer, quote, key);
    expect(closed.status).toBe(201);
    // The newest payment first: all of the added seat's money, the rest from the first purchase.
    expect(closed.body).toMatchObject({
      ...{ seatsBefore: 6, refundMinor: String(restMinor), reason: 'asked for by an admin' },
      refunds: [{ orderId: addedId, amountMinor: '21000' }, { amountMinor: String(restMinor - 21_000) }],
    });
    expect((await closeWithRest(customer, quote, key)).body['id']).toBe(closed.body['id']);
    await given.fleet.settle();
    const path = `/v1/workspaces/${customer.id}/closings/${String(closed.body['id'])}`;
    expect((await call(given.fleet, 'GET', path)).body).toMatchObject({
      refunds: [{ status: 'succeeded' }, { status: 'succeeded' }],
    });
    expect(await customer.entitlements()).toMatchObject({
      ...{ status: 'closed', seats: 0, autoRenewal: false, access: 'billing-only', endsOn, limits: { leads: 'none' } },
    });
    const story = await customer.story();
    expect(story).toMatchObject({
      // All that was paid for the added seat went back, of the first purchase only its rest.
      orders: ['fulfilled', 'refunded'],
      mails: ['payment_refunded', 'payment_refunded', 'receipt', 'receipt', 'subscription_closed'],
      told: ['advanced × 5', 'advanced × 6', 'advanced × 0'],
      dead: [],
    });
    expect(story.books.filter((line) => line.startsWith('re')).sort()).toEqual([
      ...['refund 21000 USD', `refund ${String(restMinor - 21_000)} USD`],
      ...['reversal 21000 USD', `reversal ${String(restMinor - 21_000)} USD`],
    ]);
    expect(await heard(customer)).toEqual(expect.arrayContaining(['subscription.closed', 'seats.changed']));
    const actions = await given.fleet.sql(
      `select action, reason from ops_action where subject = $1 and action <> 'test-clock.attach'`,
      [`workspace ${customer.id}`],
    );
    expect(actions).toEqual([{ action: 'subscription.close', reason: 'asked for by an admin' }]);
    // Who had a seat has none any more, and nobody comes in.
    expect((await reportOne(customer, member(2, 'active'))).body).toMatchObject({ code: 'seats_in_use' });
  });

  test('of the whole rest leaves nothing to buy, to renew or to pay, and late money goes home', async () => {
    const customer = await subscribed();
    const unpaid = await customer.order({ quote: await customer.price({ kind: 'upgrade', plan: 'pro' }) });
    await customer.checkout(unpaid);
    const before = await customer.quote();
    const quote = await customer.price({ kind: 'refund' });
    await given.fleet.settle();
    // Its payer is faster than the closing of the checkout.
    await given.fleet.stopWorker('order-worker');
    expect((await closeWithRest(customer, quote)).status).toBe(201);
    await customer.pay(unpaid);
    await given.fleet.startWorker('order-worker');
    await given.fleet.settle();
    expect(await customer.story()).toMatchObject({
      // On its first day the whole term is its rest.
      orders: ['refunded', 'refunded'],
      mails: ['payment_refunded', 'payment_refunded', 'receipt', 'subscription_closed'],
      dead: [],
    });
    expect((await closeWithRest(customer, quote)).body).toMatchObject({ status: 409, code: 'subscription_closed' });
    expect((await wish(customer, { kind: 'renewal' })).body).toMatchObject({ code: 'subscription_closed' });
    const payment = { collection: 'provider', method: 'card' };
    const body = { workspaceId: customer.id, quoteId: before['id'], payment };
    const again = await call(given.fleet, 'POST', '/v1/orders', { body, key: randomUUID() });
    expect(again.body).toMatchObject({ status: 409, code: 'subscription_closed' });
    const switched = await call(given.fleet, 'PUT', `/v1/workspaces/${customer.id}/auto-renewal`, {
      body: { on: true },
    });
    expect(switched.body).toMatchObject({ code: 'subscription_missing' });
    given.fleet.clock.advanceMs(200 * DAY_MS);
    await given.fleet.settle();
    expect((await customer.entitlements())?.['status']).toBe('closed');
    expect((await customer.mails()).filter((template) => template === 'renewal_reminder')).toEqual([]);
  });

  test('is for staff, needs its own quote, and a subscription may be closed without one', async () => {
    const customer = await subscribed();
    const apiKey = await given.fleet.addApiKey(['publish', 'read', 'admin'], customer.id);
    const path = `/v1/workspaces/${customer.id}/closings`;
    const body = { reason: 'mine', refund: 'none' };
    const own = await call(given.fleet, 'POST', path, { body, key: randomUUID(), apiKey });
    expect(own.body).toMatchObject({ status: 403, code: 'role_missing' });
    const some = await customer.price({ kind: 'refund', seats: 1 });
    expect((await closeWithRest(customer, some)).body).toMatchObject({ code: 'quote_seats_differ' });
    expect((await close(customer, { refund: 'rest' })).body).toMatchObject({ status: 400 });
    const nobody = await given.customer('US');
    expect((await close(nobody, { refund: 'none' })).body).toMatchObject({ code: 'subscription_missing' });
    const closed = await close(customer, { refund: 'none' });
    expect(closed.body).toMatchObject({ seatsBefore: 5, refundMinor: '0', refunds: [] });
    await given.fleet.settle();
    expect(await customer.story()).toMatchObject({ orders: ['fulfilled'], mails: ['receipt', 'subscription_closed'] });
  });
});
