import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { leftToRefund } from '@billfleet/domain';
import { RefundWorld } from '../../../test/support/refund-world.js';

const world = new RefundWorld('returned refunds test');

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
const amount = (minor: number) => ({ what: 'amount', amountMinor: String(minor), currency: 'USD' });
const leftOf = async ({ id }: Bought): Promise<bigint> =>
  (await world.look(id)).payments.reduce((sum, payment) => sum + leftToRefund(payment), 0n);

describe('a refund that had gone and that the bank of its payer sends back', () => {
  const mailsOf = async ({ workspaceId }: Bought): Promise<readonly string[]> => {
    const rows = await world.store.query<{ template: string }>(
      `select template from notification where workspace_id = $1 and template ~ 'refund' order by created_at, template`,
      [workspaceId],
    );
    return rows.map(({ template }) => template);
  };
  const eventsOf = async ({ workspaceId }: Bought): Promise<readonly string[]> => {
    const rows = await world.store.query<{ is: string }>(
      `select concat_ws(' ', type, data ->> 'why') as is from event where workspace_id = $1 and type like 'order.refund%' order by seq`,
      [workspaceId],
    );
    return rows.map(({ is }) => is);
  };

  test('is owed again, goes to a person, and is given a second time under a new key', async () => {
    const order = await bought();
    await world.refund(order, amount(4_000));
    await world.send();
    world.provider.sendBack(order.id, false);
    await world.hear(order.id);
    await world.hear(order.id);
    const [refund] = await world.refundsOf(order.id);
    expect(refund).toMatchObject({
      ...{ status: 'failed', needsPerson: true },
      failure: { why: 'came_back', code: 'account_closed' },
    });
    expect(await leftOf(order)).toBe(101_000n);
    expect(await world.accountsOf(order.id)).toEqual([
      ...['cash:sandbox 105000', 'deferred_revenue -101000', 'receivable -4000'],
    ]);
    expect(await eventsOf(order)).toEqual(['order.refunded', 'order.refund_waits came_back']);
    expect(await world.violated()).toEqual([]);
    if (refund !== undefined) await world.retry(refund);
    await world.send();
    await world.hear(order.id);
    expect(await world.refundsOf(order.id)).toMatchObject([{ status: 'succeeded' }]);
    expect(await world.accountsOf(order.id)).toEqual(['cash:sandbox 101000', 'deferred_revenue -101000']);
    expect(await mailsOf(order)).toEqual(['payment_refunded', 'refund_returned', 'payment_refunded']);
    expect(await eventsOf(order)).toEqual(['order.refunded', 'order.refund_waits came_back', 'order.refunded']);
    const notes = await world.store.query(`select 1 from work where kind = 'credit-note.issue' and ref = $1`, [
      refund?.id,
    ]);
    expect(notes).toHaveLength(1);
    expect(await world.violated()).toEqual([]);
  });

  test('takes an order back to where it was before its last money had gone, until somebody gives it outside with proof', async () => {
    const order = await bought();
    await world.refund(order, { what: 'all-left' });
    await world.send();
    expect((await world.look(order.id)).status).toBe('refunded');
    world.provider.sendBack(order.id, false);
    await world.hear(order.id);
    expect((await world.look(order.id)).status).toBe('fulfilled');
    expect(await world.refund(order, amount(1))).toMatchObject({ problem: { code: 'refund_exceeds_rest' } });
    const [refund] = await world.refundsOf(order.id);
    if (refund !== undefined) await world.giveOutside(refund);
    expect((await world.look(order.id)).status).toBe('refunded');
    expect(await world.accountsOf(order.id)).toEqual(['cash:offline -105000', 'cash:sandbox 105000']);
    await world.hear(order.id);
    expect(await world.refundsOf(order.id)).toMatchObject([{ status: 'succeeded' }]);
    expect(await world.violated()).toEqual([]);
  });

  test('of an undone order leaves the order undone, and its money owed', async () => {
    const order = await bought();
    await world.undo(order);
    await world.send();
    world.provider.sendBack(order.id, false);
    await world.hear(order.id);
    expect((await world.look(order.id)).status).toBe('refund_due');
    expect(await world.violated()).toEqual([]);
  });

  test('before anybody heard that it had gone is booked as gone and come home', async () => {
    const order = await bought();
    world.provider.mood = 'lost';
    await world.refund(order, amount(4_000));
    await world.send();
    world.provider.mood = 'succeeds';
    world.provider.sendBack(order.id, true);
    await world.hear(order.id);
    expect(await world.refundsOf(order.id)).toMatchObject([{ status: 'failed', failure: { why: 'came_back' } }]);
    const kinds = await world.store.query(
      `select kind from journal where order_id = $1 and kind like 'refund%' order by id`,
      [order.id],
    );
    expect(kinds).toEqual([{ kind: 'refund' }, { kind: 'refund_failed' }]);
    expect(await world.violated()).toEqual([]);
  });
});
