import { randomInt } from 'node:crypto';
import net from 'node:net';

// Below the range that Linux hands out to outgoing connections. A port inside that range can be taken by any client
// while its server is down, and a client that keeps dialling such a port on loopback can even connect to itself.
const PORT_MIN = 20_000;
const PORT_MAX = 30_000;
const TRIES_MAX = 200;

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
