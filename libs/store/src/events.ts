import type { Queryable, Tx } from './store.js';
import { clockNowOf } from './workspace-time.js';

/**
 * An event about to be stored. `data` is what the event says besides the facts of its order, which stay with the order and are put in front when it is
 * read. One that is about an order may leave out the workspace: it gets the order's.
 */
export type NewEvent = {
  readonly id: string;
  readonly type: string;
  /** Unique for ever: the same cause never makes a second event. */
  readonly dedupeKey: string;
  readonly orderId: string | null;
  readonly workspaceId: string | null;
  readonly data: Readonly<Record<string, unknown>>;
};

/**
 * Stores events with the next numbers of their workspaces, in the order in which they are given; those that are there already are left out.
 * The counters stay locked until the commit, by id, so the numbers of a workspace follow its commits without gaps. Answers the workspaces
 * that got one, by id.
 */
export async function insertEvents(tx: Tx, rows: readonly NewEvent[], status: 'owed' | 'kept'): Promise<string[]> {
  if (rows.length === 0) return [];
  // All data travels as one JSON document: as elements of an array each quote in it would be masked, and that would cost more than the rest. The
  // numbers are looked up in an object, since a join of rows without statistics compares each with each. What is there already is looked up row by row:
  // as "not exists" it may be answered by reading every event there is, while the statistics of the table are young.
  const written = await tx.query<{ workspaceId: string }>(
    `with fresh as (
       select n.id, coalesce(n.workspace_id, (select o.workspace_id from orders o where o.id = n.order_id)) as workspace_id, n.type, n.dedupe_key,
         n.order_id, n.data, n.nth
       from rows from (unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::uuid[]), json_array_elements($6)) with ordinality
         as n (id, type, dedupe_key, order_id, workspace_id, data, nth)
       where (select e.id from event e where e.dedupe_key = n.dedupe_key) is null),
     counted as (
       insert into event_counter as c (workspace_id, last) select workspace_id, count(*) from fresh group by workspace_id order by workspace_id
       on conflict (workspace_id) do update set last = c.last + excluded.last returning workspace_id, last),
     written as (
       insert into event (id, workspace_id, seq, type, dedupe_key, order_id, data, status, occurred_at)
       select id, workspace_id, ((select jsonb_object_agg(workspace_id, last) from counted) ->> workspace_id::text)::bigint + 1
         - row_number() over (partition by workspace_id order by nth desc), type, dedupe_key, order_id, data, $7, coalesce(${clockNowOf('fresh.workspace_id')}, now())
       from fresh)
     select workspace_id as "workspaceId" from counted order by workspace_id`,
    [
      rows.map((r) => r.id),
      rows.map((r) => r.type),
      rows.map((r) => r.dedupeKey),
      rows.map((r) => r.orderId),
      rows.map((r) => r.workspaceId),
      JSON.stringify(rows.map((r) => r.data)),
      status,
    ],
  );
  return written.map((row) => row.workspaceId);
}

/** Where the telling of an event stands. */
export type EventStatus = 'kept' | 'owed' | 'delivered' | 'given_up' | 'gone';

/** An event about to be told. */
export type EventToTell = {
  readonly id: string;
  readonly type: string;
  readonly workspaceId: string;
  readonly sequence: number;
  readonly occurredAt: Date;
  readonly data: Readonly<Record<string, unknown>>;
  readonly tries: number;
};

/** What an event says of its order. None of it changes, so that an event reads the same on every try. */
const ORDER_FACTS = `jsonb_build_object('orderId', o.id, 'number', o.number::text, 'kind', o.kind, 'plan', o.plan, 'seats', o.seats,
  'periodMonths', o.period_months, 'currency', o.currency, 'amountMinor', o.amount_minor::text, 'taxMinor', o.tax_minor::text, 'collection', o.collection)`;

/** An event `e` as it is told. */
export const EVENT = `e.id, e.type, e.workspace_id as "workspaceId", e.seq::float8 as sequence, e.occurred_at as "occurredAt",
  case when e.order_id is null then e.data::jsonb else (select ${ORDER_FACTS} from orders o where o.id = e.order_id) || e.data::jsonb end as data`;

/** The next events of each workspace, in order, at most `limit` each; none of one whose next try has not come yet at `now`. */
export async function nextEvents(
  db: Queryable,
  workspaceIds: readonly string[],
  now: Date,
  limit: number,
): Promise<ReadonlyMap<string, readonly EventToTell[]>> {
  const rows = await db.query<EventToTell>(
    `select e.* from unnest($1::uuid[]) as w (id), lateral (
       select ${EVENT}, e.tries from event e where e.workspace_id = w.id and e.status = 'owed' order by e.seq limit $3) e
     where not exists (select 1 from event h where h.workspace_id = w.id and h.status = 'owed' and h.next_try_at > $2)
     order by e."workspaceId", e.sequence`,
    [[...new Set(workspaceIds)], now.toISOString(), limit],
  );
  const byWorkspace = new Map<string, EventToTell[]>();
  for (const row of rows) byWorkspace.set(row.workspaceId, [...(byWorkspace.get(row.workspaceId) ?? []), row]);
  return byWorkspace;
}

