import { expect, test } from '@jest/globals';
import { call, CNPJ } from '../support/customer.js';
import type { Answer, Customer } from '../support/customer.js';
import { inEveryMode } from '../support/journey.js';

/** The steps of a customer on the billing page, in their order, each test named after what it wants to do. */
inEveryMode('The product’s steps', (given) => {
  const get = async ({ id }: Customer, what: string): Promise<Answer['body']> =>
    (await call(given.fleet, 'GET', `/v1/workspaces/${id}/${what}`)).body;
  const price = (customer: Customer, body: Record<string, unknown>): Promise<Answer> =>
    call(given.fleet, 'POST', '/v1/quotes', { body: { workspaceId: customer.id, ...body } });
  const invoiceOf = async (orderId: string): Promise<unknown> =>
    (await given.fleet.sql<{ it: unknown }>(`select invoice_details as it from orders where id = $1`, [orderId]))[0]
      ?.it;
  const lines = (quote: Answer['body']): readonly unknown[] =>
    (quote['lines'] as readonly { description: { kind: string }; quantity: number; amountMinor: string }[]).map(
      ({ description, quantity, amountMinor }) => `${description.kind} × ${String(quantity)}: ${amountMinor}`,
    );

  /** Advanced, 5 seats, 6 months: 105,000 cents. */
  async function subscribed(): Promise<Customer> {
    const customer = await given.customer('US');
    await customer.order({ token: 'tok_visa' });
    await given.fleet.settle();
    return customer;
  }

  test('Purchase your first subscription: plan, period, seats, method, invoice details, payment', async () => {
    const customer = await given.customer('US');
    // 1 to 3: a plan, a period and seats. Six months is the shortest, longer ones have a discount, and the plan is for all seats.
    expect((await price(customer, { plan: 'advanced', seats: 5, periodMonths: 3 })).body).toMatchObject({
      ...{ status: 422, code: 'period_unknown' },
    });
    const prices = await Promise.all([6, 9, 12, 24].map((periodMonths) => customer.quote({ periodMonths })));
    expect(prices.map(({ amountMinor }) => amountMinor)).toEqual(['105000', '140000', '175000', '315000']);
    // 4: the method, and invoice details for those who want them; 5: the payment on the provider's page.
    const invoiceDetails = { companyName: 'Northwind Ltd', taxNumber: 'US-77' };
    const [quote] = prices;
    const orderId = await customer.order({ method: 'paypal', invoiceDetails, ...(quote && { quote }) });
    expect(await invoiceOf(orderId)).toEqual(invoiceDetails);
    expect(await customer.entitlements()).toBeUndefined();
    await customer.pay(orderId);
    await given.fleet.settle();
    expect(await customer.look(orderId)).toMatchObject({ status: 'fulfilled', amountMinor: '105000' });
    expect(await get(customer, 'subscription')).toMatchObject({
      ...{ status: 'active', plan: 'advanced', seats: 5, periodMonths: 6 },
      autoRenewal: { on: true, by: 'payment' },
      paymentMethods: [{ method: 'paypal' }],
    });
    expect((await customer.story()).mails).toEqual(['receipt']);
  });

  test('Purchase your first subscription, in Brazil: in parts by card, with taxpayer and invoice details; Pix never renews', async () => {
    const customer = await given.customer('BR');
    const quote = await customer.quote({ plan: 'base', seats: 2 });
    expect(quote).toMatchObject({ currency: 'BRL', amountMinor: '124800' });
    // Never more parts than the term has months.
    const parts = quote['installments'] as readonly { count: number }[];
    expect(parts.map(({ count }) => count)).toEqual([1, 2, 3, 4, 5, 6]);
    const invoiceDetails = { email: 'notas@padaria.example' };
    const orderId = await customer.order({ quote, method: 'card', installments: 3, taxpayer: CNPJ, invoiceDetails });
    expect(await invoiceOf(orderId)).toEqual(invoiceDetails);
    await customer.pay(orderId);
    await given.fleet.settle();
    expect(await customer.entitlements()).toMatchObject({ plan: 'base', seats: 2, autoRenewal: true });
    expect(await customer.look(orderId)).toMatchObject({ status: 'fulfilled', installments: 3 });
    const byPix = await given.customer('BR');
    await byPix.pay(await byPix.order({ method: 'pix' }));
    await given.fleet.settle();
    expect(await byPix.entitlements()).toMatchObject({ status: 'active', autoRenewal: false });
  });

  test('Upgrade your plan: a higher plan, the details, a method, payment; and added seats with it', async () => {
    const customer = await subscribed();
    const { endsOn } = (await customer.entitlements()) ?? {};
    // 1 and 2: another plan. A lower one is not bought but scheduled.
    expect((await price(customer, { kind: 'upgrade', plan: 'base' })).body).toMatchObject({ code: 'not_an_upgrade' });
    // 3: the details. The old seats are upgraded, then seats are added at the new plan, all for the rest of the term.
    const quote = await customer.price({ kind: 'upgrade-and-add-seats', plan: 'pro', seats: 2 });
    expect(lines(quote)).toEqual(['plan-upgrade × 5: 30000', 'added-seats × 2: 54000']);
    expect(quote).toMatchObject({ amountMinor: '84000', plan: 'pro', seats: 7, endsOn });
    // 4 and 5: the method and the payment; nothing changes before it is confirmed.
    const orderId = await customer.order({ quote });
    await customer.checkout(orderId);
    expect(await customer.entitlements()).toMatchObject({ plan: 'advanced', seats: 5 });
    await customer.pay(orderId);
    await given.fleet.settle();
    expect(await customer.entitlements()).toMatchObject({ plan: 'pro', seats: 7, endsOn });
    expect((await customer.story()).told).toEqual(['advanced × 5', 'pro × 7']);
  });

  test('Add seats to your current plan: a number, the details, a method, payment', async () => {
    const customer = await subscribed();
    // 1 to 3: how many on top, and what they cost for the rest of the term.
    const quote = await customer.price({ kind: 'add-seats', seats: 3 });
    expect(lines(quote)).toEqual(['added-seats × 3: 63000']);
    // 4 and 5: the stored method pays at once, without a page.
    const payment = { collection: 'provider', method: 'card', stored: true };
    const body = { workspaceId: customer.id, quoteId: quote['id'], payment };
    expect((await call(given.fleet, 'POST', '/v1/orders', { body, key: String(quote['id']) })).status).toBe(202);
    await given.fleet.settle();
    expect(await customer.entitlements()).toMatchObject({ seats: 8, limits: { leads: { amount: 40_000 } } });
  });

  test('Extend your subscription: a period, the details, a method, payment; only while automatic renewal is off', async () => {
    const customer = await subscribed();
    const { endsOn } = (await customer.entitlements()) ?? {};
    expect((await price(customer, { kind: 'extension', periodMonths: 12 })).body).toMatchObject({
      ...{ status: 409, code: 'auto_renewal_on' },
    });
    await call(given.fleet, 'PUT', `/v1/workspaces/${customer.id}/auto-renewal`, { body: { on: false } });
    // 1 to 3: a period, and its details: from the paid end on.
    const quote = await customer.price({ kind: 'extension', periodMonths: 12 });
    expect(quote).toMatchObject({ startsOn: endsOn, amountMinor: '175000', plan: 'advanced', seats: 5 });
    // 4 and 5: the method and the payment. A method that is new turns automatic renewal on again.
    await customer.pay(await customer.order({ quote }));
    await given.fleet.settle();
    expect(await customer.entitlements()).toMatchObject({ endsOn: quote['endsOn'], autoRenewal: true });
  });

  test('Verify the change: the order is paid, with its history, and what it bought is there at once', async () => {
    const customer = await subscribed();
    const quote = await customer.price({ kind: 'upgrade', plan: 'pro' });
    const orderId = await customer.order({ quote, token: 'tok_visa' });
    await given.fleet.settle();
    const order = (await call(given.fleet, 'GET', `/v1/orders/${orderId}`)).body;
    expect(order).toMatchObject({
      ...{ kind: 'upgrade', status: 'fulfilled', amountMinor: '30000', chargebacks: [] },
      timeline: [{ to: 'awaiting_payment' }, { to: 'paid' }, { to: 'fulfilled' }],
    });
    expect(await customer.entitlements()).toMatchObject({ plan: 'pro', limits: { activeAiAgents: { amount: 50 } } });
    const { meters } = (await get(customer, 'usage')) as { meters: readonly { meter: string; limit: unknown }[] };
    expect(meters.find(({ meter }) => meter === 'leads')).toMatchObject({ limit: { amount: 50_000 } });
  });

  test('Change the next term: a lower plan, another period, and the packages that go on, renewed together', async () => {
    const customer = await subscribed();
    const addOn = { kind: 'add-on', addOn: 'ai-credits-5000', packages: 1, termMonths: 6 };
    await customer.order({ quote: await customer.price(addOn), token: 'tok_visa' });
    await given.fleet.settle();
    const { endsOn } = (await customer.entitlements()) ?? {};
    const change = await customer.price({ kind: 'scheduled-change', plan: 'base', periodMonths: 12 });
    // Base at 25 for ten paid months and five seats, and twelve months of the package.
    expect(change).toMatchObject({ amountMinor: '0', atRenewal: { on: endsOn, plan: 'base', amountMinor: '155000' } });
    const path = `/v1/workspaces/${customer.id}/scheduled-change`;
    expect((await call(given.fleet, 'PUT', path, { body: { quoteId: change['id'] } })).status).toBe(204);
    given.fleet.clock.advanceMs(Date.parse(`${String(endsOn)}T15:00:00Z`) - given.fleet.clock.now().getTime());
    await given.fleet.settle();
    expect(await get(customer, 'subscription')).toMatchObject({
      ...{ status: 'active', plan: 'base', seats: 5, periodMonths: 12, scheduled: null },
    });
    expect(await customer.entitlements()).toMatchObject({ limits: { aiCredits: { amount: 8_750 } } });
  });
});
