import type { Currency, OrderStatus } from '@billfleet/domain';
import type { Queryable, Tx } from './store.js';
import { clockAtOf } from './workspace-time.js';
import type { OnClock } from './workspace-time.js';

/** An order that somebody says was paid outside of the fleet. */
export type OrderToMarkPaid = OnClock & {
  readonly id: string;
  readonly workspaceId: string;
  readonly status: OrderStatus;
  readonly currency: Currency;
  readonly amountMinor: bigint;
  /** Whether a charge without the payer is under way: only the provider knows how it ends. */
  readonly isCharging: boolean;
};

/** Locks an order and looks at what marking it paid depends on. */
export async function lockOrderToMarkPaid(tx: Tx, orderId: string): Promise<OrderToMarkPaid | undefined> {
  await tx.query(`select 1 from orders where id = $1 for update`, [orderId]);
  const rows = await tx.query<Omit<OrderToMarkPaid, 'amountMinor'> & { amountMinor: string }>(
    `select o.id, o.workspace_id as "workspaceId", o.status, o.currency, o.amount_minor::text as "amountMinor", ${clockAtOf('o.workspace_id')},
       exists (select 1 from attempt a where a.order_id = o.id and a.token is not null and a.status in ('submitting', 'pending', 'unknown')) as "isCharging"
     from orders o where o.id = $1`,
    [orderId],
  );
  return rows.map((row) => ({ ...row, amountMinor: BigInt(row.amountMinor) }))[0];
}

/** What was paid outside, how that is proven, and who says so. */
export type NewOfflinePayment = {
  readonly id: string;
  readonly orderId: string;
  readonly attemptId: string;
  readonly workspaceId: string;
  readonly partner: string | null;
  /** The currency in which it was paid: any of ISO 4217. */
  readonly currency: string;
  readonly amountMinor: bigint;
  readonly proofKind: 'bank-transfer' | 'receipt' | 'other';
  readonly proofReference: string;
  readonly proofNote: string | null;
  readonly paidAt: Date;
  readonly reason: string;
  readonly recordedBy: string;
};

/** The order that a proof has paid already, however it was spelled. */
export async function orderOfProof(
  db: Queryable,
  partner: string | null,
  reference: string,
): Promise<string | undefined> {
  const rows = await db.query<{ orderId: string }>(
    `select order_id as "orderId" from offline_payment where lower(coalesce(partner, '')) = lower(coalesce($1, '')) and lower(proof_reference) = lower($2)`,
    [partner, reference],
  );
  return rows[0]?.orderId;
}

/** Stores what was paid outside, beside the attempt that is booked. */
export async function insertOfflinePayment(tx: Tx, payment: NewOfflinePayment): Promise<void> {
  await tx.query(
    `insert into offline_payment (id, order_id, attempt_id, workspace_id, partner, currency, amount_minor, proof_kind, proof_reference, proof_note,
       paid_at, reason, recorded_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
    [
      payment.id,
      payment.orderId,
      payment.attemptId,
      payment.workspaceId,
      payment.partner,
      payment.currency,
      payment.amountMinor.toString(),
      payment.proofKind,
      payment.proofReference,
      payment.proofNote,
      payment.paidAt.toISOString(),
      payment.reason,
      payment.recordedBy,
    ],
  );
}

/** A payment outside as staff see it. */
export type OfflinePaymentView = Omit<NewOfflinePayment, 'amountMinor'> & {
  readonly amountMinor: string;
  readonly createdAt: Date;
};

/** The payment outside that paid an order. */
export async function viewOfflinePayment(db: Queryable, orderId: string): Promise<OfflinePaymentView | undefined> {
  const rows = await db.query<OfflinePaymentView>(
    `select id, order_id as "orderId", attempt_id as "attemptId", workspace_id as "workspaceId", partner, currency, amount_minor::text as "amountMinor",
       proof_kind as "proofKind", proof_reference as "proofReference", proof_note as "proofNote", paid_at as "paidAt", reason, recorded_by as "recordedBy",
       created_at as "createdAt"
     from offline_payment where order_id = $1`,
    [orderId],
  );
  return rows[0];
}
