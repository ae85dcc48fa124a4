import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { call } from '../support/customer.js';
import type { Answer, Customer } from '../support/customer.js';
import { inEveryMode } from '../support/journey.js';
import { eventsInTime, linesOf, mailsInTime, OperatedClock, subscribedOn } from '../support/test-clock.js';
import { until } from '../support/until.js';

const DAY_MS = 86_400_000;
/** Pays on the page, and is declined whenever it is charged later. */
const EMPTY_LATER = '4000 0000 0000 0341';
/** Late in the morning of the last day of August, in New York. */
const STARTS_AT = '2027-08-31T15:00:00Z';

inEveryMode(
  'a workspace that has a time of its own',
  (given) => {
    const put = (customer: Customer, what: string, body: unknown): Promise<Answer> =>
      call(given.fleet, 'PUT', `/v1/workspaces/${customer.id}/${what}`, { body });

    test('is served at once when a change makes something due while its clock stands still', async () => {
      const clock = await OperatedClock.make(given.fleet, [], STARTS_AT);
      const customer = await subscribedOn(clock, await given.customer());
      await clock.advance('2028-02-22T15:00:00Z');
      expect((await customer.story()).orders).toEqual(['fulfilled']);
      await put(customer, 'auto-renewal', { on: false });
      // The reminder has said that it will be charged; now it has an order to pay by hand, on the very day.
      await until('it has a renewal order', async () => (await customer.story()).orders.includes('awaiting_payment'));
      await given.fleet.settle();
      expect((await eventsInTime(customer)).slice(-2)).toEqual([
        '2028-02-22 10:00 auto_renewal.changed',
        '2028-02-22 10:00 order.placed',
      ]);
      expect((await clock.look()).body).toMatchObject({
        status: 'ready',
        nowAt: '2028-02-22T15:00:00.000Z',
        workspaces: 1,
      });
    });

    test('closes a page in its own time, and the provider closes none', async () => {
      const clock = await OperatedClock.make(given.fleet, [], STARTS_AT);
      const customer = await given.customer('BR');
      await clock.put(customer);
      const orderId = await customer.order();
      await customer.checkout(orderId);
      const payment = { method: 'pix' };
      await call(given.fleet, 'POST', `/v1/orders/${orderId}/payments`, { body: payment, key: randomUUID() });
      await until('the code is there', async () => (await customer.look(orderId)).attempts.at(-1)?.pixCode ?? false);
      await given.fleet.settle();
      // The fleet and its provider get ten days older, which is nothing to somebody who stands on a clock.
      given.fleet.clock.advanceMs(10 * DAY_MS);
      await given.fleet.settle();
      expect(await customer.story()).toMatchObject({
        orders: ['awaiting_payment'],
        attempts: ['cancelled', 'pending'],
      });
      await clock.advance('2027-09-01T14:59:59Z');
      expect((await customer.story()).attempts).toEqual(['cancelled', 'pending']);
      await clock.advance('2027-09-01T15:00:01Z');
      expect(await customer.story()).toMatchObject({
        orders: ['awaiting_payment'],
        attempts: ['cancelled', 'expired'],
      });
      const card = { method: 'card', token: 'tok_visa' };
      await call(given.fleet, 'POST', `/v1/orders/${orderId}/payments`, { body: card, key: randomUUID() });
      await given.fleet.settle();
      expect(await customer.entitlements()).toMatchObject({
        status: 'active',
        startsOn: '2027-09-01',
        endsOn: '2028-03-01',
      });
      const { createdAt, statusAt, timeline } = (await customer.look(orderId)) as unknown as Record<string, string> & {
        timeline: readonly { to: string; at: string }[];
      };
      expect(createdAt).toBe('2027-08-31T15:00:00.000Z');
      expect(statusAt).toBe('2027-09-01T15:00:01.000Z');
      expect(new Date(timeline.at(-1)?.at ?? '').toISOString()).toBe(statusAt);
    });

    test('comes to the end of a breach, and what it reports is not from its future', async () => {
      const clock = await OperatedClock.make(given.fleet, [], STARTS_AT);
      const customer = await subscribedOn(clock, await given.customer());
      const report = (value: number, observedAt: string): Promise<Answer> => {
        const body = { meter: 'whatsappNumbers', value, observedAt };
        return call(given.fleet, 'POST', `/v1/workspaces/${customer.id}/usage`, { body, key: randomUUID() });
      };
      expect((await report(7, '2027-08-31T15:00:00Z')).body).toMatchObject({ percent: 100, newRecordsAllowed: true });
      expect((await report(7, '2027-08-31T15:06:00Z')).body).toMatchObject({ status: 422, code: 'observed_in_future' });
      await clock.advance('2027-09-01T14:59:59Z');
      expect(await customer.entitlements()).toMatchObject({ newRecordsAllowed: { whatsappNumbers: true } });
      await clock.advance('2027-09-01T15:00:00Z');
      expect(await customer.entitlements()).toMatchObject({ newRecordsAllowed: { whatsappNumbers: false } });
      expect((await eventsInTime(customer)).at(-1)).toBe('2027-09-01 11:00 usage.blocked');
      expect((await mailsInTime(customer)).at(-1)).toBe('2027-08-31 11:00 usage_limit_reached');
    });

    test('is answered in its time at every door', async () => {
      const clock = await OperatedClock.make(given.fleet, [], STARTS_AT);
      const [customer, broke] = [await given.customer(), await given.customer()];
      // Whoever is quoted is kept in mind, and is another one as soon as he stands on a clock.
      await customer.quote();
      for (const one of [customer, broke]) await clock.put(one);
      expect((await customer.quote())['expiresAt']).toBe('2027-08-31T15:30:00.000Z');
      await broke.pay(await broke.order(), { card: EMPTY_LATER });
      const post = (path: string, body: unknown): Promise<Answer> =>
        call(given.fleet, 'POST', path, { body, key: randomUUID() });
      const get = async (path: string): Promise<Answer['body']> =>
        (await call(given.fleet, 'GET', `/v1/workspaces/${customer.id}/${path}`)).body;
      const orderId = await customer.order();
      const payOffline = (paidAt: string): Promise<Answer> =>
        post(`/v1/orders/${orderId}/offline-payments`, {
          ...{ amountMinor: '105000', currency: 'USD', paidAt, reason: 'it came' },
          proof: { kind: 'receipt', reference: randomUUID() },
        });
      expect((await payOffline('2027-08-31T15:00:01Z')).body).toMatchObject({ code: 'paid_in_future' });
      expect((await payOffline('2027-08-31T15:00:00Z')).status).toBe(202);
      await given.fleet.settle();
      const [receipt] = await linesOf(
        customer,
        `select facts ->> 'paidAt' as line from notification where workspace_id = $1`,
      );
      expect(receipt).toBe('2027-08-31T15:00:00.000Z');
      const quote = await customer.price({ kind: 'scheduled-change', seats: 4 });
      await put(customer, 'scheduled-change', { quoteId: quote['id'] });
      expect(await get('subscription')).toMatchObject({ access: 'full', scheduled: { seats: 4 } });
      const { scheduled, autoRenewal } = (await get('subscription')) as Record<string, { at: string }>;
      for (const one of [scheduled, autoRenewal]) expect(Date.parse(one?.at ?? '')).toBe(Date.parse(STARTS_AT));
      const reduce = (): Promise<Answer> =>
        post(`/v1/workspaces/${customer.id}/seat-reductions`, { seats: 4, reason: 'one left', refund: 'none' });
      const reduced = await reduce();
      expect([reduced.status, reduced.body['createdAt']]).toEqual([201, '2027-08-31T15:00:00.000Z']);
      await clock.advance('2028-02-28T15:00:00Z');
      const asked = await post('/v1/renewal-reminders', { workspaceId: broke.id });
      await given.fleet.settle();
      const reminderId = String(asked.body['id']);
      const reminder = await call(given.fleet, 'GET', `/v1/renewal-reminders/${reminderId}`);
      expect(reminder.body).toMatchObject({ status: 'sent', outcome: 'will-be-charged' });
      const chargesOn = `select facts ->> 'chargesOn' as line from notification where workspace_id = $1 and dedupe_key = 'renewal_reminder:${reminderId}'`;
      expect(await linesOf(broke, chargesOn)).toEqual(['2028-02-28']);
      await clock.advance('2028-03-03T06:00:00Z');
      expect(await get('subscription')).toMatchObject({ status: 'expired', access: 'billing-only' });
      await post('/v1/seat-provisionings', { workspaceId: customer.id });
      await given.fleet.settle();
      const states = await call(given.fleet, 'GET', `/v1/events?workspaceId=${customer.id}&type=subscription.changed`);
      expect((states.body['events'] as readonly Answer['body'][])[0]).toMatchObject({
        ...{ occurredAt: '2028-03-03T06:00:00.000Z', data: { access: 'billing-only' } },
      });
      expect((await reduce()).body).toMatchObject({ code: 'subscription_ended' });
    });

    test('is not touched by time that goes by for everybody else, neither by what it is quoted', async () => {
      // Its clock is behind the fleet, so whatever is ever due for it is due by the fleet's time.
      const behind = await OperatedClock.make(given.fleet, [], '2026-09-10T15:00:00Z');
      const customer = await subscribedOn(behind, await given.customer());
      await customer.order({ quote: await customer.price({ kind: 'add-seats', seats: 2 }) });
      await call(given.fleet, 'GET', `/v1/workspaces/${customer.id}/credits`);
      const observedAt = '2026-09-10T15:00:00Z';
      const body = { meter: 'whatsappNumbers', value: 7, observedAt };
      await call(given.fleet, 'POST', `/v1/workspaces/${customer.id}/usage`, { body, key: randomUUID() });
      await given.fleet.settle();
      const seen = async (): Promise<unknown> => [
        await customer.story(),
        await customer.entitlements(),
        await eventsInTime(customer),
        (await customer.quote({ seats: 6 }))['expiresAt'],
      ];
      const before = await seen();
      expect(before).toMatchObject([
        { orders: ['fulfilled', 'awaiting_payment'] },
        { access: 'full' },
        {},
        '2026-09-10T15:30:00.000Z',
      ]);
      given.fleet.clock.advanceMs(400 * DAY_MS);
      // Every sweep has looked at what was due a year ago.
      const witness = await given.customer();
      await witness.order({ token: 'tok_visa' });
      await given.fleet.settle();
      given.fleet.clock.advanceMs(200 * DAY_MS);
      await until('the witness has expired', async () => (await witness.entitlements())?.['access'] === 'billing-only');
      await given.fleet.settle();
      expect(await seen()).toEqual(before);
      await behind.advance('2026-09-18T00:00:00Z');
      await given.fleet.settle();
      expect(await customer.story()).toMatchObject({
        orders: ['fulfilled', 'expired'],
        attempts: ['succeeded', 'expired'],
      });
      // Gateways keep what they priced before, and a clock moves without changing its workspaces.
      expect((await customer.quote({ seats: 6 }))['expiresAt']).toBe('2026-09-18T00:30:00.000Z');
      expect((await eventsInTime(customer)).slice(-3)).toEqual([
        ...[
          '2026-09-10 11:00 usage.threshold_reached',
          '2026-09-11 11:00 usage.blocked',
          '2026-09-17 11:00 order.expired',
        ],
      ]);
    });
  },
  { inFleetTime: true },
);
