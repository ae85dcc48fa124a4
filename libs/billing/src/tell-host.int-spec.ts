import { randomUUID } from 'node:crypto';
import { tellingDelaysMs } from '@billfleet/domain';
import { MovableClock } from '@billfleet/platform';
import { dataSourceOptions, eventDesk, Store } from '@billfleet/store';
import type { EventWithDeliveries, OwedWork } from '@billfleet/store';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { DataSource } from 'typeorm';
import { emitSeats as emit, newWorkspace as newWorkspaceIn, seatsEvent } from '../../../test/support/emitting.js';
import { emitEvents } from './emit-events.js';
import type { HostProduct } from './ports.js';
import { RedeliverEvents } from './redeliver-events.js';
import { RetellHost, SweepTellings, TellHost } from './tell-host.js';

const source = new DataSource(
  dataSourceOptions({ url: process.env['DATABASE_URL'] ?? '', poolSize: 8, app: 'tell host test' }),
);
const store = new Store(source, { leaseMs: 30_000, tellsHost: true });
const STARTS_AT = new Date('2026-10-05T15:00:00Z');
const clock = new MovableClock(STARTS_AT);

type Told = Parameters<HostProduct['deliver']>[0];
type Answer = Awaited<ReturnType<HostProduct['deliver']>>;
const taken: Answer = { kind: 'delivered', status: 202 };
const down: Answer = { kind: 'failed', status: 503, message: 'answered 503' };

/** What the host product heard, and what it answers: to a workspace or to all. */
let heard: Told[] = [];
let answer: (event: Told) => Answer | Promise<Answer> = () => taken;
const host: HostProduct = {
  deliver: async (event) => {
    heard.push(event);
    return answer(event);
  },
};
const tellHost = new TellHost({ store, host, clock });
const retellHost = new RetellHost({ store, host, clock });
const sweep = new SweepTellings(store, clock);
const redeliver = new RedeliverEvents(store);
const by = { actor: 'test', reason: 'it was down' };

beforeAll(() => source.initialize());
afterAll(() => source.destroy());
beforeEach(() => {
  heard = [];
  answer = () => taken;
  clock.moveTo(STARTS_AT);
});

const newWorkspace = (): Promise<string> => newWorkspaceIn(store);

const workOf = (kind: string, ref: string): Promise<(OwedWork & { dead: boolean; lastError: string | null })[]> =>
  store.query(
    `select id, generation, kind, ref, attempts, dead_at is not null as dead, last_error as "lastError" from work where kind = $1 and ref = $2`,
    [kind, ref],
  );
/** Does the owed telling of a workspace as a worker would, as long as there is some. */
const tellAll = async (workspaceId: string): Promise<void> => {
  for (
    let rest = await workOf('host.tell', workspaceId);
    rest.length > 0;
    rest = await workOf('host.tell', workspaceId)
  )
    await tellHost.run(rest);
};
const look = async (workspaceId: string, sequence = 1): Promise<EventWithDeliveries> => {
  const [event] = await eventDesk.listEvents(store, { workspaceId, afterSequence: sequence - 1, limit: 1 });
  const seen = await eventDesk.viewEvent(store, event?.id ?? randomUUID());
  if (seen === undefined) throw new Error(`workspace ${workspaceId} has no event ${String(sequence)}`);
  return seen;
};
const toldOf = (workspaceId: string): unknown[] =>
  heard.filter((event) => event.workspaceId === workspaceId).map(({ data }) => data['to']);

