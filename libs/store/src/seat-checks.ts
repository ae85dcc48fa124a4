import type { CivilDate, DriftKind } from '@billfleet/domain';
import type { Queryable, Tx } from './store.js';

/** A workspace that is to be compared with what the host product gives. */
export type CheckToRequest = { readonly workspaceId: string; readonly repairs: boolean };

/** Asks for comparisons; one that is asked for already goes on, and repairs if either asked for it. */
export async function requestChecks(tx: Tx, rows: readonly CheckToRequest[], now: Date): Promise<void> {
  if (rows.length === 0) return;
  await tx.query(
    `insert into seat_check as c (workspace_id, status, repairs, requested_at) select w, 'requested', r, $3 from unnest($1::uuid[], $2::boolean[]) as n (w, r)
     on conflict (workspace_id) do update set status = 'requested', repairs = excluded.repairs or (c.status = 'requested' and c.repairs),
       repairs_done = 0, outcome = null, checked_at = null, requested_at = excluded.requested_at`,
    [rows.map((r) => r.workspaceId), rows.map((r) => r.repairs), now.toISOString()],
  );
}

/** What one workspace paid for, and where its comparison stands. */
export type PaidState = {
  readonly workspaceId: string;
  /** Null while it has no running subscription. */
  readonly plan: string | null;
  readonly seats: number;
  readonly endsOn: CivilDate | null;
  /** Grows with every change of the subscription. */
  readonly version: number;
  /** Null where no member was ever reported. */
  readonly seatsInUse: number | null;
  /** Whether the host product is still to be told of a change: until then a difference says nothing. */
  readonly isUntold: boolean;
  readonly repairs: boolean;
  readonly repairsDone: number;
  readonly status: 'requested' | 'done' | null;
};

/** What these workspaces paid for, from one state of the database. */
export async function paidStates(
  db: Queryable,
  workspaceIds: readonly string[],
): Promise<ReadonlyMap<string, PaidState>> {
  const rows = await db.query<PaidState>(
    `select w.id as "workspaceId", s.plan, coalesce(s.seats, 0) as seats, s.ends_on::text as "endsOn", coalesce(s.version, 0) as version,
       case when m.known > 0 then m.in_use end as "seatsInUse",
       exists (select 1 from event e where e.workspace_id = w.id and e.status = 'owed' and e.type = 'subscription.changed')
         or exists (select 1 from work k where k.kind = 'workspace.announce' and k.ref = w.id and k.dead_at is null) as "isUntold",
       coalesce(c.repairs, false) as repairs, coalesce(c.repairs_done, 0) as "repairsDone", c.status
     from workspace w left join subscription s on s.workspace_id = w.id and s.status = 'active' left join seat_check c on c.workspace_id = w.id
     cross join lateral (select count(*)::int as known, count(*) filter (where status <> 'disabled')::int as in_use from member where workspace_id = w.id) m
     where w.id = any($1::uuid[])`,
    [workspaceIds],
  );
  return new Map(rows.map((row) => [row.workspaceId, row]));
}

/** One difference that a comparison found. */
export type DriftRow = {
  readonly id: string;
  readonly workspaceId: string;
  readonly what: DriftKind;
  readonly paid: string;
  readonly granted: string;
};

/**
 * Keeps what a comparison of `workspaceIds` found: new differences open, those that go on are seen again, those that are gone are repaired.
 * Answers how many were repaired, by workspace.
 */
export async function recordDrifts(
  tx: Tx,
  drifts: readonly DriftRow[],
  workspaceIds: readonly string[],
  now: Date,
): Promise<ReadonlyMap<string, number>> {
  if (workspaceIds.length === 0) return new Map();
  const closed = await tx.query<{ workspaceId: string; n: number }>(
    `with closed as (
       update seat_drift d set repaired_at = $4 where d.repaired_at is null and d.workspace_id = any($1::uuid[])
         and not exists (select 1 from unnest($2::uuid[], $3::text[]) as found (w, what) where found.w = d.workspace_id and found.what = d.what)
       returning workspace_id)
     select workspace_id as "workspaceId", count(*)::int as n from closed group by workspace_id`,
    [workspaceIds, drifts.map((d) => d.workspaceId), drifts.map((d) => d.what), now.toISOString()],
  );
  if (drifts.length > 0) {
    await tx.query(
      `insert into seat_drift (id, workspace_id, what, paid, granted, found_at, seen_at)
       select i, w, what, p, g, $6, $6 from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[]) as n (i, w, what, p, g)
       on conflict (workspace_id, what) where repaired_at is null do update set paid = excluded.paid, granted = excluded.granted, seen_at = excluded.seen_at`,
      [
        drifts.map((d) => d.id),
        drifts.map((d) => d.workspaceId),
        drifts.map((d) => d.what),
        drifts.map((d) => d.paid),
        drifts.map((d) => d.granted),
        now.toISOString(),
      ],
    );
  }
  return new Map(closed.map(({ workspaceId, n }) => [workspaceId, n]));
}

