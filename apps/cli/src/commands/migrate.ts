import { Command } from 'commander';
import { environmentToUse, requireServer } from '../environment.js';
import { print, printJson } from '../terminal.js';

/** `billfleet migrate`: brings the schema up to date; safe to call at once from several machines. */
export function migrateCommand(): Command {
  return new Command('migrate')
    .description('bring the database schema up to date')
    .option('--json', 'print the migrations that ran as JSON')
    .addHelpText('before', 'Examples:\n  billfleet migrate\n  DATABASE_URL=postgres://... billfleet migrate\n')
    .action(async (options: { json?: boolean }) => {
      const url = requireServer(environmentToUse(), 'DATABASE_URL');
      const { migrate } = await import('@billfleet/store');
      const ran = await migrate(url);
      if (options.json === true) printJson({ ran });
      else print(ran.length === 0 ? 'the schema is up to date' : `ran ${ran.join(', ')}`);
    });
}