describe('the host product is told', () => {
  test('in order, also of more than one run can hold', async () => {
    const workspaceId = await newWorkspace();
    const many = Array.from({ length: 45 }, (_, n) => n + 1);
    await emit(store, workspaceId, ...many);
    await tellAll(workspaceId);
    expect(toldOf(workspaceId)).toEqual(many);
    expect((await look(workspaceId, 45)).deliveries).toMatchObject([{ try: 1, outcome: 'delivered', status: 202 }]);
  });

  test('of what is emitted while it is being told', async () => {
    const workspaceId = await newWorkspace();
    await emit(store, workspaceId, 1);
    answer = async ({ data }) => {
      if (data['to'] === 1) await emit(store, workspaceId, 2);
      return taken;
    };
    await tellAll(workspaceId);
    expect(toldOf(workspaceId)).toEqual([1, 2]);
  });

  test('of what is emitted by a commit that is just under way when the telling ends', async () => {
    const workspaceId = await newWorkspace();
    await emit(store, workspaceId, 1);
    const work = await workOf('host.tell', workspaceId);
    let telling: Promise<unknown> = Promise.resolve();
    await store.transaction(async (tx) => {
      emitEvents(tx, [seatsEvent(workspaceId, 2)]);
      await tx.end();
      // From here on the worker must wait for this commit before it lets go of its work.
      telling = tellHost.run(work);
      await new Promise((resolve) => setImmediate(resolve));
    });
    await telling;
    // The work that saw only the first event is done; what is owed now is owed anew, and does not wait for a lease to run out.
    expect((await workOf('host.tell', workspaceId)).map(({ id }) => id)).not.toEqual([work[0]?.id]);
    await tellAll(workspaceId);
    expect(toldOf(workspaceId)).toEqual([1, 2]);
  });

  test('the next event only once the one before is taken; other workspaces do not wait', async () => {
    const [silent, other] = [await newWorkspace(), await newWorkspace()];
    await emit(store, silent, 1, 2);
    await emit(store, other, 1, 2);
    answer = ({ workspaceId }) => (workspaceId === silent ? down : taken);
    await tellHost.run([...(await workOf('host.tell', silent)), ...(await workOf('host.tell', other))]);
    expect(toldOf(silent)).toEqual([1]);
    expect(toldOf(other)).toEqual([1, 2]);
    expect(await look(silent)).toMatchObject({
      delivery: { status: 'owed', tries: 1, nextTryAt: expect.stringContaining('2026-10-05T15:00:05') },
      deliveries: [{ outcome: 'failed', status: 503, error: 'answered 503' }],
    });
    // A new event does not hasten what waits.
    await emit(store, silent, 3);
    await tellAll(silent);
    expect(toldOf(silent)).toEqual([1]);
    answer = () => taken;
    clock.advanceMs(4_999);
    await sweep.run();
    await tellAll(silent);
    expect(toldOf(silent)).toEqual([1]);
    clock.advanceMs(1);
    await sweep.run();
    await tellAll(silent);
    expect(toldOf(silent)).toEqual([1, 1, 2, 3]);
  });

  test('again and again for three days; then the event is dead work, and the next one has its turn', async () => {
    const workspaceId = await newWorkspace();
    await emit(store, workspaceId, 1, 2);
    answer = ({ data }) => (data['to'] === 1 ? down : taken);
    await tellAll(workspaceId);
    for (const delayMs of tellingDelaysMs) {
      expect(toldOf(workspaceId)).not.toContain(2);
      clock.advanceMs(delayMs);
      await sweep.run();
      await tellAll(workspaceId);
    }
    expect(toldOf(workspaceId).filter((to) => to === 1)).toHaveLength(tellingDelaysMs.length + 1);
    expect(toldOf(workspaceId)).toContain(2);
    const { id, delivery, deliveries } = await look(workspaceId);
    expect(delivery).toEqual({ status: 'given_up', tries: tellingDelaysMs.length + 1, nextTryAt: null });
    expect(deliveries.map((one) => one.try)).toEqual(Array.from(deliveries, (_, n) => n + 1));
    const lasted = Date.parse(deliveries.at(-1)?.at ?? '') - Date.parse(deliveries[0]?.at ?? '');
    expect(lasted).toBeGreaterThanOrEqual(72 * 3_600_000);
    expect(await workOf('host.retell', id)).toMatchObject([
      { dead: true, lastError: 'given up after three days: answered 503' },
    ]);
    // A person who retries it has it told.
    answer = () => taken;
    await retellHost.run(await workOf('host.retell', id));
    expect((await look(workspaceId)).delivery).toMatchObject({ status: 'delivered' });
    expect(await workOf('host.retell', id)).toEqual([]);
  });

  test('not sooner than it wishes, and not at all once it is gone', async () => {
    const [patient, gone] = [await newWorkspace(), await newWorkspace()];
    await emit(store, patient, 1);
    await emit(store, gone, 1);
    answer = ({ workspaceId }) => (workspaceId === gone ? { kind: 'gone' } : { ...down, retryAfterMs: 90_000 });
    await tellAll(patient);
    await tellAll(gone);
    expect((await look(patient)).delivery.nextTryAt).toContain('2026-10-05T15:01:30');
    expect((await look(gone)).delivery).toEqual({ status: 'gone', tries: 1, nextTryAt: null });
    expect(await workOf('host.tell', gone)).toEqual([]);
    answer = () => taken;
    clock.advanceMs(90_000);
    await sweep.run();
    await tellAll(patient);
    expect((await look(patient)).delivery.status).toBe('delivered');
  });

  test('once as the log has it when a doubled try fails beside one that was taken', async () => {
    const workspaceId = await newWorkspace();
    await emit(store, workspaceId, 1);
    const work = await workOf('host.tell', workspaceId);
    let calls = 0;
    answer = () => ((calls += 1) === 1 ? taken : down);
    await Promise.all([tellHost.run(work), tellHost.run(work)]);
    const { delivery, deliveries } = await look(workspaceId);
    expect(delivery).toEqual({ status: 'delivered', tries: 2, nextTryAt: null });
    expect(deliveries.map(({ outcome }) => outcome).sort()).toEqual(['delivered', 'failed']);
  });
});

