import { randomUUID } from 'node:crypto';
import { createPublisher } from '@billfleet/client';
import type { RecordPaymentConfirmation } from '@billfleet/contracts';
import { migrate } from '@billfleet/store';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { startPostgres, startRedis } from '../../apps/cli/src/services.js';
import type { ServerHandle } from '../../apps/cli/src/services.js';
import { call, Customer } from '../support/customer.js';
import { Fleet } from '../support/fleet.js';
import { until } from '../support/until.js';

jest.setTimeout(90_000);

type Confirmation = Extract<RecordPaymentConfirmation, { provider: 'upstream' }>;

let fleet: Fleet | undefined;
let server: ServerHandle | undefined;
afterEach(async () => {
  await fleet?.close();
  await server?.stop();
  fleet = server = undefined;
});

const privateServer = { ephemeral: true, durable: true } as const;
const seatsGiven = { status: 'active', plan: 'advanced', seats: 5 };

describe('without Redis', () => {
  test.each([
    ['and all that it held', true],
    ['for a while', false],
  ])('%s an order is accepted and completes once Redis is back', async (_name, wipe) => {
    const redis = (server = await startRedis(privateServer));
    const mine = (fleet = await Fleet.start({ env: { REDIS_URL: redis.url } }));
    const customer = await Customer.register(mine);
    const settled = await Customer.register(mine);
    await settled.pay(await settled.order());
    await mine.settle();
    await redis.kill();
    const orderId = await customer.order();
    expect((await customer.look(orderId)).attempts[0]?.checkoutUrl).toBeNull();
    await redis.restart({ wipe });
    await customer.pay(orderId);
    await mine.settle();
    expect((await customer.story()).orders).toEqual(['fulfilled']);
    expect((await customer.story()).mails).toEqual(['receipt']);
    expect((await settled.story()).mails).toEqual(['receipt']);
    expect(await customer.entitlements()).toMatchObject(seatsGiven);
    await mine.audit();
  });
});

describe('without PostgreSQL', () => {
  test('requests get 503 with nothing half done, and the same key goes through afterwards', async () => {
    const postgres = (server = await startPostgres(privateServer));
    await migrate(postgres.url);
    const mine = (fleet = await Fleet.start({ env: { DATABASE_URL: postgres.url } }));
    const customer = await Customer.register(mine);
    const quote = await customer.quote();
    const key = randomUUID();
    const body = {
      workspaceId: customer.id,
      quoteId: quote['id'],
      payment: { collection: 'provider', method: 'card' },
    };
    await mine.settle();
    await postgres.kill('SIGQUIT');
    for (const [path, sent] of [
      ['/v1/orders', { body, key }],
      ['/v1/quotes', { body: { workspaceId: customer.id, plan: 'base', seats: 1, periodMonths: 6 } }],
    ] as const) {
      const answer = await call(mine, 'POST', path, { ...sent, triesMax: 1 });
      expect(answer.status).toBe(503);
      expect(answer.headers.get('retry-after')).toBe('1');
      expect(answer.body).toMatchObject({ code: 'service_unavailable' });
      expect(answer.body).not.toHaveProperty('moneyMoved');
    }
    expect((await call(mine, 'GET', '/health/ready', { triesMax: 1 })).status).toBe(503);
    expect((await call(mine, 'GET', '/health/live', { triesMax: 1 })).status).toBe(200);
    await postgres.restart();
    const placed = await until('the order goes through', () => call(mine, 'POST', '/v1/orders', { body, key }), {
      isDone: ({ status }) => status === 202,
    });
    await customer.pay(String(placed.body['id']));
    await mine.settle();
    expect((await customer.story()).orders).toEqual(['fulfilled']);
    expect(await mine.sql(`select count(*)::int as n from quote`)).toEqual([{ n: 1 }]);
    await mine.audit();
  });
});

