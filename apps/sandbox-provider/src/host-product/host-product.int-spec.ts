import 'reflect-metadata';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hostSeats, hostWebhook } from '@billfleet/outbound';
import type { AskOutcome, DeliveryOutcome, HostEvent } from '@billfleet/outbound';
import type { ToldEvent } from './host-event-store.js';
import { HostProductModule } from './host-product.module.js';

const secret = `whsec_${Buffer.alloc(24, 'a').toString('base64')}`;
const otherSecret = `whsec_${Buffer.alloc(24, 'b').toString('base64')}`;

let dataDir: string;
let app: NestFastifyApplication;
let baseUrl: string;
let url: string;

const open = async (): Promise<void> => {
  app = await NestFactory.create<NestFastifyApplication>(
    HostProductModule.with({ webhookSecret: secret, dataDir }),
    new FastifyAdapter(),
    { logger: false, rawBody: true, abortOnError: false },
  );
  await app.listen(0, '127.0.0.1');
  baseUrl = await app.getUrl();
  url = `${baseUrl}/host/webhooks`;
};

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'host-product-'));
  await open();
});
afterEach(async () => {
  await app.close();
  await rm(dataDir, { recursive: true, force: true });
});

const idOf = (number: number): string => `0190a000-0000-7000-8000-e0000000000${String(number)}`;
const workspaces = ['0190a000-0000-7000-8000-a00000000001', '0190a000-0000-7000-8000-a00000000002'] as const;
const event = (number: number, workspaceId: string = workspaces[0], seats = 5): HostEvent => ({
  id: idOf(number),
  type: 'subscription.changed',
  workspaceId,
  sequence: number,
  occurredAt: new Date('2026-09-01T12:00:00Z'),
  data: { plan: 'Advanced <b>', seats, note: 'ação' },
});
const deliver = async (
  told: HostEvent,
  options: { secret?: string; now?: () => Date } = {},
): Promise<DeliveryOutcome> => {
  const webhook = hostWebhook({ url, secret, allowPrivate: true, ...options });
  try {
    return await webhook.deliver(told);
  } finally {
    webhook.close();
  }
};
type Told = { events: readonly ToldEvent[]; totals: { events: number; calls: number } };
const told = async (query = ''): Promise<Told> =>
  (await (await fetch(`${baseUrl}/host/events${query}`)).json()) as Told;

test('the product is told what a workspace has', async () => {
  expect(await deliver(event(1))).toEqual({ kind: 'delivered', status: 202 });
  expect((await told()).events).toMatchObject([
    {
      id: idOf(1),
      type: 'subscription.changed',
      workspaceId: workspaces[0],
      sequence: 1,
      occurredAt: '2026-09-01T12:00:00.000Z',
      data: { seats: 5, note: 'ação' },
      duplicates: 0,
    },
  ]);
  const page = await fetch(`${baseUrl}/host`);
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(await page.text()).toContain('Advanced &lt;b&gt;');
});

test('a second call with the same id is taken, counted and not told again, also after a restart', async () => {
  await Promise.all([deliver(event(1)), deliver(event(1)), deliver(event(2, workspaces[1]))]);
  await app.close();
  await open();
  expect(await deliver(event(1))).toEqual({ kind: 'delivered', status: 202 });
  const { events, totals } = await told(`?workspaceId=${workspaces[0]}`);
  expect(events).toHaveLength(1);
  expect(events[0]?.duplicates).toBe(2);
  expect(totals).toEqual({ events: 2, calls: 4 });
});

test('an older state that comes late, or again, does not undo a newer one', async () => {
  const stateOf = async (): Promise<unknown> => (await fetch(`${baseUrl}/host/workspaces/${workspaces[0]}`)).json();
  await deliver(event(3, workspaces[0], 7));
  await deliver(event(2, workspaces[0], 5));
  await deliver(event(3, workspaces[0], 7));
  expect(await stateOf()).toMatchObject({ sequence: 3, data: { seats: 7 } });
  await app.close();
  await open();
  expect(await stateOf()).toMatchObject({ sequence: 3, data: { seats: 7 } });
});

