import type { CivilDate, NextTerm, PaymentMethod, SubscriptionStatus } from '@billfleet/domain';
import { noteStaff } from './staff-entries.js';
import type { StaffNote } from './staff-entries.js';
import type { Queryable, Tx } from './store.js';
import { clockAt, clockAtOf } from './workspace-time.js';
import type { OnClock } from './workspace-time.js';

/** A subscription with everything that its admins can see and switch. */
export type SubscriptionView = OnClock & {
  readonly workspaceId: string;
  readonly status: SubscriptionStatus;
  readonly plan: string;
  readonly seats: number;
  readonly periodMonths: number;
  readonly priceListId: string;
  readonly nextPriceListId: string | null;
  readonly anchorOn: CivilDate;
  readonly startsOn: CivilDate;
  readonly endsOn: CivilDate;
  readonly autoRenewal: { readonly on: boolean; readonly by: string; readonly at: string };
  readonly scheduled: (NextTerm & { readonly by: string; readonly at: string }) | null;
  readonly terms: readonly {
    readonly startsOn: CivilDate;
    readonly endsOn: CivilDate;
    readonly plan: string;
    readonly seats: number;
    readonly periodMonths: number;
    readonly hasBegun: boolean;
  }[];
  readonly addOns: readonly {
    readonly addOn: string;
    readonly packages: number;
    readonly limit: string;
    readonly amount: number;
    readonly startsOn: CivilDate;
    readonly endsOn: CivilDate;
  }[];
  /** The method that is charged first; tokens are never shown. */
  readonly paymentMethods: readonly {
    readonly method: PaymentMethod;
    readonly brand: string;
    readonly last4: string;
    readonly expiresOn: string;
  }[];
  readonly version: number;
  /** The zone whose days count. */
  readonly timeZone: string;
};

const TERMS_SHOWN_MAX = 40;

/** Everything about one subscription, in one round trip. */
export async function viewSubscription(db: Queryable, workspaceId: string): Promise<SubscriptionView | undefined> {
  const rows = await db.query<SubscriptionView>(
    `select s.workspace_id as "workspaceId", s.status, s.plan, s.seats, s.period_months as "periodMonths", s.price_list as "priceListId",
       s.next_price_list as "nextPriceListId", s.anchor_on::text as "anchorOn", s.starts_on::text as "startsOn", s.ends_on::text as "endsOn",
       jsonb_build_object('on', s.auto_renewal, 'by', s.auto_renewal_by, 'at', s.auto_renewal_at) as "autoRenewal",
       case when s.scheduled is not null then s.scheduled || jsonb_build_object('by', s.scheduled_by, 'at', s.scheduled_at) end as scheduled,
       coalesce((select jsonb_agg(jsonb_build_object('startsOn', lower(g.during), 'endsOn', upper(g.during), 'plan', g.plan, 'seats', g.seats,
           'periodMonths', g.period_months, 'hasBegun', not g.pending) order by g.during)
         from (select * from seat_grant where subscription_id = s.id order by during desc nulls last limit $2) g where g.during is not null), '[]') as terms,
       coalesce((select jsonb_agg(jsonb_build_object('addOn', a.add_on, 'packages', a.packages, 'limit', a.limit_name, 'amount', a.amount,
           'startsOn', lower(a.during), 'endsOn', upper(a.during)) order by a.during, a.add_on)
         from (select * from add_on_grant where subscription_id = s.id order by during desc limit $2) a), '[]') as "addOns",
       coalesce((select jsonb_agg(jsonb_build_object('method', p.method, 'brand', p.brand, 'last4', p.last4, 'expiresOn', p.expires_on) order by p.created_at desc)
         from payment_method p where p.workspace_id = s.workspace_id and p.removed_at is null), '[]') as "paymentMethods",
       s.version, w.time_zone as "timeZone", ${clockAt('w.test_clock_id')}
     from subscription s join workspace w on w.id = s.workspace_id where s.workspace_id = $1`,
    [workspaceId, TERMS_SHOWN_MAX],
  );
  return rows[0];
}

