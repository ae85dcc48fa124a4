import { randomInt } from 'node:crypto';
import { Command, Option } from 'commander';
import { exitCodes } from '../exit-codes.js';
import { print, printJson, say } from '../terminal.js';
import { wholeNumber } from './whole-number.js';

/** Rules that can be switched off to prove that the run notices. */
export const mutants = ['new-key-per-try', 'commit-then-add', 'timeout-is-decline'] as const;

/** Name of a rule that a run switches off. */
export type Mutant = (typeof mutants)[number];

/** What a chaos run did and what it found; every count of harm is 0 in a sound fleet. */
export type ChaosResult = {
  readonly seed: number;
  readonly orders: number;
  readonly faults: number;
  readonly lost: number;
  readonly doubleCharged: number;
  readonly unpaidSeats: number;
  readonly auditViolations: number;
  /** Orders and accounts of which the journal says something else than what happened. */
  readonly bookDifferences: number;
  readonly mailDoubled: number;
  readonly recoverySeconds: number;
  /** How often each thing that has to happen now and then did happen. */
  readonly sometimes: Readonly<Record<string, number>>;
};

/** Drives purchases through real processes while it breaks them, waits until all is quiet, then counts the harm. */
export type ChaosEngine = (input: {
  seed: number;
  orders: number;
  mutant?: Mutant;
  onProgress: (line: string) => void;
}) => Promise<ChaosResult>;

type Options = { seed?: number; orders: number; mutant?: Mutant; json?: boolean };

const SEED_MAX = 2 ** 31 - 1;

/** `billfleet chaos`: kills, wipes, time-outs and doubled messages, repeatable by their seed. */
export function chaosCommand(loadEngine: () => Promise<ChaosEngine>): Command {
  return new Command('chaos')
    .description('break a temporary fleet in every known way and count what was lost or doubled')
    .option('--seed <number>', 'repeat the run of this seed (default: a random one)', wholeNumber(0, SEED_MAX))
    .option('--orders <count>', 'purchases to drive through', wholeNumber(1, 1_000_000), 200)
    .addOption(new Option('--mutant <name>', 'switch one rule off: the run must then fail').choices(mutants))
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'before',
      'Examples:\n  billfleet chaos --seed 7 --orders 500\n  billfleet chaos --mutant new-key-per-try --json\n',
    )
    .action(async (options: Options) => {
      const engine = await loadEngine();
      const { mutant, orders, seed = randomInt(SEED_MAX) } = options;
      const result = await engine({ seed, orders, ...(mutant && { mutant }), onProgress: say });
      if (options.json === true) printJson(result);
      else for (const [name, value] of Object.entries(result)) print(`${name.padEnd(20)}${JSON.stringify(value)}`);
      process.exitCode = harmOf(result) === 0 ? exitCodes.ok : exitCodes.violations;
    });
}

/** Everything that must be 0, added up. */
export function harmOf(result: ChaosResult): number {
  const { lost, doubleCharged, unpaidSeats, auditViolations, bookDifferences, mailDoubled } = result;
  return lost + doubleCharged + unpaidSeats + auditViolations + bookDifferences + mailDoubled;
}
