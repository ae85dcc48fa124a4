import type { EventType } from '@billfleet/contracts';
import type { Queryable } from './store.js';

/** An event of a workspace by its number, and the order that it is about. */
export type ChangeRow = {
  readonly workspaceId: string;
  readonly seq: number;
  readonly type: EventType;
  readonly orderId: string | null;
};

/** Events of each workspace that are read at once; the rest comes with the next look. */
const PER_WORKSPACE_MAX = 100;

/** The number of a workspace's last event; 0 before the first. */
export async function lastChange(db: Queryable, workspaceId: string): Promise<number> {
  const [row] = await db.query<{ last: number }>(
    `select coalesce((select last from event_counter where workspace_id = $1), 0)::float8 as last`,
    [workspaceId],
  );
  return row?.last ?? 0;
}

/** What happened in workspaces after the numbers that are known, in the order of the numbers; one look into an index for each workspace. */
export function findChanges(
  db: Queryable,
  known: readonly { readonly workspaceId: string; readonly seq: number }[],
): Promise<ChangeRow[]> {
  return db.query<ChangeRow>(
    `select k.workspace_id as "workspaceId", e.seq::float8 as seq, e.type, e.order_id as "orderId"
     from unnest($1::uuid[], $2::bigint[]) as k (workspace_id, seq)
     cross join lateral (select seq, type, order_id from event where workspace_id = k.workspace_id and seq > k.seq order by seq limit ${String(PER_WORKSPACE_MAX)}) e
     order by e.seq`,
    [known.map(({ workspaceId }) => workspaceId), known.map(({ seq }) => seq)],
  );
}
