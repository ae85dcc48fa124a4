import type { CivilDate, Entitlements, SubscriptionStatus } from '@billfleet/domain';
import type { Queryable, Tx } from './store.js';
import { clockAt, servedAt } from './workspace-time.js';
import type { OnClock, SweptAt } from './workspace-time.js';

/** Packages as the use of a workspace is measured against them. `key` names them for ever: the order and the add-on. */
export type PackagesHeld = {
  readonly key: string;
  readonly limitName: string;
  readonly amount: number;
  readonly startsOn: CivilDate;
  readonly endsOn: CivilDate;
};

/** All that the use of a workspace is measured against. */
export type UsageGround = OnClock & {
  readonly workspaceId: string;
  readonly name: string;
  readonly timeZone: string;
  readonly locale: 'en' | 'es' | 'pt-BR';
  readonly billingEmail: string | null;
  readonly trialEndsOn: CivilDate | null;
  /** Null while nothing was ever bought. */
  readonly subscription: {
    readonly status: SubscriptionStatus;
    readonly plan: string;
    readonly seats: number;
    readonly priceListId: string;
    readonly anchorOn: CivilDate;
    readonly endsOn: CivilDate;
    readonly limits: Entitlements;
    /** Paid terms with another plan or number of seats that have not been turned to yet, oldest first. */
    readonly pending: readonly {
      readonly startsOn: CivilDate;
      readonly plan: string;
      readonly seats: number;
      readonly priceListId: string;
    }[];
  } | null;
  /** Those that have not ended with the subscription's present months. */
  readonly packages: readonly PackagesHeld[];
};

/** What the use of these workspaces is measured against; unknown ids are left out. One round trip. */
export async function findUsageGrounds(
  db: Queryable,
  workspaceIds: readonly string[],
): Promise<ReadonlyMap<string, UsageGround>> {
  if (workspaceIds.length === 0) return new Map();
  const rows = await db.query<UsageGround>(
    `select w.id as "workspaceId", w.name, w.time_zone as "timeZone", w.locale, w.billing_email as "billingEmail", w.trial_ends_on::text as "trialEndsOn", ${clockAt('w.test_clock_id')},
       case when s.id is not null then jsonb_build_object('status', s.status, 'plan', s.plan, 'seats', s.seats, 'priceListId', s.price_list,
         'anchorOn', s.anchor_on, 'endsOn', s.ends_on, 'limits', s.limits, 'pending', coalesce((select jsonb_agg(jsonb_build_object('startsOn', lower(g.during),
           'plan', g.plan, 'seats', g.seats, 'priceListId', g.price_list) order by g.during) from seat_grant g where g.subscription_id = s.id and g.pending), '[]')) end as subscription,
       coalesce((select jsonb_agg(jsonb_build_object('key', a.order_id || '/' || a.add_on, 'limitName', a.limit_name, 'amount', a.amount,
         'startsOn', lower(a.during), 'endsOn', upper(a.during))) from add_on_grant a where a.subscription_id = s.id), '[]') as packages
     from workspace w left join subscription s on s.workspace_id = w.id where w.id = any($1::uuid[])`,
    [[...new Set(workspaceIds)]],
  );
  return new Map(rows.map((row) => [row.workspaceId, row]));
}

/** One meter of one workspace. */
export type MeterName = { readonly workspaceId: string; readonly meter: string };

/** A meter as stored. */
export type MeterRow = MeterName & {
  readonly used: number;
  readonly firstUsed: number;
  readonly since: Date | null;
  readonly observedAt: Date | null;
  readonly monthEndsAt: Date | null;
  readonly reachedPercent: number;
  readonly breachEndsAt: Date | null;
  readonly isBlocked: boolean;
  /** How many times it has come to a threshold. */
  readonly crossings: number;
};

/** One text per meter, to look meters up by. */
export const meterNameText = ({ workspaceId, meter }: MeterName): string => `${workspaceId} ${meter}`;

// Counts are below 2^53, so that the driver's text becomes an exact number.
type StoredMeter = Omit<MeterRow, 'used' | 'firstUsed'> & { readonly used: string; readonly firstUsed: string };

const METER = `workspace_id as "workspaceId", meter, used, first_used as "firstUsed", since, observed_at as "observedAt", month_ends_at as "monthEndsAt",
  reached_percent as "reachedPercent", breach_ends_at as "breachEndsAt", blocked as "isBlocked", crossings`;

const asMeter = (row: StoredMeter): MeterRow => ({ ...row, used: Number(row.used), firstUsed: Number(row.firstUsed) });

/**
 * Locks meters, in one order for everybody; those that there are not yet are opened first, for workspaces that exist. Whatever
 * is asked for after it sees what the last holder of the locks has committed.
 */
