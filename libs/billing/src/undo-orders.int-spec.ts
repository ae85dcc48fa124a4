import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { civilDate } from '@billfleet/domain';
import { management, members } from '@billfleet/store';
import fc from 'fast-check';
import { PURCHASE, RefundWorld } from '../../../test/support/refund-world.js';

const world = new RefundWorld('undo test');

beforeAll(() => world.open());
afterEach(async () => {
  expect(await world.violated()).toEqual([]);
});
afterAll(() => world.close());

type Bought = { readonly id: string; readonly workspaceId: string };
type Wish = Readonly<Record<string, unknown>>;
async function bought(wish: Wish = PURCHASE, workspaceId?: string): Promise<Bought> {
  const owner = workspaceId ?? (await world.workspace());
  return { id: await world.buy(owner, wish), workspaceId: owner };
}
const codeOf = async (order: Bought): Promise<string> => {
  const outcome = await world.undo(order);
  return outcome.kind === 'refused' ? outcome.problem.code : outcome.kind;
};
const switchRenewal = async (workspaceId: string, on: boolean): Promise<void> => {
  await world.store.transaction(async (tx) => {
    const held = await management.lockSubscription(tx, workspaceId);
    await management.switchAutoRenewal(tx, held?.id ?? '', on, 'person ana', world.clock.now());
  });
};
async function join(workspaceId: string, count: number): Promise<void> {
  const rows = Array.from({ length: count }, (_, n) => ({
    ...({
      id: randomUUID(),
      externalId: `user-${String(n)}`,
      displayName: 'Ana',
      email: null,
      changedAt: null,
    } as const),
    ...({ role: 'member', status: 'active' } as const),
  }));
  await world.store.transaction((tx) => members.upsertMembers(tx, workspaceId, rows));
}

const CHANGES: readonly (readonly [string, Wish])[] = [
  ['an upgrade', { kind: 'upgrade', plan: 'pro' }],
  ['added seats', { kind: 'add-seats', seats: 3 }],
  ['an upgrade with added seats', { kind: 'upgrade-and-add-seats', plan: 'pro', seats: 2 }],
  ['an add-on', { kind: 'add-on', addOn: 'ai-credits-5000', packages: 2, termMonths: 3 }],
  ['an extension', { kind: 'extension', periodMonths: 6 }],
];

