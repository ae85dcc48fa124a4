import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { DataSource } from 'typeorm';
import { until } from '../../../test/support/until.js';
import { dataSourceOptions } from './data-source.js';

const source = new DataSource(
  dataSourceOptions({ url: process.env['DATABASE_URL'] ?? '', poolSize: 4, app: 'members test' }),
);
let workspaceId: string;

beforeAll(() => source.initialize());
afterAll(() => source.destroy());
beforeEach(async () => {
  workspaceId = randomUUID();
  await source.query(
    `insert into workspace (id, name, country, currency, time_zone, locale) values ($1, 'Northwind', 'US', 'USD', 'UTC', 'en')`,
    [workspaceId],
  );
});

const subscribe = (seats: number): Promise<unknown> =>
  source.query(
    `insert into subscription (id, workspace_id, status, plan, seats, period_months, price_list, anchor_on, starts_on, ends_on, auto_renewal, limits)
     values (gen_random_uuid(), $1, 'active', 'base', $2, 6, 'usd', '2026-01-01', '2026-01-01', '2026-07-01', false, '{}')`,
    [workspaceId, seats],
  );
const insert = (count: number, status: string, name = 'm'): Promise<unknown> =>
  source.query(
    `insert into member (id, workspace_id, external_id, display_name, role, status)
     select gen_random_uuid(), $1, $4 || n, 'Ana', 'member', $3 from generate_series(1, $2::int) n`,
    [workspaceId, count, status, name],
  );
const move = (from: string, to: string): Promise<unknown> =>
  source.query(`update member set status = $3 where workspace_id = $1 and status = $2`, [workspaceId, from, to]);

describe('the database itself', () => {
  test('refuses one member more than there are seats, new or come back', async () => {
    await subscribe(3);
    await insert(3, 'active');
    await insert(2, 'disabled', 'd');
    await expect(insert(1, 'invited', 'n')).rejects.toThrow(/4 members in use for 3 seats/);
    await expect(move('disabled', 'active')).rejects.toThrow(/5 members in use for 3 seats/);
    await move('active', 'disabled');
    await source.query(`update subscription set seats = 5 where workspace_id = $1`, [workspaceId]);
    await move('disabled', 'active');
  });

  test('of two who want the last seat at once lets one in: the second waits, and sees the first', async () => {
    await subscribe(3);
    await insert(2, 'active');
    const first = source.createQueryRunner();
    await first.startTransaction();
    await first.query(
      `insert into member (id, workspace_id, external_id, display_name, role, status) values (gen_random_uuid(), $1, 'first', 'Ana', 'member', 'active')`,
      [workspaceId],
    );
    const second = insert(1, 'active', 'second').then(
      () => 'let in',
      (error: unknown) => String(error),
    );
    const waiting = `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
    const isOver = second.then(() => true);
    await until('the second waits or is through', async () => {
      const blocked = (await source.query<unknown[]>(waiting)).length > 0;
      return blocked || (await Promise.race([isOver, Promise.resolve(false)]));
    });
    await first.commitTransaction();
    await first.release();
    expect(await second).toMatch(/4 members in use for 3 seats/);
  });

  test('leaves those who are too many as they are, and lets them be disabled', async () => {
    await insert(4, 'active');
    await subscribe(2);
    await source.query(`update member set display_name = 'Bea' where workspace_id = $1`, [workspaceId]);
    await source.query(`update member set status = 'disabled' where workspace_id = $1 and external_id = 'm1'`, [
      workspaceId,
    ]);
    await expect(move('disabled', 'active')).rejects.toThrow(/4 members in use for 2 seats/);
  });

  test('refuses a move that the domain does not know, and keeps the history of the others', async () => {
    await insert(1, 'active');
    await expect(move('active', 'invited')).rejects.toThrow(/illegal transition of member .*: active to invited/);
    await move('active', 'disabled');
    const rows: { moves: string[] }[] = await source.query(
      `select array_agg(t.to_status order by t.id) as moves from transition t join member m on m.id = t.entity_id where m.workspace_id = $1`,
      [workspaceId],
    );
    expect(rows[0]?.moves).toEqual(['active', 'disabled']);
  });
});
