import {
  chargePostings,
  refundFailedPostings,
  refundPostings,
  reversalPostings,
  salePostings,
} from '@billfleet/domain';
import type { Currency, PaymentMethod } from '@billfleet/domain';
import { lockSales, writeTransactions } from './journal.js';
import type { NewTransaction } from './journal.js';
import type { Queryable, Tx } from './store.js';

/** Money that a provider holds for an attempt. */
export type Charge = {
  readonly orderId: string;
  readonly attemptId: string;
  readonly workspaceId: string;
  readonly provider: string;
  readonly reference: string;
  readonly currency: Currency;
  readonly amountMinor: bigint;
};

/**
 * A charge; with `asSale` it pays its order, whose price includes `taxMinor` of tax. `isOnAccount`: the sale of that order was booked when it was
 * placed, so the money only settles what its payer owes.
 */
export type NewCharge = Charge & { readonly asSale: boolean; readonly taxMinor: bigint; readonly isOnAccount: boolean };

const transactionsOf = (charge: NewCharge): readonly NewTransaction[] => {
  const { orderId, attemptId, workspaceId, provider, reference, currency, amountMinor, taxMinor } = charge;
  const about = { orderId, attemptId, workspaceId, provider, reference, currency };
  const arrived = { ...about, kind: 'charge', postings: chargePostings(provider, amountMinor) } as const;
  return charge.asSale && !charge.isOnAccount
    ? [arrived, { ...about, kind: 'sale', postings: salePostings(amountMinor, taxMinor) }]
    : [arrived];
};

/**
 * Books money that arrived: cash against receivable, attempts succeeded. With `asSale` it also pays its order: receivable against deferred revenue and
 * tax, unless that was booked before; order paid. Repeats change nothing: the provider's reference is unique per kind.
 */
export async function bookCharges(tx: Tx, charges: readonly NewCharge[]): Promise<void> {
  if (charges.length === 0) return;
  await Promise.all([
    writeTransactions(tx, charges.flatMap(transactionsOf)),
    tx.query(
      `update attempt a set status = 'succeeded', status_at = now(), reference = c.reference, token = null
       from unnest($1::uuid[], $2::text[]) as c (id, reference) where a.id = c.id and a.status <> 'succeeded'`,
      [charges.map((c) => c.attemptId), charges.map((c) => c.reference)],
    ),
    payOrders(
      tx,
      charges.filter((charge) => charge.asSale),
    ),
  ]);
}

const payOrders = async (tx: Tx, sales: readonly Charge[]): Promise<void> => {
  if (sales.length === 0) return;
  await tx.query(
    `update orders o set status = 'paid', status_at = now(), next_payment = null, paid_attempt_id = s.attempt_id
     from unnest($1::uuid[], $2::uuid[]) as s (id, attempt_id) where o.id = s.id and o.status = 'awaiting_payment'`,
    [sales.map((s) => s.orderId), sales.map((s) => s.attemptId)],
  );
};

/** Money that must go back, and why. */
export type NewRefund = Omit<Charge, 'provider' | 'reference'> & { readonly id: string; readonly reason: string };

/** Records refunds of whole payments that are owed; at most one per attempt. Answers the ids that are new. */
export async function insertRefunds(tx: Tx, rows: readonly NewRefund[]): Promise<string[]> {
  if (rows.length === 0) return [];
  const written = await tx.query<{ id: string }>(
    `insert into refund (id, order_id, attempt_id, workspace_id, currency, amount_minor, reason)
     select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::bigint[], $7::text[])
     on conflict (attempt_id) where not is_part do nothing returning id`,
    [
      rows.map((r) => r.id),
      rows.map((r) => r.orderId),
      rows.map((r) => r.attemptId),
      rows.map((r) => r.workspaceId),
      rows.map((r) => r.currency),
      rows.map((r) => r.amountMinor.toString()),
      rows.map((r) => r.reason),
    ],
  );
  return written.map((row) => row.id);
}

/** A refund that is owed, with the payment it belongs to. */
export type RefundToSend = Charge & {
  readonly id: string;
  readonly status: string;
  readonly reason: string;
  /** How often the provider was asked anew after it had failed for good. */
  readonly sends: number;
  /** The provider's reference of the refund itself, where it has one. */
  readonly givenReference: string | null;
  /** Why it failed, where it did. */
  readonly failedFor: string | null;
  /** How often its money came home after it had gone. */
  readonly returns: number;
  /** How often it was looked at while the provider had it in hand. */
  readonly checks: number;
  /** How the payment was made that goes back. */
  readonly method: PaymentMethod | null;
  readonly orderNumber: string;
};

