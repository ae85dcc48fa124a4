import { offsetPostings } from '@billfleet/domain';
import type { CivilDate, Currency, OrderStatus, PaymentHeld, PaymentMethod } from '@billfleet/domain';
import { takeSalesBack, writeTransactions } from './journal.js';
import { viewRefund } from './refund-views.js';
import type { RefundFailure, RefundView } from './refund-views.js';
import type { Queryable, Tx } from './store.js';
import { clockAt, clockAtOf } from './workspace-time.js';
import type { OnClock } from './workspace-time.js';

export * from './refund-views.js';

/** Providers of attempts whose money is held by somebody outside of the fleet: only he can give it back. */
export const HELD_OUTSIDE = ['upstream', 'offline'] as const;

/** One payment of an order with what is left of it. `isSale`: it paid the order; others came twice or too late. */
export type PaymentOfOrder = PaymentHeld & {
  readonly attemptId: string;
  readonly provider: string;
  readonly method: PaymentMethod | null;
  readonly isSale: boolean;
};

/** An order with what a refund of it depends on. */
export type OrderToRefund = OnClock & {
  readonly id: string;
  readonly workspaceId: string;
  readonly status: OrderStatus;
  readonly currency: Currency;
  readonly amountMinor: bigint;
  readonly timeZone: string;
  readonly createdAt: Date;
  /** The days that it bought; a change of a term bought those from its own day on (`startsOn` null). Null where it gave none. */
  readonly days: { readonly startsOn: CivilDate | null; readonly endsOn: CivilDate } | null;
  readonly payments: readonly PaymentOfOrder[];
  /** Whether a chargeback of the workspace waits for a decision of staff, unless it was won. */
  readonly isDisputed: boolean;
};

type Stored = Omit<OrderToRefund, 'amountMinor' | 'payments'> & {
  readonly amountMinor: string;
  readonly payments: readonly (Omit<PaymentOfOrder, keyof PaymentHeld> & Readonly<Record<keyof PaymentHeld, string>>)[];
};

/** What its bank took or has in hand counts in whole: as long as it may be gone it is not ours to give. So does a remainder of the price that never came. */
const PAYMENTS = `coalesce((select jsonb_agg(jsonb_build_object('attemptId', a.id, 'provider', a.provider, 'method', a.method, 'isSale', a.id = o.paid_attempt_id,
    'chargedMinor', c.minor::text, 'refundedMinor', coalesce(r.done, 0)::text, 'owedMinor', coalesce(r.owed, 0)::text, 'takenBackMinor', (coalesce(b.minor, 0) + coalesce(s.minor, 0))::text) order by a.n)
  from attempt a
  cross join lateral (select sum(amount_minor) as minor from movement where attempt_id = a.id and kind = 'charge' having count(*) > 0) c
  left join lateral (select sum(amount_minor) filter (where status = 'succeeded') as done, sum(amount_minor) filter (where status <> 'succeeded') as owed
    from refund where attempt_id = a.id) r on true
  left join lateral (select sum(amount_minor) - coalesce((select sum(amount_minor) from movement where attempt_id = a.id and kind = 'offset'), 0) as minor
    from chargeback where attempt_id = a.id and status <> 'won') b on true
  left join lateral (select c.minor - p.amount_minor as minor from offline_payment p where p.attempt_id = a.id and p.currency = o.currency) s on true
  where a.order_id = o.id), '[]')`;

/** A change in the middle of a term is for the days until the end that it was priced for; on which day they begin its order says. */
const DAYS = `(select jsonb_build_object('startsOn', d.starts_on, 'endsOn', d.ends_on) from (
    select lower(g.during) as starts_on, upper(g.during) as ends_on from seat_grant g where g.order_id = o.id and g.during is not null
    union all select null, (o.basis ->> 'endsOn')::date from seat_grant g where g.order_id = o.id and g.during is null
    union all select lower(a.during), upper(a.during) from add_on_grant a where a.order_id = o.id and o.kind = 'add-on') d limit 1)`;

const ORDER = `select o.id, o.workspace_id as "workspaceId", o.status, o.currency, o.amount_minor::text as "amountMinor", o.created_at as "createdAt", w.time_zone as "timeZone", ${clockAt('w.test_clock_id')},
    ${DAYS} as days, ${PAYMENTS} as payments,
    exists (select 1 from chargeback b where b.workspace_id = o.workspace_id and b.decision is null and b.status <> 'won') as "isDisputed"
  from orders o join workspace w on w.id = o.workspace_id where o.id = $1`;

/** What a refund of an order depends on, without a lock: for looking. */
export async function findOrderToRefund(db: Queryable, orderId: string): Promise<OrderToRefund | undefined> {
  const [row] = await db.query<Stored>(ORDER, [orderId]);
  if (row === undefined) return undefined;
  const payments = row.payments.map(({ chargedMinor, refundedMinor, owedMinor, takenBackMinor, ...payment }) => ({
    ...payment,
    ...{ chargedMinor: BigInt(chargedMinor), refundedMinor: BigInt(refundedMinor) },
    ...{ owedMinor: BigInt(owedMinor), takenBackMinor: BigInt(takenBackMinor) },
  }));
  return { ...row, amountMinor: BigInt(row.amountMinor), payments };
}

