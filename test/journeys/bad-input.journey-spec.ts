import { randomUUID } from 'node:crypto';
import { signWebhook, webhookKey } from '@billfleet/payments';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { call, CPF, Customer } from '../support/customer.js';
import { Fleet } from '../support/fleet.js';

jest.setTimeout(60_000);

/** What a request is made from: two workspaces, quotes in every bad state, and keys that may not do it. */
type World = {
  readonly us: Customer;
  readonly br: Customer;
  readonly quoteId: string;
  readonly brQuoteId: string;
  readonly usedQuoteId: string;
  readonly expiredQuoteId: string;
  readonly readKey: string;
  readonly tenantKey: string;
};

type Sent = {
  readonly path: string;
  readonly body?: unknown;
  /** The body as text, where JSON cannot say it. */
  readonly text?: string;
  readonly key?: string | null;
  readonly apiKey?: string | null;
  readonly headers?: Record<string, string>;
};

type Row = readonly [name: string, send: (world: World) => Sent, status: number, code: string, field?: string];

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

const quote = (over: Record<string, unknown>, path = '/v1/quotes') => {
  return ({ us }: World): Sent => ({
    path,
    body: { workspaceId: us.id, plan: 'advanced', seats: 5, periodMonths: 6, ...over },
  });
};
const order = (over: (world: World) => Record<string, unknown>, sent: Partial<Sent> = {}) => {
  return (w: World): Sent => ({
    path: '/v1/orders',
    body: { workspaceId: w.us.id, quoteId: w.quoteId, payment: { collection: 'provider', method: 'card' }, ...over(w) },
    ...sent,
  });
};
const inBrazil = (over: Record<string, unknown>) =>
  order(({ br, brQuoteId }) => ({ workspaceId: br.id, quoteId: brQuoteId, ...over }));
const pix = { payment: { collection: 'provider', method: 'pix' } };
const paypal = { payment: { collection: 'provider', method: 'paypal' } };
const inline = (over: Record<string, unknown>) =>
  order(() => ({
    quoteId: undefined,
    purchase: {
      plan: 'advanced',
      seats: 5,
      periodMonths: 6,
      expectedAmountMinor: '105000',
      expectedCurrency: 'USD',
      ...over,
    },
  }));
const workspace = (over: Record<string, unknown>) => (): Sent => ({
  path: '/v1/workspaces',
  body: {
    id: randomUUID(),
    name: 'Northwind Studio',
    country: 'US',
    timeZone: 'America/New_York',
    locale: 'en',
    billingEmail: 'admin@customer.example',
    ...over,
  },
});
const forTheirs =
  (path: string, body: Record<string, unknown> = {}) =>
  (w: World): Sent => ({
    path,
    body: { workspaceId: w.us.id, ...body },
    apiKey: w.tenantKey,
  });

