import { orderQueue } from '@billfleet/contracts';
import { isConnectionFault, testClocks, work } from '@billfleet/store';
import type { DueKind, Store, Tx } from '@billfleet/store';
import type { SweepClock } from './sweep-clock.js';

/** Does one chunk of what has come due; answers how much that was. */
type Sweep = { run(): Promise<number> };

/** Every sweep of business time, as it serves one clock. */
export type SweepsByTime = (clock: SweepClock) => Readonly<Record<DueKind, Sweep>>;

const CHECKOUTS_MAX = 500;

/** Closes pages of the provider whose end has come on a test clock: the provider, who lives in another time, would keep them open. */
export class CloseEndedCheckouts {
  constructor(
    private readonly store: Store,
    private readonly clock: SweepClock,
  ) {}

  /** One chunk; answers how many are to be closed. In the fleet's own time providers close their pages themselves. */
  run(): Promise<number> {
    return this.store.transaction(async (tx) => {
      const { now, testClockId } = await this.clock.at(tx);
      if (testClockId === null) return 0;
      const ended = await testClocks.endedCheckouts(tx, testClockId, now, CHECKOUTS_MAX);
      await work.owe(tx, orderQueue, 'checkout.cancel', ended);
      return ended.length;
    });
  }
}

/** How far a clock came: `waiting` for work that is under way or dead, or as far as it was to go. */
export type ClockProgress = 'moved' | 'waiting' | 'arrived';

/** What a look at all of them came to: whether any came further, whether any is still on its way, and what went wrong with some. */
export type ClocksProgress = {
  readonly hasMoved: boolean;
  readonly isAdvancing: boolean;
  readonly failures: readonly Error[];
};

/** What a look at a clock came to. `due`: what time has brought by now, for the sweeps. */
type Step = { readonly kind: ClockProgress | 'due'; readonly due: readonly DueKind[] };

const CLOCKS_PER_PAGE = 100;
/** Steps of one clock before it is the turn of the others. */
const STEPS_MAX = 50;

/**
 * Moves test clocks on towards their targets, each from one moment at which something is due to the next one. A clock moves only while nothing
 * is under way for its workspaces, so what follows from a moment has happened before the next one comes.
 */
export class AdvanceTestClocks {
  /** @param sweepsOf what is run for a clock at each moment: the very sweeps that serve the fleet's own time. */
  constructor(
    private readonly store: Store,
    private readonly sweepsOf: (testClockId: string) => Readonly<Record<DueKind, Sweep>>,
  ) {}

  /** Takes every clock that is being advanced as far as it goes. One that fails keeps no other one back. */
  async run(): Promise<ClocksProgress> {
    const came: ClockProgress[] = [];
    const failures = await forEach(
      (afterId) => testClocks.advancingClocks(this.store, afterId, CLOCKS_PER_PAGE),
      async ({ id }) => void came.push(await this.advance(id)),
    );
    return {
      hasMoved: came.some((one) => one !== 'waiting'),
      isAdvancing: failures.length > 0 || came.some((one) => one !== 'arrived'),
      failures,
    };
  }

  /**
   * Serves clocks that stand still, for what has come due by what they show: a change may make something due at once. Answers how much there was
   * to do.
   * @throws the first failure, once all others are served.
   */
  async serveStanding(): Promise<number> {
    let done = 0;
    const [failure] = await forEach(
      (afterId) => testClocks.standingWithDue(this.store, afterId, CLOCKS_PER_PAGE),
      async ({ id, kinds }) => void (done += await this.sweep(id, kinds)),
    );
    if (failure !== undefined) throw failure;
    return done;
  }

  private async advance(id: string): Promise<ClockProgress> {
    let progress: ClockProgress = 'waiting';
    for (let steps = 0; steps < STEPS_MAX; steps += 1) {
      const { kind, due } = await this.store.transaction((tx) => step(tx, id));
      if (kind === 'arrived') return kind;
      if (kind === 'waiting') return progress;
      // What a sweep cannot get hold of, since somebody has locked it, waits for the next round.
      if ((await this.sweep(id, due)) === 0 && kind === 'due') return progress;
      progress = 'moved';
    }
    return progress;
  }

  /**
   * One chunk of each kind, in their own order: the next look says whether more is due. Answers how much there was to do. An order that ends
   * closes its page by itself. Were the page closed first, at the same moment, the worker that closes it and the end of the order would get
   * in each other's way, and the loser would wait for a lease.
   */
  private async sweep(id: string, due: readonly DueKind[]): Promise<number> {
    const sweeps = this.sweepsOf(id);
    let done = 0;
    for (const kind of testClocks.dueKinds) if (due.includes(kind)) done += await sweeps[kind].run();
    return done;
  }
}

/** Serves clocks page by page; answers what went wrong with those that failed. Where PostgreSQL is away all would. */
async function forEach<Clock extends { readonly id: string }>(
  pageAfter: (afterId: string | undefined) => Promise<readonly Clock[]>,
  serve: (clock: Clock) => Promise<void>,
): Promise<readonly Error[]> {
  const failures: Error[] = [];
  for (let afterId: string | undefined; ;) {
    const page = await pageAfter(afterId);
    for (const clock of page) {
      try {
        await serve(clock);
      } catch (error) {
        if (isConnectionFault(error)) throw error;
        failures.push(new Error(`the test clock ${clock.id} cannot be served`, { cause: error }));
      }
    }
    afterId = page.at(-1)?.id;
    if (page.length < CLOCKS_PER_PAGE) return failures;
  }
}

/**
 * One look at a clock, and its next step if it can make one. The clock is locked, which waits for sweeps that are under way: so whatever they
 * owe is seen, and two dispatchers do not step at once. After a crash the look finds what is still due.
 */
async function step(tx: Tx, id: string): Promise<Step> {
  const { nowAt, targetAt = null } = (await testClocks.lockClock(tx, id)) ?? {};
  if (nowAt === undefined || targetAt === null) return { kind: 'arrived', due: [] };
  const of = { testClockId: id };
  const [holding, dues] = await Promise.all([testClocks.holdingWork(tx, of), testClocks.nextDue(tx, of)]);
  const dueBy = (instant: Date): DueKind[] => dues.filter(({ at }) => at <= instant).map(({ kind }) => kind);
  if (holding.length > 0) return { kind: 'waiting', due: [] };
  if (dueBy(nowAt).length > 0) return { kind: 'due', due: dueBy(nowAt) };
  if (nowAt >= targetAt) {
    await testClocks.setTarget(tx, id, null);
    return { kind: 'arrived', due: [] };
  }
  const first = dues[0]?.at;
  const nextAt = first === undefined || first > targetAt ? targetAt : first;
  await testClocks.moveClock(tx, id, nextAt);
  return { kind: 'moved', due: dueBy(nextAt) };
}
