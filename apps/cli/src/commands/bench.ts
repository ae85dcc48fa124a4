import { Command } from 'commander';
import { exitCodes } from '../exit-codes.js';
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

type Options = { orders: number; rounds: number; json?: boolean };

/** `billfleet bench`: how fast, on durable servers of its own, and only counting what really arrived. */
export function benchCommand(loadEngine: () => Promise<BenchEngine>): Command {
  const purchases = new Command('purchases')
    .description('whole purchases per second, against a naive pipeline on the same servers')
    .option('--orders <count>', 'purchases per round', wholeNumber(1, 1_000_000), 2000)
    .option('--rounds <count>', 'rounds; the median counts', wholeNumber(1, 99), 3)
    .option('--json', 'print the figures as JSON')
    .action(async (options: Options) => {
      const engine = await loadEngine();
      const result = await engine({ orders: options.orders, rounds: options.rounds, onProgress: say });
      if (options.json === true) printJson(result);
      else for (const [name, value] of Object.entries(result)) print(`${name.padEnd(28)}${JSON.stringify(value)}`);
      process.exitCode = result.ok ? exitCodes.ok : exitCodes.violations;
    });
  return new Command('bench')
    .description('measure throughput and latency')
    .addHelpText(
      'before',
      'Examples:\n  billfleet bench purchases --json\n  billfleet bench purchases --orders 5000 --rounds 5\n',
    )
    .addCommand(purchases);
}
