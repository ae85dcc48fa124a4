import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { createBillfleet } from './billfleet.js';
import { ProblemError, UnreachableError } from './call-gateway.js';
import { ValidationError } from './validate.js';

const WORKSPACE = '0190a000-0000-7000-8000-0000000000a1';
const ORDER = { workspaceId: WORKSPACE, quoteId: WORKSPACE, payment: { collection: 'upstream' } } as const;
const ACCEPTED = { id: WORKSPACE, status: 'accepted', isReplay: false, href: `/v1/orders/${WORKSPACE}` };
const problem = (status: number, code: string): object => ({
  type: `/errors#${code}`,
  title: 'x',
  status,
  code,
  detail: 'seats: found 0, wanted more',
  field: 'seats',
  moneyMoved: false,
  requestId: 'req-7',
});

let server: Server | undefined;
afterEach(() => new Promise<void>((resolve) => (server === undefined ? resolve() : server.close(() => resolve()))));

/** A gateway that gives these answers in turn; `undefined` cuts the connection. */
async function gatewayThat(
  answers: readonly ({ status: number; body: object; headers?: Record<string, string> } | undefined)[],
): Promise<{
  client: ReturnType<typeof createBillfleet>;
  seen: { method: string; url: string; key: string | undefined; authorization: string | undefined }[];
}> {
  const seen: { method: string; url: string; key: string | undefined; authorization: string | undefined }[] = [];
  server = createServer((request: IncomingMessage, response) => {
    const key = request.headers['idempotency-key'];
    seen.push({
      method: request.method ?? '',
      url: request.url ?? '',
      key: typeof key === 'string' ? key : undefined,
      authorization: request.headers.authorization,
    });
    const answer = answers[Math.min(seen.length, answers.length) - 1];
    if (answer === undefined) request.socket.destroy();
    else
      response
        .writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers })
        .end(JSON.stringify(answer.body));
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const client = createBillfleet({ baseUrl: `http://127.0.0.1:${String(port)}`, apiKey: 'bf_x', maxRetries: 2 });
  return { client, seen };
}

