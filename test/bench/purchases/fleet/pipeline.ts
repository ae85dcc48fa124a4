import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { hashSecret, newId, parseApiKey } from '@billfleet/billing';
import { migrate, tenants } from '@billfleet/store';
import type { Store } from '@billfleet/store';
import { fleetVariables, newSecrets } from '../../../../apps/cli/src/fleet-environment.js';
import { launchFleet } from '../../../../apps/cli/src/fleet-processes.js';
import type { FleetOptions } from '../../../../apps/cli/src/fleet-processes.js';
import { openStore } from '../../../../apps/cli/src/open-store.js';
import { freePort } from '../../../../apps/cli/src/services.js';
import { startChild } from '../child.js';
import type { Pipeline } from '../pipeline.js';
import { workspaceIdOf } from '../purchase.js';
import type { Servers } from '../servers.js';
import type { UpstreamSettings } from './settings.js';
import { verifyFleet } from './verify.js';

/** On the path of a purchase that an upstream service collects. */
const MEASURED = {
  gateway: 0,
  'order-worker': 1,
  'payment-worker': 1,
  'seat-worker': 1,
  'reminder-worker': 0,
  'delivery-worker': 0,
  dispatcher: 1,
  'sandbox-provider': 0,
} as const;
/** Send the receipts that were owed meanwhile, once nothing is measured any more. */
const AFTERWARDS = {
  ...MEASURED,
  'order-worker': 0,
  'payment-worker': 0,
  'seat-worker': 0,
  dispatcher: 0,
  'delivery-worker': 1,
  'sandbox-provider': 1,
} as const;
const WORKSPACES_PER_INSERT = 5_000;

/** Brings up the fleet as separate processes, and an upstream service, on a database of its own. */
export async function startFleet(servers: Servers, database: string, purchases: number): Promise<Pipeline> {
  const databaseUrl = await servers.createDatabase(database);
  const folder = mkdtempSync(path.join(os.tmpdir(), 'billfleet-bench-'));
  const secrets = newSecrets();
  const apiKey = secrets['BILLFLEET_BOOTSTRAP_API_KEY'] ?? '';
  const options: FleetOptions = {
    env: await variables(servers, databaseUrl, secrets, folder),
    log: 'file',
    logDir: folder,
  };
  await migrate(databaseUrl);
  await prepare(databaseUrl, apiKey, purchases);
  const settings: UpstreamSettings = { databaseUrl, redisUrl: servers.redis.url, apiKey };
  const fleet = await launchFleet({ ...options, apps: MEASURED });
  const upstream = await startChild(new URL('./upstream-main.js', import.meta.url), settings);
  let late: Awaited<ReturnType<typeof launchFleet>> | undefined;
  return {
    databaseUrl,
    upstream,
    processes: new Map([
      ['upstream', upstream.pid],
      ...[...fleet.processes].map(([name, one]): [string, number] => [name, one.pid]),
    ]),
    grantsQuery:
      'select workspace_id, extract(epoch from pg_xact_commit_timestamp(xmin)) * 1000 as at_ms from seat_grant',
    grantsCountQuery: 'select count(*) as n from seat_grant',
    verify: async (count) => {
      late ??= await launchFleet({ ...options, apps: AFTERWARDS });
      return verifyFleet(databaseUrl, count);
    },
    stop: async () => {
      await upstream.stop();
      await fleet.stop();
      await late?.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function variables(
  servers: Servers,
  databaseUrl: string,
  secrets: Readonly<Record<string, string>>,
  folder: string,
): Promise<Record<string, string | undefined>> {
  const [gatewayPort, sandboxPort, smtpPort] = [await freePort(), await freePort(), await freePort()];
  return {
    PATH: process.env['PATH'],
    NODE_OPTIONS: process.env['NODE_OPTIONS'],
    ...secrets,
    ...fleetVariables({ databaseUrl, redisUrl: servers.redis.url, gatewayPort, sandboxPort, smtpPort }),
    // The host product's door is a choice of the merchant; without it nothing is told.
    BILLFLEET_HOST_WEBHOOK_URL: '',
    BILLFLEET_HOST_URL: '',
    BILLFLEET_SANDBOX_DATA_DIR: path.join(folder, 'sandbox'),
  };
}

async function prepare(databaseUrl: string, apiKey: string, purchases: number): Promise<void> {
  const { store, close } = await openStore(databaseUrl);
  try {
    await insertKey(store, apiKey);
    for (let from = 0; from < purchases; from += WORKSPACES_PER_INSERT) {
      const rows = Array.from({ length: Math.min(WORKSPACES_PER_INSERT, purchases - from) }, (_, index) => {
        const id = workspaceIdOf(from + index);
        return {
          id,
          name: `Workspace ${String(from + index)}`,
          country: 'US',
          currency: 'USD' as const,
          timeZone: 'America/New_York',
          locale: 'en' as const,
          billingEmail: `admin@${id}.example`,
          trialEndsOn: null,
        };
      });
      await store.transaction((tx) => tenants.insertWorkspaces(tx, rows));
    }
    await store.query('analyze workspace');
  } finally {
    await close();
  }
}

async function insertKey(store: Store, apiKey: string): Promise<void> {
  const parsed = parseApiKey(apiKey);
  if (parsed === undefined) throw new Error('the fresh API key is not one');
  const { prefix, secret } = parsed;
  await store.transaction((tx) =>
    tenants.upsertApiKey(tx, {
      id: newId(),
      prefix,
      secretHash: hashSecret(secret),
      name: 'upstream service of the bench',
      scopes: ['publish'],
      role: 'service',
      workspaceId: null,
    }),
  );
}
