import type { Transitions } from './machine.js';

/** Where money that goes back stands. `processing`: the provider has it in hand. `failed`: still owed, and a person decides how it goes back. */
export type RefundStatus = 'owed' | 'processing' | 'succeeded' | 'failed';

/** The state in which every refund begins. */
export const initialRefundStatus: RefundStatus = 'owed';

/** Which states may follow each state of a refund. */
export const refundTransitions: Transitions<RefundStatus> = {
  owed: ['processing', 'succeeded', 'failed'],
  processing: ['succeeded', 'failed'],
  succeeded: [],
  // Tried again, or given in another way by whoever could.
  failed: ['owed', 'succeeded'],
};

/** States of a refund that nothing follows. */
export const terminalRefundStatuses: readonly RefundStatus[] = ['succeeded'];
