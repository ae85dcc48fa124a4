import type {
  CivilDate,
  OrderCollection,
  OrderStatus,
  PaymentMethod,
  ReminderVariant,
  SubscriptionStatus,
  SuppressionReason,
  TermNotice,
} from '@billfleet/domain';
import type { Queryable, Tx } from './store.js';

/** Sets when each term has something due next; null takes it out of the sweep. */
export async function setMoments(
  tx: Tx,
  rows: readonly { readonly id: string; readonly renewalAt: Date | null }[],
): Promise<void> {
  if (rows.length === 0) return;
  await tx.query(
    `update subscription s set renewal_at = n.at from unnest($1::uuid[], $2::timestamptz[]) as n (id, at) where s.id = n.id`,
    [rows.map((row) => row.id), rows.map((row) => row.renewalAt?.toISOString() ?? null)],
  );
}

/** Has the terms of these workspaces looked at soon: something that decides about them has changed. */
export async function lookSoon(tx: Tx, workspaceIds: readonly string[], now: Date): Promise<void> {
  if (workspaceIds.length === 0) return;
  await tx.query(`update subscription set renewal_at = $2 where workspace_id = any($1::uuid[]) and renewal_at > $2`, [
    workspaceIds,
    now.toISOString(),
  ]);
}

/** How the last paid order of a workspace was paid: the next one is offered the same way, to the same payer. */
export type LastPayment = {
  readonly collection: OrderCollection;
  readonly method: PaymentMethod | null;
  readonly taxpayer: unknown;
  readonly invoiceDetails: unknown;
};

/** The order of a term's renewal, with what may still take money for it. */
export type TermOrder = {
  readonly id: string;
  readonly number: string;
  readonly status: OrderStatus;
  /** Until when it may be paid, as ISO 8601 text. */
  readonly expiresAt: string;
  readonly open: { readonly id: string; readonly provider: string } | null;
  /** The last stored method that was declined for it. */
  readonly declined: { readonly token: string; readonly failureKind: string | null } | null;
};

/** A subscription whose term is to be decided about, with all that happened to that term. */
export type RenewalToDecide = {
  readonly id: string;
  readonly workspaceId: string;
  readonly status: SubscriptionStatus;
  readonly endsOn: CivilDate;
  readonly autoRenewal: boolean;
  readonly reminder: string | null;
  readonly tries: number;
  readonly nextTryAt: string | null;
  /** A term that is paid and not given yet, whoever ordered it; else the unpaid renewal order of the workspace, or the one that was made for this term. */
  readonly order: TermOrder | null;
  /** Whether a charge for any renewal of the workspace has no answer yet. */
  readonly isCharging: boolean;
  readonly method: {
    readonly method: PaymentMethod;
    readonly token: string;
    readonly brand: string;
    readonly last4: string;
    /** The month in which it ends, as 'YYYY-MM'. */
    readonly expiresOn: string;
  } | null;
  readonly lastPayment: LastPayment | null;
  /** What else was decided to be told about this end. */
  readonly notices: readonly TermNotice[];
  /** Whether a pause holds it, for the version of the catalogue that was asked about. */
  readonly isPaused: boolean;
};

const ORDER = `(select jsonb_build_object('id', o.id, 'number', o.number::text, 'status', o.status, 'expiresAt', o.expires_at,
    'open', (select jsonb_build_object('id', a.id, 'provider', a.provider) from attempt a
      where a.order_id = o.id and a.status in ('submitting', 'pending', 'unknown')),
    'declined', (select jsonb_build_object('token', a.token, 'failureKind', a.failure ->> 'kind') from attempt a
      where a.order_id = o.id and a.status = 'declined' and a.token is not null order by a.n desc limit 1))
  from orders o where o.workspace_id = s.workspace_id and (o.kind = 'renewal' and (o.status = 'awaiting_payment' or o.id = r.order_id)
    or o.kind in ('purchase', 'renewal', 'extension') and o.status = 'paid')
  order by o.status = 'paid' desc, o.status = 'awaiting_payment' desc limit 1)`;
// Asked for a value rather than with "exists", which PostgreSQL may answer by reading every attempt there is.
const CHARGING = `coalesce((select true from orders o join attempt a on a.order_id = o.id where o.workspace_id = s.workspace_id and o.kind = 'renewal'
  and a.token is not null and a.status in ('submitting', 'pending', 'unknown') limit 1), false)`;
