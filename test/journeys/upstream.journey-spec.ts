import { createHash, createHmac, randomUUID } from 'node:crypto';
import { createPublisher } from '@billfleet/client';
import type { Publisher } from '@billfleet/client';
import { afterAll, afterEach, beforeEach, expect, test } from '@jest/globals';
import { call } from '../support/customer.js';
import type { Answer, Customer } from '../support/customer.js';
import { inEveryMode } from '../support/journey.js';
import { until } from '../support/until.js';

inEveryMode('an upstream service', (given) => {
  let publisher: Publisher | undefined;
  beforeEach(() => {
    const { redisUrl, queuePrefix: prefix } = given.fleet.config;
    publisher ??= createPublisher({ redisUrl, prefix, apiKey: given.fleet.apiKey });
  });
  afterEach(() => given.fleet.settle());
  afterAll(() => publisher?.close());

  /** Publishes as the mode says: once, or twice when everything comes twice. */
  const publish: Publisher['publish'] = async (name, data, options) => {
    for (let copy = 0; copy < (given.mode.doubleDelivery ? 2 : 1); copy += 1)
      await publisher?.publish(name, data, options);
  };
  const resultOf = (customer: Customer, key: string): Promise<Answer> =>
    until('the request is answered', () => request(customer, key), { isDone: ({ status }) => status === 200 });
  const request = (customer: Customer, key: string): Promise<Answer> =>
    call(given.fleet, 'GET', `/v1/workspaces/${customer.id}/requests/${encodeURIComponent(key)}`);
  const purchase = { plan: 'advanced', seats: 5, periodMonths: 6, expectedCurrency: 'USD' } as const;
  const orderOf = ({ id: workspaceId }: Customer, expectedAmountMinor = '105000') =>
    ({ workspaceId, purchase: { ...purchase, expectedAmountMinor }, payment: { collection: 'upstream' } }) as const;
  const confirmationOf = ({ id: workspaceId }: Customer, orderKey: string, reference: string) =>
    ({
      provider: 'upstream',
      workspaceId,
      order: { workspaceId, orderKey },
      reference,
      amountMinor: '105000',
      currency: 'USD',
      paidAt: '2026-10-05T15:00:00Z',
    }) as const;

  test('gets one order for one key, whichever door it uses', async () => {
    const customer = await given.customer('US');
    const key = `order/${randomUUID()}`;
    await publish('order.place', orderOf(customer), { idempotencyKey: key });
    const { body } = await resultOf(customer, key);
    expect(body).toMatchObject({
      status: 'accepted',
      operation: 'order.place',
      href: `/v1/orders/${String(body['ref'])}`,
    });
    const again = await call(given.fleet, 'POST', '/v1/orders', { body: orderOf(customer), key });
    expect(again.status).toBe(202);
    expect(again.body).toMatchObject({ id: body['ref'], isReplay: true });
    const other = await call(given.fleet, 'POST', '/v1/orders', { body: orderOf(customer, '1'), key });
    expect(other.status).toBe(422);
    expect(other.body).toMatchObject({ code: 'idempotency_key_reused', moneyMoved: false });
    // The same the other way round: HTTP first, the queue repeats it and then tries other content.
    const second = await given.customer('US');
    const first = await call(given.fleet, 'POST', '/v1/orders', { body: orderOf(second), key });
    expect(first.status).toBe(202);
    await publish('order.place', orderOf(second), { idempotencyKey: key });
    await publish('order.place', orderOf(second, '1'), { idempotencyKey: key });
    await given.fleet.settle();
    expect((await request(second, key)).body).toMatchObject({ status: 'accepted', ref: first.body['id'] });
    expect((await customer.story()).orders).toEqual(['awaiting_payment']);
    expect((await second.story()).orders).toEqual(['awaiting_payment']);
  });

  test('reads why its message was refused, also when it does not fit the contract', async () => {
    const customer = await given.customer('US');
    await publish('order.place', orderOf(customer, '1'), { idempotencyKey: 'too-cheap' });
    expect((await resultOf(customer, 'too-cheap')).body).toMatchObject({
      status: 'refused',
      problem: { status: 409, code: 'price_differs', field: 'purchase.expectedAmountMinor', wanted: '105000 USD' },
    });
    // A refusal does not use the key up.
    await publish('order.place', orderOf(customer), { idempotencyKey: 'too-cheap' });
    await until('the right price is accepted', async () => {
      return (await request(customer, 'too-cheap')).body['status'] === 'accepted';
    });
    await publishRaw({ ...orderOf(customer), seats: 5 }, 'unknown-field');
    expect((await resultOf(customer, 'unknown-field')).body).toMatchObject({
      status: 'refused',
      problem: { status: 400, code: 'field_invalid' },
    });
    await given.fleet.settle();
    expect((await customer.story()).orders).toEqual(['awaiting_payment']);
  });

  /** What a publisher without our client may send: signed, but checked by nobody on its side. */
  async function publishRaw(data: unknown, idempotencyKey: string): Promise<void> {
    const operation = 'order.place';
    const body = JSON.stringify({ operation, idempotencyKey, sentAt: '2026-10-05T15:00:00Z', data });
    const [, prefix = '', secret = ''] = /^bf_dev_([^_]+)_(.+)$/.exec(given.fleet.apiKey) ?? [];
    const hash = createHash('sha256').update(secret).digest('hex');
    const envelope = { body, publisher: prefix, signature: createHmac('sha256', hash).update(body).digest('hex') };
    const queue = given.fleet.queues.find(({ name }) => name === 'order');
    await queue?.add(operation, { intake: [envelope] }, { attempts: 5, backoff: 200 });
  }

  test('may confirm a payment before its order is there', async () => {
    const customer = await given.customer('US');
    const key = `order/${randomUUID()}`;
    const reference = randomUUID();
    await publish('payment-confirmation.record', confirmationOf(customer, key, reference), {
      idempotencyKey: key + '/paid',
    });
    await until('the confirmation waits for its order', async () => {
      return (await given.fleet.sql(`select 1 from payment_notice where reference = $1`, [reference])).length === 1;
    });
    await publish('order.place', orderOf(customer), { idempotencyKey: key });
    await until('the order is paid', async () => (await customer.story()).orders[0] === 'fulfilled');
    await given.fleet.settle();
    expect(await customer.story()).toEqual({
      orders: ['fulfilled'],
      attempts: ['succeeded'],
      mails: ['receipt'],
      told: ['advanced × 5'],
      books: ['charge 105000 USD', 'sale 105000 USD'],
      dead: [],
    });
  });

  test('asks for a reminder and for the host product to be told again', async () => {
    const customer = await given.customer('US');
    const early = randomUUID();
    await publish('renewal-reminder.request', { workspaceId: customer.id }, { idempotencyKey: early });
    const skipped = (await resultOf(customer, early)).body;
    await given.fleet.settle();
    await customer.pay(await customer.order());
    await given.fleet.settle();
    const body = { workspaceId: customer.id };
    const wanted = await call(given.fleet, 'POST', '/v1/renewal-reminders', { body, key: randomUUID() });
    expect(wanted.status).toBe(202);
    await given.fleet.settle();
    const sent = (await call(given.fleet, 'GET', String(wanted.body['href']))).body;
    expect(sent).toMatchObject({ status: 'sent', outcome: 'will-be-charged' });
    expect((await call(given.fleet, 'GET', String(skipped['href']))).body).toMatchObject({
      status: 'skipped',
      outcome: 'no-subscription',
    });
    await publish('seat-provisioning.request', body, { idempotencyKey: randomUUID() });
    await until('the host product was told again', async () => (await customer.story()).told.length === 2);
    await given.fleet.settle();
    expect(await customer.story()).toEqual({
      orders: ['fulfilled'],
      attempts: ['succeeded'],
      mails: ['receipt', 'renewal_reminder'],
      told: ['advanced × 5', 'advanced × 5'],
      books: ['charge 105000 USD', 'sale 105000 USD'],
      dead: [],
    });
  });
});
