import { randomUUID } from 'node:crypto';
import { emitEvents } from '@billfleet/billing';
import type { OwedEvent } from '@billfleet/billing';
import { eventDesk, tenants } from '@billfleet/store';
import type { EventView, Store } from '@billfleet/store';

/** Stores a workspace; answers its id. */
export async function newWorkspace(store: Store): Promise<string> {
  const id = randomUUID();
  const where = { country: 'US', currency: 'USD', timeZone: 'America/New_York', locale: 'en' } as const;
  await store.transaction((tx) =>
    tenants.insertWorkspaces(tx, [{ id, name: 'Acme', ...where, billingEmail: null, trialEndsOn: null }]),
  );
  return id;
}

/** An event that a test can tell by its number of seats; the same number is the same event. */
export const seatsEvent = (workspaceId: string, to: number): OwedEvent => ({
  ...{ type: 'seats.changed', workspaceId, cause: `${workspaceId}:${String(to)}` },
  data: { from: to - 1, to },
});

/** Emits an event for each number, in one transaction. */
export const emitSeats = (store: Store, workspaceId: string, ...tos: readonly number[]): Promise<void> =>
  store.transaction((tx) => {
    emitEvents(
      tx,
      tos.map((to) => seatsEvent(workspaceId, to)),
    );
    return Promise.resolve();
  });

/** The events of a workspace, by their numbers. */
export const eventsOf = (store: Store, workspaceId: string): Promise<readonly EventView[]> =>
  eventDesk.listEvents(store, { workspaceId, afterSequence: 0, limit: 200 });
