import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parseCatalogue } from '@billfleet/contracts';
import { civilDate } from '@billfleet/domain';
import { MovableClock } from '@billfleet/platform';
import { audits, dataSourceOptions, Store, tenants } from '@billfleet/store';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { DataSource } from 'typeorm';
import { RecordUsage } from './record-usage.js';
import { SpendCredits } from './spend-credits.js';
import { fleetSweeps } from './sweep-clock.js';
import { SweepUsage } from './sweep-usage.js';
import { WorkspaceClock } from './workspace-clock.js';

// Two gateways with connections of their own, which meet on the same rows.
const connect = (app: string): DataSource =>
  new DataSource(dataSourceOptions({ url: process.env['DATABASE_URL'] ?? '', poolSize: 4, app }));
const [first, second] = [connect('one'), connect('two')];
const sources = [first, second];
const read = parseCatalogue(readFileSync(new URL('../../../config/catalogue.yaml', import.meta.url), 'utf8'));
if (read.kind === 'faulty') throw new Error('the catalogue is faulty');
const { catalogue } = read;
const clock = new MovableClock(new Date('2026-10-05T15:00:00Z'));
const gatewayOn = (source: DataSource) => ({
  ...{ store: new Store(source, { leaseMs: 30_000 }), catalogue, clock: new WorkspaceClock(clock) },
});
const [one, two] = [gatewayOn(first), gatewayOn(second)];

beforeAll(async () => {
  for (const source of sources) await source.initialize();
});
afterAll(async () => {
  const broken = await audits.runAudits(first);
  for (const source of sources) await source.destroy();
  expect(broken.filter(({ id, violations }) => /^B(08|09|10)$/.test(id) && violations > 0)).toEqual([]);
});

/** A workspace on its trial, which has 1,800 credits and room for 50 active agents. */
async function trialing(): Promise<string> {
  const id = randomUUID();
  const place = { country: 'US', currency: 'USD', timeZone: 'America/New_York', locale: 'en' } as const;
  const more = { name: 'Trial', billingEmail: 'admin@customer.example', trialEndsOn: civilDate('2026-10-19') };
  await one.store.transaction((tx) => tenants.insertWorkspaces(tx, [{ id, ...place, ...more }]));
  return id;
}

/** Asks both gateways for each of the things at once, each thing by itself. */
const everywhere = <T>(count: number, ask: (parts: typeof one, nth: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, nth) => ask(nth % 2 === 0 ? one : two, nth)));

const spending = (workspaceId: string, amount: number, idempotencyKey: string = randomUUID()) => ({
  ...({
    input: { workspaceId, amount, action: 'summary' },
    idempotencyKey,
    source: 'http',
    actorWorkspaceId: null,
  } as const),
});

test('two gateways that spend at once never take more than there is, but for one action', async () => {
  const workspaceId = await trialing();
  const outcomes = await everywhere(40, (parts) => new SpendCredits(parts).run([spending(workspaceId, 70)]));
  const lefts = outcomes.flat().flatMap((one) => (one.kind === 'spent' ? [one.spend.left] : []));
  // 25 actions take 1,750, the next one begins with 50 and overspends, and all others find nothing.
  expect(lefts.sort((a, b) => b - a)).toEqual(Array.from({ length: 26 }, (_, nth) => 1_800 - 70 * (nth + 1)));
});

test('a key that comes to two gateways at once spends once, and both are told the same', async () => {
  const workspaceId = await trialing();
  const key = randomUUID();
  const outcomes = await everywhere(10, (parts) => new SpendCredits(parts).run([spending(workspaceId, 70, key)]));
  const spends = outcomes.flat().flatMap((one) => (one.kind === 'spent' ? [one.spend] : []));
  expect(new Set(spends.map(({ spendId, left }) => `${spendId} ${String(left)}`)).size).toBe(1);
  expect(spends.filter(({ isReplay }) => !isReplay)).toHaveLength(1);
});

test('reports and sweeps that meet tell each threshold once', async () => {
  const workspaceId = await trialing();
  const report = (value: number, nth: number) => ({
    ...{ input: { workspaceId, meter: 'activeAiAgents', value, observedAt: clock.now().toISOString() } },
    ...({ idempotencyKey: `${workspaceId}-${String(nth)}`, source: 'http', actorWorkspaceId: null } as const),
  });
  await everywhere(20, (parts, nth) => new RecordUsage(parts).run([report(50, nth)]));
  clock.advanceMs(86_400_000);
  await everywhere(6, (parts) => new SweepUsage(parts, fleetSweeps(clock)).run());
  const rows = await one.store.query<{ type: string; n: string }>(
    `select type, count(*) as n from event where workspace_id = $1 group by type order by type`,
    [workspaceId],
  );
  expect(rows).toEqual([
    { type: 'usage.blocked', n: '1' },
    { type: 'usage.threshold_reached', n: '1' },
  ]);
});
