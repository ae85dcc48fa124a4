import { setTimeout as wait } from 'node:timers/promises';
import type { Queryable } from '@billfleet/store';

/** How a wait for quiescence ended. `owed`: what is still owed, when it did not come. */
export type Quiet = {
  readonly isQuiet: boolean;
  /** When the last owed row was gone, by performance.now(). */
  readonly quietAtMs: number;
  readonly owed: readonly OwedLeft[];
};

/** A kind of work that is still owed, with what its rows say. */
export type OwedLeft = {
  readonly kind: string;
  readonly state: string;
  readonly rows: number;
  readonly attemptsMax: number;
  readonly error: string | null;
  readonly refs: readonly string[];
};

const POLL_MS = 200;
/** A look at an attempt that has its outcome meanwhile finds nothing to do, whenever it comes. */
const STILL_MATTERS = `(kind <> 'attempt.check' or exists
  (select 1 from attempt a where a.id = ref and a.status in ('submitting', 'pending', 'unknown')))`;
/** How often people are told what the run waits for. */
const TELL_EVERY_MS = 10_000;
/** After this many leases without any change, and with nothing due in future, waiting longer cannot help. */
const STUCK_LEASES = 3;

/**
 * Waits until nothing is owed, and no event waits to be told, for 1.1 leases and all buyers are done. Dead rows do not count as owed: they wait for a person, and the audits report them.
 * Gives up at the deadline, or when nothing moves and nothing ever will.
 */
export async function waitUntilQuiet(
  db: Queryable,
  {
    leaseMs,
    withinMs,
    isDone,
    onProgress,
  }: {
    readonly leaseMs: number;
    readonly withinMs: number;
    readonly isDone: () => boolean;
    readonly onProgress: (line: string) => void;
  },
): Promise<Quiet> {
  const deadline = performance.now() + withinMs;
  let quietSince: number | undefined;
  let print = '';
  let changedAt = performance.now();
  let toldAt = performance.now();
  for (;;) {
    const state = await look(db);
    const now = performance.now();
    quietSince = state.rows === 0 && isDone() ? (quietSince ?? now) : undefined;
    if (quietSince !== undefined && now - quietSince >= 1.1 * leaseMs)
      return { isQuiet: true, quietAtMs: quietSince, owed: [] };
    if (state.print !== print) {
      print = state.print;
      changedAt = now;
    }
    const isStuck = state.rows > 0 && !state.willMove && now - changedAt > STUCK_LEASES * leaseMs;
    if (isStuck || now > deadline) return { isQuiet: false, quietAtMs: now, owed: await whatIsOwed(db) };
    if (now - toldAt > TELL_EVERY_MS) {
      toldAt = now;
      for (const left of await whatIsOwed(db)) onProgress(`  waiting for ${JSON.stringify(left)}`);
    }
    await wait(POLL_MS);
  }
}

/** `willMove`: some row has a moment in future at which it will be shouted. */
async function look(db: Queryable): Promise<{ rows: number; print: string; willMove: boolean }> {
  const [row] = await db.query<{ rows: string; print: string | null; willMove: boolean | null }>(
    `select count(*) as rows, md5(string_agg(print, ',' order by print)) as print, bool_or(will_move) as "willMove" from (
       select id || ':' || generation || ':' || due_at as print, due_at < 'infinity' as will_move from work where dead_at is null and ${STILL_MATTERS}
       union all select id || ':' || tries, next_try_at is not null from event where status = 'owed') waiting`,
  );
  return { rows: Number(row?.rows ?? 0), print: row?.print ?? '', willMove: row?.willMove ?? false };
}

function whatIsOwed(db: Queryable): Promise<OwedLeft[]> {
  return db.query(
    `select kind, case when dead_at is not null then 'dead' when leased then 'shouted' else 'waiting' end as state, count(*)::int as rows,
       max(attempts) as "attemptsMax", max(last_error) as error, (array_agg(ref::text))[1:5] as refs
     from work where ${STILL_MATTERS} group by 1, 2
     union all
     select 'event', status, count(*)::int, max(tries), null, (array_agg(id::text))[1:5] from event where status = 'owed' group by 1, 2 order by 1, 2`,
  );
}
