import type { Config } from '@billfleet/platform';
import type { PortalSessionView } from '@billfleet/store';
import { Command, InvalidArgumentError } from 'commander';
import { CommandError, exitCodes } from '../exit-codes.js';
import { print, printJson, table } from '../terminal.js';
import { withDesk } from '../with-desk.js';

/** Lists and ends sessions of people on the billing page. `revoke` answers the ids of those that went on until then. */
export type SessionsEngine = (config: Config) => Promise<{
  list(workspaceId: string | null): Promise<readonly PortalSessionView[]>;
  revoke(ids: readonly string[], by: { actor: string; reason: string }): Promise<readonly string[]>;
  close(): Promise<void>;
}>;

type LoadEngine = () => Promise<SessionsEngine>;

const NEEDS = ['DATABASE_URL'] as const;
const ACTOR = 'cli';
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const IDS_MAX = 1_000;

/** `billfleet sessions`: who is on the billing page. */
export function sessionsCommand(loadEngine: LoadEngine): Command {
  return new Command('sessions')
    .description('list and revoke sessions of people on the billing page')
    .addHelpText(
      'before',
      'Examples:\n  billfleet sessions list --workspace 0190a000-0000-7000-8000-0000000000a1\n' +
        '  billfleet sessions revoke 01a2148a-f4cd-70b9-9003-6b2c426cc689 --reason "the laptop was lost"\n',
    )
    .addCommand(listCommand(loadEngine))
    .addCommand(revokeCommand(loadEngine));
}

function listCommand(loadEngine: LoadEngine): Command {
  return new Command('list')
    .description('list the sessions that go on, newest first, 1,000 at most')
    .option('--workspace <id>', 'those of one workspace', uuidFrom)
    .option('--json', 'print them as JSON')
    .action(async (options: { workspace?: string; json?: boolean }) => {
      const sessions = await withDesk({ loadEngine, needs: NEEDS }, (desk) => desk.list(options.workspace ?? null));
      if (options.json === true) printJson(sessions);
      else print(table(['ID', 'WORKSPACE', 'PERSON', 'ROLE', 'CAME BY', 'SINCE', 'LAST SEEN'], sessions.map(rowOf)));
    });
}

function revokeCommand(loadEngine: LoadEngine): Command {
  return new Command('revoke')
    .description('end sessions at once')
    .argument('<ids...>', 'ids of the sessions')
    .requiredOption('--reason <text>', 'why; kept in the audit log')
    .option('--json', 'print the ids as JSON')
    .action(async (ids: string[], options: { reason: string; json?: boolean }) => {
      const wrong = ids.filter((id) => !UUID.test(id));
      if (wrong.length > 0) throw new CommandError(exitCodes.usage, `these are no ids: ${wrong.join(', ')}`);
      if (ids.length > IDS_MAX) throw new CommandError(exitCodes.usage, `at most ${String(IDS_MAX)} ids at once`);
      const by = { actor: ACTOR, reason: options.reason };
      const revoked = await withDesk({ loadEngine, needs: NEEDS }, (desk) => desk.revoke(ids, by));
      const missing = ids.filter((id) => !revoked.includes(id.toLowerCase()));
      if (options.json === true) printJson({ revoked, missing });
      else print(`ended ${String(revoked.length)}${missing.length > 0 ? `; over already: ${missing.join(', ')}` : ''}`);
      process.exitCode = missing.length === 0 ? exitCodes.ok : exitCodes.violations;
    });
}

function uuidFrom(text: string): string {
  if (UUID.test(text)) return text.toLowerCase();
  throw new InvalidArgumentError(`found ${text}, wanted a UUID`);
}

function rowOf(session: PortalSessionView): readonly string[] {
  const { id, workspaceId, personId, personName, role, source, createdAt, seenAt } = session;
  const person = personName === null ? personId : `${personName} (${personId})`;
  const cameBy = source === 'host' ? 'host product' : 'mail';
  return [id, workspaceId, person, role, cameBy, createdAt.toISOString(), seenAt.toISOString()];
}
