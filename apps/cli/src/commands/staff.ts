import type { Config } from '@billfleet/platform';
import type { StaffAccount, StaffAccountRole } from '@billfleet/store';
import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { z } from 'zod';
import { CommandError, exitCodes } from '../exit-codes.js';
import { print, printJson, table } from '../terminal.js';
import { withDesk } from '../with-desk.js';

/**
 * Adds, lists and removes people of the seller's staff. `add` answers whether the address was free, `changeRole` the role before, undefined where
 * nobody has the address, `remove` the addresses that were there.
 */
export type StaffEngine = (config: Config) => Promise<{
  add(wish: Omit<StaffAccount, 'id'>, by: { actor: string; reason: string }): Promise<boolean>;
  changeRole(
    email: string,
    role: StaffAccountRole,
    by: { actor: string; reason: string },
  ): Promise<StaffAccountRole | undefined>;
  list(): Promise<readonly (StaffAccount & { readonly createdAt: Date })[]>;
  remove(emails: readonly string[], by: { actor: string; reason: string }): Promise<readonly string[]>;
  close(): Promise<void>;
}>;

type LoadEngine = () => Promise<StaffEngine>;

const NEEDS = ['DATABASE_URL'] as const;
const ACTOR = 'cli';
const ROLES = ['viewer', 'support', 'operator', 'admin'] as const;

/** `billfleet staff`: who may sign in to the support console. */
export function staffCommand(loadEngine: LoadEngine): Command {
  return new Command('staff')
    .description('add, list and remove people who may sign in to the support console, and give them roles')
    .addHelpText(
      'before',
      'Examples:\n  billfleet staff add --email ana@seller.example --name "Ana Souza" --role support --reason "new colleague"\n' +
        '  billfleet staff role ana@seller.example admin --reason "leads the team"\n' +
        '  billfleet staff list\n  billfleet staff remove ana@seller.example --reason "has left"\n',
    )
    .addCommand(addCommand(loadEngine))
    .addCommand(roleCommand(loadEngine))
    .addCommand(listCommand(loadEngine))
    .addCommand(removeCommand(loadEngine));
}

type AddOptions = {
  readonly email: string;
  readonly name: string;
  readonly role: StaffAccountRole;
  readonly reason: string;
};

function addCommand(loadEngine: LoadEngine): Command {
  return new Command('add')
    .description('let somebody sign in; a link comes by mail when he asks for one at /support/sign-in')
    .requiredOption('--email <address>', 'where his links go', emailFrom)
    .requiredOption('--name <text>', 'as the audit log names him', nameFrom)
    .addOption(new Option('--role <role>', 'what he may do').choices(ROLES).makeOptionMandatory())
    .requiredOption('--reason <text>', 'why; kept in the audit log', reasonFrom)
    .action(async ({ email, name, role, reason }: AddOptions) => {
      const by = { actor: ACTOR, reason };
      const isNew = await withDesk({ loadEngine, needs: NEEDS }, (desk) => desk.add({ email, name, role }, by));
      if (!isNew) throw new CommandError(exitCodes.violations, `${email} is on the staff already: remove it first`);
      print(`${name} <${email}> may sign in as ${role}`);
    });
}

function roleCommand(loadEngine: LoadEngine): Command {
  return new Command('role')
    .description('give somebody another role, which holds from the next request on')
    .argument('<address>', 'the e-mail address', emailFrom)
    .addArgument(new Argument('<role>', 'what he may do').choices(ROLES))
    .requiredOption('--reason <text>', 'why; kept in the audit log', reasonFrom)
    .action(async (email: string, role: StaffAccountRole, { reason }: { reason: string }) => {
      const by = { actor: ACTOR, reason };
      const before = await withDesk({ loadEngine, needs: NEEDS }, (desk) => desk.changeRole(email, role, by));
      if (before === undefined) throw new CommandError(exitCodes.violations, `${email} is not on the staff`);
      print(before === role ? `${email} is ${role} already` : `${email} was ${before} and is ${role} now`);
    });
}

function listCommand(loadEngine: LoadEngine): Command {
  return new Command('list')
    .description('list everybody on the staff, by name')
    .option('--json', 'print them as JSON')
    .action(async (options: { json?: boolean }) => {
      const staff = await withDesk({ loadEngine, needs: NEEDS }, (desk) => desk.list());
      if (options.json === true) printJson(staff);
      else
        print(
          table(
            ['NAME', 'ADDRESS', 'ROLE', 'SINCE'],
            staff.map(({ name, email, role, createdAt }) => [name, email, role, createdAt.toISOString()]),
          ),
        );
    });
}

function removeCommand(loadEngine: LoadEngine): Command {
  return new Command('remove')
    .description('let people sign in no more, and end their sessions at once')
    .argument('<addresses...>', 'their e-mail addresses')
    .requiredOption('--reason <text>', 'why; kept in the audit log', reasonFrom)
    .action(async (addresses: string[], { reason }: { reason: string }) => {
      const emails = addresses.map((address) => address.toLowerCase());
      const by = { actor: ACTOR, reason };
      const removed = await withDesk({ loadEngine, needs: NEEDS }, (desk) => desk.remove(emails, by));
      const missing = emails.filter((email) => !removed.includes(email));
      print(`removed ${String(removed.length)}${missing.length > 0 ? `; not there: ${missing.join(', ')}` : ''}`);
      process.exitCode = missing.length === 0 ? exitCodes.ok : exitCodes.violations;
    });
}

function emailFrom(text: string): string {
  if (z.email().max(254).safeParse(text).success) return text.toLowerCase();
  throw new InvalidArgumentError(`found ${text}, wanted an e-mail address`);
}

function nameFrom(text: string): string {
  const name = text.trim();
  // It stands in the audit log, where nothing may look like something else.
  if (/^[\p{L}\p{N} .'-]{1,200}$/u.test(name)) return name;
  throw new InvalidArgumentError(`found ${text}, wanted 1 to 200 letters, digits and blanks`);
}

function reasonFrom(text: string): string {
  const reason = text.trim();
  if (/^[^\p{Cc}]{1,500}$/u.test(reason)) return reason;
  throw new InvalidArgumentError('wanted 1 to 500 characters in one line');
}
