import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { hashSecret, newId, parseApiKey } from '@billfleet/billing';
import { migrate, tenants } from '@billfleet/store';
import { fleetVariables, newSecrets } from '../../../apps/cli/src/fleet-environment.js';
import { appNames, launchFleet } from '../../../apps/cli/src/fleet-processes.js';
import { openStore } from '../../../apps/cli/src/open-store.js';
import { freePort } from '../../../apps/cli/src/services.js';
import { workspaceIdOf } from '../purchases/purchase.js';
import type { Servers } from '../purchases/servers.js';

/** A gateway alone, on a database of its own. */
export type BenchGateway = {
  readonly port: number;
  readonly pid: number;
  readonly apiKey: string;
  readonly databaseUrl: string;
  stop(): Promise<void>;
};

/** Workspaces that ask for quotes in turn. */
export const WORKSPACES = 500;
const RATE_PER_MINUTE_MAX = '10000000';

/** Starts a gateway and nothing else: a quote needs no worker. */
export async function startGateway(servers: Servers): Promise<BenchGateway> {
  const databaseUrl = await servers.createDatabase('quotes');
  const folder = mkdtempSync(path.join(os.tmpdir(), 'billfleet-bench-'));
  const secrets = newSecrets();
  const apiKey = secrets['BILLFLEET_BOOTSTRAP_API_KEY'] ?? '';
  const [gatewayPort, sandboxPort, smtpPort] = [await freePort(), await freePort(), await freePort()];
  await migrate(databaseUrl);
  await prepare(databaseUrl, apiKey);
  const fleet = await launchFleet({
    env: {
      PATH: process.env['PATH'],
      NODE_OPTIONS: process.env['NODE_OPTIONS'],
      ...secrets,
      ...fleetVariables({ databaseUrl, redisUrl: servers.redis.url, gatewayPort, sandboxPort, smtpPort }),
      BILLFLEET_RATE_LIMIT_PER_MINUTE: RATE_PER_MINUTE_MAX,
    },
    apps: Object.fromEntries(appNames.map((name) => [name, name === 'gateway' ? 1 : 0])),
    log: 'file',
    logDir: folder,
  });
  return {
    port: gatewayPort,
    pid: fleet.processes.get('gateway')?.pid ?? 0,
    apiKey,
    databaseUrl,
    async stop() {
      await fleet.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function prepare(databaseUrl: string, apiKey: string): Promise<void> {
  const parsed = parseApiKey(apiKey);
  if (parsed === undefined) throw new Error('the fresh API key is not one');
  const { store, close } = await openStore(databaseUrl);
  const key = { id: newId(), prefix: parsed.prefix, secretHash: hashSecret(parsed.secret), workspaceId: null };
  const workspaces = Array.from({ length: WORKSPACES }, (_, nth) => ({
    id: workspaceIdOf(nth),
    name: `Workspace ${String(nth)}`,
    country: 'US',
    currency: 'USD' as const,
    timeZone: 'America/New_York',
    locale: 'en' as const,
    billingEmail: `admin@workspace-${String(nth)}.example`,
    trialEndsOn: null,
  }));
  try {
    await store.transaction(async (tx) => {
      await tenants.upsertApiKey(tx, { ...key, name: 'bench of quotes', scopes: ['publish', 'read'], role: 'service' });
      await tenants.insertWorkspaces(tx, workspaces);
    });
    await store.query('analyze workspace');
  } finally {
    await close();
  }
}
