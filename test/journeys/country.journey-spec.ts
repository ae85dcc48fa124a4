import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { call, CPF } from '../support/customer.js';
import type { Answer, Customer } from '../support/customer.js';
import { inEveryMode } from '../support/journey.js';
import { until } from '../support/until.js';

const DAY_MS = 86_400_000;

inEveryMode('Country', (given) => {
  const move = ({ id }: Customer, country: string): Promise<Answer> =>
    call(given.fleet, 'PUT', `/v1/workspaces/${id}/country`, { body: { country, reason: 'moved its office' } });
  const order = (customer: Customer, quote: Answer['body'], how: Record<string, unknown>): Promise<Answer> => {
    const { more = {}, ...payment } = how as { more?: Record<string, unknown> };
    const body = { workspaceId: customer.id, quoteId: quote['id'], payment: { collection: 'provider', ...payment } };
    return call(given.fleet, 'POST', '/v1/orders', { body: { ...body, ...more }, key: randomUUID() });
  };

  test('changes only without a paid subscription or pending order, and brings currency and ways to pay along', async () => {
    const customer = await given.customer('US');
    expect((await move(customer, 'Brazil')).status).toBe(400);
    const before = await customer.quote();
    const unpaid = await customer.order({ quote: await customer.quote() });
    await customer.checkout(unpaid);
    expect((await move(customer, 'BR')).body).toMatchObject({
      ...{ status: 409, code: 'country_fixed', field: 'country' },
      found: '1 orders that wait to be paid or given',
    });
    const cancelling = { body: {}, key: randomUUID() };
    expect((await call(given.fleet, 'POST', `/v1/orders/${unpaid}/cancellation`, cancelling)).status).toBe(202);
    const moved = await move(customer, 'BR');
    expect([moved.status, moved.body['country'], moved.body['currency']]).toEqual([200, 'BR', 'BRL']);
    expect((await move(customer, 'BR')).status).toBe(200);
    // What was quoted in the other country is void, and its ways to pay are gone.
    const late = await order(customer, before, { method: 'card', more: { taxpayer: CPF } });
    expect(late.body).toMatchObject({ status: 409, code: 'quote_outdated' });
    const quote = await customer.quote();
    expect(quote).toMatchObject({ currency: 'BRL', amountMinor: '468000' });
    const paypal = await order(customer, quote, { method: 'paypal', more: { taxpayer: CPF } });
    expect(paypal.body).toMatchObject({ status: 422, code: 'method_not_available' });
    expect((await order(customer, quote, { method: 'pix' })).body).toMatchObject({ code: 'taxpayer_required' });
    const placed = await order(customer, quote, { method: 'pix', more: { taxpayer: CPF } });
    await customer.pay(String(placed.body['id']));
    await given.fleet.settle();
    expect(await customer.entitlements()).toMatchObject({ status: 'active', seats: 5 });
    expect((await customer.story()).books).toEqual(['charge 468000 BRL', 'sale 468000 BRL']);
    const actions = await given.fleet.sql(
      `select action, reason from ops_action where subject = $1 and action <> 'test-clock.attach'`,
      [`workspace ${customer.id}`],
    );
    expect(actions).toEqual([{ action: 'workspace.country', reason: 'moved its office' }]);
  });

  test('of a paid subscription stays until its term and its grace are over; the next purchase is in the new one', async () => {
    const customer = await given.customer('US');
    await customer.order({ token: 'tok_visa' });
    await given.fleet.settle();
    await call(given.fleet, 'PUT', `/v1/workspaces/${customer.id}/auto-renewal`, { body: { on: false } });
    const { endsOn } = (await customer.entitlements()) ?? {};
    expect((await move(customer, 'BR')).body).toMatchObject({
      code: 'country_fixed',
      found: `a subscription that is paid until ${String(endsOn)}, with 3 days of grace`,
    });
    const untilEndMs = Date.parse(`${String(endsOn)}T15:00:00Z`) - given.fleet.clock.now().getTime();
    given.fleet.clock.advanceMs(untilEndMs + DAY_MS);
    await until('it has ended', async () => (await customer.entitlements())?.['status'] === 'expired');
    expect((await move(customer, 'BR')).body).toMatchObject({ code: 'country_fixed' });
    given.fleet.clock.advanceMs(3 * DAY_MS);
    await until('the days of grace are over', async () => (await customer.entitlements())?.['access'] !== 'full');
    await given.fleet.settle();
    expect((await move(customer, 'BR')).status).toBe(200);
    const stored = await call(given.fleet, 'GET', `/v1/workspaces/${customer.id}/subscription`);
    expect(stored.body).toMatchObject({ paymentMethods: [] });
    const renewal = { workspaceId: customer.id, kind: 'renewal' };
    expect((await call(given.fleet, 'POST', '/v1/quotes', { body: renewal })).status).toBe(422);
    const placed = await order(customer, await customer.quote(), { method: 'pix', more: { taxpayer: CPF } });
    await customer.pay(String(placed.body['id']));
    await given.fleet.settle();
    expect(await customer.entitlements()).toMatchObject({ status: 'active', seats: 5, autoRenewal: false });
    expect((await customer.story()).books.slice(2)).toEqual(['charge 468000 BRL', 'sale 468000 BRL']);
  });

  test('and an order that are wanted at once leave an order in the currency of its workspace, or none', async () => {
    const customer = await given.customer('US');
    const quote = await customer.quote();
    const [moved, placed] = await Promise.all([move(customer, 'BR'), order(customer, quote, { method: 'card' })]);
    expect([[200, 409].join(), [409, 202].join()]).toContain([moved.status, placed.status].join());
    await given.fleet.settle();
    const rows = await given.fleet.sql<{ isSame: boolean }>(
      `select o.currency = w.currency as "isSame" from orders o join workspace w on w.id = o.workspace_id where w.id = $1`,
      [customer.id],
    );
    expect(rows.filter(({ isSame }) => !isSame)).toEqual([]);
  });
});
