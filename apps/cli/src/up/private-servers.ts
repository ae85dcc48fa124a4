import { CommandError, exitCodes } from '../exit-codes.js';
import { startPostgres, startRedis } from '../services.js';
import type { ServerHandle } from '../services.js';
import { say, step } from '../terminal.js';

/** The servers that a command has brought up for itself; empty where a URL was given. */
export type PrivateServers = {
  readonly databaseUrl?: string;
  readonly redisUrl?: string;
  readonly dataDirs: readonly string[];
  stop(): Promise<void>;
};

/** Brings up what no URL was given for, durable, on the data of this checkout. */
export async function startPrivateServers(): Promise<PrivateServers> {
  const options = {
    ephemeral: false,
    durable: true,
    onProgress: (line: string) => {
      say(`  … ${line}`);
    },
  };
  const started: ServerHandle[] = [];
  const stop = async (): Promise<void> => {
    for (const server of started.toReversed()) await server.stop();
  };
  const bring = async (name: string, start: () => Promise<ServerHandle>): Promise<string> => {
    const server = await step(name, start, (one) => `private, port ${String(one.port)}`);
    started.push(server);
    return server.url;
  };
  try {
    const { DATABASE_URL: givenDatabase, REDIS_URL: givenRedis } = process.env;
    const databaseUrl = givenDatabase ? undefined : await bring('PostgreSQL', () => startPostgres(options));
    const redisUrl = givenRedis ? undefined : await bring('Redis', () => startRedis(options));
    return {
      ...(databaseUrl !== undefined && { databaseUrl }),
      ...(redisUrl !== undefined && { redisUrl }),
      dataDirs: started.map((server) => server.dataDir),
      stop,
    };
  } catch (error) {
    await stop();
    throw new CommandError(exitCodes.unreachable, error instanceof Error ? error.message : String(error), {
      cause: error,
    });
  }
}
