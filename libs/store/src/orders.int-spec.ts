import { randomUUID } from 'node:crypto';
import { civilDate } from '@billfleet/domain';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { DataSource } from 'typeorm';
import { dataSourceOptions } from './data-source.js';
import { standings } from './orders.js';
import { Store } from './store.js';
import { insertWorkspaces } from './tenants.js';

const source = new DataSource(
  dataSourceOptions({ url: process.env['DATABASE_URL'] ?? '', poolSize: 2, app: 'orders test' }),
);
const store = new Store(source, { leaseMs: 30_000 });

beforeAll(() => source.initialize());
afterAll(() => source.destroy());

/** A workspace in a zone, with an active subscription until a day. */
async function subscribed(timeZone: string, endsOn: string): Promise<string> {
  const id = randomUUID();
  const workspace = { id, name: 'Northwind Studio', country: 'US', currency: 'USD', timeZone } as const;
  await store.transaction(async (tx) => {
    await insertWorkspaces(tx, [{ ...workspace, locale: 'en', billingEmail: null, trialEndsOn: null }]);
    await tx.query(
      `insert into subscription (id, workspace_id, status, plan, seats, period_months, price_list, anchor_on, starts_on, ends_on, auto_renewal, limits)
       values ($1, $2, 'active', 'base', 1, 6, 'us', '2026-01-01', '2026-01-01', $3, false, '{}')`,
      [randomUUID(), id, civilDate(endsOn)],
    );
  });
  return id;
}

// At this instant it is past midnight in India (which runtimes call IST) and still the day before in Israel (which PostgreSQL calls IST).
const NOW = new Date('2026-10-05T20:00:00Z');

test.each([
  ['UTC', '2026-10-05', false],
  ['UTC', '2026-10-06', true],
  ['Asia/Kolkata', '2026-10-06', false],
  ['Asia/Kolkata', '2026-10-07', true],
  ['America/New_York', '2026-10-06', true],
  // Registered before abbreviations were refused: read as everywhere else in the fleet.
  ['IST', '2026-10-06', false],
  ['IST', '2026-10-07', true],
])('in %s a subscription until %s runs: %p', async (timeZone, endsOn, hasSubscription) => {
  const id = await subscribed(timeZone, endsOn);
  const found = await store.transaction((tx) => standings(tx, [id], () => NOW));
  expect(found.get(id)).toMatchObject({ hasSubscription, unpaidByKind: new Map() });
});
