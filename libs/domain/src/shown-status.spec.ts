import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { AttemptStatus } from './attempt.js';
import type { OrderStatus } from './order.js';
import { actionsOf, orderActions, shownStatus, shownStatuses, statusesShownAs } from './shown-status.js';
import type { OrderSeen } from './shown-status.js';

const base: OrderSeen = { status: 'awaiting_payment', amountMinor: 1000n, refundedMinor: 0n, isSwitching: false };
const tried = (status: AttemptStatus, isCharge = false): Partial<OrderSeen> => ({ attempt: { status, isCharge } });

test.each<[string, Partial<OrderSeen>]>([
  ['awaiting_payment', {}],
  ['awaiting_payment', tried('submitting')],
  ['awaiting_payment', tried('pending')],
  ['awaiting_payment', tried('expired')],
  ['awaiting_payment', { ...tried('declined'), isSwitching: true }],
  ['failed', tried('declined', true)],
  ['processing', tried('submitting', true)],
  ['processing', tried('pending', true)],
  ['processing', tried('unknown')],
  ['processing', { status: 'refund_due' }],
  ['paid', { status: 'paid' }],
  ['paid', { status: 'fulfilled' }],
  ['partly_refunded', { status: 'fulfilled', refundedMinor: 1n }],
  ['partly_refunded', { status: 'fulfilled', refundedMinor: 999n }],
  ['refunded', { status: 'fulfilled', refundedMinor: 1000n }],
  ['refunded', { status: 'refunded', refundedMinor: 1000n }],
  ['expired', { status: 'expired', ...tried('declined') }],
  ['cancelled', { status: 'cancelled', ...tried('unknown') }],
])('people are shown %s for %j', (word, over) => {
  expect(shownStatus({ ...base, ...over })).toBe(word);
});

const anyStatus = fc.constantFrom<OrderStatus>(
  ...(['awaiting_payment', 'paid', 'fulfilled', 'cancelled', 'expired', 'refund_due', 'refunded'] as const),
);
const anyAttempt = fc.constantFrom<AttemptStatus>(
  ...(['submitting', 'pending', 'unknown', 'succeeded', 'declined', 'cancelled', 'expired'] as const),
);
const anyOrder = fc.record({
  status: anyStatus,
  amountMinor: fc.bigInt({ min: 1n, max: 100n }),
  refundedMinor: fc.bigInt({ min: 0n, max: 100n }),
  attempt: fc.record({ status: anyAttempt, isCharge: fc.boolean() }),
  isSwitching: fc.boolean(),
});

test('whoever looks for a word looks among the states that it may be said of', () => {
  fc.assert(fc.property(anyOrder, (order) => statusesShownAs([shownStatus(order)]).includes(order.status)));
});

test('every word is said of some order', () => {
  const said = new Set(fc.sample(anyOrder, { numRuns: 5_000, seed: 1 }).map(shownStatus));
  expect([...said].sort()).toEqual([...shownStatuses].sort());
});

const now = new Date('2026-10-05T12:00:00Z');
const open = { ...base, collection: 'provider', now, expiresAt: new Date(now.getTime() + 1) } as const;

test.each([
  ['everything, before any try', open, orderActions],
  ['everything, while a checkout is open', { ...open, ...tried('pending') }, orderActions],
  ['everything, after a decline', { ...open, ...tried('declined', true) }, orderActions],
  ['taking it back, while the stored method is charged', { ...open, ...tried('submitting', true) }, ['cancel']],
  ['taking it back, where an upstream service collects', { ...open, collection: 'upstream' as const }, ['cancel']],
  ['taking it back, once its end has come', { ...open, expiresAt: now }, ['cancel']],
  ['nothing, once it is paid', { ...open, status: 'paid' as const }, []],
  ['nothing, once it has ended', { ...open, status: 'expired' as const }, []],
])('of an order one can do %s', (_, order, actions) => {
  expect(actionsOf(order)).toEqual(actions);
});
