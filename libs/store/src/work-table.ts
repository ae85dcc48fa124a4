import type { KindOf, QueueContract, QueueName, WorkMark } from '@billfleet/contracts';
import type { Queryable, Store, Tx } from './store.js';

/** The error of a row that somebody killed: nothing but a person brings it back. */
export const KILLED_BY_HAND = 'killed by hand';

/** One owed piece of work, as its handler sees it. */
export type OwedWork<Kind extends string = string> = {
  readonly id: string;
  readonly generation: number;
  readonly kind: Kind;
  /** The row that this is about; which table follows from the kind. */
  readonly ref: string;
  readonly attempts: number;
};

/** What became of a row whose handler failed. */
export type FailedWork = { readonly id: string; readonly attempts: number; readonly isDead: boolean };

/**
 * Owes work. Without `runInMs` the rows are born leased: this process shouts them right after the commit, and the dispatcher
 * shouts again if the lease runs out. With it they wait for the dispatcher. A row that is owed already stays as it is; a dead one comes to
 * life again, since its cause has come up anew, unless somebody killed it by hand.
 */
export async function owe<Q extends QueueContract>(
  tx: Tx,
  queue: Q,
  kind: KindOf<Q>,
  refs: readonly string[],
  options: { readonly runInMs?: number } = {},
): Promise<void> {
  if (refs.length === 0) return;
  const isLater = options.runInMs !== undefined;
  const rows = await tx.query<{ id: string; generation: number }>(
    `insert into work (queue, kind, ref, generation, leased, due_at)
     select $1, $2, ref, $4, $5, now() + $6 * interval '1 ms' from unnest($3::uuid[]) as ref
     on conflict (kind, ref) do update set dead_at = null, attempts = 0, outages = 0, starts = 0, generation = work.generation + 1,
       leased = excluded.leased, due_at = excluded.due_at where work.dead_at is not null and work.last_error is distinct from $7
     returning id, generation`,
    [queue.name, kind, refs, isLater ? 0 : 1, !isLater, options.runInMs ?? tx.leaseMs, KILLED_BY_HAND],
  );
  if (!isLater)
    tx.noteOwed(
      queue.name as QueueName,
      rows.map((row): WorkMark => [row.id, row.generation]),
    );
}

/** Loads what shouts named, each row once: rows that are gone or belong to another generation are left out. */
export async function load<Q extends QueueContract>(
  store: Queryable,
  queue: Q,
  marks: readonly WorkMark[],
): Promise<OwedWork<KindOf<Q>>[]> {
  return store.query(
    `select distinct w.id, w.generation, w.kind, w.ref, w.attempts from work w
     join unnest($2::bigint[], $3::int[]) as shout (id, generation) on w.id = shout.id and w.generation = shout.generation
     where w.queue = $1 order by w.id`,
    [queue.name, marks.map(([id]) => id), marks.map(([, generation]) => generation)],
  );
}

/**
 * Takes the rows for this transaction: rows that another worker holds or has finished are left out, so that a
 * doubled shout does its work once and nobody waits for a lock.
 */
export async function claim<Kind extends string>(tx: Tx, items: readonly OwedWork<Kind>[]): Promise<OwedWork<Kind>[]> {
  const rows = await tx.query<{ id: string }>(
    `select id from work where id = any($1::bigint[]) order by id for update skip locked`,
    [items.map((item) => item.id)],
  );
  const mine = new Set(rows.map((row) => row.id));
  return items.filter((item) => mine.has(item.id));
}

/** Acknowledges work inside the transaction that did it: the rows are deleted. */
export async function ack(tx: Tx, items: readonly { readonly id: string }[]): Promise<void> {
  if (items.length === 0) return;
  await tx.query(`delete from work where id = any($1::bigint[])`, [items.map((item) => item.id)]);
}

/**
 * Drops work that has lost its point, such as the look at an attempt whose outcome is known. A row that somebody is working on
 * is left to him: waiting for it here could end in a circle of waiters.
 */
export async function forget<Q extends QueueContract>(
  tx: Tx,
  queue: Q,
  kind: KindOf<Q>,
  refs: readonly string[],
): Promise<void> {
  if (refs.length === 0) return;
  await tx.query(
    `delete from work where id in (
       select id from work where queue = $1 and kind = $2 and ref = any($3::uuid[]) and dead_at is null for update skip locked)`,
    [queue.name, kind, refs],
  );
}

/** Puts work off because there is nothing to do yet: it is shouted again after `delayMs`, with a clean slate. */
export async function postpone(tx: Tx, items: readonly { readonly id: string }[], delayMs: number): Promise<void> {
  if (items.length === 0) return;
  await tx.query(
    `update work set leased = false, starts = 0, attempts = 0, outages = 0, due_at = now() + $2 * interval '1 ms' where id = any($1::bigint[])`,
    [items.map((item) => item.id), delayMs],
  );
}

