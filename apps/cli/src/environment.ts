import { CommandError, exitCodes } from './exit-codes.js';
import { fleetVariables } from './fleet-environment.js';
import { developmentSecrets, runningFleet } from './local-state.js';

/** Where a value was found; the first of these that has one wins. */
export type ValueSource = 'environment' | 'running fleet' | 'secrets file' | 'launcher';

/** The environment that a command works with, and where each value that is not a default comes from. */
export type Environment = {
  readonly values: Readonly<Record<string, string | undefined>>;
  readonly sources: ReadonlyMap<string, ValueSource>;
};

const PORT_GATEWAY = 3000;
const PORT_SANDBOX = 3010;
const PORT_SMTP = 3025;

type Layer = { source: ValueSource; values: Readonly<Record<string, string | undefined>> };

function merge(layers: readonly Layer[]): Environment {
  const values: Record<string, string | undefined> = {};
  const sources = new Map<string, ValueSource>();
  for (const { source, values: layer } of layers) {
    for (const [name, value] of Object.entries(layer)) {
      if (value === undefined || value === '' || sources.has(name)) continue;
      values[name] = value;
      sources.set(name, source);
    }
  }
  return { values, sources };
}

/** Whether generated secrets and derived addresses are wanted: never in production, where each value is somebody's decision. */
function isDevelopment(): boolean {
  return (process.env['NODE_ENV'] ?? 'development') !== 'production';
}

function numberFrom(name: string, fallback: number): number {
  const given = process.env[name];
  return given !== undefined && /^\d+$/.test(given) ? Number(given) : fallback;
}

/** The environment of a fleet that this command is about to start; `servers` are its private ones, where it has them. */
export function environmentToStart(servers: { databaseUrl?: string; redisUrl?: string }): Environment {
  const own: Layer = { source: 'environment', values: process.env };
  const given: Record<string, string | undefined> = { DATABASE_URL: servers.databaseUrl, REDIS_URL: servers.redisUrl };
  if (!isDevelopment()) return merge([own, { source: 'launcher', values: given }]);
  const {
    DATABASE_URL: _database,
    REDIS_URL: _redis,
    ...joined
  } = fleetVariables({
    databaseUrl: '',
    redisUrl: '',
    gatewayPort: numberFrom('PORT', PORT_GATEWAY),
    sandboxPort: numberFrom('BILLFLEET_SANDBOX_PORT', PORT_SANDBOX),
    smtpPort: numberFrom('BILLFLEET_MAILBOX_SMTP_PORT', PORT_SMTP),
  });
  return merge([
    own,
    { source: 'secrets file', values: developmentSecrets() },
    { source: 'launcher', values: { ...given, ...joined } },
  ]);
}

/** The environment of a command that works with what is there: our own variables, then the fleet that is up in this checkout. */
export function environmentToUse(): Environment {
  const own: Layer = { source: 'environment', values: process.env };
  const fleet = runningFleet();
  if (fleet !== undefined) return merge([own, { source: 'running fleet', values: fleet.environment }]);
  return environmentToStart({});
}

/** The address of a server that a command cannot do without. */
export function requireServer(environment: Environment, name: 'DATABASE_URL' | 'REDIS_URL'): string {
  const url = environment.values[name];
  if (url !== undefined) return url;
  throw new CommandError(
    exitCodes.unreachable,
    `${name} is not set and no fleet is up in this checkout: start one with ./billfleet up, or set ${name}`,
  );
}
