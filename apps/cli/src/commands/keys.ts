import { isRole, isWorkspaceRole, roles, staffRoles, workspaceRoles } from '@billfleet/domain';
import type { Role } from '@billfleet/domain';
import type { Config } from '@billfleet/platform';
import type { ApiKeyView } from '@billfleet/store';
import { Command, InvalidArgumentError, Option } from 'commander';
import { CommandError, exitCodes } from '../exit-codes.js';
import { print, printJson, say, table } from '../terminal.js';
import { withDesk } from '../with-desk.js';

/** A key that shall be made. */
export type KeyWish = {
  readonly name: string;
  readonly role: Role;
  readonly scopes: readonly string[];
  readonly workspaceId: string | null;
  readonly expiresAt: Date | null;
};

/** Makes, lists and revokes API keys. `create` answers the whole key, which is never shown again; `revoke` the prefixes that were usable. */
export type KeysEngine = (config: Config) => Promise<{
  create(
    wish: KeyWish,
    by: { actor: string; reason: string },
  ): Promise<{ readonly prefix: string; readonly key: string }>;
  list(): Promise<readonly ApiKeyView[]>;
  revoke(prefixes: readonly string[], by: { actor: string; reason: string }): Promise<readonly string[]>;
  close(): Promise<void>;
}>;

type LoadEngine = () => Promise<KeysEngine>;

const NEEDS = ['DATABASE_URL', 'REDIS_URL'] as const;
const ACTOR = 'cli';
const SCOPES = ['publish', 'read', 'admin'] as const;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const PREFIX = /^[a-z0-9]{6,16}$/;

/** What a key of a role needs to do what the role may: narrower is possible, wider does not help. */
const USUAL_SCOPES: Readonly<Record<Role, readonly string[]>> = {
  member: ['read'],
  'billing-contact': ['publish', 'read'],
  'workspace-admin': ['publish', 'read'],
  viewer: ['read'],
  service: ['publish', 'read'],
  support: SCOPES,
  operator: SCOPES,
  admin: SCOPES,
};

/** `billfleet keys`: API keys, each with a role, scopes and perhaps one workspace. */
export function keysCommand(loadEngine: LoadEngine): Command {
  return new Command('keys')
    .description('make, list and revoke API keys')
    .addHelpText(
      'before',
      'Examples:\n  billfleet keys create --name "orders service" --role service --reason "new service"\n' +
        '  billfleet keys create --name "Ana" --role billing-contact --workspace 0190a000-0000-7000-8000-0000000000a1 --reason "ticket 12"\n' +
        '  billfleet keys list\n  billfleet keys revoke 0123456789abcdef --reason "it leaked"\n',
    )
    .addCommand(createCommand(loadEngine))
    .addCommand(listCommand(loadEngine))
    .addCommand(revokeCommand(loadEngine));
}

type CreateOptions = {
  readonly name: string;
  readonly role: string;
  readonly scopes?: readonly string[];
  readonly workspace?: string;
  readonly expires?: Date;
  readonly reason: string;
  readonly json?: boolean;
};

function createCommand(loadEngine: LoadEngine): Command {
  return new Command('create')
    .description('make a key; its secret is shown once')
    .requiredOption('--name <text>', 'what the key is for, as it is recorded with what it does')
    .addOption(new Option('--role <role>', 'what it may do').choices(roles).makeOptionMandatory())
    .option(
      '--scopes <list>',
      'publish, read and admin, with commas between; those that the role needs without it',
      scopesFrom,
    )
    .option('--workspace <id>', 'the only workspace of the key; needed for the roles of a workspace')
    .option('--expires <instant>', 'when it ends, such as 2027-12-31T00:00:00Z; never without it', instantFrom)
    .requiredOption('--reason <text>', 'why; kept in the audit log')
    .option('--json', 'print the key as JSON')
    .action(async (options: CreateOptions) => {
      const wish = wishFrom(options);
      const by = { actor: ACTOR, reason: options.reason };
      const made = await withDesk({ loadEngine, needs: NEEDS }, (desk) => desk.create(wish, by));
      if (options.json === true) printJson({ ...made, role: wish.role, scopes: wish.scopes });
      else print(made.key);
      say('keep the key now: it is shown only once, and only a hash of it is stored');
    });
}

