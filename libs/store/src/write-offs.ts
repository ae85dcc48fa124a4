import { writeOffPostings } from '@billfleet/domain';
import type { Currency, HeldOutside } from '@billfleet/domain';
import { writeTransactions } from './journal.js';
import type { Queryable, Tx } from './store.js';

/** A payment of an order that its holder has outside of every provider. */
export type PaymentHeldOutside = HeldOutside & { readonly attemptId: string; readonly provider: string };

/** What was given up of a payment, as staff see it. Amounts are minor units as text. */
export type WriteOffView = {
  readonly id: string;
  readonly attemptId: string;
  readonly currency: Currency;
  readonly amountMinor: string;
  readonly reason: string;
  readonly writtenOffBy: string;
  readonly createdAt: string;
};

/** An order with what can be and what was given up of its payments. */
export type OrderToWriteOff = {
  readonly id: string;
  readonly workspaceId: string;
  readonly currency: Currency;
  readonly payments: readonly PaymentHeldOutside[];
  readonly writeOffs: readonly WriteOffView[];
};

type Stored = Omit<OrderToWriteOff, 'payments'> & {
  readonly payments: readonly (Omit<PaymentHeldOutside, keyof HeldOutside> &
    Readonly<Record<keyof HeldOutside, string>>)[];
};

const ORDER = `select o.id, o.workspace_id as "workspaceId", o.currency,
    coalesce((select jsonb_agg(jsonb_build_object('attemptId', a.id, 'provider', a.provider, 'chargedMinor', c.minor::text, 'refundedMinor', coalesce(r.minor, 0)::text,
        'writtenOffMinor', coalesce(w.minor, 0)::text) order by a.n)
      from attempt a cross join lateral (select sum(amount_minor) as minor from movement where attempt_id = a.id and kind = 'charge' having count(*) > 0) c
      left join lateral (select sum(amount_minor) as minor from refund where attempt_id = a.id and status = 'succeeded') r on true
      left join lateral (select sum(amount_minor) as minor from write_off where attempt_id = a.id) w on true
      where a.order_id = o.id and a.provider in ('upstream', 'offline')), '[]') as payments,
    coalesce((select jsonb_agg(jsonb_build_object('id', w.id, 'attemptId', w.attempt_id, 'currency', w.currency, 'amountMinor', w.amount_minor::text, 'reason', w.reason,
        'writtenOffBy', w.written_off_by, 'createdAt', to_char(w.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) order by w.id)
      from write_off w where w.order_id = o.id), '[]') as "writeOffs"
  from orders o where o.id = $1`;

/** What could be, and what was given up of an order, without a lock: for looking. */
export async function findOrderToWriteOff(db: Queryable, orderId: string): Promise<OrderToWriteOff | undefined> {
  const [row] = await db.query<Stored>(ORDER, [orderId]);
  if (row === undefined) return undefined;
  const payments = row.payments.map(({ chargedMinor, refundedMinor, writtenOffMinor, ...payment }) => ({
    ...payment,
    ...{ chargedMinor: BigInt(chargedMinor), refundedMinor: BigInt(refundedMinor) },
    writtenOffMinor: BigInt(writtenOffMinor),
  }));
  return { ...row, payments };
}

/** Locks an order and looks, so that no two give the same up. */
export async function lockOrderToWriteOff(tx: Tx, orderId: string): Promise<OrderToWriteOff | undefined> {
  await tx.query(`select 1 from orders where id = $1 for update`, [orderId]);
  return findOrderToWriteOff(tx, orderId);
}

/** A part of a payment that is about to be given up. */
export type NewWriteOff = {
  readonly id: string;
  readonly orderId: string;
  readonly attemptId: string;
  readonly workspaceId: string;
  readonly provider: string;
  readonly currency: Currency;
  readonly amountMinor: bigint;
  readonly reason: string;
  readonly writtenOffBy: string;
};

/** Gives a part of a payment up and books it: a loss against the money of its holder. The caller holds the lock of the order. */
export async function insertWriteOff(tx: Tx, row: NewWriteOff): Promise<void> {
  const { id: reference, reason, writtenOffBy, amountMinor, ...about } = row;
  await tx.query(
    `insert into write_off (id, order_id, attempt_id, workspace_id, currency, amount_minor, reason, written_off_by) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      ...[reference, about.orderId, about.attemptId, about.workspaceId, about.currency],
      ...[amountMinor.toString(), reason, writtenOffBy],
    ],
  );
  const postings = writeOffPostings(about.provider, amountMinor);
  await writeTransactions(tx, [{ ...about, kind: 'write_off', reference, postings }]);
}
