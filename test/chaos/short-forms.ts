import { harmOf } from '../../apps/cli/src/commands/chaos.js';
import type { ChaosResult, Mutant } from '../../apps/cli/src/commands/chaos.js';
import type { ShortForm } from '../../apps/cli/src/commands/test.js';
import { runChaos } from './run-chaos.js';

type Outcome = Awaited<ReturnType<ShortForm['run']>>;

/** One seed for all: what the sound fleet survives and what catches each mutant is repeatable by hand. */
const SEED = 7;
const ORDERS_SOUND = 40;
const ORDERS_MUTANT = 10;

/** Everything is broken once, and nothing may be lost or doubled. */
export async function soundShortForm(onProgress: (line: string) => void): Promise<Outcome> {
  const result = await runChaos({ seed: SEED, orders: ORDERS_SOUND, onProgress });
  const unvisited = Object.entries(result.sometimes).filter(
    ([name, times]) => name.startsWith('crash:') && times === 0,
  );
  return {
    ok: harmOf(result) === 0 && unvisited.length === 0,
    found: `${summaryOf(result)}${unvisited.map(([name]) => `, ${name} never passed`).join('')}`,
  };
}

/** A run with one rule switched off has to go red: a rule whose absence nothing notices is not tested. */
export async function mutantShortForm(mutant: Mutant, onProgress: (line: string) => void): Promise<Outcome> {
  const result = await runChaos({ seed: SEED, orders: ORDERS_MUTANT, mutant, onProgress });
  // Caught for its own reason: any other harm would be a fault of the run, not proof that the rule is watched.
  const isCaught = (mutant === 'commit-then-add' ? result.lost : result.doubleCharged) > 0;
  return { ok: isCaught, found: `${isCaught ? 'caught' : 'NOT caught'}: ${summaryOf(result)}` };
}

const summaryOf = ({ orders, faults, recoverySeconds, ...result }: ChaosResult): string => {
  const { lost, doubleCharged, unpaidSeats, auditViolations, mailDoubled } = result;
  const harms = Object.entries({ lost, doubleCharged, unpaidSeats, auditViolations, mailDoubled });
  const told = harms.map(([name, count]) => `${name} ${String(count)}`).join(', ');
  return `${String(orders)} orders, ${String(faults)} faults, ${told}, quiet after ${String(recoverySeconds)} s`;
};
