import { derivationLanguages } from '@billfleet/domain';
import type { DerivationLanguage } from '@billfleet/domain';
import { loadConfig } from '@billfleet/platform';
import type { Config } from '@billfleet/platform';
import { Command, InvalidArgumentError, Option } from 'commander';
import { environmentToUse, requireServer } from '../environment.js';
import { CommandError, exitCodes } from '../exit-codes.js';
import { print, printJson } from '../terminal.js';

/** An order's price in words; `text` is all sentences in their order, amounts are minor units as text. */
export type Explanation = {
  readonly orderId: string;
  readonly number: string;
  readonly status: string;
  readonly workspaceId: string;
  readonly language: DerivationLanguage;
  readonly currency: string;
  readonly amountMinor: string;
  /** The same in major units. */
  readonly total: string;
  readonly quoteId: string | null;
  readonly priceListId: string;
  readonly lines: readonly { readonly amountMinor: string; readonly text: string }[];
  readonly text: readonly string[];
};

/** Explains an order, found by id or number; undefined when there is none. */
export type ExplainEngine = (
  config: Config,
  idOrNumber: string,
  language: DerivationLanguage,
) => Promise<Explanation | undefined>;

type Options = { lang: DerivationLanguage; json?: boolean };

const ORDER = /^(\d{1,18}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i;

/** `billfleet explain`: how each cent of an order came about. */
export function explainCommand(loadEngine: () => Promise<ExplainEngine>): Command {
  return new Command('explain')
    .description('tell in plain sentences how the price of an order came about')
    .argument('<order>', 'id or number of an order', (text) => {
      if (ORDER.test(text)) return text;
      throw new InvalidArgumentError(`found ${text}, wanted a UUID or a number`);
    })
    .addOption(new Option('--lang <language>', 'language of the sentences').choices(derivationLanguages).default('en'))
    .option('--json', 'print the sentences and their amounts as JSON')
    .addHelpText('before', 'Examples:\n  billfleet explain 1001\n  billfleet explain 1001 --lang pt-BR\n')
    .action(async (idOrNumber: string, { lang, json }: Options) => {
      const engine = await loadEngine();
      const environment = environmentToUse();
      requireServer(environment, 'DATABASE_URL');
      requireServer(environment, 'REDIS_URL');
      const explanation = await engine(loadConfig(environment.values), idOrNumber, lang);
      if (explanation === undefined) throw new CommandError(exitCodes.violations, `there is no order ${idOrNumber}`);
      if (json === true) printJson(explanation);
      else for (const sentence of explanation.text) print(sentence);
    });
}
