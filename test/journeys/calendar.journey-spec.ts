import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { call } from '../support/customer.js';
import type { Answer, Customer } from '../support/customer.js';
import { inFleetTime } from '../support/journey.js';
import { daysAfter, jumpTo, moveTo } from '../support/term.js';
import { until } from '../support/until.js';

/** Ends in February 2027, before the renewal of every subscription of this file is charged in April. */
const EXPIRING = '4000 0000 0000 0069';
/** 19:00 in New York in March and April: later than mails leave there. */
const EVENING_UTC = 23;

inFleetTime('the calendar of a term', (given) => {
  const put = (customer: Customer, what: string, body: unknown): Promise<Answer> =>
    call(given.fleet, 'PUT', `/v1/workspaces/${customer.id}/${what}`, { body });
  /** Advanced, 5 seats, 6 months, in New York. */
  async function subscribed(how: { card?: string; autoRenewal?: false } = {}): Promise<Customer> {
    const customer = await given.customer();
    if (how.card === undefined) await customer.order({ token: 'tok_visa' });
    else await customer.pay(await customer.order(), { card: how.card });
    await given.fleet.settle();
    if (how.autoRenewal === false) await put(customer, 'auto-renewal', { on: false });
    await given.fleet.settle();
    return customer;
  }
  const endOf = async (customer: Customer): Promise<string> => String((await customer.entitlements())?.['endsOn']);
  const mailsOf = async (customer: Customer, template: string): Promise<readonly Record<string, unknown>[]> =>
    (
      await given.fleet.sql<{ facts: Record<string, unknown> }>(
        `select facts from notification where workspace_id = $1 and template = $2 order by created_at, id`,
        [customer.id, template],
      )
    ).map(({ facts }) => facts);
  const noticesOf = (customer: Customer): Promise<readonly object[]> =>
    given.fleet.sql(
      `select kind, about, outcome, reason from term_notice where workspace_id = $1 order by kind, about::text`,
      [customer.id],
    );
  const remindersOf = async (customer: Customer): Promise<readonly object[]> =>
    given.fleet.sql(`select reminder, suppressed_for as "for" from renewal where workspace_id = $1`, [customer.id]);
  const arrived = async (customer: Customer, template: string): Promise<number> =>
    (await customer.mails()).filter((one) => one === template).length;

  test('a reminder that is found due in the evening waits for nine in the morning; its order is made at once', async () => {
    const customer = await subscribed({ autoRenewal: false });
    const endsOn = await endOf(customer);
    await given.fleet.stopWorker('dispatcher');
    jumpTo(given, endsOn, -9, EVENING_UTC);
    await given.fleet.startWorker('dispatcher');
    await given.fleet.settle();
    expect((await customer.story()).orders).toEqual(['fulfilled', 'awaiting_payment']);
    expect(await customer.mails()).toEqual(['auto_renewal_switched', 'receipt']);
    await moveTo(given, endsOn, -8, 12);
    expect(await customer.mails()).toEqual(['auto_renewal_switched', 'receipt']);
    await moveTo(given, endsOn, -8, 13);
    expect(await customer.mails()).toEqual(['auto_renewal_switched', 'receipt', 'renewal_reminder']);
    expect(await remindersOf(customer)).toEqual([{ reminder: 'will-expire', for: null }]);
  });

  test('a reminder whose mail could not leave by day leaves on the next one, unless its charge comes first', async () => {
    const [manual, auto] = [await subscribed({ autoRenewal: false }), await subscribed()];
    const endsOn = await endOf(manual);
    await given.fleet.stopWorker('delivery-worker');
    const { fleet } = given;
    jumpTo(given, endsOn, -9);
    const owed = `select 1 from notification where template = 'renewal_reminder' and workspace_id = any($1::uuid[])`;
    await until('both are to be reminded', async () => (await fleet.sql(owed, [[manual.id, auto.id]])).length === 2);
    jumpTo(given, endsOn, -4, EVENING_UTC);
    await fleet.startWorker('delivery-worker');
    await fleet.settle();
    expect(await manual.mails()).toEqual(['auto_renewal_switched', 'receipt']);
    expect(await auto.mails()).toEqual(['receipt']);
    await moveTo(given, endsOn, -3, 13);
    expect(await arrived(manual, 'renewal_reminder')).toBe(1);
    expect(await auto.mails()).toEqual(['receipt', 'receipt']);
    const left = await fleet.sql(
      `select status, failure from notification where workspace_id = $1 and template = 'renewal_reminder'`,
      [auto.id],
    );
    expect(left).toEqual([{ status: 'suppressed', failure: 'its moment had passed' }]);
  });

  test('a reminder that is found due in the evening before its charge is left out, and the reason is kept', async () => {
    const customer = await subscribed();
    const endsOn = await endOf(customer);
    await given.fleet.stopWorker('dispatcher');
    jumpTo(given, endsOn, -4, EVENING_UTC);
    await given.fleet.startWorker('dispatcher');
    await given.fleet.settle();
    expect(await remindersOf(customer)).toEqual([{ reminder: 'suppressed', for: 'charged-first' }]);
    await moveTo(given, endsOn, -3, 13);
    expect(await customer.story()).toMatchObject({
      ...{ attempts: ['succeeded', 'succeeded'], mails: ['receipt', 'receipt'], dead: [] },
    });
  });

  test('a stored card that expires before the renewal is told of thirty days before the end, once, and not once it is replaced', async () => {
    const [told, replaced, manual, sound] = [
      await subscribed({ card: EXPIRING }),
      await subscribed({ card: EXPIRING }),
      await subscribed({ card: EXPIRING, autoRenewal: false }),
      await subscribed(),
    ];
    const endsOn = await endOf(told);
    const path = `/v1/workspaces/${replaced.id}/payment-methods`;
    const answer = await call(given.fleet, 'POST', path, { body: { token: 'tok_mastercard' }, key: randomUUID() });
    expect(answer.status).toBe(202);
    await moveTo(given, endsOn, -31);
    expect(await arrived(told, 'card_expiring')).toBe(0);
    await moveTo(given, endsOn, -30);
    await moveTo(given, endsOn, -20);
    expect(await mailsOf(told, 'card_expiring')).toEqual([
      expect.objectContaining({
        ...{ method: { kind: 'card', last4: '0069' }, expiresIn: '2027-02', endsOn, chargesOn: daysAfter(endsOn, -3) },
      }),
    ]);
    expect(await arrived(told, 'card_expiring')).toBe(1);
    expect(await noticesOf(told)).toEqual([
      { kind: 'card-expiring', about: 'visa 0069 2027-02', outcome: 'told', reason: null },
    ]);
    expect(await replaced.mails()).toEqual(['payment_method_replaced', 'receipt']);
    expect(await manual.mails()).toEqual(['auto_renewal_switched', 'receipt']);
    expect(await sound.mails()).toEqual(['receipt']);
  });

  test('data is kept for ninety days after the end: the state says until when, and its owner is warned before', async () => {
    const customer = await subscribed({ autoRenewal: false });
    const endsOn = await endOf(customer);
    expect(await customer.entitlements()).toMatchObject({ dataKeptUntil: null });
    await moveTo(given, endsOn, 0);
    expect(await arrived(customer, 'subscription_expired')).toBe(1);
    await moveTo(given, endsOn, 4);
    const keptUntil = daysAfter(endsOn, 90);
    expect(await customer.entitlements()).toMatchObject({ access: 'billing-only', dataKeptUntil: keptUntil });
    const view = await call(given.fleet, 'GET', `/v1/workspaces/${customer.id}/subscription`);
    expect(view.body).toMatchObject({ status: 'expired', dataKeptUntil: keptUntil });
    await moveTo(given, endsOn, 59);
    expect(await arrived(customer, 'data_ending')).toBe(0);
    expect(await arrived(customer, 'subscription_expired')).toBe(1);
    await moveTo(given, endsOn, 60);
    expect(await arrived(customer, 'data_ending')).toBe(1);
    // The fleet is down over the second warning: the third one says it all.
    await given.fleet.stopWorker('dispatcher');
    jumpTo(given, endsOn, 89);
    await given.fleet.startWorker('dispatcher');
    await given.fleet.settle();
    expect(await mailsOf(customer, 'data_ending')).toEqual([
      expect.objectContaining({ endedOn: endsOn, keptUntil }),
      expect.objectContaining({ endedOn: endsOn, keptUntil }),
    ]);
    await moveTo(given, endsOn, 100);
    expect(await noticesOf(customer)).toEqual([
      { kind: 'data-ending', about: '1', outcome: 'told', reason: null },
      { kind: 'data-ending', about: '30', outcome: 'told', reason: null },
      { kind: 'data-ending', about: '7', outcome: 'suppressed', reason: 'overtaken' },
      { kind: 'subscription-expired', about: 'end', outcome: 'told', reason: null },
    ]);
    expect(await arrived(customer, 'data_ending')).toBe(2);
    expect(await customer.entitlements()).toMatchObject({ status: 'expired', dataKeptUntil: keptUntil });
  });

  test('an end that is noted after the days of grace is not told of', async () => {
    const customer = await subscribed({ autoRenewal: false });
    const endsOn = await endOf(customer);
    await moveTo(given, endsOn, -1);
    await given.fleet.stopWorker('dispatcher');
    jumpTo(given, endsOn, 5);
    await given.fleet.startWorker('dispatcher');
    await given.fleet.settle();
    expect(await customer.entitlements()).toMatchObject({ status: 'expired', access: 'billing-only' });
    expect(await noticesOf(customer)).toEqual([
      { kind: 'subscription-expired', about: 'end', outcome: 'suppressed', reason: 'grace-over' },
    ]);
    expect(await arrived(customer, 'subscription_expired')).toBe(0);
  });
});