function listCommand(loadEngine: LoadEngine): Command {
  return new Command('list')
    .description('list all keys, oldest first, without their secrets')
    .option('--json', 'print the keys as JSON')
    .action(async (options: { json?: boolean }) => {
      const keys = await withDesk({ loadEngine, needs: NEEDS }, (desk) => desk.list());
      if (options.json === true) printJson(keys);
      else print(table(['PREFIX', 'NAME', 'ROLE', 'SCOPES', 'WORKSPACE', 'STATE'], keys.map(rowOf)));
    });
}

function revokeCommand(loadEngine: LoadEngine): Command {
  return new Command('revoke')
    .description('take the power of keys away, within seconds')
    .argument('<prefixes...>', 'prefixes of the keys')
    .requiredOption('--reason <text>', 'why; kept in the audit log')
    .option('--json', 'print the prefixes as JSON')
    .action(async (prefixes: string[], options: { reason: string; json?: boolean }) => {
      const wrong = prefixes.filter((prefix) => !PREFIX.test(prefix));
      if (wrong.length > 0) throw new CommandError(exitCodes.usage, `these are no prefixes: ${wrong.join(', ')}`);
      const by = { actor: ACTOR, reason: options.reason };
      const revoked = await withDesk({ loadEngine, needs: NEEDS }, (desk) => desk.revoke(prefixes, by));
      const missing = prefixes.filter((prefix) => !revoked.includes(prefix));
      if (options.json === true) printJson({ revoked, missing });
      else print(`revoked ${String(revoked.length)}${missing.length > 0 ? `; not usable: ${missing.join(', ')}` : ''}`);
      process.exitCode = missing.length === 0 ? exitCodes.ok : exitCodes.violations;
    });
}

function wishFrom({ name, role, scopes, workspace, expires }: CreateOptions): KeyWish {
  if (!isRole(role)) throw new CommandError(exitCodes.usage, `--role ${role}: one of ${roles.join(', ')} is wanted`);
  if (isWorkspaceRole(role) !== (workspace !== undefined)) {
    const wanted =
      workspace === undefined
        ? `${workspaceRoles.join(', ')} need --workspace`
        : `${staffRoles.join(', ')} are for all workspaces`;
    throw new CommandError(exitCodes.usage, `--role ${role}: ${wanted}`);
  }
  if (workspace !== undefined && !UUID.test(workspace)) {
    throw new CommandError(exitCodes.usage, `--workspace ${workspace}: a UUID is wanted`);
  }
  if (name.trim() === '' || name.length > 100) {
    throw new CommandError(exitCodes.usage, '--name: a text of 1 to 100 characters is wanted');
  }
  return {
    ...{ name: name.trim(), role, scopes: scopes ?? USUAL_SCOPES[role] },
    workspaceId: workspace?.toLowerCase() ?? null,
    expiresAt: expires ?? null,
  };
}

function scopesFrom(text: string): readonly string[] {
  const wanted = text.split(',').map((scope) => scope.trim());
  if (wanted.every((scope) => SCOPES.some((one) => one === scope))) return [...new Set(wanted)];
  throw new InvalidArgumentError(`found ${text}, wanted some of ${SCOPES.join(',')}`);
}

function instantFrom(text: string): Date {
  const at = new Date(text);
  if (/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(text) && !Number.isNaN(at.getTime())) return at;
  throw new InvalidArgumentError(`found ${text}, wanted an instant such as 2027-12-31T00:00:00Z`);
}

function rowOf({ prefix, name, role, scopes, workspaceId, expiresAt, revokedAt }: ApiKeyView): readonly string[] {
  const ended = expiresAt === null ? 'usable' : `ends ${expiresAt.toISOString()}`;
  const state = revokedAt === null ? ended : `revoked ${revokedAt.toISOString()}`;
  return [prefix, name, role, scopes.join(','), workspaceId ?? 'all', state];
}
