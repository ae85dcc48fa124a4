import { spawnSync } from 'node:child_process';
import type { SpawnSyncReturns } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { checkoutRoot } from '../checkout.js';
import { onPath } from './on-path.js';

/** A Redis or Valkey server program and what its environment needs. */
export type RedisBinary = { bin: string; env: Record<string, string> };

const HINTS: Readonly<Record<string, string>> = {
  darwin: 'brew install redis',
  linux: 'install redis-server (6.2 or newer) or valkey-server with your package manager',
};
const HINT_ELSEWHERE = 'start one with: docker run -p 6379:6379 redis:7';

/** Looks on the PATH, then makes a private copy of Debian's package (no root needed, nothing installed in the system). */
export function redisBinary(onProgress?: (line: string) => void): RedisBinary {
  for (const name of ['redis-server', 'valkey-server']) {
    const bin = onPath(name);
    if (bin !== undefined) return { bin, env: {} };
  }
  const copy = process.platform === 'linux' ? privateCopy(onProgress) : undefined;
  if (copy !== undefined) return copy;
  throw new Error(`no Redis was found: ${HINTS[process.platform] ?? HINT_ELSEWHERE}, or set REDIS_URL`);
}

function privateCopy(onProgress?: (line: string) => void): RedisBinary | undefined {
  if (onPath('apt-get') === undefined || onPath('dpkg') === undefined) return undefined;
  const cache = path.join(checkoutRoot(), '.cache');
  const root = path.join(cache, 'redis');
  if (!existsSync(path.join(root, 'usr/bin/redis-server'))) {
    onProgress?.('fetching a private copy of Redis from the package manager');
    mkdirSync(cache, { recursive: true });
    const draft = mkdtempSync(path.join(cache, 'redis-'));
    try {
      if (!fetchInto(draft)) return undefined;
      rmSync(root, { recursive: true, force: true });
      renameSync(path.join(draft, 'root'), root);
    } finally {
      rmSync(draft, { recursive: true, force: true });
    }
  }
  return { bin: path.join(root, 'usr/bin/redis-server'), env: { LD_LIBRARY_PATH: libraryFolders(root).join(':') } };
}

/** Unpacks redis-tools and what it needs below `draft/root`. The server is inside: it picks its role from its name. */
function fetchInto(draft: string): boolean {
  mkdirSync(path.join(draft, 'state/lists/partial'), { recursive: true });
  mkdirSync(path.join(draft, 'cache/archives/partial'), { recursive: true });
  const own = [
    ...['-o', `Dir::State=${draft}/state`, '-o', 'Dir::State::status=/var/lib/dpkg/status'],
    ...['-o', `Dir::Cache=${draft}/cache`, '-o', 'APT::Sandbox::User='],
  ];
  // The system's own lists first; when they are empty, private ones.
  const isDownloaded = download(draft, []) || (apt(draft, [...own, 'update']).status === 0 && download(draft, own));
  if (!isDownloaded) return false;
  for (const file of readdirSync(draft)) {
    if (file.endsWith('.deb')) spawnSync('dpkg', ['-x', file, 'root'], { cwd: draft });
  }
  const programs = path.join(draft, 'root/usr/bin');
  if (!existsSync(path.join(programs, 'redis-check-rdb'))) return false;
  if (!existsSync(path.join(programs, 'redis-server')))
    symlinkSync('redis-check-rdb', path.join(programs, 'redis-server'));
  return true;
}

function download(draft: string, flags: string[]): boolean {
  const plan = apt(draft, [...flags, 'install', '-s', '--no-install-recommends', 'redis-tools']);
  const needed = [...plan.stdout.matchAll(/^Inst (\S+)/gm)].flatMap((found) => found[1] ?? []);
  return apt(draft, [...flags, 'download', ...new Set(['redis-tools', ...needed])]).status === 0;
}

function apt(cwd: string, args: string[]): SpawnSyncReturns<string> {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' };
  return spawnSync('apt-get', ['-qq', ...args], { cwd, encoding: 'utf8', env });
}

function libraryFolders(root: string): string[] {
  const tops = ['usr/lib', 'lib'].map((folder) => path.join(root, folder)).filter((folder) => existsSync(folder));
  return tops.flatMap((top) => [
    top,
    ...readdirSync(top)
      .filter((name) => name.includes('linux-gnu'))
      .map((name) => path.join(top, name)),
  ]);
}
