import { Command } from 'commander';
import { auditCommand } from './commands/audit.js';
import { benchCommand } from './commands/bench.js';
import { booksCommand } from './commands/books.js';
import { catalogCommand } from './commands/catalog.js';
import { chaosCommand } from './commands/chaos.js';
import { checkQuoteCommand } from './commands/check-quote.js';
import { clockCommand } from './commands/clock.js';
import { configCommand } from './commands/config.js';
import { demoCommand } from './commands/demo.js';
import { doctorCommand } from './commands/doctor.js';
import { eventsCommand } from './commands/events.js';
import { explainCommand } from './commands/explain.js';
import { invoicesCommand } from './commands/invoices.js';
import { keysCommand } from './commands/keys.js';
import { migrateCommand } from './commands/migrate.js';
import { resetCommand } from './commands/reset.js';
import { reconcileCommand } from './commands/reconcile.js';
import { renewalsCommand } from './commands/renewals.js';
import { screenshotsCommand } from './commands/screenshots.js';
import { seatsCommand } from './commands/seats.js';
import { sessionsCommand } from './commands/sessions.js';
import { simulateCommand } from './commands/simulate.js';
import { staffCommand } from './commands/staff.js';
import { testCommand } from './commands/test.js';
import { upCommand } from './commands/up.js';
import { verifyCommand } from './commands/verify.js';
import { workCommand } from './commands/work.js';
import type { Engines } from './engines.js';

const EXAMPLES = `Examples:
  billfleet up                          start everything, with demo data
  billfleet demo                        buy seats in both countries on the fleet that is up
  billfleet test                        run every test
  billfleet doctor                      find out what is missing
  billfleet work list --state dead      see what nobody could do
`;

const EXIT_STATUS = `
Exit status:
  0   done, nothing wrong         69  a server cannot be reached
  1   a check found violations    70  a bug in billfleet
  2   wrong usage                 78  the configuration is not valid
`;

/** The whole command line. A command whose engine is not there is not offered. */
export function buildProgram(engines: Engines, version: string): Command {
  const program = new Command('billfleet')
    .description('Sells and renews per-seat, prepaid subscriptions, and never loses or doubles one.')
    .version(version)
    .enablePositionalOptions()
    .showSuggestionAfterError()
    .addHelpText('before', EXAMPLES)
    .addHelpText('after', EXIT_STATUS);
  const commands = [
    upCommand(engines.seed),
    testCommand(engines.shortForms ?? []),
    screenshotsCommand(),
    ...(engines.demo ? [demoCommand(engines.demo)] : []),
    doctorCommand(),
    ...(engines.audit ? [auditCommand(engines.audit)] : []),
    ...(engines.books ? [booksCommand(engines.books)] : []),
    ...(engines.work ? [workCommand(engines.work)] : []),
    ...(engines.reconcile ? [reconcileCommand(engines.reconcile)] : []),
    ...(engines.renewals ? [renewalsCommand(engines.renewals)] : []),
    ...(engines.seats ? [seatsCommand(engines.seats)] : []),
    ...(engines.clock ? [clockCommand(engines.clock)] : []),
    ...(engines.keys ? [keysCommand(engines.keys)] : []),
    ...(engines.staff ? [staffCommand(engines.staff)] : []),
    ...(engines.sessions ? [sessionsCommand(engines.sessions)] : []),
    ...(engines.events ? [eventsCommand(engines.events)] : []),
    ...(engines.invoices ? [invoicesCommand(engines.invoices)] : []),
    ...(engines.catalog ? [catalogCommand(engines.catalog)] : []),
    ...(engines.verify ? [verifyCommand(engines.verify)] : []),
    ...(engines.explain ? [explainCommand(engines.explain)] : []),
    ...(engines.checkQuote ? [checkQuoteCommand(engines.checkQuote)] : []),
    configCommand(),
    migrateCommand(engines.seed),
    resetCommand(),
    ...(engines.bench
      ? [
          benchCommand(engines.bench, {
            ...{ quotes: engines.benchQuotes, clocks: engines.benchClocks, renewals: engines.benchRenewals },
          }),
        ]
      : []),
    ...(engines.chaos ? [chaosCommand(engines.chaos)] : []),
    ...(engines.simulate ? [simulateCommand(engines.simulate)] : []),
  ];
  for (const command of commands) program.addCommand(command);
  for (const command of everyCommand(program))
    command.exitOverride().showHelpAfterError('(add --help for the options and examples)');
  return program;
}

function everyCommand(command: Command): Command[] {
  return [command, ...command.commands.flatMap(everyCommand)];
}