export async function openMeters(tx: Tx, names: readonly MeterName[]): Promise<ReadonlyMap<string, MeterRow>> {
  if (names.length === 0) return new Map();
  const wanted = [names.map((n) => n.workspaceId), names.map((n) => n.meter)];
  const opening = tx.query(
    `insert into usage_meter (workspace_id, meter) select distinct w.id, n.meter from unnest($1::uuid[], $2::text[]) as n (workspace_id, meter)
     join workspace w on w.id = n.workspace_id order by 1, 2 on conflict do nothing`,
    wanted,
  );
  const locking = tx.query<StoredMeter>(
    `select ${METER} from usage_meter where (workspace_id, meter) in (select * from unnest($1::uuid[], $2::text[]))
     order by workspace_id, meter for update`,
    wanted,
  );
  const [, rows] = await Promise.all([opening, locking]);
  return new Map(rows.map((row) => [meterNameText(row), asMeter(row)]));
}

/** Locks all meters of workspaces that were ever reported. */
export async function lockMetersOf(tx: Tx, workspaceIds: readonly string[]): Promise<readonly MeterRow[]> {
  if (workspaceIds.length === 0) return [];
  const rows = await tx.query<StoredMeter>(
    `select ${METER} from usage_meter where workspace_id = any($1::uuid[]) order by workspace_id, meter for update`,
    [workspaceIds],
  );
  return rows.map(asMeter);
}

/** Claims meters whose breach has ended and was not told, or whose month has, earliest first. */
export async function claimDueMeters(tx: Tx, at: SweptAt, limit: number): Promise<readonly MeterRow[]> {
  const served = servedAt(at, 'm.workspace_id', '$3');
  const rows = await tx.query<StoredMeter>(
    `select ${METER} from usage_meter where (workspace_id, meter) in (
         (select workspace_id, meter from usage_meter m where breach_ends_at <= $1 and not blocked and ${served} order by breach_ends_at limit $2)
         union all (select workspace_id, meter from usage_meter m where month_ends_at <= $1 and ${served} order by month_ends_at limit $2))
       and (breach_ends_at <= $1 and not blocked or month_ends_at <= $1)
     order by workspace_id, meter limit $2 for update skip locked`,
    [at.now.toISOString(), limit, at.testClockId],
  );
  return rows.map(asMeter);
}

/** Meters of one workspace, without a lock. */
export async function viewMeters(db: Queryable, workspaceId: string): Promise<readonly MeterRow[]> {
  const rows = await db.query<StoredMeter>(`select ${METER} from usage_meter where workspace_id = $1`, [workspaceId]);
  return rows.map(asMeter);
}

/** Writes meters that are locked. */
export async function saveMeters(tx: Tx, rows: readonly MeterRow[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.query(
    `update usage_meter m set used = n.used, first_used = n.first_used, since = n.since, observed_at = n.observed_at, month_ends_at = n.month_ends_at,
       reached_percent = n.reached_percent, breach_ends_at = n.breach_ends_at, blocked = n.blocked, crossings = n.crossings, updated_at = now()
     from unnest($1::uuid[], $2::text[], $3::bigint[], $4::bigint[], $5::timestamptz[], $6::timestamptz[], $7::timestamptz[], $8::int[], $9::timestamptz[],
       $10::boolean[], $11::int[])
       as n (workspace_id, meter, used, first_used, since, observed_at, month_ends_at, reached_percent, breach_ends_at, blocked, crossings)
     where m.workspace_id = n.workspace_id and m.meter = n.meter`,
    [
      rows.map((r) => r.workspaceId),
      rows.map((r) => r.meter),
      rows.map((r) => r.used),
      rows.map((r) => r.firstUsed),
      rows.map((r) => instant(r.since)),
      rows.map((r) => instant(r.observedAt)),
      rows.map((r) => instant(r.monthEndsAt)),
      rows.map((r) => r.reachedPercent),
      rows.map((r) => instant(r.breachEndsAt)),
      rows.map((r) => r.isBlocked),
      rows.map((r) => r.crossings),
    ],
  );
}

const instant = (at: Date | null): string | null => at?.toISOString() ?? null;

/** A threshold that a use has come to. */
export type NewCrossing = MeterName & {
  readonly id: string;
  /** The how manieth of its meter. */
  readonly n: number;
  readonly thresholdPercent: number;
  readonly used: number;
  readonly limitAmount: number;
  readonly breachEndsAt: Date | null;
  readonly at: Date;
};

/** Writes crossings down; the meter's lock and the unique number keep each from being told twice. */
export async function insertCrossings(tx: Tx, rows: readonly NewCrossing[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.query(
    `insert into usage_crossing (id, workspace_id, meter, n, threshold_percent, used, limit_amount, breach_ends_at, at)
     select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::int[], $5::int[], $6::bigint[], $7::bigint[], $8::timestamptz[], $9::timestamptz[])`,
    [
      rows.map((r) => r.id),
      rows.map((r) => r.workspaceId),
      rows.map((r) => r.meter),
      rows.map((r) => r.n),
      rows.map((r) => r.thresholdPercent),
      rows.map((r) => r.used),
      rows.map((r) => r.limitAmount),
      rows.map((r) => instant(r.breachEndsAt)),
      rows.map((r) => r.at.toISOString()),
    ],
  );
}
