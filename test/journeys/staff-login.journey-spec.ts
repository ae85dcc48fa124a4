import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { actions, mayRole } from '@billfleet/domain';
import { newId } from '@billfleet/billing';
import { Browser } from '../support/browser.js';
import { Customer } from '../support/customer.js';
import { Fleet } from '../support/fleet.js';
import { askForLink, buttonsOf, linkMailed, mailsTo } from '../support/sign-in.js';

jest.setTimeout(60_000);

let fleet: Fleet;
let customer: Customer;
beforeAll(async () => {
  fleet = await Fleet.start();
  customer = await Customer.register(fleet, 'US');
});
afterAll(() => fleet.close());

/** Somebody on the staff, as the command line adds him; answers his address. */
async function hire(role: string, name = 'Ana Souza'): Promise<string> {
  const email = `${role}-${randomUUID().slice(0, 8)}@seller.example`;
  await fleet.sql(`insert into staff_account (id, email, name, role) values ($1, $2, $3, $4)`, [
    newId(),
    email,
    name,
    role,
  ]);
  return email;
}

async function signedIn(email: string, to = ''): Promise<{ browser: Browser; entered: Response; action: string }> {
  const browser = new Browser(fleet);
  await askForLink(browser, email, { door: 'support', to });
  const page = await (await browser.open(await linkMailed(fleet, email))).text();
  const [action = ''] = buttonsOf(page);
  return {
    browser,
    entered: await browser.open(action, { method: 'POST', headers: { 'content-type': 'text/plain' } }),
    action,
  };
}

const refundOf = (id: string): Readonly<Record<string, unknown>> => ({ workspaceId: id, kind: 'refund' });

describe('the login of staff', () => {
  test('is a link by mail that lets in once, into a session for what lies below /support alone', async () => {
    const email = await hire('support');
    const { browser, entered, action } = await signedIn(email.toUpperCase(), '/support/workspaces?q=1');
    expect([entered.status, entered.headers.get('location')]).toEqual([303, '/support/workspaces?q=1']);
    expect(entered.headers.getSetCookie()[0]).toMatch(
      /^bf_staff=[\w-]{43}; Max-Age=28800; Path=\/support; HttpOnly; SameSite=Lax$/,
    );
    expect((await mailsTo(fleet, email))[0]?.subject).toBe('Your link to the support console of Billfleet');
    const me = await browser.call('GET', '/support/v1/me');
    expect(me.body).toMatchObject({
      ...{ role: 'support', workspace: null, person: { name: 'Ana Souza', email } },
      may: actions.filter((one) => mayRole('support', one)),
    });
    expect(
      (await new Browser(fleet).open(action, { method: 'POST', headers: { 'content-type': 'text/plain' } })).status,
    ).toBe(410);
    // The cookie of staff means nothing at the address of customers, nor the other way round, nor does a key here.
    expect((await browser.call('GET', '/v1/me')).status).toBe(401);
    const own = await Browser.enter(customer);
    expect((await own.call('GET', '/support/v1/me')).status).toBe(401);
    const key = { authorization: `Bearer ${fleet.apiKey}` };
    expect((await new Browser(fleet).call('GET', '/support/v1/me', undefined, key)).status).toBe(401);
    expect((await browser.call('POST', '/support/leave')).status).toBe(204);
  });

  test('is for nobody but staff, and ends when somebody is removed or gets another role', async () => {
    for (const stranger of [customer.email, 'nobody@seller.example']) {
      expect((await askForLink(new Browser(fleet), stranger, { door: 'support' })).status).toBe(200);
    }
    const email = await hire('support');
    const { browser } = await signedIn(email);
    expect(await mailsTo(fleet, 'nobody@seller.example')).toEqual([]);
    await fleet.sql(`update staff_account set role = 'viewer' where email = $1`, [email]);
    expect((await browser.call('GET', '/support/v1/me')).body).toMatchObject({ role: 'viewer' });
    await fleet.sql(`update staff_account set removed_at = now() where email = $1`, [email]);
    expect((await browser.call('GET', '/support/v1/me')).body).toMatchObject({ status: 401, code: 'session_ended' });
    expect((await askForLink(new Browser(fleet), email, { door: 'support' })).status).toBe(200);
    await fleet.settle();
    expect(await mailsTo(fleet, email)).toHaveLength(1);
  });

  test('sends whoever has no session to sign in', async () => {
    const away = await new Browser(fleet).open('/support/workspaces/1?tab=orders');
    expect([away.status, away.headers.get('location')]).toEqual([
      303,
      `/support/sign-in?to=${encodeURIComponent('/support/workspaces/1?tab=orders')}`,
    ]);
    expect(await (await new Browser(fleet).open('/support/sign-in')).text()).toContain(
      'Sign in to the support console',
    );
  });
});

