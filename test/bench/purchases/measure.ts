import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import type { Pipeline } from './pipeline.js';
import { memoryMb, processorMicros, processorMicrosOfFamily } from './processor-time.js';
import { nthOf } from './purchase.js';
import type { Servers } from './servers.js';
import { withClient } from './servers.js';
import type { Published, Stretch } from './upstream.js';

/** Processor time of one purchase, in microseconds. */
export type ProcessorMicros = { readonly node: number; readonly redis: number; readonly postgres: number };

/** What one round of one pipeline came to. */
export type RoundFigures = {
  readonly perSecond: number;
  readonly micros: ProcessorMicros;
  /** From publish to grant at half of `perSecond`. */
  readonly latenciesMs: readonly number[];
  readonly memoryMb: Readonly<Record<string, number>>;
  readonly faults: readonly string[];
};

/** Purchases before the clock starts, so that nobody is measured while it is still being compiled. */
export const warmUpCount = (orders: number): number => Math.min(400, Math.ceil(orders / 2));
/** Purchases under half load. */
export const halfLoadCount = (orders: number): number => Math.ceil(orders / 2);
/** All purchases of a round. */
export const purchasesOfRound = (orders: number): number => warmUpCount(orders) + orders + halfLoadCount(orders);

const LOOK_EVERY_MS = 50;
const STALLED_AFTER_MS = 120_000;

/** Measures one pipeline: warm-up, as fast as possible, half load; then verifies every purchase. */
export async function measureRound(pipeline: Pipeline, servers: Servers, orders: number): Promise<RoundFigures> {
  return withClient(pipeline.databaseUrl, async (client) => {
    const run = stretches(pipeline, client);
    await run(warmUpCount(orders), null);
    // Both pipelines plan their statements for tables that hold something, as they do in a life longer than a few seconds.
    await client.query('analyze');
    await servers.settle();
    const before = spent(pipeline, servers);
    const fast = await run(orders, null);
    const after = spent(pipeline, servers);
    const memory = Object.fromEntries([...pipeline.processes].map(([name, pid]) => [name, memoryMb(pid)]));
    const seconds =
      (Math.max(...fast.map((one) => one.grantedAtMs)) - Math.min(...fast.map((one) => one.publishedAtMs))) / 1_000;
    const perSecond = orders / seconds;
    await servers.settle();
    const calm = await run(halfLoadCount(orders), perSecond / 2);
    return {
      perSecond,
      micros: {
        node: (after.node - before.node) / orders,
        redis: (after.redis - before.redis) / orders,
        postgres: (after.postgres - before.postgres) / orders,
      },
      latenciesMs: calm.map((one) => one.grantedAtMs - one.publishedAtMs),
      memoryMb: memory,
      faults: await pipeline.verify(purchasesOfRound(orders)),
    };
  });
}

type Passage = { readonly publishedAtMs: number; readonly grantedAtMs: number };

/** Runs one stretch after the other; answers when each of its purchases was published and granted. */
function stretches(
  pipeline: Pipeline,
  client: pg.Client,
): (count: number, perSecond: number | null) => Promise<readonly Passage[]> {
  let done = 0;
  return async (count, perSecond) => {
    const from = done;
    done += count;
    pipeline.upstream.tell({ kind: 'run', from, count, perSecond } satisfies Stretch as Stretch);
    const { publishedAtMs } = await pipeline.upstream.hear<Published>('published');
    await untilGranted(pipeline, client, done);
    const { rows } = await client.query<{ workspace_id: string; at_ms: string }>(pipeline.grantsQuery);
    const grantedAtMs = new Map(rows.map((row) => [nthOf(row.workspace_id), Number(row.at_ms)]));
    return publishedAtMs.map((at, index) => ({
      publishedAtMs: at,
      grantedAtMs: grantedAtMs.get(from + index) ?? Number.POSITIVE_INFINITY,
    }));
  };
}

async function untilGranted(pipeline: Pipeline, client: pg.Client, wanted: number): Promise<void> {
  let granted = 0;
  let changedAt = performance.now();
  while (granted < wanted) {
    const { rows } = await client.query<{ n: string }>(pipeline.grantsCountQuery);
    const now = Number(rows[0]?.n ?? 0);
    if (now > granted) changedAt = performance.now();
    granted = now;
    if (performance.now() - changedAt > STALLED_AFTER_MS)
      throw new Error(`no purchase was granted for two minutes: ${String(granted)} of ${String(wanted)} are`);
    if (granted < wanted) await pause(LOOK_EVERY_MS);
  }
}

const spent = (pipeline: Pipeline, { redis, postgres }: Servers): ProcessorMicros => ({
  node: processorMicros([...pipeline.processes.values()]),
  redis: processorMicros([redis.pid]),
  postgres: processorMicrosOfFamily(postgres.pid),
});
