import { readFileSync, readdirSync, readlinkSync } from 'node:fs';

const STATE_LISTENING = '0A';

/** Who listens on a port, as "name (process 123)", where the system lets us see it; for error messages only. */
export function portHolder(port: number): string | undefined {
  if (process.platform !== 'linux') return undefined;
  const sockets = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) => listeningSockets(table, port));
  if (sockets.length === 0) return undefined;
  const wanted = new Set(sockets.map((inode) => `socket:[${inode}]`));
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    if (holdsAny(pid, wanted)) return `${commandOf(pid)} (process ${pid})`;
  }
  return undefined;
}

function listeningSockets(table: string, port: number): string[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return readIfThere(table)
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[1]?.endsWith(suffix) === true && fields[3] === STATE_LISTENING)
    .flatMap((fields) => fields[9] ?? []);
}

function holdsAny(pid: string, wanted: ReadonlySet<string>): boolean {
  try {
    const folder = `/proc/${pid}/fd`;
    return readdirSync(folder).some((descriptor) => wanted.has(readlinkSync(`${folder}/${descriptor}`)));
  } catch {
    // Another account's process, or one that has just ended: it stays unknown.
    return false;
  }
}

function commandOf(pid: string): string {
  return readIfThere(`/proc/${pid}/cmdline`).split('\0').slice(0, 2).join(' ').trim() || 'a process';
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
