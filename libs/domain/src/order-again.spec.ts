import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { orderKinds } from './grant.js';
import { wishAgain } from './order-again.js';
import type { OrderToRepeat } from './order-again.js';

const expired: OrderToRepeat = {
  ...{ kind: 'purchase', status: 'expired', plan: 'pro', seats: 7, periodMonths: 12 },
  ...{ basis: null, addOn: null, wasApplied: false },
};
const basis = { seats: 5 };

test.each<[Partial<OrderToRepeat>, ReturnType<typeof wishAgain>]>([
  [{}, { kind: 'purchase', plan: 'pro', seats: 7, periodMonths: 12 }],
  [
    { kind: 'upgrade', basis },
    { kind: 'upgrade', plan: 'pro' },
  ],
  [
    { kind: 'add-seats', basis },
    { kind: 'add-seats', seats: 2 },
  ],
  [
    { kind: 'upgrade-and-add-seats', basis },
    { kind: 'upgrade-and-add-seats', plan: 'pro', seats: 2 },
  ],
  [
    { kind: 'extension', basis },
    { kind: 'extension', periodMonths: 12 },
  ],
  [{ kind: 'renewal', basis }, { kind: 'renewal' }],
  [
    { kind: 'add-on', basis, addOn: { id: 'credits', packages: 3, termMonths: 2 } },
    { kind: 'add-on', addOn: 'credits', packages: 3, termMonths: 2 },
  ],
])('of an order of %o that ended, the same would be asked for by %o', (more, wish) => {
  expect(wishAgain({ ...expired, ...more })).toEqual(wish);
});

test('what can still be paid, was taken back on purpose, or gave what it was for is not ordered again', () => {
  const status = fc.constantFrom('awaiting_payment', 'paid', 'fulfilled', 'cancelled' as const);
  const kind = fc.constantFrom(...orderKinds);
  fc.assert(fc.property(status, kind, (is, of) => wishAgain({ ...expired, kind: of, status: is }) === undefined));
  expect(wishAgain({ ...expired, status: 'refunded', wasApplied: true })).toBeUndefined();
  expect(wishAgain({ ...expired, status: 'refunded' })).toBeDefined();
});
