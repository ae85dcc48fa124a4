import os from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { checkBooks } from '@billfleet/billing';
import { loadConfig } from '@billfleet/platform';
import { onOneState, tenants } from '@billfleet/store';
import { auditEngine } from '../../apps/cli/src/audit-engine.js';
import type { ChaosEngine, ChaosResult, Mutant } from '../../apps/cli/src/commands/chaos.js';
import { openStore } from '../../apps/cli/src/open-store.js';
import type { OpenStore } from '../../apps/cli/src/open-store.js';
import { Breaker } from './break-things.js';
import { Crowd } from './crowd.js';
import { diceFrom } from './dice.js';
import { forgetWhatIsOwed, narrowFor } from './mutants.js';
import { drawPlan, soundSettings } from './plan.js';
import type { BuyerPlan, Plan, PlannedFault } from './plan.js';
import { waitUntilQuiet } from './quiet.js';
import type { Quiet } from './quiet.js';
import { report } from './report.js';
import { judge } from './verdict.js';
import { openWorld, startAllAgain } from './world.js';
import type { World } from './world.js';

const LEASE_MS = 3_000;
const FIRST_CHECK_MS = 600;
const PROVIDER_TIMEOUT_MS = 1_500;
/** Below this a second process of each worker would only take time from the first. */
const ORDERS_FOR_TWO_WORKERS = 100;
const FREE_BYTES_FOR_TWO_WORKERS = 3 * 1024 ** 3;
const FAULTS_AT_ONCE_MAX = 3;
const SHARE_DURING_FAULTS = 0.95;
const QUIET_WITHIN_MS = 300_000;
const QUIET_WITHIN_MUTANT_MS = 45_000;

type Say = (line: string) => void;

/** What a run leaves behind for its report. */
export type Ran = {
  readonly world: World;
  readonly open: OpenStore;
  readonly crowd: Crowd;
  readonly breaker: Breaker;
  readonly quiet: Quiet;
  readonly recoverySeconds: number;
  /** Rows that were shouted more than once, as far as a look twice a second could see. */
  readonly redelivered: number;
};

/** Breaks a fleet of its own while people buy from it, lets it come to rest, then counts the harm. */
export const runChaos: ChaosEngine = async ({ seed, orders, mutant, onProgress }) => {
  const plan = planOf(seed, orders, mutant);
  const isLarge = orders >= ORDERS_FOR_TWO_WORKERS && os.freemem() > FREE_BYTES_FOR_TWO_WORKERS;
  onProgress(`seed ${String(seed)}: ${String(orders)} orders, ${String(plan.faults.length)} faults planned`);
  const world = await openWorld(
    {
      leaseMs: LEASE_MS,
      firstCheckMs: FIRST_CHECK_MS,
      providerTimeoutMs: PROVIDER_TIMEOUT_MS,
      workers: isLarge ? 2 : 1,
      extra: mutant === undefined ? {} : { BILLFLEET_MUTANT: mutant },
    },
    onProgress,
  );
  try {
    const open = await openStore(world.postgres.url);
    try {
      return await play({ world, open, plan, seed, onProgress, ...(mutant === undefined ? {} : { mutant }) });
    } finally {
      await open.close();
    }
  } finally {
    await world.close();
  }
};

function planOf(seed: number, orders: number, mutant: Mutant | undefined): Plan {
  const sound = soundSettings(orders, LEASE_MS);
  return drawPlan(diceFrom(seed), mutant === undefined ? sound : narrowFor(mutant, sound));
}

