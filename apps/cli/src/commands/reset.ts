import { existsSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline/promises';
import { Command } from 'commander';
import { CommandError, exitCodes } from '../exit-codes.js';
import { dataFolder, runningFleet } from '../local-state.js';
import { defaultPostgresDataDir, postgresHolder } from '../services.js';
import { print, printJson, say } from '../terminal.js';

const KEPT = new Set(['secrets.json']);

/** `billfleet reset`: empties the private servers, so that the next `up` starts from the demo data. */
export function resetCommand(): Command {
  return new Command('reset')
    .description('empty the private data of this checkout; the next start seeds it again')
    .option('--yes', 'do not ask')
    .option('--dry-run', 'only say what would go')
    .option('--json', 'print what went as JSON')
    .addHelpText('before', 'Examples:\n  billfleet reset\n  billfleet reset --yes && billfleet up\n')
    .action(async (options: { yes?: boolean; dryRun?: boolean; json?: boolean }) => {
      refuseWhereItHarms();
      const folders = privateFolders();
      if (options.dryRun !== true) {
        if (options.yes !== true) await ask(folders);
        for (const folder of folders) rmSync(folder, { recursive: true, force: true });
      }
      const verb = options.dryRun === true ? 'would remove' : 'removed';
      if (options.json === true) printJson({ [options.dryRun === true ? 'wouldRemove' : 'removed']: folders });
      else print(folders.length === 0 ? 'nothing to remove' : folders.map((folder) => `${verb} ${folder}`).join('\n'));
    });
}

function refuseWhereItHarms(): void {
  if (process.env['NODE_ENV'] === 'production') {
    throw new CommandError(exitCodes.usage, 'reset refuses to run with NODE_ENV=production');
  }
  const fleet = runningFleet();
  if (fleet !== undefined) {
    throw new CommandError(
      exitCodes.usage,
      `a fleet is up in this checkout (process ${String(fleet.pid)}): stop it first`,
    );
  }
  if (postgresHolder(defaultPostgresDataDir()) !== undefined) {
    throw new CommandError(exitCodes.usage, 'the private PostgreSQL still runs: try again in a moment');
  }
  if (process.env['DATABASE_URL'] !== undefined || process.env['REDIS_URL'] !== undefined) {
    throw new CommandError(
      exitCodes.usage,
      'DATABASE_URL or REDIS_URL is set; reset only empties the private servers of this checkout and leaves others alone',
    );
  }
}

function privateFolders(): string[] {
  const local = existsSync(dataFolder())
    ? readdirSync(dataFolder())
        .filter((name) => !KEPT.has(name))
        .map((name) => path.join(dataFolder(), name))
    : [];
  return [...new Set([...local, defaultPostgresDataDir()])].filter((folder) => existsSync(folder));
}

async function ask(folders: readonly string[]): Promise<void> {
  if (folders.length === 0) return;
  if (!process.stdin.isTTY) throw new CommandError(exitCodes.usage, 'nobody is there to ask: give --yes');
  say(`This removes for good:\n${folders.map((folder) => `  ${folder}`).join('\n')}`);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question('Type "reset" to go on: ');
  terminal.close();
  if (answer.trim() !== 'reset') throw new CommandError(exitCodes.usage, 'nothing was removed');
}
