import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { DataSource } from 'typeorm';
import { buildWorld, cases, orderId, workspaceId } from '../audits/audit-world.js';
import { runAudits } from '../audits/run-audits.js';
import { dataSourceOptions } from '../data-source.js';
import { viewEvent } from '../event-desk.js';
import { Store } from '../store.js';
import { Events1780000000006 } from './0006-events.js';

const source = new DataSource(
  dataSourceOptions({ url: process.env['DATABASE_URL'] ?? '', poolSize: 3, app: 'events migration test' }),
);
const store = new Store(source, { leaseMs: 30_000 });

beforeAll(() => source.initialize());
afterAll(() => source.destroy());

test('a database from before there were events gets those of its orders, and what was owed is told', async () => {
  await buildWorld(store);
  const runner = source.createQueryRunner();
  const migration = new Events1780000000006();
  await migration.down(runner);
  const owed = randomUUID();
  await runner.query(
    `insert into host_event (id, workspace_id, dedupe_key, type, data, status) values ($1, $2, 'before', 'subscription.updated', '{"seats": 5}', 'owed')`,
    [owed, workspaceId(cases.plain)],
  );
  await runner.query(
    `insert into work (queue, kind, ref, generation, leased, due_at) values ('delivery', 'host.tell', $1, 0, false, now())`,
    [owed],
  );
  await migration.up(runner);
  await runner.release();
  const broken = (await runAudits(source)).filter(({ id, violations }) => /^B(05|21|22)$/.test(id) && violations > 0);
  expect(broken).toEqual([]);
  expect(await viewEvent(store, owed)).toMatchObject({
    type: 'subscription.changed',
    data: { seats: 5 },
    delivery: { status: 'owed' },
  });
  const [paid] = await store.query<{ id: string }>(`select id from event where dedupe_key = $1`, [
    `order.paid:${orderId(cases.plain)}`,
  ]);
  expect(await viewEvent(store, paid?.id ?? '')).toMatchObject({
    data: { orderId: orderId(cases.plain), seats: 5, amountMinor: '50000' },
    delivery: { status: 'kept' },
  });
  const work = await store.query(`select ref from work where kind = 'host.tell'`);
  expect(work).toEqual([{ ref: workspaceId(cases.plain) }]);
});
