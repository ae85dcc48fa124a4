import type {
  CivilDate,
  Currency,
  OrderStatus,
  PaymentMethod,
  RunningSubscription,
  SubscriptionStatus,
} from '@billfleet/domain';
import type { Queryable, Tx } from './store.js';

/** A paid order about to be applied, with its workspace and what that has. */
export type OrderToApply = {
  readonly id: string;
  readonly number: string;
  readonly status: OrderStatus;
  readonly workspaceId: string;
  readonly plan: string;
  readonly seats: number;
  readonly periodMonths: number;
  readonly priceList: string;
  readonly currency: Currency;
  readonly amountMinor: string;
  readonly method: PaymentMethod | null;
  readonly paidAttemptId: string | null;
  readonly timeZone: string;
  readonly locale: 'en' | 'es' | 'pt-BR';
  readonly billingEmail: string | null;
  readonly trialEndsOn: CivilDate | null;
  readonly hasStoredMethod: boolean;
  readonly subscriptionId: string | null;
  readonly subscriptionStatus: SubscriptionStatus | null;
  readonly seatsHeld: number | null;
  readonly endsOn: CivilDate | null;
  readonly anchorOn: CivilDate | null;
};

/** Locks orders, then the subscriptions of their workspaces, by id. */
export async function lockOrdersToApply(tx: Tx, ids: readonly string[]): Promise<OrderToApply[]> {
  const ordersLocked = tx.query(`select 1 from orders where id = any($1::uuid[]) order by id for update`, [ids]);
  const subscriptionsLocked = tx.query(
    `select 1 from subscription where workspace_id in (select workspace_id from orders where id = any($1::uuid[])) order by id for update`,
    [ids],
  );
  const reading = tx.query<OrderToApply>(
    `select o.id, o.number, o.status, o.workspace_id as "workspaceId", o.plan, o.seats, o.period_months as "periodMonths", o.price_list as "priceList", o.currency,
       o.amount_minor as "amountMinor", o.method, o.paid_attempt_id as "paidAttemptId", w.time_zone as "timeZone", w.locale, w.billing_email as "billingEmail",
       w.trial_ends_on::text as "trialEndsOn", exists (select 1 from payment_method p where p.workspace_id = o.workspace_id) as "hasStoredMethod",
       s.id as "subscriptionId", s.status as "subscriptionStatus", s.seats as "seatsHeld", s.ends_on::text as "endsOn", s.anchor_on::text as "anchorOn"
     from orders o join workspace w on w.id = o.workspace_id left join subscription s on s.workspace_id = o.workspace_id
     where o.id = any($1::uuid[]) order by o.id`,
    [ids],
  );
  const [, , rows] = await Promise.all([ordersLocked, subscriptionsLocked, reading]);
  return rows;
}

/** What an order gives, worked out. `limits` is JSON text. */
export type GrantRow = {
  readonly orderId: string;
  readonly subscriptionId: string;
  readonly workspaceId: string;
  readonly plan: string;
  /** Seats that the subscription has from now on. */
  readonly seats: number;
  /** Seats that this order adds: what the subscription has is the sum of these. */
  readonly seatsDelta: number;
  readonly periodMonths: number;
  readonly priceList: string;
  readonly anchorOn: CivilDate;
  readonly startsOn: CivilDate;
  readonly endsOn: CivilDate;
  readonly autoRenewal: boolean;
  readonly limits: string;
};