describe('a worker that is told to stop', () => {
  const busyWorker = async (env: Record<string, string>, slowMs: number): Promise<[Fleet, Customer, string]> => {
    const mine = (fleet = await Fleet.start({ env }));
    const customer = await Customer.register(mine);
    await mine.setFaults({ slowMs });
    const orderId = await customer.order();
    const queue = mine.queues.find(({ name }) => name === 'order');
    await until('the worker has the order in hand', async () => (await queue?.getActiveCount()) === 1);
    return [mine, customer, orderId];
  };

  test('finishes what it has in hand while its database is there', async () => {
    const [mine, customer, orderId] = await busyWorker({}, 700);
    await mine.stopWorker('order-worker');
    expect((await customer.look(orderId)).attempts[0]?.checkoutUrl).toMatch(/^http/);
    await mine.setFaults({});
    await customer.pay(orderId);
    await mine.startWorker('order-worker');
    await mine.settle();
    expect((await customer.story()).orders).toEqual(['fulfilled']);
    await mine.audit();
  });

  test('leaves what takes too long to its lease, and another one does it once', async () => {
    const [mine, customer, orderId] = await busyWorker({ BILLFLEET_DRAIN_MS: '100' }, 2_500);
    await mine.stopWorker('order-worker');
    expect((await customer.look(orderId)).attempts[0]?.checkoutUrl).toBeNull();
    await mine.setFaults({});
    await mine.startWorker('order-worker');
    await customer.pay(orderId);
    await mine.settle();
    expect((await customer.story()).orders).toEqual(['fulfilled']);
    expect((await customer.story()).books).toEqual(['charge 105000 USD', 'sale 105000 USD']);
    await mine.audit();
  });
});

test('an answer of the provider that never comes is looked up, and the card is charged once', async () => {
  const mine = (fleet = await Fleet.start({ env: { BILLFLEET_PROVIDER_TIMEOUT_MS: '800' } }));
  const customer = await Customer.register(mine);
  await mine.setFaults({ timeoutAfterCharge: 1, webhookDrop: 1 });
  const orderId = await customer.order({ token: 'tok_visa' });
  await until('the attempt is unknown', async () => (await customer.look(orderId)).attempts[0]?.status === 'unknown');
  await mine.setFaults({});
  await until('the order is applied', async () => (await customer.look(orderId)).status === 'fulfilled');
  await mine.settle();
  expect((await customer.story()).books).toEqual(['charge 105000 USD', 'sale 105000 USD']);
  await mine.audit();
});

describe('a second payment that an upstream service reports', () => {
  const second = async (report: (fleet: Fleet, bodies: readonly Confirmation[]) => Promise<void>): Promise<void> => {
    const mine = (fleet = await Fleet.start());
    const customer = await Customer.register(mine);
    const orderId = await customer.order({ isUpstream: true });
    const references = [randomUUID(), randomUUID()];
    await report(
      mine,
      references.map((reference) => ({
        provider: 'upstream',
        workspaceId: customer.id,
        order: { orderId },
        reference,
        amountMinor: '105000',
        currency: 'USD',
        paidAt: '2026-10-05T15:00:00Z',
      })),
    );
    await until('the second payment waits', async () => (await customer.story()).dead.length === 1);
    await mine.settle();
    expect(await customer.story()).toEqual({
      orders: ['fulfilled'],
      attempts: ['succeeded'],
      mails: ['receipt'],
      told: ['advanced × 5'],
      books: ['charge 105000 USD', 'sale 105000 USD'],
      dead: [expect.stringMatching(/is a second one for an order that is paid: a person must give it back/)],
    });
    await expect(mine.audit()).rejects.toThrow('L04');
  };

  test('waits for a person, and the audits say so', () =>
    second(async (mine, bodies) => {
      for (const body of bodies) {
        const answer = await call(mine, 'POST', '/v1/payment-confirmations', { body, key: body.reference });
        expect(answer.status).toBe(202);
        await mine.settle();
      }
    }));

  test('is noticed as well when both come in one message', () =>
    second(async ({ apiKey, config: { redisUrl, queuePrefix: prefix } }, bodies) => {
      const publisher = createPublisher({ redisUrl, prefix, apiKey });
      await Promise.all(
        bodies.map((body) =>
          publisher.publish('payment-confirmation.record', body, { idempotencyKey: body.reference }),
        ),
      );
      await publisher.close();
    }));
});
