import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { migrate } from '@billfleet/store';
import { fleetVariables, newSecrets } from '../fleet-environment.js';
import { launchFleet } from '../fleet-processes.js';
import { seedApiKey } from '../seed.js';
import { freePort, startPostgres, startRedis } from '../services.js';

/** A fleet of processes with servers of its own, on free ports and in folders that go with it. */
export type TemporaryFleet = {
  readonly environment: Readonly<Record<string, string>>;
  /** Drains the fleet, ends its servers and removes what they wrote. */
  close(): Promise<void>;
};

const DRAIN_DEADLINE_MS = 15_000;

/** Brings everything up: servers (`durable`: whose commits survive a power cut), schema, first API key, processes. What was started is ended again when something fails. */
export async function openTemporaryFleet(
  onProgress: (line: string) => void,
  { durable = false }: { readonly durable?: boolean } = {},
): Promise<TemporaryFleet> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'billfleet-demo-'));
  const ends: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const end of ends.splice(0).toReversed()) await end();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const options = { ephemeral: true, durable, onProgress };
    onProgress('a temporary PostgreSQL and Redis come up');
    const postgres = await startPostgres(options);
    ends.push(() => postgres.stop());
    const redis = await startRedis(options);
    ends.push(() => redis.stop());
    const environment = await environmentOf(folder, { databaseUrl: postgres.url, redisUrl: redis.url });
    await migrate(postgres.url);
    await seedApiKey(postgres.url, environment['BILLFLEET_BOOTSTRAP_API_KEY'] ?? '');
    onProgress('the fleet comes up');
    const fleet = await launchFleet({ env: environment, log: 'file', logDir: path.join(folder, 'log') });
    ends.push(() => fleet.stop({ deadlineMs: DRAIN_DEADLINE_MS }));
    return { environment, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function environmentOf(
  folder: string,
  servers: { databaseUrl: string; redisUrl: string },
): Promise<Record<string, string>> {
  const [gatewayPort, sandboxPort, smtpPort] = [await freePort(), await freePort(), await freePort()];
  return {
    PATH: process.env['PATH'] ?? '',
    NODE_ENV: 'development',
    ...newSecrets(),
    ...fleetVariables({ ...servers, gatewayPort, sandboxPort, smtpPort }),
    BILLFLEET_SANDBOX_DATA_DIR: path.join(folder, 'sandbox'),
  };
}
