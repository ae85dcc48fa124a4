import { afterAll, afterEach, beforeAll, describe, jest, test } from '@jest/globals';
import { Customer } from './customer.js';
import type { CountryOfCustomer } from './customer.js';
import { Fleet } from './fleet.js';

/** The ways in which every journey is played: each must come to the same end. */
type Mode = {
  readonly mode: string;
  readonly doubleDelivery: boolean;
  readonly crashAt: number;
  readonly onTestClock?: true;
};

const CRASHES = ['first', 'second', 'third', 'fourth', 'fifth'];

const whole: readonly Mode[] = [
  { mode: 'plainly', doubleDelivery: false, crashAt: 0 },
  { mode: 'with everything delivered twice', doubleDelivery: true, crashAt: 0 },
];

const crashes: readonly Mode[] = CRASHES.map((nth, index) => ({
  mode: `with a crash before the ${nth} commit of each process`,
  doubleDelivery: false,
  crashAt: index + 1,
}));

/** Every rule holds for a workspace on a test clock as well. */
const onTestClock: Mode = { mode: 'on a test clock', doubleDelivery: false, crashAt: 0, onTestClock: true };

const EVERY_CRASH = process.env['BILLFLEET_JOURNEYS'] === 'every-mode';

/**
 * The crashes that a group of journeys is played with: all of them where that was asked for, else one of the five, which one by the length of its name. So each
 * crash strikes some group in every run, and a run stays short enough to wait for.
 */
function crashesOf(name: string): readonly Mode[] {
  if (EVERY_CRASH) return crashes;
  const first = name.length % crashes.length;
  return crashes.filter((_, nth) => nth === first);
}

/** What the journeys of a file are played with. */
export type Given = {
  readonly fleet: Fleet;
  readonly mode: Mode;
  /** A fresh workspace; from then on the commits of the mode crash. */
  customer(
    country?: CountryOfCustomer,
    more?: { readonly trialEndsOn?: string; readonly trial?: true },
  ): Promise<Customer>;
};

/**
 * Plays journeys on a shared fleet once in every mode; after each one nothing may be owed and no audit may find anything. `inFleetTime`: the
 * journeys make test clocks of their own, or are about what only the fleet's own time does. `env`: variables of the fleet over the usual ones.
 */
export function inEveryMode(
  name: string,
  play: (given: Given) => void,
  { inFleetTime = false, env = {} }: { readonly inFleetTime?: boolean; readonly env?: Record<string, string> } = {},
): void {
  const modes = [...whole, ...crashesOf(name), ...(inFleetTime ? [] : [onTestClock])];
  describe.each(modes)(`${name}, $mode`, (mode) => {
    playOn(mode, play, env);
  });
}

/** The same for journeys that are about what only the fleet's own time does, such as standing earlier than now, or leaping over days. */
export function inFleetTime(name: string, play: (given: Given) => void): void {
  inEveryMode(name, play, { inFleetTime: true });
}

/** A journey in which time goes on while a worker is away, which a test clock would wait for: it is played in the fleet's own time only. */
export function testInFleetTime({ mode }: Given, name: string, play: () => Promise<void>): void {
  if (mode.onTestClock !== true) test(name, play);
}

function playOn(mode: Mode, play: (given: Given) => void, env: Record<string, string>): void {
  let started: Fleet | undefined;
  const fleet = (): Fleet => {
    if (started === undefined) throw new Error('the fleet is not up');
    return started;
  };
  // A crash costs a second of backoff at each step, and a busy machine doubles that.
  jest.setTimeout(90_000);
  beforeAll(async () => {
    const { doubleDelivery, onTestClock: isOnTestClock = false } = mode;
    started = await Fleet.start({ doubleDelivery, onTestClock: isOnTestClock, env });
  });
  afterEach(async () => {
    fleet().crashAtCommit(0);
    await fleet().settle();
    await fleet().audit();
  });
  afterAll(async () => {
    await started?.close();
  });
  play({
    get fleet() {
      return fleet();
    },
    mode,
    async customer(country = 'US', more = {}) {
      fleet().crashAtCommit(0);
      const customer = await Customer.register(fleet(), country, more);
      fleet().crashAtCommit(mode.crashAt);
      return customer;
    },
  });
}
