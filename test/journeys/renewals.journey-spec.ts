import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { call } from '../support/customer.js';
import type { Answer, Customer } from '../support/customer.js';
import { inEveryMode, testInFleetTime } from '../support/journey.js';
import { daysAfter, monthsAfter } from '../support/term.js';
import { until } from '../support/until.js';

const DAY_MS = 86_400_000;
/** Pays on the page, and is declined whenever it is charged later. */
const EMPTY_LATER = '4000 0000 0000 0341';
const WORKERS = ['dispatcher', 'reminder-worker', 'order-worker', 'payment-worker', 'seat-worker'] as const;

type Mail = { readonly template: string; readonly facts: Readonly<Record<string, unknown>> };
type OrderRow = {
  readonly id: string;
  readonly number: string;
  readonly kind: string;
  readonly status: string;
  readonly plan: string;
  readonly seats: number;
  readonly periodMonths: number;
  readonly amountMinor: string;
};

inEveryMode('the end of a term', (given) => {
  const put = (customer: Customer, what: string, body: unknown): Promise<Answer> =>
    call(given.fleet, 'PUT', `/v1/workspaces/${customer.id}/${what}`, { body });
  const renewalOf = async (customer: Customer): Promise<OrderRow | undefined> =>
    (
      await given.fleet.sql<OrderRow>(
        `select id, number::text, kind, status, plan, seats, period_months as "periodMonths", amount_minor::text as "amountMinor"
         from orders where workspace_id = $1 and kind = 'renewal' order by number desc limit 1`,
        [customer.id],
      )
    )[0];
  const mailsOf = (customer: Customer, template: string): Promise<Mail[]> =>
    given.fleet.sql<Mail>(
      `select template, facts from notification where workspace_id = $1 and template = $2 order by created_at, id`,
      [customer.id, template],
    );

  /** Advanced, 5 seats, 6 months. */
  async function subscribed(
    how: { card?: string; country?: 'US' | 'BR'; autoRenewal?: false } = {},
  ): Promise<Customer> {
    const customer = await given.customer(how.country ?? 'US');
    if (how.country === 'BR') await customer.pay(await customer.order({ method: 'pix' }));
    else if (how.card === undefined) await customer.order({ token: 'tok_visa' });
    else await customer.pay(await customer.order(), { card: how.card });
    await given.fleet.settle();
    if (how.autoRenewal === false) await put(customer, 'auto-renewal', { on: false });
    return customer;
  }

  const endOf = async (customer: Customer): Promise<string> => String((await customer.entitlements())?.['endsOn']);

  /** Moves the clock to the late morning of a day, counted from the end of a term; the commits of the mode crash again. */
  async function moveTo(endsOn: string, days: number): Promise<void> {
    const { fleet, mode } = given;
    fleet.crashAtCommit(mode.crashAt);
    const target = Date.parse(`${endsOn}T15:00:00Z`) + days * DAY_MS;
    fleet.clock.advanceMs(target - fleet.clock.now().getTime());
    await fleet.settle();
  }

  test('Day −9: a reminder 9 days before the end, and a renewal order with the current plan, seats and billing period', async () => {
    const customer = await subscribed({ autoRenewal: false });
    const endsOn = await endOf(customer);
    await moveTo(endsOn, -10);
    expect(await customer.mails()).toEqual(['auto_renewal_switched', 'receipt']);
    await moveTo(endsOn, -9);
    const order = await renewalOf(customer);
    expect(order).toMatchObject({
      ...{ status: 'awaiting_payment', plan: 'advanced', seats: 5, periodMonths: 6, amountMinor: '105000' },
    });
    expect(await customer.mails()).toEqual(['auto_renewal_switched', 'receipt', 'renewal_reminder']);
    expect((await mailsOf(customer, 'renewal_reminder')).map(({ facts }) => facts)).toEqual([
      expect.objectContaining({
        ...{ variant: 'will-expire', orderNumber: order?.number, actionPath: `/billing/orders/${order?.id ?? ''}` },
        ...{ seats: 5, periodMonths: 6, endsOn, amount: { amountMinor: '105000', currency: 'USD' } },
      }),
    ]);
    await moveTo(endsOn, -1);
    await customer.pay(order?.id ?? '');
    await given.fleet.settle();
    expect(await customer.entitlements()).toMatchObject({ endsOn: monthsAfter(endsOn, 6), plan: 'advanced', seats: 5 });
    expect((await mailsOf(customer, 'receipt')).at(-1)?.facts).toMatchObject({
      ...{ bought: 'renewal', periodMonths: 6, renewal: { is: 'turned-on' } },
    });
    expect(await customer.mails()).toEqual(['auto_renewal_switched', 'receipt', 'receipt', 'renewal_reminder']);
  });

  test('Day −3: with automatic renewal is charged once, and again while it is declined: four times in all, or until somebody acts', async () => {
    const willing = await subscribed();
    const [broke, helped, stopped] = [
      await subscribed({ card: EMPTY_LATER }),
      await subscribed({ card: EMPTY_LATER }),
      await subscribed({ card: EMPTY_LATER }),
    ];
    const endsOn = await endOf(willing);
    await moveTo(endsOn, -9);
    expect((await mailsOf(willing, 'renewal_reminder')).map(({ facts }) => facts)).toEqual([
      expect.objectContaining({ variant: 'will-be-charged', method: { kind: 'card', last4: '4242' } }),
    ]);
    expect(await renewalOf(willing)).toBeUndefined();
    await moveTo(endsOn, -3);
    expect(await willing.story()).toMatchObject({
      orders: ['fulfilled', 'fulfilled'],
      attempts: ['succeeded', 'succeeded'],
      mails: ['receipt', 'receipt', 'renewal_reminder'],
      told: ['advanced × 5', 'advanced × 5'],
      books: ['charge 105000 USD', 'sale 105000 USD', 'charge 105000 USD', 'sale 105000 USD'],
    });
    expect(await willing.entitlements()).toMatchObject({ endsOn: monthsAfter(endsOn, 6), autoRenewal: true });
    for (const customer of [broke, helped, stopped]) {
      expect((await customer.story()).attempts).toEqual(['succeeded', 'declined']);
      const [told] = await mailsOf(customer, 'payment_declined');
      expect(told?.facts).toMatchObject({ reason: 'insufficient_funds', nextTryAt: expect.any(String) as unknown });
    }
    const orderId = (await renewalOf(helped))?.id ?? '';
    const payment = { method: 'card', token: 'tok_mastercard' };
    expect(
      (await call(given.fleet, 'POST', `/v1/orders/${orderId}/payments`, { body: payment, key: randomUUID() })).status,
    ).toBe(202);
    expect((await put(stopped, 'auto-renewal', { on: false })).status).toBe(204);
    await given.fleet.settle();
    for (const day of [-2, -1, 0, 1]) await moveTo(endsOn, day);
    expect((await helped.story()).attempts).toEqual(['succeeded', 'declined', 'succeeded']);
    expect(await helped.entitlements()).toMatchObject({ endsOn: monthsAfter(endsOn, 6), autoRenewal: true });
    expect((await stopped.story()).attempts).toEqual(['succeeded', 'declined']);
    const declined = Array.from({ length: 4 }, () => 'declined');
    expect((await broke.story()).attempts).toEqual(['succeeded', ...declined]);
    const told = await mailsOf(broke, 'payment_declined');
    expect(told.map(({ facts }) => 'nextTryAt' in facts)).toEqual([true, true, true, false]);
    const failed = await given.fleet.sql<{ again: boolean }>(
      `select data ->> 'nextTryAt' is not null as again from event where workspace_id = $1 and type = 'renewal.failed' order by seq`,
      [broke.id],
    );
    expect(failed.map(({ again }) => again)).toEqual([true, true, true, false]);
    expect(await broke.entitlements()).toMatchObject({ status: 'expired', access: 'full' });
    const unpaid = (await renewalOf(broke))?.id ?? '';
    expect((await mailsOf(broke, 'subscription_expired')).map(({ facts }) => facts)).toEqual([
      expect.objectContaining({
        ...{ endedOn: endsOn, worksUntil: daysAfter(endsOn, 3), keptUntil: daysAfter(endsOn, 90) },
        ...{ payOrderId: unpaid, actionPath: `/billing/orders/${unpaid}` },
      }),
    ]);
    await moveTo(endsOn, 4);
    expect((await broke.story()).attempts).toEqual(['succeeded', ...declined]);
    expect(await broke.entitlements()).toMatchObject({ status: 'expired', access: 'billing-only' });
    const states = await call(given.fleet, 'GET', `/v1/events?workspaceId=${broke.id}&type=subscription.changed`);
    const [graceOver, termOver] = (states.body as { events: { data: unknown }[] }).events;
    expect(termOver?.data).toMatchObject({ status: 'expired', access: 'full' });
    expect(graceOver?.data).toMatchObject({ status: 'expired', access: 'billing-only' });
    expect(await renewalOf(broke)).toMatchObject({ status: 'expired' });
    expect((await broke.mails()).filter((template) => template === 'renewal_reminder')).toHaveLength(1);
  });

  test('Day −3: fleet down from day −4 to day −1: charged once', async () => {
    const customer = await subscribed();
    const endsOn = await endOf(customer);
    await moveTo(endsOn, -9);
    await moveTo(endsOn, -4);
    for (const name of WORKERS) await given.fleet.stopWorker(name);
    await moveTo(endsOn, -1);
    for (const name of WORKERS) await given.fleet.startWorker(name);
    await given.fleet.settle();
    expect(await customer.story()).toMatchObject({
      orders: ['fulfilled', 'fulfilled'],
      attempts: ['succeeded', 'succeeded'],
      mails: ['receipt', 'receipt', 'renewal_reminder'],
      dead: [],
    });
    expect(await customer.entitlements()).toMatchObject({ endsOn: monthsAfter(endsOn, 6) });
  });

  testInFleetTime(given, 'that was paid by hand and is not given yet is not charged as well', async () => {
    const customer = await subscribed();
    const endsOn = await endOf(customer);
    await moveTo(endsOn, -4);
    await given.fleet.stopWorker('seat-worker');
    const orderId = await customer.order({ token: 'tok_visa', quote: await customer.price({ kind: 'renewal' }) });
    await until('the renewal is paid', async () => (await customer.look(orderId)).status === 'paid');
    const { clock } = given.fleet;
    clock.advanceMs(DAY_MS);
    await until('the end of the term was looked at', async () => {
      const left = await given.fleet.sql(
        `select 1 from subscription where workspace_id = $1 and renewal_at <= $2 union all select 1 from work where kind = 'renewal.decide'`,
        [customer.id, clock.now().toISOString()],
      );
      return left.length === 0;
    });
    await given.fleet.startWorker('seat-worker');
    await given.fleet.settle();
    expect((await customer.story()).books).toEqual([
      ...['charge 105000 USD', 'sale 105000 USD', 'charge 105000 USD', 'sale 105000 USD'],
    ]);
    expect(await customer.entitlements()).toMatchObject({ endsOn: monthsAfter(endsOn, 6) });
  });

  test('Late renewal payment: is paid late by Pix: within the days of grace from the old end, after them from the payment', async () => {
    const [early, late] = [await subscribed({ country: 'BR' }), await subscribed({ country: 'BR' })];
    const endsOn = await endOf(early);
    await moveTo(endsOn, -9);
    for (const customer of [early, late]) {
      const [told] = await mailsOf(customer, 'renewal_reminder');
      expect(told?.facts).toMatchObject({ variant: 'will-expire', orderNumber: (await renewalOf(customer))?.number });
    }
    await moveTo(endsOn, 2);
    expect(await early.entitlements()).toMatchObject({ status: 'expired', access: 'full' });
    await early.pay((await renewalOf(early))?.id ?? '');
    await given.fleet.settle();
    expect(await early.entitlements()).toMatchObject({ status: 'active', endsOn: monthsAfter(endsOn, 6) });
    await moveTo(endsOn, 4);
    expect(await late.entitlements()).toMatchObject({ status: 'expired', access: 'billing-only' });
    expect(await renewalOf(late)).toMatchObject({ status: 'expired' });
    const quote = await late.price({ kind: 'renewal' });
    await late.pay(await late.order({ quote, method: 'pix' }));
    await given.fleet.settle();
    const paidOn = new Date(Date.parse(endsOn) + 4 * DAY_MS).toISOString().slice(0, 10);
    expect(await late.entitlements()).toMatchObject({
      ...{ status: 'active', access: 'full', startsOn: paidOn, endsOn: monthsAfter(paidOn, 6) },
    });
  });

  test('that is extended while its renewal order is open is paid once: the order is taken back, or takes the next days', async () => {
    const [one, both] = [await subscribed({ autoRenewal: false }), await subscribed({ autoRenewal: false })];
    const endsOn = await endOf(one);
    await moveTo(endsOn, -9);
    const extend = async (customer: Customer): Promise<string> =>
      customer.order({ quote: await customer.price({ kind: 'extension', periodMonths: 6 }) });
    await one.pay(await extend(one));
    await given.fleet.settle();
    expect(await one.story()).toMatchObject({
      orders: ['fulfilled', 'cancelled', 'fulfilled'],
      books: ['charge 105000 USD', 'sale 105000 USD', 'charge 105000 USD', 'sale 105000 USD'],
    });
    // Both are paid before either is given, so neither could be taken back in time: each buys days of its own.
    const [extension, renewal] = [await extend(both), (await renewalOf(both))?.id ?? ''];
    await both.checkout(extension);
    await given.fleet.settle();
    await given.fleet.stopWorker('seat-worker');
    await both.pay(extension);
    await both.pay(renewal);
    await until('both are paid', async () => {
      const seen = [await both.look(extension), await both.look(renewal)];
      return seen.every(({ status }) => status === 'paid');
    });
    await given.fleet.startWorker('seat-worker');
    await given.fleet.settle();
    expect(await both.story()).toMatchObject({ orders: ['fulfilled', 'fulfilled', 'fulfilled'], dead: [] });
    expect(await both.entitlements()).toMatchObject({ endsOn: monthsAfter(endsOn, 12) });
    for (const customer of [one, both]) {
      expect((await customer.mails()).filter((template) => template === 'renewal_reminder')).toHaveLength(1);
    }
  });

  test('that is planned anew before it is paid gets an order for the new plan; while it is charged, nothing changes', async () => {
    const [unpaid, charging] = [await subscribed({ autoRenewal: false }), await subscribed()];
    const endsOn = await endOf(unpaid);
    await moveTo(endsOn, -9);
    const plan = async (customer: Customer): Promise<Answer> => {
      const quote = await customer.price({ kind: 'scheduled-change', seats: 3 });
      return put(customer, 'scheduled-change', { quoteId: quote['id'] });
    };
    expect((await plan(unpaid)).status).toBe(204);
    await given.fleet.settle();
    expect((await unpaid.story()).orders).toEqual(['fulfilled', 'cancelled', 'awaiting_payment']);
    expect(await renewalOf(unpaid)).toMatchObject({ seats: 3, amountMinor: '63000' });
    expect((await unpaid.mails()).filter((template) => template === 'renewal_reminder')).toHaveLength(1);
    await given.fleet.stopWorker('order-worker');
    given.fleet.clock.advanceMs(6 * DAY_MS);
    await until('the charge is owed', async () => (await charging.story()).attempts.includes('submitting'));
    expect((await plan(charging)).body).toMatchObject({ status: 409, code: 'renewal_in_progress' });
    await given.fleet.startWorker('order-worker');
    await given.fleet.settle();
    expect((await charging.story()).attempts).toEqual(['succeeded', 'succeeded']);
    // From here on the plan is about the term after the one that was just bought.
    expect((await plan(charging)).status).toBe(204);
    expect((await charging.story()).orders).toEqual(['fulfilled', 'fulfilled']);
  });

  test('that an upstream service collects is offered to it again, and given once it is confirmed', async () => {
    const customer = await given.customer('US');
    const confirm = async (orderId: string): Promise<void> => {
      const money = { amountMinor: '105000', currency: 'USD', paidAt: given.fleet.clock.now().toISOString() };
      const body = { provider: 'upstream', workspaceId: customer.id, order: { orderId }, reference: orderId, ...money };
      const answer = await call(given.fleet, 'POST', '/v1/payment-confirmations', { body, key: randomUUID() });
      expect(answer.status).toBe(202);
      await given.fleet.settle();
    };
    await confirm(await customer.order({ isUpstream: true }));
    const endsOn = await endOf(customer);
    await moveTo(endsOn, -9);
    await confirm((await renewalOf(customer))?.id ?? '');
    expect(await customer.entitlements()).toMatchObject({ endsOn: monthsAfter(endsOn, 6), autoRenewal: false });
    expect(await customer.mails()).toEqual(['receipt', 'receipt', 'renewal_reminder']);
  });
});
