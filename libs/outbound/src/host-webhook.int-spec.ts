import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { LookupAddress } from 'node:dns';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { hostWebhook } from './host-webhook.js';
import type { HostWebhook, HostWebhookOptions, Resolve } from './host-webhook.js';

const secret = `whsec_${Buffer.alloc(32, 's').toString('base64')}`;
const event = {
  id: 'delivery-1',
  type: 'subscription.changed',
  workspaceId: 'w-1',
  sequence: 3,
  occurredAt: new Date('2026-09-01T12:00:00Z'),
  data: { seats: 5 },
};

let server: Server;
let url: string;
let answer: (request: IncomingMessage, response: ServerResponse, body: string) => void;
let calls: { headers: IncomingMessage['headers']; body: string; port: number | undefined }[];
const opened: HostWebhook[] = [];

beforeEach(async () => {
  calls = [];
  answer = (_request, response) => response.end();
  server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      calls.push({ headers: request.headers, body, port: request.socket.remotePort });
      answer(request, response, body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/hook`;
});
afterEach(async () => {
  for (const webhook of opened.splice(0)) webhook.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const webhookTo = (options: Partial<HostWebhookOptions> = {}): HostWebhook => {
  const webhook = hostWebhook({ url, secret, allowPrivate: true, timeoutMs: 1_000, ...options });
  opened.push(webhook);
  return webhook;
};
const answerWith = (status: number, headers: Record<string, string> = {}): void => {
  answer = (_request, response) => response.writeHead(status, headers).end('no');
};

describe('a delivery', () => {
  test('is a Standard Webhook that the official library accepts', async () => {
    expect(await webhookTo().deliver(event)).toEqual({ kind: 'delivered', status: 200 });
    const [call] = calls;
    expect(new Webhook(secret).verify(call?.body ?? '', call?.headers as Record<string, string>)).toEqual({
      ...event,
      occurredAt: '2026-09-01T12:00:00.000Z',
    });
    expect(call?.headers['content-type']).toBe('application/json');
  });

  test('keeps its id on each try and signs a fresh time, over one connection', async () => {
    let second = 1_780_000_000;
    const webhook = webhookTo({ now: () => new Date((second += 1) * 1000) });
    await webhook.deliver(event);
    await webhook.deliver(event);
    const [first, again] = calls;
    expect(again?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
    expect(again?.headers['webhook-timestamp']).not.toBe(first?.headers['webhook-timestamp']);
    expect(again?.headers['webhook-signature']).not.toBe(first?.headers['webhook-signature']);
    expect(again?.body).toBe(first?.body);
    expect(again?.port).toBe(first?.port);
  });
});

describe('an answer', () => {
  test.each([200, 202, 204])('%i is delivered', async (status) => {
    answerWith(status);
    expect(await webhookTo().deliver(event)).toEqual({ kind: 'delivered', status });
  });

  test.each([400, 401, 404, 429, 500, 503])('%i is worth another try', async (status) => {
    answerWith(status);
    expect(await webhookTo().deliver(event)).toEqual({ kind: 'failed', status, message: `answered ${String(status)}` });
  });

  test('410 ends it', async () => {
    answerWith(410);
    expect(await webhookTo().deliver(event)).toEqual({ kind: 'gone' });
  });

  test('a redirect is not followed', async () => {
    answerWith(307, { location: url });
    expect(await webhookTo().deliver(event)).toMatchObject({ kind: 'failed', status: 307 });
    expect(calls).toHaveLength(1);
  });

  test.each([
    ['30', 30_000],
    ['Tue, 01 Sep 2026 12:01:00 GMT', 60_000],
    ['999999999', 86_400_000],
    ['soon', undefined],
  ])('Retry-After %s is understood', async (header, retryAfterMs) => {
    answerWith(503, { 'retry-after': header });
    const outcome = await webhookTo({ now: () => new Date('2026-09-01T12:00:00Z') }).deliver(event);
    expect(outcome.kind === 'failed' ? outcome.retryAfterMs : 'no failure').toBe(retryAfterMs);
  });

  test('is never read to the end when it has none', async () => {
    let sentBytes = 0;
    answer = (_request, response) => {
      const more = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(16_384))) sentBytes += 16_384;
      };
      response.on('drain', more);
      more();
    };
    expect(await webhookTo().deliver(event)).toEqual({ kind: 'delivered', status: 200 });
    expect(sentBytes).toBeLessThan(32 * 1024 * 1024);
  });

  test('does not appear in the outcome', async () => {
    answer = (_request, response) => response.writeHead(500).end('the secret of the house');
    expect(JSON.stringify(await webhookTo().deliver(event))).not.toContain('secret of the house');
  });
});

describe('a call that finds no answer', () => {
  test('ends at the deadline', async () => {
    answer = () => undefined;
    expect(await webhookTo({ timeoutMs: 150 }).deliver(event)).toEqual({
      kind: 'failed',
      message: 'no answer within 150 ms',
    });
  });

  test('counts as delivered when the head came and the body does not end', async () => {
    answer = (_request, response) => response.writeHead(200).write('a');
    expect(await webhookTo({ timeoutMs: 150 }).deliver(event)).toEqual({ kind: 'delivered', status: 200 });
  });

  test('says that nobody listens', async () => {
    const outcome = await webhookTo({ url: 'http://127.0.0.1:1/' }).deliver(event);
    expect(outcome).toEqual({ kind: 'failed', message: 'the call failed: ECONNREFUSED' });
  });

  test('is made once more when the server had closed the connection that was kept', async () => {
    const webhook = webhookTo();
    await webhook.deliver(event);
    let isFirst = true;
    answer = (request, response) => {
      if (isFirst) request.socket.resetAndDestroy();
      else response.end();
      isFirst = false;
    };
    expect(await webhook.deliver(event)).toEqual({ kind: 'delivered', status: 200 });
  });
});

describe('an address inside', () => {
  const resolveTo =
    (...addresses: LookupAddress[]): Resolve =>
    (_hostname, _options, callback) => {
      callback(null, addresses);
    };

  test.each<[string, LookupAddress[]]>([
    ['loopback', [{ address: '127.0.0.1', family: 4 }]],
    ['metadata', [{ address: '169.254.169.254', family: 4 }]],
    ['mapped', [{ address: '::ffff:127.0.0.1', family: 6 }]],
    [
      'one bad among good',
      [
        { address: '93.184.216.34', family: 4 },
        { address: '10.0.0.1', family: 4 },
      ],
    ],
    ['none', []],
  ])('is not called when a name leads there: %s', async (_, addresses) => {
    const webhook = webhookTo({
      url: 'https://hooks.example.com/',
      allowPrivate: false,
      resolve: resolveTo(...addresses),
    });
    expect(await webhook.deliver(event)).toMatchObject({
      kind: 'failed',
      message: expect.stringContaining('not on the public internet'),
    });
  });

  test('is refused at once when the URL names it', () => {
    expect(() => webhookTo({ url: 'https://127.0.0.1/', allowPrivate: false })).toThrow('not on the public internet');
    expect(() => webhookTo({ url: 'http://hooks.example.com/', allowPrivate: false })).toThrow('not https');
  });

  test('resolves a name once for a connection', async () => {
    let lookups = 0;
    const resolve: Resolve = (_hostname, _options, callback) => {
      lookups += 1;
      callback(null, [{ address: lookups === 1 ? '10.0.0.1' : '93.184.216.34', family: 4 }]);
    };
    await webhookTo({ url: 'https://hooks.example.com/', allowPrivate: false, resolve }).deliver(event);
    expect(lookups).toBe(1);
  });
});
