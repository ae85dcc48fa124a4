import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { checkoutRoot } from '../checkout.js';
import { onFreePort } from './free-port.js';
import { startGuarded } from './guarded-server.js';
import { redisBinary } from './redis-binary.js';
import type { RedisBinary } from './redis-binary.js';
import { startRestartable } from './restartable.js';
import type { ServerHandle, ServerOptions } from './server-handle.js';

const START_TIMEOUT_MS = 30_000;
const PID_FILE = 'redis.pid';

/** Where the persistent private Redis of this checkout keeps its append log. */
function defaultRedisDir(): string {
  return path.join(checkoutRoot(), '.data', 'redis');
}

/** Starts a private Redis (or Valkey) on the loopback address with `noeviction`, which BullMQ needs. */
export async function startRedis(options: ServerOptions & { dir?: string }): Promise<ServerHandle> {
  const binary = redisBinary(options.onProgress);
  const dir = options.ephemeral
    ? mkdtempSync(path.join(os.tmpdir(), 'billfleet-redis-'))
    : (options.dir ?? defaultRedisDir());
  mkdirSync(dir, { recursive: true });
  try {
    refuseIfInUse(dir);
    return await onFreePort('Redis', options.port, (port) => startOn(port, dir, binary, options));
  } catch (error) {
    if (options.ephemeral) rmSync(dir, { recursive: true, force: true });
    throw error;
  }
}

/** Redis takes no lock of its own: two servers on one append log would destroy it. */
function refuseIfInUse(dir: string): void {
  const pidFile = path.join(dir, PID_FILE);
  if (process.platform !== 'linux' || !existsSync(pidFile)) return;
  const holder = readFileSync(pidFile, 'utf8').trim();
  const commandLine = `/proc/${holder}/cmdline`;
  if (!existsSync(commandLine) || !/redis|valkey/.test(readFileSync(commandLine, 'utf8'))) return;
  throw new Error(
    `the data in ${dir} is in use by a running Redis (process ${holder}): ` +
      'is billfleet already up in this checkout? Stop it first, or set REDIS_URL',
  );
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
    pidfile: path.join(dir, PID_FILE),
    databases: '64',
    'maxmemory-policy': 'noeviction',
    save: '',
    appendonly: durable ? 'yes' : 'no',
    appendfsync: 'everysec',
  };
  return Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
}
