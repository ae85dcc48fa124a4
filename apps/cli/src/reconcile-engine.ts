import { ReconciliationDesk } from '@billfleet/billing';
import { configuredProvider } from '@billfleet/payments';
import { reconciliation } from '@billfleet/store';
import type { Finding } from '@billfleet/store';
import type { ReconcileEngine } from './commands/reconcile.js';
import { openStore } from './open-store.js';

const POLL_MS = 200;
const PATIENCE_MS = 30_000;

/** Looks again and again, but not for ever. */
async function waitUntil(isDone: () => Promise<boolean>): Promise<boolean> {
  for (const since = performance.now(); performance.now() - since < PATIENCE_MS;) {
    if (await isDone()) return true;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  return false;
}

/** Owes the work as the night does, so that one road leads to the provider and into the books, and waits for what comes of it. */
export const reconcileEngine: ReconcileEngine = async (config) => {
  const open = await openStore(config.databaseUrl);
  const desk = new ReconciliationDesk(open.store);
  const find = async (id: string): Promise<Finding | undefined> =>
    (await reconciliation.findFindings(open.store, [id])).get(id);
  return {
    async compare(provider, day, by) {
      const id = await desk.compare(provider ?? configuredProvider(config).id, day, by);
      const isDone = await waitUntil(async () => {
        return (await reconciliation.findRuns(open.store, [id])).get(id)?.status === 'done';
      });
      const run = (await reconciliation.findRuns(open.store, [id])).get(id);
      const findings = await reconciliation.listFindings(open.store, 'open');
      return {
        ...{ waiting: !isDone, entries: run?.entries ?? 0 },
        findings: findings.filter((one) => one.day === day && one.provider === run?.provider),
      };
    },
    list: (which) => reconciliation.listFindings(open.store, which),
    async repair(id, by) {
      const outcome = await desk.repair(id, by);
      // It is done once it is closed, or says why not.
      if (outcome === 'asked') await waitUntil(async () => isAnswered(await find(id)));
      return { outcome, finding: await find(id) };
    },
    async decide(id, by) {
      const outcome = await desk.decide(id, by);
      return { outcome, finding: await find(id) };
    },
    close: () => open.close(),
  };
};

const isAnswered = (finding: Finding | undefined): boolean => finding?.status !== 'open' || finding.note !== null;
