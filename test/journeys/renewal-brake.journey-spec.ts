import { expect, test } from '@jest/globals';
import type { CivilDate } from '@billfleet/domain';
import { renewalsEngine } from '../../apps/cli/src/renewals-engine.js';
import type { Customer } from '../support/customer.js';
import { inFleetTime } from '../support/journey.js';
import { daysAfter, jumpTo, moveTo } from '../support/term.js';
import { until } from '../support/until.js';

const by = { actor: 'cli', reason: 'the provider is in trouble' };

inFleetTime('the brake of renewals', (given) => {
  async function subscribed(): Promise<Customer> {
    const customer = await given.customer();
    await customer.order({ token: 'tok_visa' });
    await given.fleet.settle();
    return customer;
  }
  const endOf = async (customer: Customer): Promise<string> => String((await customer.entitlements())?.['endsOn']);
  const charged = {
    ...{ orders: ['fulfilled', 'fulfilled'], attempts: ['succeeded', 'succeeded'], dead: [] },
    books: ['charge 105000 USD', 'sale 105000 USD', 'charge 105000 USD', 'sale 105000 USD'],
  };

  test('holds reminders, orders and charges of the whole fleet; after it each is done once, by the rule for what is late', async () => {
    const customer = await subscribed();
    const endsOn = await endOf(customer);
    const desk = await renewalsEngine(given.fleet.config);
    try {
      given.fleet.crashAtCommit(0);
      expect(await desk.pause({ scope: 'fleet' }, by)).toBe(true);
      await moveTo(given, endsOn, -9);
      await moveTo(given, endsOn, -3);
      await moveTo(given, endsOn, 1);
      expect(await customer.story()).toMatchObject({
        orders: ['fulfilled'],
        mails: ['receipt', 'subscription_expired'],
      });
      expect(await customer.entitlements()).toMatchObject({ status: 'expired', access: 'full' });
      const day = await desk.due(daysAfter(endsOn, 1) as CivilDate, given.fleet.clock.now());
      expect(day.pauses).toEqual([expect.objectContaining({ scope: 'fleet', ...by })]);
      expect(day.overdue).toBeGreaterThanOrEqual(1);
      expect(await desk.resume({ scope: 'fleet' }, by)).toBe(true);
      await given.fleet.settle();
      expect(await customer.story()).toMatchObject({
        ...charged,
        mails: ['receipt', 'receipt', 'subscription_expired'],
      });
      const terms = await given.fleet.sql(
        `select reminder, suppressed_for as "for", tries from renewal where workspace_id = $1`,
        [customer.id],
      );
      expect(terms).toEqual([{ reminder: 'suppressed', for: 'term-over', tries: 1 }]);
    } finally {
      await desk.resume({ scope: 'fleet' }, by);
      await desk.close();
    }
  });

  test('puts back what was owed before it, and is for one country where it says so', async () => {
    const customer = await subscribed();
    const endsOn = await endOf(customer);
    await moveTo(given, endsOn, -9);
    const desk = await renewalsEngine(given.fleet.config);
    try {
      given.fleet.crashAtCommit(0);
      await desk.pause({ scope: 'region', value: 'BR' }, by);
      await given.fleet.stopWorker('reminder-worker');
      jumpTo(given, endsOn, -3);
      const owed = `select 1 from work w join subscription s on s.id = w.ref where w.kind = 'renewal.decide' and s.workspace_id = $1`;
      await until('the look is owed', async () => (await given.fleet.sql(owed, [customer.id])).length === 1);
      given.fleet.crashAtCommit(0);
      await desk.pause({ scope: 'region', value: 'US' }, by);
      await given.fleet.startWorker('reminder-worker');
      await given.fleet.settle();
      expect((await customer.story()).attempts).toEqual(['succeeded']);
      await desk.resume({ scope: 'region', value: 'US' }, by);
      await desk.resume({ scope: 'region', value: 'BR' }, by);
      await given.fleet.settle();
      expect(await customer.story()).toMatchObject({ ...charged, mails: ['receipt', 'receipt', 'renewal_reminder'] });
    } finally {
      for (const value of ['US', 'BR']) await desk.resume({ scope: 'region', value }, by);
      await desk.close();
    }
  });
});
