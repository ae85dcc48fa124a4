import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { call } from '../support/customer.js';
import type { Answer, Customer } from '../support/customer.js';
import { inEveryMode, testInFleetTime } from '../support/journey.js';
import { until } from '../support/until.js';

const DAY_MS = 86_400_000;

inEveryMode('an admin', (given) => {
  const path = ({ id }: Customer, what: string): string => `/v1/workspaces/${id}/${what}`;
  const put = (customer: Customer, what: string, body: unknown): Promise<Answer> =>
    call(given.fleet, 'PUT', path(customer, what), { body });
  const subscription = async (customer: Customer): Promise<Answer['body']> =>
    (await call(given.fleet, 'GET', path(customer, 'subscription'))).body;

  const factsOf = async (customer: Customer, template: string): Promise<readonly unknown[]> =>
    (
      await given.fleet.sql<{ facts: unknown }>(
        `select facts from notification where workspace_id = $1 and template = $2 order by created_at, id`,
        [customer.id, template],
      )
    ).map(({ facts }) => facts);

  async function subscribed(): Promise<Customer> {
    const customer = await given.customer('US');
    await customer.order({ token: 'tok_visa' });
    await given.fleet.settle();
    return customer;
  }

  test('Auto-renewal, Extension: turns automatic renewal off and on, extends meanwhile, and pays with the stored method', async () => {
    const customer = await subscribed();
    expect(await subscription(customer)).toMatchObject({ autoRenewal: { on: true, by: 'payment' } });
    const wish = { workspaceId: customer.id, kind: 'extension', periodMonths: 6 };
    const refused = await call(given.fleet, 'POST', '/v1/quotes', { body: wish });
    expect(refused.body).toMatchObject({ status: 409, code: 'auto_renewal_on' });
    expect((await put(customer, 'auto-renewal', { on: false })).status).toBe(204);
    expect(await subscription(customer)).toMatchObject({ autoRenewal: { on: false } });
    const quote = await customer.price({ kind: 'extension', periodMonths: 6 });
    const payment = { collection: 'provider', method: 'card', stored: true };
    const body = { workspaceId: customer.id, quoteId: quote['id'], payment };
    expect((await call(given.fleet, 'POST', '/v1/orders', { body, key: randomUUID() })).status).toBe(202);
    await given.fleet.settle();
    expect(await subscription(customer)).toMatchObject({ endsOn: '2027-10-05', autoRenewal: { on: false } });
    expect((await put(customer, 'auto-renewal', { on: true })).status).toBe(204);
    expect((await put(customer, 'auto-renewal', { on: true })).status).toBe(204);
    expect(await subscription(customer)).toMatchObject({ autoRenewal: { on: true } });
    await given.fleet.settle();
    // Who did it, and what follows when; a switch that stood so already is no news.
    const by = { kind: 'key', name: expect.any(String) as unknown };
    const method = { kind: 'card', last4: '4242' };
    expect(await factsOf(customer, 'auto_renewal_switched')).toEqual([
      expect.objectContaining({ is: 'off', endsOn: '2027-04-05', by }),
      expect.objectContaining({ is: 'on', endsOn: '2027-10-05', chargesOn: '2027-10-02', method, by }),
    ]);
    expect(await customer.mails()).toEqual(['auto_renewal_switched', 'auto_renewal_switched', 'receipt', 'receipt']);
    expect(await factsOf(customer, 'receipt')).toEqual([
      expect.objectContaining({ bought: 'purchase', renewal: { is: 'on', chargesOn: '2027-04-02' } }),
      expect.objectContaining({ bought: 'extension', renewal: { is: 'off' } }),
    ]);
  });

  test('Auto-renewal: replaces the stored method without touching automatic renewal; a refused one changes nothing', async () => {
    const customer = await subscribed();
    await put(customer, 'auto-renewal', { on: false });
    const replace = async (token: string): Promise<unknown> => {
      const answer = await call(given.fleet, 'POST', path(customer, 'payment-methods'), {
        body: { token },
        key: randomUUID(),
      });
      await given.fleet.settle();
      return (await call(given.fleet, 'GET', String(answer.body['href']))).body['status'];
    };
    expect(await replace('tok_declined_stolen')).toBe('declined');
    expect(await replace('tok_mastercard')).toBe('stored');
    expect(await subscription(customer)).toMatchObject({
      autoRenewal: { on: false },
      paymentMethods: [{ method: 'card', brand: 'mastercard', last4: '4444' }],
    });
    const seats = await customer.price({ kind: 'add-seats', seats: 1 });
    await customer.order({ quote: seats, token: 'tok_visa' });
    await given.fleet.settle();
    // Paying with a method that is new to the subscription turns automatic renewal on again.
    expect(await subscription(customer)).toMatchObject({ seats: 6, autoRenewal: { on: true, by: 'payment' } });
    expect(await factsOf(customer, 'payment_method_replaced')).toEqual([
      expect.objectContaining({
        method: { kind: 'card', brand: 'mastercard', last4: '4444' },
        before: { kind: 'card', brand: 'visa', last4: '4242' },
      }),
    ]);
    expect(await factsOf(customer, 'receipt')).toEqual([
      expect.objectContaining({ bought: 'purchase' }),
      expect.objectContaining({
        bought: 'add-seats',
        seatsAdded: 1,
        renewal: { is: 'turned-on', chargesOn: '2027-04-02' },
      }),
    ]);
    expect(await customer.mails()).toEqual([
      ...['auto_renewal_switched', 'payment_method_replaced', 'receipt', 'receipt'],
    ]);
  });

  test('Downgrade, fewer seats, other period: plans fewer seats for the next term, takes it back, plans again, and the renewal uses it', async () => {
    const customer = await subscribed();
    const plan = async (): Promise<Answer> => {
      const quote = await customer.price({ kind: 'scheduled-change', seats: 3, plan: 'base' });
      expect(quote).toMatchObject({
        amountMinor: '0',
        lines: [],
        atRenewal: { on: '2027-04-05', amountMinor: '45000' },
      });
      return put(customer, 'scheduled-change', { quoteId: quote['id'] });
    };
    expect((await plan()).status).toBe(204);
    expect(await subscription(customer)).toMatchObject({ seats: 5, scheduled: { plan: 'base', seats: 3 } });
    expect((await call(given.fleet, 'DELETE', path(customer, 'scheduled-change'))).status).toBe(204);
    expect(await subscription(customer)).toMatchObject({ scheduled: null });
    expect((await plan()).status).toBe(204);
    // After the reminder, and before automatic renewal would charge the stored method.
    given.fleet.clock.advanceMs(175 * DAY_MS);
    const renewal = await customer.price({ kind: 'renewal' });
    expect(renewal).toMatchObject({ plan: 'base', seats: 3, amountMinor: '45000', startsOn: '2027-04-05' });
    await customer.order({ quote: renewal, token: 'tok_visa' });
    await given.fleet.settle();
    // The days that were paid before keep what was paid for them.
    expect(await customer.entitlements()).toMatchObject({ plan: 'advanced', seats: 5, endsOn: '2027-10-05' });
    const early = await call(given.fleet, 'POST', '/v1/quotes', {
      body: { workspaceId: customer.id, kind: 'add-seats', seats: 1 },
    });
    expect(early.body).toMatchObject({ status: 409, code: 'next_term_differs' });
    given.fleet.clock.advanceMs(8 * DAY_MS);
    await until('the new term has begun', async () => (await customer.entitlements())?.['seats'] === 3);
    await given.fleet.settle();
    expect(await subscription(customer)).toMatchObject({ plan: 'base', seats: 3, scheduled: null });
    expect((await customer.story()).told).toEqual(['advanced × 5', 'advanced × 5', 'base × 3']);
  });

  test('plans the next term only while it is not paid, so that no plan is lost', async () => {
    const { fleet } = given;
    const customer = await subscribed();
    fleet.clock.advanceMs(175 * DAY_MS);
    await fleet.settle();
    const quote = await customer.price({ kind: 'scheduled-change', seats: 3 });
    await fleet.stopWorker('seat-worker');
    const renewal = await customer.order({ quote: await customer.price({ kind: 'renewal' }), token: 'tok_visa' });
    await until('the renewal is paid', async () => (await customer.look(renewal)).status === 'paid');
    const early = await put(customer, 'scheduled-change', { quoteId: quote['id'] });
    expect(early.body).toMatchObject({ status: 409, code: 'renewal_in_progress' });
    await fleet.startWorker('seat-worker');
    await fleet.settle();
    const again = await customer.price({ kind: 'scheduled-change', seats: 3 });
    expect((await put(customer, 'scheduled-change', { quoteId: again['id'] })).status).toBe(204);
    expect(await subscription(customer)).toMatchObject({ scheduled: { seats: 3 } });
  });

  testInFleetTime(given, 'turns automatic renewal off before its charge was made, and nothing is charged', async () => {
    const { fleet } = given;
    const customer = await subscribed();
    const chargeAt = Date.parse(`${String((await customer.entitlements())?.['endsOn'])}T15:00:00Z`) - 3 * DAY_MS;
    // What others are charged before is over when the worker stops: a test clock would wait for it.
    fleet.clock.advanceMs(chargeAt - DAY_MS / 2 - fleet.clock.now().getTime());
    await fleet.settle();
    await fleet.stopWorker('order-worker');
    fleet.clock.advanceMs(DAY_MS / 2);
    await until('the charge is owed', async () => (await customer.story()).attempts.includes('submitting'));
    expect((await put(customer, 'auto-renewal', { on: false })).status).toBe(204);
    await fleet.startWorker('order-worker');
    await fleet.settle();
    expect(await customer.story()).toMatchObject({
      ...{ orders: ['fulfilled', 'awaiting_payment'], attempts: ['succeeded', 'cancelled'] },
      books: ['charge 105000 USD', 'sale 105000 USD'],
    });
  });
});

