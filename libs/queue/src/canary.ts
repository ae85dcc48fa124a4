import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { producerConnection } from './connection.js';
import type { QueueConnection } from './connection.js';

/** What the canary says about Redis since the last look. */
export type CanaryReport = 'alive' | 'lost' | 'away';

/**
 * Tells when Redis lost its content: a random value is written once and read at each look. A missing or different value means that
 * the jobs are gone too, so all leases must end at once.
 */
export class Canary {
  private readonly redis: Redis;
  private readonly key: string;
  private value: string | undefined;

  constructor(connection: QueueConnection) {
    this.redis = new Redis({ ...producerConnection(connection.redisUrl), lazyConnect: true });
    this.redis.on('error', () => undefined);
    this.key = `${connection.prefix}:canary`;
  }

  /** Looks once. Errors of Redis are the answer `away`: they say nothing about its content. */
  async look(): Promise<CanaryReport> {
    try {
      await this.connect();
      const found = await this.redis.get(this.key);
      if (found !== null && (this.value === undefined || found === this.value)) {
        this.value = found;
        return 'alive';
      }
      const fresh = randomUUID();
      // Several dispatchers share one canary: only the first writer's value counts.
      await this.redis.set(this.key, fresh, 'NX');
      this.value = (await this.redis.get(this.key)) ?? undefined;
      return 'lost';
    } catch {
      return 'away';
    }
  }

  /** What Redis does when its memory is full: all but `noeviction` throws jobs away. Undefined when it cannot be asked. */
  async evictionPolicy(): Promise<string | undefined> {
    try {
      await this.connect();
      const info = await this.redis.info('memory');
      return /maxmemory_policy:(\S+)/.exec(info)?.[1];
    } catch {
      return undefined;
    }
  }

  /** Ends the connection. */
  close(): void {
    this.redis.disconnect();
  }

  private async connect(): Promise<void> {
    if (this.redis.status === 'wait') await this.redis.connect();
  }
}
