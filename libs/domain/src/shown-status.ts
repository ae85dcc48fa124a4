import type { AttemptStatus } from './attempt.js';
import { openAttemptStatuses } from './attempt.js';
import { unreachable } from './invariant.js';
import type { OrderCollection, OrderStatus } from './order.js';
import { payPageState } from './pay-page.js';

/** Where an order stands in the words that people are shown: on the page, in mails, in exports and in the API alike. */
export const shownStatuses = [
  'awaiting_payment',
  'processing',
  'paid',
  'failed',
  'expired',
  'cancelled',
  'refunded',
  'partly_refunded',
] as const;

export type ShownStatus = (typeof shownStatuses)[number];

/** What the word for an order depends on. Amounts are minor units of the order's currency. */
export type OrderSeen = {
  readonly status: OrderStatus;
  readonly amountMinor: bigint;
  /** What has gone back of the payment that paid the order; other payments of it that went back do not count. */
  readonly refundedMinor: bigint;
  /** The newest try to pay. `isCharge`: of a stored method, without its owner. */
  readonly attempt?: { readonly status: AttemptStatus; readonly isCharge: boolean };
  /** Whether another way to pay was chosen and opens as soon as the one before is closed. */
  readonly isSwitching: boolean;
};

/**
 * The word for an order. `processing`: money is under way, and nobody has to do anything: a charge whose outcome is not known yet, or money that
 * gives nothing and goes back. `failed`: the last try was declined and the order can still be paid. Whether it was applied makes no difference.
 */
export function shownStatus(order: OrderSeen): ShownStatus {
  switch (order.status) {
    case 'awaiting_payment':
      return shownUnpaid(order);
    case 'paid':
    case 'fulfilled':
      if (order.refundedMinor <= 0n) return 'paid';
      return order.refundedMinor >= order.amountMinor ? 'refunded' : 'partly_refunded';
    case 'refund_due':
      return 'processing';
    case 'cancelled':
    case 'expired':
    case 'refunded':
      return order.status;
    default:
      return unreachable(order.status);
  }
}

function shownUnpaid({ attempt, isSwitching }: OrderSeen): ShownStatus {
  if (attempt === undefined) return 'awaiting_payment';
  if (attempt.status === 'declined') return isSwitching ? 'awaiting_payment' : 'failed';
  const isUnderWay = openAttemptStatuses.includes(attempt.status) && attempt.isCharge;
  return attempt.status === 'unknown' || isUnderWay ? 'processing' : 'awaiting_payment';
}

/** The states of an order that one of these words may be said of. */
export function statusesShownAs(words: readonly ShownStatus[]): readonly OrderStatus[] {
  return [...new Set(words.flatMap((word) => STATUSES[word]))];
}

const STATUSES: Readonly<Record<ShownStatus, readonly OrderStatus[]>> = {
  awaiting_payment: ['awaiting_payment'],
  processing: ['awaiting_payment', 'refund_due'],
  paid: ['paid', 'fulfilled'],
  failed: ['awaiting_payment'],
  expired: ['expired'],
  cancelled: ['cancelled'],
  refunded: ['refunded', 'paid', 'fulfilled'],
  partly_refunded: ['paid', 'fulfilled'],
};

/** What can still be done about an order. The order is that in which it is offered. */
export const orderActions = ['pay', 'pay-another-way', 'cancel'] as const;

export type OrderAction = (typeof orderActions)[number];

/** What the possible actions of an order depend on. */
export type OrderToActOn = Pick<OrderSeen, 'status' | 'attempt' | 'isSwitching'> & {
  readonly collection: OrderCollection;
  readonly expiresAt: Date;
  readonly now: Date;
};

/** What can be done about an order now. Reads no clock, and knows nothing of who asks: roles narrow it further. */
export function actionsOf({ attempt, ...order }: OrderToActOn): readonly OrderAction[] {
  if (order.status !== 'awaiting_payment') return [];
  const isOpen = attempt !== undefined && openAttemptStatuses.includes(attempt.status);
  const open = isOpen ? { open: { ...attempt, hasCheckout: true, endsAt: order.expiresAt } } : {};
  const state = payPageState({ ...order, ...open });
  const canPay = state === 'payable' || state === 'ready' || state === 'opening';
  return canPay ? orderActions : ['cancel'];
}
