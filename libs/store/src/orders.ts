import { civilDateIn, compare } from '@billfleet/domain';
import type { AttemptStatus, CivilDate, Currency, OrderStatus, PaymentMethod } from '@billfleet/domain';
import type { Queryable, Tx } from './store.js';

/** An accepted quote, about to be stored. */
export type NewOrder = {
  readonly id: string;
  readonly workspaceId: string;
  readonly quoteId: string | null;
  readonly plan: string;
  readonly seats: number;
  readonly periodMonths: number;
  readonly priceList: string;
  readonly currency: Currency;
  /** One seat for the whole term. */
  readonly unitMinor: bigint;
  readonly amountMinor: bigint;
  /** JSON text of the quote's lines. */
  readonly lines: string;
  readonly collection: 'provider' | 'upstream';
  readonly method: PaymentMethod | null;
  readonly installments: number;
  readonly taxpayer: string | null;
  readonly invoiceDetails: string | null;
  readonly expiresAt: Date;
};

/** Stores new orders of kind purchase, awaiting payment. */
export async function insertOrders(tx: Tx, rows: readonly NewOrder[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.query(
    `insert into orders (id, workspace_id, kind, quote_id, plan, seats, period_months, price_list, currency, unit_minor, amount_minor, lines,
       collection, method, installments, taxpayer, invoice_details, expires_at)
     select id, workspace_id, 'purchase', quote_id, plan, seats, period_months, price_list, currency, unit_minor, amount_minor, lines,
       collection, method, installments, taxpayer, invoice_details, expires_at
     from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::int[], $6::int[], $7::text[], $8::text[], $9::bigint[], $10::bigint[], $11::jsonb[],
       $12::text[], $13::text[], $14::int[], $15::jsonb[], $16::jsonb[], $17::timestamptz[])
     as n (id, workspace_id, quote_id, plan, seats, period_months, price_list, currency, unit_minor, amount_minor, lines, collection, method,
       installments, taxpayer, invoice_details, expires_at)`,
    [
      rows.map((r) => r.id),
      rows.map((r) => r.workspaceId),
      rows.map((r) => r.quoteId),
      rows.map((r) => r.plan),
      rows.map((r) => r.seats),
      rows.map((r) => r.periodMonths),
      rows.map((r) => r.priceList),
      rows.map((r) => r.currency),
      rows.map((r) => r.unitMinor.toString()),
      rows.map((r) => r.amountMinor.toString()),
      rows.map((r) => r.lines),
      rows.map((r) => r.collection),
      rows.map((r) => r.method),
      rows.map((r) => r.installments),
      rows.map((r) => r.taxpayer),
      rows.map((r) => r.invoiceDetails),
      rows.map((r) => r.expiresAt.toISOString()),
    ],
  );
}

/** What placing an order must know of a workspace's present state. */
export type Standing = {
  readonly workspaceId: string;
  readonly hasSubscription: boolean;
  readonly unpaidOrderId: string | null;
};

/** Locks the unpaid orders of these workspaces and says who has a subscription that runs at `now`, or has paid for one: days are those of each workspace's zone. */
export async function standings(
  tx: Tx,
  workspaceIds: readonly string[],
  now: Date,
): Promise<ReadonlyMap<string, Standing>> {
  const locking = tx.query<{ id: string; workspaceId: string }>(
    `select id, workspace_id as "workspaceId" from orders where workspace_id = any($1::uuid[]) and status = 'awaiting_payment' order by id for update`,
    [workspaceIds],
  );
  const readingTerms = tx.query<{ workspaceId: string; endsOn: CivilDate; timeZone: string }>(
    `select s.workspace_id as "workspaceId", s.ends_on::text as "endsOn", w.time_zone as "timeZone"
     from subscription s join workspace w on w.id = s.workspace_id where s.workspace_id = any($1::uuid[]) and s.status = 'active'`,
    [workspaceIds],
  );
  const readingPaid = tx.query<{ workspaceId: string }>(
    `select workspace_id as "workspaceId" from orders where workspace_id = any($1::uuid[]) and status = 'paid'`,
    [workspaceIds],
  );
  const [unpaid, terms, paid] = await Promise.all([locking, readingTerms, readingPaid]);
  // Days are reckoned here as everywhere else: PostgreSQL knows other zones than the domain does, and reads some of them otherwise.
  const running = terms.filter(({ endsOn, timeZone }) => compare(endsOn, civilDateIn(now, timeZone)) > 0);
  const subscribed = new Set([...running, ...paid].map((row) => row.workspaceId));
  const unpaidBy = new Map(unpaid.map((row) => [row.workspaceId, row.id]));
  return new Map(
    workspaceIds.map((id) => [
      id,
      { workspaceId: id, hasSubscription: subscribed.has(id), unpaidOrderId: unpaidBy.get(id) ?? null },
    ]),
  );
}

/** Moves orders from one state to another; rows that are in another state by now are left out of the answer. */
export async function moveOrders(
  tx: Tx,
  ids: readonly string[],
  from: OrderStatus,
  to: OrderStatus,
  reason: string | null = null,
): Promise<string[]> {
  if (ids.length === 0) return [];
  const rows = await tx.query<{ id: string }>(
    `update orders set status = $3, status_at = now(), status_reason = coalesce($4, status_reason) where id = any($1::uuid[]) and status = $2 returning id`,
    [ids, from, to, reason],
  );
  return rows.map((row) => row.id);
}

/**
 * Unpaid orders whose end time has passed. One of which an attempt may be under way without our knowing gets a day more to find out;
 * after that it ends as well, and money that should still come is given back.
 */
export async function lockExpiredOrders(tx: Tx, now: Date, limit: number): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    `select id from orders o where status = 'awaiting_payment' and expires_at <= $1
       and (expires_at <= $1::timestamptz - interval '1 day'
         or not exists (select 1 from attempt a where a.order_id = o.id and a.status in ('submitting', 'unknown')))
     order by expires_at limit $2 for update skip locked`,
    [now.toISOString(), limit],
  );
  return rows.map((row) => row.id);
}

