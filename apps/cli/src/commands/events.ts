import { uuid } from '@billfleet/contracts';
import type { Config } from '@billfleet/platform';
import type { EventFilter, EventView, EventWithDeliveries, OpsReason } from '@billfleet/store';
import { Command } from 'commander';
import { CommandError, exitCodes } from '../exit-codes.js';
import { print, printJson, table } from '../terminal.js';
import { withDesk } from '../with-desk.js';

/** Reads events and has them told again. `redeliver` answers the ids that it found, or undefined when nobody wants to be told. */
export type EventsEngine = (config: Config) => Promise<{
  list(filter: EventFilter): Promise<readonly EventView[]>;
  show(id: string): Promise<EventWithDeliveries | undefined>;
  redeliver(ids: readonly string[], by: OpsReason): Promise<readonly string[] | undefined>;
  close(): Promise<void>;
}>;

type LoadEngine = () => Promise<EventsEngine>;
type Narrowing = { workspace?: string; type?: string; failed?: boolean; since?: string; limit: string };

const NEEDS = ['DATABASE_URL'] as const;
const LIMIT_DEFAULT = '100';
/** Events that one command has told again. */
const REDELIVERED_MAX = 1_000;

/** `billfleet events`: what happened, and what of it the host product was told. */
export function eventsCommand(loadEngine: LoadEngine): Command {
  return new Command('events')
    .description('list events, show one, or have them told to the host product again')
    .addHelpText(
      'before',
      'Examples:\n  billfleet events list --failed --since 2026-09-01\n  billfleet events show 0190a000-0000-7000-8000-000000000001\n' +
        '  billfleet events redeliver --failed --since 2026-09-01 --reason "the product was down"\n',
    )
    .addCommand(listCommand(loadEngine))
    .addCommand(showCommand(loadEngine))
    .addCommand(redeliverCommand(loadEngine));
}

function narrowed(command: Command, limit: string): Command {
  return command
    .option('--workspace <id>', 'only those of this workspace')
    .option('--type <type>', 'only this type, such as seats.changed')
    .option('--failed', 'only those that were not taken so far')
    .option('--since <instant>', 'only those from then on: 2026-09-01 or 2026-09-01T12:00:00Z')
    .option('--limit <count>', 'at most so many', limit);
}

function listCommand(loadEngine: LoadEngine): Command {
  return narrowed(new Command('list').description('list events, newest first'), LIMIT_DEFAULT)
    .option('--json', 'print the events as JSON')
    .action(async (options: Narrowing & { json?: boolean }) => {
      const found = await withDesk({ loadEngine, needs: NEEDS }, (desk) => desk.list(filterFrom(options)));
      if (options.json === true) printJson(found);
      else print(asTable(found));
    });
}

function showCommand(loadEngine: LoadEngine): Command {
  return new Command('show')
    .description('show an event and every try to tell it')
    .argument('<id>', 'id of the event')
    .option('--json', 'print it as JSON')
    .action(async (id: string, options: { json?: boolean }) => {
      const [wanted = ''] = checkedIds([id]);
      const event = await withDesk({ loadEngine, needs: NEEDS }, (desk) => desk.show(wanted));
      if (event === undefined) throw new CommandError(exitCodes.violations, `there is no event ${id}`);
      if (options.json === true) printJson(event);
      else print(`${asTable([event])}\n\n${JSON.stringify(event.data, null, 2)}\n\n${triesOf(event)}`);
    });
}

function redeliverCommand(loadEngine: LoadEngine): Command {
  return narrowed(new Command('redeliver').description('have events told again'), String(REDELIVERED_MAX))
    .argument('[ids...]', 'ids of the events')
    .requiredOption('--reason <text>', 'why; kept in the audit log')
    .option('--json', 'print the ids as JSON')
    .action(async (ids: string[], options: Narrowing & { reason: string; json?: boolean }) => {
      if (ids.length > 0 === (options.failed === true)) {
        throw new CommandError(exitCodes.usage, 'name the ids to tell again, or give --failed: one of the two');
      }
      const found = await withDesk({ loadEngine, needs: NEEDS }, async (desk) => {
        const wanted = ids.length > 0 ? checkedIds(ids) : (await desk.list(filterFrom(options))).map(({ id }) => id);
        const told = await desk.redeliver(wanted, { actor: 'cli', reason: options.reason });
        if (told === undefined) {
          throw new CommandError(
            exitCodes.configuration,
            'nobody wants to be told: BILLFLEET_HOST_WEBHOOK_URL is empty',
          );
        }
        return { told, missing: wanted.filter((id) => !told.includes(id)) };
      });
      if (options.json === true) printJson(found);
      else print(summary(found.told, found.missing));
      process.exitCode = found.missing.length === 0 ? exitCodes.ok : exitCodes.violations;
    });
}

const summary = (told: readonly string[], missing: readonly string[]): string =>
  `will tell ${String(told.length)} again${missing.length > 0 ? `; not there: ${missing.join(', ')}` : ''}`;

function filterFrom({ workspace, type, failed, since, limit }: Narrowing): EventFilter {
  if (!/^[1-9]\d{0,3}$/.test(limit) || Number(limit) > REDELIVERED_MAX) {
    throw new CommandError(
      exitCodes.usage,
      `--limit ${limit}: a whole number from 1 to ${String(REDELIVERED_MAX)} is wanted`,
    );
  }
  const from = since === undefined ? undefined : new Date(since);
  if (from !== undefined && Number.isNaN(from.getTime())) {
    throw new CommandError(
      exitCodes.usage,
      `--since ${since ?? ''}: a day or an instant is wanted, such as 2026-09-01`,
    );
  }
  const [workspaceId] = workspace === undefined ? [] : checkedIds([workspace]);
  return { workspaceId, type, isFailed: failed, since: from, limit: Number(limit) };
}

function checkedIds(ids: readonly string[]): readonly string[] {
  const wrong = ids.filter((id) => !uuid.safeParse(id).success);
  if (wrong.length === 0) return ids.map((id) => id.toLowerCase());
  throw new CommandError(exitCodes.usage, `these are no ids: ${wrong.join(', ')} (see billfleet events list)`);
}

function asTable(found: readonly EventView[]): string {
  const rows = found.map(({ id, occurredAt, type, workspaceId, sequence, delivery }) => [
    ...[id, occurredAt.toISOString(), type, workspaceId, String(sequence)],
    ...[delivery.status, String(delivery.tries)],
  ]);
  return table(['ID', 'WHEN', 'TYPE', 'WORKSPACE', 'NUMBER', 'STATUS', 'TRIES'], rows);
}

function triesOf({ deliveries }: EventWithDeliveries): string {
  const rows = deliveries.map((one) => [
    ...[String(one.try), one.at, one.outcome, String(one.status ?? '')],
    ...[String(one.durationMs), one.error ?? ''],
  ]);
  return table(['TRY', 'WHEN', 'OUTCOME', 'STATUS', 'MS', 'ERROR'], rows);
}