/**
 * Locks an order, then the subscription of its workspace, and looks. Whoever books a payment or a chargeback of the order holds the first
 * lock, and whoever takes seats back holds the second one, so no two of them see the same rest.
 */
export async function lockOrderToRefund(tx: Tx, orderId: string): Promise<OrderToRefund | undefined> {
  await tx.query(`select 1 from orders where id = $1 for update`, [orderId]);
  await tx.query(
    `select 1 from subscription where workspace_id = (select workspace_id from orders where id = $1) for update`,
    [orderId],
  );
  return findOrderToRefund(tx, orderId);
}

/** A refund that staff give out of goodwill. `derivation` is JSON text. */
export type NewGoodwill = {
  readonly id: string;
  readonly attemptId: string;
  readonly amountMinor: bigint;
  readonly note: string;
  readonly requestedBy: string;
  readonly derivation: string;
};

/**
 * Owes a part of a payment back and takes as much of its sale back: what was sold is worth less from now on. The movement carries
 * the refund's id, so it is booked once. The caller holds the lock of the order.
 */
export async function oweGoodwill(tx: Tx, refund: NewGoodwill): Promise<void> {
  const owed = await tx.query<AboutRefund & { readonly amountMinor: string }>(
    `insert into refund (id, order_id, attempt_id, workspace_id, currency, amount_minor, reason, note, requested_by, derivation)
     select $1, a.order_id, a.id, a.workspace_id, a.currency, $3, 'goodwill', $4, $5, $6 from attempt a where a.id = $2
     returning ${ABOUT}, amount_minor::text as "amountMinor"`,
    [refund.id, refund.attemptId, refund.amountMinor.toString(), refund.note, refund.requestedBy, refund.derivation],
  );
  await takeSalesBack(
    tx,
    owed.map(({ amountMinor, ...about }) => ({ ...about, reference: refund.id, amountMinor: BigInt(amountMinor) })),
  );
}

type AboutRefund = {
  readonly refundId: string;
  readonly orderId: string;
  readonly attemptId: string;
  readonly workspaceId: string;
  readonly currency: Currency;
  readonly provider: string;
};
const ABOUT = `id as "refundId", order_id as "orderId", attempt_id as "attemptId", workspace_id as "workspaceId", currency,
  (select a.provider from attempt a where a.id = refund.attempt_id) as provider`;

/** The refund of a change of seats that goes back to a payment of one order; there is one at most for each payment. */
export async function refundOfSeatChange(db: Queryable, seatChangeId: string): Promise<string | undefined> {
  const rows = await db.query<{ id: string }>(`select id from refund where seat_change_id = $1 order by id limit 1`, [
    seatChangeId,
  ]);
  return rows[0]?.id;
}

/** Refunds that the provider has in hand from now on. */
export async function markProcessing(
  tx: Tx,
  rows: readonly { readonly id: string; readonly reference: string }[],
): Promise<void> {
  if (rows.length === 0) return;
  await tx.query(
    `update refund r set status = 'processing', status_at = now(), reference = n.reference from unnest($1::uuid[], $2::text[]) as n (id, reference)
     where r.id = n.id and r.status = 'owed'`,
    [rows.map((row) => row.id), rows.map((row) => row.reference)],
  );
}

/** Refunds that came to nothing: still owed, and a person decides how they go back. Answers those to which that is news. */
export async function markFailed(
  tx: Tx,
  rows: readonly { readonly id: string; readonly failure: RefundFailure }[],
): Promise<ReadonlySet<string>> {
  if (rows.length === 0) return new Set();
  const failed = await tx.query<{ id: string }>(
    `update refund r set status = 'failed', status_at = now(), failure = n.failure from unnest($1::uuid[], $2::jsonb[]) as n (id, failure)
     where r.id = n.id and r.status in ('owed', 'processing') returning r.id`,
    [rows.map((row) => row.id), rows.map((row) => JSON.stringify(row.failure))],
  );
  return new Set(failed.map(({ id }) => id));
}

/** Counts looks at the provider. */
export async function countChecks(tx: Tx, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await tx.query(`update refund set checks = checks + 1 where id = any($1::uuid[])`, [ids]);
}

/**
 * Owes failed refunds again. One that its provider has failed, or that came back, gets a new key, since the old one stands for that; one that was never
 * sent, or whose sending nobody knows the end of, keeps its own.
 */
const REOPEN = `update refund set status = 'owed', status_at = now(), failure = null, checks = 0, reference = null,
   sends = sends + case when failure ->> 'why' in ('failed', 'came_back') then 1 else 0 end where status = 'failed'`;