/** Events by id. */
export async function findEvents(db: Queryable, ids: readonly string[]): Promise<ReadonlyMap<string, EventToTell>> {
  const rows = await db.query<EventToTell>(`select ${EVENT}, e.tries from event e where e.id = any($1::uuid[])`, [ids]);
  return new Map(rows.map((row) => [row.id, row]));
}

/** One try to tell an event, and what follows from it. */
export type Telling = {
  readonly eventId: string;
  /** By the fleet's clock. */
  readonly at: Date;
  readonly outcome: 'delivered' | 'failed' | 'gone';
  /** The status of the answer, if there was one. */
  readonly status: number | null;
  readonly durationMs: number;
  /** One line, at most 200 characters. */
  readonly error: string | null;
  /** Where the event stands then; `owed` with the time of the next try. */
  readonly becomes: EventStatus;
  readonly nextTryAt: Date | null;
};

/**
 * Records tries and what becomes of their events, at most one try per event. A failed try moves only an event that is owed: where it came
 * beside one that succeeded, or after the end, it is only put on record.
 */
export async function recordTellings(tx: Tx, tellings: readonly Telling[]): Promise<void> {
  if (tellings.length === 0) return;
  await tx.query(
    `with t as (
       select * from unnest($1::uuid[], $2::timestamptz[], $3::text[], $4::int[], $5::int[], $6::text[], $7::text[], $8::timestamptz[])
         as t (event_id, at, outcome, status, duration_ms, error, becomes, next_try_at)),
     locked as (select e.id from event e join t on t.event_id = e.id order by e.id for update of e),
     told as (
       update event e set tries = e.tries + 1, status = case when t.outcome = 'delivered' or e.status = 'owed' then t.becomes else e.status end,
         next_try_at = case when e.status = 'owed' then t.next_try_at end, status_at = now()
       from t join locked on locked.id = t.event_id where e.id = t.event_id returning e.id, e.tries)
     insert into event_delivery (event_id, try, at, outcome, status, duration_ms, error)
     select t.event_id, told.tries, t.at, t.outcome, t.status, t.duration_ms, left(t.error, 200) from t join told on told.id = t.event_id`,
    [
      tellings.map((t) => t.eventId),
      tellings.map((t) => t.at.toISOString()),
      tellings.map((t) => t.outcome),
      tellings.map((t) => t.status),
      tellings.map((t) => t.durationMs),
      tellings.map((t) => t.error),
      tellings.map((t) => t.becomes),
      tellings.map((t) => t.nextTryAt?.toISOString() ?? null),
    ],
  );
}

/**
 * Locks work rows for their end, waiting for whoever is just owing them anew: he holds the row until his commit, and what he emits must not be
 * missed. By ref, as they are owed, so that nobody waits in a circle. Answers the ids that are still there.
 */
export async function lockWork(tx: Tx, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await tx.query<{ id: string }>(
    `select id from work where id = any($1::bigint[]) order by ref for update`,
    [ids],
  );
  return new Set(rows.map((row) => row.id));
}

/** Of these workspaces those that have something to be told at once, by id. */
export async function stillToTell(tx: Tx, workspaceIds: readonly string[]): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    `select w.id from unnest($1::uuid[]) as w (id)
     where exists (select 1 from event e where e.workspace_id = w.id and e.status = 'owed')
       and not exists (select 1 from event e where e.workspace_id = w.id and e.status = 'owed' and e.next_try_at is not null) order by w.id`,
    [workspaceIds],
  );
  return rows.map((row) => row.id);
}

/** Workspaces with an event whose next try has come, by id. */
export async function dueRetries(db: Queryable, now: Date, limit: number): Promise<string[]> {
  const rows = await db.query<{ workspaceId: string }>(
    `select workspace_id as "workspaceId" from event where next_try_at <= $1 order by next_try_at limit $2`,
    [now.toISOString(), limit],
  );
  return [...new Set(rows.map((row) => row.workspaceId))].sort();
}

/** Makes what waits for its next try ready now. Work is owed before this: workers lock it before events, too. */
export async function hastenEvents(tx: Tx, workspaceIds: readonly string[]): Promise<void> {
  if (workspaceIds.length === 0) return;
  await tx.query(
    `update event set next_try_at = null where workspace_id = any($1::uuid[]) and status = 'owed' and next_try_at is not null`,
    [workspaceIds],
  );
}

/** Puts given-up events before a person: work that is dead from the start, and that tells the event once when it is retried. */
export async function buryTellings(
  tx: Tx,
  queueName: string,
  buried: readonly { readonly eventId: string; readonly error: string }[],
): Promise<void> {
  if (buried.length === 0) return;
  await tx.query(
    `insert into work (queue, kind, ref, generation, leased, due_at, dead_at, last_error)
     select $1, 'host.retell', id, 0, false, now(), now(), error from unnest($2::uuid[], $3::text[]) as b (id, error) on conflict (kind, ref) do nothing`,
    [queueName, buried.map((b) => b.eventId), buried.map((b) => b.error)],
  );
}

/** Deletes tries that are older than `before`, oldest first, at most `limit`; answers how many. */
export async function pruneDeliveries(tx: Tx, before: Date, limit: number): Promise<number> {
  const rows = await tx.query(
    `delete from event_delivery where id in (select id from event_delivery where at < $1 order by at limit $2) returning 1`,
    [before.toISOString(), limit],
  );
  return rows.length;
}
