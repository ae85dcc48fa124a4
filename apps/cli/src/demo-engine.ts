import { randomUUID } from 'node:crypto';
import { createBillfleet, createPublisher } from '@billfleet/client';
import { loadConfig } from '@billfleet/platform';
import type { Config } from '@billfleet/platform';
import { auditEngine } from './audit-engine.js';
import type { DemoEngine, DemoResult } from './commands/demo.js';
import { DemoBuyer, DemoFailedError, waitFor } from './demo/demo-buyer.js';
import type { DemoStage } from './demo/demo-buyer.js';
import { openTemporaryFleet } from './demo/temporary-fleet.js';
import { openStore } from './open-store.js';

type Reach = { readonly url: string; readonly apiKey: string; readonly config: Config };
type Say = (line: string) => void;

/** Plays the main job over HTTP and over a queue, against a fleet of processes, and audits what it left behind. */
export const playDemo: DemoEngine = async ({ target, onProgress }) => {
  if (target.kind === 'running') {
    const { url, apiKey } = target;
    return play({ url, apiKey, config: loadConfig(target.environment) }, onProgress);
  }
  const fleet = await openTemporaryFleet(onProgress);
  try {
    const config = loadConfig(fleet.environment);
    return await play({ url: config.publicUrl, apiKey: config.bootstrapApiKey ?? '', config }, onProgress);
  } finally {
    await fleet.close();
  }
};

async function play(reach: Reach, onProgress: Say): Promise<DemoResult> {
  const startedAt = performance.now();
  const seconds = (): number => Math.round((performance.now() - startedAt) / 100) / 10;
  onProgress(`gateway ${reach.url}, mailbox ${reach.config.sandboxUrl}/dev/mailbox`);
  const billfleet = createBillfleet({ baseUrl: reach.url, apiKey: reach.apiKey });
  const done: string[] = [];
  try {
    await buyEverything({ billfleet, sandboxUrl: reach.config.sandboxUrl, onProgress }, reach, done);
    await atRest(reach.config);
  } catch (error) {
    if (!(error instanceof DemoFailedError)) throw error;
    onProgress(error.message);
    return {
      ok: false,
      orders: done.length,
      seconds: seconds(),
      auditViolations: await audit(reach.config, onProgress),
    };
  }
  const played = seconds();
  const auditViolations = await audit(reach.config, onProgress);
  return { ok: auditViolations === 0, orders: done.length, seconds: played, auditViolations };
}

async function buyEverything(stage: DemoStage, reach: Reach, done: string[]): Promise<void> {
  const american = await DemoBuyer.register(stage, 'US');
  done.push((await american.buy('card')).id);
  await american.isToldOf(1);
  const brazilian = await DemoBuyer.register(stage, 'BR');
  done.push((await brazilian.buy('pix')).id);
  await brazilian.isToldOf(1);
  await american.askForReminder();
  await american.isToldOf(2);
  done.push(await buyThroughQueue(stage, reach));
}

/** An upstream service orders and confirms on the queues, and never calls the gateway for it. */
async function buyThroughQueue(stage: DemoStage, { config, apiKey }: Reach): Promise<string> {
  const buyer = await DemoBuyer.register(stage, 'US');
  const { workspaceId } = buyer;
  const publisher = createPublisher({ redisUrl: config.redisUrl, prefix: config.queuePrefix, apiKey });
  const wish = { plan: 'base', seats: 3, periodMonths: 6 };
  const { amountMinor, currency } = await stage.billfleet.quotes.create({ workspaceId, ...wish });
  const orderKey = `demo/${randomUUID()}`;
  try {
    stage.onProgress(`${buyer.name}: an upstream service orders and confirms through the queues`);
    const purchase = { ...wish, expectedAmountMinor: amountMinor, expectedCurrency: currency };
    const payment = { collection: 'upstream' } as const;
    await publisher.publish('order.place', { workspaceId, purchase, payment }, { idempotencyKey: orderKey });
    const reference = randomUUID();
    const paid = { reference, amountMinor, currency, paidAt: new Date().toISOString() };
    const order = { workspaceId, orderKey };
    await publisher.publish(
      'payment-confirmation.record',
      { provider: 'upstream', workspaceId, order, ...paid },
      { idempotencyKey: `demo/${reference}` },
    );
  } finally {
    await publisher.close();
  }
  const placed = await waitFor('the order of the queue', async () => {
    return (await stage.billfleet.requests.get(workspaceId, orderKey))?.ref ?? undefined;
  });
  await buyer.fulfilled(placed);
  await buyer.isToldOf(1);
  return placed;
}

/** Work that is due later than this, such as the next look at an open checkout, is no sign of unrest. */
const SOON_MS = 5_000;

/** Some audits hold only once everything that is due is done. */
async function atRest(config: Config): Promise<void> {
  const { store, close } = await openStore(config.databaseUrl);
  try {
    await waitFor('rest', async () => {
      const due = await store.query(
        `select 1 from work where dead_at is null and (leased or due_at < now() + $1 * interval '1 ms') limit 1`,
        [SOON_MS],
      );
      return due.length === 0 ? true : undefined;
    });
  } finally {
    await close();
  }
}

async function audit(config: Config, onProgress: Say): Promise<number> {
  const results = await auditEngine(config);
  for (const { id, about, violations } of results)
    if (violations > 0) onProgress(`audit ${id} (${about}): ${String(violations)} violations`);
  onProgress(`${String(results.length)} audits ran`);
  return results.reduce((sum, result) => sum + result.violations, 0);
}
