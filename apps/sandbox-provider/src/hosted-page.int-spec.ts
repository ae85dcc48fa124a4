import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { observed, SandboxHarness } from './sandbox-harness.js';

let sandbox: SandboxHarness;

beforeEach(async () => {
  sandbox = await SandboxHarness.open();
});

afterEach(async () => {
  await sandbox.close();
});

const form = (url: string, fields: Record<string, string>): Promise<Response> =>
  fetch(url, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' });

describe('the hosted page', () => {
  test('takes a card, says what is wrong, and sends the payer back', async () => {
    const { url } = await sandbox.checkout({ installments: 3, amountMinor: 10_000n });
    const page = await fetch(url);
    const markup = await page.text();
    expect(page.status).toBe(200);
    expect(page.headers.get('content-security-policy')).toContain("form-action 'self' http://127.0.0.1:3000");
    expect(markup).toContain('<html lang="en">');
    expect(markup).toContain('5 seats &lt;Base&gt; &amp; more');
    expect(markup).toContain('$100.00');
    expect(markup).toContain('$33.34, then 2 × $33.33');
    expect(markup).not.toMatch(/<script|style="| on\w+="/);

    const refused = await form(url, { method: 'card', number: '4000 0000 0000 9995' });
    expect(refused.status).toBe(402);
    expect(await refused.text()).toContain('role="alert"');
    const real = await form(url, { method: 'card', number: '4111111111111111' });
    expect(await real.text()).toContain('not one of the test cards');
    const paid = await form(url, { method: 'card', number: '4242 4242 4242 4242' });
    expect(paid.status).toBe(303);
    expect(paid.headers.get('location')).toBe('http://127.0.0.1:3000/orders/order-1');
    expect(await (await fetch(url)).text()).toContain('The payment has arrived');
  });

  test('shows a Pix code as image and text, in the language of the browser', async () => {
    const started = await sandbox.checkout({
      method: 'pix',
      currency: 'BRL',
      amountMinor: 187_200n,
      payer: { country: 'BR' },
    });
    const page = await fetch(started.url, { headers: { 'accept-language': 'pt-BR,pt;q=0.9,en;q=0.5' } });
    const markup = await page.text();
    expect(markup).toContain('<html lang="pt-BR">');
    expect(markup).toContain('R$\u00a01.872,00');
    expect(markup).toContain('<svg');
    expect(started.pixCode).toContain('54071872.00');
    expect(markup).toContain(started.pixCode);
    const paid = await form(started.url, { method: 'pix' });
    expect(paid.status).toBe(303);
    expect(observed(await sandbox.provider.fetchMany([started.reference]))[0]?.storedMethod).toBeUndefined();
  });

  test('takes PayPal in Spanish, and can be cancelled', async () => {
    const first = await sandbox.checkout({ method: 'paypal' });
    expect(await (await fetch(`${first.url}?lang=es`)).text()).toContain('Pagar con la cuenta de prueba');
    expect((await form(first.url, { method: 'paypal' })).status).toBe(303);
    const second = await sandbox.checkout({ method: 'paypal', attemptId: 'attempt-2' }, 'key-2');
    expect((await form(`${second.url}/cancel`, {})).status).toBe(303);
    expect(await (await fetch(second.url)).text()).toContain('This checkout was cancelled');
  });

  test('says that it has expired, and knows no other addresses', async () => {
    const { url } = await sandbox.checkout();
    sandbox.clock.advanceMs(3_600_000);
    expect(await (await fetch(url)).text()).toContain('The time to pay has run out');
    expect((await form(url, { method: 'card', number: '4242424242424242' })).status).toBe(409);
    const nowhere = await fetch(new URL('/pay/chk_nobody', sandbox.baseUrl));
    expect(nowhere.status).toBe(404);
    expect(await nowhere.text()).toContain('Not found');
  });

  test('is listed for developers', async () => {
    const { reference } = await sandbox.checkout();
    const markup = await (await fetch(new URL('/', sandbox.baseUrl))).text();
    expect(markup).toContain(`href="/pay/${reference}"`);
    expect((await fetch(new URL('/sandbox.css', sandbox.baseUrl))).headers.get('content-type')).toContain('text/css');
    expect((await fetch(new URL('/health/ready', sandbox.baseUrl))).status).toBe(200);
  });
});