describe('staff', () => {
  test('who only look change nothing', async () => {
    const { browser } = await signedIn(await hire('viewer'));
    expect((await browser.call('GET', `/support/v1/workspaces/${customer.id}/members`)).status).toBe(200);
    for (const action of actions.filter((one) => mayRole('viewer', one))) expect(action).toMatch(/^(read|see|find)-/);
    const quote = await browser.call('POST', '/support/v1/quotes', refundOf(customer.id));
    expect(quote.body).toMatchObject({ status: 403, code: 'role_missing', field: 'Cookie', found: 'the role viewer' });
  });

  test('are on record by name with every change that they ask for, once, and with what came of it', async () => {
    const email = await hire('support', 'Bia Lima');
    const { browser } = await signedIn(email);
    const [actor, workspace] = [`staff Bia Lima (${email})`, `workspace ${customer.id}`];
    const wish = { workspaceId: customer.id, plan: 'base', seats: 1, periodMonths: 6 };
    for (const over of [{ 'billfleet-page': undefined }, { origin: 'https://evil.example' }]) {
      expect((await browser.call('POST', '/support/v1/quotes', wish, over)).status).toBe(403);
    }
    // A price changes nothing.
    expect((await browser.call('POST', '/support/v1/quotes', wish)).status).toBe(201);
    const order = await customer.order({ token: 'tok_visa' });
    await fleet.settle();
    const refund = { subscription: 'keep', what: 'amount', amountMinor: '100', currency: 'USD', reason: 'they waited' };
    const giveBack = async (key: string, amountMinor = '100'): Promise<number> => {
      const path = `/support/v1/orders/${order}/refunds`;
      const answer = await browser.call('POST', path, { ...refund, amountMinor }, { 'idempotency-key': key });
      return answer.status;
    };
    expect([await giveBack('once-1'), await giveBack('once-1')]).toEqual([201, 201]);
    expect(await giveBack('too-much', '99999999')).toBe(409);
    fleet.crashAtCommit(1);
    expect(await giveBack('it-crashed')).toBeGreaterThanOrEqual(500);
    fleet.crashAtCommit(0);
    expect((await browser.call('POST', `/support/v1/workspaces/${customer.id}/closings`, {})).status).toBe(400);
    const renewal = `/support/v1/workspaces/${customer.id}/auto-renewal`;
    expect((await browser.call('PUT', renewal, { on: false })).status).toBe(204);
    const entries = await fleet.sql(
      `select action, subject, reason, outcome, after, answer from ops_action where actor = $1 order by id`,
      [actor],
    );
    const asked = {
      action: 'POST /v1/orders/:id/refunds',
      subject: `order ${order}`,
      reason: 'they waited',
      after: null,
    };
    const unsaid = { reason: 'by hand on the support console', subject: workspace, after: null };
    const after = '1.00 USD go back';
    expect(entries).toEqual([
      { ...asked, action: 'order.refund', outcome: 'done', after, answer: null },
      { ...asked, outcome: 'repeated', answer: null },
      { ...asked, outcome: 'refused', answer: 'refund_exceeds_rest' },
      { ...asked, outcome: 'failed', answer: null },
      {
        ...unsaid,
        action: 'POST /v1/workspaces/:id/closings',
        outcome: 'refused',
        answer: expect.stringContaining('field_missing'),
      },
      { ...unsaid, action: 'PUT /v1/workspaces/:id/auto-renewal', outcome: 'done', answer: null },
    ]);
    expect(await fleet.sql(`select reason from refund where order_id = $1`, [order])).toEqual([{ reason: 'goodwill' }]);
    await fleet.settle();
  });
});
