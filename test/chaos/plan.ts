import { crashPoints } from '@billfleet/platform';
import type { CrashPoint } from '@billfleet/platform';
import type { AppName } from '../../apps/cli/src/fleet-processes.js';
import type { Dice } from './dice.js';

/**
 * How one buyer gets to his seats.
 * - `token`: a card token that pays. `token-declined`: a token that is declined, then a new order with one that pays.
 * - `card-page`, `pix-page`: the provider's hosted page.
 * - `changes-mind`: orders again before the first order could be opened, and pays only the second one.
 * - `pays-twice`: orders again, then pays both pages on purpose; the first payment must go back.
 */
export type Way = 'token' | 'token-declined' | 'card-page' | 'pix-page' | 'changes-mind' | 'pays-twice';

/**
 * What goes back of what he paid, once he has his seats: a part or all of it out of goodwill, or all of it since he undoes the order; or his bank takes it,
 * and loses or wins later.
 */
export type MoneyBack = 'nothing' | 'part' | 'all' | 'undo' | 'bank-lost' | 'bank-won';

/** One buyer: a workspace of its own, and all that he will do. */
export type BuyerPlan = {
  readonly n: number;
  readonly workspaceId: string;
  readonly way: Way;
  readonly plan: 'base' | 'advanced' | 'pro';
  readonly seats: number;
  readonly periodMonths: 6 | 9 | 12 | 24;
  /** Every order is submitted twice at the same moment, with the same key. */
  readonly submitsTwice: boolean;
  readonly asksForReminder: boolean;
  readonly moneyBack: MoneyBack;
};

/** A crash point, and the app that dies there when not any that passes it will do. */
export type Place = { readonly point: CrashPoint; readonly app?: AppName };

/** Something that is broken on purpose. Durations are milliseconds; `draw` picks the victim among those that are up. */
export type Fault =
  | { readonly kind: 'kill' | 'terminate'; readonly draw: number }
  | { readonly kind: 'freeze'; readonly draw: number; readonly forMs: number }
  | ({ readonly kind: 'crash-point'; readonly draw: number } & Place)
  | { readonly kind: 'redis-flush' | 'redis-wipe' | 'postgres-stop' | 'postgres-disconnect' }
  | { readonly kind: 'redis-freeze'; readonly forMs: number }
  | { readonly kind: 'provider-weather'; readonly knobs: Readonly<Record<string, number>> }
  | { readonly kind: 'mail-weather'; readonly knobs: Readonly<Record<string, number>> };

/** A fault and how long to wait before it. */
export type PlannedFault = { readonly afterMs: number; readonly fault: Fault };

/** All that the seed decides. */
export type Plan = {
  readonly buyers: readonly BuyerPlan[];
  readonly faults: readonly PlannedFault[];
  readonly shareInStep: number;
  readonly holdMs: number;
};

/** What a plan may draw from; mutants narrow it to what they need. */
export type PlanSettings = {
  readonly orders: number;
  readonly leaseMs: number;
  readonly ways: readonly [Way, ...Way[]];
  /** Kinds that the schedule is filled up with, each as often as it is named. */
  readonly fillers: readonly [Fault['kind'], ...Fault['kind'][]];
  /** Kinds that happen at least once, besides the crash points. */
  readonly musts: readonly Fault['kind'][];
  readonly places: readonly Place[];
  readonly faultsPerOrder: number;
  /** Share of the buyers that come in step with the faults; others are called when a process waits for traffic, the rest comes at the end. */
  readonly shareInStep: number;
  /** How long the last weather stays after the last fault. */
  readonly holdMs: number;
  /** The highest odds of each knob; a weather draws between half of it and all of it, and 1 is certain. */
  readonly providerOdds: Readonly<Record<string, number>>;
};

/** Half by token, half by hosted page, as the shares of the named ways are. */
const EVERY_WAY = [
  ...Array<Way>(8).fill('token'),
  ...Array<Way>(2).fill('token-declined'),
  ...Array<Way>(4).fill('card-page'),
  ...Array<Way>(4).fill('pix-page'),
] as const;

/** Two in five get something back. */
const MONEY_BACK = [
  'part',
  ...Array<MoneyBack>(9).fill('nothing'),
  ...(['part', 'all', 'undo', 'bank-lost', 'bank-won'] as const),
] as const satisfies readonly MoneyBack[];

