import type { Queryable } from '@billfleet/store';
import { diceFrom } from '../chaos/dice.js';
import { calendarOf, instantOf, isLateMoment, LATE_MOMENT_FIRST, LATE_MOMENTS_EVERY } from './calendar-of-run.js';
import { lateMoneyKinds, moneyBackKinds, openOrderKinds } from './deeds.js';
import type { Deed } from './deeds.js';
import type { Downtime, Outages } from './downtime.js';
import { Hands } from './hands.js';
import type { Counters } from './hands.js';
import { inTurns } from './in-turns.js';
import type { LifePlan } from './life-plan.js';
import { bank } from './money-back.js';
import { openOrders } from './open-orders.js';
import { disputedOrders, paidOrders } from './paid-orders.js';
import { ClockStuckError, RunClock } from './run-clock.js';

/** What people did and were told. */
export type Played = {
  /** How often each deed had each outcome: `buy done`, `renew refused: renewal_too_early`. */
  readonly outcomes: ReadonlyMap<string, number>;
  /** What nobody should ever be told, and clocks that stood still. */
  readonly complaints: readonly string[];
  readonly deeds: number;
};

/** What lives are played on. */
export type Stage = {
  readonly counters: Counters;
  readonly db: Queryable;
  readonly outages: Outages;
  readonly onProgress: (line: string) => void;
};

type Run = {
  readonly seed: number;
  readonly months: number;
  readonly lives: readonly LifePlan[];
  readonly downtimes: readonly Downtime[];
  readonly livesPerClock: number;
};

/** Plays all lives to the end of the run, on as many clocks as they need. */
export async function playLives(stage: Stage, run: Run): Promise<Played> {
  const { moments, endsAt, days } = calendarOf(run.months);
  const played: Tally = { outcomes: new Map(), complaints: [], deeds: 0 };
  const groups = groupsOf(stage, run, played);
  await Promise.all(groups.map((group) => group.begin()));
  const downtimes = new Map(run.downtimes.map((one) => [one.moment, one]));
  let underWay: Promise<void> = Promise.resolve();
  // Clocks go at their own pace in between. Where money comes late they wait for each other: the fleet is at rest then, so whatever is held
  // up holds up nobody else.
  for (let moment = LATE_MOMENT_FIRST; moment < moments; moment += LATE_MOMENTS_EVERY) {
    await Promise.all(groups.map((group) => group.liveUntil(moment)));
    const isLate = await Promise.all(groups.map((group) => group.prepareLate(moment)));
    if (isLate.includes(true))
      await stage.outages.holdingOrders(() => Promise.all(groups.map((group) => group.payLate())));
    const downtime = downtimes.get(moment);
    if (downtime !== undefined) {
      await underWay;
      underWay = stage.outages.takeDown(downtime);
    }
    const day = String(Math.floor(moment / 2)).padStart(4);
    stage.onProgress(`  day ${day} of ${String(days)}, ${String(played.deeds)} deeds`);
  }
  await Promise.all(groups.map((group) => group.liveUntil(moments, endsAt)));
  await underWay;
  // What a bank has in hand holds up what is owed to its payer, so every bank ends it.
  for (const disputed of await disputedOrders(stage.db)) await bank(stage.counters, disputed, 'won');
  return played;
}

function groupsOf(stage: Stage, { seed, lives, livesPerClock }: Run, played: Tally): readonly Group[] {
  const dice = diceFrom(seed);
  return Array.from({ length: Math.ceil(lives.length / livesPerClock) }, (_, nth) => {
    const mine = lives.slice(nth * livesPerClock, (nth + 1) * livesPerClock);
    return new Group(stage, { clockId: dice.uuid(), lives: mine }, played);
  });
}

type Tally = { readonly outcomes: Map<string, number>; readonly complaints: string[]; deeds: number };
type Due = { readonly life: LifePlan; readonly deed: Deed };
type PreparedDeed = () => Promise<void>;

/** Lives that share a clock. A clock that stands still ends them, and is told. */
class Group {
  private readonly byMoment: Map<number, readonly Due[]>;
  private clock: RunClock | undefined;
  private late: readonly PreparedDeed[] = [];

