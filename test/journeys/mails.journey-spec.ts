import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { workEngine } from '../../apps/cli/src/work-engine.js';
import { call } from '../support/customer.js';
import type { Customer } from '../support/customer.js';
import { inEveryMode } from '../support/journey.js';
import { until } from '../support/until.js';

type Mail = {
  readonly subject: string;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  readonly text: string;
  readonly html: string;
  readonly source: string;
};

const FORM = 'application/x-www-form-urlencoded';

inEveryMode('mails', (given) => {
  const arrived = async (customer: Customer): Promise<readonly Mail[]> => {
    const list = await given.fleet.atSandbox(`/mailbox/messages?to=${encodeURIComponent(customer.email)}`);
    const { messages } = (await list.json()) as { messages: readonly { id: number }[] };
    const read = async ({ id }: { id: number }): Promise<Mail> =>
      (await (await given.fleet.atSandbox(`/mailbox/messages/${String(id)}`)).json()) as Mail;
    return Promise.all(messages.map(read));
  };
  const headerOf = (mail: Mail | undefined, name: string): string | undefined =>
    mail?.headers.find((one) => one.name.toLowerCase() === name)?.value.replace(/\s+/g, '');
  const warnings = async (customer: Customer): Promise<number> =>
    (await customer.mails()).filter((template) => template === 'usage_warning').length;
  const report = async (customer: Customer, value: number): Promise<void> => {
    const observedAt = given.fleet.clock.now().toISOString();
    const body = { meter: 'leads', value, observedAt };
    await call(given.fleet, 'POST', `/v1/workspaces/${customer.id}/usage`, { body, key: randomUUID() });
    await given.fleet.settle();
    given.fleet.clock.advanceMs(1_000);
  };
  /** What an operator does about the mail that was refused. */
  const decide = async (does: 'kill' | 'retry'): Promise<void> => {
    const desk = await workEngine(given.fleet.config);
    const dead = await given.fleet.sql<{ id: string }>(`select id from work where dead_at is not null`);
    const ids = dead.map(({ id }) => id);
    await desk[does](ids, { actor: 'a journey', reason: 'the host product asked for another address' });
    await desk.close();
  };
  const left = (customer: Customer): Promise<readonly object[]> =>
    given.fleet.sql(
      `select template, failure from notification where workspace_id = $1 and status = 'suppressed' order by id`,
      [customer.id],
    );
  const at = (path: string, method = 'GET', contentType = FORM): Promise<Response> =>
    fetch(`http://127.0.0.1:${String(given.fleet.config.port)}${path}`, {
      method,
      ...(method === 'GET' ? {} : { headers: { 'content-type': contentType }, body: 'List-Unsubscribe=One-Click' }),
      redirect: 'manual',
    });
  const askedFor = async (
    path: string,
    method?: string,
    contentType?: string,
  ): Promise<{ status: number; text: string }> => {
    for (let tries = 0; ; tries += 1) {
      const answer = await at(path, method, contentType);
      if (answer.status < 500 || tries > 5) return { status: answer.status, text: await answer.text() };
    }
  };

  test('a warning can be stopped by one click and be had again; what pays or blocks comes in any case', async () => {
    const customer = await given.customer('MX');
    await customer.order({ quote: await customer.quote({ plan: 'advanced', seats: 1 }), token: 'tok_visa' });
    await report(customer, 3_800);
    const mails = await arrived(customer);
    const warning = mails.find((mail) => headerOf(mail, 'list-unsubscribe') !== undefined);
    expect(mails.filter((mail) => headerOf(mail, 'list-unsubscribe') !== undefined)).toHaveLength(1);
    expect(await customer.mails()).toEqual(['receipt', 'usage_warning']);
    expect(headerOf(warning, 'list-unsubscribe-post')).toBe('List-Unsubscribe=One-Click');
    const url = /^<(.+)>$/.exec(headerOf(warning, 'list-unsubscribe') ?? '')?.[1] ?? '';
    expect(warning?.text).toContain(`Dejar de recibir estos avisos: ${url}`);
    expect(warning?.html).toContain(`href="${url}"`);
    const path = new URL(url).pathname;

    const page = await at(path);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(page.headers.get('cache-control')).toBe('no-store');
    const html = await page.text();
    expect(html).toContain('Estos avisos se envían.');
    expect(html).not.toContain(customer.email);
    // A look stops nothing.
    await report(customer, 4_600);
    expect(await warnings(customer)).toBe(2);

    for (let clicks = 0; clicks < 2; clicks += 1)
      expect(await askedFor(path, 'POST')).toMatchObject({ status: 200, text: expect.stringContaining('ya no se') });
    await report(customer, 3_000);
    await report(customer, 3_800);
    expect(await warnings(customer)).toBe(2);
    expect(await left(customer)).toEqual([{ template: 'usage_warning', failure: 'its receiver unsubscribed' }]);
    await report(customer, 5_000);
    expect((await customer.mails()).filter((template) => template === 'usage_limit_reached')).toHaveLength(1);

    expect((await askedFor(`${path}/undo`, 'POST', 'text/plain')).text).toContain('Estos avisos se envían.');
    await report(customer, 3_000);
    await report(customer, 3_800);
    expect(await warnings(customer)).toBe(3);
  });

  test('whoever orders with Pix gets the code by mail, as text and as a picture, once for each code', async () => {
    const customer = await given.customer('BR');
    const orderId = await customer.order({ method: 'pix' });
    await given.fleet.settle();
    expect(await customer.mails()).toEqual(['order_to_pay']);
    const [mail] = await arrived(customer);
    const pixCode = (await customer.look(orderId)).attempts[0]?.pixCode ?? 'no code';
    expect(mail?.subject).toMatch(/^Pedido \d+: pague R\$ 4\.680,00 com Pix$/);
    expect(mail?.text.split(/\r?\n/)).toContain(pixCode);
    expect(mail?.source).toContain('Content-ID: <code@billfleet>');
    // The mailbox puts the picture into the page, as mail programs do.
    expect(mail?.html).toMatch(/<img src="data:image\/png;base64,[\w+/=]{200,}" alt="QR Code deste pagamento/);
    expect(Buffer.byteLength(mail?.source ?? '')).toBeLessThan(100_000);
    await customer.pay(orderId);
    await given.fleet.settle();
    expect(await customer.mails()).toEqual(['order_to_pay', 'receipt']);
  });

  test('a code that nobody can pay by any more is not sent', async () => {
    const customer = await given.customer('BR');
    await given.fleet.stopWorker('delivery-worker');
    const orderId = await customer.order({ method: 'pix' });
    await customer.pay(orderId);
    await until('the order is paid', async () => (await customer.look(orderId)).status === 'fulfilled');
    await given.fleet.startWorker('delivery-worker');
    await given.fleet.settle();
    expect(await customer.mails()).toEqual(['receipt']);
  });

  test('an address that takes no mail is told once; it gets no more warnings, but what matters is still tried', async () => {
    const customer = await given.customer('US');
    const bounces = async (): Promise<readonly unknown[]> => {
      const rows = await given.fleet.sql<{ data: unknown }>(
        `select data from event where workspace_id = $1 and type = 'mail.bounced'`,
        [customer.id],
      );
      return rows.map(({ data }) => data);
    };
    await given.fleet.atSandbox('/mailbox/faults', { refuse550: 1 });
    await customer.order({ quote: await customer.quote({ seats: 1 }), token: 'tok_visa' });
    await until('the receipt bounced', async () => (await bounces()).length > 0);
    expect(await bounces()).toEqual([
      { mailId: expect.any(String), template: 'receipt', recipient: customer.email, code: '550' },
    ]);
    await given.fleet.settle();
    await decide('kill');
    await report(customer, 3_800);
    expect(await left(customer)).toEqual([{ template: 'usage_warning', failure: 'its address takes no mail' }]);
    await given.fleet.atSandbox('/mailbox/faults', {});
    await report(customer, 5_000);
    expect(await customer.mails()).toEqual(['usage_limit_reached']);
    // It took a mail, so warnings come again.
    await report(customer, 3_000);
    await report(customer, 3_800);
    expect(await customer.mails()).toEqual(['usage_limit_reached', 'usage_warning']);
    expect(await bounces()).toHaveLength(1);
    await decide('retry');
    await given.fleet.settle();
    expect(await customer.mails()).toEqual(['receipt', 'usage_limit_reached', 'usage_warning']);
  });

  test('a mail server that is busy, or hangs up in the middle, loses no receipt and doubles no warning', async () => {
    const customer = await given.customer('US');
    await given.fleet.atSandbox('/mailbox/faults', { refuse421: 1 });
    await customer.order({ quote: await customer.quote({ seats: 1 }), token: 'tok_visa' });
    const refused = (): Promise<readonly object[]> =>
      given.fleet.sql(
        `select w.id from work w join notification n on n.id = w.ref where n.workspace_id = $1 and w.last_error like '%refused: 421'`,
        [customer.id],
      );
    await until('the receipt was refused for now', async () => (await refused()).length > 0);
    await given.fleet.atSandbox('/mailbox/faults', {});
    await given.fleet.settle();
    expect(await customer.mails()).toEqual(['receipt']);
    await given.fleet.atSandbox('/mailbox/faults', { dropAfterData: 1 });
    await report(customer, 3_800);
    const stands = await given.fleet.sql(
      `select template, status from notification where workspace_id = $1 order by template`,
      [customer.id],
    );
    expect(stands.at(-1)).toEqual({ template: 'usage_warning', status: 'uncertain' });
    await given.fleet.atSandbox('/mailbox/faults', {});
    await given.fleet.settle();
    expect(await customer.mails()).toEqual(['receipt', 'usage_warning']);
  });

  test('a link that we did not sign stops nothing, and forms are taken nowhere else', async () => {
    const forged = `/mail/unsubscribe/${'A'.repeat(22)}.${'A'.repeat(43)}`;
    expect((await askedFor(forged, 'POST')).status).toBe(404);
    expect((await askedFor(forged)).status).toBe(404);
    for (const elsewhere of ['/v1/orders', `${forged}/undo`])
      expect((await askedFor(elsewhere, 'POST')).status).toBe(415);
  });
});
