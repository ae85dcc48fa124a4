import { queues } from '@billfleet/contracts';
import type { AnyQueue, KindOf } from '@billfleet/contracts';
import { InvariantError } from '@billfleet/domain';
import type { Queryable, Tx } from './store.js';
import { KILLED_BY_HAND } from './work-table.js';

/** A test clock as stored. `targetAt`: until when it is being advanced; null while it stands still. */
export type TestClock = {
  readonly id: string;
  readonly name: string;
  readonly nowAt: Date;
  readonly targetAt: Date | null;
};

const CLOCK = `id, name, now_at as "nowAt", target_at as "targetAt"`;

/** Makes a clock, unless there is one with this id; answers the one that is there then, and whether it is new. */
export async function makeClock(
  tx: Tx,
  clock: Pick<TestClock, 'id' | 'name' | 'nowAt'>,
  by: string,
): Promise<{ readonly clock: TestClock; readonly isNew: boolean }> {
  const made = await tx.query<TestClock>(
    `insert into test_clock (id, name, now_at, created_by, recognised_to)
     values ($1, $2, $3, $4, date_trunc('month', $3::timestamptz at time zone 'UTC') - interval '1 month') on conflict (id) do nothing returning ${CLOCK}`,
    [clock.id, clock.name, clock.nowAt.toISOString(), by],
  );
  const stored = made[0] ?? (await findClock(tx, clock.id));
  if (stored === undefined) throw new InvariantError(`the test clock ${clock.id} was there and is gone`);
  return { clock: stored, isNew: made.length > 0 };
}

/** One clock. */
export async function findClock(db: Queryable, id: string): Promise<TestClock | undefined> {
  return (await db.query<TestClock>(`select ${CLOCK} from test_clock where id = $1`, [id]))[0];
}

/** Locks a clock: nobody moves it, and no sweep of it is under way, until the end of the transaction. */
export async function lockClock(tx: Tx, id: string): Promise<TestClock | undefined> {
  return (await tx.query<TestClock>(`select ${CLOCK} from test_clock where id = $1 for update`, [id]))[0];
}

/** What a clock shows; it stays so until the end of the transaction. */
export async function holdClock(tx: Tx, id: string): Promise<Date> {
  const [row] = await tx.query<{ nowAt: Date }>(`select now_at as "nowAt" from test_clock where id = $1 for share`, [
    id,
  ]);
  if (row === undefined) throw new InvariantError(`there is no test clock ${id}`);
  return row.nowAt;
}

/** Clocks that are being advanced, by id, at most `limit` of those after `afterId`. */
export async function advancingClocks(
  db: Queryable,
  afterId: string | undefined,
  limit: number,
): Promise<readonly { readonly id: string }[]> {
  return db.query(
    `select id from test_clock where target_at is not null and ($1::uuid is null or id > $1::uuid) order by id limit $2`,
    [afterId, limit],
  );
}

/** Sets until when a clock is to be advanced; null: it has arrived. */
export async function setTarget(tx: Tx, id: string, targetAt: Date | null): Promise<void> {
  await tx.query(`update test_clock set target_at = $2 where id = $1`, [id, targetAt?.toISOString() ?? null]);
}

/** Moves a clock. */
export async function moveClock(tx: Tx, id: string, nowAt: Date): Promise<void> {
  await tx.query(`update test_clock set now_at = $2 where id = $1`, [id, nowAt.toISOString()]);
}

/** Locks a workspace with the clock that it stands on; whoever is about to write something for it has committed then. */
export async function lockWorkspace(
  tx: Tx,
  workspaceId: string,
): Promise<{ readonly testClockId: string | null; readonly hasHistory: boolean } | undefined> {
  await tx.query(`select 1 from workspace where id = $1 for update`, [workspaceId]);
  const rows = await tx.query<{ testClockId: string | null; hasHistory: boolean }>(
    `select test_clock_id as "testClockId", exists (select 1 from request r where r.workspace_id = w.id) or exists (select 1 from orders o where o.workspace_id = w.id)
         or exists (select 1 from event e where e.workspace_id = w.id) or exists (select 1 from usage_meter m where m.workspace_id = w.id)
         or exists (select 1 from credit_account a where a.workspace_id = w.id) as "hasHistory"
     from workspace w where id = $1`,
    [workspaceId],
  );
  return rows[0];
}

