import { KILLED_BY_HAND, wakeDispatcher } from './work-table.js';
import { noteStaff } from './staff-entries.js';
import type { Queryable, Store } from './store.js';

/** A row of owed work as operators see it. */
export type WorkRow = {
  readonly id: string;
  readonly queue: string;
  readonly kind: string;
  readonly ref: string;
  readonly state: 'dead' | 'leased' | 'waiting';
  readonly generation: number;
  readonly attempts: number;
  readonly dueAt: Date;
  readonly lastError: string | null;
  readonly createdAt: Date;
};

/** Owed work, oldest first; `limit` bounds the answer. */
export async function listWork(
  store: Queryable,
  filter: { readonly queue?: string; readonly state?: WorkRow['state']; readonly limit: number },
): Promise<WorkRow[]> {
  return store.query(
    `select * from (select id, queue, kind, ref, case when dead_at is not null then 'dead' when leased then 'leased' else 'waiting' end as state,
       generation, attempts, due_at as "dueAt", last_error as "lastError", created_at as "createdAt" from work) w
     where ($1::text is null or queue = $1) and ($2::text is null or state = $2) order by id limit $3`,
    [filter.queue ?? null, filter.state ?? null, filter.limit],
  );
}

/** How much is owed per queue, and for how long the oldest due row waits. */
export type WorkBacklog = {
  readonly queue: string;
  readonly owed: number;
  readonly dead: number;
  readonly oldestDueSeconds: number;
};

/** The backlog of each queue, from one scan of the table. */
export async function workBacklog(store: Queryable): Promise<WorkBacklog[]> {
  return store.query(
    `select queue, count(*) filter (where dead_at is null)::int as owed, count(*) filter (where dead_at is not null)::int as dead,
       coalesce(extract(epoch from now() - min(due_at) filter (where dead_at is null and due_at < now())), 0)::float8 as "oldestDueSeconds"
     from work group by queue`,
  );
}

/** Who does something to owed work by hand, and why. */
export type OpsReason = { readonly actor: string; readonly reason: string };

const MEANS = {
  'work.retry': { before: null, after: 'waiting' },
  'work.kill': { before: null, after: 'dead' },
} as const;

const audited = async (
  store: Store,
  action: 'work.retry' | 'work.kill',
  by: OpsReason,
  statement: string,
  values: readonly (string | readonly string[] | null)[],
): Promise<string[]> =>
  store.transaction(async (tx) => {
    const rows = await tx.query<{ id: string }>(statement, values);
    await noteStaff(
      tx,
      rows.map(({ id }) => ({ ...by, action, subject: `work ${id}`, change: MEANS[action] })),
    );
    await wakeDispatcher(tx);
    return rows.map((row) => row.id);
  });

/** Makes rows due now with a clean slate; `ids` undefined means all dead ones. Returns the ids that were there. */
export function retryWork(store: Store, ids: readonly string[] | undefined, by: OpsReason): Promise<string[]> {
  return audited(
    store,
    'work.retry',
    by,
    `update work set dead_at = null, attempts = 0, outages = 0, starts = 0, leased = false, due_at = now()
     where case when $1::bigint[] is null then dead_at is not null else id = any($1::bigint[]) end returning id`,
    [ids ?? null],
  );
}

/**
 * Marks rows dead so that nobody tries them again until somebody retries them, also when their cause comes up anew, and so that nothing waits
 * for them. The next generation makes shouts that are under way stale. Returns the ids that were there.
 */
export function killWork(store: Store, ids: readonly string[], by: OpsReason): Promise<string[]> {
  return audited(
    store,
    'work.kill',
    by,
    `update work set dead_at = now(), leased = false, generation = generation + 1, last_error = $2 where id = any($1::bigint[]) and (dead_at is null or last_error is distinct from $2) returning id`,
    [ids, KILLED_BY_HAND],
  );
}

/** Puts on record that somebody changed something by hand. */
export async function recordOpsAction(
  store: Queryable,
  action: { readonly actor: string; readonly action: string; readonly subject: string; readonly reason: string },
): Promise<void> {
  await store.query(`insert into ops_action (actor, action, subject, reason) values ($1, $2, $3, $4)`, [
    action.actor,
    action.action,
    action.subject,
    action.reason,
  ]);
}
