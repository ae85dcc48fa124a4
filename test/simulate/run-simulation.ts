import { writeFileSync } from 'node:fs';
import { checkBooks } from '@billfleet/billing';
import { loadConfig } from '@billfleet/platform';
import { onOneState } from '@billfleet/store';
import { auditEngine } from '../../apps/cli/src/audit-engine.js';
import type { SimulateEngine, SimulateResult } from '../../apps/cli/src/commands/simulate.js';
import { openStore } from '../../apps/cli/src/open-store.js';
import type { OpenStore } from '../../apps/cli/src/open-store.js';
import { PatientClient } from '../chaos/gateway-client.js';
import { openWorld } from '../chaos/world.js';
import type { World } from '../chaos/world.js';
import { booksOf, countAll, hashOf } from './books.js';
import { drawDowntimes, Outages } from './downtime.js';
import { drawLives } from './life-plan.js';
import { plantMutant } from './mutants.js';
import { playLives } from './play-lives.js';
import type { Played, Stage } from './play-lives.js';
import { unexplainedMinor, waitUntilTold } from './verdict.js';

/** A killed process costs its leases, so they are short; a busy machine must not lose them all the same. */
const LEASE_MS = 2_500;
const FIRST_CHECK_MS = 120_000;
const PROVIDER_TIMEOUT_MS = 10_000;
/** One clock brings many lives' work together in one batch; more than one keeps the processes busy while another waits. */
const LIVES_PER_CLOCK = 100;
const TOLD_WITHIN_MS = 120_000;
const COMPLAINTS_SHOWN_MAX = 20;

/** Lives through months with many workspaces on a fleet of its own, lets it come to rest, then checks the books. */
export const runSimulation: SimulateEngine = async (input) => {
  const { onProgress } = input;
  const world = await openWorld(
    {
      leaseMs: LEASE_MS,
      firstCheckMs: FIRST_CHECK_MS,
      providerTimeoutMs: PROVIDER_TIMEOUT_MS,
      workers: 1,
      durable: false,
      extra: { BILLFLEET_RATE_LIMIT_PER_MINUTE: '10000000' },
    },
    onProgress,
  );
  try {
    const open = await openStore(world.postgres.url);
    const over = new AbortController();
    try {
      return await simulate({ world, open, over: over.signal }, input);
    } finally {
      // Whoever still asks would ask for ever.
      over.abort();
      await open.close();
    }
  } finally {
    await world.close();
  }
};

type Scene = { readonly world: World; readonly open: OpenStore; readonly over: AbortSignal };

async function simulate(
  { world, open, over }: Scene,
  { seed, workspaces, months, mutant, booksFile, onProgress }: Parameters<SimulateEngine>[0],
): Promise<SimulateResult> {
  if (mutant !== undefined) await plantMutant(open.store, mutant);
  const lives = drawLives(seed, workspaces, months);
  const startedAt = performance.now();
  const stage: Stage = { counters: countersOf(world, over), db: open.store, outages: new Outages(world), onProgress };
  const run = { seed, months, lives, downtimes: drawDowntimes(seed, months), livesPerClock: LIVES_PER_CLOCK };
  onProgress(`seed ${String(seed)}: ${String(workspaces)} workspaces live through ${String(months)} months`);
  const played = await playLives(stage, run);
  const left = await waitUntilTold(open.store, TOLD_WITHIN_MS);
  const seconds = Math.round((performance.now() - startedAt) / 100) / 10;
  onProgress(`lived through in ${String(seconds)} s; checking the books`);
  const audits = await auditEngine(loadConfig(world.environment));
  for (const { id, about, violations, examples } of audits)
    if (violations > 0) onProgress(`AUDIT ${id} ${about}: ${String(violations)} ${JSON.stringify(examples)}`);
  const booksChecked = await onOneState(open.source, checkBooks);
  for (const one of booksChecked.list) onProgress(`BOOKS ${JSON.stringify(one)}`);
  tell(world, played, left, onProgress);
  const books = await booksOf(open.store);
  if (booksFile !== undefined) writeFileSync(booksFile, `${books.join('\n')}\n`);
  const { sometimes, ...counts } = await countAll(open.store);
  return {
    ...{ seed, workspaces, months, deeds: played.deeds, ...counts },
    auditViolations: audits.reduce((sum, { violations }) => sum + violations, 0),
    bookDifferences: booksChecked.differences,
    unexplainedCents: Number(await unexplainedMinor(open.store)),
    // Whatever is no rule of the books, and should not happen all the same.
    surprises: played.complaints.length + world.ear.surprises.length + left.length,
    booksHash: hashOf(books),
    seconds,
    outcomes: Object.fromEntries([...played.outcomes].sort(([a], [b]) => (a < b ? -1 : 1))),
    sometimes,
  };
}

function countersOf({ environment }: World, over: AbortSignal): Stage['counters'] {
  const client = (url: string, key: string): PatientClient =>
    new PatientClient(environment[url] ?? '', { authorization: `Bearer ${environment[key] ?? ''}` }, over);
  return {
    gateway: client('BILLFLEET_PUBLIC_URL', 'BILLFLEET_BOOTSTRAP_API_KEY'),
    provider: client('BILLFLEET_SANDBOX_URL', 'BILLFLEET_SANDBOX_API_KEY'),
  };
}

function tell({ ear }: World, { complaints }: Played, left: readonly string[], say: (line: string) => void): void {
  for (const what of complaints.slice(0, COMPLAINTS_SHOWN_MAX)) say(`SURPRISE ${what}`);
  for (const { name, what, output } of ear.surprises) say(`SURPRISE ${name} ${what}\n${output}`);
  for (const what of left) say(`STILL OWED ${what}`);
  if (complaints.length + left.length > 0) for (const line of ear.loud.slice(-20)) say(`LOG ${line}`);
}
