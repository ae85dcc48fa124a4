import type { Queryable } from '@billfleet/store';
import { diceFrom } from '../chaos/dice.js';
import { calendarOf, instantOf } from './calendar-of-run.js';
import { lateMoneyKinds, openOrderKinds } from './deeds.js';
import type { Deed } from './deeds.js';
import type { Downtime, Outages } from './downtime.js';
import { Hands } from './hands.js';
import type { Counters, DeedOutcome } from './hands.js';
import type { LifePlan } from './life-plan.js';
import { openOrders } from './open-orders.js';
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

/** People who call at the same moment. */
const AT_ONCE_MAX = 24;

type Due = { readonly life: LifePlan; readonly deed: Deed };

/** Plays all lives to the end of the run, on as many clocks as they need; each clock goes at its own pace. */
export async function playLives(stage: Stage, run: Run): Promise<Played> {
  const { lives, livesPerClock } = run;
  const groups: LifePlan[][] = [];
  for (let at = 0; at < lives.length; at += livesPerClock) groups.push(lives.slice(at, at + livesPerClock));
  const played = { outcomes: new Map<string, number>(), complaints: [] as string[], deeds: 0 };
  const dice = diceFrom(run.seed);
  const ids = groups.map(() => dice.uuid());
  await Promise.all(
    groups.map(async (group, nth) => {
      const downtimes = nth === 0 ? run.downtimes : [];
      const one = new Group(stage, { ...run, lives: group, downtimes }, played);
      await one.play(ids[nth] ?? '', nth === 0);
    }),
  );
  return played;
}

/** Lives that share a clock. */
class Group {
  constructor(
    private readonly stage: Stage,
    private readonly run: Run,
    private readonly played: { outcomes: Map<string, number>; complaints: string[]; deeds: number },
  ) {}

  /** A clock that stands still ends the group, and is told. */
  async play(clockId: string, tells: boolean): Promise<void> {
    const clock = await RunClock.make(this.stage.counters.gateway, clockId);
    await inTurns(this.run.lives, (life) => clock.settle(life));
    try {
      await this.live(clock, tells);
    } catch (error) {
      if (!(error instanceof ClockStuckError)) throw error;
      this.played.complaints.push(error.message);
    }
  }

  private async live(clock: RunClock, tells: boolean): Promise<void> {
    const { months } = this.run;
    const { endsAt } = calendarOf(months);
    const downtimes = new Map(this.run.downtimes.map((one) => [one.moment, one]));
    let underWay: Promise<void> = Promise.resolve();
    let month = 0;
    for (const [moment, dues] of byMoment(this.run.lives, downtimes.keys())) {
      const now = instantOf(moment);
      await clock.advance(now);
      const downtime = downtimes.get(moment);
      if (downtime !== undefined) {
        await underWay;
        underWay = this.stage.outages.takeDown(downtime);
      }
      await this.act(moment, dues);
      const monthNow = monthOf(now);
      if (!tells || monthNow === month) continue;
      month = monthNow;
      this.stage.onProgress(`  month ${String(month)} of ${String(months)}, ${String(this.played.deeds)} deeds`);
    }
    await underWay;
    await clock.advance(endsAt);
  }

  private async act(moment: number, dues: readonly Due[]): Promise<void> {
    const workspaceIds = dues
      .filter(({ deed }) => openOrderKinds.includes(deed.kind))
      .map(({ life }) => life.workspaceId);
    const open = workspaceIds.length === 0 ? new Map() : await openOrders(this.stage.db, workspaceIds);
    const act = async ({ life, deed }: Due): Promise<void> => {
      const hands = new Hands(this.stage.counters, life, moment, open.get(life.workspaceId));
      const where = `workspace ${String(life.n)} (${life.workspaceId}), moment ${String(moment)}, ${deed.kind}`;
      await hands.do(deed).then(
        (outcome) => this.note(deed, outcome),
        (error: unknown) => this.played.complaints.push(`${where}: ${String(error)}`),
      );
    };
    const late = dues.filter(({ life, deed }) => lateMoneyKinds.includes(deed.kind) && open.has(life.workspaceId));
    if (late.length > 0) await this.stage.outages.holdingOrders(() => inTurns(late, act));
    await inTurns(
      dues.filter((due) => !late.includes(due)),
      act,
    );
  }

  private note({ kind }: Deed, outcome: DeedOutcome): void {
    if (outcome === 'nothing') return;
    this.played.deeds += 1;
    const name = `${kind} ${outcome}`;
    this.played.outcomes.set(name, (this.played.outcomes.get(name) ?? 0) + 1);
  }
}

/** What is to be done at each moment, in order; moments of downtimes count even where nobody does anything. */
function byMoment(lives: readonly LifePlan[], more: Iterable<number>): readonly (readonly [number, readonly Due[]])[] {
  const dues = new Map<number, Due[]>([...more].map((moment) => [moment, []]));
  for (const life of lives) {
    for (const { moment, deed } of life.steps) {
      const at = dues.get(moment) ?? [];
      at.push({ life, deed });
      dues.set(moment, at);
    }
  }
  return [...dues].sort(([a], [b]) => a - b);
}

const monthOf = (now: Date): number => {
  const begin = instantOf(0);
  return (now.getUTCFullYear() - begin.getUTCFullYear()) * 12 + now.getUTCMonth() - begin.getUTCMonth();
};

/** Does something for each, so many at once. */
async function inTurns<One>(all: readonly One[], act: (one: One) => Promise<void>): Promise<void> {
  const left = [...all].reverse();
  const worker = async (): Promise<void> => {
    for (let one = left.pop(); one !== undefined; one = left.pop()) await act(one);
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE_MAX, all.length) }, worker));
}
