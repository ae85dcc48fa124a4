import type { CivilDate } from '@billfleet/domain';
import type { Queryable, Store, Tx } from './store.js';
import type { OpsReason } from './work-desk.js';
import { servedAt } from './workspace-time.js';
import type { SweptAt } from './workspace-time.js';

/** Which renewals a pause holds: all, those that a version of the catalogue decides, or those of a country. */
export type PauseScope =
  | { readonly scope: 'fleet' }
  | { readonly scope: 'catalogue'; readonly value: string }
  | { readonly scope: 'region'; readonly value: string };

/** A pause that is on. */
export type RenewalPause = {
  readonly scope: PauseScope['scope'];
  /** The version or the country; empty for the fleet. */
  readonly value: string;
  readonly reason: string;
  readonly actor: string;
  readonly pausedAt: Date;
};

/** The pauses that are on, oldest first. */
export async function openPauses(db: Queryable): Promise<readonly RenewalPause[]> {
  return db.query<RenewalPause>(
    `select scope, value, reason, actor, paused_at as "pausedAt" from renewal_pause where resumed_at is null order by paused_at, id`,
  );
}

const valueOf = (what: PauseScope): string => (what.scope === 'fleet' ? '' : what.value);
const subjectOf = (what: PauseScope): string =>
  `renewals of ${what.scope === 'fleet' ? 'the fleet' : `${what.scope} ${what.value}`}`;

/** Pauses renewals and puts that on record in the same commit; answers false where that pause is on already. */
export function pauseRenewals(store: Store, id: string, what: PauseScope, by: OpsReason): Promise<boolean> {
  return changed(store, { action: 'renewals.pause', what, by }, (tx) =>
    tx.query(
      `insert into renewal_pause (id, scope, value, reason, actor) values ($1, $2, $3, $4, $5)
       on conflict (scope, value) where resumed_at is null do nothing returning 1`,
      [id, what.scope, valueOf(what), by.reason, by.actor],
    ),
  );
}

/** Ends a pause and puts that on record in the same commit; answers false where it was not on. */
export function resumeRenewals(store: Store, what: PauseScope, by: OpsReason): Promise<boolean> {
  return changed(store, { action: 'renewals.resume', what, by }, (tx) =>
    tx.query(
      `update renewal_pause set resumed_at = now() where scope = $1 and value = $2 and resumed_at is null returning 1`,
      [what.scope, valueOf(what)],
    ),
  );
}

async function changed(
  store: Store,
  { action, what, by }: { readonly action: string; readonly what: PauseScope; readonly by: OpsReason },
  change: (tx: Tx) => Promise<readonly unknown[]>,
): Promise<boolean> {
  return store.transaction(async (tx) => {
    if ((await change(tx)).length === 0) return false;
    await tx.query(`insert into ops_action (actor, action, subject, reason) values ($1, $2, $3, $4)`, [
      by.actor,
      action,
      subjectOf(what),
      by.reason,
    ]);
    return true;
  });
}

const MINUTE = `interval '1 minute'`;

/**
 * Takes from what may still be looked at in the present minute, by the database's clock: at most `wanted`. Holds a row until the end of the
 * transaction, so that several dispatchers share one allowance.
 */
export async function takePace(tx: Tx, wanted: number, perMinute: number): Promise<number> {
  const rows = await tx.query<{ granted: number }>(
    `with before as (
       select case when minute_at <= now() - ${MINUTE} then 0 else taken end as taken, minute_at from renewal_pace for update),
     granted as (select least($1::int, greatest($2::int - taken, 0)) as n, taken, minute_at from before)
     update renewal_pace p set taken = g.taken + g.n, minute_at = case when g.minute_at <= now() - ${MINUTE} then now() else g.minute_at end
     from granted g returning g.n as granted`,
    [wanted, perMinute],
  );
  return rows[0]?.granted ?? 0;
}

/** How an error begins by which the sweep put a term aside. */
export const PARKED = 'parked by the sweep: ';

/**
 * Puts terms aside that no sweep gets past: a dead piece of work says why, is listed with all other dead work and brings the term back when it
 * is retried. Until then the sweep leaves the term out.
 */
export async function park(
  tx: Tx,
  queue: string,
  terms: readonly { readonly id: string; readonly reason: string }[],
): Promise<void> {
  if (terms.length === 0) return;
  await tx.query(
    `insert into work (queue, kind, ref, generation, leased, due_at, dead_at, attempts, last_error)
     select $1, 'renewal.decide', id, 1, false, now(), now(), 1, left($4 || reason, 500) from unnest($2::uuid[], $3::text[]) as n (id, reason)
     on conflict (kind, ref) do update set dead_at = now(), leased = false, generation = work.generation + 1, last_error = excluded.last_error`,
    [queue, terms.map((one) => one.id), terms.map((one) => one.reason), PARKED],
  );
}

/** A subscription whose term has something due, as the sweep finds it. */
export type DueRenewal = { readonly id: string; readonly endsOn: CivilDate; readonly timeZone: string };

/**
 * Claims subscriptions whose moment has come, oldest first; two dispatchers never get the same one. Whoever claims sets the next moment.
 * Those that are paused for this version of the catalogue, or parked, are left out.
 */
export async function claimDue(
  tx: Tx,
  wanted: {
    readonly at: SweptAt;
    readonly limit: number;
    readonly catalogueVersion: string;
    /** Only these, where some terms are looked at apart from the others. */
    readonly ids?: readonly string[];
  },
): Promise<readonly DueRenewal[]> {
  return tx.query<DueRenewal>(
    `select s.id, s.ends_on::text as "endsOn", w.time_zone as "timeZone" from subscription s join workspace w on w.id = s.workspace_id
     where s.renewal_at <= $1 and ${servedAt(wanted.at, 's.workspace_id', '$6')}
       and not exists (select 1 from renewal_pause p where p.resumed_at is null
         and (p.scope = 'fleet' or (p.scope = 'catalogue' and p.value = $3) or (p.scope = 'region' and p.value = w.country)))
       and not exists (select 1 from work k where k.kind = 'renewal.decide' and k.ref = s.id and k.dead_at is not null and k.last_error like $4)
       and ($5::uuid[] is null or s.id = any($5::uuid[]))
     order by s.renewal_at limit $2 for update of s skip locked`,
    [
      wanted.at.now.toISOString(),
      wanted.limit,
      wanted.catalogueVersion,
      `${PARKED}%`,
      wanted.ids ?? null,
      wanted.at.testClockId,
    ],
  );
}
