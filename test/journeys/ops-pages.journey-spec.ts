import { queues } from '@billfleet/contracts';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { z } from 'zod';
import { Customer } from '../support/customer.js';
import { Fleet } from '../support/fleet.js';
import { until } from '../support/until.js';

jest.setTimeout(60_000);

let fleet: Fleet;
beforeAll(async () => {
  fleet = await Fleet.start();
});
afterAll(async () => {
  await fleet.close();
});

const login = (): Record<string, string> => {
  const { opsUser, opsPassword } = fleet.config;
  return { authorization: `Basic ${Buffer.from(`${opsUser}:${opsPassword}`).toString('base64')}` };
};

const at = (path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(`http://127.0.0.1:${String(fleet.config.port)}${path}`, init);

describe('the pages for operators', () => {
  test.each([
    '/ops/queues',
    '/ops/queues/',
    '/ops/queues/api/queues',
    '/metrics',
    '//metrics',
    '/%6fps/queues',
    '/%6fps/queues/api/queues',
    '/metric%73',
  ])('%s answers nobody without the login', async (path) => {
    for (const headers of [{}, { authorization: 'Basic b3BzOm9wcw==' }, { authorization: `Bearer ${fleet.apiKey}` }]) {
      const response = await at(path, { headers });
      expect([401, 404]).toContain(response.status);
      expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    }
  });

  test('take no change that another site starts', async () => {
    const path = '/ops/queues/api/queues/order/pause';
    for (const headers of [{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }]) {
      const response = await at(path, { method: 'PUT', headers: { ...login(), ...headers } });
      expect(response.status).toBe(403);
      expect(await response.json()).toMatchObject({ code: 'cross_site', moneyMoved: false });
    }
    expect(await fleet.sql(`select 1 from ops_action`)).toEqual([]);
  });

  test('show the numbers of the gateway to whoever has the login', async () => {
    const response = await at('/metrics', { headers: login() });
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('billfleet_http_requests_total');
  });
});

const boardQueues = z.object({
  queues: z.array(
    z.object({
      name: z.string(),
      jobs: z.array(
        z.object({ id: z.string(), data: z.record(z.string(), z.unknown()), failedReason: z.string().optional() }),
      ),
    }),
  ),
});

describe('Bull Board', () => {
  const board = async (query = ''): Promise<z.output<typeof boardQueues>['queues']> => {
    const response = await at(`/ops/queues/api/queues${query}`, { headers: login() });
    expect(response.status).toBe(200);
    return boardQueues.parse(await response.json()).queues;
  };

  test('has a page and lists the five queues', async () => {
    expect(await (await at('/ops/queues', { headers: login() })).text()).toContain('Billfleet queues');
    expect((await board()).map(({ name }) => name).toSorted()).toEqual(queues.map(({ name }) => name).toSorted());
  });

  test('shows a failed try with its reason, and its retry does the work', async () => {
    await fleet.atSandbox('/mailbox/faults', { refuse550: 1 });
    const customer = await Customer.register(fleet);
    await customer.pay(await customer.order());
    await until('the mail server refused the receipt for good', async () => {
      return (await fleet.sql(`select 1 from work where dead_at is not null and kind = 'mail.send'`)).length === 1;
    });
    const failed = await until(
      'the failed try is on the page',
      async () => (await board('?activeQueue=delivery&status=failed')).find(({ name }) => name === 'delivery')?.jobs[0],
      { isDone: (job) => job?.failedReason !== undefined },
    );
    expect(failed?.failedReason).toMatch(/^work \d+: mail [0-9a-f-]+ refused: /);
    expect(Object.keys(failed?.data ?? {})).toEqual(['work']);
    await fleet.atSandbox('/mailbox/faults', {});
    const retry = await at(`/ops/queues/api/queues/delivery/${failed?.id ?? ''}/retry`, {
      method: 'PUT',
      headers: { ...login(), 'sec-fetch-site': 'same-origin' },
    });
    expect(retry.ok).toBe(true);
    await until('the receipt arrived', async () => (await customer.mails()).length === 1);
    await fleet.settle();
    expect(await customer.mails()).toEqual(['receipt']);
    expect(await fleet.sql(`select status from notification`)).toEqual([{ status: 'sent' }]);
    expect(await fleet.sql(`select 1 from work where dead_at is not null`)).toEqual([]);
    expect(await fleet.sql(`select actor, reason from ops_action`)).toEqual([
      { actor: fleet.config.opsUser, reason: expect.stringMatching(/./) },
    ]);
    await fleet.audit();
  });

  test('shows whose request came through a queue, and nothing of what it says', async () => {
    const queue = fleet.queues.find(({ name }) => name === 'order');
    const body = JSON.stringify({ secret: 'Ana Souza' });
    await queue?.add('order.place', { intake: [{ body, publisher: 'nobody', signature: '0'.repeat(64) }] });
    const failed = await until(
      'the forged request failed',
      async () => (await board('?activeQueue=order&status=failed')).find(({ name }) => name === 'order')?.jobs[0],
      { isDone: (job) => job?.failedReason !== undefined },
    );
    expect(failed?.failedReason).toContain('no usable key signed this message');
    expect(JSON.stringify(failed)).not.toContain('Ana Souza');
  });
});

const document = z.object({
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.object({ operationId: z.string(), security: z.unknown().optional(), requestBody: z.unknown().optional() }),
    ),
  ),
});

describe('the documentation', () => {
  test('is a page and a document', async () => {
    expect(await (await at('/docs')).text()).toContain('Billfleet API');
    const { paths } = document.parse(await (await at('/docs-json')).json());
    expect(Object.keys(paths)).toEqual(
      expect.arrayContaining(['/v1/workspaces', '/v1/quotes', '/v1/orders', '/v1/orders/{id}']),
    );
  });

  test('names only routes that refuse whoever brings no key, except for the providers’ webhooks', async () => {
    const { paths } = document.parse(await (await at('/docs-json')).json());
    const found: Record<string, number> = {};
    const withoutBody: string[] = [];
    for (const [path, methods] of Object.entries(paths))
      for (const [method, operation] of Object.entries(methods)) {
        const response = await at(path.replaceAll(/\{[^}]+\}/g, '0190a000-0000-7000-8000-0000000000a1'), {
          method: method.toUpperCase(),
        });
        found[operation.operationId] = response.status;
        if (method === 'post' && operation.requestBody === undefined) withoutBody.push(operation.operationId);
      }
    // A cancellation says all by its address, and what a webhook holds is up to its provider.
    expect(withoutBody.sort()).toEqual(['cancelOrder', 'receiveWebhook']);
    const { receiveWebhook, ...others } = found;
    expect(receiveWebhook).toBe(404);
    expect(new Set(Object.values(others))).toEqual(new Set([401]));
    expect(Object.keys(others).length).toBeGreaterThan(8);
  });
});
