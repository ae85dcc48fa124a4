import { randomUUID } from 'node:crypto';
import { books, chargebacks } from '@billfleet/store';
import type { Tx } from '@billfleet/store';
import { settlePayments } from '../../libs/billing/src/settle-payments.js';

/** An order of a test that plays with the books, and the attempt that pays it. */
export type Played = {
  readonly id: string;
  readonly workspaceId: string;
  readonly what: 'term' | 'rest' | 'add-on';
  readonly amountMinor: bigint;
  readonly days: number;
  attemptId: string;
};

export const isOnClock = async (tx: Tx, workspaceId: string): Promise<boolean> =>
  (await tx.query(`select 1 from workspace where id = $1 and test_clock_id is not null`, [workspaceId])).length > 0;

export const insertAttempt = (tx: Tx, one: Omit<Played, 'what' | 'days'>): Promise<unknown> =>
  tx.query(
    `insert into attempt (id, order_id, workspace_id, n, provider, method, currency, amount_minor, expires_at, status)
     values ($1, $2, $3, (select count(*) + 1 from attempt where order_id = $2), 'sandbox', 'card', 'USD', $4, '2100-01-01', 'pending')`,
    [one.attemptId, one.id, one.workspaceId, one.amountMinor.toString()],
  );

export async function pay(tx: Tx, { attemptId, amountMinor }: Played): Promise<void> {
  await settlePayments(tx, [
    { attemptId, reference: `pay-${attemptId}`, state: 'succeeded', amountMinor, currency: 'USD' },
  ]);
}

export async function cancel(tx: Tx, { id, attemptId }: Played): Promise<void> {
  await tx.query(`update attempt set status = 'cancelled' where id = $1`, [attemptId]);
  await tx.query(`update orders set status = 'cancelled' where id = $1`, [id]);
}

/** The payer pays once more, or too late, on a page that he still had. */
export async function payAgain(tx: Tx, one: Played): Promise<void> {
  const attemptId = randomUUID();
  const open = await tx.query(
    `select 1 from attempt where order_id = $1 and status in ('submitting', 'pending', 'unknown')`,
    [one.id],
  );
  if (open.length > 0) return;
  await insertAttempt(tx, { ...one, attemptId });
  await pay(tx, { ...one, attemptId });
}

export async function takeBack(tx: Tx, { id }: Played): Promise<void> {
  const charges = await books.takeBackSales(tx, [{ id, reason: 'subscription_changed' }]);
  await books.insertRefunds(
    tx,
    charges.map((charge) => ({ ...charge, id: randomUUID(), reason: 'subscription_changed' })),
  );
}

/** The bank takes a payment of which nothing went back yet. */
export async function endChargeback(tx: Tx, one: Played, status: 'lost' | 'won'): Promise<void> {
  const known = await tx.query(
    `select 1 from chargeback where attempt_id = $1 union all select 1 from refund where attempt_id = $1`,
    [one.attemptId],
  );
  if (known.length > 0 || one.amountMinor === 0n) return;
  const { id: orderId, workspaceId, attemptId, amountMinor } = one;
  const named = { provider: 'sandbox', reference: `dispute-${attemptId}` };
  await chargebacks.insertChargebacks(tx, [
    { id: randomUUID(), orderId, workspaceId, attemptId, ...named, currency: 'USD', amountMinor, reason: 'fraudulent' },
  ]);
  await chargebacks.settleChargebacks(tx, [{ ...named, status }]);
}