/** A locked subscription: where it stands, and whether there is something that can be charged without the payer. */
export type LockedSubscription = OnClock & {
  readonly id: string;
  readonly status: SubscriptionStatus;
  readonly hasMethod: boolean;
};

/** Locks the subscription of a workspace. */
export async function lockSubscription(tx: Tx, workspaceId: string): Promise<LockedSubscription | undefined> {
  const rows = await tx.query<LockedSubscription>(
    `select s.id, s.status, exists (select 1 from payment_method p where p.workspace_id = s.workspace_id and p.removed_at is null) as "hasMethod",
       ${clockAtOf('s.workspace_id')}
     from subscription s where s.workspace_id = $1 for update`,
    [workspaceId],
  );
  return rows[0];
}

/**
 * Switches automatic renewal; who did it and when stays with it. Nothing changes when it stands so already. Answers the new version of the
 * subscription where something changed.
 */
export async function switchAutoRenewal(
  tx: Tx,
  id: string,
  on: boolean,
  by: string,
  now: Date,
): Promise<number | undefined> {
  const rows = await tx.query<{ version: number }>(
    // Its end is looked at anew: a charge or an order may be due now that was not before.
    `update subscription set auto_renewal = $2, auto_renewal_by = $3, auto_renewal_at = $4, renewal_at = least(renewal_at, $4), version = version + 1, updated_at = now()
     where id = $1 and auto_renewal <> $2 returning version`,
    [id, on, by, now.toISOString()],
  );
  return rows[0]?.version;
}

/**
 * Stops automatic renewal of these workspaces' subscriptions, because of `by`. Those where it is off already stay as they are; the others are
 * answered with their new version.
 */
export async function stopAutoRenewal(
  tx: Tx,
  stops: readonly { readonly workspaceId: string; readonly at: Date }[],
  by: string,
): Promise<readonly { readonly workspaceId: string; readonly version: number }[]> {
  if (stops.length === 0) return [];
  const workspaceIds = stops.map(({ workspaceId }) => workspaceId);
  // Locked even where it is off, so that nobody turns it on before the reason is there to be seen.
  await tx.query(`select 1 from subscription where workspace_id = any($1::uuid[]) order by id for update`, [
    workspaceIds,
  ]);
  return tx.query<{ workspaceId: string; version: number }>(
    `update subscription s set auto_renewal = false, auto_renewal_by = $3, auto_renewal_at = n.at, renewal_at = least(s.renewal_at, n.at), version = s.version + 1, updated_at = now()
     from unnest($1::uuid[], $2::timestamptz[]) as n (workspace_id, at) where s.workspace_id = n.workspace_id and s.auto_renewal
     returning s.workspace_id as "workspaceId", s.version`,
    [workspaceIds, stops.map(({ at }) => at.toISOString()), by],
  );
}

/**
 * Writes, or with null takes away, what the next term shall be. Answers the new version of the subscription; undefined where that is no news.
 */
export async function setScheduled(
  tx: Tx,
  id: string,
  change: { readonly scheduled: NextTerm; readonly by: string; readonly at: Date } | null,
): Promise<number | undefined> {
  const rows = await tx.query<{ version: number }>(
    `update subscription set scheduled = $2, scheduled_by = $3, scheduled_at = $4, version = version + 1, updated_at = now()
     where id = $1 and scheduled is distinct from $2::jsonb returning version`,
    [
      id,
      change === null ? null : JSON.stringify(change.scheduled),
      change?.by ?? null,
      change === null ? null : change.at.toISOString(),
    ],
  );
  return rows[0]?.version;
}

/** Moves a subscription to another price list from its next term on; null takes that back. Answers whether that is news. */
export async function setNextPriceList(tx: Tx, id: string, priceListId: string | null): Promise<boolean> {
  const rows = await tx.query(
    `update subscription set next_price_list = $2, version = version + 1, updated_at = now()
     where id = $1 and next_price_list is distinct from $2 returning 1`,
    [id, priceListId],
  );
  return rows.length > 0;
}

/** Notes what staff did, and why; in the entry of the request that is under way, where there is one. */
export const noteStaffAction = (tx: Tx, note: StaffNote): Promise<void> => noteStaff(tx, [note]);