/** Remembers that the host product of these workspaces is told again, once per comparison. */
export async function countRepairs(tx: Tx, workspaceIds: readonly string[]): Promise<void> {
  if (workspaceIds.length === 0) return;
  await tx.query(`update seat_check set repairs_done = repairs_done + 1 where workspace_id = any($1::uuid[])`, [
    workspaceIds,
  ]);
}

/** What came of a comparison. `no-subscription`: nothing is paid for, so nothing was compared. */
export type CheckOutcome = 'matches' | 'repaired' | 'drift' | 'no-subscription';

/** A comparison that is done; `paid` and `granted` are JSON text, as they were compared. */
export type CheckDone = {
  readonly workspaceId: string;
  readonly outcome: CheckOutcome;
  readonly paid: string | null;
  readonly granted: string | null;
};

/** Ends comparisons; also those that nobody had asked for through the queue. */
export async function settleChecks(tx: Tx, rows: readonly CheckDone[], now: Date): Promise<void> {
  if (rows.length === 0) return;
  await tx.query(
    `insert into seat_check as c (workspace_id, status, repairs, outcome, paid, granted, requested_at, checked_at)
     select w, 'done', false, o, p, g, $5, $5 from unnest($1::uuid[], $2::text[], $3::jsonb[], $4::jsonb[]) as n (w, o, p, g)
     on conflict (workspace_id) do update set status = 'done', outcome = excluded.outcome, paid = excluded.paid, granted = excluded.granted,
       checked_at = excluded.checked_at`,
    [
      rows.map((r) => r.workspaceId),
      rows.map((r) => r.outcome),
      rows.map((r) => r.paid),
      rows.map((r) => r.granted),
      now.toISOString(),
    ],
  );
}

/**
 * Claims subscriptions whose comparison is due, at most `limit`: each comes up again a day later. New ones are spread over the day, by their
 * id, so that they are not all asked about at once.
 */
export async function claimChecks(tx: Tx, now: Date, limit: number): Promise<readonly string[]> {
  const at = now.toISOString();
  await tx.query(
    `update subscription set seats_check_at = $1::timestamptz + (hashtext(id::text) & 2147483647) % 86400 * interval '1 second' where id in (
       select id from subscription where status = 'active' and seats_check_at is null limit $2 for update skip locked)`,
    [at, limit],
  );
  const rows = await tx.query<{ workspaceId: string }>(
    `update subscription set seats_check_at = $1::timestamptz + interval '1 day' where id in (
       select id from subscription where status = 'active' and seats_check_at <= $1 order by seats_check_at limit $2 for update skip locked)
     returning workspace_id as "workspaceId"`,
    [at, limit],
  );
  return rows.map((row) => row.workspaceId);
}

/** One page of the workspaces with a running subscription, by the subscription's id: at most `limit` of those after `afterId`. */
export async function activeWorkspaces(
  db: Queryable,
  afterId: string | undefined,
  limit: number,
): Promise<readonly { readonly id: string; readonly workspaceId: string }[]> {
  return db.query(
    `select id, workspace_id as "workspaceId" from subscription where status = 'active' and ($1::uuid is null or id > $1::uuid) order by id limit $2`,
    [afterId ?? null, limit],
  );
}

/** The last comparison of a workspace, and the differences that are open. */
export type SeatCheckView = {
  readonly workspaceId: string;
  readonly status: 'requested' | 'done';
  readonly outcome: CheckOutcome | null;
  readonly paid: unknown;
  readonly granted: unknown;
  readonly requestedAt: Date;
  readonly checkedAt: Date | null;
  readonly drifts: readonly {
    readonly what: DriftKind;
    readonly paid: string;
    readonly granted: string;
    readonly foundAt: string;
  }[];
};

/** The last comparison of a workspace; undefined while it was never compared. */
export async function viewSeatCheck(db: Queryable, workspaceId: string): Promise<SeatCheckView | undefined> {
  return (await viewSeatChecks(db, [workspaceId])).get(workspaceId);
}

/** The last comparisons of several workspaces; those that were never compared are left out. */
export async function viewSeatChecks(
  db: Queryable,
  workspaceIds: readonly string[],
): Promise<ReadonlyMap<string, SeatCheckView>> {
  const rows = await db.query<SeatCheckView>(
    `select c.workspace_id as "workspaceId", c.status, c.outcome, c.paid, c.granted, c.requested_at as "requestedAt", c.checked_at as "checkedAt",
       coalesce((select jsonb_agg(jsonb_build_object('what', d.what, 'paid', d.paid, 'granted', d.granted, 'foundAt', d.found_at) order by d.what)
         from seat_drift d where d.workspace_id = c.workspace_id and d.repaired_at is null), '[]') as drifts
     from seat_check c where c.workspace_id = any($1::uuid[])`,
    [workspaceIds],
  );
  return new Map(rows.map((row) => [row.workspaceId, row]));
}
