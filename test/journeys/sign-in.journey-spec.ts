import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { Browser } from '../support/browser.js';
import { Customer } from '../support/customer.js';
import { Fleet } from '../support/fleet.js';
import { member, reportAll, reportOne } from '../support/members.js';
import { askForLink, buttonsOf, linkMailed, mailsTo } from '../support/sign-in.js';

jest.setTimeout(60_000);

let fleet: Fleet;
beforeAll(async () => {
  fleet = await Fleet.start();
});
afterAll(() => fleet.close());

/** A workspace with an admin, a billing contact and a member of its own. */
async function staffed(
  country: 'US' | 'BR' = 'US',
): Promise<{ customer: Customer; address: (name: string) => string }> {
  const customer = await Customer.register(fleet, country, { trial: true });
  const address = (name: string): string => `${name}@${customer.id.slice(0, 8)}.example`;
  const answer = await reportAll(customer, [
    member(1, 'active', { email: address('Admin'), role: 'admin' }),
    member(2, 'active', { email: address('payer'), role: 'billing-contact' }),
    member(3, 'active', { email: address('member') }),
    member(4, 'disabled', { email: address('gone'), role: 'admin' }),
    member(5, 'invited', { email: address('invited'), role: 'admin' }),
  ]);
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
  return { customer, address };
}

const press = (browser: Browser, action: string): Promise<Response> =>
  browser.open(action, { method: 'POST', headers: { 'content-type': 'text/plain' } });

describe('whoever comes without a session', () => {
  test('is sent to sign in, and comes to where he wanted to go', async () => {
    const { customer, address } = await staffed('BR');
    const browser = new Browser(fleet);
    const away = await browser.open('/billing/plan?action=update-method');
    expect(away.status).toBe(303);
    const ask = away.headers.get('location') ?? '';
    expect(ask).toBe('/billing/sign-in?to=%2Fbilling%2Fplan%3Faction%3Dupdate-method');
    const form = await (await browser.open(ask, { headers: { 'accept-language': 'pt-BR' } })).text();
    expect(form).toContain('Entrar na página de faturamento');
    expect(form).toContain('name="to" value="/billing/plan?action=update-method"');
    const sent = await askForLink(browser, address('admin'), { to: '/billing/plan?action=update-method' });
    expect(sent.status).toBe(200);
    const link = await linkMailed(fleet, address('admin'));
    const [mail] = await mailsTo(fleet, address('admin'));
    expect(mail?.subject).toBe('Seu link para a página de faturamento de Northwind Studio');
    // Programs look at links; nothing of that uses them up.
    for (const method of ['HEAD', 'GET', 'GET'])
      expect((await new Browser(fleet).open(link, { method })).status).toBe(200);
    const [action = ''] = buttonsOf(await (await browser.open(link)).text());
    const entered = await press(browser, action);
    expect([entered.status, entered.headers.get('location')]).toEqual([303, '/billing/plan?action=update-method']);
    const me = await browser.call('GET', '/v1/me');
    expect(me.body).toMatchObject({
      ...{ role: 'workspace-admin', workspace: { id: customer.id }, returnUrl: null },
      person: { id: 'user-1', name: 'Ana Souza 1', email: address('admin') },
    });
    // Once is once.
    expect((await press(new Browser(fleet), action)).status).toBe(410);
    expect((await new Browser(fleet).open(link)).status).toBe(410);
  });

  test('is let in by the billing address as a billing contact', async () => {
    const customer = await Customer.register(fleet, 'US');
    const browser = new Browser(fleet);
    await askForLink(browser, customer.email.toUpperCase());
    const [action = ''] = buttonsOf(await (await browser.open(await linkMailed(fleet, customer.email))).text());
    expect((await press(browser, action)).headers.get('location')).toBe('/billing/plan');
    expect((await browser.call('GET', '/v1/me')).body).toMatchObject({
      role: 'billing-contact',
      person: { id: customer.email },
    });
  });

  test('chooses where one address looks after several workspaces, and enters one of them', async () => {
    const [first, second] = [await staffed(), await staffed()];
    const shared = `both@${first.customer.id.slice(0, 8)}.example`;
    for (const { customer } of [first, second])
      await reportOne(customer, member(6, 'active', { email: shared, role: 'admin' }));
    const stranger = await Customer.register(fleet, 'US');
    const browser = new Browser(fleet);
    await askForLink(browser, shared);
    const link = await linkMailed(fleet, shared);
    const actions = buttonsOf(await (await browser.open(link)).text());
    expect(actions.map((action) => new URL(action, browser.origin).searchParams.get('workspace')).toSorted()).toEqual(
      [first.customer.id, second.customer.id].toSorted(),
    );
    for (const workspace of [stranger.id, randomUUID(), 'x', '']) {
      expect((await press(new Browser(fleet), `${link}?workspace=${workspace}`)).status).toBe(410);
    }
    const action = actions.find((one) => one.includes(second.customer.id)) ?? '';
    expect((await press(browser, action)).status).toBe(303);
    expect((await browser.call('GET', '/v1/me')).body).toMatchObject({ workspace: { id: second.customer.id } });
  });
});

