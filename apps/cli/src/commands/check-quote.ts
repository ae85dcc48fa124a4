import { Command } from 'commander';
import type { Difference } from '../check-quote/checker.js';
import { exitCodes } from '../exit-codes.js';
import { print, printJson } from '../terminal.js';

/** What a file holds, and everything in it that its derivation does not explain. */
export type CheckQuoteReport = { readonly kind: 'quote' | 'order'; readonly differences: readonly Difference[] };

/** Checks a file without the engine that priced it. */
export type CheckQuoteEngine = (file: string) => Promise<CheckQuoteReport>;

/** `billfleet check-quote`: recomputes a quote or an order with code of its own. */
export function checkQuoteCommand(loadEngine: () => Promise<CheckQuoteEngine>): Command {
  return new Command('check-quote')
    .description('recompute a quote or an order from its derivation, without the engine')
    .argument('<file>', 'a quote or an order as the API answers it, as JSON; - reads stdin')
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'before',
      'Examples:\n  billfleet check-quote quote.json\n  curl -s -H "Authorization: Bearer $KEY" $URL/v1/orders/$ID | billfleet check-quote -\n',
    )
    .action(async (file: string, options: { json?: boolean }) => {
      const { kind, differences } = await (await loadEngine())(file);
      const ok = differences.length === 0;
      if (options.json === true) printJson({ ok, kind, differences });
      else {
        for (const { what, expected, found } of differences) print(`${what}: expected ${expected}, found ${found}`);
        print(ok ? `the ${kind} explains each of its cents` : `the ${kind} is refused`);
      }
      process.exitCode = ok ? exitCodes.ok : exitCodes.violations;
    });
}