async function play(run: {
  world: World;
  open: OpenStore;
  plan: Plan;
  seed: number;
  mutant?: Mutant;
  onProgress: Say;
}): Promise<ChaosResult> {
  const { world, open, plan, onProgress } = run;
  await open.store.transaction((tx) => tenants.insertWorkspaces(tx, plan.buyers.map(workspaceOf)));
  if (run.mutant === 'commit-then-add') await forgetWhatIsOwed(open.store);
  const crowd = new Crowd(world, plan.buyers);
  const breaker = new Breaker(world, () => {
    crowd.releaseUpTo(1, SHARE_DURING_FAULTS);
  });
  const watch = watchRedelivery(open);
  onProgress('breaking things');
  await breakAll(plan, breaker, crowd, onProgress);
  const lastFaultAt = performance.now();
  onProgress('all faults end; every process is started again');
  await breaker.calm();
  await startAllAgain(world);
  crowd.releaseAll();
  const quiet = await waitUntilQuiet(open.store, {
    leaseMs: LEASE_MS,
    withinMs: run.mutant === undefined ? QUIET_WITHIN_MS : QUIET_WITHIN_MUTANT_MS,
    isDone: () => crowd.isDone,
    onProgress,
  });
  await crowd.sendHome();
  const recoverySeconds = Math.round((quiet.quietAtMs - lastFaultAt) / 100) / 10;
  onProgress(`${quiet.isQuiet ? 'quiet' : 'NOT quiet'} after ${String(recoverySeconds)} s; checking the records`);
  const verdict = await judge(world, open.store, crowd.records);
  const audits = await auditEngine(loadConfig(world.environment));
  const books = await onOneState(open.source, checkBooks);
  const ran: Ran = { world, open, crowd, breaker, quiet, recoverySeconds, redelivered: await watch.stop() };
  return report({ seed: run.seed, orders: plan.buyers.length, ran, verdict, audits, books, onProgress });
}

/** Carries the faults out in their order; buyers come in step with them, so that each fault meets some. */
async function breakAll(plan: Plan, breaker: Breaker, crowd: Crowd, say: Say): Promise<void> {
  const { faults, shareInStep, holdMs } = plan;
  const underWay = new Set<Promise<void>>();
  for (const [index, { afterMs, fault }] of faults.entries()) {
    await wait(afterMs);
    crowd.releaseShare(((index + 1) / faults.length) * shareInStep);
    while (underWay.size >= FAULTS_AT_ONCE_MAX) await Promise.race(underWay);
    say(`  ${'point' in fault ? `${fault.kind} ${fault.point}` : fault.kind}`);
    const done = breaker.carryOut(fault).finally(() => underWay.delete(done));
    underWay.add(done);
  }
  await Promise.all(underWay);
  await visitTheRest(faults, breaker, crowd, say);
  await wait(holdMs);
}

/** A crash point that nobody passed in time gets another chance, alone, while there are buyers left. */
async function visitTheRest(faults: readonly PlannedFault[], breaker: Breaker, crowd: Crowd, say: Say): Promise<void> {
  for (const { fault } of faults) {
    if (fault.kind !== 'crash-point' || breaker.hasPassed(fault.point) || !crowd.hasMore) continue;
    say(`  ${fault.kind} ${fault.point} again`);
    await breaker.carryOut(fault);
  }
}

function workspaceOf({ n, workspaceId, way }: BuyerPlan): Parameters<typeof tenants.insertWorkspaces>[1][number] {
  const isBrazil = way === 'pix-page';
  return {
    id: workspaceId,
    name: `Workspace ${String(n)}`,
    country: isBrazil ? 'BR' : 'US',
    currency: isBrazil ? 'BRL' : 'USD',
    timeZone: isBrazil ? 'America/Sao_Paulo' : 'America/New_York',
    locale: isBrazil ? 'pt-BR' : 'en',
    billingEmail: `admin-${String(n)}@buyers.example`,
    trialEndsOn: null,
  };
}

const LOOK_EVERY_MS = 500;

/** Done rows are deleted, so whoever wants to know how often work was shouted again has to look meanwhile. */
function watchRedelivery({ store }: OpenStore): { stop: () => Promise<number> } {
  const seen = new Set<string>();
  const state = { isOver: false };
  const looking = (async () => {
    while (!state.isOver) {
      const rows = await store
        .query<{ id: string }>('select id from work where generation > 1 limit 1000')
        // PostgreSQL is one of the things that are broken: the next look sees more.
        .catch(() => []);
      for (const row of rows) seen.add(row.id);
      await wait(LOOK_EVERY_MS);
    }
  })();
  return {
    async stop() {
      state.isOver = true;
      await looking;
      return seen.size;
    },
  };
}
