import { randomUUID } from 'node:crypto';
import { signWebhook, webhookKey } from '@billfleet/payments';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { badOrders } from '../support/bad-orders.js';
import { badRequests, order, quote } from '../support/bad-requests.js';
import type { Sent, World } from '../support/bad-requests.js';
import { call, Customer } from '../support/customer.js';
import { Fleet } from '../support/fleet.js';

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
  test.each([...badOrders, ...badRequests])(
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
