import { deliveryQueue } from '@billfleet/contracts';
import { eventDesk, events, work } from '@billfleet/store';
import type { OpsReason, Problem, Store } from '@billfleet/store';

/** What became of the wish: the events that will be told, or why none is. */
export type RedeliveryOutcome =
  | { readonly kind: 'accepted'; readonly ids: readonly string[] }
  | { readonly kind: 'refused'; readonly problem: Problem };

/** Has events told again by hand. */
export class RedeliverEvents {
  constructor(private readonly store: Store) {}

  /**
   * What still waits for its turn is tried at once, in its order; what was told, given up or only kept is told once more, outside of it.
   * Asking twice is harmless. Ids that are not there are left out of the answer.
   */
  run(ids: readonly string[], by: OpsReason): Promise<RedeliveryOutcome> {
    return this.store.transaction(async (tx) => {
      if (!tx.tellsHost) return { kind: 'refused', problem: NOBODY_LISTENS };
      const found = await eventDesk.findStandings(tx, ids);
      const waiting = found.filter(({ status }) => status === 'owed').map(({ workspaceId }) => workspaceId);
      const others = found.filter(({ status }) => status !== 'owed').map(({ id }) => id);
      const workspaceIds = [...new Set(waiting)].sort();
      await work.owe(tx, deliveryQueue, 'host.tell', workspaceIds, { runInMs: 0 });
      await work.owe(tx, deliveryQueue, 'host.retell', others, { runInMs: 0 });
      await events.hastenEvents(tx, workspaceIds);
      const accepted = found.map(({ id }) => id);
      await eventDesk.recordRedeliveries(tx, accepted, by);
      await work.wakeDispatcher(tx);
      return { kind: 'accepted', ids: accepted };
    });
  }
}

const NOBODY_LISTENS: Problem = {
  status: 409,
  code: 'host_not_configured',
  field: 'id',
  found: 'a fleet without BILLFLEET_HOST_WEBHOOK_URL',
  wanted: 'a host product that wants to be told',
};