/** The settings of a run in which everything is broken and nothing may be lost. */
export function soundSettings(orders: number, leaseMs: number): PlanSettings {
  return {
    orders,
    leaseMs,
    ways: ['changes-mind', 'pays-twice', ...EVERY_WAY],
    fillers: [
      'kill',
      'kill',
      'kill',
      'kill',
      'kill',
      'kill',
      'terminate',
      'freeze',
      'provider-weather',
      'mail-weather',
    ].concat(['redis-flush', 'redis-wipe', 'redis-freeze', 'postgres-stop', 'postgres-disconnect']) as [
      Fault['kind'],
      ...Fault['kind'][],
    ],
    musts: [
      'kill',
      'terminate',
      'freeze',
      'redis-flush',
      'redis-wipe',
      'redis-freeze',
      'postgres-stop',
      'postgres-disconnect',
    ],
    places: crashPoints.map((point) => ({ point })),
    faultsPerOrder: 0.2,
    shareInStep: 0.5,
    holdMs: 0,
    providerOdds: {
      timeoutAfterCharge: 0.2,
      error500BeforeCharge: 0.15,
      error500AfterCharge: 0.15,
      webhookDuplicate: 0.3,
      webhookShuffle: 0.3,
      webhookDrop: 0.2,
    },
  };
}

const PAUSE_MS = { from: 300, to: 1_000 } as const;

/** Draws buyers and faults, in this order, from one pair of dice. */
export function drawPlan(dice: Dice, settings: PlanSettings): Plan {
  const buyers = Array.from({ length: settings.orders }, (_, n) => drawBuyer(dice, n, settings));
  const kinds = [...settings.musts];
  const wanted = Math.max(kinds.length, Math.round(settings.orders * settings.faultsPerOrder));
  while (kinds.length < wanted) kinds.push(dice.pick(settings.fillers));
  const drawn = kinds.map((kind) => drawFault(dice, kind, settings));
  const points = settings.places.map((place): Fault => ({ kind: 'crash-point', ...place, draw: dice.roll() }));
  // The first weather comes before all else: calm calls are the exception in a run like this.
  const weather = [drawFault(dice, 'provider-weather', settings), drawFault(dice, 'mail-weather', settings)];
  const faults = [...weather, ...dice.shuffled([...drawn, ...points])];
  const planned = faults.map((fault) => ({ afterMs: dice.whole(PAUSE_MS.from, PAUSE_MS.to), fault }));
  return { buyers, faults: planned, shareInStep: settings.shareInStep, holdMs: settings.holdMs };
}

function drawBuyer(dice: Dice, n: number, { ways }: PlanSettings): BuyerPlan {
  return {
    n,
    workspaceId: dice.uuid(),
    way: dice.pick(ways),
    plan: dice.pick(['base', 'advanced', 'pro']),
    seats: dice.whole(1, 40),
    periodMonths: dice.pick([6, 9, 12, 24]),
    submitsTwice: dice.chance(0.2),
    asksForReminder: dice.chance(0.4),
    moneyBack: dice.pick(MONEY_BACK),
  };
}

function drawFault(dice: Dice, kind: Fault['kind'], settings: PlanSettings): Fault {
  switch (kind) {
    case 'kill':
    case 'terminate':
      return { kind, draw: dice.roll() };
    case 'freeze':
      return { kind, draw: dice.roll(), forMs: Math.round(settings.leaseMs * (1.1 + dice.roll())) };
    case 'crash-point':
      return { kind, point: dice.pick(crashPoints as [CrashPoint, ...CrashPoint[]]), draw: dice.roll() };
    case 'redis-freeze':
      return { kind, forMs: dice.whole(500, 4_500) };
    case 'provider-weather':
      return { kind, knobs: drawProviderWeather(dice, settings.providerOdds) };
    case 'mail-weather':
      return {
        kind,
        knobs: {
          seed: dice.whole(0, 2 ** 31),
          refuse421: dice.roll() * 0.3,
          dropAfterData: dice.roll() * 0.3,
          delayMs: dice.whole(0, 200),
        },
      };
    case 'redis-flush':
    case 'redis-wipe':
    case 'postgres-stop':
    case 'postgres-disconnect':
      return { kind };
  }
}

const drawProviderWeather = (dice: Dice, odds: Readonly<Record<string, number>>): Record<string, number> => ({
  seed: dice.whole(0, 2 ** 31),
  ...Object.fromEntries(Object.entries(odds).map(([knob, odd]) => [knob, Math.min(1, odd * (0.5 + dice.roll() / 2))])),
  slowMs: dice.whole(0, 150),
  webhookDelayMs: dice.whole(0, 600),
});
