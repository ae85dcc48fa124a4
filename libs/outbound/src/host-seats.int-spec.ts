import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { hostSeats } from './host-seats.js';
import type { AskOutcome, HostSeatsOptions } from './host-seats.js';

const secret = `whsec_${Buffer.alloc(32, 's').toString('base64')}`;
const signer = new Webhook(secret);
const workspaceId = randomUUID();
const given = { workspaceId, seats: 5, plan: 'base', members: 4, version: 3 };

let server: Server;
let url: string;
let calls: IncomingMessage[];
let answer: (request: IncomingMessage, response: ServerResponse) => void;

/** Answers as the contract says, with something changed. */
const signed = (body: unknown = given, over: Readonly<Record<string, string>> = {}, at = new Date()) => {
  answer = (request, response) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const id = over['webhook-id'] ?? String(request.headers['webhook-id']);
    const headers = {
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': signer.sign(id, at, text),
    };
    response.writeHead(200, { ...headers, ...over }).end(text);
  };
};

beforeEach(async () => {
  calls = [];
  signed();
  server = createServer((request, response) => {
    calls.push(request);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/product/`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

async function ask(options: Partial<HostSeatsOptions> = {}): Promise<AskOutcome> {
  const seats = hostSeats({ url, secret, allowPrivate: true, timeoutMs: 500, ...options });
  try {
    return await seats.ask(workspaceId);
  } finally {
    seats.close();
  }
}

describe('a question', () => {
  test('is signed over its query, and answered', async () => {
    expect(await ask()).toEqual({ kind: 'given', given });
    const [call] = calls;
    expect(call?.url).toBe(`/product/billfleet/seats?workspaceId=${workspaceId}`);
    const headers = call?.headers as Record<string, string>;
    const verify = (text: string): unknown => signer.verify(text, headers, { jsonParse: false });
    expect(() => verify(`workspaceId=${workspaceId}`)).not.toThrow();
    expect(() => verify(`workspaceId=${randomUUID()}`)).toThrow();
  });

  test('has an id of its own each time', async () => {
    await ask();
    await ask();
    expect(calls[0]?.headers['webhook-id']).not.toBe(calls[1]?.headers['webhook-id']);
  });
});

describe('an answer is not believed', () => {
  const wrong = { kind: 'wrong', message: expect.stringMatching(/./) };
  test.each([
    ['without a signature', () => signed(given, { 'webhook-signature': '' })],
    ['with another one', () => signed(given, { 'webhook-signature': signer.sign('x', new Date(), 'x') })],
    ['from ten minutes ago', () => signed(given, {}, new Date(Date.now() - 600_000))],
    ['to another question', () => signed(given, { 'webhook-id': 'check_another' })],
    ['about another workspace', () => signed({ ...given, workspaceId: randomUUID() })],
    ['that is no JSON', () => signed('five')],
    ['with seats that are none', () => signed({ ...given, seats: -1 })],
    ['that leaves something out', () => signed({ workspaceId, seats: 5 })],
  ])('%s', async (_name, prepare) => {
    prepare();
    expect(await ask()).toEqual(wrong);
  });

  test('that leads elsewhere, and nobody goes there', async () => {
    answer = (_request, response) => response.writeHead(302, { location: url }).end();
    expect(await ask()).toEqual(wrong);
    expect(calls).toHaveLength(1);
  });
});

describe('the host product counts as away', () => {
  const away = (message: RegExp) => ({ kind: 'away', message: expect.stringMatching(message) });
  test.each([500, 503, 429])('when it answers %d', async (status) => {
    answer = (_request, response) => response.writeHead(status).end();
    expect(await ask()).toEqual(away(new RegExp(String(status))));
  });

  test('when it is silent', async () => {
    answer = () => undefined;
    expect(await ask({ timeoutMs: 100 })).toEqual(away(/no answer within 100 ms/));
  });

  test('when it never stops talking', async () => {
    answer = (_request, response) => void response.writeHead(200).write('x'.repeat(20_000));
    expect(await ask()).toEqual(away(/more than 16384 bytes/));
  });

  test('when its name leads to a private address', async () => {
    const resolve: HostSeatsOptions['resolve'] = (_name, _options, callback) =>
      callback(null, [{ address: '10.0.0.1', family: 4 }]);
    const outcome = await ask({ url: 'https://product.example.com', allowPrivate: false, resolve });
    expect(outcome).toEqual(away(/not on the public internet/));
  });
});

test('an address that must not be called is a fault of the configuration', () => {
  expect(() => hostSeats({ url: 'http://product.example.com', secret, allowPrivate: false })).toThrow(/not https/);
});
