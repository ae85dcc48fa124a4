import { existsSync } from 'node:fs';
import { afterEach, describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import pg from 'pg';
import { startPostgres } from './postgres-server.js';
import { startRedis } from './redis-server.js';
import type { ServerHandle } from './server-handle.js';

let server: ServerHandle | undefined;

afterEach(async () => {
  await server?.stop();
  server = undefined;
});

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(sql);
    return rows;
  } finally {
    await client.end();
  }
}

async function redisCall(url: string, command: string, ...args: string[]): Promise<unknown> {
  const client = new Redis(url, { maxRetriesPerRequest: 1 });
  try {
    return await client.call(command, ...args);
  } finally {
    client.disconnect();
  }
}

describe('private PostgreSQL', () => {
  test('keeps what was committed through kill -9, on the same port, under a new process', async () => {
    const postgres = (server = await startPostgres({ ephemeral: true, durable: true }));
    await query(postgres.url, 'create table kept (id int)');
    const pidBefore = postgres.pid;
    await postgres.kill();
    await postgres.restart();
    expect(postgres.pid).not.toBe(pidBefore);
    expect(await query(postgres.url, 'select count(*)::int as n from kept')).toEqual([{ n: 0 }]);
  });

  test('refuses a data folder that a running server holds, and says so', async () => {
    const postgres = (server = await startPostgres({ ephemeral: true, durable: false }));
    const second = startPostgres({ ephemeral: false, durable: false, dataDir: postgres.dataDir });
    await expect(second).rejects.toThrow(/is in use by a running PostgreSQL \(process \d+\)/);
  });

  test('names the port that is taken', async () => {
    const postgres = (server = await startPostgres({ ephemeral: true, durable: false }));
    const second = startPostgres({ ephemeral: true, durable: false, port: postgres.port });
    await expect(second).rejects.toThrow(`port ${String(postgres.port)} for PostgreSQL is already in use`);
  });

  test('leaves no ephemeral data behind', async () => {
    const postgres = await startPostgres({ ephemeral: true, durable: false });
    await postgres.stop();
    expect(existsSync(postgres.dataDir)).toBe(false);
  });
});

describe('private Redis', () => {
  test('comes back on the same port with its append log, or empty when wiped', async () => {
    const redis = (server = await startRedis({ ephemeral: true, durable: true }));
    await redisCall(redis.url, 'SET', 'kept', 'yes');
    await redis.restart();
    expect(await redisCall(redis.url, 'GET', 'kept')).toBe('yes');
    await redis.kill();
    await redis.restart({ wipe: true });
    expect(await redisCall(redis.url, 'GET', 'kept')).toBeNull();
  });

  test('never evicts', async () => {
    const redis = (server = await startRedis({ ephemeral: true, durable: false }));
    expect(await redisCall(redis.url, 'CONFIG', 'GET', 'maxmemory-policy')).toContainEqual('noeviction');
  });
});
