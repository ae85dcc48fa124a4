import path from 'node:path';
import type { Config } from '@billfleet/platform';
import { dataFolder } from '../local-state.js';
import type { PrivateServers } from './private-servers.js';

/** A workspace of the demo data and who may sign in to it. */
export type DemoWorkspace = {
  readonly id: string;
  readonly name: string;
  readonly country: string;
  readonly adminEmail: string;
};

/** What the closing banner tells. */
export type BannerFacts = {
  readonly config: Config;
  readonly processes: number;
  readonly startedIn: string;
  readonly workspaces: readonly DemoWorkspace[];
  /** Somebody who may sign in to the support console. */
  readonly staffEmail: string | undefined;
  readonly servers: PrivateServers;
};

const LABEL_WIDTH = 18;

/** Every address and login of a fleet that is up, where its data lives and what to try next. */
export function banner(facts: BannerFacts): string {
  const { config } = facts;
  const gateway = `http://${config.host === '0.0.0.0' ? '127.0.0.1' : config.host}:${String(config.port)}`;
  const rows: [string, string][] = [
    ['Gateway', gateway],
    ['API docs', `${gateway}/docs`],
    ['Queues', `${gateway}/ops/queues`],
    ['', `login ${config.opsUser} / ${shownSecret(config, config.opsPassword)}`],
    ['Mailbox', `${config.sandboxUrl}/dev/mailbox`],
    ['Sandbox provider', config.sandboxUrl],
    ...apiKeyRow(config),
    ...(facts.workspaces.length === 0
      ? []
      : ([
          [
            'Billing page',
            `${gateway}/billing/sign-in   with the address of a demo workspace; the link is in the mailbox`,
          ],
        ] satisfies [string, string][])),
    ...(facts.staffEmail === undefined
      ? []
      : ([['Support console', `${gateway}/support/sign-in   ${facts.staffEmail}`]] satisfies [string, string][])),
    ...facts.workspaces.map((one): [string, string] => [
      `Demo workspace`,
      `${one.name} (${one.country})  ${one.adminEmail}  ${one.id}`,
    ]),
    ['Data', whereDataLives(facts.servers)],
    ['Logs', path.join(dataFolder(), 'log')],
    ['Next', 'in another terminal: ./billfleet demo   (buys seats in both countries)'],
    ['Stop', 'Ctrl-C drains and stops; a second Ctrl-C stops at once'],
  ];
  const body = rows.map(([label, text]) => `  ${label.padEnd(LABEL_WIDTH)}${text}`).join('\n');
  return `\nBillfleet is up: ${String(facts.processes)} processes in ${facts.startedIn}\n\n${body}\n`;
}

function shownSecret(config: Config, secret: string): string {
  return config.environment === 'production' ? '(as configured)' : secret;
}

function apiKeyRow(config: Config): [string, string][] {
  if (config.bootstrapApiKey === undefined) return [];
  return [['API key', shownSecret(config, config.bootstrapApiKey)]];
}

function whereDataLives({ databaseUrl, redisUrl, dataDirs }: PrivateServers): string {
  const elsewhere = [
    databaseUrl === undefined ? ['DATABASE_URL'] : [],
    redisUrl === undefined ? ['REDIS_URL'] : [],
  ].flat();
  const parts = [
    ...(dataDirs.length === 0 ? [] : [`${dataDirs.join(' and ')}: survives a restart; ./billfleet reset empties it`]),
    ...(elsewhere.length === 0 ? [] : [`on the servers of ${elsewhere.join(' and ')}`]),
  ];
  return parts.join('; ');
}
