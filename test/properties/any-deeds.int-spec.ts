import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { FleetModel } from './deed.js';
import { anyFleetDeed } from './fleet-deeds.js';
import { wrongs } from './fleet-verdict.js';
import { FrontDoors } from './front-doors.js';
import { PlayedFleet } from './played-fleet.js';

/** Runs and seed as somebody wishes them; then what was played is told as well. */
const { BILLFLEET_PROPERTY_RUNS: runs, BILLFLEET_PROPERTY_SEED: seed } = process.env;
/** Lengths are drawn evenly from nothing to this, so that a run has fifty deeds on average. */
const DEEDS_MAX = 100;
const RUNS = 12;

/** Everybody does what is his to do, so that nothing is left on its way. */
async function comeToRest(fleet: PlayedFleet): Promise<void> {
  await fleet.heal();
  await fleet.tell(fleet.provider.endDisputes(), 'once');
  await fleet.heal();
  await new FrontDoors(fleet).giveWhatWaits();
  await fleet.heal();
}

test('whatever a fleet lives through, its books are balanced, follow from what happened, and are on paper without gaps', async () => {
  const did = new Map<string, number>();
  const deeds = fc.commands([anyFleetDeed], { maxCommands: DEEDS_MAX, size: 'max' });
  const delivery = fc.constantFrom('once' as const, 'again' as const, 'at-once' as const);
  const lives = fc.asyncProperty(delivery, deeds, async (delivered, played) => {
    const fleet = await PlayedFleet.open(delivered);
    try {
      const model: FleetModel = { hasOrders: false, hasPages: false, did };
      await fc.asyncModelRun(() => ({ model, real: fleet }), played);
      await comeToRest(fleet);
      expect(await wrongs(fleet)).toEqual([]);
    } finally {
      await fleet.close();
    }
  });
  await fc.assert(lives, {
    numRuns: runs === undefined ? RUNS : Number(runs),
    ...(seed === undefined ? {} : { seed: Number(seed) }),
  });
  const lines = [...did].sort().map(([what, times]) => `${String(times).padStart(6)} ${what}\n`);
  if (runs !== undefined) process.stderr.write(lines.join(''));
}, 3_600_000);
