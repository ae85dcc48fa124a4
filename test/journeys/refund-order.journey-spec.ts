import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { call, CNPJ } from '../support/customer.js';
import type { Answer, Customer } from '../support/customer.js';
import { inEveryMode } from '../support/journey.js';
import { until } from '../support/until.js';

inEveryMode('Refund of an order', (given) => {
  /** Advanced, 5 seats, 6 months: 105,000 cents. */
  async function subscribed(): Promise<{ readonly customer: Customer; readonly orderId: string }> {
    const customer = await given.customer('US');
    const orderId = await customer.order({ token: 'tok_visa' });
    await given.fleet.settle();
    return { customer, orderId };
  }

  const post = (path: string, body: Record<string, unknown>, key: string = randomUUID()): Promise<Answer> =>
    call(given.fleet, 'POST', path, { body: { reason: 'a bad week', ...body }, key });
  const refund = (orderId: string, body: Record<string, unknown>, key?: string): Promise<Answer> =>
    post(`/v1/orders/${orderId}/refunds`, { subscription: 'keep', ...body }, key);
  const amount = (minor: number, currency = 'USD') => ({ what: 'amount', amountMinor: String(minor), currency });
  const look = async (id: unknown): Promise<Answer['body']> =>
    (await call(given.fleet, 'GET', `/v1/refunds/${String(id)}`)).body;
  const stands = (id: unknown, status: string): Promise<unknown> =>
    until(`the refund is ${status}`, () => look(id), { isDone: (seen) => seen['status'] === status });
  const waiting = async ({ id }: Customer): Promise<readonly unknown[]> => {
    const answer = await call(given.fleet, 'GET', `/v1/refunds?workspaceId=${id}&needsPerson=true`);
    return (answer.body['refunds'] as readonly { id: unknown }[]).map((one) => one.id);
  };
  const leftOf = async (orderId: string): Promise<unknown> => {
    const { body } = await call(given.fleet, 'GET', `/v1/orders/${orderId}/refundable`);
    return (body['payments'] as readonly { leftMinor: string }[])[0]?.leftMinor;
  };

  test('goes back in parts while what was given stays; one that the bank sends back is owed again, and the last one ends the order, once it stays away', async () => {
    const { customer, orderId } = await subscribed();
    const key = randomUUID();
    const first = await refund(orderId, amount(5_000), key);
    expect(first.body).toMatchObject({ amountMinor: '5000', reason: 'goodwill', note: 'a bad week' });
    expect((await refund(orderId, amount(5_000), key)).body['id']).toBe(first.body['id']);
    await given.fleet.settle();
    expect(await look(first.body['id'])).toMatchObject({ status: 'succeeded', provider: 'sandbox', method: 'card' });
    await given.fleet.setFaults({ refundProcessing: 1 });
    const slow = await refund(orderId, amount(10_000));
    await stands(slow.body['id'], 'processing');
    await given.fleet.setFaults({});
    expect(await leftOf(orderId)).toBe('90000');
    const [{ reference } = { reference: '' }] = await given.fleet.sql<{ reference: string }>(
      `select reference from attempt where order_id = $1`,
      [orderId],
    );
    await given.fleet.atSandbox(`/v1/payments/${reference}/refund-end`, { state: 'failed' });
    await stands(slow.body['id'], 'failed');
    expect(await waiting(customer)).toEqual([slow.body['id']]);
    expect((await post(`/v1/refunds/${String(slow.body['id'])}/retry`, {})).status).toBe(200);
    await stands(slow.body['id'], 'succeeded');
    expect((await refund(orderId, amount(90_001))).body).toMatchObject({ status: 409, code: 'refund_exceeds_rest' });
    expect((await refund(orderId, amount(1, 'BRL'))).body).toMatchObject({ code: 'refund_currency_differs' });
    expect((await refund(orderId, { ...amount(0) })).body).toMatchObject({ status: 400, code: 'field_invalid' });
    expect((await refund(orderId, { what: 'all-left' })).status).toBe(201);
    await given.fleet.settle();
    // Days later the bank of the payer sends the last of them back: it is owed again, until it is given once more.
    expect((await customer.look(orderId)).status).toBe('refunded');
    await given.fleet.atSandbox(`/v1/payments/${reference}/refund-end`, { state: 'returned' });
    await until('it waits for a person', () => waiting(customer), { isDone: (ids) => ids.length > 0 });
    const [home = ''] = await waiting(customer);
    expect(await look(home)).toMatchObject({ amountMinor: '90000', failure: { why: 'came_back' } });
    expect([(await customer.look(orderId)).status, await leftOf(orderId)]).toEqual(['fulfilled', '0']);
    expect((await post(`/v1/refunds/${String(home)}/retry`, {})).status).toBe(200);
    await stands(home, 'succeeded');
    await given.fleet.settle();
    expect(await customer.entitlements()).toMatchObject({ status: 'active', seats: 5 });
    const story = await customer.story();
    expect(story).toMatchObject({ orders: ['refunded'], told: ['advanced × 5'], dead: [] });
    expect(story.mails).toEqual([
      ...['payment_refunded', 'payment_refunded', 'payment_refunded', 'payment_refunded', 'receipt', 'refund_returned'],
    ]);
    expect(story.books.filter((line) => line.startsWith('refund')).sort()).toEqual([
      ...['refund 10000 USD', 'refund 5000 USD', 'refund 90000 USD', 'refund 90000 USD', 'refund_failed 90000 USD'],
    ]);
    const notes = await given.fleet.sql(`select 1 from document where order_id = $1 and kind = 'credit_note'`, [
      orderId,
    ]);
    expect(notes).toHaveLength(3);
    const seen = await call(given.fleet, 'GET', `/v1/orders/${orderId}`);
    expect(seen.body).toMatchObject({ refunds: [{}, {}, { amountMinor: '90000', status: 'succeeded' }] });
  });

  test('of an order in instalments goes back in part and in whole, refuses what it cannot be, and is no longer undone', async () => {
    const customer = await given.customer('BR');
    const quote = await customer.quote({ periodMonths: 12 });
    const orderId = await customer.order({ quote, token: 'tok_visa', installments: 3, taxpayer: CNPJ });
    await given.fleet.settle();
    const unpaid = await customer.order({ quote: await customer.price({ kind: 'upgrade', plan: 'pro' }) });
    const priceMinor = Number(quote['amountMinor']);
    const refusedAs = async (of: string, wish: Record<string, unknown>, key?: string): Promise<string> => {
      const { body } = await refund(of, wish, key);
      return `${String(body['status'])} ${String(body['code'])}`;
    };
    expect([
      await refusedAs(orderId, amount(priceMinor + 1, 'BRL')),
      await refusedAs(orderId, amount(100, 'USD')),
      await refusedAs(orderId, amount(0, 'BRL')),
      await refusedAs(orderId, amount(-100, 'BRL')),
      await refusedAs(orderId, { ...amount(100, 'BRL'), amountMinor: '1.5' }),
      await refusedAs(orderId, { what: 'amount' }),
      await refusedAs(unpaid, { what: 'all-left' }),
    ]).toEqual([
      ...['409 refund_exceeds_rest', '422 refund_currency_differs', '400 field_invalid', '400 field_invalid'],
      ...['400 field_invalid', '400 field_missing', '409 order_not_refundable'],
    ]);
    expect((await post(`/v1/orders/${unpaid}/cancellation`, {})).status).toBeLessThan(300);
    await given.fleet.settle();
    const canUndo = async (): Promise<unknown> => (await call(given.fleet, 'GET', `/v1/orders/${orderId}/undo`)).body;
    expect(await canUndo()).toMatchObject({ possible: true });
    const key = randomUUID();
    expect((await refund(orderId, amount(10_001, 'BRL'), key)).status).toBe(201);
    expect(await refusedAs(orderId, amount(10_002, 'BRL'), key)).toBe('422 idempotency_key_reused');
    await given.fleet.settle();
    expect(await leftOf(orderId)).toBe(String(priceMinor - 10_001));
    expect(await canUndo()).toMatchObject({ possible: false, refusal: { code: 'undo_built_on' } });
    expect((await post(`/v1/orders/${orderId}/undo`, {})).body).toMatchObject({ status: 409, code: 'undo_built_on' });
    expect((await refund(orderId, { what: 'all-left' })).status).toBe(201);
    await given.fleet.settle();
    const rest = `${String(priceMinor - 10_001)} BRL`;
    expect(await customer.look(orderId)).toMatchObject({ status: 'refunded', installments: 3 });
    expect(await customer.story()).toMatchObject({
      mails: ['payment_refunded', 'payment_refunded', 'receipt'],
      books: [
        ...[`charge ${String(priceMinor)} BRL`, `sale ${String(priceMinor)} BRL`, 'reversal 10001 BRL'],
        ...['refund 10001 BRL', `reversal ${rest}`, `refund ${rest}`],
      ],
      dead: [],
    });
    const papers = await given.fleet.sql<{ is: string }>(
      `select kind || ' ' || amount_minor as is from document where order_id = $1 order by created_at, number`,
      [orderId],
    );
    expect(papers.map(({ is }) => is)).toEqual([
      ...[`invoice ${String(priceMinor)}`, 'credit_note 10001', `credit_note ${String(priceMinor - 10_001)}`],
    ]);
    const left = await given.fleet.sql(`select account from order_balance where order_id = $1 and balance_minor <> 0`, [
      orderId,
    ]);
    expect(left).toEqual([]);
  });

  test('whose money somebody holds outside waits for him, visibly, until he has given it and proven it', async () => {
    const customer = await given.customer('US');
    const orderId = await customer.order();
    await given.fleet.settle();
    const proof = { kind: 'receipt', reference: randomUUID() };
    const money = { amountMinor: '105000', currency: 'USD', proof };
    const paidAt = '2026-01-02T10:00:00Z';
    expect((await post(`/v1/orders/${orderId}/offline-payments`, { ...money, paidAt })).status).toBe(202);
    await given.fleet.settle();
    const { body } = await refund(orderId, { what: 'all-left' });
    await given.fleet.settle();
    expect(await waiting(customer)).toEqual([body['id']]);
    expect((await customer.story()).dead).toEqual([]);
    const path = `/v1/refunds/${String(body['id'])}`;
    expect((await post(`${path}/retry`, {})).body).toMatchObject({ code: 'refund_not_failed' });
    const givenBack = { ...money, proof: { ...proof, reference: randomUUID() }, givenAt: paidAt };
    expect((await post(`${path}/given-outside`, givenBack)).body).toMatchObject({ status: 'succeeded' });
    await given.fleet.settle();
    expect(await waiting(customer)).toEqual([]);
    expect(await customer.story()).toMatchObject({
      orders: ['refunded'],
      mails: ['payment_refunded', 'receipt'],
      books: ['charge 105000 USD', 'sale 105000 USD', 'reversal 105000 USD', 'refund 105000 USD'],
    });
    const apiKey = await given.fleet.addApiKey(['publish', 'read', 'admin'], customer.id);
    const own = await call(given.fleet, 'GET', `/v1/orders/${orderId}/refundable`, { apiKey });
    expect(own.body).toMatchObject({ status: 403, code: 'role_missing' });
  });

  test('is promised as credit, which the next payment pays back, and what its holder never hands over is written off', async () => {
    const customer = await given.customer('US');
    const credits = `/v1/workspaces/${customer.id}/customer-credits`;
    const money = { amountMinor: '2000', currency: 'USD' };
    const [granted, mistaken] = [await post(credits, money), await post(credits, { ...money, amountMinor: '7000' })];
    expect(granted.body).toMatchObject({ leftMinor: '2000', reason: 'a bad week', withdrawn: null, paidBack: [] });
    expect((await post(credits, { ...money, currency: 'BRL' })).body).toMatchObject({
      code: 'credit_currency_differs',
    });
    expect((await post(credits, { ...money, amountMinor: '-1' })).body).toMatchObject({ status: 400 });
    const withdrawal = `/v1/customer-credits/${String(mistaken.body['id'])}/withdrawal`;
    expect((await post(withdrawal, {})).body).toMatchObject({ leftMinor: '0', withdrawn: { amountMinor: '7000' } });
    expect((await post(withdrawal, {})).body).toMatchObject({ status: 409, code: 'credit_spent' });
    const country = { country: 'BR', reason: 'moved' };
    const moved = await call(given.fleet, 'PUT', `/v1/workspaces/${customer.id}/country`, { body: country });
    expect(moved.body).toMatchObject({ status: 409, code: 'country_fixed' });
    // The charge is what was quoted; the credit goes back with a refund, a mail and a credit note.
    const orderId = await customer.order({ token: 'tok_visa' });
    await given.fleet.settle();
    const { credits: seen } = (await call(given.fleet, 'GET', credits)).body as { credits: readonly unknown[] };
    expect(seen).toMatchObject([
      { leftMinor: '0', withdrawn: {} },
      { leftMinor: '0', withdrawn: null, paidBack: [{ orderId, amountMinor: '2000' }] },
    ]);
    expect(await customer.story()).toMatchObject({
      ...{ orders: ['fulfilled'], mails: ['payment_refunded', 'receipt'], dead: [] },
      books: [
        ...['credit 2000 USD', 'credit 7000 USD', 'credit 7000 USD', 'charge 105000 USD', 'sale 105000 USD'],
        ...['reversal 2000 USD', 'credit 2000 USD', 'refund 2000 USD'],
      ],
    });
    const notes = await given.fleet.sql(`select 1 from document where order_id = $1 and kind = 'credit_note'`, [
      orderId,
    ]);
    expect(notes).toHaveLength(1);

    const seats = await customer.order({ quote: await customer.price({ kind: 'add-seats', seats: 1 }) });
    await given.fleet.settle();
    const proof = { kind: 'receipt', reference: randomUUID() };
    const paid = { amountMinor: '21000', currency: 'USD', proof, paidAt: '2026-01-02T10:00:00Z' };
    expect((await post(`/v1/orders/${seats}/offline-payments`, paid)).status).toBe(202);
    await given.fleet.settle();
    const losses = `/v1/orders/${seats}/write-offs`;
    const loss = { amountMinor: '1500', currency: 'USD' };
    expect((await call(given.fleet, 'GET', losses)).body).toMatchObject({ payments: [{ leftMinor: '21000' }] });
    expect((await post(losses, loss)).body).toMatchObject({
      payments: [{ leftMinor: '19500', provider: 'offline' }],
      writeOffs: [{ amountMinor: '1500', reason: 'a bad week', writtenOffBy: 'key first key' }],
    });
    expect((await post(losses, { ...loss, amountMinor: '19501' })).body).toMatchObject({
      code: 'write_off_exceeds_held',
    });
    expect((await post(losses, { ...loss, currency: 'BRL' })).body).toMatchObject({
      code: 'write_off_currency_differs',
    });
    const inside = await post(`/v1/orders/${orderId}/write-offs`, loss);
    expect(inside.body).toMatchObject({ status: 409, code: 'payment_not_outside' });
    expect(await customer.entitlements()).toMatchObject({ seats: 6 });
  });
});
