import type { Config } from '@billfleet/platform';
import type { WorkRow } from '@billfleet/store';
import { Command, Option } from 'commander';
import { CommandError, exitCodes } from '../exit-codes.js';
import { print, printJson, table } from '../terminal.js';
import { withDesk } from '../with-desk.js';

/** Which work to list. */
export type WorkFilter = { readonly queue?: string; readonly state?: WorkRow['state']; readonly limit: number };

/** Reads and changes owed work. `retry` and `kill` answer the ids that they found; without ids `retry` takes all dead ones. */
export type WorkEngine = (config: Config) => Promise<{
  list(filter: WorkFilter): Promise<readonly WorkRow[]>;
  retry(ids: readonly string[] | undefined, by: { actor: string; reason: string }): Promise<readonly string[]>;
  kill(ids: readonly string[], by: { actor: string; reason: string }): Promise<readonly string[]>;
  close(): Promise<void>;
}>;

type LoadEngine = () => Promise<WorkEngine>;

const NEEDS = ['DATABASE_URL', 'REDIS_URL'] as const;
const LIMIT_DEFAULT = '100';
const ACTOR = 'cli';

/** `billfleet work`: the desk for work that is owed and for work that is dead. */
export function workCommand(loadEngine: LoadEngine): Command {
  return new Command('work')
    .description('list, retry or kill owed work')
    .addHelpText(
      'before',
      'Examples:\n  billfleet work list --state dead\n  billfleet work retry 41 42 --reason "provider is back"\n' +
        '  billfleet work retry --all-dead --reason "bug 17 is fixed"\n  billfleet work kill 43 --reason "order was a test"\n',
    )
    .addCommand(listCommand(loadEngine))
    .addCommand(retryCommand(loadEngine))
    .addCommand(killCommand(loadEngine));
}

function listCommand(loadEngine: LoadEngine): Command {
  return new Command('list')
    .description('list owed work, oldest first')
    .option('--queue <name>', 'only this queue')
    .addOption(new Option('--state <state>', 'only this state').choices(['waiting', 'leased', 'dead']))
    .option('--limit <count>', 'at most so many', LIMIT_DEFAULT)
    .option('--json', 'print the rows as JSON')
    .action(async (options: { queue?: string; state?: WorkRow['state']; limit: string; json?: boolean }) => {
      const { queue, state } = options;
      const filter = { ...(queue && { queue }), ...(state && { state }), limit: countFrom(options.limit) };
      const lines = await withDesk({ loadEngine, needs: NEEDS }, (desk) => desk.list(filter));
      if (options.json === true) printJson(lines);
      else print(asTable(lines));
    });
}

function retryCommand(loadEngine: LoadEngine): Command {
  return new Command('retry')
    .description('try work again at once, as if it had never failed')
    .argument('[ids...]', 'ids of the work')
    .option('--all-dead', 'everything that is dead')
    .requiredOption('--reason <text>', 'why; kept in the audit log')
    .option('--json', 'print the ids as JSON')
    .action(async (ids: string[], options: { allDead?: boolean; reason: string; json?: boolean }) => {
      if (ids.length > 0 === (options.allDead === true)) {
        throw new CommandError(exitCodes.usage, 'name the ids to retry, or give --all-dead: one of the two');
      }
      const wanted = options.allDead === true ? undefined : checkedIds(ids);
      const by = { actor: ACTOR, reason: options.reason };
      report(
        'retried',
        wanted,
        await withDesk({ loadEngine, needs: NEEDS }, (desk) => desk.retry(wanted, by)),
        options.json === true,
      );
    });
}

function killCommand(loadEngine: LoadEngine): Command {
  return new Command('kill')
    .description('mark work dead, so that nobody tries it until somebody retries it')
    .argument('<ids...>', 'ids of the work')
    .requiredOption('--reason <text>', 'why; kept in the audit log')
    .option('--json', 'print the ids as JSON')
    .action(async (ids: string[], options: { reason: string; json?: boolean }) => {
      const wanted = checkedIds(ids);
      const by = { actor: ACTOR, reason: options.reason };
      report(
        'killed',
        wanted,
        await withDesk({ loadEngine, needs: NEEDS }, (desk) => desk.kill(wanted, by)),
        options.json === true,
      );
    });
}

function checkedIds(ids: readonly string[]): readonly string[] {
  const wrong = ids.filter((id) => !/^\d{1,18}$/.test(id));
  if (wrong.length === 0) return ids;
  throw new CommandError(exitCodes.usage, `these are no ids of work: ${wrong.join(', ')} (see billfleet work list)`);
}

function countFrom(text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new CommandError(exitCodes.usage, `--limit ${text}: a whole number from 1 to 999999 is wanted`);
}

function report(verb: string, wanted: readonly string[] | undefined, found: readonly string[], asJson: boolean): void {
  const missing = (wanted ?? []).filter((id) => !found.includes(id));
  if (asJson) printJson({ [verb]: found, missing });
  else print(`${verb} ${String(found.length)}${missing.length > 0 ? `; not there: ${missing.join(', ')}` : ''}`);
  process.exitCode = missing.length === 0 ? exitCodes.ok : exitCodes.violations;
}

function asTable(lines: readonly WorkRow[]): string {
  const rows = lines.map((line) => [
    line.id,
    line.queue,
    line.kind,
    line.state,
    String(line.attempts),
    line.dueAt.toISOString(),
    line.ref,
    line.lastError ?? '',
  ]);
  return table(['ID', 'QUEUE', 'KIND', 'STATE', 'ATTEMPTS', 'DUE', 'REF', 'LAST ERROR'], rows);
}
