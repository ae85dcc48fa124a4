import { createBillfleet } from '@billfleet/client';
import type { Billfleet } from '@billfleet/client';
import { loadConfig } from '@billfleet/platform';
import type { Config } from '@billfleet/platform';
import type { Store } from '@billfleet/store';
import { auditEngine } from '../../../apps/cli/src/audit-engine.js';
import { clockEngine } from '../../../apps/cli/src/clock-engine.js';
import type { BenchClocksEngine } from '../../../apps/cli/src/commands/bench.js';
import type { ClockDesk } from '../../../apps/cli/src/commands/clock.js';
import { openTemporaryFleet } from '../../../apps/cli/src/demo/temporary-fleet.js';
import { openStore } from '../../../apps/cli/src/open-store.js';
import { median } from '../purchases/figures.js';

const STARTS_AT = '2027-01-31T15:00:00Z';
const MILLISECONDS_MAX = 2_000;
const POLL_MS = 2;
const PATIENCE_MS = 60_000;

type Stage = {
  readonly billfleet: Billfleet;
  readonly clocks: ClockDesk;
  readonly store: Store;
};

/** What a life came to: orders that were given, mails that were sent, months of credits. */
type Life = { readonly orders: number; readonly mails: number; readonly months: number };

/** Has one workspace after the other live on a clock of its own, on a fleet of processes with durable servers; the first life warms up. */
export const benchClocks: BenchClocksEngine = async ({ months, rounds, onProgress }) => {
  const fleet = await openTemporaryFleet(onProgress, { durable: true });
  try {
    const config = loadConfig(fleet.environment);
    const [clocks, open] = [await clockEngine(config), await openStore(config.databaseUrl)];
    try {
      const billfleet = createBillfleet({ baseUrl: config.publicUrl, apiKey: config.bootstrapApiKey ?? '' });
      return await measure({ billfleet, clocks, store: open.store }, config, { months, rounds, onProgress });
    } finally {
      await clocks.close();
      await open.close();
    }
  } finally {
    await fleet.close();
  }
};

async function measure(
  stage: Stage,
  config: Config,
  { months, rounds, onProgress }: Parameters<BenchClocksEngine>[0],
): ReturnType<BenchClocksEngine> {
  const to = monthsAfter(STARTS_AT, months);
  const lives: (Life & { readonly milliseconds: number })[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const life = await live(stage, to);
    onProgress(`${round === 0 ? 'warm-up' : `round ${String(round)}`}: ${String(life.milliseconds)} ms`);
    if (round > 0) lives.push(life);
  }
  const [first] = lives;
  const { orders = 0, mails = 0, months: monthsOfCredits = 0 } = first ?? {};
  const isSame = lives.every(
    (life) => life.orders === orders && life.mails === mails && life.months === monthsOfCredits,
  );
  const audits = await auditEngine(config);
  const auditViolations = audits.reduce((sum, { violations }) => sum + violations, 0);
  const milliseconds = median(lives.map((life) => life.milliseconds));
  return {
    ok: milliseconds < MILLISECONDS_MAX && isSame && monthsOfCredits > months && auditViolations === 0,
    ...{ months, milliseconds, orders, mails, monthsOfCredits, auditViolations },
    rounds: lives.map((life) => life.milliseconds),
  };
}

async function live(
  { billfleet, clocks, store }: Stage,
  to: string,
): Promise<Life & { readonly milliseconds: number }> {
  const [id, workspaceId] = [crypto.randomUUID(), crypto.randomUUID()];
  const place = { country: 'US', timeZone: 'America/New_York', locale: 'en' } as const;
  const billingEmail = `admin@${workspaceId.slice(0, 8)}.example`;
  await billfleet.workspaces.register({ id: workspaceId, name: 'Northwind Studio', billingEmail, ...place });
  await clocks.create({ id, name: 'bench', nowAt: STARTS_AT });
  await clocks.attach(id, workspaceId);
  const quote = await billfleet.quotes.create({ workspaceId, plan: 'advanced', seats: 5, periodMonths: 6 });
  const payment = { collection: 'provider', method: 'card', token: 'tok_visa' } as const;
  await billfleet.orders.place({ workspaceId, quoteId: quote.id, payment }, { idempotencyKey: workspaceId });
  await until(async () => (await billfleet.entitlements.get(workspaceId)) !== undefined);
  await billfleet.credits.get(workspaceId);
  const startedAt = performance.now();
  await clocks.advance(id, to);
  await until(async () => {
    const seen = await clocks.find(id);
    return seen.kind === 'done' && seen.clock.status === 'ready';
  });
  const milliseconds = Math.round(performance.now() - startedAt);
  const [life] = await store.query<Life>(
    `select (select count(*)::int from orders where workspace_id = $1 and status = 'fulfilled') as orders,
       (select count(*)::int from notification where workspace_id = $1 and status = 'sent') as mails,
       (select count(*)::int from credit_movement where workspace_id = $1 and kind = 'grant') as months`,
    [workspaceId],
  );
  return { orders: 0, mails: 0, months: 0, ...life, milliseconds };
}

async function until(look: () => Promise<boolean>): Promise<void> {
  for (const end = performance.now() + PATIENCE_MS; !(await look());) {
    if (performance.now() > end) throw new Error('the bench waited in vain for its fleet');
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** So many calendar months later, on the last day of a month that has no such day. */
function monthsAfter(instant: string, months: number): string {
  const [from, to] = [new Date(instant), new Date(instant)];
  to.setUTCDate(1);
  to.setUTCMonth(to.getUTCMonth() + months + 1, 0);
  to.setUTCDate(Math.min(from.getUTCDate(), to.getUTCDate()));
  return to.toISOString();
}
