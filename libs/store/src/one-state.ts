import { InvariantError } from '@billfleet/domain';
import { DataSource } from 'typeorm';
import type { QueryRunner } from 'typeorm';
import type { Queryable, SqlValue } from './store.js';

const STATEMENT_MS_MAX = 600_000;

/**
 * Reads one state of the database, however long that takes and whatever is written meanwhile, through a connection of its own. What `use` does to tables of
 * its own is taken back in the end.
 * @throws whatever the database throws.
 */
export async function onOneState<T>(source: DataSource, use: (db: Queryable) => Promise<T>): Promise<T> {
  const own = await connectForLong(source);
  try {
    const runner = own.createQueryRunner();
    await runner.startTransaction('REPEATABLE READ');
    try {
      return await use(queryableOf(runner));
    } finally {
      // When the connection is gone the server has done so already.
      await runner.rollbackTransaction().catch(() => undefined);
      await runner.release();
    }
  } finally {
    await own.destroy();
  }
}

const queryableOf = (runner: QueryRunner): Queryable => ({
  query: async <Row>(statement: string, values: readonly SqlValue[] = []) =>
    (await runner.query(statement, [...values])) as Row[],
});

/** Whole tables need more time than the fleet's statements may take, and none of the fleet's connections. */
async function connectForLong(source: DataSource): Promise<DataSource> {
  const { options } = source;
  if (options.type !== 'postgres')
    throw new InvariantError(`a data source of type postgres is wanted, found ${options.type}`);
  const extra = { statement_timeout: STATEMENT_MS_MAX, query_timeout: STATEMENT_MS_MAX, keepAlive: true };
  return new DataSource({ ...options, poolSize: 1, extra }).initialize();
}
