import type { SimulateMutant, SimulateResult } from '../../apps/cli/src/commands/simulate.js';
import { simulateHarmOf } from '../../apps/cli/src/commands/simulate.js';
import type { ShortForm } from '../../apps/cli/src/commands/test.js';
import { runSimulation } from './run-simulation.js';

type Outcome = Awaited<ReturnType<ShortForm['run']>>;

const SEED = 7;
/** Long enough for terms to end and to be renewed. */
const BRIEFLY = { seed: SEED, workspaces: 8, months: 8 } as const;
/** Long enough for changes to be ordered in these lives, and a subscription that nobody will find again is one from its first day. */
const MUTANT = { seed: SEED, workspaces: 8, months: 4 } as const;
/** A run in which these never happened would have proved nothing. */
const MUST_HAPPEN = [
  'renewalsPaid',
  'reminders',
  'changesPaid',
  'ordersExpired',
  'attemptsDeclined',
  'creditMovements',
];

/** Two runs of one seed, side by side: nothing may be wrong, and their books must be the same. */
export async function sameBooksTwice(onProgress: (line: string) => void): Promise<Outcome> {
  const live = (): Promise<SimulateResult> => runSimulation({ ...BRIEFLY, onProgress });
  const [first, second] = await Promise.all([live(), live()]);
  const missing = MUST_HAPPEN.filter((name) => (first.sometimes[name] ?? 0) === 0);
  const isSame = first.booksHash === second.booksHash;
  return {
    ok: isSame && missing.length === 0 && simulateHarmOf(first) + simulateHarmOf(second) === 0,
    found: `${summaryOf(first)}, ${isSame ? 'the same books' : 'OTHER BOOKS'} the second time${missing.map((name) => `, no ${name}`).join('')}`,
  };
}

/** A planted mistake has to be found, and for its own reason. */
export async function mutantIsFound(mutant: SimulateMutant, onProgress: (line: string) => void): Promise<Outcome> {
  const result = await runSimulation({ ...MUTANT, mutant, onProgress });
  const isFound = mutant === 'one-cent-more' ? result.unexplainedCents > 0 : result.auditViolations > 0;
  return { ok: isFound, found: `${isFound ? 'found' : 'NOT found'}: ${summaryOf(result)}` };
}

const summaryOf = ({ orders, mails, auditViolations, unexplainedCents, surprises }: SimulateResult): string =>
  `${String(orders)} orders, ${String(mails)} mails, auditViolations ${String(auditViolations)}, ` +
  `unexplainedCents ${String(unexplainedCents)}, surprises ${String(surprises)}`;
