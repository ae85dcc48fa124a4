import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { Browser, mintLink } from '../support/browser.js';
import type { Visitor } from '../support/browser.js';
import { Customer } from '../support/customer.js';
import { Fleet } from '../support/fleet.js';
import { member, reportOne } from '../support/members.js';

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

describe('a session of the billing page', () => {
  test('calls the same API with the power of its role, in the name of its person', async () => {
    const browser = await Browser.enter(customer, { id: 'user-17' });
    const quote = await browser.call('POST', '/v1/quotes', {
      workspaceId: customer.id,
      plan: 'base',
      seats: 1,
      periodMonths: 6,
    });
    expect(quote.status).toBe(201);
    const placed = await browser.call('POST', '/v1/orders', {
      ...{ workspaceId: customer.id, quoteId: quote.body['id'], payment: { collection: 'provider', method: 'card' } },
    });
    expect(placed.status).toBe(202);
    expect((await browser.call('GET', `/v1/orders/${String(placed.body['id'])}`)).body).toMatchObject({
      placedBy: 'person user-17',
    });
    const member = await Browser.enter(customer, { role: 'member' });
    expect((await member.call('GET', `/v1/orders/${String(placed.body['id'])}`)).status).toBe(200);
    expect((await member.call('POST', '/v1/quotes', { workspaceId: customer.id })).body).toMatchObject({
      ...{ status: 403, code: 'role_missing', field: 'Cookie', found: 'the role member' },
      wanted: expect.stringContaining('workspace-admin'),
    });
    await fleet.settle();
  });

  test('sees nothing of another workspace', async () => {
    const stranger = await Customer.register(fleet, 'US');
    const browser = await Browser.enter(stranger);
    for (const path of [
      `/v1/workspaces/${customer.id}/subscription`,
      `/v1/workspaces/${customer.id}/usage`,
      `/v1/workspaces/${customer.id}/members`,
    ]) {
      expect((await browser.call('GET', path)).status).toBe(404);
    }
    const quote = await browser.call('POST', '/v1/quotes', {
      workspaceId: customer.id,
      plan: 'base',
      seats: 1,
      periodMonths: 6,
    });
    expect(quote.status).toBe(404);
  });

  test('cannot act for somebody else', async () => {
    const browser = await Browser.enter(customer, { role: 'member' });
    const answer = await browser.call('GET', '/v1/ping', undefined, {
      'billfleet-actor': 'user-2; role=workspace-admin',
    });
    expect(answer.body).toMatchObject({ status: 403, code: 'actor_not_allowed' });
  });

  test.each<[string, Record<string, string | undefined>, string]>([
    ['without the header of our pages', { 'billfleet-page': undefined }, 'page_header_missing'],
    ['with another value in it', { 'billfleet-page': 'yes' }, 'page_header_missing'],
    ['that says nothing of where it comes from', { origin: undefined }, 'cross_site'],
    ['that another site started', { origin: 'https://evil.example' }, 'cross_site'],
    ['from a page without an origin', { origin: 'null' }, 'cross_site'],
    ['from another port of the same host', { origin: 'http://127.0.0.1:1' }, 'cross_site'],
    ['of which the browser says that it crosses sites', { 'sec-fetch-site': 'cross-site' }, 'cross_site'],
    ['from another host of the same domain', { 'sec-fetch-site': 'same-site' }, 'cross_site'],
  ])('takes no change %s', async (_case, over, code) => {
    const browser = await Browser.enter(customer);
    const wish = { workspaceId: customer.id, plan: 'base', seats: 1, periodMonths: 6 };
    const answer = await browser.call('POST', '/v1/quotes', wish, over);
    expect(answer.body).toMatchObject({ status: 403, code, moneyMoved: false });
    expect((await browser.call('POST', '/billing/leave', undefined, over)).body).toMatchObject({ status: 403, code });
    expect((await meOf(browser)).status).toBe(200);
  });

  test('ends when its person leaves', async () => {
    const browser = await Browser.enter(customer);
    const stolen = browser.cookieHeader;
    expect((await browser.call('POST', '/billing/leave')).status).toBe(204);
    expect(browser.cookies.size).toBe(0);
    const answer = await browser.call('GET', '/v1/me', undefined, { cookie: stolen });
    expect(answer.body).toMatchObject({ status: 401, code: 'session_ended', field: 'Cookie' });
    expect((await browser.call('POST', '/billing/leave')).status).toBe(204);
  });

  test('ends after an hour in which nobody comes, and after eight in any case', async () => {
    const browser = await Browser.enter(customer);
    await age(`update portal_session set seen_at = now() - interval '59 min'`);
    expect((await meOf(browser)).status).toBe(200);
    // The visit was noted, so the hour begins anew.
    await age(`update portal_session set seen_at = seen_at - interval '59 min'`);
    expect((await meOf(browser)).status).toBe(200);
    await age(`update portal_session set seen_at = now() - interval '61 min'`);
    expect((await meOf(browser)).status).toBe(401);
    const busy = await Browser.enter(customer);
    await age(`update portal_session set ends_at = now() - interval '1 s'`);
    expect((await meOf(busy)).status).toBe(401);
  });

  test('ends when the host product says that its person is disabled, and he gets no other', async () => {
    const subscribed = await Customer.register(fleet, 'US', { trial: true });
    const person = member(9, 'active');
    const reported = await reportOne(subscribed, person);
    expect(reported.status).toBeLessThan(500);
    const browser = await Browser.enter(subscribed, { id: person.externalId });
    const waiting = String((await mintLink(subscribed, { id: person.externalId })).body['url']);
    const other = await Browser.enter(subscribed, { id: 'user-10' });
    expect((await reportOne(subscribed, member(9, 'disabled'))).status).toBe(200);
    expect((await meOf(browser)).status).toBe(401);
    expect((await new Browser(fleet).open(waiting)).status).toBe(410);
    expect((await meOf(other)).status).toBe(200);
    const refused = await mintLink(subscribed, { id: person.externalId });
    expect(refused.body).toMatchObject({ status: 422, code: 'member_disabled', field: 'person.id' });
  });

  test('is told apart from a key: what brings both is what the key says', async () => {
    const browser = await Browser.enter(customer, { role: 'member' });
    const answer = await browser.call('GET', '/v1/me', undefined, { authorization: `Bearer ${fleet.apiKey}` });
    expect(answer.body).toMatchObject({ role: 'admin', workspace: null, person: null });
    expect((await browser.call('GET', '/v1/me', undefined, { authorization: 'Bearer nonsense' })).body['code']).toBe(
      'api_key_invalid',
    );
  });

  test('is not believed where another host of the domain may have set its cookie as well', async () => {
    const browser = await Browser.enter(customer);
    const attacker = await Browser.enter(await Customer.register(fleet, 'US'));
    for (const cookie of [
      `${browser.cookieHeader}; ${attacker.cookieHeader}`,
      `${attacker.cookieHeader};${browser.cookieHeader}`,
      `bf_session=; ${browser.cookieHeader}`,
    ]) {
      expect((await browser.call('GET', '/v1/me', undefined, { cookie })).body).toMatchObject({
        status: 401,
        code: 'session_ended',
      });
    }
    expect(
      (await browser.call('GET', '/v1/me', undefined, { cookie: `other=1; ${browser.cookieHeader}; bf_sessions=2` }))
        .status,
    ).toBe(200);
  });

  test('leaves nothing in the database that would let somebody in', async () => {
    const url = await linkFor();
    const browser = await Browser.enter(customer);
    const dump = JSON.stringify([
      await fleet.sql(`select * from portal_link`),
      await fleet.sql(`select * from portal_session`),
    ]);
    expect(dump).not.toContain(new URL(url).searchParams.get('token'));
    expect(dump).not.toContain([...browser.cookies.values()][0]);
  });
});

test('whoever guesses sessions has to wait, and people with a session do not', async () => {
  const own = await Fleet.start();
  try {
    const at = await Customer.register(own, 'US');
    const browser = await Browser.enter(at);
    expect((await browser.call('GET', '/v1/me')).status).toBe(200);
    const guesses = Array.from({ length: 300 }, () =>
      browser.call('GET', '/v1/me', undefined, { cookie: `bf_session=${randomUUID().replaceAll('-', '')}aaaaaaaaaaa` }),
    );
    const statuses = (await Promise.all(guesses)).map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set([401]));
    const next = await browser.call('GET', '/v1/me', undefined, { cookie: `bf_session=${'b'.repeat(43)}` });
    expect(next.body).toMatchObject({ status: 429, code: 'login_limited' });
    expect((await browser.call('GET', '/v1/me')).status).toBe(200);
    // A known session is no leave to guess keys.
    const key = await browser.call('GET', '/v1/me', undefined, { authorization: `Bearer bf_000000_${'a'.repeat(40)}` });
    expect(key.body).toMatchObject({ status: 429, code: 'login_limited' });
  } finally {
    await own.close();
  }
});