const rows: readonly Row[] = [
  ['an unknown plan', quote({ plan: 'platinum' }), 422, 'plan_unknown', 'plan'],
  ['a plan that is sold on request', quote({ plan: 'enterprise' }), 422, 'plan_on_request', 'plan'],
  ['no seats', quote({ seats: 0 }), 400, 'field_invalid', 'seats'],
  ['fewer than no seats', quote({ seats: -1 }), 400, 'field_invalid', 'seats'],
  ['half a seat', quote({ seats: 1.5 }), 400, 'field_invalid', 'seats'],
  ['a billion seats', quote({ seats: 1e9 }), 400, 'field_invalid', 'seats'],
  ['seats as text', quote({ seats: '5' }), 400, 'field_invalid', 'seats'],
  ['seats left out', quote({ seats: undefined }), 400, 'field_missing', 'seats'],
  ['a period that nobody offers', quote({ periodMonths: 7 }), 422, 'period_unknown', 'periodMonths'],
  ['a field that nobody reads', quote({ coupon: 'FREE' }), 400, 'field_unknown', 'coupon'],
  ['a workspace that is none', quote({ workspaceId: 'x' }), 400, 'field_invalid', 'workspaceId'],
  ['an unknown workspace', quote({ workspaceId: randomUUID() }), 404, 'workspace_unknown', 'workspaceId'],
  ['a plan with control characters', quote({ plan: 'base\u0000' }), 400, 'field_invalid', 'plan'],
  ['Pix outside of Brazil', order(() => pix), 422, 'method_not_available', 'payment.method'],
  ['PayPal in Brazil', inBrazil({ ...paypal, taxpayer: CPF }), 422, 'method_not_available', 'payment.method'],
  ['no taxpayer in Brazil', inBrazil(pix), 422, 'taxpayer_required', 'taxpayer'],
  [
    'a bad CPF',
    inBrazil({ ...pix, taxpayer: { ...CPF, taxId: '529.982.247-26' } }),
    422,
    'tax_id_invalid',
    'taxpayer.taxId',
  ],
  [
    'a CPF of equal digits',
    inBrazil({ ...pix, taxpayer: { ...CPF, taxId: '11111111111' } }),
    422,
    'tax_id_invalid',
    'taxpayer.taxId',
  ],
  [
    'a bad CNPJ',
    inBrazil({ ...pix, taxpayer: { ...CPF, taxId: '12ABC34501DE36' } }),
    422,
    'tax_id_invalid',
    'taxpayer.taxId',
  ],
  [
    'instalments outside of Brazil',
    order(() => ({ payment: { collection: 'provider', method: 'card', installments: 3 } })),
    422,
    'installments_not_available',
    'payment.installments',
  ],
  ['no idempotency key', order(() => ({}), { key: null }), 400, 'idempotency_key_missing', 'Idempotency-Key'],
  [
    'an over-long idempotency key',
    order(() => ({}), { key: 'k'.repeat(256) }),
    400,
    'idempotency_key_invalid',
    'Idempotency-Key',
  ],
  [
    'an idempotency key with a blank',
    order(() => ({}), { key: 'a b' }),
    400,
    'idempotency_key_invalid',
    'Idempotency-Key',
  ],
  [
    'both quote and purchase',
    order(() => ({
      purchase: { plan: 'advanced', seats: 5, periodMonths: 6, expectedAmountMinor: '105000', expectedCurrency: 'USD' },
    })),
    400,
    'field_invalid',
    'quoteId',
  ],
  ['neither quote nor purchase', order(() => ({ quoteId: undefined })), 400, 'field_missing', 'quoteId'],
  [
    'a quote that is over',
    order(({ expiredQuoteId }) => ({ quoteId: expiredQuoteId })),
    409,
    'quote_expired',
    'quoteId',
  ],
  [
    'the quote of another workspace',
    order(({ brQuoteId }) => ({ quoteId: brQuoteId })),
    404,
    'quote_unknown',
    'quoteId',
  ],
  ['an unknown quote', order(() => ({ quoteId: randomUUID() })), 404, 'quote_unknown', 'quoteId'],
  ['a quote that was used', order(({ usedQuoteId }) => ({ quoteId: usedQuoteId })), 409, 'quote_used', 'quoteId'],
  [
    'another price than expected',
    inline({ expectedAmountMinor: '104999' }),
    409,
    'price_differs',
    'purchase.expectedAmountMinor',
  ],
  [
    'another currency than expected',
    inline({ expectedCurrency: 'BRL' }),
    409,
    'price_differs',
    'purchase.expectedAmountMinor',
  ],
  [
    'an amount as a number',
    inline({ expectedAmountMinor: 105_000 }),
    400,
    'field_invalid',
    'purchase.expectedAmountMinor',
  ],
  [
    'an amount with a comma',
    inline({ expectedAmountMinor: '1050,00' }),
    400,
    'field_invalid',
    'purchase.expectedAmountMinor',
  ],
  ['an unknown plan without a quote', inline({ plan: 'platinum' }), 422, 'plan_unknown', 'purchase.plan'],
  [
    'a token that is an expression',
    order(() => ({ payment: { collection: 'provider', method: 'card', token: '${x}' } })),
    400,
    'field_invalid',
    'payment.token',
  ],
  [
    'a body over 256 KB',
    () => ({ path: '/v1/orders', text: `{"x":"${'y'.repeat(262_200)}"}` }),
    413,
    'body_too_large',
    '',
  ],
  ['JSON that breaks off', () => ({ path: '/v1/orders', text: '{"workspaceId":' }), 400, 'json_invalid', ''],
  ['an empty body', () => ({ path: '/v1/orders', text: '' }), 400, 'json_invalid', ''],
  ['a list instead of an object', () => ({ path: '/v1/quotes', text: '[]' }), 400, 'field_invalid', ''],
  [
    'another content type',
    () => ({ path: '/v1/orders', text: '<order/>', headers: { 'content-type': 'text/xml' } }),
    415,
    'media_type_unsupported',
    'Content-Type',
  ],
  [
    'a prototype in the body',
    () => ({ path: '/v1/quotes', text: '{"__proto__":{"seats":5}}' }),
    400,
    'json_invalid',
    '',
  ],
  [
    'a constructor in the body',
    () => ({ path: '/v1/quotes', text: '{"constructor":{"prototype":{"seats":5}}}' }),
    400,
    'json_invalid',
    '',
  ],
  [
    'a field that stands twice',
    ({ us }) => ({
      path: '/v1/quotes',
      text: `{"workspaceId":"${us.id}","plan":"advanced","seats":1,"periodMonths":6,"seats":5}`,
    }),
    400,
    'field_twice',
    'seats',
  ],
  ['no key', (w) => ({ ...quote({})(w), apiKey: null }), 401, 'api_key_invalid', 'Authorization'],
  [
    'a wrong key',
    (w) => ({ ...quote({})(w), apiKey: `${fleet.apiKey.slice(0, -1)}!` }),
    401,
    'api_key_invalid',
    'Authorization',
  ],
  [
    'the right prefix with a wrong secret',
    (w) => ({ ...quote({})(w), apiKey: `${fleet.apiKey.slice(0, -4)}0000` }),
    401,
    'api_key_invalid',
    'Authorization',
  ],
  ['a key that may only read', (w) => ({ ...quote({})(w), apiKey: w.readKey }), 403, 'scope_missing', 'Authorization'],
  [
    'a key without admin for a workspace',
    (w) => ({ ...workspace({})(), apiKey: w.tenantKey }),
    403,
    'scope_missing',
    'Authorization',
  ],
  [
    'a quote for a foreign workspace',
    forTheirs('/v1/quotes', { plan: 'advanced', seats: 5, periodMonths: 6 }),
    404,
    'workspace_unknown',
    'workspaceId',
  ],
  [
    'an order for a foreign workspace',
    (w) => ({ ...order(() => ({}))(w), apiKey: w.tenantKey }),
    404,
    'workspace_unknown',
    'workspaceId',
  ],
  ['seats for a foreign workspace', forTheirs('/v1/seat-provisionings'), 404, 'workspace_unknown', 'workspaceId'],
  ['a reminder for a foreign workspace', forTheirs('/v1/renewal-reminders'), 404, 'workspace_unknown', 'workspaceId'],
  [
    'a confirmation for a foreign workspace',
    forTheirs('/v1/payment-confirmations', { provider: 'sandbox', reference: 'chk_1' }),
    404,
    'workspace_unknown',
    'workspaceId',
  ],
  [
    'a confirmation of an unknown provider',
    ({ us }) => ({ path: '/v1/payment-confirmations', body: { workspaceId: us.id, provider: 'bank', reference: 'x' } }),
    400,
    'field_invalid',
    'provider',
  ],
  ['a country that is none', workspace({ country: 'us' }), 400, 'field_invalid', 'country'],
  ['a time zone that is none', workspace({ timeZone: 'Mars/Olympus' }), 400, 'field_invalid', 'timeZone'],
  ['an address that is none', workspace({ billingEmail: 'admin@' }), 400, 'field_invalid', 'billingEmail'],
  [
    'an address with a header',
    workspace({ billingEmail: 'a@b.example\r\nBcc: c@d.example' }),
    400,
    'field_invalid',
    'billingEmail',
  ],
  ['a day that is none', workspace({ trialEndsOn: '2026-02-30' }), 400, 'field_invalid', 'trialEndsOn'],
  [
    'the id of another workspace',
    ({ us }) => workspace({ id: us.id, name: 'Somebody else' })(),
    409,
    'workspace_exists',
    'id',
  ],
];

describe('bad input', () => {
  test.each(rows)('%s is refused, explained and leaves no row', async (_name, sent, status, code, field) => {
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
  });

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
