import { describeConfig, loadConfig, unknownVariables } from '@billfleet/platform';
import { Command } from 'commander';
import { environmentToUse } from '../environment.js';
import { print, printJson, say, table } from '../terminal.js';

/** `billfleet config print`: every effective value and where it comes from; nothing secret is shown. */
export function configCommand(): Command {
  const printCommand = new Command('print')
    .description('print the effective values, their source, secrets masked')
    .option('--json', 'print them as JSON')
    .action((options: { json?: boolean }) => {
      printConfig(options.json === true);
    });
  return new Command('config')
    .description('look at the configuration')
    .addHelpText('before', 'Examples:\n  billfleet config print\n  billfleet config print --json\n')
    .addCommand(printCommand);
}

function printConfig(asJson: boolean): void {
  const { values, sources } = environmentToUse();
  const shown = describeConfig(values).map((one) => ({ ...one, source: sources.get(one.name) ?? one.source }));
  if (asJson) printJson(shown);
  else
    print(
      table(
        ['NAME', 'VALUE', 'SOURCE', 'ABOUT'],
        shown.map((one) => [one.name, one.value, one.source, one.about]),
      ),
    );
  const unknown = unknownVariables(process.env);
  if (unknown.length > 0) say(`nobody reads these variables: ${unknown.join(', ')}`);
  // The values are printed first, so that a fault can be looked at; private servers are no fault, `up` brings them.
  loadConfig({ DATABASE_URL: 'postgres://127.0.0.1', REDIS_URL: 'redis://127.0.0.1', ...values });
}
