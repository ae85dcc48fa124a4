import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { Browser } from '../support/browser.js';
import { Customer } from '../support/customer.js';
import { Fleet } from '../support/fleet.js';

jest.setTimeout(60_000);

const SCRIPT = `export const shown = ${JSON.stringify('x'.repeat(2_000))};`;
let folder: string;
let fleet: Fleet;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'billfleet-page-'));
  await mkdir(path.join(folder, 'assets'));
  await writeFile(
    path.join(folder, 'index.html'),
    '<!doctype html><html><head><title>The page</title></head><body></body></html>',
  );
  await writeFile(path.join(folder, 'assets/app-0a1b.js'), SCRIPT);
  await writeFile(path.join(folder, 'assets/app-0a1b.js.gz'), gzipSync(SCRIPT));
  await writeFile(path.join(folder, 'assets/.hidden'), 'secret');
  await writeFile(path.join(folder, 'manifest.json'), '{}');
  const theme = { name: 'Padaria', logo: 'https://cdn.example.com/logo.svg', supportEmail: 'help@example.com' };
  await writeFile(path.join(folder, 'theme.json'), JSON.stringify(theme));
  fleet = await Fleet.start({
    env: { BILLFLEET_PAGE_DIR: folder, BILLFLEET_THEME_FILE: path.join(folder, 'theme.json') },
  });
  visitor = await Browser.enter(await Customer.register(fleet, 'US'));
});
afterAll(async () => {
  await fleet.close();
  await rm(folder, { recursive: true, force: true });
});

let visitor: Browser;
const open = (address: string, headers: Record<string, string> = {}): Promise<Response> =>
  visitor.open(address, { headers });
const openAsStranger = (address: string, headers: Record<string, string> = {}): Promise<Response> =>
  new Browser(fleet).open(address, { headers });

describe('the billing page', () => {
  test.each([
    '/billing',
    '/billing/',
    '/billing/plan',
    '/billing/plan?action=update-method',
    '/billing/orders/0199',
    '/billing/no/such/place',
  ])('is the same file at %s', async (address) => {
    const answer = await open(address);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(await answer.text()).toContain('<title>The page</title>');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
  });

  test.each(['/support', '/support/workspaces/1'])('lets nobody but staff see %s', async (address) => {
    const answer = await open(address);
    expect([answer.status, answer.headers.get('location')]).toEqual([
      303,
      `/support/sign-in?to=${encodeURIComponent(address)}`,
    ]);
  });

  test('runs no script but those of its build, in no frame, and talks to nobody else', async () => {
    const answer = await open('/billing/plan');
    const policy = new Map(
      (answer.headers.get('content-security-policy') ?? '').split('; ').map((rule) => {
        const [name = '', ...sources] = rule.split(' ');
        return [name, sources.join(' ')];
      }),
    );
    const nonce = /'nonce-([\w+/=]{24})'/.exec(policy.get('style-src') ?? '')?.[1] ?? '';
    expect(Object.fromEntries(policy)).toEqual({
      ...{ 'default-src': `'none'`, 'script-src': `'self'`, 'connect-src': `'self'`, 'font-src': `'self'` },
      ...{
        'style-src': `'self' 'nonce-${nonce}'`,
        'img-src': `'self' data: https://cdn.example.com`,
        'form-action': `'self'`,
      },
      ...{ 'frame-ancestors': `'none'`, 'base-uri': `'none'` },
    });
    expect(await answer.text()).toContain(`<meta name="csp-nonce" content="${nonce}">`);
    expect((await open('/billing/plan')).headers.get('content-security-policy')).not.toContain(nonce);
  });

  test('looks as the theme says, for everybody and without a build', async () => {
    const shown = (await (await openAsStranger('/billing/theme.json')).json()) as Readonly<Record<string, unknown>>;
    expect(shown).toMatchObject({ name: 'Padaria', logo: 'https://cdn.example.com/logo.svg', radius: 'small' });
    expect((await visitor.call('GET', '/v1/me')).body['theme']).toEqual(shown);
  });

  test('has files that browsers keep, compressed where they can read it', async () => {
    const plain = await open('/billing/assets/app-0a1b.js', { 'accept-encoding': 'identity' });
    expect([plain.status, await plain.text()]).toEqual([200, SCRIPT]);
    expect(plain.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(plain.headers.get('content-type')).toMatch(/javascript; charset=utf-8$/);
    expect(plain.headers.get('x-content-type-options')).toBe('nosniff');
    expect(plain.headers.get('cross-origin-resource-policy')).toBe('same-origin');
    const small = await open('/billing/assets/app-0a1b.js', { 'accept-encoding': 'gzip' });
    expect([small.headers.get('content-encoding'), await small.text()]).toEqual(['gzip', SCRIPT]);
    expect(small.headers.get('vary')).toMatch(/accept-encoding/i);
  });

  test.each([
    '/billing/assets/gone-1234.js',
    '/billing/assets/../manifest.json',
    '/billing/assets/%2e%2e/manifest.json',
    '/billing/assets/..%2fmanifest.json',
    '/billing/assets/.hidden',
    '/billing/assets/',
    '/billing/assets/%00',
  ])('serves nothing else of the disk: %s', async (address) => {
    const answer = await open(address);
    const text = await answer.text();
    // A browser resolves the dots itself; then it is one more address of the page.
    if (answer.status === 200) expect(text).toContain('<title>The page</title>');
    else expect([400, 403, 404]).toContain(answer.status);
    expect(text).not.toMatch(/secret|^\{\}$/);
  });

  test('leaves a payer without a session where he is told what anybody may know', async () => {
    const back = await openAsStranger('/billing/orders/0199?from=payment');
    expect(await back.text()).toContain('We are confirming your payment');
    expect(await (await open('/billing/orders/0199?from=payment')).text()).toContain('<title>The page</title>');
    const invented = await openAsStranger('/billing/orders/0199?from=payment', {
      cookie: `bf_session=${'a'.repeat(43)}`,
    });
    expect(await invented.text()).toContain('We are confirming your payment');
  });
});

test('a fleet without a build says what to run, and its API works', async () => {
  const bare = await Fleet.start({ env: { BILLFLEET_PAGE_DIR: path.join(folder, 'nowhere') } });
  try {
    const browser = await Browser.enter(await Customer.register(bare, 'US'));
    const answer = await browser.open('/billing/plan');
    expect([answer.status, await answer.text()]).toEqual([503, expect.stringContaining('./billfleet up')]);
    expect((await browser.call('GET', '/v1/me')).status).toBe(200);
  } finally {
    await bare.close();
  }
});
