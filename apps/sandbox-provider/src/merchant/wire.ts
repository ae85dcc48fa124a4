import type { sandboxWire } from '@billfleet/payments';
import type { z } from 'zod';
import type { ChargebackRow, PaymentRow, RefundRow } from '../ledger/rows.js';

/** A body that goes over the wire. */
export type Wire<K extends keyof typeof sandboxWire> = z.output<(typeof sandboxWire)[K]>;

const REFUND_FAILED = {
  code: 'account_closed',
  kind: 'decline-hard',
  message: 'The payer’s bank sent the refund back.',
} as const;

/** What the provider took, or would take. */
export const amountOf = (row: PaymentRow): bigint => (row.state === 'succeeded' ? row.paidMinor : row.askedMinor);

/** A payment as the merchant sees it, with its refunds. */
export function wirePayment(row: PaymentRow, refunds: readonly RefundRow[] = []): Wire<'payment'> {
  return {
    reference: row.reference,
    attemptId: row.attemptId,
    orderId: row.orderId,
    method: row.method,
    state: row.state,
    amountMinor: String(amountOf(row)),
    currency: row.currency,
    refundedMinor: String(row.refundedMinor),
    ...(row.paidAt === undefined ? {} : { paidAt: new Date(row.paidAt).toISOString() }),
    ...(row.storedMethod === undefined ? {} : { storedMethod: row.storedMethod }),
    ...(row.chargeback === undefined ? {} : { chargeback: wireChargeback(row.chargeback) }),
    ...(refunds.length === 0 ? {} : { refunds: refunds.map(wireRefund) }),
    ...(row.failure === undefined ? {} : { failure: row.failure }),
  };
}

const wireChargeback = ({ reference, state, amountMinor, reason }: ChargebackRow) => ({
  ...{ reference, state, amountMinor, reason },
});

/** A refund as the merchant sees it. */
export function wireRefund(row: RefundRow): Wire<'refundReply'> {
  return {
    reference: row.reference,
    refundId: row.refundId,
    state: row.state,
    amountMinor: String(row.amountMinor),
    ...(row.returnedAt === undefined ? {} : { cameBack: true }),
    ...(row.state === 'failed' ? { failure: REFUND_FAILED } : {}),
  };
}

/** A payment as the auditor sees it. */
export function wireTruth(row: PaymentRow): Wire<'truthPage'>['payments'][number] {
  return {
    idempotencyKey: row.idempotencyKey,
    attemptId: row.attemptId,
    orderId: row.orderId,
    reference: row.reference,
    amountMinor: String(amountOf(row)),
    currency: row.currency,
    state: row.state,
    refundedMinor: String(row.refundedMinor),
    ...(row.chargeback === undefined
      ? {}
      : { chargeback: { reference: row.chargeback.reference, state: row.chargeback.state } }),
  };
}