const BACKOFF_MAX_MS = 900_000;

/**
 * How bad a failed try was. `try`: counted, and too many make the row dead. `outage`: something outside is away; never makes a row
 * dead, since it would get done as soon as the outage is over. `hopeless`: trying again cannot help, the row is dead at once.
 */
export type Severity = 'try' | 'outage' | 'hopeless';

/** Records a failed try: the next one comes after `retryFirstMs`, then after twice as long each time, up to 15 minutes, with jitter. */
export async function fail(
  store: Queryable,
  item: { readonly id: string; readonly generation: number },
  failure: {
    readonly reason: string;
    readonly severity: Severity;
    readonly attemptsMax: number;
    readonly retryFirstMs: number;
  },
): Promise<FailedWork | undefined> {
  const { reason, severity, attemptsMax, retryFirstMs } = failure;
  const rows = await store.query<{ id: string; attempts: number; dead: boolean }>(
    `update work set attempts = attempts + $4::int, outages = outages + $5::int, last_error = left($3, 500), leased = false, starts = 0,
       due_at = now() + least($7::float8, $6::float8 * power(2, least(attempts + outages, 20))) * (0.75 + random() / 2) * interval '1 ms',
       dead_at = case when $8::boolean or attempts + $4::int >= $9 then now() end
     where id = $1 and generation = $2 returning id, attempts, dead_at is not null as dead`,
    [
      item.id,
      item.generation,
      reason,
      severity === 'outage' ? 0 : 1,
      severity === 'outage' ? 1 : 0,
      retryFirstMs,
      BACKOFF_MAX_MS,
      severity === 'hopeless',
      attemptsMax,
    ],
  );
  const row = rows[0];
  return row === undefined ? undefined : { id: row.id, attempts: row.attempts, isDead: row.dead };
}

/**
 * Counts starts of rows that keep coming back, before they are started: a row that never fails nor finishes kills its worker.
 * One that was started more than `startsMax` times is quarantined (dead).
 * @returns the starts so far by id; those in quarantine are marked.
 */
export async function countStarts(
  store: Queryable,
  ids: readonly string[],
  startsMax: number,
): Promise<ReadonlyMap<string, { readonly starts: number; readonly isQuarantined: boolean }>> {
  if (ids.length === 0) return new Map();
  const rows = await store.query<{ id: string; starts: number; dead: boolean }>(
    `update work set starts = starts + 1,
       last_error = case when starts >= $2 then 'quarantined: started ' || starts || ' times and never finished' else last_error end,
       dead_at = case when starts >= $2 then now() else dead_at end
     where id = any($1::bigint[]) returning id, starts, starts > $2 as dead`,
    [ids, startsMax],
  );
  return new Map(rows.map((row) => [row.id, { starts: row.starts, isQuarantined: row.dead }]));
}

/** A row that the dispatcher has to shout. */
export type DueWork = { readonly id: string; readonly generation: number; readonly queue: QueueName };

/** Claims what is due, oldest first: next generation, new lease. Several dispatchers never get the same row. */
export async function claimDue(tx: Tx, limit: number): Promise<DueWork[]> {
  return tx.query(
    `update work set generation = generation + 1, leased = true, due_at = now() + $2 * interval '1 ms'
     where id in (select id from work where dead_at is null and due_at <= now() order by due_at limit $1 for update skip locked)
     returning id, generation, queue`,
    [limit, tx.leaseMs],
  );
}

/** Milliseconds until something is due, by the database's clock; undefined when nothing is owed. */
export async function nextDueInMs(store: Queryable): Promise<number | undefined> {
  const rows = await store.query<{ ms: string | null }>(
    `select extract(epoch from min(due_at) - clock_timestamp()) * 1000 as ms from work where dead_at is null`,
  );
  const ms = rows[0]?.ms;
  return ms === null || ms === undefined ? undefined : Math.max(0, Number(ms));
}

/** Ends all leases, since Redis lost its jobs; returns how many rows will be shouted again. */
export async function expireLeases(store: Store): Promise<number> {
  const rows = await store.query<{ n: string }>(
    `with expired as (update work set due_at = now() where leased and dead_at is null returning 1) select count(*) as n from expired`,
  );
  return Number(rows[0]?.n ?? 0);
}

/** Wakes the dispatcher at the commit of this transaction. */
export async function wakeDispatcher(tx: Queryable): Promise<void> {
  await tx.query(`select pg_notify('work', '')`);
}
