import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { grantCustomerCredit, writeOff } from '@billfleet/contracts';
import { onOneState } from '@billfleet/store';
import { RefundWorld } from '../../../test/support/refund-world.js';
import { checkBooks } from './check-books.js';
import { CustomerCredits } from './customer-credits.js';
import { RecordOfflinePayments } from './record-offline-payments.js';
import type { CommandOutcome } from './requests-once.js';
import { WorkspaceClock } from './workspace-clock.js';
import { WriteOffMoney } from './write-off-money.js';

const world = new RefundWorld('write-offs and credit test');
const ACTOR = 'key support';
const from = () => ({ idempotencyKey: randomUUID(), source: 'http', actorWorkspaceId: null }) as const;

beforeAll(() => world.open());
beforeEach(() => {
  world.provider.mood = 'succeeds';
});
afterEach(async () => {
  expect(await world.violated()).toEqual([]);
  expect(await onOneState(world.source, checkBooks)).toMatchObject({ differences: 0, list: [] });
});
afterAll(() => world.close());

/** What the whole books have on some accounts. */
const balances = async (workspaceId: string, ...accounts: readonly string[]): Promise<readonly string[]> => {
  const rows = await world.store.query<{ line: string }>(
    `select p.account || ' ' || sum(p.amount_minor) as line from journal j join posting p on p.transaction_id = j.id
     where j.workspace_id = $1 and p.account = any($2::text[]) group by p.account having sum(p.amount_minor) <> 0 order by 1`,
    [workspaceId, accounts],
  );
  return rows.map(({ line }) => line);
};

describe('money that somebody outside holds', () => {
  async function paidOffline(
    money: Readonly<Record<string, string>> = {},
  ): Promise<{ readonly orderId: string; readonly workspaceId: string }> {
    const workspaceId = await world.workspace();
    const orderId = await world.order(workspaceId, undefined, 'page');
    const proof = { kind: 'bank-transfer', reference: randomUUID() } as const;
    const paidAt = world.clock.now().toISOString();
    const payment = { amountMinor: '105000', currency: 'USD', proof, reason: 'by bank', paidAt, ...money };
    const offline = new RecordOfflinePayments(world.store, new WorkspaceClock(world.clock));
    const outcome = await offline.run({ ...from(), requestedBy: ACTOR, input: { workspaceId, orderId, payment } });
    if (outcome.kind === 'refused') throw new Error(outcome.problem.code);
    await world.apply();
    return { orderId, workspaceId };
  }
  const write = (
    order: { readonly orderId: string; readonly workspaceId: string },
    wish: Readonly<Record<string, unknown>>,
    key: string = randomUUID(),
  ): Promise<CommandOutcome> => {
    const parsed = writeOff.parse({ currency: 'USD', reason: 'the bank kept it', ...wish });
    const input = { ...order, wish: parsed, actor: ACTOR };
    return new WriteOffMoney(world.store).run({ ...from(), idempotencyKey: key, input });
  };

  test('is written off in parts, a loss against its holder, and what was sold stays sold', async () => {
    const order = await paidOffline();
    const key = randomUUID();
    const first = await write(order, { amountMinor: '1500' }, key);
    expect(await write(order, { amountMinor: '1500' }, key)).toEqual({ ...first, isReplay: true });
    expect(await write(order, { amountMinor: '103501' })).toMatchObject({
      problem: { status: 409, code: 'write_off_exceeds_held' },
    });
    expect(await write(order, { amountMinor: '1', currency: 'BRL' })).toMatchObject({
      problem: { status: 422, code: 'write_off_currency_differs' },
    });
    expect(await write(order, { amountMinor: '3500' })).toMatchObject({ kind: 'accepted' });
    expect(await balances(order.workspaceId, 'cash:offline', 'write_offs', 'deferred_revenue')).toEqual([
      ...['cash:offline 100000', 'deferred_revenue -105000', 'write_offs 5000'],
    ]);
  });

  test('is a remainder of a price that never came: it is not given back either, and the order is no longer undone', async () => {
    const order = await paidOffline({ amountMinor: '104500', remainderMinor: '500' });
    expect(await balances(order.workspaceId, 'cash:offline', 'write_offs', 'deferred_revenue')).toEqual([
      ...['cash:offline 104500', 'deferred_revenue -105000', 'write_offs 500'],
    ]);
    const one = { id: order.orderId, workspaceId: order.workspaceId };
    expect(await world.undo(one)).toMatchObject({ problem: { status: 409, code: 'undo_built_on' } });
    expect(await world.refund(one, { what: 'amount', amountMinor: '104501', currency: 'USD' })).toMatchObject({
      problem: { code: 'refund_exceeds_rest' },
    });
    expect(await world.refund(one, { what: 'all-left' })).toMatchObject({ kind: 'accepted' });
    const [refund] = await world.refundsOf(order.orderId);
    if (refund !== undefined) await world.giveOutside(refund);
    expect(await balances(order.workspaceId, 'cash:offline', 'receivable')).toEqual([]);
  });

  test.each([
    ['that is not the rest of the price', { amountMinor: '104500', remainderMinor: '501' }, 'amount_differs'],
    ['in another currency', { currency: 'MXN', remainderMinor: '500' }, 'write_off_currency_differs'],
  ])('a remainder %s is refused', async (_name, money, code) => {
    await expect(paidOffline(money)).rejects.toThrow(code);
  });

  test('at once by fifty is never more than there is', async () => {
    const order = await paidOffline();
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => write(order, { amountMinor: '10000' })));
    expect(outcomes.filter(({ kind }) => kind === 'accepted')).toHaveLength(10);
  });

  test('is not what a provider of ours holds', async () => {
    const workspaceId = await world.workspace();
    const orderId = await world.buy(workspaceId);
    expect(await write({ orderId, workspaceId }, { amountMinor: '1' })).toMatchObject({
      problem: { status: 409, code: 'payment_not_outside' },
    });
    const stranger = { orderId, workspaceId: await world.workspace() };
    expect(await write(stranger, { amountMinor: '1' })).toMatchObject({ problem: { status: 404 } });
  });
});