/** Owes one failed refund again. Answers whether it had failed. */
export async function reopenRefund(tx: Tx, id: string): Promise<boolean> {
  return (await tx.query(`${REOPEN} and id = $1 returning id`, [id])).length > 0;
}

/** Owes the refunds again that waited for the bank of these payments; answers their ids. */
export async function reopenDisputed(tx: Tx, attemptIds: readonly string[]): Promise<string[]> {
  if (attemptIds.length === 0) return [];
  const rows = await tx.query<{ id: string }>(
    `${REOPEN} and failure ->> 'why' = 'disputed' and attempt_id = any($1::uuid[]) returning id`,
    [attemptIds],
  );
  return rows.map(({ id }) => id);
}

/** A refund, locked with its order, and what the clock of its workspace shows. */
export async function lockRefund(tx: Tx, id: string): Promise<(RefundView & OnClock) | undefined> {
  await tx.query(`select 1 from orders where id = (select order_id from refund where id = $1) for update`, [id]);
  await tx.query(`select 1 from refund where id = $1 for update`, [id]);
  const view = await viewRefund(tx, id);
  if (view === undefined) return undefined;
  const [clock] = await tx.query<OnClock>(`select ${clockAtOf('$1::uuid')}`, [view.workspaceId]);
  return { ...view, clockAt: clock?.clockAt ?? null };
}

/** What proves that a refund was given in another way than through the provider. */
export type NewOutsideRefund = {
  readonly refundId: string;
  readonly workspaceId: string;
  readonly partner: string | null;
  readonly proofKind: 'bank-transfer' | 'receipt' | 'other';
  readonly proofReference: string;
  readonly proofNote: string | null;
  readonly currency: string;
  readonly amountMinor: bigint;
  readonly givenAt: Date;
  readonly reason: string;
  readonly recordedBy: string;
};

/** Stores the proof beside its refund. */
export async function insertOutside(tx: Tx, row: NewOutsideRefund): Promise<void> {
  await tx.query(
    `insert into refund_outside (refund_id, workspace_id, partner, proof_kind, proof_reference, proof_note, currency, amount_minor, given_at, reason, recorded_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      row.refundId,
      row.workspaceId,
      row.partner,
      row.proofKind,
      row.proofReference,
      row.proofNote,
      row.currency,
      row.amountMinor.toString(),
      row.givenAt.toISOString(),
      row.reason,
      row.recordedBy,
    ],
  );
}

/** The refund that a proof has given back already, however it was spelled. */
export async function refundOfProof(
  db: Queryable,
  partner: string | null,
  reference: string,
): Promise<string | undefined> {
  const rows = await db.query<{ id: string }>(
    `select refund_id as id from refund_outside where lower(coalesce(partner, '')) = lower(coalesce($1, '')) and lower(proof_reference) = lower($2)`,
    [partner, reference],
  );
  return rows[0]?.id;
}

/** A refund that a bank has given by taking the payment back. */
export type GivenByBank = {
  readonly id: string;
  readonly orderId: string;
  readonly workspaceId: string;
  readonly amountMinor: string;
  readonly reason: string;
};

/**
 * Ends refunds that waited for the banks of these payments, where the bank took the money for good: what we owed back has gone back, so as much
 * of it is no loss of ours. The oldest first, as far as what the bank took reaches. A refund that had failed before ends as well where the bank took
 * its money too: where all together is more than was charged.
 */
export async function endByBank(tx: Tx, attemptIds: readonly string[]): Promise<readonly GivenByBank[]> {
  if (attemptIds.length === 0) return [];
  const ended = await tx.query<GivenByBank & AboutRefund>(
    `with taken as (select attempt_id, sum(case kind when 'chargeback' then amount_minor else -amount_minor end) as minor from movement
         where attempt_id = any($1::uuid[]) and kind in ('chargeback', 'offset') group by attempt_id),
       waiting as (select r.id as waiting_id, r.failure ->> 'why' = 'disputed' as is_disputed, t.minor as taken_minor,
           sum(r.amount_minor) over (partition by r.attempt_id order by r.failure ->> 'why' <> 'disputed', r.id) as running_minor,
           (select sum(s.amount_minor) from refund s where s.attempt_id = r.attempt_id and s.status <> 'owed') + t.minor - a.amount_minor as excess_minor
         from refund r join taken t on t.attempt_id = r.attempt_id join attempt a on a.id = r.attempt_id where r.status = 'failed')
     update refund set status = 'succeeded', status_at = now(), failure = null, reference = id::text from waiting w
     where id = w.waiting_id and w.running_minor <= w.taken_minor and (w.is_disputed or w.running_minor <= w.excess_minor) and status = 'failed'
     returning ${ABOUT}, id, amount_minor::text as "amountMinor", reason`,
    [attemptIds],
  );
  await writeTransactions(
    tx,
    ended.map(({ id: reference, reason: _, amountMinor, ...about }) => ({
      ...{ ...about, kind: 'offset', reference },
      postings: offsetPostings(BigInt(amountMinor)),
    })),
  );
  return ended;
}