describe('a link to sign in', () => {
  test('is sent to nobody but admins and billing contacts who are there, and the answer is the same for all', async () => {
    const { address } = await staffed();
    const pages = new Set<string>();
    for (const name of ['member', 'gone', 'invited', 'nobody', 'payer']) {
      const startedAt = performance.now();
      const answer = await askForLink(new Browser(fleet), address(name));
      expect(performance.now() - startedAt).toBeGreaterThan(245);
      pages.add(`${String(answer.status)} ${await answer.text()}`);
    }
    expect(pages.size).toBe(1);
    await linkMailed(fleet, address('payer'));
    await fleet.settle();
    for (const name of ['member', 'gone', 'invited', 'nobody']) expect(await mailsTo(fleet, address(name))).toEqual([]);
    expect(await fleet.sql(`select 1 from sign_in_link where email <> lower(email)`)).toEqual([]);
  });

  test('is over after fifteen minutes, and when its reader is disabled or gets another role', async () => {
    const { customer, address } = await staffed();
    const browser = new Browser(fleet);
    await askForLink(browser, address('admin'));
    const link = await linkMailed(fleet, address('admin'));
    const [action = ''] = buttonsOf(await (await browser.open(link)).text());
    await reportOne(customer, member(1, 'disabled', { email: address('Admin'), role: 'admin' }));
    expect((await press(browser, action)).status).toBe(410);
    await reportOne(customer, member(1, 'active', { email: address('Admin'), role: 'admin' }));
    expect((await press(browser, action)).status).toBe(303);
    await reportOne(customer, member(1, 'active', { email: address('Admin'), role: 'billing-contact' }));
    expect((await browser.call('GET', '/v1/me')).status).toBe(401);
    await askForLink(browser, address('admin'));
    const late = await linkMailed(fleet, address('admin'), 2);
    await fleet.sql(`update sign_in_link set expires_at = now() - interval '1 s'`);
    expect((await browser.open(late)).status).toBe(410);
  });

  test('cannot be made from what is stored, nor be used at the other door', async () => {
    const { address } = await staffed();
    await askForLink(new Browser(fleet), address('admin'));
    const link = await linkMailed(fleet, address('admin'));
    const token = link.split('/').at(-1) ?? '';
    await fleet.settle();
    const stored = JSON.stringify([
      await fleet.sql(`select * from sign_in_link`),
      await fleet.sql(`select * from notification`),
      await fleet.sql(`select * from work`),
    ]);
    expect(stored).not.toContain(token);
    expect(stored).not.toContain(token.split('.')[1]);
    for (const forged of [
      token.slice(0, -2),
      `${token.split('.')[0] ?? ''}.${'A'.repeat(43)}`,
      'x',
      '..',
      '%00',
      'a'.repeat(900),
    ]) {
      expect((await new Browser(fleet).open(`/billing/sign-in/${forged}`)).status).not.toBe(200);
    }
    expect((await new Browser(fleet).open(`/support/sign-in/${token}`)).headers.getSetCookie()).toEqual([]);
  });

  test('is sent three times at most while the first is good', async () => {
    const { address } = await staffed();
    await Promise.all(Array.from({ length: 5 }, () => askForLink(new Browser(fleet), address('admin'))));
    await linkMailed(fleet, address('admin'), 3);
    await fleet.settle();
    expect(await mailsTo(fleet, address('admin'))).toHaveLength(3);
  });

  test.each(['', 'ana', 'ana@', '@x.example', 'ana@x.example\r\nbcc: b@x.example', 'a'.repeat(300)])(
    'is sent to nothing but an address: %j',
    async (typed) => {
      const answer = await askForLink(new Browser(fleet), typed, {
        to: '/billing/usage',
        headers: { 'accept-language': 'es' },
      });
      const page = await answer.text();
      expect(answer.status).toBe(400);
      expect(page).toContain('no está completa');
      expect(page).toContain('aria-invalid="true"');
      expect(page).toContain('value="/billing/usage"');
    },
  );

  test('leads nowhere but to a page of ours', async () => {
    const { address } = await staffed();
    const browser = new Browser(fleet);
    const wrong = ['//evil.example', '/ops/queues', '"><script>alert(1)</script>'];
    for (const [nth, to] of wrong.entries()) {
      const page = await (await browser.open(`/billing/sign-in?to=${encodeURIComponent(to)}`)).text();
      expect(page).not.toContain('<script');
      await askForLink(browser, address('admin'), { to });
      const link = await linkMailed(fleet, address('admin'), nth + 1);
      const [action = ''] = buttonsOf(await (await browser.open(link)).text());
      expect((await press(browser, action)).headers.get('location')).toBe('/billing/plan');
    }
  });
});

test('whoever asks for many links from one network has to wait', async () => {
  const own = await Fleet.start();
  try {
    const asks = await Promise.all(
      Array.from({ length: 25 }, (_, n) => askForLink(new Browser(own), `n${String(n)}@x.example`)),
    );
    const statuses = asks.map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(20);
    expect(statuses.filter((status) => status === 429)).toHaveLength(5);
    expect(asks.find(({ status }) => status === 429)?.headers.get('retry-after')).toBe('600');
  } finally {
    await own.close();
  }
});
