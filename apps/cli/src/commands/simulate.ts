import { randomInt } from 'node:crypto';
import { Command, Option } from 'commander';
import { exitCodes } from '../exit-codes.js';
import { print, printJson, say } from '../terminal.js';
import { wholeNumber } from './whole-number.js';

/** Mistakes that can be planted to prove that the run notices them. */
export const simulateMutants = ['one-cent-more', 'forgotten-renewals'] as const;

/** Name of a mistake that a run plants. */
export type SimulateMutant = (typeof simulateMutants)[number];

/** What a simulation lived through and what it found; in a sound fleet the four sums of harm are 0. */
export type SimulateResult = {
  readonly seed: number;
  readonly workspaces: number;
  readonly months: number;
  /** What people did, refused or not. */
  readonly deeds: number;
  readonly events: number;
  readonly orders: number;
  readonly mails: number;
  readonly auditViolations: number;
  /** Orders and accounts of which the journal says something else than what happened. */
  readonly bookDifferences: number;
  /** Differences between amounts and their derivations, in minor units, as the independent checker finds them. */
  readonly unexplainedCents: number;
  /** Answers that no right request may get, clocks that stood still, processes that ended, work that did not. */
  readonly surprises: number;
  /** SHA-256 of the books without ids and real time: the same for the same seed. */
  readonly booksHash: string;
  readonly seconds: number;
  /** How often each deed had each outcome. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** How often each thing that has to happen now and then did happen. */
  readonly sometimes: Readonly<Record<string, number>>;
};

/** Lives random lives on test clocks through a real fleet, then checks the books. */
export type SimulateEngine = (input: {
  seed: number;
  workspaces: number;
  months: number;
  mutant?: SimulateMutant;
  /** Where the books are written to as text. */
  booksFile?: string;
  onProgress: (line: string) => void;
}) => Promise<SimulateResult>;

type Options = {
  seed?: number;
  workspaces: number;
  months: number;
  mutant?: SimulateMutant;
  books?: string;
  json?: boolean;
};

const SEED_MAX = 2 ** 31 - 1;

/** `billfleet simulate`: months of many workspaces in minutes, repeatable by their seed. */
export function simulateCommand(loadEngine: () => Promise<SimulateEngine>): Command {
  return new Command('simulate')
    .description('live random lives on test clocks through a temporary fleet, then check the books')
    .option('--seed <number>', 'repeat the lives of this seed (default: a random one)', wholeNumber(0, SEED_MAX))
    .option('--workspaces <count>', 'how many live', wholeNumber(1, 10_000), 50)
    .option('--months <count>', 'for how long', wholeNumber(1, 120), 12)
    .option('--books <file>', 'write the books as text: what two runs of a seed differ in can be seen by diff')
    .addOption(new Option('--mutant <name>', 'plant a mistake: the run must then fail').choices(simulateMutants))
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'before',
      'Examples:\n  billfleet simulate --seed 7 --workspaces 300 --months 30 --json\n' +
        '  billfleet simulate --seed 7 --workspaces 20 --months 12 --books books.txt\n' +
        '  billfleet simulate --workspaces 8 --months 8 --mutant one-cent-more\n',
    )
    .action(async ({ seed = randomInt(SEED_MAX), workspaces, months, mutant, books, json }: Options) => {
      const engine = await loadEngine();
      const result = await engine({
        ...{ seed, workspaces, months, onProgress: say },
        ...(mutant && { mutant }),
        ...(books !== undefined && { booksFile: books }),
      });
      if (json === true) printJson(result);
      else for (const [name, value] of Object.entries(result)) print(`${name.padEnd(18)}${JSON.stringify(value)}`);
      process.exitCode = simulateHarmOf(result) === 0 ? exitCodes.ok : exitCodes.violations;
    });
}

/** Everything that must be 0, added up. */
export const simulateHarmOf = (result: SimulateResult): number =>
  result.auditViolations + result.bookDifferences + result.unexplainedCents + result.surprises;