const METHOD = `(select jsonb_build_object('method', p.method, 'token', p.token, 'brand', p.brand, 'last4', p.last4, 'expiresOn', p.expires_on) from payment_method p
  where p.workspace_id = s.workspace_id and p.removed_at is null order by p.created_at desc, p.token limit 1)`;
const LAST_PAYMENT = `(select jsonb_build_object('collection', o.collection, 'method', o.method, 'taxpayer', coalesce(w.taxpayer, o.taxpayer),
    'invoiceDetails', coalesce(w.invoice_details, o.invoice_details))
  from orders o where o.workspace_id = s.workspace_id and (o.status = 'fulfilled'
    or (o.status = 'refunded' and exists (select 1 from seat_grant g where g.order_id = o.id))) order by o.id desc limit 1)`;

const NOTICES = `coalesce((select jsonb_agg(jsonb_build_object('kind', t.kind, 'about', t.about)) from term_notice t
  where t.subscription_id = s.id and t.term_ends_on = s.ends_on), '[]')`;
const PAUSED = `exists (select 1 from renewal_pause p where p.resumed_at is null and (p.scope = 'fleet' or (p.scope = 'catalogue' and p.value = $2)
  or (p.scope = 'region' and p.value = w.country)))`;

/** Locks subscriptions, then their unpaid renewals, by id, and reads what their terms are decided from. Earliest end first. */
export async function lockRenewals(
  tx: Tx,
  ids: readonly string[],
  catalogueVersion: string,
): Promise<readonly RenewalToDecide[]> {
  const subscriptionsLocked = tx.query(`select 1 from subscription where id = any($1::uuid[]) order by id for update`, [
    ids,
  ]);
  const ordersLocked = tx.query(
    // Each workspace is looked up by itself, whatever the statistics say of how few unpaid orders there are.
    `select 1 from orders where id = any(array(
       select o.id from subscription s cross join lateral (
         select u.id from orders u where u.workspace_id = s.workspace_id and u.kind = 'renewal' and u.status = 'awaiting_payment' offset 0) o
       where s.id = any($1::uuid[]))) order by id for update`,
    [ids],
  );
  const reading = tx.query<RenewalToDecide>(
    `select s.id, s.workspace_id as "workspaceId", s.status, s.ends_on::text as "endsOn", s.auto_renewal as "autoRenewal", r.reminder,
       coalesce(r.tries, 0) as tries, to_jsonb(r.next_try_at) #>> '{}' as "nextTryAt", ${ORDER} as "order", ${CHARGING} as "isCharging", ${METHOD} as method,
       ${LAST_PAYMENT} as "lastPayment", ${NOTICES} as notices, ${PAUSED} as "isPaused"
     from subscription s cross join lateral (select * from workspace where id = s.workspace_id offset 0) w
     left join lateral (select * from renewal where subscription_id = s.id and term_ends_on = s.ends_on offset 0) r on true
     where s.id = any($1::uuid[]) order by s.ends_on, s.id`,
    [ids, catalogueVersion],
  );
  const [, , rows] = await Promise.all([subscriptionsLocked, ordersLocked, reading]);
  return rows;
}

/** What became of a term now; fields that are null stay as they are. */
export type TermRow = {
  readonly subscriptionId: string;
  readonly workspaceId: string;
  readonly termEndsOn: CivilDate;
  readonly reminder: ReminderVariant | 'suppressed' | 'no-recipient' | null;
  readonly suppressedFor: SuppressionReason | null;
  readonly orderId: string | null;
  /** Whether a charge was made now; `nextTryAt`: when it is repeated if it is declined. */
  readonly isCharged: boolean;
  readonly nextTryAt: Date | null;
  readonly now: Date;
};

