import { EVENT } from './events.js';
import type { EventStatus, EventToTell } from './events.js';
import type { Queryable, Tx } from './store.js';
import type { OpsReason } from './work-desk.js';

/** An event as it is told, and where its telling stands. */
export type EventView = Omit<EventToTell, 'tries'> & {
  readonly delivery: { readonly status: EventStatus; readonly tries: number; readonly nextTryAt: string | null };
};

/** One try to tell an event. */
export type DeliveryView = {
  readonly try: number;
  readonly at: string;
  readonly outcome: 'delivered' | 'failed' | 'gone';
  readonly status: number | null;
  readonly durationMs: number;
  readonly error: string | null;
};

/** An event with its tries, oldest first. */
export type EventWithDeliveries = EventView & { readonly deliveries: readonly DeliveryView[] };

/** Which events to list; what is left out does not narrow. */
export type EventFilter = {
  readonly workspaceId?: string | undefined;
  readonly type?: string | undefined;
  /** Only those of which a try has failed and none succeeded. */
  readonly isFailed?: boolean | undefined;
  readonly since?: Date | undefined;
  /** Only events before this one, by id. */
  readonly before?: string | undefined;
  /** Only numbers above this one, lowest first; needs a workspace. */
  readonly afterSequence?: number | undefined;
  readonly limit: number;
};

const VIEW = `${EVENT},
  jsonb_build_object('status', e.status, 'tries', e.tries, 'nextTryAt', e.next_try_at) as delivery`;
const FAILED = `(e.status in ('given_up', 'gone') or (e.status = 'owed' and e.tries > 0))`;

/** Events, newest first; those of one workspace after a number come in their order instead, without gaps. */
export async function listEvents(db: Queryable, filter: EventFilter): Promise<EventView[]> {
  const { workspaceId, type, isFailed, since, before, afterSequence, limit } = filter;
  const order = afterSequence === undefined ? 'e.id desc' : 'e.seq';
  return db.query<EventView>(
    `select ${VIEW} from event e where ($1::uuid is null or e.workspace_id = $1) and ($2::text is null or e.type = $2)
       and ($3::timestamptz is null or e.occurred_at >= $3) and ($4::uuid is null or e.id < $4) and ($5::bigint is null or e.seq > $5)
       ${isFailed === true ? `and ${FAILED}` : ''} order by ${order} limit $6`,
    [workspaceId, type, since?.toISOString(), before, afterSequence, limit],
  );
}

/** One event with its tries, in one round trip. */
export async function viewEvent(db: Queryable, id: string): Promise<EventWithDeliveries | undefined> {
  const rows = await db.query<EventWithDeliveries>(
    `select ${VIEW}, coalesce((select jsonb_agg(jsonb_build_object('try', d.try, 'at', d.at, 'outcome', d.outcome, 'status', d.status,
         'durationMs', d.duration_ms, 'error', d.error) order by d.id) from event_delivery d where d.event_id = e.id), '[]') as deliveries
     from event e where e.id = $1`,
    [id],
  );
  return rows[0];
}

/** Whose events these are, and where their telling stands. */
export async function findStandings(
  db: Queryable,
  ids: readonly string[],
): Promise<readonly { readonly id: string; readonly workspaceId: string; readonly status: EventStatus }[]> {
  return db.query(
    `select id, workspace_id as "workspaceId", status from event where id = any($1::uuid[]) order by id`,
    [ids],
  );
}

/** Puts on record that somebody wanted events told again. */
export async function recordRedeliveries(tx: Tx, ids: readonly string[], by: OpsReason): Promise<void> {
  await tx.query(
    `insert into ops_action (actor, action, subject, reason) select $1, 'event.redeliver', 'event ' || id, $2 from unnest($3::uuid[]) as id`,
    [by.actor, by.reason, ids],
  );
}
