import type { SimulateMutant, SimulateResult } from '../../apps/cli/src/commands/simulate.js';
import { simulateHarmOf } from '../../apps/cli/src/commands/simulate.js';
import type { ShortForm } from '../../apps/cli/src/commands/test.js';
import { runSimulation } from './run-simulation.js';

type Outcome = Awaited<ReturnType<ShortForm['run']>>;

const SEED = 7;
const BRIEFLY = { seed: SEED, workspaces: 8, months: 8 } as const;
/** A run in which these never happened would have proved nothing. */
const MUST_HAPPEN = [
  'renewalsPaid',
  'reminders',
  'changesPaid',
  'ordersExpired',
  'attemptsDeclined',
  'creditMovements',
];

/** Two runs of one seed: nothing may be wrong, and their books must be the same. */
export async function sameBooksTwice(onProgress: (line: string) => void): Promise<Outcome> {
  const first = await runSimulation({ ...BRIEFLY, onProgress });
  const second = await runSimulation({ ...BRIEFLY, onProgress });
  const missing = MUST_HAPPEN.filter((name) => (first.sometimes[name] ?? 0) === 0);
  const isSame = first.booksHash === second.booksHash;
  return {
    ok: isSame && missing.length === 0 && simulateHarmOf(first) + simulateHarmOf(second) === 0,
    found: `${summaryOf(first)}, ${isSame ? 'the same books' : 'OTHER BOOKS'} the second time${missing.map((name) => `, no ${name}`).join('')}`,
  };
}

/** A planted mistake has to be found, and for its own reason. */
export async function mutantIsFound(mutant: SimulateMutant, onProgress: (line: string) => void): Promise<Outcome> {
  const result = await runSimulation({ ...BRIEFLY, mutant, onProgress });
  const isFound = mutant === 'one-cent-more' ? result.unexplainedCents > 0 : result.auditViolations > 0;
  return { ok: isFound, found: `${isFound ? 'found' : 'NOT found'}: ${summaryOf(result)}` };
}

const summaryOf = ({ orders, mails, auditViolations, unexplainedCents, surprises }: SimulateResult): string =>
  `${String(orders)} orders, ${String(mails)} mails, auditViolations ${String(auditViolations)}, ` +
  `unexplainedCents ${String(unexplainedCents)}, surprises ${String(surprises)}`;
