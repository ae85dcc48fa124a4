import type { Transitions } from './machine.js';

/** Where an order stands. `refund_due`: its money gives nothing, or nothing any more, and goes back. `refunded`: all of it went back. */
export type OrderStatus =
  'awaiting_payment' | 'paid' | 'fulfilled' | 'cancelled' | 'expired' | 'refund_due' | 'refunded';

/**
 * How the money of an order comes. `provider`: the payer pays at our provider. `upstream`: the publishing service collects it. `account`: it is
 * sold and invoiced when it is placed, and paid later, by its invoice or at our provider.
 */
export const orderCollections = ['provider', 'upstream', 'account'] as const;
export type OrderCollection = (typeof orderCollections)[number];

/** The state in which every order begins. */
export const initialOrderStatus: OrderStatus = 'awaiting_payment';

/** Which states may follow each state of an order. */
export const orderTransitions: Transitions<OrderStatus> = {
  awaiting_payment: ['paid', 'cancelled', 'expired'],
  paid: ['fulfilled', 'refund_due'],
  // Undone on its own day, or given back in whole out of goodwill.
  fulfilled: ['refund_due', 'refunded'],
  // A payer may be quicker than a cancellation or an end time; his money is then refunded.
  cancelled: ['refund_due'],
  expired: ['refund_due'],
  refund_due: ['refunded'],
  // A bank sent a refund back: the order is again what it was before all of it had gone.
  refunded: ['refund_due', 'fulfilled'],
};

/** States of an order that nothing can follow: none, since money that went back may come home again. */
export const terminalOrderStatuses: readonly OrderStatus[] = [];
