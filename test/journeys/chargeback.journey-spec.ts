import { expect, test } from '@jest/globals';
import { call } from '../support/customer.js';
import type { Answer, Customer } from '../support/customer.js';
import { inEveryMode } from '../support/journey.js';
import { until } from '../support/until.js';

type Seen = Readonly<Record<string, unknown>>;

inEveryMode('Chargeback', (given) => {
  /** Advanced, 5 seats, 6 months: 105,000 cents. */
  async function subscribed(): Promise<{ readonly customer: Customer; readonly orderId: string }> {
    const customer = await given.customer('US');
    const orderId = await customer.order({ token: 'tok_visa' });
    await given.fleet.settle();
    return { customer, orderId };
  }

  const referenceOf = async (orderId: string): Promise<string> => {
    const statement = `select reference from attempt where order_id = $1 and status = 'succeeded'`;
    return (await given.fleet.sql<{ reference: string }>(statement, [orderId]))[0]?.reference ?? '';
  };
  const atBank = async (orderId: string, state: 'open' | 'won' | 'lost'): Promise<void> => {
    const path = `/v1/payments/${await referenceOf(orderId)}/chargeback`;
    expect((await given.fleet.atSandbox(path, { state, reason: 'fraudulent' })).status).toBe(200);
  };

  /** What the payer's bank does at the provider, until the fleet has heard of it. */
  async function bank(orderId: string, state: 'open' | 'won' | 'lost'): Promise<void> {
    await atBank(orderId, state);
    await until('the order shows it', () => flagsOf(orderId), { isDone: ([flag]) => flag?.['status'] === state });
    await given.fleet.settle();
  }

  const flagsOf = async (orderId: string): Promise<readonly Seen[]> =>
    (await call(given.fleet, 'GET', `/v1/orders/${orderId}`)).body['chargebacks'] as readonly Seen[];
  const undecided = async (customer: Customer): Promise<readonly Seen[]> => {
    const answer = await call(given.fleet, 'GET', `/v1/chargebacks?workspaceId=${customer.id}&undecided=true`);
    return answer.body['chargebacks'] as readonly Seen[];
  };
  const decide = (chargeback: Seen | undefined, decision: string): Promise<Answer> =>
    call(given.fleet, 'POST', `/v1/chargebacks/${String(chargeback?.['id'])}/decision`, {
      body: { decision, reason: 'talked to the customer' },
    });
  const switchOn = ({ id }: Customer): Promise<Answer> =>
    call(given.fleet, 'PUT', `/v1/workspaces/${id}/auto-renewal`, { body: { on: true } });
  const close = ({ id }: Customer, quote: Answer['body']): Promise<Answer> =>
    call(given.fleet, 'POST', `/v1/workspaces/${id}/closings`, {
      body: { reason: 'agreed', refund: 'rest', quoteId: quote['id'] },
      key: String(quote['id']),
    });
  const refund = (orderId: string, amountMinor: string): Promise<Answer> =>
    call(given.fleet, 'POST', `/v1/orders/${orderId}/refunds`, {
      body: { subscription: 'keep', what: 'amount', amountMinor, currency: 'USD', reason: 'a bad week' },
      key: `${orderId}:${amountMinor}`,
    });
  const heard = async ({ id }: Customer): Promise<readonly string[]> => {
    const answer = await call(given.fleet, 'GET', `/v1/events?workspaceId=${id}&limit=200`);
    const { events } = answer.body as { events: readonly { type: string }[] };
    return events.map(({ type }) => type).filter((type) => /charge|auto_renewal/.test(type));
  };

  test('stops automatic renewal, flags the order and blocks refunds, until staff decide to go on', async () => {
    const { customer, orderId } = await subscribed();
    await bank(orderId, 'open');
    expect(await flagsOf(orderId)).toMatchObject([{ status: 'open', amountMinor: '105000', reason: 'fraudulent' }]);
    const view = await call(given.fleet, 'GET', `/v1/workspaces/${customer.id}/subscription`);
    expect(view.body).toMatchObject({ status: 'active', seats: 5, autoRenewal: { on: false, by: 'chargeback' } });
    expect((await switchOn(customer)).body).toMatchObject({ status: 409, code: 'chargeback_open' });
    // Paying with a new method turns automatic renewal on again otherwise.
    const seats = await customer.price({ kind: 'add-seats', seats: 1 });
    await customer.order({ quote: seats, token: 'tok_mastercard' });
    await given.fleet.settle();
    expect(await customer.entitlements()).toMatchObject({ seats: 6, autoRenewal: false, access: 'full' });
    const rest = await customer.price({ kind: 'refund' });
    expect((await close(customer, rest)).body).toMatchObject({ status: 409, code: 'chargeback_open' });
    const [open] = await undecided(customer);
    expect(open).toMatchObject({ orderId, status: 'open', decision: null });
    expect((await decide(open, 'keep')).body).toMatchObject({ decision: { decision: 'keep', by: 'key first key' } });
    expect((await decide(open, 'keep')).status).toBe(200);
    expect((await decide(open, 'close')).body).toMatchObject({ status: 409, code: 'chargeback_decided' });
    expect(await undecided(customer)).toEqual([]);
    expect((await switchOn(customer)).status).toBe(204);
    // The bank has the first payment still in hand, and what is left of the second one does not cover the rest.
    expect((await close(customer, rest)).body).toMatchObject({ code: 'refund_not_covered' });
    await bank(orderId, 'won');
    expect((await close(customer, rest)).status).toBe(201);
    await given.fleet.settle();
    expect(await customer.story()).toMatchObject({
      // On its first day the whole term is its rest.
      orders: ['refunded', 'refunded'],
      mails: [
        ...['auto_renewal_switched', 'chargeback_opened', 'payment_refunded', 'payment_refunded'],
        ...['receipt', 'receipt', 'subscription_closed'],
      ],
      dead: [],
    });
    expect([...(await heard(customer))].sort()).toEqual([
      ...Array.from({ length: 4 }, () => 'auto_renewal.changed'),
      ...['order.chargeback_ended', 'order.charged_back'],
    ]);
  });

  test('holds a refund back that waits to be sent, and once it is won the refund goes and automatic renewal may be turned on', async () => {
    const { customer, orderId } = await subscribed();
    await given.fleet.stopWorker('payment-worker');
    const { body: owed } = await refund(orderId, '4000');
    const look = async (): Promise<Answer['body']> =>
      (await call(given.fleet, 'GET', `/v1/refunds/${String(owed['id'])}`)).body;
    await atBank(orderId, 'open');
    await given.fleet.startWorker('payment-worker');
    await until('the refund waits', look, { isDone: ({ status }) => status === 'failed' });
    await given.fleet.settle();
    expect(await look()).toMatchObject({ failure: { why: 'disputed', code: 'chargeback_open' } });
    expect((await refund(orderId, '1')).body).toMatchObject({ status: 409, code: 'chargeback_open' });
    const retried = await call(given.fleet, 'POST', `/v1/refunds/${String(owed['id'])}/retry`, {
      body: { reason: 'now' },
      key: orderId,
    });
    expect(retried.body).toMatchObject({ status: 409, code: 'chargeback_open' });
    expect((await switchOn(customer)).body).toMatchObject({ status: 409, code: 'chargeback_open' });
    expect((await customer.story()).books).toEqual(['charge 105000 USD', 'sale 105000 USD', 'reversal 4000 USD']);
    // Nobody has to decide about what the bank has left to us.
    await bank(orderId, 'won');
    await until('the refund has gone', look, { isDone: ({ status }) => status === 'succeeded' });
    expect((await switchOn(customer)).status).toBe(204);
    expect((await refund(orderId, '1')).status).toBe(201);
    await given.fleet.settle();
    expect(await customer.entitlements()).toMatchObject({ status: 'active', autoRenewal: true });
  });

  test('that is lost is a loss in the books, and staff may close the subscription without a refund', async () => {
    const { customer, orderId } = await subscribed();
    // The first that is heard of it is that it is over.
    await bank(orderId, 'lost');
    const [open] = await undecided(customer);
    expect(open).toMatchObject({ status: 'lost', decision: null });
    expect(await customer.entitlements()).toMatchObject({ status: 'active', seats: 5, autoRenewal: false });
    const apiKey = await given.fleet.addApiKey(['publish', 'read', 'admin'], customer.id);
    const own = await call(given.fleet, 'GET', '/v1/chargebacks', { apiKey });
    expect(own.body).toMatchObject({ status: 403, code: 'role_missing' });
    expect((await decide(open, 'close')).status).toBe(200);
    await given.fleet.settle();
    expect(await customer.entitlements()).toMatchObject({ status: 'closed', seats: 0, access: 'billing-only' });
    expect(await customer.story()).toEqual({
      orders: ['fulfilled'],
      attempts: ['succeeded'],
      mails: ['chargeback_opened', 'receipt', 'subscription_closed'],
      told: ['advanced × 5', 'advanced × 0'],
      books: ['charge 105000 USD', 'sale 105000 USD', 'chargeback 105000 USD'],
      dead: [],
    });
  });

  test('of which no webhook came is noticed by the audits, and known once somebody has the payment looked at', async () => {
    const { customer, orderId } = await subscribed();
    await given.fleet.setFaults({ webhookDrop: 1 });
    await atBank(orderId, 'open');
    await given.fleet.setFaults({});
    await expect(given.fleet.audit()).rejects.toThrow(/B26/);
    const body = { provider: 'sandbox', workspaceId: customer.id, reference: await referenceOf(orderId) };
    expect((await call(given.fleet, 'POST', '/v1/payment-confirmations', { body, key: orderId })).status).toBe(202);
    await until('the order shows it', () => flagsOf(orderId), { isDone: ([flag]) => flag?.['status'] === 'open' });
    await given.fleet.settle();
    expect(await customer.entitlements()).toMatchObject({ status: 'active', autoRenewal: false });
    expect((await customer.story()).mails).toEqual(['chargeback_opened', 'receipt']);
  });
});
