import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { leftToRefund } from '@billfleet/domain';
import { RefundWorld } from '../../../test/support/refund-world.js';

const world = new RefundWorld('refunds test');
const PRICE_MINOR = 105_000n;

beforeAll(() => world.open());
beforeEach(() => {
  world.provider.mood = 'succeeds';
});
afterEach(async () => {
  expect(await world.violated()).toEqual([]);
});
afterAll(() => world.close());

type Bought = { readonly id: string; readonly workspaceId: string };
async function bought(): Promise<Bought> {
  const workspaceId = await world.workspace();
  return { id: await world.buy(workspaceId), workspaceId };
}
const amount = (minor: number, currency = 'USD') => ({ what: 'amount', amountMinor: String(minor), currency });
const leftOf = async ({ id }: Bought): Promise<bigint> =>
  (await world.look(id)).payments.reduce((sum, payment) => sum + leftToRefund(payment), 0n);
const statusOf = async ({ id }: Bought): Promise<string> => (await world.look(id)).status;

describe('a refund that staff give', () => {
  test('takes parts, several of them, and the order is refunded with the last of its price', async () => {
    const order = await bought();
    expect(await world.refund(order, amount(5_000))).toMatchObject({ kind: 'accepted', isReplay: false });
    expect(await world.refund(order, amount(10_000))).toMatchObject({ kind: 'accepted' });
    await world.send();
    expect([await statusOf(order), await leftOf(order)]).toEqual(['fulfilled', PRICE_MINOR - 15_000n]);
    expect(await world.refund(order, { what: 'all-left' })).toMatchObject({ kind: 'accepted' });
    expect(await statusOf(order)).toBe('fulfilled');
    await world.send();
    expect([await statusOf(order), await leftOf(order)]).toEqual(['refunded', 0n]);
    expect((await world.refundsOf(order.id)).map(({ amountMinor, status }) => `${amountMinor} ${status}`)).toEqual([
      ...['5000 succeeded', '10000 succeeded', '90000 succeeded'],
    ]);
    const seats = await world.store.query(`select seats from subscription where workspace_id = $1`, [
      order.workspaceId,
    ]);
    expect(seats).toEqual([{ seats: 5 }]);
  });

  test('of unused days is worth their share of the price, and says so', async () => {
    const order = await bought();
    world.clock.advanceMs(10 * 86_400_000);
    const outcome = await world.refund(order, { what: 'unused-days' });
    world.clock.advanceMs(-10 * 86_400_000);
    expect(outcome.kind).toBe('accepted');
    const [refund] = await world.refundsOf(order.id);
    // 5 October to 5 April: 172 of 182 days.
    expect(refund).toMatchObject({
      amountMinor: String(Math.round((105_000 * 172) / 182)),
      derivation: { what: 'unused-days', leftDays: 172, wholeDays: 182, priceMinor: '105000' },
      ...{ note: 'a bad week', requestedBy: 'key support', reason: 'goodwill' },
    });
    await world.send();
  });

  test('with one key is given once, and other content under the key is refused', async () => {
    const order = await bought();
    const key = randomUUID();
    const first = await world.refund(order, amount(7_000), key);
    expect(await world.refund(order, amount(7_000), key)).toEqual({ ...first, isReplay: true });
    const other = await world.refund(order, amount(8_000), key);
    expect(other).toMatchObject({ kind: 'refused', problem: { code: 'idempotency_key_reused' } });
    expect(await world.refundsOf(order.id)).toHaveLength(1);
  });

  test('at once by a hundred never comes to more than was paid', async () => {
    const order = await bought();
    const outcomes = await Promise.all(Array.from({ length: 100 }, () => world.refund(order, amount(2_500))));
    const given = outcomes.filter(({ kind }) => kind === 'accepted');
    const codes = new Set(outcomes.flatMap((one) => (one.kind === 'refused' ? [one.problem.code] : [])));
    expect([given.length, [...codes], await leftOf(order)]).toEqual([42, ['refund_exceeds_rest'], 0n]);
    await world.send();
    expect(await statusOf(order)).toBe('refunded');
  });

  test('takes seats back with the money of this order alone', async () => {
    const order = await bought();
    const added = await world.buy(order.workspaceId, { kind: 'add-seats', seats: 1 });
    const quoteId = await world.quote(order.workspaceId, { kind: 'refund', seats: 1 });
    expect(await world.refund(order, { subscription: 'take-back', quoteId })).toMatchObject({ kind: 'accepted' });
    await world.send();
    expect(await world.refundsOf(order.id)).toMatchObject([{ amountMinor: '21000', reason: 'seats_returned' }]);
    expect(await world.refundsOf(added)).toEqual([]);
    const rows = await world.store.query(`select seats from subscription where workspace_id = $1`, [order.workspaceId]);
    expect(rows).toEqual([{ seats: 5 }]);
    const whole = await world.quote(order.workspaceId, { kind: 'refund' });
    const short = await world.refund(
      { id: added, workspaceId: order.workspaceId },
      {
        subscription: 'take-back',
        quoteId: whole,
      },
    );
    expect(short).toMatchObject({ kind: 'refused', problem: { code: 'refund_not_covered' } });
  });

  test.each([
    ['above the rest', amount(105_001), 409, 'refund_exceeds_rest'],
    ['in another currency', amount(1, 'BRL'), 422, 'refund_currency_differs'],
    ['of a payment of nobody', { what: 'all-left', attemptId: randomUUID() }, 404, 'not_found'],
  ])('%s is refused', async (_name, wish, status, code) => {
    const order = await bought();
    expect(await world.refund(order, wish)).toMatchObject({ kind: 'refused', problem: { status, code } });
    expect(await leftOf(order)).toBe(PRICE_MINOR);
  });

  test('of an order that nobody paid, or of another workspace, is refused', async () => {
    const workspaceId = await world.workspace();
    const unpaid = { id: await world.order(workspaceId), workspaceId };
    const refusedAs = async (order: Bought) => {
      const outcome = await world.refund(order, { what: 'all-left' });
      return outcome.kind === 'refused' ? `${outcome.problem.code}: ${outcome.problem.found}` : outcome.kind;
    };
    expect(await refusedAs(unpaid)).toBe('order_not_refundable: awaiting_payment');
    expect(await refusedAs({ ...unpaid, workspaceId: await world.workspace() })).toMatch(/^not_found/);
    await world.pay(unpaid.id);
    expect(await refusedAs(unpaid)).toBe('order_not_refundable: paid');
    await world.apply();
  });
});

