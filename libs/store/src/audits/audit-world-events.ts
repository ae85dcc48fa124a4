import * as events from '../events.js';
import type { Tx } from '../store.js';

/** Emits what happened to an order, with nobody to be told. */
export async function emitOf(
  tx: Tx,
  {
    id,
    orderId,
    type,
    cause,
  }: { readonly id: string; readonly orderId: string; readonly type: string; readonly cause: string },
): Promise<void> {
  const row = { id, type, dedupeKey: `${type}:${cause}`, orderId, workspaceId: null, data: {} };
  await events.insertEvents(tx, [row], 'kept');
}

/** Emits an event of a workspace and tells it at once. */
export async function tellEvent(tx: Tx, workspaceId: string, id: string): Promise<void> {
  const row = { id, orderId: null, workspaceId, dedupeKey: 'told', type: 'subscription.changed', data: {} };
  await events.insertEvents(tx, [row], 'owed');
  const taken = { outcome: 'delivered', becomes: 'delivered', status: 202, durationMs: 5, error: null } as const;
  await events.recordTellings(tx, [{ ...taken, eventId: id, at: new Date(), nextTryAt: null }]);
}
