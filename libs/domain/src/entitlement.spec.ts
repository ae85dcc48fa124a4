import { expect, test } from '@jest/globals';
import { entitlementsFor } from './entitlement.js';
import { InvariantError } from './invariant.js';

const plan = {
  limits: {
    leads: { kind: 'per-seat', amount: 2_500 },
    fields: { kind: 'flat', amount: 100 },
    numbers: { kind: 'per-seat-from', included: 3, perSeat: 1, fromSeat: 2 },
    accounts: { kind: 'unlimited' },
    agents: { kind: 'none' },
  },
} as const;

test.each([
  [1, 2_500, 3],
  [2, 5_000, 4],
  [10, 25_000, 12],
])('with %d seats', (seats, leads, numbers) => {
  expect(entitlementsFor(plan, seats)).toEqual({
    leads: { amount: leads },
    fields: { amount: 100 },
    numbers: { amount: numbers },
    accounts: 'unlimited',
    agents: 'none',
  });
});

test('seats before the one from which they count add nothing', () => {
  const rule = { kind: 'per-seat-from', included: 3, perSeat: 2, fromSeat: 4 } as const;
  const amounts = [0, 1, 3, 4, 6].map((seats) => entitlementsFor({ limits: { rule } }, seats)['rule']);
  expect(amounts).toEqual([3, 3, 3, 5, 9].map((amount) => ({ amount })));
});

test('half seats are a bug', () => {
  expect(() => entitlementsFor(plan, 1.5)).toThrow(InvariantError);
});
