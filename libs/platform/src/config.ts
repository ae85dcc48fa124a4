import type { z } from 'zod';
import { variables } from './config-schema.js';
import type { VariableDoc } from './config-schema.js';

/** One thing that is wrong with the environment. */
export type ConfigFault = {
  readonly name: string;
  readonly found: string;
  readonly wanted: string;
  readonly example: string;
};

/** All that is wrong with the environment, at once. A process that meets it exits with 78. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly exitCode = 78;
  constructor(readonly faults: readonly ConfigFault[]) {
    const lines = faults.map(
      (f) => `  ${f.name}\n    found    ${f.found}\n    wanted   ${f.wanted}\n    example  ${f.example}`,
    );
    super(
      `Configuration is not valid (${String(faults.length)} ${faults.length === 1 ? 'fault' : 'faults'})\n\n${lines.join('\n')}\n\nNothing was started.`,
    );
  }
}

/** The values that a process of the fleet runs with. Frozen; read once at start and handed down. */
export type Config = { readonly [K in keyof typeof variables]: z.output<(typeof variables)[K]['schema']> };

type Environment = Readonly<Record<string, string | undefined>>;

const shown = (raw: string | undefined, secret: boolean): string => {
  if (raw === undefined || raw === '') return 'not set';
  return secret ? `a text of ${String(raw.length)} characters (hidden)` : JSON.stringify(raw);
};

const unsafeInProduction = (config: Config): ConfigFault[] => {
  const faults: ConfigFault[] = [];
  const refuse = (name: string, found: string, wanted: string, example: string): void => {
    faults.push({ name, found, wanted, example });
  };
  if (config.environment !== 'chaos') {
    if (config.crash !== undefined) refuse('BILLFLEET_CRASH', 'set', 'not set, since NODE_ENV is not chaos', '');
    if (config.mutant !== undefined) refuse('BILLFLEET_MUTANT', 'set', 'not set, since NODE_ENV is not chaos', '');
  }
  if (config.environment !== 'production') return faults;
  if (!config.publicUrl.startsWith('https:'))
    refuse(
      'BILLFLEET_PUBLIC_URL',
      JSON.stringify(config.publicUrl),
      'an https address in production',
      'https://billing.example.com',
    );
  if (config.hostWebhookUrl !== undefined && !config.hostWebhookUrl.startsWith('https:'))
    refuse(
      'BILLFLEET_HOST_WEBHOOK_URL',
      JSON.stringify(config.hostWebhookUrl),
      'an https address in production',
      'https://product.example.com/webhooks/billing',
    );
  if (config.hostUrl !== undefined && !config.hostUrl.startsWith('https:'))
    refuse(
      'BILLFLEET_HOST_URL',
      JSON.stringify(config.hostUrl),
      'an https address in production',
      'https://product.example.com',
    );
  if (config.docsArePublic) refuse('BILLFLEET_DOCS_PUBLIC', '"true"', 'false in production', 'false');
  return faults;
};

/**
 * Reads and checks the environment.
 * @throws ConfigError with every fault at once.
 */
export function loadConfig(environment: Environment = process.env): Config {
  const faults: ConfigFault[] = [];
  const values: Record<string, unknown> = {};
  for (const [key, one] of Object.entries(variables)) {
    const given = environment[one.name];
    const raw = given === undefined || given === '' ? ('fallback' in one ? one.fallback : undefined) : given;
    const parsed = one.schema.safeParse(raw);
    if (parsed.success) values[key] = parsed.data;
    else
      faults.push({
        name: one.name,
        found: shown(given, one.secret),
        wanted: parsed.error.issues[0]?.message ?? 'another value',
        example: one.example,
      });
  }
  const config = Object.freeze(values) as Config;
  if (faults.length === 0) faults.push(...unsafeInProduction(config));
  if (faults.length > 0) throw new ConfigError(faults);
  return config;
}

/** One effective value and where it came from; secrets are masked. */
export type ShownValue = VariableDoc & {
  readonly value: string;
  readonly source: 'environment' | 'default' | 'missing';
};

/** The effective values of an environment for people to read: nothing secret is shown. */
export function describeConfig(environment: Environment = process.env): readonly ShownValue[] {
  return Object.values(variables).map((one) => {
    const given = environment[one.name];
    const isGiven = given !== undefined && given !== '';
    const fallback = 'fallback' in one ? one.fallback : undefined;
    const raw = isGiven ? given : fallback;
    const { name, about, example, secret } = one;
    return {
      name,
      about,
      example,
      secret,
      value: secret && raw !== undefined && raw !== '' ? '********' : (raw ?? ''),
      source: isGiven ? 'environment' : fallback === undefined ? 'missing' : 'default',
    };
  });
}

/** Names of variables that begin like ours but that nobody reads: most often a typing error. */
export function unknownVariables(environment: Environment = process.env): readonly string[] {
  const known = new Set<string>(Object.values(variables).map((one) => one.name));
  return Object.keys(environment).filter((name) => name.startsWith('BILLFLEET_') && !known.has(name));
}

/** What each variable is for, in the order of the schema. */
export const variableDocs: readonly VariableDoc[] = Object.values(variables).map(
  ({ name, about, example, secret, fallback }) => ({
    name,
    about,
    example,
    secret,
    ...(fallback === undefined ? {} : { fallback }),
  }),
);
