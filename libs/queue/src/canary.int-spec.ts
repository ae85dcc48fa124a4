import { createBase, loadConfig } from '@billfleet/platform';
import { afterEach, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { Canary, queueConnection } from './index.js';

const connection = queueConnection(
  createBase(
    'test',
    loadConfig({
      ...process.env,
      BILLFLEET_SANDBOX_API_KEY: 'sk_sandbox_0123456789abcdef',
      BILLFLEET_SANDBOX_WEBHOOK_SECRET: `whsec_${Buffer.alloc(32).toString('base64')}`,
      BILLFLEET_HOST_WEBHOOK_SECRET: `whsec_${Buffer.alloc(32).toString('base64')}`,
      BILLFLEET_LINK_SECRET: 'a-link-secret-for-tests',
      BILLFLEET_OPS_PASSWORD: 'a-password-for-tests',
      LOG_LEVEL: 'silent',
    }),
  ),
);
const canary = new Canary(connection);
const redis = new Redis(connection.redisUrl);

afterEach(() => {
  canary.close();
  redis.disconnect();
});

test('tells the eviction policy without having looked before, and when the content is lost', async () => {
  const [, policy] = (await redis.config('GET', 'maxmemory-policy')) as string[];
  await expect(canary.evictionPolicy()).resolves.toBe(policy);
  await expect(canary.look()).resolves.toBe('lost');
  await expect(canary.look()).resolves.toBe('alive');
  await redis.del(`${connection.prefix}:canary`);
  await expect(canary.look()).resolves.toBe('lost');
});
