import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { attemptTransitions, decidePayment, openAttemptStatuses } from './attempt.js';
import type { AttemptStatus, AttemptToPay, OrderToPay, PaymentDecision, SeenPayment } from './attempt.js';
import { InvariantError } from './invariant.js';
import { canMove } from './machine.js';
import { orderTransitions } from './order.js';
import type { OrderStatus } from './order.js';

const amount = { amountMinor: 75_000n, currency: 'USD' } as const;
const order = (status: OrderStatus, paidAttemptId?: string): OrderToPay => ({
  status,
  ...amount,
  ...(paidAttemptId === undefined ? {} : { paidAttemptId }),
});
const attempt = (status: AttemptStatus): AttemptToPay => ({ id: 'attempt-1', status, ...amount });
const seen = (state: SeenPayment['state'], change: Partial<SeenPayment> = {}): SeenPayment => ({
  state,
  ...amount,
  ...change,
});

describe('money that came', () => {
  test.each<[OrderStatus, PaymentDecision['kind']]>([
    ['awaiting_payment', 'book'],
    ['cancelled', 'book-late'],
    ['expired', 'book-late'],
    ['paid', 'book-excess'],
    ['fulfilled', 'book-excess'],
    ['refund_due', 'book-excess'],
    ['refunded', 'book-excess'],
  ])('for an order that is %s: %s', (status, kind) => {
    for (const attemptStatus of [...openAttemptStatuses, 'declined', 'cancelled', 'expired'] as const) {
      expect(decidePayment(order(status, 'attempt-0'), attempt(attemptStatus), seen('succeeded'))).toEqual({ kind });
    }
  });

  test('in another amount or currency is never applied', () => {
    const less = seen('succeeded', { amountMinor: 74_999n });
    const other = seen('succeeded', { currency: 'BRL' });
    expect(decidePayment(order('awaiting_payment'), attempt('pending'), less)).toEqual({
      kind: 'mismatch',
      what: 'amount',
    });
    expect(decidePayment(order('cancelled'), attempt('cancelled'), other)).toEqual({
      kind: 'mismatch',
      what: 'currency',
    });
    const drifted = { ...attempt('pending'), amountMinor: 1n };
    expect(decidePayment(order('awaiting_payment'), drifted, seen('succeeded'))).toEqual({
      kind: 'mismatch',
      what: 'amount',
    });
  });

  test('from an attempt that paid the order without having succeeded is a bug', () => {
    expect(() => decidePayment(order('paid', 'attempt-1'), attempt('pending'), seen('succeeded'))).toThrow(
      InvariantError,
    );
  });
});

describe('no money', () => {
  test.each<[SeenPayment['state'], PaymentDecision]>([
    ['open', { kind: 'wait' }],
    ['processing', { kind: 'wait' }],
    ['declined', { kind: 'declined' }],
    ['cancelled', { kind: 'closed', status: 'cancelled' }],
    ['expired', { kind: 'closed', status: 'expired' }],
  ])('%s', (state, expected) => {
    for (const status of openAttemptStatuses) {
      expect(decidePayment(order('awaiting_payment'), attempt(status), seen(state))).toEqual(expected);
    }
  });

  test('is no news for an attempt that is closed', () => {
    for (const status of ['declined', 'cancelled', 'expired'] as const) {
      for (const state of ['declined', 'cancelled', 'expired'] as const) {
        expect(decidePayment(order('awaiting_payment'), attempt(status), seen(state))).toEqual({ kind: 'duplicate' });
      }
    }
  });
});

const moves: Record<PaymentDecision['kind'], { order?: OrderStatus; attempt?: AttemptStatus }> = {
  book: { order: 'paid', attempt: 'succeeded' },
  'book-late': { order: 'refund_due', attempt: 'succeeded' },
  'book-excess': { attempt: 'succeeded' },
  duplicate: {},
  mismatch: {},
  declined: { attempt: 'declined' },
  closed: {},
  wait: {},
};

test('every decision is a move that both tables allow, and the same look again is no news', () => {
  const anyOrder = fc.constantFrom(...(Object.keys(orderTransitions) as OrderStatus[]));
  const anyAttempt = fc.constantFrom(...(Object.keys(attemptTransitions) as AttemptStatus[]));
  const states = ['open', 'processing', 'succeeded', 'declined', 'cancelled', 'expired'] as const;
  fc.assert(
    fc.property(anyOrder, anyAttempt, fc.constantFrom(...states), (orderStatus, attemptStatus, state) => {
      const before = { order: order(orderStatus, 'attempt-0'), attempt: attempt(attemptStatus) };
      const decision = decidePayment(before.order, before.attempt, seen(state));
      const move = decision.kind === 'closed' ? { attempt: decision.status } : moves[decision.kind];
      if (move.attempt === undefined) return;
      expect(canMove(attemptTransitions, attemptStatus, move.attempt)).toBe(true);
      const nextOrder = 'order' in move ? move.order : undefined;
      if (nextOrder !== undefined) expect(canMove(orderTransitions, orderStatus, nextOrder)).toBe(true);
      const again = decidePayment(order(nextOrder ?? orderStatus), attempt(move.attempt), seen(state));
      expect(again).toEqual({ kind: 'duplicate' });
    }),
  );
});
