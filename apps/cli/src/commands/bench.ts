import { Command } from 'commander';
import { CommandError, exitCodes } from '../exit-codes.js';
import { print, printJson, say } from '../terminal.js';
import { wholeNumber } from './whole-number.js';

/** What a bench measured. `ok` is false when a purchase was not verified, whatever the speed. */
export type BenchResult = { readonly ok: boolean } & Readonly<Record<string, unknown>>;

/** Measures whole purchases through a fleet of its own, next to a hand-written pipeline. */
export type BenchEngine = (input: {
  orders: number;
  rounds: number;
  onProgress: (line: string) => void;
}) => Promise<BenchResult>;

/** Measures the pricing engine alone, and `POST /v1/quotes` next to an authenticated route that does nothing. */
export type BenchQuotesEngine = (input: {
  connections: number;
  rounds: number;
  secondsPerRound: number;
  onProgress: (line: string) => void;
}) => Promise<BenchResult>;

/** Measures the renewal of what is due in a small and in a large fleet. */
export type BenchRenewalsEngine = (input: {
  total: number;
  due: number;
  onProgress: (line: string) => void;
}) => Promise<BenchResult>;

type RenewalsOptions = { total: number; due: number; json?: boolean };
/** Measures how long months of a workspace take on a test clock. */
export type BenchClocksEngine = (input: {
  months: number;
  rounds: number;
  onProgress: (line: string) => void;
}) => Promise<BenchResult>;

/** The benches beside that of purchases. */
export type FurtherBenches = {
  readonly quotes?: (() => Promise<BenchQuotesEngine>) | undefined;
  readonly renewals?: (() => Promise<BenchRenewalsEngine>) | undefined;
  readonly clocks?: (() => Promise<BenchClocksEngine>) | undefined;
};

type ClocksOptions = { months: number; rounds: number; json?: boolean };
type QuotesOptions = { connections: number; rounds: number; seconds: number; json?: boolean };
type Options = { orders: number; rounds: number; json?: boolean };

/** `billfleet bench`: how fast, on durable servers of its own, and only counting what really arrived. */
export function benchCommand(
  loadEngine: () => Promise<BenchEngine>,
  { quotes, clocks, renewals }: FurtherBenches = {},
): Command {
  const purchases = new Command('purchases')
    .description('whole purchases per second, against a naive pipeline on the same servers')
    .option('--orders <count>', 'purchases per round', wholeNumber(1, 1_000_000), 2000)
    .option('--rounds <count>', 'rounds; the median counts', wholeNumber(1, 99), 3)
    .option('--json', 'print the figures as JSON')
    .action(async (options: Options) => {
      const engine = await loadEngine();
      conclude(await engine({ orders: options.orders, rounds: options.rounds, onProgress: say }), options.json);
    });
  const bench = new Command('bench')
    .description('measure throughput and latency')
    .addHelpText(
      'before',
      'Examples:\n  billfleet bench purchases --json\n  billfleet bench purchases --orders 5000 --rounds 5\n' +
        '  billfleet bench quotes --json\n  billfleet bench clocks --json\n' +
        '  billfleet bench renewals --total 1000000 --due 50000 --json\n',
    )
    .addCommand(purchases);
  if (quotes !== undefined) bench.addCommand(quotesCommand(quotes));
  if (clocks !== undefined) bench.addCommand(clocksCommand(clocks));
  if (renewals !== undefined) bench.addCommand(renewalsCommand(renewals));
  return bench;
}

function renewalsCommand(loadEngine: () => Promise<BenchRenewalsEngine>): Command {
  return new Command('renewals')
    .description(
      'renewal orders per second, and whether they follow what is due and not how many subscriptions there are',
    )
    .option(
      '--total <count>',
      'subscriptions of the large fleet; the small one has a tenth',
      wholeNumber(10, 10_000_000),
      200_000,
    )
    .option('--due <count>', 'subscriptions that are due, in both', wholeNumber(2, 1_000_000), 10_000)
    .option('--json', 'print the figures as JSON')
    .action(async ({ total, due, json }: RenewalsOptions) => {
      if (due > total / 10) throw new CommandError(exitCodes.usage, `--due ${String(due)}: at most a tenth of --total`);
      const engine = await loadEngine();
      conclude(await engine({ total, due, onProgress: say }), json);
    });
}

function clocksCommand(loadEngine: () => Promise<BenchClocksEngine>): Command {
  return new Command('clocks')
    .description('how long months of a workspace take on a test clock, with everything that happens in them')
    .option('--months <count>', 'calendar months that are lived through', wholeNumber(1, 240), 24)
    .option('--rounds <count>', 'workspaces, one after the other; the median counts', wholeNumber(1, 99), 5)
    .option('--json', 'print the figures as JSON')
    .action(async ({ months, rounds, json }: ClocksOptions) => {
      const engine = await loadEngine();
      conclude(await engine({ months, rounds, onProgress: say }), json);
    });
}

function quotesCommand(loadEngine: () => Promise<BenchQuotesEngine>): Command {
  return new Command('quotes')
    .description('time to price a quote, and quotes per second against an empty authenticated route')
    .option('--connections <count>', 'connections that are kept alive', wholeNumber(1, 1_000), 64)
    .option('--rounds <count>', 'rounds; the median counts', wholeNumber(1, 99), 5)
    .option('--seconds <count>', 'length of each route in each round', wholeNumber(1, 600), 3)
    .option('--json', 'print the figures as JSON')
    .action(async ({ connections, rounds, seconds, json }: QuotesOptions) => {
      const engine = await loadEngine();
      conclude(await engine({ connections, rounds, secondsPerRound: seconds, onProgress: say }), json);
    });
}

function conclude(result: BenchResult, asJson = false): void {
  if (asJson) printJson(result);
  else for (const [name, value] of Object.entries(result)) print(`${name.padEnd(28)}${JSON.stringify(value)}`);
  process.exitCode = result.ok ? exitCodes.ok : exitCodes.violations;
}
