import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { checkoutRoot } from '../checkout.js';
import { onFreePort } from './free-port.js';
import { startGuarded } from './guarded-server.js';
import type { GuardedServer } from './guarded-server.js';
import { isRoot, postgresBinaries } from './postgres-binaries.js';
import type { PostgresBinaries } from './postgres-binaries.js';
import { startRestartable } from './restartable.js';
import type { ServerHandle, ServerOptions } from './server-handle.js';

const START_TIMEOUT_MS = 60_000;
// After kill -9 of the postmaster its children take a moment to notice, and hold the shared memory until then.
const SHARED_MEMORY_TRIES_MAX = 50;
const SHARED_MEMORY_PAUSE_MS = 100;
const SERVER_ENV = { LC_ALL: 'C', TZ: 'UTC' };

/** Where the persistent private PostgreSQL of this checkout keeps its data. */
export function defaultPostgresDataDir(): string {
  if (!isRoot()) return path.join(checkoutRoot(), '.data', 'postgres-18');
  // The server runs as another account then, which need not be able to enter the checkout.
  const tag = createHash('sha1').update(checkoutRoot()).digest('hex').slice(0, 8);
  return path.join('/var/tmp', `billfleet-${tag}`, 'postgres-18');
}

/** Starts the embedded PostgreSQL 18 on the loopback address; superuser `postgres`, no password. */
export async function startPostgres(options: ServerOptions & { dataDir?: string }): Promise<ServerHandle> {
  const binaries = postgresBinaries();
  const dataDir = options.ephemeral
    ? mkdtempSync(path.join(os.tmpdir(), 'billfleet-postgres-'))
    : (options.dataDir ?? defaultPostgresDataDir());
  try {
    prepare(dataDir, binaries, options);
    return await onFreePort('PostgreSQL', options.port, (port) => startOn(port, dataDir, binaries, options));
  } catch (error) {
    if (options.ephemeral) rmSync(dataDir, { recursive: true, force: true });
    throw error;
  }
}

function startOn(
  port: number,
  dataDir: string,
  binaries: PostgresBinaries,
  options: ServerOptions,
): Promise<ServerHandle> {
  return startRestartable({
    url: `postgres://postgres@127.0.0.1:${String(port)}/postgres`,
    port,
    dataDir,
    launch: () => launch(port, dataDir, binaries, options),
    wipe() {
      for (const entry of readdirSync(dataDir)) rmSync(path.join(dataDir, entry), { recursive: true, force: true });
      prepare(dataDir, binaries, options);
    },
    cleanUp() {
      if (options.ephemeral) rmSync(dataDir, { recursive: true, force: true });
    },
  });
}

function prepare(dataDir: string, { initdb, account }: PostgresBinaries, options: ServerOptions): void {
  mkdirSync(dataDir, { recursive: true, mode: 0o755 });
  refuseIfInUse(dataDir);
  if (account !== undefined) chownSync(dataDir, account.uid, account.gid);
  chmodSync(dataDir, 0o700);
  if (existsSync(path.join(dataDir, 'PG_VERSION'))) return;
  options.onProgress?.('creating the database cluster');
  const flags = ['-U', 'postgres', '--auth=trust', '--encoding=UTF8', '--locale-provider=builtin', '--locale=C.UTF-8'];
  const done = spawnSync(
    initdb,
    ['-D', dataDir, ...flags, '--no-instructions', ...(options.durable ? [] : ['--no-sync'])],
    {
      ...account,
      cwd: os.tmpdir(),
      encoding: 'utf8',
      env: { PATH: process.env['PATH'] ?? '', ...SERVER_ENV },
    },
  );
  if (done.status !== 0) {
    // A half-made cluster would be taken for a whole one by the next start.
    rmSync(dataDir, { recursive: true, force: true });
    throw new Error(`the database cluster could not be created: ${done.error?.message ?? done.stderr}`);
  }
}

/** Process id of the PostgreSQL that runs on this data, if one does; a lock file that a crash has left is removed. */
export function postgresHolder(dataDir: string): number | undefined {
  const lockFile = path.join(dataDir, 'postmaster.pid');
  if (process.platform !== 'linux' || !existsSync(lockFile)) return undefined;
  const holder = Number(readFileSync(lockFile, 'utf8').split('\n')[0]);
  const commandLine = `/proc/${String(holder)}/cmdline`;
  if (existsSync(commandLine) && readFileSync(commandLine, 'utf8').includes('postgres')) return holder;
  // PostgreSQL itself would refuse to start if the process id has been given to another program since.
  rmSync(lockFile);
  return undefined;
}

function refuseIfInUse(dataDir: string): void {
  const holder = postgresHolder(dataDir);
  if (holder === undefined) return;
  throw new Error(
    `the data in ${dataDir} is in use by a running PostgreSQL (process ${String(holder)}): ` +
      'is billfleet already up in this checkout? Stop it first, or set DATABASE_URL',
  );
}

function settingsFor(durable: boolean): string[] {
  const onOff = durable ? 'on' : 'off';
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '200',
    shared_buffers: '128MB',
    io_method: 'sync',
    fsync: onOff,
    synchronous_commit: onOff,
    full_page_writes: onOff,
  };
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

async function launch(
  port: number,
  dataDir: string,
  binaries: PostgresBinaries,
  options: ServerOptions,
): Promise<GuardedServer> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await startGuarded({
        label: 'PostgreSQL',
        bin: binaries.postgres,
        args: ['-D', dataDir, '-p', String(port), ...settingsFor(options.durable)],
        env: SERVER_ENV,
        account: binaries.account,
        ready: /database system is ready to accept connections/,
        stopSignal: 'INT',
        scratchDir: options.ephemeral ? dataDir : undefined,
        startTimeoutMs: START_TIMEOUT_MS,
      });
    } catch (error) {
      const isDying = error instanceof Error && /pre-existing shared memory|postmaster\.pid/.test(error.message);
      if (isDying && tries === 1) refuseIfInUse(dataDir);
      if (!isDying || tries === SHARED_MEMORY_TRIES_MAX) throw error;
      await new Promise((resolve) => setTimeout(resolve, SHARED_MEMORY_PAUSE_MS));
    }
  }
}
