import { startChild } from '../child.js';
import { differences } from '../pipeline.js';
import type { Pipeline } from '../pipeline.js';
import { PURCHASE, workspaceIdOf } from '../purchase.js';
import { withClient } from '../servers.js';
import type { Servers } from '../servers.js';
import { NAIVE_SCHEMA } from './schema.js';
import type { NaiveSettings } from './jobs.js';

const WORKERS = 4;
/** Jobs of one kind that a process works on at a time; more made no difference, fewer were slower. */
const CONCURRENCY = 16;

const COUNTS = `select (select count(*) from orders where status = 'fulfilled') as fulfilled, (select count(*) from orders) as orders,
  (select count(*) from payment) as payments, (select count(*) from ledger) as ledger, (select coalesce(sum(amount_minor), 0) from ledger) as balance,
  (select count(*) from subscription) as subscriptions, (select count(*) from seat) as seats, (select count(*) from notification) as notifications`;

/** Brings up the hand-written pipeline: four workers and an upstream service, on a database of its own. */
export async function startNaive(servers: Servers, database: string, purchases: number): Promise<Pipeline> {
  const databaseUrl = await servers.createDatabase(database);
  await withClient(databaseUrl, async (client) => {
    await client.query(NAIVE_SCHEMA);
    await client.query(
      `insert into workspace select id, 'US', 'USD', 'admin@' || id || '.example' from unnest($1::uuid[]) as id`,
      [Array.from({ length: purchases }, (_, nth) => workspaceIdOf(nth))],
    );
    await client.query('analyze workspace');
  });
  const settings: NaiveSettings = { databaseUrl, redisUrl: servers.redis.url, concurrency: CONCURRENCY };
  const start = (file: string) => startChild(new URL(file, import.meta.url), settings);
  const [upstream, ...workers] = await Promise.all([
    start('./upstream-main.js'),
    ...Array.from({ length: WORKERS }, () => start('./worker-main.js')),
  ]);
  return {
    databaseUrl,
    upstream,
    processes: new Map([
      ['upstream', upstream.pid],
      ...workers.map((worker, index): [string, number] => [`worker-${String(index + 1)}`, worker.pid]),
    ]),
    grantsQuery:
      'select workspace_id, extract(epoch from pg_xact_commit_timestamp(xmin)) * 1000 as at_ms from subscription',
    grantsCountQuery: 'select count(*) as n from subscription',
    verify: async (count) => {
      const { rows } = await withClient(databaseUrl, (client) => client.query<Record<string, string>>(COUNTS));
      return differences(rows[0] ?? {}, {
        orders: count,
        fulfilled: count,
        payments: count,
        ledger: 2 * count,
        balance: 0,
        subscriptions: count,
        seats: PURCHASE.seats * count,
        notifications: count,
      });
    },
    stop: async () => {
      await Promise.all([upstream, ...workers].map((child) => child.stop()));
    },
  };
}
