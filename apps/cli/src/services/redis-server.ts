import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { checkoutRoot } from '../checkout.js';
import { freePort } from './free-port.js';
import { startGuarded } from './guarded-server.js';
import { redisBinary } from './redis-binary.js';
import type { RedisBinary } from './redis-binary.js';
import { startRestartable } from './restartable.js';
import type { ServerHandle, ServerOptions } from './server-handle.js';

const START_TIMEOUT_MS = 30_000;
const PORT_TRIES_MAX = 5;

/** Where the persistent private Redis of this checkout keeps its append log. */
export function defaultRedisDir(): string {
  return path.join(checkoutRoot(), '.data', 'redis');
}

/** Starts a private Redis (or Valkey) on the loopback address with `noeviction`, which BullMQ needs. */
export async function startRedis(options: ServerOptions & { dir?: string }): Promise<ServerHandle> {
  const binary = redisBinary(options.onProgress);
  const dir = options.ephemeral
    ? mkdtempSync(path.join(os.tmpdir(), 'billfleet-redis-'))
    : (options.dir ?? defaultRedisDir());
  mkdirSync(dir, { recursive: true });
  for (let tries = 1; ; tries += 1) {
    const port = options.port ?? (await freePort());
    try {
      return await startOn(port, dir, binary, options);
    } catch (error) {
      const isLostRace = error instanceof Error && /Address already in use/i.test(error.message);
      if (!isLostRace) throw error;
      if (options.port !== undefined)
        throw new Error(`port ${String(port)} for Redis is already in use`, { cause: error });
      if (tries === PORT_TRIES_MAX) throw error;
    }
  }
}

function startOn(port: number, dir: string, binary: RedisBinary, options: ServerOptions): Promise<ServerHandle> {
  return startRestartable({
    url: `redis://127.0.0.1:${String(port)}/0`,
    port,
    dataDir: dir,
    launch: () =>
      startGuarded({
        label: 'Redis',
        bin: binary.bin,
        args: argumentsFor(port, dir, options.durable),
        env: { LC_ALL: 'C', TZ: 'UTC', ...binary.env },
        ready: /Ready to accept connections/,
        stopSignal: 'TERM',
        scratchDir: options.ephemeral ? dir : undefined,
        startTimeoutMs: START_TIMEOUT_MS,
      }),
    wipe() {
      for (const entry of readdirSync(dir)) rmSync(path.join(dir, entry), { recursive: true, force: true });
    },
    cleanUp() {
      if (options.ephemeral) rmSync(dir, { recursive: true, force: true });
    },
  });
}

function argumentsFor(port: number, dir: string, durable: boolean): string[] {
  const settings = {
    port: String(port),
    bind: '127.0.0.1',
    dir,
    databases: '64',
    'maxmemory-policy': 'noeviction',
    save: '',
    appendonly: durable ? 'yes' : 'no',
    appendfsync: 'everysec',
  };
  return Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
}
