import { expect, test } from '@jest/globals';
import { DataSource } from 'typeorm';
import { dataSourceOptions } from '../data-source.js';
import { Closings1780000000014 } from './0014-closings.js';

test('the step to closings and chargebacks can be taken back and done again', async () => {
  const url = process.env['DATABASE_URL'] ?? '';
  const source = await new DataSource(dataSourceOptions({ url, poolSize: 1, app: 'migration test' })).initialize();
  const runner = source.createQueryRunner();
  const tableOf = async (): Promise<unknown> =>
    (await runner.query(`select to_regclass('chargeback')::text as "table"`)) as unknown;
  try {
    const migration = new Closings1780000000014();
    await migration.down(runner);
    expect(await tableOf()).toEqual([{ table: null }]);
    await migration.up(runner);
    expect(await tableOf()).toEqual([{ table: 'chargeback' }]);
  } finally {
    await runner.release();
    await source.destroy();
  }
});
