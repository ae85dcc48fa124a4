import { randomUUID } from 'node:crypto';
import type { Customer } from './customer.js';

/** What a request is made from: two workspaces, quotes in every bad state, and keys that may not do it. */
export type World = {
  readonly us: Customer;
  readonly br: Customer;
  readonly quoteId: string;
  readonly brQuoteId: string;
  readonly usedQuoteId: string;
  readonly expiredQuoteId: string;
  /** May do everything. */
  readonly apiKey: string;
  readonly readKey: string;
  readonly tenantKey: string;
};

/** A POST as it is sent; `null` leaves a header out that is there otherwise. */
export type Sent = {
  readonly path: string;
  readonly body?: unknown;
  /** The body as text, where JSON cannot say it. */
  readonly text?: string;
  readonly key?: string | null;
  readonly apiKey?: string | null;
  readonly headers?: Record<string, string>;
};

/** A bad request and the answer that it gets. */
export type Row = readonly [name: string, send: (world: World) => Sent, status: number, code: string, field?: string];

/** A request for a quote, with something changed. */
export const quote = (over: Record<string, unknown>, path = '/v1/quotes') => {
  return ({ us }: World): Sent => ({
    path,
    body: { workspaceId: us.id, plan: 'advanced', seats: 5, periodMonths: 6, ...over },
  });
};
/** An order, with something changed. */
export const order = (over: (world: World) => Record<string, unknown>, sent: Partial<Sent> = {}) => {
  return (w: World): Sent => ({
    path: '/v1/orders',
    body: { workspaceId: w.us.id, quoteId: w.quoteId, payment: { collection: 'provider', method: 'card' }, ...over(w) },
    ...sent,
  });
};
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

/** Requests that are wrong in their form, in who sends them, or about workspaces. */
export const badRequests: readonly Row[] = [
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
    (w) => ({ ...quote({})(w), apiKey: `${w.apiKey.slice(0, -1)}!` }),
    401,
    'api_key_invalid',
    'Authorization',
  ],
  [
    'the right prefix with a wrong secret',
    (w) => ({ ...quote({})(w), apiKey: `${w.apiKey.slice(0, -4)}0000` }),
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
  [
    'a confirmation for the order of another workspace',
    ({ us, br }) => ({
      path: '/v1/payment-confirmations',
      body: {
        provider: 'upstream',
        workspaceId: us.id,
        order: { workspaceId: br.id, orderKey: 'order-1' },
        reference: 'transfer-1',
        amountMinor: '105000',
        currency: 'USD',
        paidAt: '2026-10-05T15:00:00Z',
      },
    }),
    400,
    'field_invalid',
    'order.workspaceId',
  ],
  ['a name with half a character', workspace({ name: 'Northwind \ud800' }), 400, 'field_invalid', 'name'],
  ['a country that is none', workspace({ country: 'us' }), 400, 'field_invalid', 'country'],
  ['a time zone that is none', workspace({ timeZone: 'Mars/Olympus' }), 400, 'field_invalid', 'timeZone'],
  ['a time zone of many meanings', workspace({ timeZone: 'IST' }), 400, 'field_invalid', 'timeZone'],
  ['an offset as a time zone', workspace({ timeZone: '+05:00' }), 400, 'field_invalid', 'timeZone'],
  ['an address that is none', workspace({ billingEmail: 'admin@' }), 400, 'field_invalid', 'billingEmail'],
  [
    'an address with a header',
    workspace({ billingEmail: 'a@b.example\r\nBcc: c@d.example' }),
    400,
    'field_invalid',
    'billingEmail',
  ],
  ['a trial without end', workspace({ trialEndsOn: '9999-12-31' }), 400, 'field_invalid', 'trialEndsOn'],
  ['a day that is none', workspace({ trialEndsOn: '2026-02-30' }), 400, 'field_invalid', 'trialEndsOn'],
  [
    'the id of another workspace',
    ({ us }) => workspace({ id: us.id, name: 'Somebody else' })(),
    409,
    'workspace_exists',
    'id',
  ],
];
