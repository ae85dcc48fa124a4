import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import type { CheckedSeats } from '../../apps/cli/src/commands/seats.js';
import { seatsEngine } from '../../apps/cli/src/seats-engine.js';
import { subscriptions } from '@billfleet/store';
import { call } from '../support/customer.js';
import type { Customer } from '../support/customer.js';
import { inEveryMode } from '../support/journey.js';
import { checkSeats, hostGives, listed, many, member, reportAll, reportOne, seatsOf } from '../support/members.js';
import { until } from '../support/until.js';

const DAY_MS = 86_400_000;

/** Takes seats back, as support does. */
const reduce = (customer: Customer, body: Readonly<Record<string, unknown>>, key = randomUUID()) => {
  const path = `/v1/workspaces/${customer.id}/seat-reductions`;
  return call(customer.fleet, 'POST', path, { body: { reason: 'fewer people', refund: 'none', ...body }, key });
};

inEveryMode('members of a workspace', (given) => {
  /** Advanced, 5 seats, 6 months from 5 October 2026: 105,000 cents. */
  async function subscribed(): Promise<Customer> {
    const customer = await given.customer('US');
    await customer.order({ token: 'tok_visa' });
    await given.fleet.settle();
    return customer;
  }

  test('are kept as they are reported, once, and never more of them than seats', async () => {
    const customer = await subscribed();
    const first = await reportAll(customer, [...many(1, 3, 'active'), member(4, 'invited'), member(5, 'disabled')]);
    expect(first.status).toBe(200);
    expect(first.body).toMatchObject({ seats: 5, seatsInUse: 4, overCommitted: 0 });
    const again = await reportAll(customer, [...many(1, 3, 'active'), member(4, 'active')]);
    expect(again.body['results']).toEqual([
      ...[1, 2, 3].map((n) => ({ externalId: `user-${String(n)}`, outcome: 'unchanged' })),
      { externalId: 'user-4', outcome: 'changed' },
    ]);
    expect((await reportOne(customer, member(5, 'active'))).body).toMatchObject({ outcome: 'changed', seatsInUse: 5 });
    const refused = await reportOne(customer, member(6, 'invited'));
    expect(refused.status).toBe(409);
    expect(refused.body).toMatchObject({
      code: 'seats_in_use',
      found: '6 members in use for 5 seats',
      wanted: 'at most 5 members in use: disable 1 first, or have more seats',
      couldDisable: [5, 4, 3, 2, 1].map((n) => ({ externalId: `user-${String(n)}`, role: 'member', status: 'active' })),
    });
    expect((await reportOne(customer, member(1, 'invited'))).body).toMatchObject({ code: 'member_transition' });
    // One makes room for another within one change.
    const swap = await reportAll(customer, [member(6, 'invited'), member(1, 'disabled')]);
    expect(swap.body).toMatchObject({ seatsInUse: 5 });
    const page = await listed(customer, '?status=active&limit=2');
    expect(page.body['members']).toMatchObject([{ externalId: 'user-2' }, { externalId: 'user-3' }]);
    const next = await listed(customer, `?status=active&limit=2&after=${String(page.body['next'])}`);
    expect(next.body).toMatchObject({ members: [{ externalId: 'user-4' }, { externalId: 'user-5' }], next: null });
  });

  test('of whom two want the last seat at once leave one outside', async () => {
    const customer = await subscribed();
    await reportAll(customer, many(1, 4, 'active'));
    const answers = await Promise.all([5, 6, 7, 8].map((n) => reportOne(customer, member(n, 'active'))));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409]);
    expect(await seatsOf(customer)).toEqual([5, 5, 0]);
  });

  test('of whom an older report comes late stay as they are', async () => {
    const customer = await subscribed();
    await reportOne(customer, member(1, 'active', { changedAt: '2026-10-05T12:00:00Z' }));
    await reportOne(customer, member(1, 'disabled', { changedAt: '2026-10-05T12:00:02Z' }));
    const late = await reportOne(customer, member(1, 'active', { changedAt: '2026-10-05T12:00:01Z' }));
    expect(late.body).toMatchObject({ outcome: 'late', member: { status: 'disabled' }, seatsInUse: 0 });
  });

  test('keep fewer seats from being scheduled, and the next term from having too few', async () => {
    const customer = await subscribed();
    await reportAll(customer, many(1, 4, 'active'));
    const body = { workspaceId: customer.id, kind: 'scheduled-change', seats: 3 };
    const refused = await call(given.fleet, 'POST', '/v1/quotes', { body });
    expect(refused.status).toBe(422);
    expect(refused.body).toMatchObject({
      code: 'seats_in_use',
      found: '4 members in use for 3 seats',
      couldDisable: [{}, {}, {}, {}],
    });
    await reportAll(customer, many(3, 4, 'disabled'));
    const fewer = await customer.price({ kind: 'scheduled-change', seats: 3 });
    expect(fewer).toMatchObject({ atRenewal: { seats: 3 } });
    const schedule = (): ReturnType<typeof call> =>
      call(given.fleet, 'PUT', `/v1/workspaces/${customer.id}/scheduled-change`, { body: { quoteId: fewer['id'] } });
    await reportAll(customer, many(3, 4, 'active'));
    expect((await schedule()).body).toMatchObject({ code: 'seats_in_use', field: 'quoteId' });
    await reportAll(customer, many(3, 4, 'disabled'));
    expect((await schedule()).status).toBe(204);
    given.fleet.clock.advanceMs(175 * DAY_MS);
    const few = await customer.price({ kind: 'renewal' });
    expect(few).toMatchObject({ seats: 3, amountMinor: '63000' });
    await reportAll(customer, many(3, 4, 'active'));
    const key = randomUUID();
    const payment = { collection: 'provider', method: 'card' };
    const order = { workspaceId: customer.id, quoteId: few['id'], payment };
    const late = await call(given.fleet, 'POST', '/v1/orders', { body: order, key });
    expect([late.status, late.body['code']]).toEqual([409, 'seats_in_use']);
    expect(await customer.price({ kind: 'renewal' })).toMatchObject({ seats: 4, amountMinor: '84000' });
  });

  test('leave seats that support takes back at once, and never those in use', async () => {
    const customer = await subscribed();
    const { endsOn } = (await customer.entitlements()) ?? {};
    await reportAll(customer, many(1, 3, 'active'));
    expect((await reduce(customer, { seats: 2 })).body).toMatchObject({
      code: 'seats_in_use',
      couldDisable: [{}, {}, {}],
    });
    expect((await reduce(customer, { seats: 5 })).body).toMatchObject({ code: 'seats_out_of_range' });
    const key = randomUUID();
    const taken = await reduce(customer, { seats: 3 }, key);
    expect(taken.status).toBe(201);
    expect(taken.body).toMatchObject({ seatsBefore: 5, seats: 3, refundMinor: '0', refunds: [] });
    expect((await reduce(customer, { seats: 3 }, key)).body['id']).toBe(taken.body['id']);
    await given.fleet.settle();
    expect(await customer.entitlements()).toMatchObject({ seats: 3, endsOn });
    expect(await seatsOf(customer)).toEqual([3, 3, 0]);
    expect((await reportOne(customer, member(4, 'active'))).status).toBe(409);
    const story = await customer.story();
    expect(story).toMatchObject({
      told: ['advanced × 5', 'advanced × 3'],
      mails: ['receipt', 'seats_reduced'],
      dead: [],
    });
    expect(story.books).toEqual(['charge 105000 USD', 'sale 105000 USD']);
    const [noted] = await given.fleet.sql<{ action: string; reason: string }>(
      `select action, reason from ops_action where subject = $1 and action <> 'test-clock.attach'`,
      [`workspace ${customer.id}`],
    );
    expect(noted).toEqual({ action: 'seats.reduce', reason: 'fewer people' });
  });

  test('whose seats support takes back are not given more of them by what was planned before', async () => {
    const customer = await subscribed();
    const quote = await customer.price({ kind: 'scheduled-change', seats: 4 });
    const path = `/v1/workspaces/${customer.id}/scheduled-change`;
    expect((await call(given.fleet, 'PUT', path, { body: { quoteId: quote['id'] } })).status).toBe(204);
    expect((await reduce(customer, { seats: 3 })).status).toBe(201);
    await given.fleet.settle();
    const [planned] = await given.fleet.sql(`select scheduled from subscription where workspace_id = $1`, [
      customer.id,
    ]);
    expect(planned).toEqual({ scheduled: null });
  });

  test('leave seats whose rest goes back to the newest payments first', async () => {
    const customer = await subscribed();
    const added = await customer.price({ kind: 'add-seats', seats: 1 });
    await customer.order({ quote: added, token: 'tok_visa' });
    await given.fleet.settle();
    const stale = await customer.price({ kind: 'refund', seats: 1 });
    const quote = await customer.price({ kind: 'refund', seats: 3 });
    expect(quote).toMatchObject({ amountMinor: '-63000', seats: 3 });
    const seats = { seats: 3, refund: 'rest', quoteId: quote['id'] };
    expect((await reduce(customer, { ...seats, seats: 4 })).body).toMatchObject({ code: 'quote_seats_differ' });
    const taken = await reduce(customer, seats);
    expect(taken.body).toMatchObject({
      refundMinor: '63000',
      refunds: [{ amountMinor: '21000' }, { amountMinor: '42000' }],
    });
    expect((await reduce(customer, { ...seats, seats: 2 })).body).toMatchObject({ code: 'quote_used' });
    expect((await reduce(customer, { seats: 2, refund: 'rest', quoteId: stale['id'] })).body).toMatchObject({
      code: 'quote_outdated',
    });
    await given.fleet.settle();
    const story = await customer.story();
    expect(story).toMatchObject({
      // All that was paid for the added seat went back.
      orders: ['fulfilled', 'refunded'],
      mails: ['payment_refunded', 'payment_refunded', 'receipt', 'receipt', 'seats_reduced'],
      told: ['advanced × 5', 'advanced × 6', 'advanced × 3'],
      dead: [],
    });
    expect([...story.books].sort()).toEqual([
      ...['charge 105000 USD', 'charge 21000 USD', 'refund 21000 USD', 'refund 42000 USD'],
      ...['reversal 21000 USD', 'reversal 42000 USD', 'sale 105000 USD', 'sale 21000 USD'],
    ]);
    // What went back counts no longer as paid for the term: no later refund can reach for it.
    const facts = await subscriptions.findSubscriptionFacts(
      { query: (statement, values) => given.fleet.sql(statement, values) },
      [customer.id],
    );
    expect(facts.get(customer.id)?.terms).toMatchObject([{ paidMinor: '63000' }]);
    // A second time: nothing is given back that went back already, and one payment is used in two parts.
    const again = await customer.price({ kind: 'refund', seats: 1 });
    expect(again).toMatchObject({ amountMinor: '-21000' });
    await reduce(customer, { seats: 2, refund: 'rest', quoteId: again['id'] });
    await given.fleet.settle();
    expect((await customer.story()).books.filter((line) => line.startsWith('refund'))).toHaveLength(3);
    expect(await customer.entitlements()).toMatchObject({ seats: 2 });
  });

  test('are too many once a term with fewer seats begins: nobody is disabled, and nobody new comes in', async () => {
    const customer = await subscribed();
    const fewer = await customer.price({ kind: 'scheduled-change', seats: 3 });
    await call(given.fleet, 'PUT', `/v1/workspaces/${customer.id}/scheduled-change`, {
      body: { quoteId: fewer['id'] },
    });
    given.fleet.clock.advanceMs(175 * DAY_MS);
    await customer.order({ quote: await customer.price({ kind: 'renewal' }), token: 'tok_visa' });
    await given.fleet.settle();
    // The present term still has five seats.
    expect((await reportAll(customer, many(1, 5, 'active'))).status).toBe(200);
    given.fleet.clock.advanceMs(10 * DAY_MS);
    await until('the next term has begun', () => seatsOf(customer), { isDone: ([seats]) => seats === 3 });
    expect(await seatsOf(customer)).toEqual([3, 5, 2]);
    expect((await reportOne(customer, member(6, 'invited'))).body).toMatchObject({ code: 'seats_in_use' });
    expect((await reportAll(customer, many(1, 5, 'active'))).status).toBe(200);
    expect((await reportAll(customer, many(4, 5, 'disabled'))).body).toMatchObject({ overCommitted: 0 });
  });
});