test('the product can be made to refuse what it is told of one workspace', async () => {
  const mood = (status: number | null): Promise<Response> =>
    fetch(`${baseUrl}/host/moods`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ workspaceId: workspaces[0], status, ...(status === 503 ? { retryAfterSeconds: 9 } : {}) }),
    });
  expect((await mood(503)).status).toBe(204);
  expect(await deliver(event(1))).toMatchObject({ kind: 'failed', status: 503, retryAfterMs: 9_000 });
  expect(await deliver(event(2, workspaces[1]))).toMatchObject({ kind: 'delivered' });
  await mood(410);
  expect(await deliver(event(1))).toEqual({ kind: 'gone' });
  await mood(null);
  expect(await deliver(event(1))).toMatchObject({ kind: 'delivered' });
  expect((await mood(200)).status).toBe(400);
});

test('a call with the wrong secret, or an old one, is not believed', async () => {
  expect(await deliver(event(1), { secret: otherSecret })).toMatchObject({ kind: 'failed', status: 401 });
  const tenMinutesAgo = (): Date => new Date(Date.now() - 10 * 60 * 1000);
  expect(await deliver(event(1), { now: tenMinutesAgo })).toMatchObject({ kind: 'failed', status: 401 });
  expect((await told()).totals).toEqual({ events: 0, calls: 0 });
});

test('a body that was changed on the way, or not signed at all, is not believed', async () => {
  const body = JSON.stringify({ ...event(1), id: idOf(1) });
  const headers = { 'content-type': 'application/json' };
  const bare = await fetch(url, { method: 'POST', body, headers });
  expect(bare.status).toBe(401);
  const forged = await fetch(url, {
    method: 'POST',
    body,
    headers: {
      ...headers,
      'webhook-id': idOf(1),
      'webhook-timestamp': String(Math.floor(Date.now() / 1000)),
      'webhook-signature': 'v1,AAAA',
    },
  });
  expect(forged.status).toBe(401);
});

const WORKSPACE = '0190a000-0000-7000-8000-a00000000001';
const toldState = (number: number, version: number, seats: number): HostEvent => ({
  ...event(number, WORKSPACE),
  data: { plan: 'base', seats, version },
});
const ask = async (over: { secret?: string } = {}): Promise<AskOutcome> => {
  const seats = hostSeats({ url: `${baseUrl}/host`, secret, allowPrivate: true, ...over });
  try {
    return await seats.ask(WORKSPACE);
  } finally {
    seats.close();
  }
};
const give = (body: Record<string, unknown>): Promise<Response> =>
  fetch(`${baseUrl}/host/gives`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ workspaceId: WORKSPACE, ...body }),
  });

test('asked what it gives, the product answers with the latest state that it was told of, in whichever order', async () => {
  const nothing = { workspaceId: WORKSPACE, seats: 0, plan: null, members: null, version: null };
  expect(await ask()).toEqual({ kind: 'given', given: nothing });
  await deliver(toldState(2, 2, 7));
  await deliver(toldState(1, 1, 5));
  expect(await ask()).toEqual({ kind: 'given', given: { ...nothing, seats: 7, plan: 'base', version: 2 } });
  await app.close();
  await open();
  expect(await ask()).toMatchObject({ given: { seats: 7, version: 2 } });
});

test('a question with the wrong secret is not answered', async () => {
  await deliver(toldState(1, 1, 5));
  expect(await ask({ secret: otherSecret })).toMatchObject({ kind: 'wrong', message: expect.stringMatching(/401/) });
});

test('the product can be made to give something else, until it is told again', async () => {
  await deliver(toldState(1, 1, 5));
  expect((await give({ seats: 9, members: 6 })).status).toBe(204);
  expect(await ask()).toMatchObject({ given: { seats: 9, members: 6 } });
  await deliver(toldState(2, 1, 5));
  expect(await ask()).toMatchObject({ given: { seats: 5, members: 6 } });
  await give({ plan: 'pro', isStubborn: true });
  await deliver(toldState(3, 1, 5));
  expect(await ask()).toMatchObject({ given: { seats: 5, plan: 'pro' } });
  expect((await give({ seats: -1 })).status).toBe(400);
});