/** Refunds by id. */
export async function findRefunds(db: Queryable, ids: readonly string[]): Promise<ReadonlyMap<string, RefundToSend>> {
  const rows = await db.query<Omit<RefundToSend, 'amountMinor'> & { amountMinor: string }>(
    `select r.id, r.status, r.reason, r.sends, r.checks, r.returns, r.reference as "givenReference", r.failure ->> 'why' as "failedFor", r.order_id as "orderId", o.number as "orderNumber", r.attempt_id as "attemptId", r.workspace_id as "workspaceId", a.provider, a.method, a.reference,
       r.currency, r.amount_minor as "amountMinor" from refund r join attempt a on a.id = r.attempt_id join orders o on o.id = r.order_id
     where r.id = any($1::uuid[])`,
    [ids],
  );
  return new Map(rows.map((row) => [row.id, { ...row, amountMinor: BigInt(row.amountMinor) }]));
}

/** Whoever books refunds of an order waits for the others, so that the last one sees that all of it has gone back. */
const LOCK_ORDERS = `select 1 from orders where id = any($1::uuid[]) order by id for update`;
const END_ORDERS = `update orders o set status = 'refunded', status_at = now() where o.id = any($1::uuid[])
   and not exists (select 1 from refund r where r.order_id = o.id and r.status <> 'succeeded')
   and (o.status = 'refund_due' or (o.status = 'fulfilled'
     and (select sum(r.amount_minor) from refund r where r.attempt_id = o.paid_attempt_id) >= o.amount_minor))`;

/** A refund that was carried out, under which reference; `givenBy` where somebody else than the provider of its payment gave it. */
export type RefundDone = { readonly refund: RefundToSend; readonly reference: string; readonly givenBy?: string };

/**
 * Books refunds that were carried out. An order becomes refunded once all that was owed of it has gone back: the last of what it owed, or, for one that
 * was given, the last of its price. Repeats change nothing, and neither does old news of one that came back since.
 */
export async function bookRefunds(tx: Tx, done: readonly RefundDone[]): Promise<void> {
  if (done.length === 0) return;
  const orderIds = done.map(({ refund }) => refund.orderId);
  await tx.query(LOCK_ORDERS, [orderIds]);
  await writeTransactions(
    tx,
    done.map(({ refund, reference, givenBy }) => {
      const { id: refundId, orderId, attemptId, workspaceId, currency, amountMinor } = refund;
      const provider = givenBy ?? refund.provider;
      const about = { refundId, orderId, attemptId, workspaceId, provider, reference, currency };
      return { ...about, kind: 'refund', postings: refundPostings(provider, amountMinor) };
    }),
  );
  await tx.query(
    `update refund r set status = 'succeeded', status_at = now(), reference = d.reference, failure = null from unnest($1::uuid[], $2::text[]) as d (id, reference)
     where r.id = d.id and r.status <> 'succeeded' and (r.failure ->> 'why' is distinct from 'came_back' or r.reference is distinct from d.reference)`,
    [done.map((d) => d.refund.id), done.map((d) => d.reference)],
  );
  await tx.query(END_ORDERS, [orderIds]);
}

/** A refund whose money came home: under which reference it had gone, and why. */
export type RefundReturned = {
  readonly refund: RefundToSend;
  readonly reference: string;
  readonly code: string;
  readonly message: string;
};

/**
 * Books refunds that had been carried out and came back: cash against receivable, so that they are owed again, for a person to decide about. An order that
 * had ended with them is again what it was before. Repeats change nothing. Answers those to which that is news.
 */
export async function bookReturned(tx: Tx, back: readonly RefundReturned[]): Promise<ReadonlySet<string>> {
  if (back.length === 0) return new Set();
  await tx.query(LOCK_ORDERS, [back.map(({ refund }) => refund.orderId)]);
  const failed = await tx.query<{ id: string }>(
    `update refund r set status = 'failed', status_at = now(), returns = r.returns + 1,
       failure = jsonb_build_object('why', 'came_back', 'code', b.code, 'message', b.message)
     from unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) as b (id, reference, code, message)
     where r.id = b.id and r.status = 'succeeded' and r.reference = b.reference returning r.id`,
    [
      back.map(({ refund }) => refund.id),
      back.map(({ reference }) => reference),
      back.map(({ code }) => code),
      back.map(({ message }) => message),
    ],
  );
  const news = new Set(failed.map(({ id }) => id));
  const now = back.filter(({ refund }) => news.has(refund.id));
  await writeTransactions(
    tx,
    now.map(({ refund, reference }) => {
      const { id: refundId, orderId, attemptId, workspaceId, provider, currency, amountMinor } = refund;
      const about = { refundId, orderId, attemptId, workspaceId, provider, reference, currency };
      return { ...about, kind: 'refund_failed', postings: refundFailedPostings(provider, amountMinor) };
    }),
  );
  await tx.query(REOPEN_ORDERS, [now.map(({ refund }) => refund.orderId)]);
  return news;
}