describe('a refund that the provider takes its time for', () => {
  test.each(['hear', 'check'] as const)('is booked once it has gone back, when we %s of it', async (learn) => {
    const order = await bought();
    world.provider.mood = 'processes';
    await world.refund(order, { what: 'all-left' });
    await world.send();
    expect(await world.refundsOf(order.id)).toMatchObject([{ status: 'processing', needsPerson: false }]);
    await world.check();
    expect(await statusOf(order)).toBe('fulfilled');
    world.provider.end(order.id, 'succeeded');
    for (let twice = 0; twice < 2; twice += 1) await (learn === 'hear' ? world.hear(order.id) : world.check());
    expect(await world.refundsOf(order.id)).toMatchObject([{ status: 'succeeded' }]);
    expect(await statusOf(order)).toBe('refunded');
  });

  test('and then fails is owed again: told, tried again under a new key, and given', async () => {
    const order = await bought();
    world.provider.mood = 'processes';
    await world.refund(order, { what: 'all-left' });
    await world.send();
    world.provider.end(order.id, 'failed');
    await world.hear(order.id);
    const [failed] = await world.refundsOf(order.id);
    expect(failed).toMatchObject({ status: 'failed', needsPerson: true, failure: { code: 'account_closed' } });
    if (failed === undefined) return;
    expect(await leftOf(order)).toBe(0n);
    const told = await world.store.query(
      `select data ->> 'why' as why from event where type = 'order.refund_waits' and workspace_id = $1`,
      [order.workspaceId],
    );
    expect(told).toEqual([{ why: 'failed' }]);
    world.provider.mood = 'succeeds';
    expect(await world.retry(failed)).toMatchObject({ kind: 'accepted' });
    expect(await world.retry(failed)).toMatchObject({ problem: { code: 'refund_not_failed' } });
    // What the provider still says of the first key is old news.
    await world.hear(order.id);
    await world.send();
    expect(await world.refundsOf(order.id)).toMatchObject([{ status: 'succeeded', failure: null }]);
    expect(await statusOf(order)).toBe('refunded');
  });

  test('or fails for good is given in another way, once and with proof', async () => {
    const order = await bought();
    world.provider.mood = 'fails';
    await world.refund(order, amount(4_000));
    await world.send();
    const [failed] = await world.refundsOf(order.id);
    if (failed === undefined) throw new Error('no refund');
    const reference = randomUUID();
    const code = (outcome: Awaited<ReturnType<typeof world.giveOutside>>): string =>
      outcome.kind === 'refused' ? outcome.problem.code : outcome.kind;
    expect(code(await world.giveOutside(failed, { amountMinor: '3999' }))).toBe('amount_differs');
    expect(code(await world.giveOutside(failed, { givenAt: '2030-01-01T00:00:00Z' }))).toBe('given_in_future');
    expect(code(await world.giveOutside(failed, { reference }))).toBe('accepted');
    expect(code(await world.giveOutside(failed))).toBe('refund_not_waiting');
    await world.refund(order, amount(1_000));
    await world.send();
    const second = (await world.refundsOf(order.id))[1];
    if (second === undefined) throw new Error('no second refund');
    expect(code(await world.giveOutside(second, { reference: reference.toUpperCase() }))).toBe('proof_used');
  });

  test('is not sent twice when the reply is lost', async () => {
    const order = await bought();
    world.provider.mood = 'lost';
    await world.refund(order, amount(4_000));
    await world.send();
    expect(await world.refundsOf(order.id)).toMatchObject([{ status: 'owed' }]);
    world.provider.mood = 'succeeds';
    await world.send();
    expect(await world.refundsOf(order.id)).toMatchObject([{ status: 'succeeded' }]);
  });
});

