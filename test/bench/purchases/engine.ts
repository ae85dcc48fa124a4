import type { BenchEngine, BenchResult } from '../../../apps/cli/src/commands/bench.js';
import { median, percentile, rounded } from './figures.js';
import { startFleet } from './fleet/pipeline.js';
import { measureRound, purchasesOfRound } from './measure.js';
import type { RoundFigures } from './measure.js';
import { startNaive } from './naive/pipeline.js';
import { startServers } from './servers.js';
import type { Servers } from './servers.js';

/** The two pipelines, in the order in which each round runs them. */
const pipelines = { naive: startNaive, fleet: startFleet } as const;
type Name = keyof typeof pipelines;
type Rounds = Readonly<Record<Name, RoundFigures[]>>;

/** Measures whole purchases through both pipelines in interleaved rounds; the figures are medians over the rounds. */
export const benchPurchases: BenchEngine = async ({ orders, rounds, onProgress }) => {
  const servers = await startServers(onProgress);
  try {
    const figures: Rounds = { naive: [], fleet: [] };
    for (let round = 1; round <= rounds; round += 1) {
      for (const name of ['naive', 'fleet'] as const) {
        const measured = await runRound(servers, name, round, orders);
        figures[name].push(measured);
        onProgress(
          `round ${String(round)} ${name}: ${String(rounded(measured.perSecond))} purchases/s${measured.faults.map((fault) => `; ${fault}`).join('')}`,
        );
      }
    }
    return summarise(figures);
  } finally {
    await servers.stop();
  }
};

async function runRound(servers: Servers, name: Name, round: number, orders: number): Promise<RoundFigures> {
  const pipeline = await pipelines[name](servers, `${name}_${String(round)}`, purchasesOfRound(orders));
  try {
    return await measureRound(pipeline, servers, orders);
  } finally {
    await pipeline.stop();
    await servers.settle();
  }
}

const perSecondOf = (rounds: readonly RoundFigures[]): number => rounded(median(rounds.map((one) => one.perSecond)), 1);

function summarise({ naive, fleet }: Rounds): BenchResult {
  const faults = [...naive, ...fleet].flatMap((round) => round.faults);
  return {
    ok: faults.length === 0,
    purchasesPerSecond: perSecondOf(fleet),
    naivePurchasesPerSecond: perSecondOf(naive),
    ratioToNaive: rounded(perSecondOf(fleet) / perSecondOf(naive), 2),
    // What else runs on the machine moves rates from round to round; the processor time of a purchase hardly changes.
    cpuRatioToNaive: rounded(allOf(microsOf(naive)) / allOf(microsOf(fleet)), 2),
    cpuMicrosPerPurchase: { fleet: microsOf(fleet), naive: microsOf(naive) },
    p50Ms: { fleet: latencyOf(fleet, 0.5), naive: latencyOf(naive, 0.5) },
    p99Ms: { fleet: latencyOf(fleet, 0.99), naive: latencyOf(naive, 0.99) },
    memoryMbPerProcess: { fleet: fleet.at(-1)?.memoryMb, naive: naive.at(-1)?.memoryMb },
    rounds: naive.map((round, index) => ({
      naive: rounded(round.perSecond, 1),
      fleet: rounded(fleet[index]?.perSecond ?? 0, 1),
      ratio: rounded((fleet[index]?.perSecond ?? 0) / round.perSecond, 2),
    })),
    faults,
  };
}

const microsOf = (rounds: readonly RoundFigures[]): Record<string, number> =>
  Object.fromEntries(
    (['node', 'redis', 'postgres'] as const).map((part) => [
      part,
      rounded(median(rounds.map((one) => one.micros[part]))),
    ]),
  );

const allOf = (micros: Readonly<Record<string, number>>): number =>
  Object.values(micros).reduce((sum, one) => sum + one, 0);

/** The median of the rounds' own percentiles. */
const latencyOf = (rounds: readonly RoundFigures[], share: number): number =>
  rounded(median(rounds.map((one) => percentile(one.latenciesMs, share))), 1);

const SHORT_ORDERS = 300;

/** For `test`: one short round. It asserts that every purchase is whole, never how fast it was. */
export async function benchBriefly(
  onProgress: (line: string) => void,
): Promise<{ readonly ok: boolean; readonly found: string }> {
  const result = await benchPurchases({ orders: SHORT_ORDERS, rounds: 1, onProgress });
  const found = result.ok
    ? `every purchase verified; ${String(result['ratioToNaive'])} times the naive pipeline`
    : JSON.stringify(result['faults']);
  return { ok: result.ok, found };
}
