import { randomUUID } from 'node:crypto';
import { actions, mayRole } from '@billfleet/domain';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { Browser, mintLink } from '../support/browser.js';
import type { Visitor } from '../support/browser.js';
import { call, Customer } from '../support/customer.js';
import { Fleet } from '../support/fleet.js';

jest.setTimeout(60_000);

let fleet: Fleet;
let customer: Customer;
beforeAll(async () => {
  fleet = await Fleet.start();
  customer = await Customer.register(fleet, 'US');
});
afterAll(() => fleet.close());

const linkFor = async (visitor: Visitor = {}): Promise<string> =>
  String((await mintLink(customer, visitor)).body['url']);
const age = (statement: string, values: readonly string[] = []): Promise<unknown> => fleet.sql(statement, values);
const meOf = (browser: Browser): Promise<{ status: number; body: Readonly<Record<string, unknown>> }> =>
  browser.call('GET', '/v1/me');

describe('a link that the host product asked for', () => {
  test('lets its person in once, on the page that it names, in a session of his own', async () => {
    const minted = await mintLink(customer, {
      ...{ id: 'user-7', name: 'Ana Souza', email: 'ana@customer.example', role: 'billing-contact' },
      ...{ to: '/billing/plan?action=update-method', returnUrl: 'https://product.example/settings' },
    });
    expect(minted.status).toBe(201);
    expect(minted.headers.get('cache-control')).toBe('no-store');
    expect(String(minted.body['url'])).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/billing\/enter\?token=[\w-]{43}$/);
    const goodForMs = Date.parse(String(minted.body['expiresAt'])) - Date.now();
    expect(goodForMs / 60_000).toBeGreaterThan(4);
    expect(goodForMs / 60_000).toBeLessThanOrEqual(5.1);
    const browser = new Browser(fleet);
    const answer = await browser.open(String(minted.body['url']));
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/billing/plan?action=update-method']);
    const [cookie = ''] = answer.headers.getSetCookie();
    expect(cookie).toMatch(/^bf_session=[\w-]{43}; Max-Age=28800; Path=\/; HttpOnly; SameSite=Lax$/);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
    const { status, body } = await meOf(browser);
    expect(status).toBe(200);
    expect(body).toEqual({
      workspace: {
        ...{ id: customer.id, name: 'Northwind Studio', country: 'US', currency: 'USD', timeZone: 'America/New_York' },
        ...{ locale: 'en', billingEmail: customer.email, trialEndsOn: null },
      },
      person: { id: 'user-7', name: 'Ana Souza', email: 'ana@customer.example' },
      role: 'billing-contact',
      may: actions.filter((action) => mayRole('billing-contact', action)),
      returnUrl: 'https://product.example/settings',
      theme: expect.objectContaining({ name: 'Billfleet' }),
    });
  });

  test('is good once: whoever else brings it is told so, and its own person goes on', async () => {
    const url = await linkFor({ to: '/billing/orders' });
    const browser = new Browser(fleet);
    expect((await browser.open(url)).status).toBe(303);
    const thief = new Browser(fleet);
    const refused = await thief.open(url);
    expect([refused.status, thief.cookies.size]).toEqual([410, 0]);
    expect(await refused.text()).toContain('This link is not good any more');
    const other = await Browser.enter(customer);
    expect((await other.open(url)).status).toBe(410);
    const again = await browser.open(url);
    expect([again.status, again.headers.get('location')]).toEqual([303, '/billing/orders']);
    expect((await meOf(browser)).status).toBe(200);
  });

  test('lets one of two in who bring it at the same moment', async () => {
    const url = await linkFor();
    const browsers = Array.from({ length: 8 }, () => new Browser(fleet));
    const statuses = await Promise.all(browsers.map(async (one) => (await one.open(url)).status));
    expect(statuses.sort()).toEqual([303, ...Array.from({ length: 7 }, () => 410)]);
  });

  test('is not used up by what only looks ahead', async () => {
    const url = await linkFor();
    const scanner = new Browser(fleet);
    expect((await scanner.open(url, { method: 'HEAD' })).status).toBe(200);
    const page = await (
      await scanner.open(url, { headers: { 'sec-purpose': 'prefetch;prerender', 'accept-language': 'pt-BR,en;q=0.5' } })
    ).text();
    expect(page).toContain('Abrir a página de faturamento');
    expect(scanner.cookies.size).toBe(0);
    const action = /<form method="post" action="([^"]+)"/.exec(page)?.[1] ?? '';
    expect(
      (await new Browser(fleet).open(action, { method: 'POST', headers: { 'content-type': 'text/plain' } })).status,
    ).toBe(303);
  });

  test('is over after five minutes', async () => {
    const url = await linkFor();
    await age(`update portal_link set expires_at = now() - interval '1 ms' where used_at is null`);
    const late = await new Browser(fleet).open(url, { headers: { 'accept-language': 'es-MX' } });
    expect([late.status, await late.text()]).toEqual([410, expect.stringContaining('Este enlace ya no sirve')]);
  });

  test.each([
    ['nothing', ''],
    ['a short text', 'x'],
    ['an invented one', 'a'.repeat(43)],
    ['a zero byte', `${'a'.repeat(42)}%00`],
    ['a long text', 'a'.repeat(5_000)],
  ])('must be one of ours, not %s', async (_name, token) => {
    const answer = await new Browser(fleet).open(`/billing/enter?token=${token}`);
    expect(answer.status).toBe(410);
    expect(answer.headers.getSetCookie()).toEqual([]);
  });

  test.each([
    'https://evil.example/billing/plan',
    '//evil.example/billing',
    '/billing//evil.example',
    '/\\evil.example/billing',
    '/billing/../../evil',
    '/billing/%2e%2e/admin',
    '/billing/..',
    '/billingx',
    '/ops/queues',
    '/billing/enter?token=x',
    '/billing/./leave',
    '/billing/plan\r\nset-cookie: a=b',
    '/billing/plan\u2028',
    'javascript:alert(1)',
  ])('leads nowhere but to a page of ours: %s', async (to) => {
    const { status, body } = await mintLink(customer, { to });
    expect([status, body['code'], body['field']]).toEqual([400, 'field_invalid', 'to']);
  });

  test.each([
    'javascript:alert(1)',
    'data:text/html,x',
    'https://a:b@product.example',
    'product.example',
    'http:product',
  ])('leads back to nothing but an address: %s', async (returnUrl) => {
    const { status, body } = await mintLink(customer, { returnUrl });
    expect([status, body['field']]).toEqual([400, 'returnUrl']);
  });

  test.each(['operator', 'service', 'admin', ''])('gives no role but those of a workspace: %s', async (role) => {
    expect((await mintLink(customer, { role })).status).toBe(400);
  });

  test('is for those who may ask for it', async () => {
    const body = { workspaceId: customer.id, person: { id: 'user-1' }, role: 'workspace-admin' };
    const own = await fleet.addApiKey(['publish', 'read'], customer.id, 'workspace-admin');
    const refused = await call(fleet, 'POST', '/v1/portal-sessions', { body, apiKey: own });
    expect(refused.body).toMatchObject({ status: 403, code: 'role_missing', wanted: 'the role service or operator' });
    const browser = await Browser.enter(customer);
    expect((await browser.call('POST', '/v1/portal-sessions', body)).body).toMatchObject({
      status: 403,
      code: 'role_missing',
      field: 'Cookie',
    });
    const nowhere = await mintLink({ fleet, id: randomUUID() });
    expect(nowhere.body).toMatchObject({ status: 404, code: 'workspace_unknown' });
  });
});
