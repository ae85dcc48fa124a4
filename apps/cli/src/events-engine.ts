import { RedeliverEvents } from '@billfleet/billing';
import { eventDesk, Store } from '@billfleet/store';
import type { EventsEngine } from './commands/events.js';
import { openStore } from './open-store.js';

/** Events in the database; what is told again is told by the delivery worker of the fleet. */
export const eventsEngine: EventsEngine = async (config) => {
  const open = await openStore(config.databaseUrl);
  const store = new Store(open.source, { leaseMs: config.leaseMs, tellsHost: config.hostWebhookUrl !== undefined });
  const desk = new RedeliverEvents(store);
  return {
    list: (filter) => eventDesk.listEvents(open.store, filter),
    show: (id) => eventDesk.viewEvent(open.store, id),
    redeliver: async (ids, by) => {
      const outcome = await desk.run(ids, by);
      return outcome.kind === 'accepted' ? outcome.ids : undefined;
    },
    close: () => open.close(),
  };
};
