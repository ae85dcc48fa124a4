import { loadConfig } from '@billfleet/platform';
import { Command } from 'commander';
import { environmentToUse, requireServer } from '../environment.js';
import { print, printJson } from '../terminal.js';
import type { SeedEngine } from './up.js';

/** `billfleet migrate`: brings the schema up to date; safe to call at once from several machines. */
export function migrateCommand(loadSeed: (() => Promise<SeedEngine>) | undefined): Command {
  return new Command('migrate')
    .description('bring the database schema up to date')
    .option('--seed', 'then store BILLFLEET_BOOTSTRAP_API_KEY and, outside of production, the demo workspaces')
    .option('--json', 'print the migrations that ran as JSON')
    .addHelpText('before', 'Examples:\n  billfleet migrate\n  DATABASE_URL=postgres://... billfleet migrate\n')
    .action(async (options: { seed?: boolean; json?: boolean }) => {
      const environment = environmentToUse();
      const url = requireServer(environment, 'DATABASE_URL');
      const { migrate } = await import('@billfleet/store');
      const ran = await migrate(url);
      if (options.seed === true && loadSeed !== undefined) await (await loadSeed())(loadConfig(environment.values));
      if (options.json === true) printJson({ ran });
      else print(ran.length === 0 ? 'the schema is up to date' : `ran ${ran.join(', ')}`);
    });
}