inEveryMode('seats that are paid for and seats that are given', (given) => {
  async function subscribed(): Promise<Customer> {
    const customer = await given.customer('US');
    await customer.order({ token: 'tok_visa' });
    await given.fleet.settle();
    return customer;
  }

  test('are the same, and a check says so', async () => {
    const customer = await subscribed();
    expect(await checkSeats(customer)).toMatchObject({
      outcome: 'matches',
      paid: { plan: 'advanced', seats: 5, seatsInUse: null },
      granted: { plan: 'advanced', seats: 5 },
      drifts: [],
    });
    expect((await customer.story()).told).toEqual(['advanced × 5']);
  });

  test('differ, are found, and the host product is told again', async () => {
    const customer = await subscribed();
    await hostGives(customer, { seats: 9, plan: 'pro' });
    expect(await checkSeats(customer, { repair: false })).toMatchObject({
      outcome: 'drift',
      drifts: [
        { what: 'plan', paid: 'advanced', granted: 'pro' },
        { what: 'seats', paid: '5', granted: '9' },
      ],
    });
    expect((await customer.story()).told).toEqual(['advanced × 5']);
    expect(await checkSeats(customer)).toMatchObject({ outcome: 'repaired', granted: { seats: 5 }, drifts: [] });
    expect((await customer.story()).told).toEqual(['advanced × 5', 'advanced × 5']);
  });

  test('are checked from the command line, page by page', async () => {
    const [one, other] = [await subscribed(), await subscribed()];
    await hostGives(other, { seats: 6 });
    const run = async (wish: { workspaceId?: string; repair: boolean }) => {
      const checked: CheckedSeats[] = [];
      for await (const page of seatsEngine(given.fleet.config, wish)) checked.push(...page);
      return new Map(checked.map((seen) => [seen.workspaceId, [seen.outcome, seen.waiting]]));
    };
    const first = await run({ repair: false });
    expect([first.get(one.id), first.get(other.id)]).toEqual([
      ['matches', false],
      ['drift', false],
    ]);
    expect(await run({ workspaceId: other.id, repair: true })).toEqual(new Map([[other.id, ['repaired', false]]]));
  });

  test('that go on differing are left for people, after one more call', async () => {
    const customer = await subscribed();
    await hostGives(customer, { seats: 9, members: 7, isStubborn: true });
    await reportAll(customer, many(1, 4, 'active'));
    expect(await checkSeats(customer)).toMatchObject({
      outcome: 'drift',
      drifts: [
        { what: 'members', paid: '4 reported', granted: '7' },
        { what: 'seats', paid: '5', granted: '9' },
      ],
    });
    expect((await customer.story()).told).toEqual(['advanced × 5', 'advanced × 5']);
    await given.fleet.settle();
    await expect(given.fleet.audit()).rejects.toThrow(/L10/);
    await hostGives(customer, { seats: 5, members: 4 });
    expect(await checkSeats(customer)).toMatchObject({ outcome: 'repaired', drifts: [] });
  });

  test('are compared once a day without anybody asking', async () => {
    const customer = await subscribed();
    // The first look gives the subscription its time of the day.
    const due = (): Promise<{ at: Date | null }[]> =>
      given.fleet.sql(`select seats_check_at as at from subscription where workspace_id = $1`, [customer.id]);
    await until('it has its time', due, { isDone: ([row]) => (row?.at ?? null) !== null });
    await hostGives(customer, { seats: 4 });
    given.fleet.ownClock.advanceMs(DAY_MS);
    await until('it is repaired', async () => (await customer.story()).told.length === 2);
    await given.fleet.settle();
    const checked = await call(given.fleet, 'GET', `/v1/workspaces/${customer.id}/seat-check`);
    expect(checked.body).toMatchObject({ outcome: 'repaired', drifts: [] });
  });
});
