import type { ChargebackRow, EventType, PaymentRow, RefundRow } from '../ledger/rows.js';
import { newId } from './ids.js';

/** What has neither gone back nor is on its way back, in minor units. */
export const restOf = ({ paidMinor, refundedMinor, refundingMinor }: PaymentRow): bigint =>
  paidMinor - refundedMinor - refundingMinor;

/** A refund that is on its way. */
export const newRefund = (
  refundId: string,
  paymentReference: string,
  amountMinor: bigint,
  createdAt: number,
): RefundRow => ({ reference: newId('rfd'), refundId, paymentReference, amountMinor, state: 'processing', createdAt });

/** How a refund that is on its way ends: the payment and the refund from then on, and what is told of it. */
export function endOf(
  payment: PaymentRow,
  refund: RefundRow,
  { state, endedAt }: { readonly state: 'succeeded' | 'failed'; readonly endedAt: number },
): { readonly payment: PaymentRow; readonly refund: RefundRow; readonly type: EventType } {
  const { amountMinor } = refund;
  const refundingMinor = payment.refundingMinor - amountMinor;
  const refundedMinor = payment.refundedMinor + (state === 'succeeded' ? amountMinor : 0n);
  const type = state === 'succeeded' ? 'refund.succeeded' : 'refund.failed';
  return { payment: { ...payment, refundingMinor, refundedMinor }, refund: { ...refund, state, endedAt }, type };
}

/** How a refund that had succeeded comes back from the bank of its payer: its money can be asked for again. */
export function returned(
  payment: PaymentRow,
  refund: RefundRow,
  returnedAt: number,
): { readonly payment: PaymentRow; readonly refund: RefundRow; readonly type: EventType } {
  const refundedMinor = payment.refundedMinor - refund.amountMinor;
  const back: RefundRow = { ...refund, state: 'failed', returnedAt };
  return { payment: { ...payment, refundedMinor }, refund: back, type: 'refund.failed' };
}

/** A chargeback of all that is left of a payment, or the one that it has, in a new state; one that the bank won takes the money now. */
export const chargedBack = (
  payment: PaymentRow,
  { state, reason }: Pick<ChargebackRow, 'state' | 'reason'>,
  now: number,
): ChargebackRow => ({
  ...(payment.chargeback ?? { reference: newId('cbk'), reason, amountMinor: restOf(payment).toString() }),
  state,
  ...(state === 'lost' ? { lostAt: now } : {}),
});