/** Puts a workspace on a clock. */
export async function attachWorkspace(tx: Tx, id: string, workspaceId: string): Promise<void> {
  await tx.query(`update workspace set test_clock_id = $1 where id = $2`, [id, workspaceId]);
}

/** How many workspaces stand on a clock. */
export async function countWorkspaces(db: Queryable, id: string): Promise<number> {
  const rows = await db.query<{ count: number }>(
    `select count(*)::int as count from workspace where test_clock_id = $1`,
    [id],
  );
  return rows[0]?.count ?? 0;
}

/** Workspaces whose time is meant: all on a clock, or a single one. */
export type TimeOf = { readonly testClockId: string } | { readonly workspaceId: string };

const MINE = `mine as materialized (select id from workspace where test_clock_id = $1::uuid or id = $2::uuid)`;
const valuesOf = (of: TimeOf): readonly (string | null)[] =>
  'testClockId' in of ? [of.testClockId, null] : [null, of.workspaceId];

/** What time brings by itself. Each has a sweep. */
export const dueKinds = ['turn', 'renewal', 'order', 'credits', 'meter', 'checkout', 'mail', 'revenue'] as const;
export type DueKind = (typeof dueKinds)[number];

/** Where one of them stands, for the workspaces of a relation `mine`. */
type Due = { readonly at: string; readonly from: string; readonly where: string };

/**
 * An order of which an attempt may be under way ends a day later, as in its sweep. `revenue`: a month is over everywhere twelve hours after it is in
 * UTC. `checkout`: the end of a page of the provider; for a workspace on a
 * test clock the fleet closes it, since the provider's time is another.
 */
const DUE: Readonly<Record<DueKind, Due>> = {
  turn: { at: 's.turn_at', from: 'subscription s on s.workspace_id = mine.id', where: 's.turn_at is not null' },
  renewal: {
    at: 's.renewal_at',
    from: 'subscription s on s.workspace_id = mine.id',
    where: 's.renewal_at is not null',
  },
  order: {
    at: `o.expires_at + case when exists (select 1 from attempt a where a.order_id = o.id and a.status in ('submitting', 'unknown'))
      then interval '1 day' else interval '0' end`,
    from: 'orders o on o.workspace_id = mine.id',
    where: `o.status = 'awaiting_payment'`,
  },
  credits: {
    at: 'a.next_grant_at',
    from: 'credit_account a on a.workspace_id = mine.id',
    where: 'a.next_grant_at is not null',
  },
  meter: {
    at: 'least(case when not m.blocked then m.breach_ends_at end, m.month_ends_at)',
    from: 'usage_meter m on m.workspace_id = mine.id',
    where: 'm.breach_ends_at is not null or m.month_ends_at is not null',
  },
  revenue: {
    at: `(greatest(r.recognised_to + interval '2 months', date_trunc('month', s.starts_on) + interval '1 month') + interval '12 hours') at time zone 'UTC'`,
    from: 'subscription s on s.workspace_id = mine.id join workspace w on w.id = mine.id join test_clock r on r.id = w.test_clock_id',
    where: `s.ends_on > r.recognised_to + interval '1 month'`,
  },
  mail: { at: 'n.send_at', from: 'notification n on n.workspace_id = mine.id', where: 'n.send_at is not null' },
  checkout: {
    at: 'a.expires_at',
    from: 'orders o on o.workspace_id = mine.id join attempt a on a.order_id = o.id',
    where: `o.status = 'awaiting_payment' and a.status = 'pending' and a.token is null and a.provider <> 'upstream'`,
  },
};

const ofEachKind = (select: (kind: DueKind, due: Due) => string): string =>
  dueKinds.map((kind) => select(kind, DUE[kind])).join(' union all ');

/** When each kind is due next, earliest first; those that nothing is ahead of are left out. Rounded up to the millisecond. */
export async function nextDue(
  db: Queryable,
  of: TimeOf,
): Promise<readonly { readonly kind: DueKind; readonly at: Date }[]> {
  const first = ofEachKind(
    (kind, { at, from, where }) => `select '${kind}' as kind, min(${at}) as at from mine join ${from} where ${where}`,
  );
  return db.query(
    `with ${MINE} select kind, date_trunc('milliseconds', at + interval '999 microseconds') as at from (${first}) due
     where at is not null order by at, kind`,
    valuesOf(of),
  );
}

