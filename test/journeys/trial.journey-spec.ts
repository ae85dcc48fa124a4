import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { call } from '../support/customer.js';
import type { Answer, Customer } from '../support/customer.js';
import { inEveryMode } from '../support/journey.js';

const DAY_MS = 86_400_000;

inEveryMode('Trial', (given) => {
  const dayAfter = (days: number): string =>
    new Date(given.fleet.clock.now().getTime() + days * DAY_MS).toISOString().slice(0, 10);
  const post = ({ id }: Customer, what: string, body: unknown): Promise<Answer> =>
    call(given.fleet, 'POST', `/v1/workspaces/${id}/${what}`, { body, key: randomUUID() });
  const spend = (customer: Customer, amount: number): Promise<Answer> =>
    post(customer, 'credits/spend', { amount, action: 'reply-suggestion' });

  test('of 14 days has limits of its own; days that are left are added once, at the first purchase', async () => {
    const customer = await given.customer('US', { trial: true });
    const trialEndsOn = dayAfter(14);
    expect(await customer.entitlements()).toMatchObject({
      ...{ status: 'trialing', plan: null, seats: 1, endsOn: trialEndsOn },
      limits: { leads: 'unlimited', aiCredits: { amount: 1_800 }, activeAiAgents: { amount: 50 } },
      newRecordsAllowed: { leads: true },
    });
    expect((await spend(customer, 1_000)).body).toMatchObject({ left: 800 });
    // Packages need a paid plan.
    const addOn = { workspaceId: customer.id, kind: 'add-on', addOn: 'ai-credits-5000', termMonths: 3 };
    expect((await call(given.fleet, 'POST', '/v1/quotes', { body: addOn })).body).toMatchObject({
      code: 'subscription_missing',
    });
    given.fleet.clock.advanceMs(4 * DAY_MS);
    const today = dayAfter(0);
    const quote = await customer.quote({ plan: 'base', seats: 2 });
    await customer.order({ quote, token: 'tok_visa' });
    await given.fleet.settle();
    const paid = await customer.entitlements();
    expect(paid).toMatchObject({ status: 'active', plan: 'base', seats: 2, startsOn: today });
    // Six months from today, and the ten days that were left.
    const [year = 0, month = 1, day = 1] = today.split('-').map(Number);
    const endsOn = new Date(Date.UTC(year, month - 1 + 6, day) + 10 * DAY_MS).toISOString().slice(0, 10);
    expect(paid).toMatchObject({ endsOn, limits: { leads: { amount: 5_000 }, activeAiAgents: 'none' } });
    expect((await spend(customer, 100)).body).toMatchObject({ left: 1_400 });
    await call(given.fleet, 'PUT', `/v1/workspaces/${customer.id}/auto-renewal`, { body: { on: false } });
    const extension = await customer.price({ kind: 'extension', periodMonths: 6 });
    const end = new Date(`${endsOn}T00:00:00Z`);
    end.setUTCMonth(end.getUTCMonth() + 6);
    expect(extension).toMatchObject({ startsOn: endsOn, endsOn: end.toISOString().slice(0, 10) });
  });

  test('ends, takes nothing new from then on, and a later purchase gets no days of it', async () => {
    const trialEndsOn = new Date(given.fleet.clock.now().getTime() + 14 * DAY_MS).toISOString().slice(0, 10);
    const customer = await given.customer('US', { trialEndsOn });
    given.fleet.clock.advanceMs(13 * DAY_MS);
    expect((await customer.entitlements())?.['status']).toBe('trialing');
    given.fleet.clock.advanceMs(DAY_MS);
    const ended = await customer.entitlements();
    expect(ended).toMatchObject({ status: 'trial_ended', limits: { leads: 'none' } });
    expect(Object.values(ended?.['newRecordsAllowed'] as Record<string, boolean>)).not.toContain(true);
    expect((await spend(customer, 1)).body).toMatchObject({ code: 'subscription_ended' });
    const quote = await customer.quote();
    await customer.order({ quote, token: 'tok_visa' });
    await given.fleet.settle();
    expect(await customer.entitlements()).toMatchObject({ status: 'active', endsOn: quote['endsOn'] });
    expect((await customer.story()).told).toEqual(['advanced × 5']);
  });

  test('that is asked for again is the same, and one by its end may begin anywhere', async () => {
    const customer = await given.customer('US', { trial: true });
    const first = await customer.entitlements();
    given.fleet.clock.advanceMs(2 * DAY_MS);
    const body = {
      ...{ id: customer.id, name: 'Northwind Studio', country: 'US', billingEmail: customer.email },
      ...{ timeZone: 'America/New_York', locale: 'en', trial: true },
    };
    expect((await call(given.fleet, 'POST', '/v1/workspaces', { body })).status).toBe(200);
    expect((await customer.entitlements())?.['endsOn']).toBe(first?.['endsOn']);
    const both = { ...body, id: randomUUID(), trialEndsOn: dayAfter(3) };
    expect((await call(given.fleet, 'POST', '/v1/workspaces', { body: both })).status).toBe(400);
  });
});