describe('the HTTP door', () => {
  test('makes a link to the billing page, and refuses to ask for one that leads elsewhere', async () => {
    const url = 'https://billing.example/billing/enter?token=x';
    const { client, seen } = await gatewayThat([{ status: 201, body: { url, expiresAt: '2026-10-05T15:05:00Z' } }]);
    const wish = { workspaceId: WORKSPACE, person: { id: 'user-1' }, role: 'workspace-admin' } as const;
    expect(await client.portalSessions.create({ ...wish, to: '/billing/usage' })).toMatchObject({ url });
    expect(seen.map(({ method, url: path }) => `${method} ${path}`)).toEqual(['POST /v1/portal-sessions']);
    await expect(client.portalSessions.create({ ...wish, to: 'https://evil.example' })).rejects.toThrow(
      ValidationError,
    );
  });

  test('moves a workspace to another country, and refuses what is none', async () => {
    const { client, seen } = await gatewayThat([{ status: 200, body: { id: WORKSPACE, country: 'BR' } }]);
    const moved = await client.workspaces.changeCountry(WORKSPACE, { country: 'BR', reason: 'moved' });
    expect(moved.country).toBe('BR');
    expect(seen.map(({ method, url }) => `${method} ${url}`)).toEqual([`PUT /v1/workspaces/${WORKSPACE}/country`]);
    const wrong = client.workspaces.changeCountry(WORKSPACE, { country: 'Brazil', reason: 'moved' });
    await expect(wrong).rejects.toThrow(ValidationError);
  });

  test('looks through every order, page by page, and takes an export while it arrives', async () => {
    const { client, seen } = await gatewayThat([
      { status: 200, body: { orders: [{ number: '3' }, { number: '2' }], next: 'oAAA' } },
      { status: 503, body: problem(503, 'busy') },
      { status: 200, body: { orders: [{ number: '1' }], next: null } },
      { status: 503, body: problem(503, 'busy') },
      { status: 200, body: { stands: 'for a file' } },
      { status: 400, body: problem(400, 'field_invalid') },
    ]);
    const numbers: string[] = [];
    for await (const { number } of client.orders.list(WORKSPACE, { status: ['paid', 'failed'], text: 'a&b' })) {
      numbers.push(number);
    }
    expect(numbers).toEqual(['3', '2', '1']);
    const file = await new Response(await client.orders.exportCsv(WORKSPACE, { bom: true })).text();
    expect(file).toBe('{"stands":"for a file"}');
    const path = `/v1/workspaces/${WORKSPACE}`;
    const page = `GET ${path}/orders?status=paid%2Cfailed&text=a%26b&limit=100`;
    expect(seen.map(({ method, url }) => `${method} ${url}`)).toEqual([
      ...[page, `${page}&after=oAAA`, `${page}&after=oAAA`],
      ...[`GET ${path}/orders.csv?bom=true`, `GET ${path}/orders.csv?bom=true`],
    ]);
    await expect(client.orders.exportCsv(WORKSPACE)).rejects.toThrow(ProblemError);
  });

  test('makes test clocks and sends them forward, and refuses no instant before it leaves', async () => {
    const { client, seen } = await gatewayThat([{ status: 201, body: { id: WORKSPACE, status: 'ready' } }]);
    await client.testClocks.create({ id: WORKSPACE, name: 'renewals' });
    await client.testClocks.attach(WORKSPACE, WORKSPACE);
    await client.testClocks.advance(WORKSPACE, '2029-01-31T12:00:00Z');
    expect(await client.testClocks.get(WORKSPACE)).toMatchObject({ status: 'ready' });
    const path = `/v1/test-clocks/${WORKSPACE}`;
    expect(seen.map(({ method, url }) => `${method} ${url}`)).toEqual([
      ...['POST /v1/test-clocks', `POST ${path}/workspaces`, `POST ${path}/advance`, `GET ${path}`],
    ]);
    await expect(client.testClocks.advance(WORKSPACE, 'soon')).rejects.toThrow(ValidationError);
    expect(seen).toHaveLength(4);
  });

  test('gives money back, has it tried again, and undoes; what is no amount never leaves', async () => {
    const { client, seen } = await gatewayThat([{ status: 200, body: { id: WORKSPACE, status: 'owed' } }]);
    const [keep, reason] = [{ subscription: 'keep', what: 'amount', currency: 'USD' }, 'a bad week'] as const;
    const once = { idempotencyKey: 'r-1' };
    await client.refunds.give(WORKSPACE, { ...keep, amountMinor: '5000', reason }, once);
    await client.refunds.retry(WORKSPACE, { reason }, once);
    const outside = { amountMinor: '1', currency: 'USD', proof: { kind: 'other', reference: 'x' }, reason } as const;
    await client.refunds.giveOutside(WORKSPACE, { ...outside, givenAt: '2026-09-01T12:00:00Z' }, once);
    await client.refunds.undo(WORKSPACE, { reason }, once);
    expect(await client.refunds.get(WORKSPACE)).toMatchObject({ status: 'owed' });
    expect(await client.refunds.refundable(WORKSPACE)).toBeDefined();
    const [order, refund] = [`/v1/orders/${WORKSPACE}`, `/v1/refunds/${WORKSPACE}`];
    expect(seen.map(({ method, url, key = '-' }) => `${method} ${url} ${key}`)).toEqual([
      ...[`POST ${order}/refunds r-1`, `POST ${refund}/retry r-1`, `POST ${refund}/given-outside r-1`],
      ...[`POST ${order}/undo r-1`, `GET ${refund} -`, `GET ${order}/refundable -`],
    ]);
    const wrong = client.refunds.give(WORKSPACE, { ...keep, amountMinor: '-1', reason }, once);
    await expect(wrong).rejects.toThrow(ValidationError);
  });

  test('reports members under their own ids, and refuses a bad one before it leaves', async () => {
    const { client, seen } = await gatewayThat([{ status: 200, body: { seatsInUse: 1 } }]);
    await client.members.report(WORKSPACE, 'user:1', { displayName: 'Ana', status: 'active' });
    await client.members.reportMany(WORKSPACE, [{ externalId: 'user:1', displayName: 'Ana', status: 'disabled' }]);
    expect(seen.map(({ method, url }) => `${method} ${url}`)).toEqual([
      `PUT /v1/workspaces/${WORKSPACE}/members/user%3A1`,
      `POST /v1/workspaces/${WORKSPACE}/members`,
    ]);
    const twice = { externalId: 'user:1', displayName: 'Ana', status: 'active' } as const;
    await expect(client.members.reportMany(WORKSPACE, [twice, twice])).rejects.toThrow(ValidationError);
    expect(seen).toHaveLength(2);
  });

  test('repeats with the same key after 503 and after a lost connection', async () => {
    const { client, seen } = await gatewayThat([
      { status: 503, body: problem(503, 'database_away') },
      undefined,
      { status: 202, body: ACCEPTED },
    ]);
    await expect(client.orders.place(ORDER, { idempotencyKey: 'k-1' })).resolves.toEqual(ACCEPTED);
    expect(seen.map((one) => one.key)).toEqual(['k-1', 'k-1', 'k-1']);
    expect(seen[0]).toMatchObject({ method: 'POST', url: '/v1/orders', authorization: 'Bearer bf_x' });
  });

  test.each([408, 429, 500, 502, 504])('repeats with the same key after %d', async (status) => {
    const { client, seen } = await gatewayThat([
      { status, body: {} },
      { status: 202, body: ACCEPTED },
    ]);
    await expect(client.orders.place(ORDER, { idempotencyKey: 'k-2' })).resolves.toEqual(ACCEPTED);
    expect(seen.map((one) => one.key)).toEqual(['k-2', 'k-2']);
  });

  test('waits as long as Retry-After says', async () => {
    const headers = { 'retry-after': '1' };
    const { client } = await gatewayThat([
      { status: 429, body: problem(429, 'rate_limited'), headers },
      { status: 202, body: ACCEPTED },
    ]);
    const startedAt = performance.now();
    await client.orders.place(ORDER, { idempotencyKey: 'k-3' });
    expect(performance.now() - startedAt).toBeGreaterThan(990);
  });

  test('a refusal is thrown at once, with code, field and request id', async () => {
    const { client, seen } = await gatewayThat([{ status: 422, body: problem(422, 'seats_invalid') }]);
    const placed = client.orders.place(ORDER, { idempotencyKey: 'k' });
    await expect(placed).rejects.toMatchObject({
      code: 'seats_invalid',
      field: 'seats',
      requestId: 'req-7',
      status: 422,
    });
    await expect(placed).rejects.toBeInstanceOf(ProblemError);
    expect(seen).toHaveLength(1);
  });

  test('gives up after its tries: the last problem, or that nobody answered', async () => {
    const busy = await gatewayThat([{ status: 503, body: problem(503, 'busy') }]);
    await expect(
      busy.client.quotes.create({ workspaceId: WORKSPACE, plan: 'base', seats: 1, periodMonths: 6 }),
    ).rejects.toMatchObject({
      code: 'busy',
    });
    expect(busy.seen).toHaveLength(3);
    const away = createBillfleet({ baseUrl: 'http://127.0.0.1:1', apiKey: 'bf_x', maxRetries: 1 });
    await expect(away.orders.get(WORKSPACE)).rejects.toBeInstanceOf(UnreachableError);
  });

  test('what is not there is undefined', async () => {
    const { client, seen } = await gatewayThat([{ status: 404, body: problem(404, 'not_found') }]);
    await expect(client.entitlements.get(WORKSPACE)).resolves.toBeUndefined();
    await expect(client.requests.get(WORKSPACE, 'a/b')).resolves.toBeUndefined();
    expect(seen[1]?.url).toBe(`/v1/workspaces/${WORKSPACE}/requests/a%2Fb`);
  });

  test('data that does not fit never leaves', async () => {
    const { client, seen } = await gatewayThat([{ status: 202, body: ACCEPTED }]);
    await expect(
      client.seatProvisionings.request({ workspaceId: 'x' }, { idempotencyKey: 'k' }),
    ).rejects.toBeInstanceOf(ValidationError);
    expect(seen).toHaveLength(0);
  });
});
