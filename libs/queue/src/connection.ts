import type { Base } from '@billfleet/platform';

/** Where Redis is, and the prefix of all keys. */
export type QueueConnection = { readonly redisUrl: string; readonly prefix: string };

type Address = {
  host: string;
  port: number;
  db: number;
  username?: string;
  password?: string;
  tls?: Record<string, never>;
};

/** Connection settings that both ioredis and BullMQ take. */
export type RedisSettings = Address & {
  maxRetriesPerRequest: number | null;
  retryStrategy: (times: number) => number;
  enableOfflineQueue?: boolean;
  commandTimeout?: number;
};

const addressOf = (redisUrl: string): Address => {
  const url = new URL(redisUrl);
  return {
    host: url.hostname,
    port: url.port === '' ? 6379 : Number(url.port),
    db: Number(url.pathname.slice(1) || '0'),
    ...(url.username === '' ? {} : { username: decodeURIComponent(url.username) }),
    ...(url.password === '' ? {} : { password: decodeURIComponent(url.password) }),
    ...(url.protocol === 'rediss:' ? { tls: {} } : {}),
  };
};

const retryStrategy = (times: number): number => Math.min(times * 100, 1_000);

/** For producers: fails fast while Redis is away, since what is owed waits in PostgreSQL. A rejected command may still have happened. */
export function producerConnection(redisUrl: string): RedisSettings {
  return {
    ...addressOf(redisUrl),
    maxRetriesPerRequest: 1,
    enableOfflineQueue: false,
    commandTimeout: 3_000,
    retryStrategy,
  };
}

/** For consumers: waits for Redis for ever; a time limit would cut their blocking reads. */
export function consumerConnection(redisUrl: string): RedisSettings {
  return { ...addressOf(redisUrl), maxRetriesPerRequest: null, retryStrategy };
}

/** Where this process finds its queues. */
export function queueConnection({ config }: Base): QueueConnection {
  return { redisUrl: config.redisUrl, prefix: config.queuePrefix };
}
