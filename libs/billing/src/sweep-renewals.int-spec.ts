import { renewalReminderQueue } from '@billfleet/contracts';
import { MovableClock } from '@billfleet/platform';
import { dataSourceOptions, renewalControl, renewalsDue, Store, workDesk } from '@billfleet/store';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { DataSource } from 'typeorm';
import { demoCatalogue } from '../../../test/support/random-quotes.js';
import { seedSubscriptions } from '../../../test/support/seed-subscriptions.js';
import { ForeseeRenewals } from './foresee-renewals.js';
import { newId } from './ids.js';
import { fleetSweeps } from './sweep-clock.js';
import { SweepRenewals } from './sweep-renewals.js';

const source = new DataSource(
  dataSourceOptions({ url: process.env['DATABASE_URL'] ?? '', poolSize: 3, app: 'sweep renewals test' }),
);
const store = new Store(source, { leaseMs: 30_000 });
const catalogue = demoCatalogue();
const TODAY = '2026-12-01';
const clock = new MovableClock(new Date(`${TODAY}T15:00:00Z`));
const DUE = 20;
const by = { actor: 'a test', reason: 'to see it' };

const sweepOf = (perMinute = 1_000_000): SweepRenewals =>
  new SweepRenewals({ store, clock: fleetSweeps(clock), catalogue, perMinute });
const owed = async (): Promise<number> =>
  (await workDesk.listWork(store, { queue: renewalReminderQueue.name, state: 'leased', limit: 100 })).length;

beforeAll(() => source.initialize());

const rowsOf = <Row>(sql: string, values: readonly unknown[] = []): Promise<Row[]> =>
  source.query<Row[]>(sql, [...values]);
beforeEach(async () => {
  await source.query(`drop trigger if exists poison on subscription`);
  await source.query(`update renewal_pace set minute_at = '-infinity', taken = 0`);
  const runner = source.createQueryRunner();
  // Rules that keep rows for ever must not keep them from test to test.
  await runner.query('set session_replication_role = replica');
  await runner.query('alter table journal disable trigger user');
  await runner.query(`truncate workspace, work, renewal_pause cascade`);
  const db = { query: (sql: string, values: readonly unknown[] = []) => runner.query(sql, [...values]) };
  await seedSubscriptions(db as never, { total: 40, due: DUE, today: TODAY, priceListId: 'general-2026-09' });
  await runner.query('set session_replication_role = origin');
  await runner.query('alter table journal enable trigger user');
  await runner.release();
});
afterAll(() => source.destroy());

test('begins what is due and nothing else, and sets the following moment of each', async () => {
  expect(await sweepOf().run()).toBe(DUE);
  expect(await owed()).toBe(DUE);
  expect(await sweepOf().run()).toBe(0);
});

test('begins no more in a minute than is allowed, the oldest first, whoever sweeps', async () => {
  await source.query(
    `update subscription set renewal_at = renewal_at - interval '1 day' where id in (select id from subscription where renewal_at <= $1 order by id desc limit 5)`,
    [clock.now().toISOString()],
  );
  const oldest = await rowsOf<{ id: string }>(
    `select id from subscription where renewal_at <= $1 order by renewal_at limit 5`,
    [clock.now().toISOString()],
  );
  expect(await sweepOf(5).run()).toBe(5);
  const begun = await workDesk.listWork(store, { limit: 100 });
  expect(begun.map(({ ref }) => ref).toSorted()).toEqual(oldest.map(({ id }) => id).toSorted());
  expect(await sweepOf(5).run()).toBe(0);
  // Another allowance is another minute's; a larger one goes on from what was taken in this one.
  expect(await sweepOf(8).run()).toBe(3);
  await source.query(`update renewal_pace set minute_at = minute_at - interval '1 minute'`);
  expect(await sweepOf(5).run()).toBe(5);
  expect(await owed()).toBe(13);
});

test('parks a workspace whose zone does not exist, begins all others, and takes it back when its work is retried', async () => {
  const [first] = await rowsOf<{
    id: string;
    workspaceId: string;
  }>(`select id, workspace_id as "workspaceId" from subscription order by id limit 1`);
  await source.query(`update workspace set time_zone = 'Mars/Olympus' where id = $1`, [first?.workspaceId]);
  expect(await sweepOf().run()).toBe(DUE);
  expect(await owed()).toBe(DUE - 1);
  expect(await sweepOf().run()).toBe(0);
  expect(await renewalsDue.parkedTerms(store, 10)).toEqual([
    expect.objectContaining({
      ...{ subscriptionId: first?.id, workspaceId: first?.workspaceId, isSweptOver: true },
      reason: expect.stringContaining('Mars/Olympus') as unknown,
    }),
  ]);
  const [dead] = await workDesk.listWork(store, { state: 'dead', limit: 10 });
  await source.query(`update workspace set time_zone = 'America/New_York' where id = $1`, [first?.workspaceId]);
  await workDesk.retryWork(store, [dead?.id ?? ''], by);
  expect(await sweepOf().run()).toBe(1);
  expect(await renewalsDue.parkedTerms(store, 10)).toEqual([]);
});

