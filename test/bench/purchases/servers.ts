import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { startPostgres, startRedis } from '../../../apps/cli/src/services.js';
import type { ServerHandle } from '../../../apps/cli/src/services.js';

/** The servers that both pipelines run on, with durable settings. */
export type Servers = {
  readonly postgres: ServerHandle;
  readonly redis: ServerHandle;
  /** Makes an empty database and answers its URL. */
  createDatabase(name: string): Promise<string>;
  /** Writes out what the last round left behind, so that the next one does not pay for it. */
  settle(): Promise<void>;
  stop(): Promise<void>;
};

const SETTLE_MS = 500;

/** Starts throw-away servers: fsync and synchronous commit on, append log every second. Commit times are kept, to measure latency by. */
export async function startServers(onProgress: (line: string) => void): Promise<Servers> {
  const settings = { ephemeral: true, durable: true, onProgress };
  const redis = await startRedis(settings);
  const postgres = await startPostgres(settings).catch(async (error: unknown) => {
    await redis.stop();
    throw error;
  });
  await withClient(postgres.url, async (client) => {
    await client.query('alter system set track_commit_timestamp = on');
  });
  await postgres.restart();
  return {
    postgres,
    redis,
    async createDatabase(name) {
      await withClient(postgres.url, (client) => client.query(`create database ${name}`));
      const url = new URL(postgres.url);
      url.pathname = `/${name}`;
      return url.href;
    },
    async settle() {
      await withClient(postgres.url, (client) => client.query('checkpoint'));
      await pause(SETTLE_MS);
    },
    async stop() {
      await postgres.stop();
      await redis.stop();
    },
  };
}

/** Lends a connection. */
export async function withClient<T>(url: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}