describe('a dispute', () => {
  test('freezes refunds of the workspace until staff have decided, also when its webhook was lost', async () => {
    const order = await bought();
    await world.refund(order, amount(4_000));
    world.provider.bank(order.id, 'open');
    await world.send();
    expect(await world.refundsOf(order.id)).toMatchObject([{ status: 'failed', failure: { why: 'disputed' } }]);
    const outcome = await world.refund(order, amount(1));
    expect(outcome).toMatchObject({ kind: 'refused', problem: { status: 409, code: 'chargeback_open' } });
    await world.decideAll();
    world.provider.bank(order.id, 'won');
    await world.hear(order.id);
    await world.send();
    expect(await world.refundsOf(order.id)).toMatchObject([{ status: 'succeeded' }]);
  });

  test('that is lost gives back what was owed: it is no loss, and nothing is left', async () => {
    const order = await bought();
    await world.refund(order, amount(4_000));
    world.provider.bank(order.id, 'lost');
    await world.send();
    expect(await world.refundsOf(order.id)).toMatchObject([{ status: 'succeeded' }]);
    expect(await leftOf(order)).toBe(0n);
    const [loss] = await world.store.query<{ minor: string }>(
      `select sum(p.amount_minor)::text as minor from journal j join posting p on p.transaction_id = j.id
       where j.order_id = $1 and p.account = 'chargeback_losses'`,
      [order.id],
    );
    expect(loss?.minor).toBe('101000');
    await world.decideAll();
  });
});
