import { describe, expect, test } from '@jest/globals';
import { call } from '../support/customer.js';
import { linkMailed, mailsTo } from '../support/sign-in.js';
import { until } from '../support/until.js';
import { inBrowser } from './support/in-browser.js';
import type { Person } from './support/person.js';
import { payByCard } from './support/provider-page.js';

const DAY_MS = 86_400_000;

/** Colours in which whoever looks at the page sees it; runs in the page. */
const SCHEME = `document.documentElement.dataset.mantineColorScheme`;

inBrowser('the page around every screen', (stage) => {
  describe('what tests in a browser notice', () => {
    const proof = async (script: string): Promise<string> => {
      const person = await stage.person();
      await person.provesSound();
      await person.page.evaluate(script);
      const error = await person.provesSound().then(
        () => undefined,
        (thrown: unknown) => thrown as Error,
      );
      return error?.message ?? 'nothing';
    };

    test.each([
      ['an error in the console', `console.error('planted')`, 'console: planted'],
      ['an error that nobody caught', `void setTimeout(() => { throw new Error('planted') })`, 'not caught: planted'],
      ['a refused answer', `fetch('/v1/no/such/door').then(() => undefined)`, 'answer: 404 GET'],
      [
        'a script that is not of the page',
        `document.body.append(Object.assign(document.createElement('script'), { textContent: '1' }))`,
        'content policy: script-src',
      ],
      ['a picture without words', `document.body.append(document.createElement('img'))`, 'image-alt'],
      ['a name of a text', `document.body.append('tabs.plan')`, 'raw key: tabs.plan'],
      ['a hole in a text', `document.body.append('{{count}} seats')`, 'a hole in the text'],
      [
        'what is wider than the window',
        `document.body.append(Object.assign(document.createElement('p'), { textContent: 'wide', style: 'width: 3000px' }))`,
        'wider than the window',
      ],
    ])('%s', async (_, script, found) => {
      expect(await proof(script)).toContain(found);
    });
  });

  test('keeps room for what is on its way, and keeps what was there while it is read anew', async () => {
    const person = await stage.person({ to: '/billing/orders' });
    let letIn: () => void = () => undefined;
    const answer = new Promise<void>((resolve) => (letIn = resolve));
    await person.page.route('**/billing', async (route) => {
      await answer;
      await route.continue();
    });
    await person.link('tabs.plan').click();
    await person.page.getByRole('status', { name: person.text('frame.loading') }).waitFor();
    const room = await person.page.locator('main').boundingBox();
    expect(await person.page.locator('.mantine-Skeleton-root').count()).toBe(3);
    letIn();
    await person.sees('plan.noneLead');
    const filled = await person.page.locator('main').boundingBox();
    // What was kept free is about what is filled: nothing below jumps over the screen.
    expect(room?.height ?? 0).toBeGreaterThan((filled?.height ?? 0) / 2);
    await person.provesSound();
  });

  test('says what went wrong, whether money moved, and what to quote to support', async () => {
    const person = await stage.person({ to: '/billing/orders' });
    person.faults.want(503, '/v1/workspaces/');
    const problem = {
      type: '/errors',
      title: '',
      detail: '',
      status: 503,
      code: 'internal_error',
      requestId: 'req-4711',
    };
    await person.page.route('**/v1/workspaces/*/usage', (route) =>
      route.fulfill({ status: 503, contentType: 'application/problem+json', body: JSON.stringify(problem) }),
    );
    await person.link('tabs.usage').click();
    await person.sees('problems.internal_error');
    await person.sees('problemNotice.reference', { reference: 'req-4711' });
    await person.provesSound();
    await person.page.unroute('**/v1/workspaces/*/usage');
    await person.button('failed.again').click();
    await person.sees('usage.empty');
  });

  test('keeps the colours and the language that were chosen', async () => {
    const person = await stage.person();
    await person.field('frame.colours').selectOption('dark');
    await person.speaks('pt-BR');
    await person.page.reload();
    await person.isReady();
    expect(await person.page.evaluate(SCHEME)).toBe('dark');
    await person.sees('plan.noneLead');
    expect(await person.page.evaluate('document.documentElement.lang')).toBe('pt-BR');
    await person.provesSound();
    await person.field('frame.colours').selectOption('auto');
    expect(await person.page.evaluate(SCHEME)).toBe('light');
  });

  describe('what a mail leads to', () => {
    /** Follows the button of the newest mail that speaks of something. */
    async function follows(person: Person, subject: RegExp): Promise<void> {
      const mail = await until(`there is a mail about ${String(subject)}`, async () =>
        (await mailsTo(stage.fleet, person.customer.email)).find((one) => subject.test(one.subject)),
      );
      const [, link = ''] = /: (http\S+)/.exec(mail?.text ?? '') ?? [];
      if (link === '') throw new Error(`no mail about ${String(subject)} with a link: ${mail?.text ?? 'none'}`);
      await person.open(link);
      await person.page.getByRole('heading', { level: 1 }).waitFor();
    }

    test('an end that comes near: the payment of the next term, without a login; an order that ended: the same once more', async () => {
      const customer = await stage.customer();
      await customer.order({ token: 'tok_visa' });
      await stage.fleet.settle();
      await call(stage.fleet, 'PUT', `/v1/workspaces/${customer.id}/auto-renewal`, { body: { on: false } });
      const upgradeId = await customer.order({ quote: await customer.price({ kind: 'upgrade', plan: 'pro' }) });
      await customer.checkout(upgradeId);
      await stage.fleet.settle();
      stage.fleet.clock.advanceMs(174 * DAY_MS);
      await stage.fleet.settle();
      const person = await stage.person({ customer, to: '/billing/usage' });
      await follows(person, /Order \d+ has expired/);
      await person.isOn(`/billing/orders/${upgradeId}`);
      await person.button('again.order').waitFor();
      await person.provesSound();
      await person.page.context().clearCookies();
      await follows(person, /Your Advanced plan ends/);
      await person.page.locator('a.go, form button').first().click();
      await payByCard(person.page);
      await until('the next term is paid', async () => (await customer.story()).orders.at(-1) === 'fulfilled');
    });

    test('a card that ends: the place where another one is stored, also for whoever has to sign in first', async () => {
      const customer = await stage.customer();
      await customer.order({ token: 'tok_expiring' });
      await stage.fleet.settle();
      stage.fleet.clock.advanceMs(170 * DAY_MS);
      await stage.fleet.settle();
      const person = await stage.person({ customer, to: '/billing/orders' });
      await follows(person, /expires before/);
      await person.isReady();
      await person.sees('method.replaceLead');
      await person.provesSound();
      await person.page.context().clearCookies();
      await follows(person, /expires before/);
      await person.page.locator('input[type="email"]').fill(customer.email);
      await person.page.locator('button').first().click();
      await person.open(await linkMailed(stage.fleet, customer.email));
      await person.page.locator('form button').first().click();
      await person.sees('method.replaceLead');
    });
  });
});
