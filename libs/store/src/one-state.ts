import { InvariantError } from '@billfleet/domain';
import { DataSource } from 'typeorm';
import type { Queryable, SqlValue } from './store.js';

const STATEMENT_MS_MAX = 600_000;

/**
 * Has something read one state of the database, however long that takes, through a connection of its own: whole tables need more time than the fleet's
 * statements may take, and none of the fleet's connections. Nothing that it writes stays.
 */
export async function inOneState<T>(source: DataSource, read: (db: Queryable) => Promise<T>): Promise<T> {
  const own = await connect(source);
  try {
    const runner = own.createQueryRunner();
    const db: Queryable = {
      query: async <Row>(statement: string, values: readonly SqlValue[] = []) =>
        (await runner.query(statement, [...values])) as Row[],
    };
    await runner.startTransaction('REPEATABLE READ');
    try {
      return await read(db);
    } finally {
      // Takes along what was written; when the connection is gone the server has done so already.
      await runner.rollbackTransaction().catch(() => undefined);
      await runner.release();
    }
  } finally {
    await own.destroy();
  }
}

async function connect(source: DataSource): Promise<DataSource> {
  const { options } = source;
  if (options.type !== 'postgres')
    throw new InvariantError(`a data source of type ${options.type} was given, wanted postgres`);
  const extra = { statement_timeout: STATEMENT_MS_MAX, query_timeout: STATEMENT_MS_MAX, keepAlive: true };
  return new DataSource({ ...options, poolSize: 1, extra }).initialize();
}
