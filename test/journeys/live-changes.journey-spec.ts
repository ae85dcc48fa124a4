import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { Browser } from '../support/browser.js';
import { call, Customer } from '../support/customer.js';
import { Fleet } from '../support/fleet.js';
import { until } from '../support/until.js';

jest.setTimeout(60_000);

let fleet: Fleet;
beforeAll(async () => {
  fleet = await Fleet.start();
});
afterAll(() => fleet.close());

type Told = { readonly id: number; readonly topic?: string; readonly orderId?: string | null };

/** An open stream, read as a browser does. */
class Stream {
  readonly told: Told[] = [];
  text = '';
  isOver = false;
  private readonly stop = new AbortController();

  constructor(
    private readonly address: URL,
    private readonly headers: Record<string, string>,
  ) {}

  async open(): Promise<Response> {
    const answer = await fetch(this.address, { headers: this.headers, signal: this.stop.signal });
    if (answer.ok) void this.read(answer);
    return answer;
  }

  close(): void {
    this.stop.abort();
  }

  private async read(answer: Response): Promise<void> {
    let rest = '';
    try {
      for await (const chunk of (answer.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream())) {
        this.text += chunk;
        const parts = `${rest}${chunk}`.split('\n\n');
        rest = parts.pop() ?? '';
        for (const part of parts) {
          const id = Number(/^id: (\d+)$/m.exec(part)?.[1]);
          const data = /^event: change\ndata: (.*)$/m.exec(part)?.[1];
          if (data !== undefined) this.told.push({ id, ...(JSON.parse(data) as object) });
        }
      }
    } catch {
      // Closed by us, or cut off.
    }
    this.isOver = true;
  }
}

const streamOf = (browser: Browser, workspaceId: string, headers: Record<string, string> = {}): Stream =>
  new Stream(new URL(`/v1/workspaces/${workspaceId}/changes`, browser.origin), {
    cookie: browser.cookieHeader,
    ...headers,
  });

test('a page hears at once what changed in its workspace and nothing of what it is, and goes on where it was cut off', async () => {
  const [customer, other] = [await Customer.register(fleet, 'US'), await Customer.register(fleet, 'US')];
  const browser = await Browser.enter(customer, { role: 'member' });
  const stream = streamOf(browser, customer.id);
  const answer = await stream.open();
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8']);
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  const orderId = await customer.order();
  await other.pay(await other.order());
  await until('the order is told', () => stream.told.some((one) => one.orderId === orderId));
  stream.close();
  await customer.pay(orderId);
  await fleet.settle();
  const again = streamOf(browser, customer.id, { 'last-event-id': String(stream.told.at(-1)?.id) });
  await again.open();
  await until('the subscription is told', () => again.told.some(({ topic }) => topic === 'subscription'));
  await until('all is told', async () => {
    const [row] = await fleet.sql<{ last: number }>(`select last::int from event_counter where workspace_id = $1`, [
      customer.id,
    ]);
    return again.text.includes(`id: ${String(row?.last)}\n`);
  });
  const ids = [...stream.told, ...again.told].map(({ id }) => id);
  expect(ids).toEqual([...new Set(ids)].sort((left, right) => left - right));
  const orders = new Set([...stream.told, ...again.told].map((one) => one.orderId));
  expect([...orders].filter((id) => id !== null)).toEqual([orderId]);
  expect(`${stream.text}${again.text}`).not.toMatch(/amount|Northwind|advanced|@/);
  again.close();
});

test('a stream is for those who may see the workspace', async () => {
  const [customer, other] = [await Customer.register(fleet, 'US'), await Customer.register(fleet, 'US')];
  const browser = await Browser.enter(customer);
  expect((await streamOf(browser, other.id).open()).status).toBe(404);
  expect((await streamOf(browser, randomUUID()).open()).status).toBe(404);
  expect((await streamOf(new Browser(fleet), customer.id).open()).status).toBe(401);
  expect((await call(fleet, 'GET', `/v1/workspaces/${randomUUID()}/changes`)).status).toBe(404);
});

test('one caller opens ten streams at most, may do so again once one is closed, and a page that lies open is no visit', async () => {
  const customer = await Customer.register(fleet, 'US');
  const browser = await Browser.enter(customer);
  await fleet.sql(`update portal_session set seen_at = now() - interval '50 min' where workspace_id = $1`, [
    customer.id,
  ]);
  const streams = Array.from({ length: 10 }, () => streamOf(browser, customer.id));
  for (const stream of streams) expect((await stream.open()).status).toBe(200);
  const refused = await streamOf(browser, customer.id).open();
  expect([refused.status, await refused.json()]).toEqual([429, expect.objectContaining({ code: 'streams_limited' })]);
  streams[0]?.close();
  const next = streamOf(browser, customer.id);
  await until('there is room again', async () => (await next.open()).status === 200);
  const [row] = await fleet.sql<{ minutes: number }>(
    `select round(extract(epoch from now() - seen_at) / 60)::int as minutes from portal_session where workspace_id = $1`,
    [customer.id],
  );
  expect(row?.minutes).toBe(50);
  for (const stream of [...streams, next]) stream.close();
});

test.each(['-1', 'x', '99999999999', '1e3', "1' or 1"])(
  'a number that nobody gave out is not believed: %s',
  async (heard) => {
    const customer = await Customer.register(fleet, 'US');
    const stream = streamOf(await Browser.enter(customer), customer.id, { 'last-event-id': heard });
    expect((await stream.open()).status).toBe(200);
    await until('it begins', () => stream.text.includes('event: start'));
    expect(stream.text).toContain('id: 0\n');
    stream.close();
  },
);

test('streams end when the gateway stops', async () => {
  const own = await Fleet.start();
  const customer = await Customer.register(own, 'US');
  const stream = streamOf(await Browser.enter(customer), customer.id);
  await stream.open();
  await until('it begins', () => stream.text.includes('event: start'));
  await own.close();
  await until('the stream is over', () => stream.isOver);
});
