import type { FindingOutcome } from '@billfleet/billing';
import { currencyExponent, isCivilDate, minorToDecimal } from '@billfleet/domain';
import type { CivilDate } from '@billfleet/domain';
import type { Config } from '@billfleet/platform';
import type { Finding } from '@billfleet/store';
import { Command } from 'commander';
import { CommandError, exitCodes } from '../exit-codes.js';
import { print, printJson, table } from '../terminal.js';
import { withDesk } from '../with-desk.js';

type By = { readonly actor: string; readonly reason: string };

/** What a wish came to: `waiting` where the fleet has not done it in time. */
export type Reconciled = { readonly waiting: boolean; readonly entries: number; readonly findings: readonly Finding[] };
/** What became of the wish to repair or to close a finding, and the finding as it is now. */
export type Repaired = { readonly outcome: FindingOutcome; readonly finding: Finding | undefined };

/** Compares the books with the records of providers. The fleet does it; the desk asks and waits a while. */
export type ReconcileEngine = (config: Config) => Promise<{
  /** @param provider null: the one that the configuration names. */
  compare(provider: string | null, day: CivilDate, by: By): Promise<Reconciled>;
  list(which: 'open' | 'all'): Promise<readonly Finding[]>;
  repair(findingId: string, by: By): Promise<Repaired>;
  decide(findingId: string, by: By): Promise<Repaired>;
  close(): Promise<void>;
}>;

type LoadEngine = () => Promise<ReconcileEngine>;

const NEEDS = ['DATABASE_URL'] as const;
const ACTOR = 'cli';
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** `billfleet reconcile`: the books against what the providers recorded. */
export function reconcileCommand(loadEngine: LoadEngine): Command {
  return new Command('reconcile')
    .description('compare the books with what a provider recorded, and repair what differs')
    .addHelpText(
      'before',
      'Examples:\n  billfleet reconcile run --day 2026-10-05 --reason "the night was skipped"\n  billfleet reconcile list\n' +
        '  billfleet reconcile repair 0190a000-0000-7000-8000-a00000000001 --reason "webhook lost"\n',
    )
    .addCommand(runCommand(loadEngine))
    .addCommand(listCommand(loadEngine))
    .addCommand(findingCommand(loadEngine, 'repair'))
    .addCommand(findingCommand(loadEngine, 'close'));
}

function runCommand(loadEngine: LoadEngine): Command {
  return new Command('run')
    .description('compare one day (UTC); doing it again finds nothing twice')
    .requiredOption('--day <day>', 'the day of the record, as YYYY-MM-DD')
    .option('--provider <name>', 'whose record; without it that of the configured provider')
    .option('--reason <text>', 'why; kept in the audit log', 'asked for by hand')
    .option('--json', 'print the outcome as JSON')
    .action(
      async ({ day, provider, reason, json }: { day: string; provider?: string; reason: string; json?: boolean }) => {
        if (!isCivilDate(day))
          throw new CommandError(exitCodes.usage, `--day ${day}: a day such as 2026-10-05 is wanted`);
        const by = { actor: ACTOR, reason: checkedReason(reason) };
        const done = await withDesk({ loadEngine, needs: NEEDS }, (desk) => desk.compare(provider ?? null, day, by));
        if (json === true) printJson(done);
        else {
          print(
            done.waiting
              ? 'the fleet has not done it yet; look again with "list"'
              : `${String(done.entries)} lines compared`,
          );
          print(asTable(done.findings));
        }
        process.exitCode = done.findings.length > 0 || done.waiting ? exitCodes.violations : exitCodes.ok;
      },
    );
}

function listCommand(loadEngine: LoadEngine): Command {
  return new Command('list')
    .description('show what differs, the newest first')
    .option('--all', 'also what was repaired, agrees by now or was closed')
    .option('--json', 'print it as JSON')
    .action(async ({ all, json }: { all?: boolean; json?: boolean }) => {
      const found = await withDesk({ loadEngine, needs: NEEDS }, (desk) => desk.list(all === true ? 'all' : 'open'));
      if (json === true) printJson(found);
      else print(asTable(found));
      process.exitCode = found.some(({ status }) => status === 'open') ? exitCodes.violations : exitCodes.ok;
    });
}

function findingCommand(loadEngine: LoadEngine, verb: 'repair' | 'close'): Command {
  const about =
    verb === 'repair'
      ? 'have money that the books lack booked, by the door of every payment'
      : 'close what a person has dealt with; nothing is booked';
  return new Command(verb)
    .description(about)
    .argument('<finding>', 'its id, from "list"')
    .requiredOption('--reason <text>', 'why; kept in the audit log')
    .option('--json', 'print the outcome as JSON')
    .action(async (finding: string, { reason, json }: { reason: string; json?: boolean }) => {
      if (!UUID.test(finding)) throw new CommandError(exitCodes.usage, `${finding}: the id of a finding is wanted`);
      const by = { actor: ACTOR, reason: checkedReason(reason) };
      const done = await withDesk({ loadEngine, needs: NEEDS }, (desk) =>
        desk[verb === 'repair' ? 'repair' : 'decide'](finding.toLowerCase(), by),
      );
      if (json === true) printJson(done);
      else print([SAID[done.outcome], ...(done.finding === undefined ? [] : [asTable([done.finding])])].join('\n'));
      const isDone = done.finding?.status === 'closed';
      process.exitCode = isDone ? exitCodes.ok : exitCodes.violations;
    });
}

const SAID: Readonly<Record<FindingOutcome, string>> = {
  asked: 'asked for; what came of it:',
  decided: 'closed',
  closed_already: 'it was closed before',
  unknown: 'there is no such finding',
  not_repairable: 'only money that the books lack can be booked; look into this one, then close it',
};

function checkedReason(reason: string): string {
  if (/^[^\p{Cc}\p{Cs}]{3,500}$/u.test(reason)) return reason;
  throw new CommandError(exitCodes.usage, '--reason: 3 to 500 characters without control characters are wanted');
}

const HEADINGS = ['FINDING', 'PROVIDER', 'DAY', 'WHAT', 'KIND', 'REFERENCE', 'THEIRS', 'OURS', 'ORDER', 'STATUS'];

function asTable(found: readonly Finding[]): string {
  if (found.length === 0) return 'nothing differs';
  return table(
    HEADINGS,
    found.map(({ id, provider, day, what, kind, reference, theirs, ours, orderId, status, outcome, note }) => [
      ...[id, provider, day, what, kind, reference, amountOf(theirs), amountOf(ours), orderId ?? '-'],
      outcome ?? (note === null ? status : `${status}: ${note}`),
    ]),
  );
}

function amountOf(amount: Finding['theirs']): string {
  if (amount === null) return '-';
  return `${minorToDecimal(BigInt(amount.amountMinor), currencyExponent(amount.currency) ?? 0)} ${amount.currency}`;
}