const REOPEN_ORDERS = `update orders o set status_at = now(), status = (select t.from_status from transition t
     where t.entity = 'orders' and t.entity_id = o.id and t.to_status = 'refunded' order by t.id desc limit 1)
   where o.id = any($1::uuid[]) and o.status = 'refunded'`;

/** Ends orders, locked by the caller, of which all that was owed has gone back by now. */
export async function endRefundedOrders(tx: Tx, orderIds: readonly string[]): Promise<void> {
  if (orderIds.length > 0) await tx.query(END_ORDERS, [orderIds]);
}

/** A way to pay that can be charged without the payer. */
export type NewPaymentMethod = {
  readonly workspaceId: string;
  /** The attempt that brought it. */
  readonly attemptId: string;
  readonly provider: string;
  readonly method: string;
  readonly token: string;
  readonly brand: string;
  readonly last4: string;
  readonly expiresOn: string;
};

/** Keeps the tokens of methods that came back with payments. */
export async function keepPaymentMethods(tx: Tx, rows: readonly NewPaymentMethod[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.query(
    `insert into payment_method (workspace_id, provider, method, token, brand, last4, expires_on, attempt_id)
     select distinct on (1, 2, 4) * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::uuid[])
     on conflict (workspace_id, provider, token) do update set removed_at = null, created_at = now(), attempt_id = excluded.attempt_id
       where payment_method.removed_at is not null`,
    [
      rows.map((r) => r.workspaceId),
      rows.map((r) => r.provider),
      rows.map((r) => r.method),
      rows.map((r) => r.token),
      rows.map((r) => r.brand),
      rows.map((r) => r.last4),
      rows.map((r) => r.expiresOn),
      rows.map((r) => r.attemptId),
    ],
  );
}

/** Orders whose money gives nothing, or that are undone (`fulfilled`): they become owed back, with what was paid. */
export async function takeBackSales(
  tx: Tx,
  orders: readonly { readonly id: string; readonly reason: string }[],
  from: 'paid' | 'fulfilled' = 'paid',
): Promise<readonly PaidCharge[]> {
  if (orders.length === 0) return [];
  const back = await tx.query<PaidOrder>(
    `update orders o set status = 'refund_due', status_at = now(), status_reason = b.reason from unnest($1::uuid[], $2::text[]) as b (id, reason), attempt a
     where o.id = b.id and o.status = $3 and a.id = o.paid_attempt_id
     returning o.id as "orderId", o.workspace_id as "workspaceId", a.id as "attemptId", a.provider, a.reference`,
    [orders.map((o) => o.id), orders.map((o) => o.reason), from],
  );
  const sales = await lockSales(
    tx,
    back.map(({ orderId }) => orderId),
  );
  const taken = back.flatMap((one) => {
    const sale = sales.get(one.orderId);
    return sale !== undefined && (sale.attemptId ?? one.attemptId) === one.attemptId ? [{ ...one, sale }] : [];
  });
  await writeTransactions(
    tx,
    taken.map(({ sale, ...about }) => ({
      ...{ ...about, kind: 'reversal', currency: sale.currency },
      postings: reversalPostings(sale.soldMinor, sale),
    })),
  );
  return taken.map(({ orderId, attemptId, workspaceId, sale: { currency, soldMinor: amountMinor } }) => {
    return { orderId, attemptId, workspaceId, currency, amountMinor };
  });
}

type PaidOrder = {
  readonly orderId: string;
  readonly workspaceId: string;
  readonly attemptId: string;
  readonly provider: string;
  readonly reference: string;
};

/** What was paid for an order. */
export type PaidCharge = {
  readonly orderId: string;
  readonly attemptId: string;
  readonly workspaceId: string;
  readonly currency: Currency;
  readonly amountMinor: bigint;
};
