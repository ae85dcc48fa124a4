import { eventTypes } from '@billfleet/contracts';
import type { EventType } from '@billfleet/contracts';
import { expect, test } from '@jest/globals';
import { call } from '../support/customer.js';
import type { Answer, Customer } from '../support/customer.js';
import { inEveryMode } from '../support/journey.js';
import { payOnPage } from '../support/payer.js';
import { until } from '../support/until.js';

type Event = {
  readonly id: string;
  readonly type: EventType;
  readonly workspaceId: string;
  readonly sequence: number;
  readonly data: Readonly<Record<string, unknown>>;
  readonly delivery: { readonly status: string; readonly tries: number };
};

inEveryMode('events', (given) => {
  /** The events of a workspace in their order, as the API tells them; each holds what its type promises. */
  async function eventsOf({ id }: Customer, query = ''): Promise<readonly Event[]> {
    const answer = await call(given.fleet, 'GET', `/v1/events?workspaceId=${id}&afterSequence=0&limit=200${query}`);
    const events = answer.body['events'] as readonly Event[];
    for (const { type, data } of events) expect(eventTypes[type].data.strict().safeParse(data).error).toBeUndefined();
    return events;
  }

  const typesOf = async (customer: Customer): Promise<readonly string[]> =>
    (await eventsOf(customer)).map(({ type }) => type);

  /** What the host product heard, in the order in which it first heard of each. */
  async function heardOf({
    id,
  }: Customer): Promise<readonly (Pick<Event, 'id' | 'sequence'> & { duplicates: number })[]> {
    const reply = await given.fleet.atSandbox(`/host/events?workspaceId=${id}&limit=200`);
    return ((await reply.json()) as { events: (Event & { duplicates: number })[] }).events.toReversed();
  }

  async function expectHeardInOrder(customer: Customer): Promise<void> {
    const [emitted, heard] = [await eventsOf(customer), await heardOf(customer)];
    expect(heard.map(({ id }) => id)).toEqual(emitted.map(({ id }) => id));
    expect(emitted.map(({ sequence }) => sequence)).toEqual(emitted.map((_, index) => index + 1));
    expect(new Set(emitted.map(({ delivery }) => delivery.status))).toEqual(new Set(['delivered']));
  }

  const setMood = async ({ id: workspaceId }: Customer, status: number | null): Promise<void> => {
    const reply = await given.fleet.atSandbox('/host/moods', { workspaceId, status });
    expect(reply.status).toBe(204);
  };

  const BOUGHT = ['order.placed', 'order.paid', 'order.fulfilled', 'subscription.changed'] as const;
  const FIRST = [...BOUGHT, 'plan.changed', 'seats.changed', 'entitlements.changed', 'auto_renewal.changed'] as const;

  test('tell a purchase, a decline, added seats, an upgrade and a switch, each change once and in order', async () => {
    const customer = await given.customer('US');
    const first = await customer.order({ token: 'tok_visa' });
    await given.fleet.settle();
    expect(await typesOf(customer)).toEqual(FIRST);
    const [placed, paid, , changed, plan, seats, , renewal] = await eventsOf(customer);
    expect(placed?.data).toMatchObject({ orderId: first, kind: 'purchase', seats: 5, amountMinor: '105000' });
    expect(paid?.data).toMatchObject({ orderId: first, currency: 'USD', provider: 'sandbox' });
    expect(changed?.data).toMatchObject({ orderId: first, plan: 'advanced', seats: 5, status: 'active', version: 1 });
    expect(plan?.data).toEqual({ from: null, to: 'advanced' });
    expect(seats?.data).toEqual({ from: 0, to: 5 });
    expect(renewal?.data).toEqual({ isOn: true, by: 'payment' });

    const enlarge = async (token: string): Promise<string> =>
      customer.order({ quote: await customer.price({ kind: 'add-seats', seats: 2 }), token });
    const declined = await enlarge('tok_declined_stolen');
    await given.fleet.settle();
    await enlarge('tok_visa');
    await given.fleet.settle();
    await customer.order({ quote: await customer.price({ kind: 'upgrade', plan: 'pro' }), token: 'tok_visa' });
    await given.fleet.settle();
    const body = { on: false };
    await call(given.fleet, 'PUT', `/v1/workspaces/${customer.id}/auto-renewal`, { body });
    await call(given.fleet, 'PUT', `/v1/workspaces/${customer.id}/auto-renewal`, { body });
    await given.fleet.settle();
    const refused = (await eventsOf(customer)).find(({ type }) => type === 'payment.declined');
    expect(refused?.data).toMatchObject({ orderId: declined, reason: 'bank_refused', kind: 'add-seats' });
    expect((await typesOf(customer)).slice(FIRST.length)).toEqual([
      ...['order.placed', 'payment.declined', 'order.cancelled'],
      ...[...BOUGHT, 'seats.changed', 'entitlements.changed'],
      ...[...BOUGHT, 'plan.changed', 'entitlements.changed'],
      'auto_renewal.changed',
    ]);
    await expectHeardInOrder(customer);
    const state = await given.fleet.atSandbox(`/host/workspaces/${customer.id}`);
    expect(await state.json()).toMatchObject({ data: { plan: 'pro', seats: 7 } });
  });

  test('tell an order that was declined, replaced and paid all the same, and its refund', async () => {
    const customer = await given.customer('US');
    const late = await customer.order();
    const page = await customer.checkout(late);
    await given.fleet.settle();
    await given.fleet.stopWorker('order-worker');
    const kept = await customer.order();
    await payOnPage(page, {});
    await until('the late money is known', async () => (await customer.look(late)).status !== 'cancelled');
    await given.fleet.startWorker('order-worker');
    await customer.pay(kept, { card: '4000 0000 0000 9995', isRefused: true });
    await given.fleet.settle();
    const told = (await eventsOf(customer)).map(({ type, data }) => [type, data['orderId']]);
    expect(told.slice(0, 3)).toEqual([
      ['order.placed', late],
      ['order.cancelled', late],
      ['order.placed', kept],
    ]);
    expect(told.filter(([type]) => type === 'order.refunded')).toEqual([['order.refunded', late]]);
    await expectHeardInOrder(customer);
  });

  test('wait in order for a host product that is down, and nobody waits with them', async () => {
    const [waiting, other] = [await given.customer('US'), await given.customer('US')];
    await setMood(waiting, 503);
    const orderId = await waiting.order({ token: 'tok_visa' });
    await other.order({ token: 'tok_visa' });
    await until('the seats are there', async () => (await waiting.look(orderId)).status === 'fulfilled');
    await until('a try has failed', async () => (await eventsOf(waiting))[0]?.delivery.tries);
    await given.fleet.settle();
    expect(await heardOf(waiting)).toEqual([]);
    await expectHeardInOrder(other);
    const failed = await eventsOf(waiting, '&failed=true');
    expect(failed.map(({ sequence, delivery }) => [sequence, delivery.status])).toEqual([[1, 'owed']]);

    await setMood(waiting, null);
    given.fleet.ownClock.advanceMs(3_600_000);
    await until('all is told', async () => (await heardOf(waiting)).length === FIRST.length);
    await given.fleet.settle();
    await expectHeardInOrder(waiting);
  });

  test('are told again when an admin asks for it', async () => {
    const { id: strangersId } = await given.customer('US');
    given.fleet.crashAtCommit(0);
    const [publisher, stranger] = await Promise.all([
      given.fleet.addApiKey(['publish', 'read']),
      given.fleet.addApiKey(['admin'], strangersId),
    ]);
    const customer = await given.customer('US');
    await customer.order({ token: 'tok_visa' });
    await given.fleet.settle();
    const [first] = await eventsOf(customer);
    const path = `/v1/events/${first?.id ?? ''}`;
    const ask = (body: unknown, apiKey?: string): Promise<Answer> =>
      call(given.fleet, 'POST', `${path}/redeliver`, { body, ...(apiKey === undefined ? {} : { apiKey }) });
    const reason = { reason: 'the product lost its data' };
    expect((await ask(reason, publisher)).status).toBe(403);
    expect((await ask(reason, stranger)).body).toMatchObject({ status: 403, code: 'role_missing' });
    expect((await call(given.fleet, 'GET', path, { apiKey: stranger })).body).toMatchObject({ code: 'role_missing' });
    expect((await call(given.fleet, 'GET', path, { apiKey: publisher })).status).toBe(200);
    expect((await ask({})).body).toMatchObject({ status: 400, code: 'field_missing', field: 'reason' });
    const before = (await heardOf(customer))[0]?.duplicates ?? 0;
    expect(await ask(reason)).toMatchObject({ status: 202, body: { id: first?.id, href: path } });
    await until('it is heard again', async () => ((await heardOf(customer))[0]?.duplicates ?? 0) > before);
    await given.fleet.settle();
    const { deliveries } = (await call(given.fleet, 'GET', path)).body as { deliveries: { outcome: string }[] };
    expect(deliveries.length).toBeGreaterThanOrEqual(2);
    expect(new Set(deliveries.map(({ outcome }) => outcome))).toEqual(new Set(['delivered']));
    expect(await heardOf(customer)).toHaveLength(FIRST.length);
  });
});
