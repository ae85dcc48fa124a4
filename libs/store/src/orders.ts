import { civilDateIn, compare } from '@billfleet/domain';
import type {
  Currency,
  HeldSubscription,
  OrderCollection,
  OrderKind,
  OrderStatus,
  PaymentMethod,
} from '@billfleet/domain';
import { storedMethodsOf } from './order-payments.js';
import type { Queryable, Tx } from './store.js';
import { clockAt, clockNowOf, servedAt } from './workspace-time.js';
import type { OnClock, SweptAt } from './workspace-time.js';

export { findMailFacts, orderMailFacts } from './order-mails.js';

export * from './order-views.js';

/** An accepted quote, about to be stored. */
export type NewOrder = {
  readonly id: string;
  readonly workspaceId: string;
  readonly kind: OrderKind;
  readonly quoteId: string | null;
  readonly plan: string;
  readonly seats: number;
  readonly periodMonths: number;
  readonly priceList: string;
  readonly currency: Currency;
  /** One seat for the whole term; null for anything but a purchase. */
  readonly unitMinor: bigint | null;
  readonly amountMinor: bigint;
  /** The part of the amount that is tax. */
  readonly taxMinor: bigint;
  /** JSON text of the quote's lines. */
  readonly lines: string;
  /** JSON text of what a change was priced against; null for a purchase. */
  readonly basis: string | null;
  /** JSON text of the packages that an order of an add-on buys. */
  readonly addOn: string | null;
  readonly collection: OrderCollection;
  readonly method: PaymentMethod | null;
  readonly installments: number;
  readonly taxpayer: string | null;
  readonly invoiceDetails: string | null;
  /** The person or the key that placed it; null where the fleet did it by itself. */
  readonly placedBy: string | null;
  /** Until when an order on account is to be paid; null for every other. */
  readonly dueAt: Date | null;
  readonly expiresAt: Date;
};

