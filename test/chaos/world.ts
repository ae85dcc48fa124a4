import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { migrate } from '@billfleet/store';
import { fleetVariables, newSecrets } from '../../apps/cli/src/fleet-environment.js';
import { launchFleet } from '../../apps/cli/src/fleet-processes.js';
import type { AppName, Fleet, FleetProcess } from '../../apps/cli/src/fleet-processes.js';
import { seedApiKey } from '../../apps/cli/src/seed.js';
import { freePort, startPostgres, startRedis } from '../../apps/cli/src/services.js';
import type { ServerHandle } from '../../apps/cli/src/services.js';
import { Ear } from './ear.js';

/** What a world is made of. Times are short, so that a run sees many leases end. */
export type WorldSettings = {
  readonly leaseMs: number;
  readonly firstCheckMs: number;
  readonly providerTimeoutMs: number;
  /** How many processes of each worker. */
  readonly workers: number;
  /** Whether commits wait for the disk. Default: they do. */
  readonly durable?: boolean;
  /** Values over the fleet's environment, such as a mutant. */
  readonly extra: Readonly<Record<string, string>>;
};

/** A fleet with servers of its own, all of it ours to break. */
export type World = {
  readonly postgres: ServerHandle;
  readonly redis: ServerHandle;
  readonly fleet: Fleet;
  readonly environment: Readonly<Record<string, string>>;
  readonly ear: Ear;
  /** Processes that somebody is breaking or repairing at this moment. */
  readonly busy: Set<string>;
  readonly leaseMs: number;
  close(): Promise<void>;
};

const STOP_DEADLINE_MS = 10_000;
const UP_DEADLINE_MS = 90_000;
const UP_PAUSE_MS = 250;

const WORKERS: readonly AppName[] = [
  'order-worker',
  'payment-worker',
  'seat-worker',
  'reminder-worker',
  'delivery-worker',
];

/** Brings up PostgreSQL (with fsync unless told otherwise), Redis, the schema, a first API key and the fleet. */
export async function openWorld(settings: WorldSettings, say: (line: string) => void): Promise<World> {
  const { durable = true } = settings;
  const [postgres, redis] = await Promise.all([
    startPostgres({ ephemeral: true, durable, onProgress: say }),
    startRedis({ ephemeral: true, durable, onProgress: say }),
  ]);
  const sandboxDir = mkdtempSync(path.join(os.tmpdir(), 'billfleet-chaos-'));
  const servers = { postgres, redis };
  const end = async (): Promise<void> => {
    await Promise.all([postgres.stop(), redis.stop()]);
    rmSync(sandboxDir, { recursive: true, force: true });
  };
  try {
    const environment = await environmentOf(servers, sandboxDir, settings);
    await migrate(postgres.url);
    await seedApiKey(postgres.url, environment['BILLFLEET_BOOTSTRAP_API_KEY'] ?? '');
    const ear = new Ear();
    const apps = Object.fromEntries([...WORKERS, 'dispatcher'].map((app) => [app, settings.workers]));
    const fleet = await launchFleet({
      env: environment,
      apps,
      log: (line, name) => {
        ear.hear(line, name);
      },
    });
    const busy = new Set<string>();
    const watch = watchFleet(fleet, ear, busy);
    return {
      ...servers,
      fleet,
      environment,
      ear,
      busy,
      leaseMs: settings.leaseMs,
      async close() {
        watch.stop();
        await fleet.stop({ deadlineMs: STOP_DEADLINE_MS });
        await end();
      },
    };
  } catch (error) {
    await end();
    throw error;
  }
}

async function environmentOf(
  { postgres, redis }: { postgres: ServerHandle; redis: ServerHandle },
  sandboxDir: string,
  settings: WorldSettings,
): Promise<Record<string, string>> {
  const ports = new Set<number>();
  while (ports.size < 3) ports.add(await freePort());
  const [gatewayPort = 0, sandboxPort = 0, smtpPort = 0] = ports;
  return {
    PATH: process.env['PATH'] ?? '',
    NODE_ENV: 'chaos',
    LOG_LEVEL: 'warn',
    ...newSecrets(),
    ...fleetVariables({ databaseUrl: postgres.url, redisUrl: redis.url, gatewayPort, sandboxPort, smtpPort }),
    BILLFLEET_SANDBOX_DATA_DIR: sandboxDir,
    BILLFLEET_LEASE_MS: String(settings.leaseMs),
    BILLFLEET_FIRST_CHECK_MS: String(settings.firstCheckMs),
    BILLFLEET_PROVIDER_TIMEOUT_MS: String(settings.providerTimeoutMs),
    BILLFLEET_DATABASE_POOL_SIZE: '4',
    BILLFLEET_DRAIN_MS: '5000',
    ...settings.extra,
  };
}

/** A process that ends although nobody broke it is started again, and remembered: that should not happen. */
function watchFleet(fleet: Fleet, ear: Ear, busy: Set<string>): { stop: () => void } {
  const state = { isOver: false };
  const watchOne = async (one: FleetProcess): Promise<void> => {
    for (;;) {
      await wait(UP_PAUSE_MS);
      if (state.isOver) return;
      if (one.isRunning || busy.has(one.name)) continue;
      const { code, signal } = await one.exited;
      // Whoever breaks a process marks it busy first.
      if (busy.has(one.name)) continue;
      busy.add(one.name);
      ear.surprise(one.name, `ended with ${signal ?? `status ${String(code)}`}`, one.lastOutput);
      await revive(one).finally(() => busy.delete(one.name));
    }
  };
  for (const one of fleet.processes.values()) void watchOne(one).catch(() => undefined);
  return { stop: () => (state.isOver = true) };
}

/** Starts a process again and again until it is up: PostgreSQL may be away just now. */
export async function revive(one: FleetProcess, env?: Readonly<Record<string, string>>): Promise<void> {
  const deadline = performance.now() + UP_DEADLINE_MS;
  for (;;) {
    try {
      await one.restart(env);
      return;
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await wait(UP_PAUSE_MS);
    }
  }
}

/** Ends every process in good order and starts it without any fault. */
export async function startAllAgain(world: World): Promise<void> {
  const all = processesOf(world);
  for (const one of all) world.busy.add(one.name);
  await Promise.all(all.map((one) => revive(one).finally(() => world.busy.delete(one.name))));
}

/** The processes of an app, or of all apps. */
export const processesOf = (world: World, app?: AppName): FleetProcess[] =>
  [...world.fleet.processes.values()].filter((one) => app === undefined || one.app === app);
