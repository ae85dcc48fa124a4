import { ManageTestClocks } from '@billfleet/billing';
import { configuredProvider } from '@billfleet/payments';
import { systemClock } from '@billfleet/platform';
import type { ClockEngine } from './commands/clock.js';
import { openStore } from './open-store.js';

const ACTOR = 'cli';

/** Test clocks in the database; the dispatcher of the fleet moves them. */
export const clockEngine: ClockEngine = async (config) => {
  const { store, close } = await openStore(config.databaseUrl);
  const clocks = new ManageTestClocks({ store, clock: systemClock, providerId: configuredProvider(config).id });
  return {
    create: (input) => clocks.create(input, ACTOR),
    attach: (id, workspaceId) => clocks.attach(id, workspaceId, ACTOR),
    advance: (id, to) => clocks.advance(id, to),
    find: (id) => clocks.find(id),
    close,
  };
};
