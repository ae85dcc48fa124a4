import { randomInt } from 'node:crypto';
import { mkdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';

// Below the range that Linux hands out to outgoing connections. A port inside that range can be taken by any client
// while its server is down, and a client that keeps dialling such a port on loopback can even connect to itself.
const PORT_MIN = 20_000;
const PORT_MAX = 30_000;
const TRIES_MAX = 200;
const RACES_MAX = 5;
/** Longer than any server of ours takes from the choice of its port until it listens there. */
const SPOKEN_FOR_MS = 60_000;

/** Whether this port of the loopback address is free at this moment. */
export function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = net.createServer();
    probe.once('error', () => {
      resolve(false);
    });
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      probe.close(() => {
        resolve(true);
      });
    });
  });
}

/**
 * Marks a port as spoken for, for all processes of this user: between the choice of a port and the moment its server listens
 * there, another test or fleet that starts at the same time would find it free as well.
 */
function speakFor(port: number): boolean {
  const folder = path.join(os.tmpdir(), `billfleet-ports-${String(os.userInfo().uid)}`);
  const mark = path.join(folder, String(port));
  mkdirSync(folder, { recursive: true });
  try {
    writeFileSync(mark, '', { flag: 'wx' });
    return true;
  } catch {
    const ageMs = Date.now() - (statSync(mark, { throwIfNoEntry: false })?.mtimeMs ?? 0);
    if (ageMs < SPOKEN_FOR_MS) return false;
    utimesSync(mark, new Date(), new Date());
    return true;
  }
}

/** A port of the loopback address that is free now, and that no other process of ours was given within the last minute. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const port = randomInt(PORT_MIN, PORT_MAX);
    if ((await isPortFree(port)) && speakFor(port)) return port;
  }
  throw new Error(`no free port between ${String(PORT_MIN)} and ${String(PORT_MAX)} after ${String(TRIES_MAX)} tries`);
}

/**
 * Starts a server on the given port, or on a free one; a free one that somebody else has taken meanwhile is replaced.
 * @throws an error that names the port, when the given one is taken.
 */
export async function onFreePort<Server>(
  label: string,
  given: number | undefined,
  start: (port: number) => Promise<Server>,
): Promise<Server> {
  for (let tries = 1; ; tries += 1) {
    const port = given ?? (await freePort());
    try {
      return await start(port);
    } catch (error) {
      const isTaken = error instanceof Error && /Address already in use/i.test(error.message);
      if (!isTaken) throw error;
      if (given !== undefined)
        throw new Error(`port ${String(given)} for ${label} is already in use`, { cause: error });
      if (tries === RACES_MAX) throw error;
    }
  }
}
