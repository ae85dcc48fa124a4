import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { call } from '../support/customer.js';
import type { Answer, Customer } from '../support/customer.js';
import { inEveryMode } from '../support/journey.js';
import { until } from '../support/until.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

type Seen = Readonly<Record<string, unknown>>;

inEveryMode('the use of a workspace', (given) => {
  const nowIso = (agoMs = 0): string => new Date(given.fleet.clock.now().getTime() - agoMs).toISOString();
  const get = async (customer: Customer, what: string): Promise<Answer> =>
    call(given.fleet, 'GET', `/v1/workspaces/${customer.id}/${what}`);
  const seen = async (customer: Customer, what: string): Promise<Seen> => (await get(customer, what)).body;
  const post = (customer: Customer, what: string, body: Seen, key: string = randomUUID()): Promise<Answer> =>
    call(given.fleet, 'POST', `/v1/workspaces/${customer.id}/${what}`, { body, key });
  const report = async (customer: Customer, meter: string, body: Seen): Promise<Seen> =>
    (await post(customer, 'usage', { meter, observedAt: nowIso(), ...body })).body;
  const spend = (customer: Customer, amount: number, key?: string): Promise<Answer> =>
    post(customer, 'credits/spend', { amount, action: 'reply-suggestion' }, key);
  const meter = async (customer: Customer, name: string): Promise<Seen> => {
    const { meters } = (await seen(customer, 'usage')) as { meters: readonly Seen[] };
    return meters.find((one) => one['meter'] === name) ?? {};
  };
  /** What the host product heard of use and credits, oldest first. */
  const heard = async (customer: Customer): Promise<readonly string[]> => {
    const reply = await given.fleet.atSandbox(`/host/events?workspaceId=${customer.id}`);
    const { events } = (await reply.json()) as { events: readonly { type: string; data: Seen }[] };
    return events
      .toReversed()
      .filter(({ type }) => /^(usage|credits)\./.test(type))
      .map(({ type, data }) => [type, data['meter'], data['thresholdPercent']].filter(Boolean).join(' '))
      .sort();
  };
  /** The clock moves on to the next day of the month with this number, at noon in New York. */
  const moveToDay = (day: number): string => {
    const now = given.fleet.clock.now();
    const sameMonth = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), day, 16));
    const next = sameMonth > now ? sameMonth : new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, day, 16));
    given.fleet.clock.moveTo(next);
    return next.toISOString().slice(0, 10);
  };

  async function subscribed(plan = 'advanced', seats = 1): Promise<Customer> {
    const customer = await given.customer('US');
    await customer.order({ quote: await customer.quote({ plan, seats }), token: 'tok_visa' });
    await given.fleet.settle();
    return customer;
  }

  async function buy(customer: Customer, wish: Seen): Promise<void> {
    await customer.order({ quote: await customer.price(wish), token: 'tok_visa' });
    await given.fleet.settle();
  }

  test('AI credits and other add-ons: credits of plan and package are one pool that begins anew on the anchor day', async () => {
    moveToDay(15);
    const customer = await subscribed();
    expect(await seen(customer, 'credits')).toMatchObject({ balance: 1_250, granted: 1_250 });
    expect((await spend(customer, 1_000)).body).toMatchObject({ left: 250 });
    await buy(customer, { kind: 'add-on', addOn: 'ai-credits-5000', termMonths: 3 });
    expect(await seen(customer, 'credits')).toMatchObject({ balance: 5_250, granted: 6_250, spent: 1_000 });
    const key = randomUUID();
    const first = await spend(customer, 300, key);
    expect(first.body).toMatchObject({
      left: 4_950,
      takenFrom: [
        { source: 'plan', amount: 250 },
        { source: expect.stringMatching(/\/ai-credits-5000$/), amount: 50 },
      ],
    });
    expect((await spend(customer, 300, key)).body).toEqual({ ...first.body, isReplay: true });
    expect((await spend(customer, 301, key)).body).toMatchObject({ code: 'idempotency_key_reused' });
    const resetsOn = moveToDay(15);
    // Whoever looks first on the anchor day, the new month's credits are there before anything else.
    expect((await spend(customer, 1)).body).toMatchObject({ left: 6_249, takenFrom: [{ source: 'plan', amount: 1 }] });
    expect(await seen(customer, 'credits')).toMatchObject({ balance: 6_249, spent: 1, monthStartsOn: resetsOn });
    expect(await customer.entitlements()).toMatchObject({ plan: 'advanced', limits: { aiCredits: { amount: 6_250 } } });
    await given.fleet.settle();
    expect(await heard(customer)).toEqual([
      'credits.granted',
      'credits.granted',
      'usage.threshold_reached aiCredits 75',
    ]);
  });

  test('credits of a new month come and are told without anybody looking', async () => {
    moveToDay(15);
    const customer = await subscribed();
    await spend(customer, 10);
    moveToDay(15);
    await until('the month is told', async () => (await heard(customer)).length === 2);
    const [row] = await given.fleet.sql<{ balance: string }>(
      `select balance from credit_account where workspace_id = $1`,
      [customer.id],
    );
    expect(row?.balance).toBe('1250');
    expect(await seen(customer, 'credits')).toMatchObject({ balance: 1_250, spent: 0 });
  });

  test('the action in flight may overspend, no other; an added seat grants its credits at once', async () => {
    const customer = await subscribed();
    expect((await spend(customer, 1_249)).body).toMatchObject({ left: 1 });
    expect((await spend(customer, 100)).body).toMatchObject({ left: -99 });
    const refused = await spend(customer, 1);
    expect([refused.status, refused.body['code']]).toEqual([409, 'credits_exhausted']);
    expect(await customer.entitlements()).toMatchObject({ newRecordsAllowed: { aiCredits: false, leads: true } });
    await buy(customer, { kind: 'add-seats', seats: 1 });
    expect((await spend(customer, 1)).body).toMatchObject({ left: 1_150 });
    expect(await customer.entitlements()).toMatchObject({ newRecordsAllowed: { aiCredits: true } });
    await given.fleet.settle();
    expect(await heard(customer)).toEqual([
      'credits.granted',
      'usage.blocked aiCredits',
      'usage.threshold_reached aiCredits 100',
      'usage.threshold_reached aiCredits 90',
      'usage.unblocked aiCredits',
    ]);
    expect(await customer.mails()).toEqual(['receipt', 'receipt', 'usage_limit_reached', 'usage_warning']);
  });

  test('Limits: each threshold is told once for each time that the use comes to it', async () => {
    const customer = await subscribed();
    expect(await report(customer, 'leads', { value: 3_749 })).toMatchObject({ percent: 74, isCounted: true });
    given.fleet.clock.advanceMs(HOUR_MS);
    expect(await report(customer, 'leads', { value: 3_750 })).toMatchObject({ percent: 75, limit: { amount: 5_000 } });
    expect(await report(customer, 'leads', { value: 4_999, observedAt: nowIso(HOUR_MS) })).toMatchObject({
      used: 4_999 - 1_249,
      isCounted: false,
    });
    await report(customer, 'leads', { value: 4_400 });
    await report(customer, 'leads', { value: 3_000 });
    await report(customer, 'leads', { value: 3_800 });
    await report(customer, 'leads', { value: 4_600 });
    await given.fleet.settle();
    const warned = ['usage.threshold_reached leads 75', 'usage.threshold_reached leads 75'];
    expect(await heard(customer)).toEqual([...warned, 'usage.threshold_reached leads 90']);
    expect(await customer.mails()).toEqual(['receipt', 'usage_warning', 'usage_warning', 'usage_warning']);
  });

  test('Limits: a reached limit refuses new records after a day, and more seats lift it', async () => {
    const customer = await subscribed();
    const since = nowIso();
    await report(customer, 'whatsappNumbers', { value: 1 });
    given.fleet.clock.advanceMs(10 * DAY_MS);
    const full = await report(customer, 'whatsappNumbers', { value: 3 });
    expect(full).toMatchObject({ percent: 100, newRecordsAllowed: true });
    const breachEndsAt = nowIso(-DAY_MS);
    const before = await get(customer, 'entitlements');
    expect(before.body).toMatchObject({ newRecordsAllowed: { whatsappNumbers: true } });
    expect(await meter(customer, 'whatsappNumbers')).toMatchObject({ since, breachEndsAt, newRecordsAllowed: true });
    given.fleet.clock.advanceMs(DAY_MS);
    expect(await meter(customer, 'whatsappNumbers')).toMatchObject({ used: 3, newRecordsAllowed: false });
    const after = await get(customer, 'entitlements');
    expect(after.body).toMatchObject({
      limits: { whatsappNumbers: { amount: 3 } },
      newRecordsAllowed: { whatsappNumbers: false, instagramAccounts: true },
    });
    expect(after.headers.get('etag')).not.toBe(before.headers.get('etag'));
    await until('the block is told', async () => (await heard(customer)).includes('usage.blocked whatsappNumbers'));
    await buy(customer, { kind: 'add-seats', seats: 1 });
    expect(await meter(customer, 'whatsappNumbers')).toMatchObject({ percent: 75, newRecordsAllowed: true });
    expect(await customer.entitlements()).toMatchObject({ newRecordsAllowed: { whatsappNumbers: true } });
    expect(await heard(customer)).toEqual([
      'usage.blocked whatsappNumbers',
      'usage.threshold_reached whatsappNumbers 100',
      'usage.unblocked whatsappNumbers',
    ]);
    expect(await customer.mails()).toEqual(['receipt', 'receipt', 'usage_limit_reached']);
  });

  test('what resets is counted from nothing in each month, once for each key', async () => {
    moveToDay(15);
    const customer = await subscribed('pro');
    const key = randomUUID();
    const body = { meter: 'chatsApiRequests', change: 400, observedAt: nowIso() };
    expect((await post(customer, 'usage', body, key)).body).toMatchObject({ used: 400, isReplay: false });
    expect((await post(customer, 'usage', body, key)).body).toMatchObject({ used: 400, isReplay: true });
    expect((await report(customer, 'chatsApiRequests', { change: 1_000_000_000_000 }))['code']).toBe(
      'usage_out_of_range',
    );
    const lastMonth = nowIso();
    given.fleet.clock.advanceMs(10 * DAY_MS);
    expect(Number((await meter(customer, 'chatsApiRequests'))['projected'])).toBeGreaterThan(1_000);
    moveToDay(15);
    expect(await meter(customer, 'chatsApiRequests')).toMatchObject({ used: 0, percent: 0 });
    expect(await report(customer, 'chatsApiRequests', { change: 5, observedAt: lastMonth })).toMatchObject({
      used: 0,
      isCounted: false,
    });
    expect(await report(customer, 'chatsApiRequests', { change: 375 })).toMatchObject({ used: 375, percent: 75 });
    await given.fleet.settle();
    const told = 'usage.threshold_reached chatsApiRequests 75';
    expect((await heard(customer)).filter((one) => one.startsWith('usage'))).toEqual([told, told]);
  });

  test('Trial, Limits: a trial has limits and credits of its own until it ends', async () => {
    const today = given.fleet.clock.now();
    const trialEndsOn = new Date(today.getTime() + 5 * DAY_MS).toISOString().slice(0, 10);
    const customer = await given.customer('US', { trialEndsOn });
    expect(await customer.entitlements()).toMatchObject({
      ...{ status: 'trialing', plan: null, seats: 1, endsOn: trialEndsOn },
      limits: { leads: 'unlimited', aiCredits: { amount: 1_800 }, activeAiAgents: { amount: 50 } },
      newRecordsAllowed: { leads: true, activeAiAgents: true },
    });
    expect((await spend(customer, 1_000)).body).toMatchObject({ left: 800 });
    expect(await report(customer, 'activeAiAgents', { value: 40 })).toMatchObject({ percent: 80 });
    given.fleet.clock.advanceMs(6 * DAY_MS);
    const ended = await customer.entitlements();
    expect(ended).toMatchObject({ status: 'trial_ended', limits: { leads: 'none' } });
    expect(Object.values(ended?.['newRecordsAllowed'] as Seen)).not.toContain(true);
    expect((await spend(customer, 1)).body).toMatchObject({ code: 'subscription_ended' });
    expect(await seen(customer, 'credits')).toMatchObject({ balance: 0, sources: [] });
  });

  test('a package does not turn automatic renewal on, and nobody counts his own use', async () => {
    const customer = await given.customer('BR');
    await customer.pay(await customer.order({ method: 'pix' }));
    await given.fleet.settle();
    expect(await customer.entitlements()).toMatchObject({ autoRenewal: false });
    await buy(customer, { kind: 'add-on', addOn: 'ai-credits-5000', termMonths: 3 });
    expect(await customer.entitlements()).toMatchObject({
      autoRenewal: false,
      limits: { aiCredits: { amount: 11_250 } },
    });
    const apiKey = await given.fleet.addApiKey(['publish', 'read'], customer.id);
    const body = { meter: 'leads', value: 0, observedAt: nowIso() };
    const path = `/v1/workspaces/${customer.id}/usage`;
    const own = await call(given.fleet, 'POST', path, { body, key: randomUUID(), apiKey });
    expect([own.status, own.body['code']]).toEqual([403, 'role_missing']);
  });
});