describe('credit that staff grant', () => {
  const desk = () => new CustomerCredits(world.store);
  const grant = async (workspaceId: string, amountMinor: number, currency = 'USD'): Promise<CommandOutcome> => {
    const wish = grantCustomerCredit.parse({ amountMinor: String(amountMinor), currency, reason: 'a bad week' });
    return desk().grant({ ...from(), input: { workspaceId, grant: wish, actor: ACTOR } });
  };
  const withdraw = (workspaceId: string, creditId: string): Promise<CommandOutcome> =>
    desk().withdraw({ ...from(), input: { workspaceId, creditId, reason: 'a mistake', actor: ACTOR } });
  const refOf = (outcome: CommandOutcome): string => (outcome.kind === 'accepted' ? outcome.ref : '');

  test('is owed until the next payment, out of which it goes back with a refund of its own', async () => {
    const workspaceId = await world.workspace();
    await grant(workspaceId, 4_000);
    await grant(workspaceId, 1_000);
    expect(await balances(workspaceId, 'customer_credit', 'revenue')).toEqual([
      'customer_credit -5000',
      'revenue 5000',
    ]);
    const orderId = await world.buy(workspaceId);
    expect(await balances(workspaceId, 'customer_credit', 'revenue', 'deferred_revenue', 'receivable')).toEqual([
      ...['deferred_revenue -100000', 'receivable -5000'],
    ]);
    await world.send();
    // Both are of one moment, so either may come first.
    const back = (await world.refundsOf(orderId)).toSorted((a, b) => Number(a.amountMinor) - Number(b.amountMinor));
    expect(back).toMatchObject([
      { amountMinor: '1000', status: 'succeeded', derivation: { what: 'customer-credit' } },
      { amountMinor: '4000', status: 'succeeded', reason: 'goodwill', note: 'a bad week', requestedBy: ACTOR },
    ]);
    // The next payment finds nothing left.
    const added = await world.buy(workspaceId, { kind: 'add-seats', seats: 1 });
    expect(await world.refundsOf(added)).toEqual([]);
  });

  test('above a price goes back with the payments after it', async () => {
    const workspaceId = await world.workspace();
    const creditId = refOf(await grant(workspaceId, 120_000));
    const first = await world.buy(workspaceId);
    const second = await world.buy(workspaceId, { kind: 'add-seats', seats: 1 });
    await world.send();
    const amounts = [...(await world.refundsOf(first)), ...(await world.refundsOf(second))];
    expect(amounts.map(({ amountMinor }) => amountMinor)).toEqual(['105000', '15000']);
    expect((await world.look(first)).status).toBe('refunded');
    expect(await withdraw(workspaceId, creditId)).toMatchObject({ problem: { status: 409, code: 'credit_spent' } });
  });

  test('is withdrawn as far as it was not paid back, once', async () => {
    const workspaceId = await world.workspace();
    const creditId = refOf(await grant(workspaceId, 4_000));
    expect(await withdraw(await world.workspace(), creditId)).toMatchObject({ problem: { status: 404 } });
    expect(await withdraw(workspaceId, creditId)).toMatchObject({ kind: 'accepted' });
    expect(await withdraw(workspaceId, creditId)).toMatchObject({ problem: { code: 'credit_spent' } });
    expect(await balances(workspaceId, 'customer_credit', 'revenue')).toEqual([]);
    const orderId = await world.buy(workspaceId);
    expect(await world.refundsOf(orderId)).toEqual([]);
  });

  test('is in the currency of its workspace, which stays in its country until the credit is gone', async () => {
    const workspaceId = await world.workspace();
    expect(await grant(workspaceId, 1, 'BRL')).toMatchObject({
      problem: { status: 422, code: 'credit_currency_differs' },
    });
    expect(await grant(randomUUID(), 1)).toMatchObject({ problem: { status: 404 } });
  });

  test('waits while a dispute freezes what goes back', async () => {
    const workspaceId = await world.workspace();
    const first = await world.buy(workspaceId);
    await grant(workspaceId, 4_000);
    world.provider.bank(first, 'open');
    await world.hear(first);
    const second = await world.buy(workspaceId, { kind: 'add-seats', seats: 1 });
    expect(await world.refundsOf(second)).toEqual([]);
    world.provider.bank(first, 'won');
    await world.hear(first);
    const third = await world.buy(workspaceId, { kind: 'add-seats', seats: 1 });
    await world.send();
    expect(await world.refundsOf(third)).toMatchObject([{ amountMinor: '4000', status: 'succeeded' }]);
  });
});
