import net from 'node:net';
import { Redis } from 'ioredis';
import type { Check } from './checkup.js';

const REDIS_MINIMUM: readonly [number, number] = [6, 2];
const ANSWER_TIMEOUT_MS = 4_000;

/** Redis: reachable, new enough for BullMQ, and told never to evict a job. */
export function redisCheck(url: string): Check {
  return {
    name: 'Redis',
    fix: 'start Redis 6.2 or newer (or Valkey) with maxmemory-policy noeviction, or set REDIS_URL',
    async run() {
      const redis = new Redis(url, { lazyConnect: true, maxRetriesPerRequest: 0, retryStrategy: () => null });
      // Reported by the rejected call; without a listener it would be printed a second time.
      redis.on('error', () => undefined);
      try {
        await redis.connect();
        const info = await redis.info();
        const version = /^redis_version:(\S+)/m.exec(info)?.[1] ?? '0';
        const policy = /^maxmemory_policy:(\S+)/m.exec(info)?.[1] ?? 'unknown';
        const [major = 0, minor = 0] = version.split('.').map(Number);
        const isNewEnough = major > REDIS_MINIMUM[0] || (major === REDIS_MINIMUM[0] && minor >= REDIS_MINIMUM[1]);
        return { ok: isNewEnough && policy === 'noeviction', found: `${version}, ${policy}` };
      } finally {
        redis.disconnect();
      }
    },
  };
}

/** The SMTP server: answers with its greeting. */
export function smtpCheck(url: string): Check {
  const { hostname, port, protocol } = new URL(url);
  const portNumber = port === '' ? (protocol === 'smtps:' ? 465 : 25) : Number(port);
  return {
    name: 'SMTP',
    fix: 'start the fleet (its sandbox holds a mail server) or set SMTP_URL',
    async run() {
      if (protocol === 'smtps:') return { ok: await canConnect(hostname, portNumber), found: 'port open' };
      const greeting = await greetingOf(hostname, portNumber);
      return { ok: greeting.startsWith('220'), found: greeting };
    },
  };
}

/** An HTTP server: a health page that answers 2xx. */
export function httpCheck(name: string, url: string, fix: string): Check {
  return {
    name,
    fix,
    async run() {
      const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) });
      await response.body?.cancel();
      return { ok: response.ok, found: `${String(response.status)} from ${url}` };
    },
  };
}

function canConnect(host: string, port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ host, port, timeout: ANSWER_TIMEOUT_MS }, () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', reject);
  });
}

function greetingOf(host: string, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ host, port, timeout: ANSWER_TIMEOUT_MS });
    socket.once('data', (chunk) => {
      socket.end('QUIT\r\n');
      resolve(chunk.toString('utf8').split('\r\n')[0] ?? '');
    });
    socket.once('timeout', () => {
      socket.destroy(new Error('no greeting'));
    });
    socket.once('error', reject);
  });
}
