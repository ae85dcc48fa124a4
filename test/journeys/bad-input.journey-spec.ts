import { createHmac, randomUUID } from 'node:crypto';
import { hashSecret } from '@billfleet/billing';
import { signWebhook, webhookKey } from '@billfleet/payments';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { badOrders } from '../support/bad-orders.js';
import { badRequests, order, quote } from '../support/bad-requests.js';
import { badTestClocks } from '../support/bad-test-clocks.js';
import { badUsage } from '../support/bad-usage.js';
import type { Sent, World } from '../support/bad-requests.js';
import { call, Customer } from '../support/customer.js';
import { Fleet } from '../support/fleet.js';
import { until } from '../support/until.js';

jest.setTimeout(60_000);

let fleet: Fleet;
let world: World;

beforeAll(async () => {
  fleet = await Fleet.start();
  const [us, br] = [await Customer.register(fleet, 'US'), await Customer.register(fleet, 'BR')];
  const other = await Customer.register(fleet, 'US');
  const expired = await us.quote();
  fleet.clock.advanceMs(31 * 60_000);
  const used = await us.quote();
  await us.order({ quote: used });
  const [quote, brQuote] = [await us.quote(), await br.quote()];
  world = {
    us,
    br,
    quoteId: String(quote['id']),
    brQuoteId: String(brQuote['id']),
    usedQuoteId: String(used['id']),
    expiredQuoteId: String(expired['id']),
    apiKey: fleet.apiKey,
    readKey: await fleet.addApiKey(['read']),
    tenantKey: await fleet.addApiKey(['publish', 'read'], other.id),
  };
  await fleet.settle();
});
afterAll(async () => {
  await fleet.close();
});