/** The relation (test_clock_id, kind) of clocks that stand still while something is due by what they show. Looks at every workspace on a clock. */
export const standingDue = ofEachKind(
  (kind, { at, from, where }) => `select mine.test_clock_id, '${kind}' as kind
    from (select w.id, c.id as test_clock_id, c.now_at from workspace w join test_clock c on c.id = w.test_clock_id where c.target_at is null) mine
      join ${from} where (${where}) and ${at} <= mine.now_at`,
);

/**
 * Clocks that stand still while something is due by what they show, since something has changed that decides about it; by id, at most `limit`
 * of those after `afterId`.
 */
export async function standingWithDue(
  db: Queryable,
  afterId: string | undefined,
  limit: number,
): Promise<readonly { readonly id: string; readonly kinds: readonly DueKind[] }[]> {
  return db.query(
    `select test_clock_id as id, array_agg(distinct kind) as kinds from (${standingDue}) due
     where $1::uuid is null or test_clock_id > $1::uuid group by test_clock_id order by test_clock_id limit $2`,
    [afterId, limit],
  );
}

/** Attempts of a clock's workspaces whose page has come to its end, and that nobody has closed yet. */
export async function endedCheckouts(tx: Tx, testClockId: string, now: Date, limit: number): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    `select a.id from workspace w join orders o on o.workspace_id = w.id join attempt a on a.order_id = o.id
     where w.test_clock_id = $1 and o.status = 'awaiting_payment' and a.status = 'pending' and a.token is null and a.provider <> 'upstream' and a.expires_at <= $2
       and not exists (select 1 from work k where k.kind = 'checkout.cancel' and k.ref = a.id)
     order by a.expires_at limit $3`,
    [testClockId, now.toISOString(), limit],
  );
  return rows.map((row) => row.id);
}

type WorkKind = KindOf<AnyQueue>;

/** Work that no business decision waits for: it goes on in its own time, however far the clock has moved by then. */
const OUTSIDE: readonly WorkKind[] = [
  ...(['host.tell', 'host.retell', 'seats.check', 'document.render'] as const),
  // Nights are the provider's, and so the fleet's own.
  ...(['settlement.reconcile', 'settlement.repair'] as const),
];

/** The workspace of a row of work `k`, by the table that its kind is about. A provider's notice names only the payment. */
const workspaceOf = (table: string): string => {
  if (table === 'workspace') return 'k.ref';
  if (table !== 'payment_notice') return `(select t.workspace_id from ${table} t where t.id = k.ref)`;
  return `(select coalesce(n.workspace_id, (select a.workspace_id from attempt a where a.provider = n.provider and a.reference = n.reference))
    from payment_notice n where n.id = k.ref)`;
};

const tables = new Map<string, string[]>();
for (const { kinds } of queues) {
  for (const [kind, { ref }] of Object.entries(kinds)) {
    if (!OUTSIDE.includes(kind as WorkKind)) tables.set(ref, [...(tables.get(ref) ?? []), kind]);
  }
}
const WORKSPACE_OF_WORK = `case ${[...tables]
  .map(([table, kinds]) => `when k.kind in (${kinds.map((kind) => `'${kind}'`).join(', ')}) then ${workspaceOf(table)}`)
  .join(' ')} end`;

/** Work that has to be done before time goes on. `isDead`: nobody tries it again until a person retries it or kills it. */
export type HoldingWork = {
  readonly id: string;
  readonly kind: string;
  readonly workspaceId: string;
  readonly isDead: boolean;
  readonly lastError: string | null;
};

const HOLDING_MAX = 20;

/**
 * What is under way for workspaces, oldest first, 20 at most. A page that waits for its payer is not, nor is what somebody has killed by hand.
 * All that is owed is looked at, which is little: done work is gone.
 */
export async function holdingWork(db: Queryable, of: TimeOf): Promise<readonly HoldingWork[]> {
  return db.query(
    `with ${MINE}, owed as (select k.*, ${WORKSPACE_OF_WORK} as workspace_id from work k where k.kind <> all ($3::text[]))
     select k.id, k.kind, k.workspace_id as "workspaceId", k.dead_at is not null as "isDead", k.last_error as "lastError"
     from owed k join mine on mine.id = k.workspace_id
     where (k.dead_at is null or k.last_error is distinct from $4)
       and (k.kind <> 'attempt.check' or k.dead_at is not null or not exists (
         select 1 from attempt a where a.id = k.ref and a.status = 'pending' and a.token is null))
     order by k.id limit $5`,
    [...valuesOf(of), OUTSIDE, KILLED_BY_HAND, HOLDING_MAX],
  );
}