/** Writes what became of terms. A reminder that was decided stays decided. */
export async function recordTerms(tx: Tx, rows: readonly TermRow[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.query(
    `insert into renewal as r (subscription_id, workspace_id, term_ends_on, reminder, suppressed_for, reminded_at, order_id, tries, next_try_at)
     select s, w, e, m, f, case when m is not null then now_at end, o, case when c then 1 else 0 end, t
     from unnest($1::uuid[], $2::uuid[], $3::date[], $4::text[], $5::uuid[], $6::boolean[], $7::timestamptz[], $8::timestamptz[], $9::text[])
       as n (s, w, e, m, o, c, t, now_at, f)
     on conflict (subscription_id, term_ends_on) do update set reminder = coalesce(r.reminder, excluded.reminder),
       suppressed_for = case when r.reminder is null then excluded.suppressed_for else r.suppressed_for end,
       reminded_at = coalesce(r.reminded_at, excluded.reminded_at), order_id = coalesce(excluded.order_id, r.order_id),
       tries = r.tries + excluded.tries, next_try_at = case when excluded.tries > 0 then excluded.next_try_at else r.next_try_at end`,
    [
      rows.map((r) => r.subscriptionId),
      rows.map((r) => r.workspaceId),
      rows.map((r) => r.termEndsOn),
      rows.map((r) => r.reminder),
      rows.map((r) => r.orderId),
      rows.map((r) => r.isCharged),
      rows.map((r) => r.nextTryAt?.toISOString() ?? null),
      rows.map((r) => r.now.toISOString()),
      rows.map((r) => r.suppressedFor),
    ],
  );
}

/** When the charges of these orders are repeated by themselves, for those that will be: automatic renewal is still on. */
export async function nextTriesOf(db: Queryable, orderIds: readonly string[]): Promise<ReadonlyMap<string, Date>> {
  if (orderIds.length === 0) return new Map();
  const rows = await db.query<{ orderId: string; nextTryAt: Date }>(
    `select r.order_id as "orderId", r.next_try_at as "nextTryAt" from renewal r
       join subscription s on s.id = r.subscription_id and s.ends_on = r.term_ends_on
     where r.order_id = any($1::uuid[]) and r.next_try_at is not null and s.auto_renewal`,
    [orderIds],
  );
  return new Map(rows.map((row) => [row.orderId, row.nextTryAt]));
}

/** Lets go of orders that the fleet itself takes back, so that their terms get new ones. */
export async function detachOrders(tx: Tx, orderIds: readonly string[]): Promise<void> {
  if (orderIds.length === 0) return;
  await tx.query(`update renewal set order_id = null where order_id = any($1::uuid[])`, [orderIds]);
}

/** The unpaid renewal order of each of these workspaces, by workspace, where there is one. */
export async function findUnpaidRenewals(
  db: Queryable,
  workspaceIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (workspaceIds.length === 0) return new Map();
  const rows = await db.query<{ workspaceId: string; id: string }>(
    `select workspace_id as "workspaceId", id from orders where workspace_id = any($1::uuid[]) and kind = 'renewal' and status = 'awaiting_payment'`,
    [workspaceIds],
  );
  return new Map(rows.map(({ workspaceId, id }) => [workspaceId, id]));
}

/** Locks the renewal order of a workspace that is unpaid, or paid and not given yet; answers whether it is paid or a charge of it is under way. */
export async function lockUnpaidRenewal(
  tx: Tx,
  workspaceId: string,
): Promise<{ readonly id: string; readonly isCharging: boolean } | undefined> {
  const rows = await tx.query<{ id: string; isCharging: boolean }>(
    `select o.id, o.status = 'paid' or exists (select 1 from attempt a where a.order_id = o.id and a.token is not null
       and a.status in ('submitting', 'pending', 'unknown')) as "isCharging"
     from orders o where o.workspace_id = $1 and o.kind = 'renewal' and o.status in ('awaiting_payment', 'paid')
     order by o.status = 'paid' desc, o.id for update`,
    [workspaceId],
  );
  return rows[0];
}

/**
 * Stops charges of a renewal order, locked by the caller, that no provider is known to have been asked for. An order that a person placed is left
 * to him. Answers the attempts that are closed with it.
 */
export async function stopCharges(tx: Tx, orderId: string): Promise<string[]> {
  await tx.query(
    `update orders set next_payment = null where id = $1 and placed_by is null and status = 'awaiting_payment' and next_payment ->> 'token' is not null`,
    [orderId],
  );
  const rows = await tx.query<{ id: string }>(
    `update attempt a set status = 'cancelled', status_at = now() from orders o
     where o.id = $1 and o.placed_by is null and a.order_id = o.id and a.token is not null and a.status = 'submitting' returning a.id`,
    [orderId],
  );
  return rows.map((row) => row.id);
}