/** Stores new orders, awaiting payment. */
export async function insertOrders(tx: Tx, rows: readonly NewOrder[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.query(
    `insert into orders (id, workspace_id, kind, quote_id, plan, seats, period_months, price_list, currency, unit_minor, amount_minor, lines, basis, add_on,
       collection, method, installments, taxpayer, invoice_details, expires_at, placed_by, tax_minor, due_at, created_at)
     select n.*, coalesce(${clockNowOf('n.workspace_id')}, now()) from unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[], $5::text[], $6::int[], $7::int[], $8::text[], $9::text[], $10::bigint[],
       $11::bigint[], $12::jsonb[], $13::jsonb[], $14::jsonb[], $15::text[], $16::text[], $17::int[], $18::jsonb[], $19::jsonb[], $20::timestamptz[], $21::text[], $22::bigint[], $23::timestamptz[])
       as n (id, workspace_id)`,
    [
      rows.map((r) => r.id),
      rows.map((r) => r.workspaceId),
      rows.map((r) => r.kind),
      rows.map((r) => r.quoteId),
      rows.map((r) => r.plan),
      rows.map((r) => r.seats),
      rows.map((r) => r.periodMonths),
      rows.map((r) => r.priceList),
      rows.map((r) => r.currency),
      rows.map((r) => r.unitMinor?.toString() ?? null),
      rows.map((r) => r.amountMinor.toString()),
      rows.map((r) => r.lines),
      rows.map((r) => r.basis),
      rows.map((r) => r.addOn),
      rows.map((r) => r.collection),
      rows.map((r) => r.method),
      rows.map((r) => r.installments),
      rows.map((r) => r.taxpayer),
      rows.map((r) => r.invoiceDetails),
      rows.map((r) => r.expiresAt.toISOString()),
      rows.map((r) => r.placedBy),
      rows.map((r) => r.taxMinor.toString()),
      rows.map((r) => r.dueAt?.toISOString() ?? null),
    ],
  );
}

/** What placing an order must know of a workspace's present state. */
export type Standing = {
  readonly workspaceId: string;
  /** A subscription that runs, or a paid purchase that is about to become one. */
  readonly hasSubscription: boolean;
  /** The unpaid order of each kind. */
  readonly unpaidByKind: ReadonlyMap<string, string>;
  /** The subscription as it is, or was. */
  readonly held?: HeldSubscription & { readonly seatsInUse: number };
  /** The method that can be charged without the payer. */
  readonly storedMethod?: { readonly method: PaymentMethod; readonly token: string };
};

/** Locks the unpaid orders of these workspaces and says who has a subscription that runs now, or has paid for one: times and days are each workspace's own. */
export async function standings(
  tx: Tx,
  workspaceIds: readonly string[],
  nowOf: (workspace: OnClock) => Date,
): Promise<ReadonlyMap<string, Standing>> {
  const locking = tx.query<{ id: string; workspaceId: string; kind: string }>(
    `select id, workspace_id as "workspaceId", kind from orders where workspace_id = any($1::uuid[]) and status = 'awaiting_payment' order by id for update`,
    [workspaceIds],
  );
  const readingTerms = tx.query<
    HeldSubscription & OnClock & { workspaceId: string; timeZone: string; seatsInUse: number }
  >(
    `select s.workspace_id as "workspaceId", s.status, s.plan, s.seats, s.price_list as "priceListId", s.anchor_on::text as "anchorOn",
       s.ends_on::text as "endsOn", w.time_zone as "timeZone", ${clockAt('w.test_clock_id')},
       (select count(*)::int from member m where m.workspace_id = w.id and m.status <> 'disabled') as "seatsInUse"
     from subscription s join workspace w on w.id = s.workspace_id where s.workspace_id = any($1::uuid[])`,
    [workspaceIds],
  );
  const readingPaid = tx.query<{ workspaceId: string }>(
    `select workspace_id as "workspaceId" from orders where workspace_id = any($1::uuid[]) and status = 'paid' and kind = 'purchase'`,
    [workspaceIds],
  );
  const [unpaid, terms, paid, stored] = await Promise.all([
    locking,
    readingTerms,
    readingPaid,
    storedMethodsOf(tx, workspaceIds),
  ]);
  // Days are reckoned here as everywhere else: PostgreSQL knows other zones than the domain does, and reads some of them otherwise.
  const running = terms.filter(
    (held) => held.status === 'active' && compare(held.endsOn, civilDateIn(nowOf(held), held.timeZone)) > 0,
  );
  const subscribed = new Set([...running, ...paid].map((row) => row.workspaceId));
  const heldBy = new Map(terms.map((row) => [row.workspaceId, row]));
  return new Map(
    workspaceIds.map((workspaceId) => {
      const held = heldBy.get(workspaceId);
      const mine = unpaid.filter((row) => row.workspaceId === workspaceId);
      const unpaidByKind = new Map(mine.map((row) => [row.kind, row.id]));
      const hasSubscription = subscribed.has(workspaceId);
      const storedMethod = stored.get(workspaceId);
      return [
        workspaceId,
        {
          ...{ workspaceId, hasSubscription, unpaidByKind },
          ...(held === undefined ? {} : { held }),
          ...(storedMethod === undefined ? {} : { storedMethod }),
        },
      ];
    }),
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
    `update orders set status = $3, status_at = now(), next_payment = null, status_reason = coalesce($4, status_reason) where id = any($1::uuid[]) and status = $2 returning id`,
    [ids, from, to, reason],
  );
  return rows.map((row) => row.id);
}

/**
 * Unpaid orders whose end time has passed. One of which an attempt may be under way without our knowing gets a day more to find out;
 * after that it ends as well, and money that should still come is given back.
 */
export async function lockExpiredOrders(tx: Tx, at: SweptAt, limit: number): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    `select id from orders o where status = 'awaiting_payment' and expires_at <= $1 and ${servedAt(at, 'o.workspace_id', '$3')}
       and (expires_at <= $1::timestamptz - interval '1 day'
         or not exists (select 1 from attempt a where a.order_id = o.id and a.status in ('submitting', 'unknown')))
     order by expires_at limit $2 for update of o skip locked`,
    [at.now.toISOString(), limit, at.testClockId],
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

/** The workspace of an order. */
export async function workspaceOf(db: Queryable, orderId: string): Promise<string | undefined> {
  const rows = await db.query<{ workspaceId: string }>(
    `select workspace_id as "workspaceId" from orders where id = $1`,
    [orderId],
  );
  return rows[0]?.workspaceId;
}