/** Gives what orders paid for: subscription, grant, order fulfilled. One grant per order, ever. */
export async function applyGrants(tx: Tx, rows: readonly GrantRow[]): Promise<void> {
  if (rows.length === 0) return;
  const subscribing = tx.query(
    `insert into subscription as s (id, workspace_id, status, plan, seats, period_months, price_list, anchor_on, starts_on, ends_on, auto_renewal, limits)
     select id, workspace_id, 'active', plan, seats, period_months, price_list, anchor_on, starts_on, ends_on, auto_renewal, limits
     from unnest($1::uuid[], $2::uuid[], $3::text[], $4::int[], $5::int[], $6::text[], $7::date[], $8::date[], $9::date[], $10::boolean[], $11::jsonb[])
       as n (id, workspace_id, plan, seats, period_months, price_list, anchor_on, starts_on, ends_on, auto_renewal, limits)
     on conflict (workspace_id) do update set status = 'active', plan = excluded.plan, seats = excluded.seats, period_months = excluded.period_months,
       price_list = excluded.price_list, anchor_on = excluded.anchor_on, ends_on = excluded.ends_on, auto_renewal = excluded.auto_renewal,
       starts_on = case when s.ends_on >= excluded.starts_on then s.starts_on else excluded.starts_on end,
       limits = excluded.limits, version = s.version + 1, updated_at = now()`,
    [
      rows.map((r) => r.subscriptionId),
      rows.map((r) => r.workspaceId),
      rows.map((r) => r.plan),
      rows.map((r) => r.seats),
      rows.map((r) => r.periodMonths),
      rows.map((r) => r.priceList),
      rows.map((r) => r.anchorOn),
      rows.map((r) => r.startsOn),
      rows.map((r) => r.endsOn),
      rows.map((r) => r.autoRenewal),
      rows.map((r) => r.limits),
    ],
  );
  const granting = tx.query(
    `insert into seat_grant (order_id, subscription_id, workspace_id, plan, seats_delta, during)
     select o, s, w, p, d, daterange(f, t) from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::int[], $6::date[], $7::date[]) as n (o, s, w, p, d, f, t)`,
    [
      rows.map((r) => r.orderId),
      rows.map((r) => r.subscriptionId),
      rows.map((r) => r.workspaceId),
      rows.map((r) => r.plan),
      rows.map((r) => r.seatsDelta),
      rows.map((r) => r.startsOn),
      rows.map((r) => r.endsOn),
    ],
  );
  const fulfilling = tx.query(
    `update orders set status = 'fulfilled', status_at = now() where id = any($1::uuid[]) and status = 'paid'`,
    [rows.map((r) => r.orderId)],
  );
  await Promise.all([subscribing, granting, fulfilling]);
}

/** What a workspace may use. */
export type EntitlementsView = {
  readonly workspaceId: string;
  readonly status: SubscriptionStatus;
  readonly plan: string;
  readonly seats: number;
  readonly startsOn: CivilDate;
  readonly endsOn: CivilDate;
  readonly autoRenewal: boolean;
  readonly limits: Readonly<Record<string, unknown>>;
  readonly version: number;
};

const ENTITLEMENTS = `workspace_id as "workspaceId", status, plan, seats, starts_on::text as "startsOn", ends_on::text as "endsOn",
  auto_renewal as "autoRenewal", limits, version`;

/** Entitlements of a workspace: one read by a unique index. */
export async function viewEntitlements(db: Queryable, workspaceId: string): Promise<EntitlementsView | undefined> {
  return (await viewManyEntitlements(db, [workspaceId])).get(workspaceId);
}

/** Entitlements of several workspaces; those that never had a subscription are left out. */
export async function viewManyEntitlements(
  db: Queryable,
  workspaceIds: readonly string[],
): Promise<ReadonlyMap<string, EntitlementsView>> {
  const rows = await db.query<EntitlementsView>(
    `select ${ENTITLEMENTS} from subscription where workspace_id = any($1::uuid[])`,
    [workspaceIds],
  );
  return new Map(rows.map((row) => [row.workspaceId, row]));
}

/** A running subscription with its own id, by which the next page is asked for. */
export type ActiveSubscription = RunningSubscription & { readonly id: string };

/**
 * One page of the active subscriptions, by id: at most `limit` of those after `afterId` (undefined = from the first).
 * Each page is a statement of its own, so what changes between two pages may be seen in either state, but nothing twice.
 */
export async function activePage(
  db: Queryable,
  afterId: string | undefined,
  limit: number,
): Promise<readonly ActiveSubscription[]> {
  return db.query<ActiveSubscription>(
    `select s.id, s.workspace_id as "workspaceId", w.country, w.currency, s.plan, s.seats, s.period_months as "periodMonths",
       s.price_list as "priceList", s.ends_on::text as "endsOn"
     from subscription s join workspace w on w.id = s.workspace_id
     where s.status = 'active' and ($1::uuid is null or s.id > $1::uuid) order by s.id limit $2`,
    [afterId, limit],
  );
}
