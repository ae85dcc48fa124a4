import type { Transitions } from './machine.js';

/** Where money that goes back stands. `processing`: the provider has it in hand. `failed`: still owed, and a person decides how it goes back.
 * One that `succeeded` becomes `failed` where the bank of its payer sends the money back afterwards. */
export type RefundStatus = 'owed' | 'processing' | 'succeeded' | 'failed';

/** The state in which every refund begins. */
export const initialRefundStatus: RefundStatus = 'owed';

/** Which states may follow each state of a refund. */
export const refundTransitions: Transitions<RefundStatus> = {
  owed: ['processing', 'succeeded', 'failed'],
  processing: ['succeeded', 'failed'],
  // Its payer's bank may send it back days later.
  succeeded: ['failed'],
  // Tried again, or given in another way by whoever could.
  failed: ['owed', 'succeeded'],
};

/** States of a refund that nothing can follow: none, since money that went back may come home again. */
export const terminalRefundStatuses: readonly RefundStatus[] = [];
