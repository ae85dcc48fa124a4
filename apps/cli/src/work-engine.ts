import { workDesk } from '@billfleet/store';
import type { WorkEngine } from './commands/work.js';
import { openStore } from './open-store.js';

/** Owed work in the database; the dispatcher shouts what is retried here, so no queue is touched. */
export const workEngine: WorkEngine = async (config) => {
  const open = await openStore(config.databaseUrl);
  return {
    list: (filter) => workDesk.listWork(open.store, filter),
    retry: (ids, by) => workDesk.retryWork(open.store, ids, by),
    kill: (ids, by) => workDesk.killWork(open.store, ids, by),
    close: () => open.close(),
  };
};