async function send({ path, body, text, key = randomUUID(), apiKey, headers }: Sent): Promise<Response> {
  const given = apiKey === undefined ? fleet.apiKey : apiKey;
  return fetch(`http://127.0.0.1:${String(fleet.config.port)}${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(given === null ? {} : { authorization: `Bearer ${given}` }),
      ...(key === null ? {} : { 'idempotency-key': key }),
      ...headers,
    },
    body: text ?? JSON.stringify(body),
  });
}

/** How many rows each table has. */
async function rowCounts(): Promise<Record<string, number>> {
  const tables = await fleet.sql<{ name: string }>(
    `select table_name as name from information_schema.tables where table_schema = 'public' order by 1`,
  );
  const counts = await Promise.all(
    tables.map(async ({ name }): Promise<[string, number]> => {
      const [row] = await fleet.sql<{ n: number }>(`select count(*)::int as n from "${name}"`);
      return [name, row?.n ?? 0];
    }),
  );
  return Object.fromEntries(counts);
}

describe('bad input', () => {
  test.each([...badOrders, ...badRequests, ...badUsage, ...badTestClocks])(
    '%s is refused, explained and leaves no row',
    async (_name, sent, status, code, field) => {
      const before = await rowCounts();
      const response = await send(sent(world));
      const body = (await response.json()) as Record<string, unknown>;
      expect({ status: response.status, code: body['code'], field: body['field'] }).toEqual({ status, code, field });
      expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
      expect(body).toMatchObject({
        status,
        moneyMoved: false,
        found: expect.stringMatching(/./),
        wanted: expect.stringMatching(/./),
        requestId: response.headers.get('x-request-id'),
      });
      expect(await rowCounts()).toEqual(before);
    },
  );

  test('all that is wrong with one request is said at once', async () => {
    const response = await send(quote({ seats: 0, periodMonths: 'x', coupon: 1 })(world));
    const { errors } = (await response.json()) as { errors: readonly { field: string }[] };
    expect(errors.map(({ field }) => field).toSorted()).toEqual(['coupon', 'periodMonths', 'seats']);
  });

  test('the same key with other content is refused, and the first order stays', async () => {
    const key = randomUUID();
    const first = await send({ ...order(() => ({}))(world), key });
    expect(first.status).toBe(202);
    await fleet.settle();
    const before = await rowCounts();
    const other = await send({ ...order(({ expiredQuoteId }) => ({ quoteId: expiredQuoteId }))(world), key });
    expect(other.status).toBe(422);
    expect(await other.json()).toMatchObject({ code: 'idempotency_key_reused', field: 'Idempotency-Key' });
    expect(await rowCounts()).toEqual(before);
  });
});

describe('a webhook', () => {
  const body = JSON.stringify({
    type: 'payment.succeeded',
    timestamp: '2026-10-05T15:00:00Z',
    data: { reference: 'chk_0123456789abcdef', attemptId: randomUUID() },
  });
  const signed = (at: Date, secret = fleet.config.sandboxWebhookSecret): Record<string, string> => ({
    ...signWebhook(webhookKey(secret), `evt_${randomUUID()}`, at, body),
  });
  const deliver = (headers: Record<string, string>, text = body): Promise<Response> =>
    send({ path: '/v1/webhooks/sandbox', text, headers, apiKey: null, key: null });
  const ageMs = 3_600_000;

  test.each([
    ['forged', () => deliver(signed(fleet.clock.now(), `whsec_${Buffer.alloc(32).toString('base64')}`)), 401],
    ['changed after it was signed', () => deliver(signed(fleet.clock.now()), body.replace('chk_0', 'chk_1')), 401],
    ['stale', () => deliver(signed(new Date(fleet.clock.now().getTime() - ageMs))), 401],
    ['without a signature', () => deliver({}), 400],
  ])('that is %s is refused and leaves no row', async (_name, act, status) => {
    const before = await rowCounts();
    const response = await act();
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({
      code: expect.stringMatching(/^webhook_/),
      field: 'webhook-signature',
      moneyMoved: false,
    });
    expect(await rowCounts()).toEqual(before);
  });

  test('that was delivered before changes nothing', async () => {
    const headers = signed(fleet.clock.now());
    expect(await (await deliver(headers)).json()).toEqual({ received: 1, fresh: 1 });
    const before = await fleet.sql(`select count(*) from payment_notice`);
    expect(await (await deliver(headers)).json()).toEqual({ received: 1, fresh: 0 });
    expect(await fleet.sql(`select count(*) from payment_notice`)).toEqual(before);
  });

  test('of a provider that we do not have is not found', async () => {
    const response = await send({ path: '/v1/webhooks/stripe', text: body, apiKey: null });
    expect(response.status).toBe(404);
  });
});

describe('a key of one workspace', () => {
  test('sees nothing of another one', async () => {
    const { us, tenantKey } = world;
    const key = randomUUID();
    const orderId = await us.order({ key });
    for (const path of [
      `/v1/orders/${orderId}`,
      `/v1/workspaces/${us.id}/entitlements`,
      `/v1/workspaces/${us.id}/requests/${key}`,
    ]) {
      const answer = await call(fleet, 'GET', path, { apiKey: tenantKey });
      expect({ path, status: answer.status, code: answer.body['code'] }).toEqual({
        path,
        status: 404,
        code: 'not_found',
      });
      const unknown = await call(
        fleet,
        'GET',
        path.replaceAll(/[0-9a-f-]{36}/g, () => randomUUID()),
        { apiKey: tenantKey },
      );
      expect(unknown.body['code']).toBe('not_found');
    }
  });
});

describe('ids and keys in a path', () => {
  test('are read whichever case they come in', async () => {
    const id = randomUUID();
    const body = {
      name: 'Northwind Studio',
      country: 'US',
      timeZone: 'America/New_York',
      locale: 'en',
      billingEmail: 'admin@customer.example',
    };
    for (const [given, status] of [
      [id.toUpperCase(), 201],
      [id.toUpperCase(), 200],
      [id, 200],
    ] as const) {
      const answer = await call(fleet, 'POST', '/v1/workspaces', { body: { ...body, id: given } });
      expect({ status: answer.status, id: answer.body['id'] }).toEqual({ status, id });
    }
    const { us } = world;
    const key = randomUUID();
    const orderId = await us.order({ key });
    const tenantKey = await fleet.addApiKey(['read'], us.id);
    for (const path of [
      `/v1/orders/${orderId.toUpperCase()}`,
      `/v1/workspaces/${us.id.toUpperCase()}/requests/${key}`,
    ]) {
      expect({ path, status: (await call(fleet, 'GET', path, { apiKey: tenantKey })).status }).toEqual({
        path,
        status: 200,
      });
    }
  });

  test.each(['a%00b', 'a%20b', '%F0%9F%98%80', 'k'.repeat(256)])('that no key can be are refused: %s', async (key) => {
    const answer = await call(fleet, 'GET', `/v1/workspaces/${world.us.id}/requests/${key}`, { triesMax: 1 });
    expect(answer).toMatchObject({ status: 400, body: { code: 'field_invalid', field: 'key' } });
  });

  test('the quote of somebody else looks like none', async () => {
    const tell = async (quoteId: string): Promise<unknown> => {
      const { requestId: _, ...problem } = (await (await send(order(() => ({ quoteId }))(world))).json()) as Record<
        string,
        unknown
      >;
      return problem;
    };
    expect(await tell(world.brQuoteId)).toEqual(await tell(randomUUID()));
  });
});

describe('a message of a queue', () => {
  const envelopeOf = (data: unknown, idempotencyKey: string): Record<string, string> => {
    const body = JSON.stringify({ operation: 'order.place', idempotencyKey, sentAt: '2026-10-05T15:00:00Z', data });
    const [, publisher = '', secret = ''] = /^bf_dev_([^_]+)_(.+)$/.exec(fleet.apiKey) ?? [];
    return { body, publisher, signature: createHmac('sha256', hashSecret(secret)).update(body).digest('hex') };
  };

  test('is refused under its key, whatever text it and its neighbours hold', async () => {
    const { us } = world;
    const key = randomUUID();
    const intake = [
      envelopeOf({ workspaceId: '\u0000' }, randomUUID()),
      envelopeOf(
        { ...Object(order(() => ({}))(world).body), workspaceId: us.id.toUpperCase(), '\ud800\u0000': 1 },
        key,
      ),
    ];
    await fleet.queues.find(({ name }) => name === 'order')?.add('order.place', { intake });
    const path = `/v1/workspaces/${us.id}/requests/${key}`;
    const found = await until('the refusal is there', () => call(fleet, 'GET', path), {
      isDone: ({ status }) => status === 200,
    });
    expect(found.body).toMatchObject({ status: 'refused', problem: { code: 'field_invalid' } });
  });
});

// Last, since from then on this address may not fail any more.
describe('whoever guesses keys', () => {
  const guess = (): Promise<Response> =>
    send({ ...quote({})(world), apiKey: `bf_${randomUUID().slice(0, 8)}_${'0'.repeat(40)}` });

  test('has one allowance for all guesses, and soon none', async () => {
    const left = async (): Promise<number> => Number((await guess()).headers.get('x-ratelimit-remaining'));
    const first = await left();
    expect(await left()).toBe(first - 1);
    let refusal = await guess();
    for (let tries = 0; refusal.status === 401 && tries < 300; tries += 1) refusal = await guess();
    expect(await refusal.json()).toMatchObject({ status: 429, code: 'login_limited', moneyMoved: false });
    expect(Number(refusal.headers.get('retry-after'))).toBeGreaterThan(1);
    expect((await send(quote({})(world))).status).toBe(201);
  });
});
