import { Command } from 'commander';
import { environmentToUse } from '../environment.js';
import { CommandError, exitCodes } from '../exit-codes.js';
import type { ExitCode } from '../exit-codes.js';
import { print, printJson, say } from '../terminal.js';

/** The fleet that the demo plays against: one of its own that goes afterwards, or one that is up. */
export type DemoTarget =
  | { readonly kind: 'ephemeral' }
  | {
      readonly kind: 'running';
      readonly url: string;
      readonly apiKey: string;
      /** What the CLI knows of that fleet: its database for the audits, its sandbox for the payer's part. */
      readonly environment: Readonly<Record<string, string | undefined>>;
    };

/** What the demo did; `ok` is false when a purchase did not arrive or an audit found something. */
export type DemoResult = {
  readonly ok: boolean;
  readonly orders: number;
  readonly seconds: number;
  readonly auditViolations: number;
};

/** Plays the whole journey in both countries, then audits. */
export type DemoEngine = (input: { target: DemoTarget; onProgress: (line: string) => void }) => Promise<DemoResult>;

type Options = { ephemeral?: boolean; json?: boolean; url?: string; apiKey?: string };

/** `billfleet demo`: the main job from quote to receipt, on a fleet that runs or on a temporary one. */
export function demoCommand(loadEngine: () => Promise<DemoEngine>): Command {
  return new Command('demo')
    .description('buy seats in both countries, from quote to receipt, then audit the books')
    .option('--ephemeral', 'bring up a temporary fleet for it')
    .option('--url <url>', 'gateway of the fleet to play against (default: the one that is up here)')
    .option('--api-key <key>', 'API key for that gateway')
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'before',
      'Examples:\n  billfleet demo\n  billfleet demo --ephemeral --json\n  billfleet demo --url http://127.0.0.1:3000 --api-key bf_dev_...\n',
    )
    .action(async (options: Options) => {
      process.exitCode = await demo(await loadEngine(), options);
    });
}

async function demo(engine: DemoEngine, options: Options): Promise<ExitCode> {
  const result = await engine({
    target: targetOf(options),
    onProgress: options.json === true ? () => undefined : say,
  });
  if (options.json === true) printJson(result);
  else
    print(
      `${String(result.orders)} orders in ${result.seconds.toFixed(1)} s, ${String(result.auditViolations)} audit violations`,
    );
  return result.ok ? exitCodes.ok : exitCodes.violations;
}

function targetOf(options: Options): DemoTarget {
  if (options.ephemeral === true) {
    if (options.url === undefined) return { kind: 'ephemeral' };
    throw new CommandError(exitCodes.usage, '--ephemeral brings its own fleet, so --url does not go with it');
  }
  const { values } = environmentToUse();
  const url = options.url ?? values['BILLFLEET_PUBLIC_URL'];
  const apiKey = options.apiKey ?? values['BILLFLEET_BOOTSTRAP_API_KEY'];
  if (url === undefined || apiKey === undefined) {
    throw new CommandError(exitCodes.usage, 'no fleet to play against: give --url and --api-key, or --ephemeral');
  }
  return { kind: 'running', url, apiKey, environment: values };
}
