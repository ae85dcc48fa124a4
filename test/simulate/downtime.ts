import { setTimeout as wait } from 'node:timers/promises';
import type { AppName, FleetProcess } from '../../apps/cli/src/fleet-processes.js';
import { diceFrom } from '../chaos/dice.js';
import { processesOf, revive } from '../chaos/world.js';
import type { World } from '../chaos/world.js';
import { calendarOf, LATE_MOMENT_FIRST, LATE_MOMENTS_EVERY } from './calendar-of-run.js';

/** An app that is away for a while, in real time, from one moment of the run on. */
export type Downtime = {
  readonly moment: number;
  readonly app: AppName;
  /** In good order, or with what it has in hand. */
  readonly signal: 'SIGTERM' | 'SIGKILL';
  readonly forMs: number;
};

const APPS = [
  'gateway',
  'order-worker',
  'payment-worker',
  'seat-worker',
  'reminder-worker',
  'delivery-worker',
  'dispatcher',
  'sandbox-provider',
] as const satisfies readonly AppName[];
/** One in forty days. */
const EVERY = 4;
const FOR_MS = { from: 100, to: 1_200 } as const;

/** One downtime in forty days, right after money has come late, drawn by dice of its own: it must not change what people do. */
export function drawDowntimes(seed: number, months: number): readonly Downtime[] {
  const dice = diceFrom(Math.imul(seed ^ 0x27d4eb2f, 0x165667b1));
  const drawn: Downtime[] = [];
  const { moments } = calendarOf(months);
  const step = EVERY * LATE_MOMENTS_EVERY;
  for (let moment = LATE_MOMENT_FIRST + dice.whole(1, EVERY) * LATE_MOMENTS_EVERY; moment < moments; moment += step)
    drawn.push({
      moment,
      app: dice.pick(APPS),
      signal: dice.pick(['SIGTERM', 'SIGKILL']),
      forMs: dice.whole(FOR_MS.from, FOR_MS.to),
    });
  return drawn;
}

/** Stops apps of a fleet for a while. What is stopped is marked, so that nobody takes it for a fault of the fleet. */
export class Outages {
  /** Whoever stops or holds a process waits for the one before him. */
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly world: World) {}

  /** Takes an app down, and brings it back; resolves when it is up again. */
  takeDown({ app, signal, forMs }: Downtime): Promise<void> {
    return this.alone(app, async (processes) => {
      await Promise.all(processes.map((one) => one.kill(signal)));
      await wait(forMs);
      await Promise.all(processes.map((one) => revive(one)));
    });
  }

  /** Holds the order-worker up meanwhile: nobody closes a page at the provider. */
  holdingOrders(act: () => Promise<unknown>): Promise<unknown> {
    return this.alone('order-worker', async (processes) => {
      for (const one of processes) one.signal('SIGSTOP');
      try {
        return await act();
      } finally {
        for (const one of processes) one.signal('SIGCONT');
      }
    });
  }

  private alone<Result>(app: AppName, act: (processes: readonly FleetProcess[]) => Promise<Result>): Promise<Result> {
    const { busy } = this.world;
    const processes = processesOf(this.world, app);
    const mine = this.last.then(async () => {
      for (const one of processes) busy.add(one.name);
      try {
        return await act(processes);
      } finally {
        for (const one of processes) busy.delete(one.name);
      }
    });
    this.last = mine.catch(() => undefined);
    return mine;
  }
}
