import type { ForeseenDay, ForeseenMoney } from '@billfleet/billing';
import { formatDecimal, isCivilDate, money } from '@billfleet/domain';
import type { CivilDate } from '@billfleet/domain';
import type { Config } from '@billfleet/platform';
import type { PauseScope } from '@billfleet/store';
import { Command } from 'commander';
import { CommandError, exitCodes } from '../exit-codes.js';
import { print, printJson, table } from '../terminal.js';
import { withDesk } from '../with-desk.js';

type By = { readonly actor: string; readonly reason: string };

/** Foresees and holds renewals. `pause` and `resume` answer whether that changed anything. */
export type RenewalsEngine = (config: Config) => Promise<{
  due(on: CivilDate, now: Date): Promise<ForeseenDay>;
  pause(what: PauseScope, by: By): Promise<boolean>;
  resume(what: PauseScope, by: By): Promise<boolean>;
  close(): Promise<void>;
}>;

type LoadEngine = () => Promise<RenewalsEngine>;
type HoldOptions = { catalogue?: string; region?: string; reason: string; json?: boolean };

const NEEDS = ['DATABASE_URL'] as const;
const ACTOR = 'cli';

/** `billfleet renewals`: what the ends of terms will bring, and the brake. */
export function renewalsCommand(loadEngine: LoadEngine): Command {
  return new Command('renewals')
    .description('foresee, pause and resume renewals')
    .addHelpText(
      'before',
      'Examples:\n  billfleet renewals due --on 2026-12-01\n  billfleet renewals pause --region BR --reason "provider trouble"\n' +
        '  billfleet renewals resume --region BR --reason "provider is back"\n',
    )
    .addCommand(dueCommand(loadEngine))
    .addCommand(holdCommand(loadEngine, 'pause'))
    .addCommand(holdCommand(loadEngine, 'resume'));
}

function dueCommand(loadEngine: LoadEngine): Command {
  return new Command('due')
    .description('show what a day will bring and the money expected, what is overdue, paused and parked')
    .requiredOption('--on <day>', 'the civil day, as YYYY-MM-DD; each workspace by its own calendar')
    .option('--json', 'print it as JSON')
    .action(async ({ on, json }: { on: string; json?: boolean }) => {
      if (!isCivilDate(on)) throw new CommandError(exitCodes.usage, `--on ${on}: a day such as 2026-12-01 is wanted`);
      const day = await withDesk({ loadEngine, needs: NEEDS }, (desk) => desk.due(on, new Date()));
      if (json === true) printJson(day);
      else print(asText(day));
    });
}

function holdCommand(loadEngine: LoadEngine, verb: 'pause' | 'resume'): Command {
  const about =
    verb === 'pause'
      ? 'hold reminders, renewal orders and charges; ends of terms go on, and nothing is lost'
      : 'let renewals go on: what is still due is done once, oldest first';
  return new Command(verb)
    .description(about)
    .option('--catalogue <version>', 'only what this version of the catalogue decides')
    .option('--region <country>', 'only workspaces of this country, as two capital letters')
    .requiredOption('--reason <text>', 'why; kept in the audit log')
    .option('--json', 'print the outcome as JSON')
    .action(async ({ catalogue, region, reason, json }: HoldOptions) => {
      const what = scopeOf(catalogue, region);
      const isChanged = await withDesk({ loadEngine, needs: NEEDS }, (desk) =>
        desk[verb](what, { actor: ACTOR, reason }),
      );
      if (json === true) printJson({ [`${verb}d`]: isChanged, ...what });
      else print(isChanged ? `${verb}d` : `nothing to ${verb}: that is how it stands`);
      process.exitCode = isChanged ? exitCodes.ok : exitCodes.violations;
    });
}

function scopeOf(catalogue: string | undefined, region: string | undefined): PauseScope {
  if (catalogue !== undefined && region !== undefined)
    throw new CommandError(exitCodes.usage, 'give --catalogue or --region, not both; neither is the whole fleet');
  if (catalogue !== undefined) {
    if (!/^\S{1,40}$/.test(catalogue))
      throw new CommandError(exitCodes.usage, `--catalogue ${catalogue}: the version of a catalogue is wanted`);
    return { scope: 'catalogue', value: catalogue };
  }
  if (region === undefined) return { scope: 'fleet' };
  if (!/^[A-Z]{2}$/.test(region))
    throw new CommandError(exitCodes.usage, `--region ${region}: a country such as BR is wanted`);
  return { scope: 'region', value: region };
}

const LABELS: readonly (readonly [name: keyof ForeseenDay['due'], label: string])[] = [
  ['remindersOfCharge', 'reminders of a charge'],
  ['remindersOfEnd', 'reminders of an end'],
  ['orders', 'renewal orders to be paid by hand'],
  ['firstCharges', 'first charges'],
  ['repeatedCharges', 'charges after a decline'],
  ['expiringCards', 'cards that expire before their charge'],
  ['ends', 'terms that end'],
  ['endsOfGrace', 'days of grace that end'],
  ['dataWarnings', 'warnings that data is not kept longer'],
];

function asText(day: ForeseenDay): string {
  const counts = table(
    [`ON ${day.on}`, 'COUNT'],
    LABELS.map(([name, label]) => [label, String(day.due[name])]),
  );
  const sums = [...moneyRows('charged', day.charged), ...moneyRows('ordered', day.ordered)];
  const expected = table(['EXPECTED', 'CURRENCY', 'COUNT', 'AMOUNT'], sums);
  const pauses = day.pauses.map(
    ({ scope, value, reason, actor }) =>
      `PAUSED ${scope === 'fleet' ? 'the whole fleet' : `${scope} ${value}`} by ${actor}: ${reason}`,
  );
  const parked = day.parked.map(
    ({ workId, workspaceId, reason }) => `PARKED workspace ${workspaceId}, work ${workId}: ${reason}`,
  );
  const unpriced = day.unpriced.first.map(({ subscriptionId, reason }) => `NO PRICE ${subscriptionId}: ${reason}`);
  const overdue = day.overdue === 0 ? [] : [`OVERDUE now: ${String(day.overdue)}`];
  return [counts, expected, ...overdue, ...pauses, ...parked, ...unpriced].join('\n');
}

const moneyRows = (what: string, sums: readonly ForeseenMoney[]): string[][] =>
  sums.map(({ currency, count, amountMinor }) => [
    ...[what, currency, String(count)],
    formatDecimal(money(BigInt(amountMinor), currency)),
  ]);
