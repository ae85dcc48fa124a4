import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { shareCredits } from './customer-credit.js';

const credit = (id: string, leftMinor: bigint, orderId = 'order', priceMinor = 100n) => {
  return { id, orderId, leftMinor, priceMinor };
};
const shares = (credits: Parameters<typeof shareCredits>[0]): readonly string[] =>
  shareCredits(credits).map(({ id, orderId, amountMinor }) => `${id} ${orderId} ${amountMinor.toString()}`);

test('the oldest credits are paid back first, and an order pays back no more than its price', () => {
  expect(shares([credit('a', 30n), credit('b', 90n), credit('c', 5n)])).toEqual(['a order 30', 'b order 70']);
});

test('one credit is spent once, whatever number of orders it stands beside', () => {
  expect(shares([credit('a', 150n, 'one'), credit('a', 150n, 'two'), credit('a', 150n, 'three')])).toEqual([
    ...['a one 100', 'a two 50'],
  ]);
});

test('no credit and no price is ever exceeded, and nothing is left that had room', () => {
  const anyCredits = fc.array(
    fc.record({ id: fc.constantFrom('a', 'b', 'c'), orderId: fc.constantFrom('x', 'y'), n: fc.nat() }),
  );
  fc.assert(
    fc.property(anyCredits, fc.bigInt({ min: 1n, max: 99n }), fc.bigInt({ min: 1n, max: 99n }), (rows, left, price) => {
      const shared = shareCredits(rows.map(({ id, orderId }) => credit(id, left, orderId, price)));
      const sumOf = (of: 'id' | 'orderId', name: string): bigint =>
        shared.filter((one) => one[of] === name).reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
      for (const { id, orderId } of rows) {
        expect(sumOf('id', id) <= left && sumOf('orderId', orderId) <= price).toBe(true);
        expect(sumOf('id', id) === left || sumOf('orderId', orderId) === price).toBe(true);
      }
    }),
  );
});
