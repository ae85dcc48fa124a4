import { expect, test } from '@jest/globals';
import { call } from '../support/customer.js';
import type { Customer } from '../support/customer.js';
import { inEveryMode } from '../support/journey.js';

type Seen = Readonly<Record<string, unknown>>;

inEveryMode('what the billing page reads', (given) => {
  const read = async (customer: Customer, what: string): Promise<Seen> =>
    (await call(given.fleet, 'GET', `/v1/workspaces/${customer.id}/${what}`)).body;

  test('the first screen and what is on sale, from a trial to a paid plan with a planned change', async () => {
    const customer = await given.customer('US', { trial: true });
    const before = await read(customer, 'billing');
    expect(before).toMatchObject({ status: 'trialing', subscription: null, next: null, extensionBar: 'not_bought' });
    const offers = (await read(customer, 'offers?seats=2')) as { plans: readonly Seen[]; addOns: readonly Seen[] };
    const advanced = offers.plans.find(({ id }) => id === 'advanced');
    expect(advanced).toMatchObject({ move: 'purchase', limits: { leads: { amount: 10_000 } } });
    expect(advanced?.['prices']).toContainEqual({
      ...{ periodMonths: 12, payMonths: 10, percentOff: 16 },
      ...{ termUnitMinor: '35000', fullUnitMinor: '42000', perMonthMinor: '2917' },
    });
    expect(offers.addOns[0]).toMatchObject({ bar: 'not_bought' });

    const quote = await customer.quote({ plan: 'advanced', seats: 5 });
    const stored = await call(given.fleet, 'GET', `/v1/quotes/${String(quote['id'])}`);
    const { detailsNeeded: _, ...priced } = quote;
    expect(stored.body).toEqual({ ...priced, orderId: null });
    const orderId = await customer.order({ quote, token: 'tok_visa' });
    await given.fleet.settle();
    const used = await call(given.fleet, 'GET', `/v1/quotes/${String(quote['id'])}`);
    expect(used.body).toMatchObject({ orderId });

    expect(await read(customer, 'billing')).toMatchObject({
      ...{ status: 'active', unpaid: [], extensionBar: 'auto_renewal_on', isApplying: false },
      subscription: { plan: 'advanced', planName: 'Advanced', seats: 5, periodMonths: 6 },
      method: { method: 'card', last4: '4242', expiresFirst: false },
      next: { isCharged: true, plan: 'advanced', seats: 5, periodMonths: 6, amountMinor: '105000', currency: 'USD' },
    });
    const moves = (await read(customer, 'offers')) as { plans: readonly Seen[] };
    expect(moves.plans.map(({ id, move }) => `${String(id)} ${String(move)}`)).toEqual([
      ...['base downgrade', 'advanced current', 'pro upgrade', 'enterprise on-request'],
    ]);
  });

  test('an unpaid order says what can be done about it, and nobody else’s is shown', async () => {
    const customer = await given.customer('US');
    const other = await given.customer('US');
    const orderId = await customer.order();
    await given.fleet.settle();
    const { unpaid } = (await read(customer, 'billing')) as { unpaid: readonly Seen[] };
    expect(unpaid).toEqual([expect.objectContaining({ id: orderId, state: 'ready', declined: null, nextTryAt: null })]);
    expect(await read(other, 'billing')).toMatchObject({ unpaid: [] });
    const apiKey = await given.fleet.addApiKey(['read', 'publish'], other.id);
    const foreign = await call(given.fleet, 'GET', `/v1/workspaces/${customer.id}/billing`, { apiKey });
    expect(foreign.status).toBe(404);
  });
});
