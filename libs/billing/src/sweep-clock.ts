import type { Clock } from '@billfleet/platform';
import { testClocks } from '@billfleet/store';
import type { SweptAt, Tx } from '@billfleet/store';

/** By whose time a sweep looks, and so whose rows it serves; asked in the transaction that serves them. */
export type SweepClock = { at(tx: Tx): Promise<SweptAt> };

/** The fleet's own time, for all who stand on no test clock. */
export const fleetSweeps = (clock: Clock): SweepClock => ({
  at: () => Promise.resolve({ now: clock.now(), testClockId: null }),
});

/** The time of a test clock, which stands still until the transaction has ended. */
export const testClockSweeps = (testClockId: string): SweepClock => ({
  at: async (tx) => ({ now: await testClocks.holdClock(tx, testClockId), testClockId }),
});
