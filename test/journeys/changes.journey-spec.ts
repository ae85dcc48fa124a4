import { expect, test } from '@jest/globals';
import type { Customer } from '../support/customer.js';
import { inEveryMode } from '../support/journey.js';
import { until } from '../support/until.js';

const DAY_MS = 86_400_000;

inEveryMode('a running subscription', (given) => {
  /** Advanced, 5 seats, 6 months from 5 October 2026: 105,000 cents. */
  async function subscribed(): Promise<Customer> {
    const customer = await given.customer('US');
    await customer.order({ token: 'tok_visa' });
    await given.fleet.settle();
    return customer;
  }

  test('Upgrade, added seats: gets added seats, then an upgrade, each prorated and applied once', async () => {
    const customer = await subscribed();
    const seats = await customer.price({ kind: 'add-seats', seats: 2 });
    expect(seats).toMatchObject({ amountMinor: '42000', seats: 7, plan: 'advanced', endsOn: '2027-04-05' });
    await customer.order({ quote: seats, token: 'tok_visa' });
    await given.fleet.settle();
    const upgrade = await customer.price({ kind: 'upgrade', plan: 'pro' });
    expect(upgrade).toMatchObject({ amountMinor: '42000', basis: { plan: 'advanced', seats: 7 } });
    await customer.order({ quote: upgrade, token: 'tok_visa' });
    await given.fleet.settle();
    expect(await customer.story()).toEqual({
      orders: ['fulfilled', 'fulfilled', 'fulfilled'],
      attempts: ['succeeded', 'succeeded', 'succeeded'],
      mails: ['receipt', 'receipt', 'receipt'],
      told: ['advanced × 5', 'advanced × 7', 'pro × 7'],
      books: [
        ...['charge 105000 USD', 'sale 105000 USD'],
        ...['charge 42000 USD', 'sale 42000 USD'],
        ...['charge 42000 USD', 'sale 42000 USD'],
      ],
      dead: [],
    });
    expect(await customer.entitlements()).toMatchObject({ plan: 'pro', seats: 7, endsOn: '2027-04-05' });
  });

  test('Upgrade, added seats: that is upgraded and enlarged at once gives one of two stale orders back', async () => {
    const customer = await subscribed();
    const seats = await customer.price({ kind: 'add-seats', seats: 2 });
    const upgrade = await customer.price({ kind: 'upgrade', plan: 'pro' });
    const [first, second] = [await customer.order({ quote: seats }), await customer.order({ quote: upgrade })];
    await customer.checkout(first);
    await customer.checkout(second);
    await given.fleet.settle();
    // Both are paid before either is given, so neither could be cancelled in time.
    await given.fleet.stopWorker('seat-worker');
    await customer.pay(first);
    await customer.pay(second);
    await until('both are paid', async () => {
      const seen = [await customer.look(first), await customer.look(second)];
      return seen.every(({ status }) => status === 'paid');
    });
    await given.fleet.startWorker('seat-worker');
    await given.fleet.settle();
    const { orders, mails, dead } = await customer.story();
    expect([...orders].sort()).toEqual(['fulfilled', 'fulfilled', 'refunded']);
    expect(mails).toEqual(['payment_refunded', 'receipt', 'receipt']);
    expect(dead).toEqual([]);
    const has = await customer.entitlements();
    expect([has?.['plan'], has?.['seats']]).toEqual(orders[1] === 'fulfilled' ? ['advanced', 7] : ['pro', 5]);
  });

  test('Extension: is extended while automatic renewal is off, from the end that is paid for', async () => {
    const customer = await given.customer('BR');
    await customer.pay(await customer.order({ method: 'pix' }));
    await given.fleet.settle();
    const extension = await customer.price({ kind: 'extension', periodMonths: 12 });
    expect(extension).toMatchObject({ startsOn: '2027-04-05', endsOn: '2028-04-05', amountMinor: '780000' });
    await customer.pay(await customer.order({ quote: extension, method: 'pix' }));
    await given.fleet.settle();
    expect(await customer.entitlements()).toMatchObject({ seats: 5, endsOn: '2028-04-05', autoRenewal: false });
    expect(await customer.story()).toMatchObject({ orders: ['fulfilled', 'fulfilled'], dead: [] });
  });

  test('AI credits and other add-ons: gets packages on top until their end', async () => {
    const customer = await subscribed();
    const before = await customer.entitlements();
    const packages = await customer.price({ kind: 'add-on', addOn: 'ai-credits-5000', packages: 2, termMonths: 3 });
    expect(packages).toMatchObject({ amountMinor: '15000', addOn: { packages: 2, endsOn: '2027-01-05' } });
    await customer.order({ quote: packages, token: 'tok_visa' });
    await given.fleet.settle();
    const limit = (one: typeof before): unknown =>
      (one?.['limits'] as Record<string, unknown> | undefined)?.['aiCredits'];
    expect(limit(before)).toEqual({ amount: 6_250 });
    expect(limit(await customer.entitlements())).toEqual({ amount: 16_250 });
    given.fleet.clock.advanceMs(100 * DAY_MS);
    await until('the packages have ended', async () => {
      return JSON.stringify(limit(await customer.entitlements())) === JSON.stringify({ amount: 6_250 });
    });
    await given.fleet.settle();
    expect((await customer.story()).told).toEqual(['advanced × 5', 'advanced × 5', 'advanced × 5']);
  });
});
