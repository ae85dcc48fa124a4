import type { Tx } from './store.js';
import { servedAt } from './workspace-time.js';
import type { SweptAt } from './workspace-time.js';

/** Claims subscriptions whose turn has come, earliest first: each is answered once until its next turn is known. */
export async function claimTurns(tx: Tx, at: SweptAt, limit: number): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    `update subscription set turn_at = null where id in (
       select s.id from subscription s where s.turn_at <= $1 and ${servedAt(at, 's.workspace_id', '$3')}
       order by s.turn_at limit $2 for update of s skip locked) returning id`,
    [at.now.toISOString(), limit, at.testClockId],
  );
  return rows.map((row) => row.id);
}
