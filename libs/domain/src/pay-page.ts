import type { AttemptStatus } from './attempt.js';
import type { OrderCollection, OrderStatus } from './order.js';

/** An order as whoever holds the link to pay it finds it. */
export type PayPageQuestion = {
  readonly status: OrderStatus;
  readonly collection: OrderCollection;
  readonly expiresAt: Date;
  readonly now: Date;
  /** The attempt that may still take money. `isCharge`: of a stored method, without its owner. */
  readonly open?: {
    readonly status: AttemptStatus;
    readonly isCharge: boolean;
    readonly hasCheckout: boolean;
    /** When its page or code takes no money any more. */
    readonly endsAt: Date;
  };
  /** Whether another way to pay was chosen and opens as soon as the one before is closed. */
  readonly isSwitching: boolean;
};

/**
 * What a link to pay leads to. `payable`: nothing is open, or its time is over, and a page can be opened. `opening`: one is on its way. `ready`: it is there.
 * `charging`: the stored method is being charged, and a second payment would be one too many. `elsewhere`: an upstream service collects.
 */
export type PayPageState = 'payable' | 'opening' | 'ready' | 'charging' | 'paid' | 'returned' | 'ended' | 'elsewhere';

/** Decides what a link to pay leads to. Reads no clock. */
export function payPageState({ status, collection, expiresAt, now, open, isSwitching }: PayPageQuestion): PayPageState {
  if (status === 'paid' || status === 'fulfilled') return 'paid';
  if (status === 'refund_due' || status === 'refunded') return 'returned';
  if (status !== 'awaiting_payment' || expiresAt <= now) return 'ended';
  if (collection === 'upstream') return 'elsewhere';
  if (open?.isCharge === true) return 'charging';
  if (isSwitching) return 'opening';
  if (open === undefined) return 'payable';
  // A code that is over is closed as soon as its payer asks for another one.
  if (open.endsAt <= now) return 'payable';
  return open.hasCheckout ? 'ready' : 'opening';
}