describe('undone on its own day', () => {
  test.each(CHANGES)('%s leaves what there was before, and nothing in the books', async (_name, wish) => {
    const { workspaceId } = await bought();
    if (wish['kind'] === 'extension') await switchRenewal(workspaceId, false);
    await world.spend(workspaceId, 30);
    const before = await world.has(workspaceId);
    const change = await bought(wish, workspaceId);
    expect(await world.has(workspaceId)).not.toEqual(before);
    await world.spend(workspaceId, 20);
    const key = randomUUID();
    const undone = await world.undo(change, key);
    expect(undone).toMatchObject({ kind: 'accepted', ref: change.id, isReplay: false });
    expect(await world.undo(change, key)).toEqual({ ...undone, isReplay: true });
    expect(await codeOf(change)).toBe('undo_not_possible');
    // What was spent since came out of what there was before.
    const credits = { ...(before as { credits: Record<string, unknown> }).credits };
    const left = (await world.has(workspaceId)) as { credits: { balance: number; spent: number; sources: unknown } };
    expect(left.credits).toMatchObject({ spent: 50, balance: Number(credits['balance']) - 20 });
    const { sources, balance, spent } = left.credits;
    const expected = before as { meters: { meter: string; used: number }[] };
    const meters = expected.meters.map((one) => (one.meter === 'aiCredits' ? { ...one, used: 50 } : one));
    expect(left).toEqual({ ...expected, meters, credits: { ...credits, sources, balance, spent } });
    expect((await world.look(change.id)).status).toBe('refund_due');
    await world.send();
    expect((await world.look(change.id)).status).toBe('refunded');
    expect(await world.accountsOf(change.id)).toEqual([]);
    expect(await world.refundsOf(change.id)).toMatchObject([
      { reason: 'undone', status: 'succeeded', note: 'a slip', requestedBy: 'person ana' },
    ]);
  });

  test('a first purchase leaves no subscription, the trial as it was, and may be made again', async () => {
    const workspaceId = await world.workspace(civilDate('2026-10-12'));
    await world.spend(workspaceId, 100);
    const before = await world.has(workspaceId);
    const purchase = await bought(PURCHASE, workspaceId);
    expect(await world.undo(purchase)).toMatchObject({ kind: 'accepted' });
    expect(await world.has(workspaceId)).toEqual(before);
    await world.send();
    expect(await world.accountsOf(purchase.id)).toEqual([]);
    const told = await world.store.query(
      `select data ->> 'status' as status, (data ->> 'seats')::int as seats, (data ->> 'version')::int as version from event
       where workspace_id = $1 and type = 'subscription.changed' order by seq`,
      [workspaceId],
    );
    expect(told).toEqual([
      { status: 'active', seats: 5, version: 1 },
      { status: 'expired', seats: 0, version: 2 },
    ]);
    await bought(PURCHASE, workspaceId);
    const [again] = await world.store.query<{ version: number }>(
      `select version from subscription where workspace_id = $1`,
      [workspaceId],
    );
    expect(again?.version).toBeGreaterThanOrEqual(2);
  });

  test('any changes, one after the other, are undone in turn until there is nothing', async () => {
    const wishes = fc.array(fc.constantFrom(...CHANGES.map(([, wish]) => wish)), { maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(wishes, async (changes) => {
        const workspaceId = await world.workspace();
        const states: unknown[] = [await world.has(workspaceId)];
        const orders = [await bought(PURCHASE, workspaceId)];
        await switchRenewal(workspaceId, false);
        for (const wish of changes) {
          const had = await world.has(workspaceId);
          const order = await bought(wish, workspaceId).catch(() => undefined);
          // Nothing is above the highest plan.
          if (order === undefined) continue;
          orders.push(order);
          states.push(had);
        }
        while (orders.length > 0) {
          const [order, had] = [orders.pop(), states.pop()];
          if (order === undefined) break;
          expect(await codeOf(order)).toBe('accepted');
          expect(await world.has(workspaceId)).toEqual(had);
          await world.send();
          expect(await world.accountsOf(order.id)).toEqual([]);
        }
      }),
      { numRuns: 8 },
    );
    expect(await world.violated()).toEqual([]);
  }, 60_000);
});

describe('an order is not undone', () => {
  test('once its day is over on the calendar of its workspace', async () => {
    const order = await bought();
    // 15:00 in UTC is 11:00 in New York: the day ends thirteen hours later.
    world.clock.advanceMs(12.9 * 3_600_000);
    const outcome = await world.undo(order);
    world.clock.advanceMs(-12.9 * 3_600_000);
    expect(outcome.kind).toBe('accepted');
    const late = await bought();
    world.clock.advanceMs(13 * 3_600_000);
    expect(await world.undo(late)).toMatchObject({
      problem: { status: 409, code: 'undo_day_over', found: 'an order of 2026-10-05, on 2026-10-06' },
    });
    world.clock.advanceMs(-13 * 3_600_000);
    await world.send();
  });

  test('once something was built on it', async () => {
    const purchase = await bought();
    const { workspaceId } = purchase;
    const seats = await bought({ kind: 'add-seats', seats: 1 }, workspaceId);
    expect(await world.undo(purchase)).toMatchObject({
      problem: { code: 'undo_built_on', found: expect.stringContaining('which was given after it') },
    });
    await world.refund(seats, { what: 'amount', amountMinor: '1', currency: 'USD' });
    expect(await codeOf(seats)).toBe('undo_built_on');
    const other = await bought();
    const unapplied = await world.order(other.workspaceId, { kind: 'add-seats', seats: 1 });
    await world.pay(unapplied);
    expect(await codeOf(other)).toBe('undo_built_on');
    await world.apply();
    await world.send();
  });

  test('once its seats are in use', async () => {
    const { workspaceId } = await bought();
    const change = await bought({ kind: 'add-seats', seats: 2 }, workspaceId);
    await join(workspaceId, 6);
    expect(await codeOf(change)).toBe('seats_in_use');
    const fresh = await bought();
    await join(fresh.workspaceId, 1);
    expect(await codeOf(fresh)).toBe('seats_in_use');
    const early = await world.workspace();
    await join(early, 2);
    expect(await codeOf(await bought(PURCHASE, early))).toBe('accepted');
    await world.send();
  });

  test('once its credits are spent; nothing of it is changed then', async () => {
    const { workspaceId } = await bought();
    await world.spend(workspaceId, 1);
    const packages = await bought(
      { kind: 'add-on', addOn: 'ai-credits-5000', packages: 1, termMonths: 3 },
      workspaceId,
    );
    const { credits } = (await world.has(workspaceId)) as { credits: { balance: number } };
    await world.spend(workspaceId, credits.balance - 4_999);
    const had = await world.has(workspaceId);
    expect(await codeOf(packages)).toBe('credits_spent');
    expect(await world.has(workspaceId)).toEqual(had);
    expect(await world.refundsOf(packages.id)).toEqual([]);
  });

  test('while a payment of the workspace is charged back, or when it is a renewal or was never given', async () => {
    const order = await bought();
    world.provider.bank(order.id, 'open');
    await world.hear(order.id);
    expect(await codeOf(order)).toBe('chargeback_open');
    await world.decideAll();
    const workspaceId = await world.workspace();
    const unpaid = { id: await world.order(workspaceId), workspaceId };
    expect(await codeOf(unpaid)).toBe('undo_not_possible');
    expect(await codeOf({ ...unpaid, workspaceId: await world.workspace() })).toBe('not_found');
  });
});
