import { attemptsOf } from '../api/types.js';
import type { Attempt, Order } from '../api/types.js';

/**
 * What somebody who wants to pay an order finds. `payable`: no way to pay is open. `code-over`: the time of its Pix code is over, and it can have
 * another one. `opening`: a way is on its way. `page`: the provider's page waits. `pix`: a code waits. `charging`: the stored method is charged.
 * `elsewhere`: another service collects the money.
 */
export type PayState =
  | 'payable'
  | 'code-over'
  | 'opening'
  | 'page'
  | 'pix'
  | 'charging'
  | 'paid'
  | 'applied'
  | 'returned'
  | 'ended'
  | 'elsewhere';

const OPEN: readonly Attempt['status'][] = ['submitting', 'pending', 'unknown'];

/** The try that may still take money. */
export const openAttempt = (order: Order): Attempt | undefined =>
  attemptsOf(order).findLast(({ status }) => OPEN.includes(status));

/** The last try, when it was declined. */
export function lastDecline(order: Order): Attempt | undefined {
  const last = attemptsOf(order).at(-1);
  return last?.status === 'declined' ? last : undefined;
}

/** Where an order stands for whoever wants to pay it; the server's states alone decide. */
export function payStateOf(order: Order): PayState {
  const { state } = order.paying;
  if (state === 'paid') return order.status === 'fulfilled' ? 'applied' : 'paid';
  if (state === 'ready') return openAttempt(order)?.pixCode === null ? 'page' : 'pix';
  return state === 'payable' && hadCode(order) ? 'code-over' : state;
}

/** Whether the last try had a code that nobody paid in time. */
function hadCode(order: Order): boolean {
  const last = attemptsOf(order).at(-1);
  return last !== undefined && last.pixCode !== null && (last.status === 'expired' || OPEN.includes(last.status));
}

/** Whether the server may still move it on by itself. */
export const isMoving = (state: PayState): boolean =>
  ['opening', 'page', 'pix', 'code-over', 'charging', 'paid', 'payable'].includes(state);

const LEFT = 'billfleet-left-for-';

/** Notes that the payer leaves for the provider's page, so that he is met with the right words when he comes back. */
export function noteLeaving(attemptId: string): void {
  try {
    window.sessionStorage.setItem(`${LEFT}${attemptId}`, String(Date.now()));
  } catch {
    // Without it he is offered the same page once more.
  }
}

/** When the payer left for the page of a try; undefined if he did not, as far as this window knows. */
export function leftAt(attemptId: string): number | undefined {
  try {
    const noted = window.sessionStorage.getItem(`${LEFT}${attemptId}`);
    return noted === null ? undefined : Number(noted);
  } catch {
    return undefined;
  }
}