/** Orders of these workspaces that are paid but not applied yet. */
export async function paidOrdersOf(tx: Tx, workspaceIds: readonly string[]): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    `select id from orders where workspace_id = any($1::uuid[]) and status = 'paid'`,
    [workspaceIds],
  );
  return rows.map((row) => row.id);
}

/** An order as its customer sees it. Amounts are minor units as text. */
export type OrderView = {
  readonly id: string;
  readonly number: string;
  readonly workspaceId: string;
  readonly kind: string;
  readonly status: OrderStatus;
  readonly statusReason: string | null;
  readonly plan: string;
  readonly seats: number;
  readonly periodMonths: number;
  readonly currency: Currency;
  readonly amountMinor: string;
  readonly lines: unknown;
  readonly collection: string;
  readonly method: PaymentMethod | null;
  readonly installments: number;
  readonly createdAt: Date;
  readonly statusAt: Date;
  readonly expiresAt: Date;
  readonly attempts: readonly AttemptView[];
  readonly timeline: readonly { readonly from: string | null; readonly to: string; readonly at: string }[];
};

/** A try to pay as its customer sees it. */
export type AttemptView = {
  readonly id: string;
  readonly status: AttemptStatus;
  readonly provider: string;
  readonly checkoutUrl: string | null;
  readonly pixCode: string | null;
  readonly expiresAt: string | null;
  readonly failure: unknown;
};

/** One order with its attempts and history, in one round trip. */
export async function viewOrder(db: Queryable, id: string): Promise<OrderView | undefined> {
  const rows = await db.query<OrderView>(
    `select o.id, o.number, o.workspace_id as "workspaceId", kind, o.status, status_reason as "statusReason", plan, seats, period_months as "periodMonths",
       o.currency, o.amount_minor as "amountMinor", lines, collection, o.method, o.installments, o.created_at as "createdAt", o.status_at as "statusAt",
       o.expires_at as "expiresAt",
       coalesce((select jsonb_agg(jsonb_build_object('id', a.id, 'status', a.status, 'provider', a.provider, 'checkoutUrl', a.checkout_url,
         'pixCode', a.pix_code, 'expiresAt', a.expires_at, 'failure', a.failure) order by a.n) from attempt a where a.order_id = o.id), '[]') as attempts,
       coalesce((select jsonb_agg(jsonb_build_object('from', t.from_status, 'to', t.to_status, 'at', t.at) order by t.id)
         from transition t where t.entity = 'orders' and t.entity_id = o.id), '[]') as timeline
     from orders o where o.id = $1`,
    [id],
  );
  return rows[0];
}

/** What mails about an order are written from. */
export type OrderMail = {
  readonly orderId: string;
  readonly number: string;
  readonly workspaceId: string;
  readonly workspaceName: string;
  readonly plan: string;
  readonly planName: string;
  readonly seats: number;
  readonly periodMonths: number;
  readonly currency: Currency;
  readonly amountMinor: string;
  readonly method: PaymentMethod | null;
  readonly last4: string | null;
  readonly billingEmail: string | null;
  readonly locale: string;
  readonly timeZone: string;
  readonly now: Date;
};

/** Facts of orders for mails, by order id. */
export async function findMailFacts(
  db: Queryable,
  orderIds: readonly string[],
): Promise<ReadonlyMap<string, OrderMail>> {
  if (orderIds.length === 0) return new Map();
  const rows = await db.query<OrderMail>(
    `select o.id as "orderId", o.number, o.workspace_id as "workspaceId", w.name as "workspaceName", o.plan,
       coalesce(o.lines -> 0 -> 'description' ->> 'planName', o.plan) as "planName", o.seats, o.period_months as "periodMonths", o.currency,
       o.amount_minor as "amountMinor", o.method, w.billing_email as "billingEmail", w.locale, w.time_zone as "timeZone", now() as now,
       (select p.last4 from payment_method p where o.method = 'card' and p.workspace_id = o.workspace_id and p.last4 <> '' order by p.created_at desc limit 1) as last4
     from orders o join workspace w on w.id = o.workspace_id where o.id = any($1::uuid[])`,
    [orderIds],
  );
  return new Map(rows.map((row) => [row.orderId, row]));
}

/** The facts that every mail about an order shares, as the templates read them. */
export function orderMailFacts(order: OrderMail): Readonly<Record<string, unknown>> {
  return {
    workspaceName: order.workspaceName,
    actionPath: `/billing/orders/${order.orderId}`,
    orderNumber: order.number,
    planName: order.planName,
    seats: order.seats,
    amount: { amountMinor: order.amountMinor, currency: order.currency },
  };
}