/** A token that is to become the stored method of a workspace. */
export type MethodSetup = {
  readonly id: string;
  readonly workspaceId: string;
  readonly provider: string;
  readonly token: string | null;
  readonly status: 'submitting' | 'stored' | 'declined';
  readonly failure: unknown;
  readonly requestedBy: string;
};

/** Stores what the provider is to be asked. */
export async function insertSetups(
  tx: Tx,
  rows: readonly Pick<MethodSetup, 'id' | 'workspaceId' | 'provider' | 'token' | 'requestedBy'>[],
): Promise<void> {
  if (rows.length === 0) return;
  await tx.query(
    `insert into method_setup (id, workspace_id, provider, token, requested_by)
     select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[])`,
    [
      rows.map((r) => r.id),
      rows.map((r) => r.workspaceId),
      rows.map((r) => r.provider),
      rows.map((r) => r.token),
      rows.map((r) => r.requestedBy),
    ],
  );
}

/** Setups by id. */
export async function findSetups(db: Queryable, ids: readonly string[]): Promise<ReadonlyMap<string, MethodSetup>> {
  const rows = await db.query<MethodSetup>(
    `select id, workspace_id as "workspaceId", provider, token, status, failure, requested_by as "requestedBy" from method_setup where id = any($1::uuid[])`,
    [ids],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/** What the provider answered. */
export type SetupOutcome = {
  readonly id: string;
  readonly status: 'stored' | 'declined';
  /** JSON text of the failure. */
  readonly failure: string | null;
};

/** Ends setups; the token is not kept any longer than needed. */
export async function settleSetups(tx: Tx, rows: readonly SetupOutcome[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.query(
    `update method_setup m set status = r.status, failure = r.failure, token = null, status_at = now()
     from unnest($1::uuid[], $2::text[], $3::jsonb[]) as r (id, status, failure) where m.id = r.id and m.status = 'submitting'`,
    [rows.map((r) => r.id), rows.map((r) => r.status), rows.map((r) => r.failure)],
  );
}

/** A method that was charged first until another took its place. */
export type MethodBefore = { readonly method: PaymentMethod; readonly brand: string; readonly last4: string };

/**
 * Puts a method in the place of all others of its workspace; automatic renewal stays as it is. Answers by workspace what was charged first
 * until then, where that was another one.
 */
export async function replaceMethods(
  tx: Tx,
  rows: readonly {
    readonly workspaceId: string;
    readonly provider: string;
    readonly method: PaymentMethod;
    readonly token: string;
    readonly brand: string;
    readonly last4: string;
    readonly expiresOn: string;
  }[],
): Promise<ReadonlyMap<string, MethodBefore>> {
  if (rows.length === 0) return new Map();
  const removed = await tx.query<MethodBefore & { workspaceId: string }>(
    `with gone as (update payment_method p set removed_at = now() from unnest($1::uuid[], $2::text[]) as r (workspace_id, token)
       where p.workspace_id = r.workspace_id and p.token <> r.token and p.removed_at is null
       returning p.workspace_id, p.method, p.brand, p.last4, p.created_at, p.token)
     select distinct on (workspace_id) workspace_id as "workspaceId", method, brand, last4 from gone order by workspace_id, created_at desc, token`,
    [rows.map((r) => r.workspaceId), rows.map((r) => r.token)],
  );
  await tx.query(
    `insert into payment_method (workspace_id, provider, method, token, brand, last4, expires_on)
     select distinct on (1, 2, 4) * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[])
     on conflict (workspace_id, provider, token) do update set removed_at = null, created_at = now(), brand = excluded.brand, last4 = excluded.last4,
       expires_on = excluded.expires_on`,
    [
      rows.map((r) => r.workspaceId),
      rows.map((r) => r.provider),
      rows.map((r) => r.method),
      rows.map((r) => r.token),
      rows.map((r) => r.brand),
      rows.map((r) => r.last4),
      rows.map((r) => r.expiresOn),
    ],
  );
  return new Map(removed.map(({ workspaceId, ...method }) => [workspaceId, method]));
}
