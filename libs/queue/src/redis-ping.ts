import { Redis } from 'ioredis';
import { producerConnection } from './connection.js';
import type { QueueConnection } from './connection.js';

/** Asks Redis for a sign of life, on a connection of its own that fails fast. */
export class RedisPing {
  private readonly redis: Redis;

  constructor({ redisUrl }: QueueConnection) {
    this.redis = new Redis({ ...producerConnection(redisUrl), lazyConnect: true });
    // Without a listener a lost connection would be printed, or end the process.
    this.redis.on('error', () => undefined);
  }

  /** @throws when Redis is away. */
  async check(): Promise<void> {
    if (this.redis.status === 'wait') await this.redis.connect();
    await this.redis.ping();
  }

  /** Ends the connection. */
  close(): void {
    this.redis.disconnect();
  }
}
