import type { Currency, OrderCollection, OrderKind, OrderStatus, PaymentMethod, QuoteBasis } from '@billfleet/domain';
import type { Queryable, Tx } from './store.js';

/** The methods that these workspaces are charged by without their payers: the newest one that was not removed. */
export async function storedMethodsOf(
  db: Queryable,
  workspaceIds: readonly string[],
): Promise<ReadonlyMap<string, { readonly method: PaymentMethod; readonly token: string }>> {
  const rows = await db.query<{ workspaceId: string; method: PaymentMethod; token: string }>(
    `select distinct on (workspace_id) workspace_id as "workspaceId", method, token from payment_method
     where workspace_id = any($1::uuid[]) and removed_at is null order by workspace_id, created_at desc, token`,
    [workspaceIds],
  );
  return new Map(rows.map(({ workspaceId, method, token }) => [workspaceId, { method, token }]));
}

/** How an order is to be paid next. */
export type NextPayment = {
  readonly method: PaymentMethod;
  readonly installments: number;
  readonly token: string | null;
  /** Until when it may be paid this way, as ISO 8601 text. */
  readonly expiresAt: string;
};

/** An order with what choosing another way to pay depends on. */
export type OrderToPayAgain = {
  readonly id: string;
  readonly workspaceId: string;
  readonly kind: OrderKind;
  readonly status: OrderStatus;
  readonly collection: OrderCollection;
  readonly method: PaymentMethod | null;
  readonly installments: number;
  readonly currency: Currency;
  readonly amountMinor: string;
  readonly months: number;
  readonly hasTaxpayer: boolean;
  readonly expiresAt: Date;
  readonly nextPayment: NextPayment | null;
  /** The attempt that may still take money, whether its payer can go on with it, and whether it is a charge without him. */
  readonly open: {
    readonly id: string;
    readonly method: PaymentMethod;
    readonly hasCheckout: boolean;
    readonly isCharge: boolean;
    /** When it takes no money any more, as ISO 8601 text. */
    readonly endsAt: string;
  } | null;
};

/** Locks orders, then their open attempts, by id. */
export async function lockOrdersToPayAgain(
  tx: Tx,
  ids: readonly string[],
): Promise<ReadonlyMap<string, OrderToPayAgain>> {
  const locking = tx.query(`select 1 from orders where id = any($1::uuid[]) order by id for update`, [ids]);
  const reading = tx.query<OrderToPayAgain>(
    `select o.id, o.workspace_id as "workspaceId", o.kind, o.status, o.collection, o.method, o.installments, o.currency, o.amount_minor::text as "amountMinor",
       coalesce((o.add_on ->> 'termMonths')::int, o.period_months) as months, o.taxpayer is not null as "hasTaxpayer", o.expires_at as "expiresAt",
       o.next_payment as "nextPayment",
       (select jsonb_build_object('id', a.id, 'method', a.method, 'hasCheckout', a.checkout_url is not null, 'isCharge', a.token is not null, 'endsAt', a.expires_at) from attempt a
        where a.order_id = o.id and a.status in ('submitting', 'pending', 'unknown')) as open
     from orders o where o.id = any($1::uuid[])`,
    [ids],
  );
  const [, rows] = await Promise.all([locking, reading]);
  return new Map(rows.map((row) => [row.id, row]));
}

/** Remembers how orders are to be paid once the way that is open now is closed. */
export async function chooseNextPayments(
  tx: Tx,
  rows: readonly { readonly orderId: string; readonly next: NextPayment }[],
): Promise<void> {
  if (rows.length === 0) return;
  await tx.query(
    `update orders o set next_payment = n.next from unnest($1::uuid[], $2::jsonb[]) as n (id, next) where o.id = n.id and o.status = 'awaiting_payment'`,
    [rows.map((row) => row.orderId), rows.map((row) => JSON.stringify(row.next))],
  );
}

/** An order whose next way to pay can be opened now. */
export type OrderToReopen = {
  readonly id: string;
  readonly workspaceId: string;
  readonly currency: Currency;
  readonly amountMinor: bigint;
  readonly next: NextPayment;
};

/** Takes the chosen next payments of unpaid orders that have no open attempt any more: each is answered once. */
export async function takeNextPayments(tx: Tx, orderIds: readonly string[]): Promise<readonly OrderToReopen[]> {
  if (orderIds.length === 0) return [];
  const rows = await tx.query<Omit<OrderToReopen, 'amountMinor'> & { amountMinor: string }>(
    `with due as (
       select o.id, o.next_payment from orders o where o.id = any($1::uuid[]) and o.next_payment is not null and o.status = 'awaiting_payment'
         and not exists (select 1 from attempt a where a.order_id = o.id and a.status in ('submitting', 'pending', 'unknown'))
       order by o.id for update)
     update orders o set method = due.next_payment ->> 'method', installments = (due.next_payment ->> 'installments')::int, next_payment = null
     from due where o.id = due.id
     returning o.id, o.workspace_id as "workspaceId", o.currency, o.amount_minor::text as "amountMinor", due.next_payment as next`,
    [orderIds],
  );
  return rows.map((row) => ({ ...row, amountMinor: BigInt(row.amountMinor) }));
}

/** An unpaid order with what it was priced against. */
export type UnpaidOrder = {
  readonly id: string;
  readonly workspaceId: string;
  readonly kind: OrderKind;
  readonly plan: string;
  readonly seats: number;
  readonly periodMonths: number;
  readonly priceListId: string;
  readonly basis: QuoteBasis | null;
};

/** Locks the unpaid changes of these workspaces, by id. */
export async function lockUnpaidChanges(tx: Tx, workspaceIds: readonly string[]): Promise<readonly UnpaidOrder[]> {
  if (workspaceIds.length === 0) return [];
  return tx.query<UnpaidOrder>(
    `select id, workspace_id as "workspaceId", kind, plan, seats, period_months as "periodMonths", price_list as "priceListId", basis from orders
     where workspace_id = any($1::uuid[]) and status = 'awaiting_payment' and basis is not null order by id for update`,
    [workspaceIds],
  );
}

/** Locks every unpaid order of a workspace, by id; answers the ids. */
export async function lockUnpaidOrders(tx: Tx, workspaceId: string): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    `select id from orders where workspace_id = $1 and status = 'awaiting_payment' order by id for update`,
    [workspaceId],
  );
  return rows.map((row) => row.id);
}