describe('an event is told again', () => {
  test('at once if it waits for its turn, with those behind it', async () => {
    const workspaceId = await newWorkspace();
    await emit(store, workspaceId, 1, 2);
    answer = () => down;
    await tellAll(workspaceId);
    answer = () => taken;
    const { id } = await look(workspaceId, 2);
    expect(await redeliver.run([id], by)).toEqual({ kind: 'accepted', ids: [id] });
    await tellAll(workspaceId);
    expect(toldOf(workspaceId)).toEqual([1, 1, 2]);
  });

  test('once more if it was taken before, under the same id, and it is on record who wanted it', async () => {
    const workspaceId = await newWorkspace();
    await emit(store, workspaceId, 1);
    await tellAll(workspaceId);
    const { id } = await look(workspaceId);
    await redeliver.run([id, randomUUID()], by);
    await redeliver.run([id], by);
    await retellHost.run(await workOf('host.retell', id));
    expect(heard.map((event) => event.id)).toEqual([id, id]);
    expect((await look(workspaceId)).delivery).toEqual({ status: 'delivered', tries: 2, nextTryAt: null });
    const acted = await store.query(`select actor, action, reason from ops_action where subject = $1`, [`event ${id}`]);
    expect(acted).toEqual(Array(2).fill({ actor: 'test', action: 'event.redeliver', reason: 'it was down' }));
  });

  test('and a failure of that does not undo that it was taken', async () => {
    const workspaceId = await newWorkspace();
    await emit(store, workspaceId, 1);
    await tellAll(workspaceId);
    const { id } = await look(workspaceId);
    await redeliver.run([id], by);
    answer = () => down;
    const work = await workOf('host.retell', id);
    expect(await retellHost.run(work)).toMatchObject([{ id: work[0]?.id, severity: 'try' }]);
    expect((await look(workspaceId)).delivery).toEqual({ status: 'delivered', tries: 2, nextTryAt: null });
  });
});

test('tries are forgotten after thirty days, events are not', async () => {
  const workspaceId = await newWorkspace();
  await emit(store, workspaceId, 1);
  await tellAll(workspaceId);
  clock.advanceMs(30 * 86_400_000);
  await sweep.run();
  expect((await look(workspaceId)).deliveries).toHaveLength(1);
  clock.advanceMs(1_000);
  await sweep.run();
  expect(await look(workspaceId)).toMatchObject({ deliveries: [], delivery: { status: 'delivered', tries: 1 } });
});
