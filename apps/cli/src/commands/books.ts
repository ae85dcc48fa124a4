import type { BooksChecked, MonthRefused, Recognised } from '@billfleet/billing';
import { addDays, addMonths, civilDate, CURRENCY_EXPONENT, isCivilDate, minorToDecimal } from '@billfleet/domain';
import type { CivilDate } from '@billfleet/domain';
import type { Config } from '@billfleet/platform';
import type { BooksSpan, OpsReason, TrialBalanceRow } from '@billfleet/store';
import { Command, Option } from 'commander';
import { CommandError, exitCodes } from '../exit-codes.js';
import { print, printJson, say, table } from '../terminal.js';
import { withDesk } from '../with-desk.js';

/** How books are written out. */
export const exportFormats = ['csv', 'beancount'] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** Checks, reads and keeps the books of a fleet. Months are named by their first day. */
export type BooksEngine = (config: Pick<Config, 'databaseUrl'>) => Promise<{
  check(): Promise<BooksChecked>;
  trialBalance(span: BooksSpan): Promise<readonly TrialBalanceRow[]>;
  /** Writes the books of a span, piece by piece. */
  exportAs(format: ExportFormat, span: BooksSpan, write: (text: string) => Promise<void>): Promise<void>;
  recognise(month: CivilDate): Promise<Recognised | MonthRefused>;
  closeMonth(month: CivilDate, by: OpsReason): Promise<{ kind: 'closed'; isNew: boolean } | MonthRefused>;
  close(): Promise<void>;
}>;

type LoadEngine = () => Promise<BooksEngine>;

const NEEDS = ['DATABASE_URL'] as const;

/** `billfleet books`: the journal compared with what happened, its balances, its months, and files of it. */
export function booksCommand(loadEngine: LoadEngine): Command {
  return new Command('books')
    .description('check the books, read their balances, write them out, recognise revenue, close months')
    .addHelpText(
      'before',
      'Examples:\n  billfleet books check --json\n  billfleet books trial-balance --month 2026-11\n' +
        '  billfleet books export --format beancount --from 2026-11-01 --to 2026-11-30 > books.beancount\n' +
        '  billfleet books recognise --month 2026-11\n  billfleet books close --month 2026-11 --reason "handed to the accountant"\n',
    )
    .addCommand(checkCommand(loadEngine))
    .addCommand(trialBalanceCommand(loadEngine))
    .addCommand(exportCommand(loadEngine))
    .addCommand(recogniseCommand(loadEngine))
    .addCommand(closeCommand(loadEngine));
}

function checkCommand(loadEngine: LoadEngine): Command {
  return new Command('check')
    .description('rebuild every order and account from what happened, and compare it with the journal')
    .option('--json', 'print the result as JSON')
    .action(async ({ json }: { json?: boolean }) => {
      const { transactions, differences, list } = await withDesk({ loadEngine, needs: NEEDS }, (desk) => desk.check());
      const isEqual = differences === 0;
      if (json === true) printJson({ transactions, differences, ...(isEqual ? {} : { list }) });
      else if (isEqual) print(`${String(transactions)} transactions, no difference`);
      else {
        const rows = list.map((one) => [one.of, one.id, one.account, one.currency, one.bookedMinor, one.rebuiltMinor]);
        print(table(['OF', 'ID', 'ACCOUNT', 'CURRENCY', 'BOOKED', 'REBUILT'], rows));
        say(`${String(transactions)} transactions, ${String(differences)} differences; amounts are minor units`);
      }
      process.exitCode = isEqual ? exitCodes.ok : exitCodes.violations;
    });
}

function trialBalanceCommand(loadEngine: LoadEngine): Command {
  return new Command('trial-balance')
    .description('show what each account held, moved and holds')
    .option('--month <month>', 'only this month, such as 2026-11 (default: everything)')
    .option('--test', 'the books of workspaces on test clocks, which are left out otherwise')
    .option('--json', 'print the accounts as JSON, amounts in minor units')
    .action(async ({ month, test, json }: { month?: string; test?: boolean; json?: boolean }) => {
      const from = month === undefined ? null : monthOf(month);
      const span = { isTest: test === true, from, before: from === null ? null : addMonths(from, 1) };
      const rows = await withDesk({ loadEngine, needs: NEEDS }, (desk) => desk.trialBalance(span));
      if (json === true) printJson({ ...span, accounts: rows });
      else print(asTable(rows));
    });
}

