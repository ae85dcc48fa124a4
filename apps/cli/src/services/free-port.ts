import { randomInt } from 'node:crypto';
import net from 'node:net';

// Below the range that Linux hands out to outgoing connections. A port inside that range can be taken by any client
// while its server is down, and a client that keeps dialling such a port on loopback can even connect to itself.
const PORT_MIN = 20_000;
const PORT_MAX = 30_000;
const TRIES_MAX = 200;
const RACES_MAX = 5;

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

/** A port of the loopback address that is free now. Nothing reserves it: a caller that loses the race asks again. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const port = randomInt(PORT_MIN, PORT_MAX);
    if (await isPortFree(port)) return port;
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
