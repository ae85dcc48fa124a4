import type { DispatchDue } from '@billfleet/billing';
import type { Base } from '@billfleet/platform';
import type { Canary } from '@billfleet/queue';
import { reconciliation, work, workDesk, WorkListener } from '@billfleet/store';
import type { Store } from '@billfleet/store';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { Gauge } from 'prom-client';
import type { ClockLoop } from './clock-loop.js';

type Parts = {
  readonly canary: Canary;
  readonly dispatch: DispatchDue;
  /** What time brings by itself, in this order. */
  readonly sweeps: readonly Sweep[];
  /** What is woken along with this loop. */
  readonly clocks?: Pick<ClockLoop, 'wake'>;
};

/** Does one chunk of what has come due and answers how much that was. A paced one does one chunk a round, the others go on to the end. */
export type Sweep = { run(): Promise<number>; readonly isPaced?: boolean };

/** Sweeps ask the database by indexes, but more often than this nobody needs them. */
const SWEEP_EVERY_POLLS = 5;

/** Looks at the canary, shouts what is due, sweeps what has ended; sleeps until the next due moment, a wake-up or the poll, whichever is first. */
export class DispatchLoop implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private isStopping = false;
  private isWoken = false;
  private wakeUp: (() => void) | undefined;
  private running: Promise<void> = Promise.resolve();
  private sweptAt = 0;
  private isPolicyKnown = false;
  private readonly listener: WorkListener;

  constructor(
    private readonly base: Base,
    private readonly store: Store,
    private readonly parts: Parts,
  ) {
    this.listener = new WorkListener(base.config.databaseUrl, () => this.wake(), base.log);
    registerBacklog(base, store);
    registerFindings(base, store);
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.listener.start();
    this.running = this.loop();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    this.wake();
    await this.listener.stop();
    await this.running;
    this.parts.canary.close();
  }

  private wake(): void {
    this.isWoken = true;
    this.wakeUp?.();
    this.parts.clocks?.wake();
  }

  private async loop(): Promise<void> {
    while (!this.isStopping) {
      this.isWoken = false;
      let delayMs = this.base.config.dispatcherPollMs;
      try {
        delayMs = await this.round();
      } catch (error) {
        // PostgreSQL is away: nothing can be dispatched, and the next round tries again.
        this.base.log.warn({ err: error }, 'dispatch round failed');
      }
      if (delayMs > 0) await this.sleep(delayMs);
    }
  }

  /** One round; answers how long there is nothing to do. */
  private async round(): Promise<number> {
    const { canary, dispatch, sweeps } = this.parts;
    const redis = await canary.look();
    if (redis === 'lost') {
      const expired = await work.expireLeases(this.store);
      this.base.log.warn({ expired }, 'Redis lost its jobs: all leases end now');
    }
    if (redis === 'lost') this.isPolicyKnown = false;
    if (redis !== 'away' && !this.isPolicyKnown) await this.checkPolicy();
    // While Redis is away a shout would be lost: the rows stay due and go out as soon as it is back.
    if (redis !== 'away') while (!this.isStopping && (await dispatch.run()) > 0);
    if (performance.now() - this.sweptAt > SWEEP_EVERY_POLLS * this.base.config.dispatcherPollMs) {
      for (const sweep of sweeps) await this.sweepOut(sweep);
      this.sweptAt = performance.now();
    }
    const nextDueMs = redis === 'away' ? undefined : await work.nextDueInMs(this.store);
    return Math.min(this.base.config.dispatcherPollMs, nextDueMs ?? this.base.config.dispatcherPollMs);
  }

  private async sweepOut(sweep: Sweep): Promise<void> {
    let done = 1;
    while (!this.isStopping && done > 0) done = (await sweep.run()) * (sweep.isPaced === true ? 0 : 1);
  }

  /** Asked at the start and of each new Redis: one that evicts would lose what was published and not committed yet, without a word. */
  private async checkPolicy(): Promise<void> {
    const policy = await this.parts.canary.evictionPolicy();
    this.isPolicyKnown = policy !== undefined;
    if (policy !== undefined && policy !== 'noeviction')
      this.base.log.error({ policy }, 'Redis may throw jobs away: set its maxmemory-policy to noeviction');
  }

  /** Returns at once when somebody woke us, or wants us to stop, while the round was under way. */
  private sleep(delayMs: number): Promise<void> {
    if (this.isStopping || this.isWoken) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, Math.max(5, delayMs));
      this.wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** How much is owed, how much is dead and how long the oldest due row waits, per queue, read when somebody asks. */
function registerBacklog({ metrics }: Base, store: Store): void {
  const registers = [metrics.registry];
  const owed = new Gauge({ name: 'billfleet_work_owed', help: 'Owed rows.', labelNames: ['queue'], registers });
  const dead = new Gauge({
    name: 'billfleet_work_dead',
    help: 'Rows that wait for a person.',
    labelNames: ['queue'],
    registers,
  });
  new Gauge({
    name: 'billfleet_work_oldest_due_seconds',
    help: 'How long the oldest due row has waited.',
    labelNames: ['queue'],
    registers,
    async collect() {
      this.reset();
      owed.reset();
      dead.reset();
      for (const row of await workDesk.workBacklog(store)) {
        this.set({ queue: row.queue }, row.oldestDueSeconds);
        owed.set({ queue: row.queue }, row.owed);
        dead.set({ queue: row.queue }, row.dead);
      }
    },
  });
}

/** What differs between the books and the providers' records and waits for a person, read when somebody asks. */
function registerFindings({ metrics }: Base, store: Store): void {
  const registers = [metrics.registry];
  const open = new Gauge({
    name: 'billfleet_reconciliation_findings_open',
    help: 'Findings of the reconciliation that are open.',
    labelNames: ['provider'],
    registers,
  });
  new Gauge({
    name: 'billfleet_reconciliation_oldest_open_seconds',
    help: 'How long the oldest open finding has been open.',
    labelNames: ['provider'],
    registers,
    async collect() {
      this.reset();
      open.reset();
      for (const { provider, count, oldestSeconds } of await reconciliation.openFindings(store)) {
        this.set({ provider }, oldestSeconds);
        open.set({ provider }, count);
      }
    },
  });
}
