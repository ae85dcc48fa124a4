import { expect, test } from '@jest/globals';
import type { RenewalImpact } from '@billfleet/domain';
import { loadCatalogue } from '@billfleet/billing';
import { impactEngine } from '../../apps/cli/src/impact-engine.js';
import { call } from '../support/customer.js';
import type { Answer, Customer } from '../support/customer.js';
import { inFleetTime } from '../support/journey.js';
import { until } from '../support/until.js';

const DAY_MS = 86_400_000;

inFleetTime('Price change', (given) => {
  const movePrices = ({ id }: Customer, priceListId: string | null, apiKey?: string): Promise<Answer> =>
    call(given.fleet, 'PUT', `/v1/workspaces/${id}/price-list`, {
      ...{ body: { priceListId, reason: 'the old prices end' } },
      ...(apiKey === undefined ? {} : { apiKey }),
    });

  /** What `catalog impact` says of the next renewal of a workspace when the list of everybody is 4 dearer a month. */
  async function impactOn(customer: Customer): Promise<RenewalImpact | undefined> {
    const present = loadCatalogue(given.fleet.config.cataloguePath);
    const raised = present.priceLists.map((list) => ({
      ...list,
      ...{ id: `${list.id}-raised`, validFrom: '2026-12-01' as typeof list.validFrom },
      monthlyPriceMinorBySeat: Object.fromEntries(
        Object.entries(list.monthlyPriceMinorBySeat).map(([plan, minor]) => [plan, minor + 400n]),
      ),
    }));
    const next = {
      ...present,
      priceLists: [...present.priceLists, ...raised.filter(({ id }) => id === 'general-2026-09-raised')],
    };
    for await (const page of impactEngine(given.fleet.config.databaseUrl, { present, next }, 100)) {
      const mine = page.find(({ workspaceId }) => workspaceId === customer.id);
      if (mine !== undefined) return mine;
    }
    return undefined;
  }

  test('leaves a subscription on its list, also when it renews, until staff move it', async () => {
    // Bought while the list before was valid, at 25 a month.
    given.fleet.clock.moveTo(new Date('2026-08-20T15:00:00Z'));
    const customer = await given.customer('US');
    await customer.order({ quote: await customer.quote(), token: 'tok_visa' });
    await given.fleet.settle();
    given.fleet.clock.moveTo(new Date('2026-10-05T15:00:00Z'));
    const fresh = await given.customer('US');
    expect(await fresh.quote()).toMatchObject({ priceListId: 'general-2026-09', amountMinor: '105000' });
    const seats = await customer.price({ kind: 'add-seats', seats: 1 });
    expect(seats).toMatchObject({ priceListId: 'general-before-2026-09' });
    // Before a newer list is published it is known what that means for those who are on older ones: nothing.
    expect(await impactOn(customer)).toMatchObject({ presentMinor: 75_000n, keptMinor: 75_000n });
    given.fleet.clock.moveTo(new Date('2027-02-17T15:00:00Z'));
    await until('it has renewed by itself', async () => (await customer.entitlements())?.['endsOn'] === '2027-08-20');
    await given.fleet.settle();
    expect((await customer.story()).books.slice(2)).toEqual(['charge 75000 USD', 'sale 75000 USD']);
    const apiKey = await given.fleet.addApiKey(['publish', 'read', 'admin'], customer.id);
    expect((await movePrices(customer, 'general-2026-09', apiKey)).body).toMatchObject({ code: 'role_missing' });
    expect((await movePrices(customer, 'brazil-2026-09')).body).toMatchObject({ code: 'price_list_missing' });
    expect((await movePrices(customer, 'general-2026-09')).status).toBe(204);
    const view = await call(given.fleet, 'GET', `/v1/workspaces/${customer.id}/subscription`);
    expect(view.body).toMatchObject({ priceListId: 'general-before-2026-09', nextPriceListId: 'general-2026-09' });
    // What is paid goes on at the old price; the next term is at the new one.
    expect(await customer.price({ kind: 'add-seats', seats: 1 })).toMatchObject({
      priceListId: 'general-before-2026-09',
    });
    expect(await impactOn(customer)).toMatchObject({ presentMinor: 105_000n, offered: { amountMinor: 117_000n } });
    given.fleet.clock.advanceMs(Date.parse('2027-08-17T15:00:00Z') - given.fleet.clock.now().getTime());
    await until('it has renewed again', async () => (await customer.entitlements())?.['endsOn'] === '2028-02-20');
    given.fleet.clock.advanceMs(4 * DAY_MS);
    await until('the new term has begun', async () => {
      const now = await call(given.fleet, 'GET', `/v1/workspaces/${customer.id}/subscription`);
      return now.body['priceListId'] === 'general-2026-09';
    });
    await given.fleet.settle();
    expect((await customer.story()).books.slice(4)).toEqual(['charge 105000 USD', 'sale 105000 USD']);
    const actions = await given.fleet.sql(`select action, reason from ops_action where subject = $1`, [
      `workspace ${customer.id}`,
    ]);
    expect(actions).toEqual([{ action: 'price-list.move', reason: 'the old prices end' }]);
  });
});