  constructor(
    private readonly stage: Stage,
    private readonly of: { readonly clockId: string; readonly lives: readonly LifePlan[] },
    private readonly played: Tally,
  ) {
    this.byMoment = byMoment(of.lives);
  }

  async begin(): Promise<void> {
    const clock = await RunClock.make(this.stage.counters.gateway, this.of.clockId);
    await inTurns(this.of.lives, (life) => clock.settle(life));
    this.clock = clock;
  }

  /** Plays what is left before a moment, and brings the clock there. */
  async liveUntil(moment: number, to = instantOf(moment)): Promise<void> {
    for (const [at, dues] of this.byMoment) {
      if (at >= moment) break;
      await this.advance(instantOf(at));
      this.byMoment.delete(at);
      await inTurns(await this.prepare(at, dues), (act) => act());
    }
    await this.advance(to);
  }

  /** Takes out of a moment what has to be done while the order-worker is held up; answers whether there is any. */
  async prepareLate(moment: number): Promise<boolean> {
    if (!isLateMoment(moment) || this.clock === undefined) return false;
    const dues = this.byMoment.get(moment);
    if (dues === undefined) return false;
    const isLate = ({ deed }: Due): boolean => lateMoneyKinds.includes(deed.kind);
    this.byMoment.set(
      moment,
      dues.filter((due) => !isLate(due)),
    );
    this.late = await this.prepare(moment, dues.filter(isLate));
    return this.late.length > 0;
  }

  payLate(): Promise<void> {
    return inTurns(this.late, (act) => act());
  }

  private async advance(to: Date): Promise<void> {
    try {
      await this.clock?.advance(to);
    } catch (error) {
      if (!(error instanceof ClockStuckError)) throw error;
      this.played.complaints.push(error.message);
      this.clock = undefined;
      this.byMoment.clear();
    }
  }

  /** Looks up what there is to pay, for all at once, and leaves out deeds that have nothing to be done to. */
  private async prepare(moment: number, dues: readonly Due[]): Promise<readonly PreparedDeed[]> {
    const isAboutOpen = ({ deed }: Due): boolean => openOrderKinds.includes(deed.kind);
    const asking = dues.filter(isAboutOpen).map(({ life }) => life.workspaceId);
    const isMoneyBack = ({ deed }: Due): boolean => moneyBackKinds.includes(deed.kind);
    const open = await openOrders(this.stage.db, asking);
    const paid = await paidOrders(
      this.stage.db,
      dues.filter(isMoneyBack).map(({ life }) => life.workspaceId),
    );
    return dues
      .filter((due) => !isAboutOpen(due) || open.has(due.life.workspaceId))
      .filter((due) => !isMoneyBack(due) || paid.has(due.life.workspaceId))
      .map((due) => () => {
        const { workspaceId: id } = due.life;
        const found = [open.get(id), paid.get(id) ?? []] as const;
        return this.act(moment, due, new Hands(this.stage.counters, due.life, moment, ...found));
      });
  }

  private async act(moment: number, { life, deed }: Due, hands: Hands): Promise<void> {
    try {
      const outcome = await hands.do(deed);
      if (outcome === 'nothing') return;
      this.played.deeds += 1;
      const name = `${deed.kind} ${outcome}`;
      this.played.outcomes.set(name, (this.played.outcomes.get(name) ?? 0) + 1);
    } catch (error) {
      const where = `workspace ${String(life.n)} (${life.workspaceId}) at ${instantOf(moment).toISOString()}`;
      this.played.complaints.push(`${where}, ${deed.kind}: ${String(error)}`);
    }
  }
}

/** What is to be done at each moment, in order. */
function byMoment(lives: readonly LifePlan[]): Map<number, readonly Due[]> {
  const dues = new Map<number, Due[]>();
  for (const life of lives) {
    for (const { moment, deed } of life.steps) {
      const at = dues.get(moment) ?? [];
      at.push({ life, deed });
      dues.set(moment, at);
    }
  }
  return new Map([...dues].sort(([a], [b]) => a - b));
}
