import type { Transitions } from './machine.js';

/** Where a payment stands that the payer's bank takes back. `open`: the bank has not decided. `won`: the money stays. `lost`: it is gone. */
export type ChargebackStatus = 'open' | 'won' | 'lost';

/** The state in which every chargeback begins. */
export const initialChargebackStatus: ChargebackStatus = 'open';

/** Which states may follow each state of a chargeback: the bank decides once. */
export const chargebackTransitions: Transitions<ChargebackStatus> = {
  open: ['won', 'lost'],
  won: [],
  lost: [],
};

/** States of a chargeback that nothing follows. */
export const terminalChargebackStatuses: readonly ChargebackStatus[] = ['won', 'lost'];

/** Every state of a chargeback. */
export const chargebackStatuses = ['open', 'won', 'lost'] as const;

/** What staff decide about the workspace, whatever becomes of the money: it goes on, or its subscription is closed without a refund. */
export type ChargebackDecision = 'keep' | 'close';

/** Everything that staff can decide. */
export const chargebackDecisions = ['keep', 'close'] as const satisfies readonly ChargebackDecision[];

/** Says whether money of the payment may be given back by us: not while the bank has it in hand, and not once the bank gave it back. */
export function blocksRefund(status: ChargebackStatus): boolean {
  return status !== 'won';
}