function exportCommand(loadEngine: LoadEngine): Command {
  return new Command('export')
    .description('write the journal to standard output, one posting per line, or for Beancount')
    .addOption(new Option('--format <format>', 'how').choices(exportFormats).makeOptionMandatory())
    .option('--from <day>', 'first day, as YYYY-MM-DD (default: the first one there is)')
    .option('--to <day>', 'last day, as YYYY-MM-DD (default: the last one there is)')
    .option('--test', 'the books of workspaces on test clocks, which are left out otherwise')
    .action(
      async ({ format, from, to, test }: { format: ExportFormat; from?: string; to?: string; test?: boolean }) => {
        const span = {
          isTest: test === true,
          from: from === undefined ? null : dayOf('--from', from),
          before: to === undefined ? null : addDays(dayOf('--to', to), 1),
        };
        if (span.from !== null && span.before !== null && span.before <= span.from)
          throw new CommandError(exitCodes.usage, `--to ${to ?? ''}: a day from ${span.from} on is wanted`);
        await withDesk({ loadEngine, needs: NEEDS }, (desk) => desk.exportAs(format, span, write));
      },
    );
}

function recogniseCommand(loadEngine: LoadEngine): Command {
  return new Command('recognise')
    .description('recognise the revenue of a month and of those before it; the dispatcher does so by itself')
    .requiredOption('--month <month>', 'a month that is over, such as 2026-11')
    .option('--json', 'print what was recognised as JSON')
    .action(async ({ month, json }: { month: string; json?: boolean }) => {
      const wanted = monthOf(month);
      const outcome = await withDesk({ loadEngine, needs: NEEDS }, (desk) => desk.recognise(wanted));
      if (outcome.kind === 'refused') throw refusedBy(outcome);
      if (json === true) printJson(outcome);
      else
        for (const one of outcome.months)
          print(`${one.month.slice(0, 7)}  ${String(one.recognised)} orders earned something`);
    });
}

function closeCommand(loadEngine: LoadEngine): Command {
  return new Command('close')
    .description('recognise the first open month and close it: nothing is booked in it any more')
    .requiredOption('--month <month>', 'the first month that is open, such as 2026-11')
    .requiredOption('--reason <text>', 'why; kept in the audit log')
    .option('--json', 'print the outcome as JSON')
    .action(async ({ month, reason, json }: { month: string; reason: string; json?: boolean }) => {
      const wanted = monthOf(month);
      if (reason.trim() === '' || reason.length > REASON_MAX)
        throw new CommandError(exitCodes.usage, `--reason: 1 to ${String(REASON_MAX)} characters are wanted`);
      const by = { actor: 'cli', reason };
      const outcome = await withDesk({ loadEngine, needs: NEEDS }, (desk) => desk.closeMonth(wanted, by));
      if (outcome.kind === 'refused') throw refusedBy(outcome);
      if (json === true) printJson({ month: wanted, isNew: outcome.isNew });
      else print(outcome.isNew ? `closed ${month}` : `${month} was closed before`);
    });
}

const REASON_MAX = 500;

function refusedBy({ refusal: { code, found, wanted } }: MonthRefused): CommandError {
  return new CommandError(exitCodes.violations, `${code}: found ${found.slice(0, 7)}, wanted ${wanted}`);
}

function monthOf(text: string): CivilDate {
  const day = `${text}-01`;
  if (/^\d{4}-\d{2}$/.test(text) && isCivilDate(day)) return civilDate(day);
  throw new CommandError(exitCodes.usage, `--month ${text}: a month such as 2026-11 is wanted`);
}

function dayOf(option: string, text: string): CivilDate {
  if (isCivilDate(text)) return civilDate(text);
  throw new CommandError(exitCodes.usage, `${option} ${text}: a day such as 2026-11-30 is wanted`);
}

/** Waits while whoever reads is slower than we are. */
const write = (text: string): Promise<void> =>
  new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => {
      if (error === null || error === undefined) resolve();
      else reject(error);
    });
  });

function asTable(rows: readonly TrialBalanceRow[]): string {
  const headings = ['ACCOUNT', 'CURRENCY', 'OPENING', 'DEBIT', 'CREDIT', 'CLOSING'];
  const sums = [...new Set(rows.map(({ currency }) => currency))].map((currency) => {
    const mine = rows.filter((row) => row.currency === currency);
    const sum = (of: (row: TrialBalanceRow) => bigint): bigint => mine.reduce((total, row) => total + of(row), 0n);
    return {
      ...{
        account: 'all',
        currency,
        openingMinor: sum((row) => row.openingMinor),
        debitMinor: sum((row) => row.debitMinor),
      },
      ...{ creditMinor: sum((row) => row.creditMinor), closingMinor: sum((row) => row.closingMinor) },
    };
  });
  const cells = [...rows, ...sums].map(({ account, currency, openingMinor, debitMinor, creditMinor, closingMinor }) => [
    ...[account, currency],
    ...[openingMinor, debitMinor, creditMinor, closingMinor].map((minor) =>
      minorToDecimal(minor, CURRENCY_EXPONENT[currency]),
    ),
  ]);
  return table(headings, cells);
}
