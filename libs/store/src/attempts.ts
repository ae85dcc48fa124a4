import type { AttemptStatus, Currency, OrderStatus, PaymentMethod } from '@billfleet/domain';
import type { Queryable, Tx } from './store.js';
import { clockAt, clockAtOf } from './workspace-time.js';
import type { OnClock } from './workspace-time.js';

/** A try to pay, about to be stored: its id is the provider's idempotency key, so it is committed before any call. */
export type NewAttempt = {
  readonly id: string;
  readonly orderId: string;
  readonly workspaceId: string;
  readonly provider: string;
  readonly method: PaymentMethod | null;
  readonly token: string | null;
  readonly currency: Currency;
  readonly amountMinor: bigint;
  readonly installments: number;
  readonly expiresAt: Date;
  readonly status: Extract<AttemptStatus, 'submitting' | 'pending'>;
};

/** Stores attempts, each as the next one of its order. */
export async function insertAttempts(tx: Tx, rows: readonly NewAttempt[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.query(
    `insert into attempt (id, order_id, workspace_id, n, provider, method, token, currency, amount_minor, installments, expires_at, status)
     select id, order_id, workspace_id, (select coalesce(max(a.n), 0) + 1 from attempt a where a.order_id = n.order_id), provider, method, token, currency, amount_minor, installments, expires_at, status
     from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bigint[], $9::int[], $10::timestamptz[], $11::text[])
     as n (id, order_id, workspace_id, provider, method, token, currency, amount_minor, installments, expires_at, status)`,
    [
      rows.map((r) => r.id),
      rows.map((r) => r.orderId),
      rows.map((r) => r.workspaceId),
      rows.map((r) => r.provider),
      rows.map((r) => r.method),
      rows.map((r) => r.token),
      rows.map((r) => r.currency),
      rows.map((r) => r.amountMinor.toString()),
      rows.map((r) => r.installments),
      rows.map((r) => r.expiresAt.toISOString()),
      rows.map((r) => r.status),
    ],
  );
}

/** An attempt with what of its order a call to the provider needs. */
export type AttemptToCall = OnClock & {
  readonly id: string;
  readonly orderId: string;
  readonly orderNumber: string;
  readonly orderStatus: OrderStatus;
  readonly status: AttemptStatus;
  readonly provider: string;
  readonly method: PaymentMethod;
  readonly token: string | null;
  readonly reference: string | null;
  readonly currency: Currency;
  readonly amountMinor: bigint;
  readonly installments: number;
  readonly expiresAt: Date;
  readonly plan: string;
  readonly seats: number;
  readonly periodMonths: number;
  readonly planName: string;
  readonly locale: 'en' | 'es' | 'pt-BR';
  readonly country: string;
  readonly billingEmail: string | null;
  readonly taxId: string | null;
};

/** Attempts to call the provider about. */
export async function findAttemptsToCall(
  db: Queryable,
  ids: readonly string[],
): Promise<ReadonlyMap<string, AttemptToCall>> {
  const rows = await db.query<Omit<AttemptToCall, 'amountMinor'> & { amountMinor: string }>(
    `select a.id, a.order_id as "orderId", o.number as "orderNumber", o.status as "orderStatus", a.status, a.provider, a.method, a.token, a.reference, a.currency,
       a.amount_minor as "amountMinor", a.installments, a.expires_at as "expiresAt", o.plan, o.seats, o.period_months as "periodMonths",
       coalesce(o.lines -> 0 -> 'description' ->> 'planName', o.plan) as "planName", w.locale, w.country,
       w.billing_email as "billingEmail", o.taxpayer ->> 'taxId' as "taxId", ${clockAt('w.test_clock_id')}
     from attempt a join orders o on o.id = a.order_id join workspace w on w.id = a.workspace_id where a.id = any($1::uuid[])`,
    [ids],
  );
  return new Map(rows.map((row) => [row.id, { ...row, amountMinor: BigInt(row.amountMinor) }]));
}

/** What a call to the provider showed of an attempt. */
export type CheckoutSeen = {
  readonly attemptId: string;
  readonly reference: string;
  readonly checkoutUrl: string | null;
  readonly pixCode: string | null;
  readonly expiresAt: Date | null;
};

/** Records where payers go: attempts that are still open become pending. Repeats change nothing. */
export async function recordCheckouts(tx: Tx, seen: readonly CheckoutSeen[]): Promise<void> {
  if (seen.length === 0) return;
  await tx.query(
    `update attempt a set status = 'pending', status_at = now(), reference = s.reference, checkout_url = s.url, pix_code = s.pix,
       expires_at = coalesce(s.expires_at, a.expires_at)
     from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::timestamptz[]) as s (id, reference, url, pix, expires_at)
     where a.id = s.id and a.status in ('submitting', 'pending', 'unknown')`,
    [
      seen.map((s) => s.attemptId),
      seen.map((s) => s.reference),
      seen.map((s) => s.checkoutUrl),
      seen.map((s) => s.pixCode),
      seen.map((s) => s.expiresAt?.toISOString() ?? null),
    ],
  );
}

/** An attempt that waits for the payer of its code. */
export type OpenCode = {
  readonly attemptId: string;
  readonly orderId: string;
  readonly pixCode: string;
  readonly expiresAt: Date;
};

/** Those of some attempts by whose code their orders can be paid. */
export async function findOpenCodes(db: Queryable, ids: readonly string[]): Promise<readonly OpenCode[]> {
  if (ids.length === 0) return [];
  return db.query<OpenCode>(
    `select a.id as "attemptId", a.order_id as "orderId", a.pix_code as "pixCode", a.expires_at as "expiresAt"
     from attempt a join orders o on o.id = a.order_id
     where a.id = any($1::uuid[]) and a.status = 'pending' and a.pix_code is not null and o.status = 'awaiting_payment'`,
    [ids],
  );
}

/** Marks attempts whose call may have charged: only the provider can say. */
export async function markUnknown(tx: Tx, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await tx.query(
    `update attempt set status = 'unknown', status_at = now() where id = any($1::uuid[]) and status in ('submitting', 'pending')`,
    [ids],
  );
}

/** An attempt and its order, both locked, as the money door needs them. */
export type AttemptToSettle = OnClock & {
  readonly id: string;
  readonly status: AttemptStatus;
  readonly provider: string;
  readonly reference: string | null;
  readonly method: PaymentMethod | null;
  readonly token: string | null;
  readonly currency: Currency;
  readonly amountMinor: bigint;
  /** The part of the order's price that is tax. */
  readonly taxMinor: bigint;
  /** Whether the order was sold when it was placed. */
  readonly isOnAccount: boolean;
  readonly checks: number;
  readonly attemptExpiresAt: Date;
  readonly orderId: string;
  readonly orderStatus: OrderStatus;
  readonly paidAttemptId: string | null;
  /** Whether the order shall be paid another way as soon as this one is closed. */
  readonly isReplaced: boolean;
  readonly workspaceId: string;
};

/** Locks orders, then their attempts, always in this order and by id, so that nobody waits in a circle. */
export async function lockAttempts(tx: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, AttemptToSettle>> {
  if (ids.length === 0) return new Map();
  const ordersLocked = tx.query(
    `select 1 from orders where id in (select order_id from attempt where id = any($1::uuid[])) order by id for update`,
    [ids],
  );
  const attemptsLocked = tx.query<
    Omit<AttemptToSettle, 'amountMinor' | 'taxMinor'> & { amountMinor: string; taxMinor: string }
  >(
    `select a.id, a.status, a.provider, a.reference, a.method, a.token, a.currency, a.amount_minor as "amountMinor", o.tax_minor as "taxMinor", o.collection = 'account' as "isOnAccount", a.checks, a.expires_at as "attemptExpiresAt",
       o.id as "orderId", o.status as "orderStatus", o.paid_attempt_id as "paidAttemptId", o.next_payment is not null as "isReplaced", a.workspace_id as "workspaceId", ${clockAtOf('a.workspace_id')}
     from attempt a join orders o on o.id = a.order_id where a.id = any($1::uuid[]) order by a.id for update of a`,
    [ids],
  );
  const [, rows] = await Promise.all([ordersLocked, attemptsLocked]);
  return new Map(
    rows.map((row) => [row.id, { ...row, amountMinor: BigInt(row.amountMinor), taxMinor: BigInt(row.taxMinor) }]),
  );
}

/** Closes attempts without money. */
export async function closeAttempts(
  tx: Tx,
  closures: readonly {
    readonly id: string;
    readonly status: 'declined' | 'cancelled' | 'expired';
    readonly failure: string | null;
  }[],
): Promise<void> {
  if (closures.length === 0) return;
  await tx.query(
    `update attempt a set status = c.status, status_at = now(), failure = coalesce(c.failure, a.failure)
     from unnest($1::uuid[], $2::text[], $3::jsonb[]) as c (id, status, failure)
     where a.id = c.id and a.status in ('submitting', 'pending', 'unknown')`,
    [closures.map((c) => c.id), closures.map((c) => c.status), closures.map((c) => c.failure)],
  );
}

/** Counts looks at the provider; answers the number of looks so far per attempt. */
export async function countChecks(tx: Tx, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await tx.query(`update attempt set checks = checks + 1 where id = any($1::uuid[])`, [ids]);
}

/** Open attempts of these orders, to be cancelled at the provider. */
export async function openAttemptsOf(tx: Tx, orderIds: readonly string[]): Promise<string[]> {
  if (orderIds.length === 0) return [];
  const rows = await tx.query<{ id: string }>(
    `select id from attempt where order_id = any($1::uuid[]) and status in ('submitting', 'pending', 'unknown') and provider <> 'upstream'`,
    [orderIds],
  );
  return rows.map((row) => row.id);
}

/** Attempts that upstream services will confirm, by order, or by the key that the order was placed with. */
export async function findUpstreamAttempts(
  db: Queryable,
  names: readonly { readonly workspaceId: string; readonly orderId: string | null; readonly orderKey: string | null }[],
): Promise<(string | null)[]> {
  const rows = await db.query<{ i: string; id: string | null }>(
    // Nested selects are always answered by their unique indexes; as joins they are scanned while the tables' statistics are young.
    `select n.i, (select a.id from attempt a where a.workspace_id = n.workspace_id and a.n = 1 and a.provider = 'upstream'
         and a.order_id = coalesce(n.order_id, (select r.ref from request r
           where r.workspace_id = n.workspace_id and r.idempotency_key = n.order_key and r.operation = 'order.place' and r.status = 'accepted'))) as id
     from unnest($1::uuid[], $2::uuid[], $3::text[]) with ordinality as n (workspace_id, order_id, order_key, i) order by n.i`,
    [names.map((n) => n.workspaceId), names.map((n) => n.orderId), names.map((n) => n.orderKey)],
  );
  return rows.map((row) => row.id);
}

/** Closes attempts that only an upstream service could have confirmed: no provider has to be asked. */
export async function closeUpstreamAttempts(
  tx: Tx,
  orderIds: readonly string[],
  status: 'cancelled' | 'expired',
): Promise<void> {
  if (orderIds.length === 0) return;
  await tx.query(
    `update attempt set status = $2, status_at = now() where order_id = any($1::uuid[]) and provider = 'upstream' and status in ('submitting', 'pending', 'unknown')`,
    [orderIds, status],
  );
}
