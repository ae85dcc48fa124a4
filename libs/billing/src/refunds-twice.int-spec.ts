import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { RefundWorld } from '../../../test/support/refund-world.js';

const world = new RefundWorld('refunds twice test');

beforeAll(() => world.open());
afterAll(() => world.close());

async function bought() {
  const workspaceId = await world.workspace();
  return { id: await world.buy(workspaceId), workspaceId };
}

test('one request that comes twice at once is answered the same both times, though nothing is left for a second one', async () => {
  const order = await bought();
  const answers = await Promise.all([1, 2].map(() => world.refund(order, { what: 'all-left' }, 'one key')));
  const refs = answers.map((one) => (one.kind === 'accepted' ? one.ref : one.problem.code));
  expect(refs[0]).toBe(refs[1]);
  expect(answers.map(({ kind }) => kind)).toEqual(['accepted', 'accepted']);
  expect(await world.refundsOf(order.id)).toHaveLength(1);
});

test('a refund that had failed is not given once more after the bank took its money', async () => {
  const order = await bought();
  world.provider.mood = 'fails';
  await world.refund(order, { what: 'all-left' });
  await world.send();
  world.provider.mood = 'succeeds';
  world.provider.bank(order.id, 'open');
  await world.hear(order.id);
  const [waiting] = await world.refundsOf(order.id);
  expect(waiting).toMatchObject({ status: 'failed', needsPerson: true });
  expect(await world.giveOutside(waiting ?? { id: '', workspaceId: '', amountMinor: '' })).toMatchObject({
    problem: { status: 409, code: 'chargeback_open' },
  });
  world.provider.bank(order.id, 'lost');
  await world.hear(order.id);
  expect(await world.refundsOf(order.id)).toMatchObject([{ status: 'succeeded', needsPerson: false }]);
  expect(await world.violated()).toEqual([]);
});