inEveryMode('a subscription that nobody renews', (given) => {
  test('End, Late renewal payment: ends on its last day, and is renewed from the old end within the days of grace, later from the payment', async () => {
    const [early, late] = [await given.customer('BR'), await given.customer('BR')];
    for (const customer of [early, late]) {
      await customer.pay(await customer.order({ method: 'pix' }));
      await given.fleet.settle();
    }
    given.fleet.clock.advanceMs(183 * DAY_MS);
    for (const customer of [early, late]) {
      await until('it has ended', async () => (await customer.entitlements())?.['status'] === 'expired');
    }
    const renew = async (customer: Customer): Promise<void> => {
      const quote = await customer.price({ kind: 'renewal' });
      await customer.pay(await customer.order({ quote, method: 'pix' }));
      await given.fleet.settle();
    };
    await renew(early);
    expect(await early.entitlements()).toMatchObject({ status: 'active', endsOn: '2027-10-05', seats: 5 });
    given.fleet.clock.advanceMs(10 * DAY_MS);
    await renew(late);
    expect(await late.entitlements()).toMatchObject({ status: 'active', startsOn: '2027-04-16', endsOn: '2027-10-16' });
  });

  test('is bought anew within the days of grace, and the renewal that was offered is taken back', async () => {
    const customer = await given.customer('BR');
    await customer.pay(await customer.order({ method: 'pix' }));
    await given.fleet.settle();
    given.fleet.clock.advanceMs(183 * DAY_MS);
    await given.fleet.settle();
    const renewal = await customer.order({ quote: await customer.price({ kind: 'renewal' }), method: 'pix' });
    await customer.pay(await customer.order({ method: 'card' }));
    await given.fleet.settle();
    expect((await customer.look(renewal)).status).toBe('cancelled');
    expect((await customer.story()).books).toHaveLength(4);
  });
});