test('a row that the database refuses does not roll back its chunk for ever: it is parked alone', async () => {
  const [first] = await rowsOf<{ id: string }>(`select id from subscription order by id limit 1`);
  await source.query(`create or replace function poison() returns trigger language plpgsql as $$
    begin if new.id = '${first?.id ?? ''}' then raise exception 'poisoned'; end if; return new; end $$`);
  await source.query(`create trigger poison before update on subscription for each row execute function poison()`);
  expect(await sweepOf().run()).toBe(DUE);
  expect(await owed()).toBe(DUE - 1);
  expect(await sweepOf().run()).toBe(0);
  expect(
    (await renewalsDue.parkedTerms(store, 10)).map(({ subscriptionId, reason }) => [subscriptionId, reason]),
  ).toEqual([[first?.id, expect.stringContaining('poisoned')]]);
});

test('a pause holds what it covers and nothing else, once, and is on record; nothing is lost', async () => {
  await source.query(
    `update workspace set country = 'MX' where id in (select workspace_id from subscription order by id limit 4)`,
  );
  expect(await renewalControl.pauseRenewals(store, newId(), { scope: 'region', value: 'MX' }, by)).toBe(true);
  expect(await renewalControl.pauseRenewals(store, newId(), { scope: 'region', value: 'MX' }, by)).toBe(false);
  expect(await renewalControl.pauseRenewals(store, newId(), { scope: 'catalogue', value: 'another' }, by)).toBe(true);
  expect(await sweepOf().run()).toBe(DUE - 4);
  await renewalControl.pauseRenewals(store, newId(), { scope: 'catalogue', value: catalogue.version }, by);
  expect(await renewalControl.resumeRenewals(store, { scope: 'region', value: 'MX' }, by)).toBe(true);
  expect(await renewalControl.resumeRenewals(store, { scope: 'region', value: 'MX' }, by)).toBe(false);
  expect(await sweepOf().run()).toBe(0);
  await renewalControl.resumeRenewals(store, { scope: 'catalogue', value: catalogue.version }, by);
  await renewalControl.pauseRenewals(store, newId(), { scope: 'fleet' }, by);
  expect(await sweepOf().run()).toBe(0);
  await renewalControl.resumeRenewals(store, { scope: 'fleet' }, by);
  expect(await sweepOf().run()).toBe(4);
  const noted = await rowsOf<{ what: string }>(
    `select action || ' ' || subject as what from ops_action where actor = 'a test' and action like 'renewals.%' order by id`,
  );
  expect(noted.map(({ what }) => what)).toEqual([
    'renewals.pause renewals of region MX',
    'renewals.pause renewals of catalogue another',
    `renewals.pause renewals of catalogue ${catalogue.version}`,
    'renewals.resume renewals of region MX',
    `renewals.resume renewals of catalogue ${catalogue.version}`,
    'renewals.pause renewals of the fleet',
    'renewals.resume renewals of the fleet',
  ]);
});

test('what a day will bring is counted by the calendars of the workspaces, with the money expected', async () => {
  const foresee = new ForeseeRenewals(store, catalogue);
  const day = await foresee.on(TODAY as never, clock.now());
  expect(day).toMatchObject({
    due: { firstCharges: DUE / 2, remindersOfEnd: DUE / 2, orders: DUE / 2, remindersOfCharge: 0, repeatedCharges: 0 },
    charged: [{ currency: 'USD', count: DUE / 2, amountMinor: String((DUE / 2) * 105_000) }],
    ordered: [{ currency: 'USD', count: DUE / 2, amountMinor: String((DUE / 2) * 105_000) }],
    ...{ overdue: DUE, pauses: [], parked: [], unpriced: { count: 0, first: [] } },
  });
  const end = await foresee.on('2026-12-04' as never, clock.now());
  expect(end).toMatchObject({ due: { ends: DUE / 2, firstCharges: 0 }, charged: [] });
  await source.query(
    `update workspace set time_zone = 'Mars/Olympus' where id in (select workspace_id from subscription order by id limit 1)`,
  );
  await renewalControl.pauseRenewals(store, newId(), { scope: 'region', value: 'US' }, by);
  expect(await foresee.on(TODAY as never, clock.now())).toMatchObject({
    unpriced: { count: 1 },
    pauses: [{ scope: 'region', value: 'US', reason: by.reason, actor: by.actor }],
  });
});
