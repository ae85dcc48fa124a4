import { oweChecks } from '@billfleet/billing';
import { systemClock } from '@billfleet/platform';
import { seatChecks, tenants, work } from '@billfleet/store';
import type { Store } from '@billfleet/store';
import type { CheckedSeats, SeatsEngine } from './commands/seats.js';
import { CommandError, exitCodes } from './exit-codes.js';
import { openStore } from './open-store.js';

/** Workspaces that are checked at a time. */
const PAGE_SIZE = 100;
const POLL_MS = 200;
/** How long a page may take without a workspace of it getting done. */
const PATIENCE_MS = 30_000;

/** Owes the checks as everybody else does, so that one road leads to the host product, and waits for what comes of them. */
export const seatsEngine: SeatsEngine = async function* (config, { workspaceId, repair }) {
  if (config.hostUrl === undefined)
    throw new CommandError(exitCodes.configuration, 'BILLFLEET_HOST_URL is empty: nobody knows where to ask');
  const open = await openStore(config.databaseUrl);
  try {
    if (workspaceId !== undefined) {
      if (!(await tenants.findWorkspaces(open.store, [workspaceId])).has(workspaceId))
        throw new CommandError(exitCodes.violations, `there is no workspace ${workspaceId}`);
      yield await checkPage(open.store, [workspaceId], repair);
      return;
    }
    for (let afterId: string | undefined; ;) {
      const page = await seatChecks.activeWorkspaces(open.store, afterId, PAGE_SIZE);
      const ids = page.map((one) => one.workspaceId);
      if (ids.length > 0) yield await checkPage(open.store, ids, repair);
      afterId = page.at(-1)?.id;
      if (page.length < PAGE_SIZE) return;
    }
  } finally {
    await open.close();
  }
};

async function checkPage(store: Store, ids: readonly string[], repair: boolean): Promise<readonly CheckedSeats[]> {
  await store.transaction(async (tx) => {
    const rows = ids.map((workspaceId) => ({ workspaceId, repairs: repair }));
    // Nobody here has a queue at hand: the dispatcher shouts at once.
    await oweChecks(tx, rows, systemClock.now(), { runInMs: 0 });
    await work.wakeDispatcher(tx);
  });
  let waiting = new Set(ids);
  for (let quietSince = performance.now(); waiting.size > 0 && performance.now() - quietSince < PATIENCE_MS;) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    const states = await seatChecks.paidStates(store, [...waiting]);
    const left = new Set([...waiting].filter((id) => states.get(id)?.status === 'requested'));
    if (left.size < waiting.size) quietSince = performance.now();
    waiting = left;
  }
  const views = await seatChecks.viewSeatChecks(store, ids);
  return ids.flatMap((id) => {
    const view = views.get(id);
    if (view === undefined) return [];
    const { workspaceId, outcome, paid, granted, drifts } = view;
    return [{ workspaceId, outcome, paid, granted, drifts, waiting: waiting.has(id) }];
  });
}
