import { invariant, unreachable } from './invariant.js';
import type { Transitions } from './machine.js';
import type { Currency } from './money.js';
import type { OrderStatus } from './order.js';

/**
 * Where a try to pay stands. `submitting`: committed, the provider may not know it yet. `unknown`: the provider may have
 * charged; never the same as declined.
 */
export type AttemptStatus = 'submitting' | 'pending' | 'unknown' | 'succeeded' | 'declined' | 'cancelled' | 'expired';

/** The state in which every attempt begins. */
export const initialAttemptStatus: AttemptStatus = 'submitting';

/** Which states may follow each state of an attempt. Money is a fact: even a closed attempt may turn out to have succeeded. */
export const attemptTransitions: Transitions<AttemptStatus> = {
  submitting: ['pending', 'unknown', 'succeeded', 'declined', 'cancelled', 'expired'],
  pending: ['unknown', 'succeeded', 'declined', 'cancelled', 'expired'],
  unknown: ['pending', 'succeeded', 'declined', 'cancelled', 'expired'],
  succeeded: [],
  declined: ['succeeded'],
  cancelled: ['succeeded'],
  expired: ['succeeded'],
};

/** States of an attempt that nothing follows. */
export const terminalAttemptStatuses: readonly AttemptStatus[] = ['succeeded'];

/** States in which an attempt may still take money; an order has at most one such attempt. */
export const openAttemptStatuses: readonly AttemptStatus[] = ['submitting', 'pending', 'unknown'];

/** What a provider shows of a payment when it is asked. Amounts are minor units. */
export type SeenPayment = {
  readonly state: 'open' | 'processing' | 'succeeded' | 'declined' | 'cancelled' | 'expired';
  readonly amountMinor: bigint;
  readonly currency: Currency;
};

/** What the books say of the order that is paid. `paidAttemptId` is the attempt that paid it, if one did. */
export type OrderToPay = {
  readonly status: OrderStatus;
  readonly amountMinor: bigint;
  readonly currency: Currency;
  readonly paidAttemptId?: string;
};

/** What the books say of the attempt that was looked up. */
export type AttemptToPay = {
  readonly id: string;
  readonly status: AttemptStatus;
  readonly amountMinor: bigint;
  readonly currency: Currency;
};

/**
 * What to do about a payment as the provider shows it.
 * - `book`: the attempt succeeded and pays the order.
 * - `book-late`: the attempt succeeded after the order was cancelled or had expired; the order becomes `refund_due`.
 * - `book-excess`: the attempt succeeded but other money came first; the order stays, this attempt is to be refunded.
 * - `duplicate`: the attempt has its outcome already and this is no news.
 * - `mismatch`: money came, but not what was asked for; nothing is applied and a person looks at it.
 * - `declined`, `closed`: the attempt ends without money.
 * - `wait`: the provider has no outcome yet.
 */
export type PaymentDecision =
  | { readonly kind: 'book' | 'book-late' | 'book-excess' | 'duplicate' | 'declined' | 'wait' }
  | { readonly kind: 'mismatch'; readonly what: 'amount' | 'currency' }
  | { readonly kind: 'closed'; readonly status: 'cancelled' | 'expired' };

/**
 * Decides what a look at the provider means for an order and its attempt. Repeats are safe: once the outcome is in the
 * books, the same look is a `duplicate`.
 * @throws InvariantError when the books say that this attempt paid the order although it did not succeed.
 */
export function decidePayment(order: OrderToPay, attempt: AttemptToPay, seen: SeenPayment): PaymentDecision {
  if (attempt.status === 'succeeded') return { kind: 'duplicate' };
  switch (seen.state) {
    case 'open':
    case 'processing':
      return { kind: 'wait' };
    case 'succeeded':
      return decideMoney(order, attempt, seen);
    case 'declined':
      return openAttemptStatuses.includes(attempt.status) ? { kind: 'declined' } : { kind: 'duplicate' };
    case 'cancelled':
    case 'expired':
      return openAttemptStatuses.includes(attempt.status)
        ? { kind: 'closed', status: seen.state }
        : { kind: 'duplicate' };
    default:
      return unreachable(seen.state);
  }
}

function decideMoney(order: OrderToPay, attempt: AttemptToPay, seen: SeenPayment): PaymentDecision {
  if (seen.currency !== attempt.currency || seen.currency !== order.currency) {
    return { kind: 'mismatch', what: 'currency' };
  }
  if (seen.amountMinor !== attempt.amountMinor || seen.amountMinor !== order.amountMinor) {
    return { kind: 'mismatch', what: 'amount' };
  }
  invariant(order.paidAttemptId !== attempt.id, `attempt ${attempt.id} paid its order but is ${attempt.status}`);
  switch (order.status) {
    case 'awaiting_payment':
      return { kind: 'book' };
    case 'cancelled':
    case 'expired':
      return { kind: 'book-late' };
    case 'paid':
    case 'fulfilled':
    case 'refund_due':
    case 'refunded':
      return { kind: 'book-excess' };
    default:
      return unreachable(order.status);
  }
}
