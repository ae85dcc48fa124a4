import { loadConfig } from '@billfleet/platform';
import type { Config } from '@billfleet/platform';
import { Command, InvalidArgumentError } from 'commander';
import { environmentToStart } from '../environment.js';
import type { Environment } from '../environment.js';
import { CommandError, exitCodes } from '../exit-codes.js';
import { appNames, launchFleet } from '../fleet-processes.js';
import type { AppName, Fleet } from '../fleet-processes.js';
import { forgetRunningFleet, rememberRunningFleet, runningFleet } from '../local-state.js';
import { duration, print, say, step } from '../terminal.js';
import { banner } from '../up/banner.js';
import type { DemoWorkspace } from '../up/banner.js';
import { checkPorts } from '../up/check-ports.js';
import { startPrivateServers } from '../up/private-servers.js';
import type { PrivateServers } from '../up/private-servers.js';
import { supervise } from '../up/supervise.js';

/** Puts the demo data in place, or finds that it is there already. */
export type SeedEngine = (config: Config) => Promise<DemoData>;

/** Who may sign in where, of the demo data. */
type DemoData = { readonly workspaces: readonly DemoWorkspace[]; readonly staffEmail: string | undefined };

type Counts = Partial<Record<AppName, number>>;

const COUNT_MAX = 32;
const EXIT_INTERRUPTED = 130;
const HOLD_MS = 2 ** 30;

/** `billfleet up`: the whole fleet on this machine, until Ctrl-C. */
export function upCommand(loadSeed: (() => Promise<SeedEngine>) | undefined): Command {
  return new Command('up')
    .description('start the whole fleet with demo data; Ctrl-C drains and stops it')
    .option('--scale <app=count>', 'so many processes of an app (repeatable)', readScale, {})
    .option('--verbose', 'write every log line to the terminal instead of files')
    .addHelpText(
      'before',
      'Examples:\n  billfleet up\n  PORT=8080 billfleet up --scale order-worker=2 --scale seat-worker=2\n',
    )
    .action(async (options: { scale: Counts; verbose?: boolean }) => {
      await up(loadSeed, options);
    });
}

function readScale(text: string, before: Counts): Counts {
  const [name, count] = text.split('=');
  const app = appNames.find((one) => one === name);
  if (app === undefined) throw new InvalidArgumentError(`An app is one of ${appNames.join(', ')}.`);
  if (count === undefined || !/^\d{1,2}$/.test(count) || Number(count) > COUNT_MAX) {
    throw new InvalidArgumentError(`A whole number from 0 to ${String(COUNT_MAX)} is wanted after ${app}=.`);
  }
  return { ...before, [app]: Number(count) };
}

type UpOptions = { scale: Counts; verbose?: boolean };

async function up(loadSeed: (() => Promise<SeedEngine>) | undefined, options: UpOptions): Promise<void> {
  const startedAt = performance.now();
  const already = runningFleet();
  if (already !== undefined) {
    throw new CommandError(
      exitCodes.configuration,
      `a fleet is up in this checkout already (process ${String(already.pid)})`,
    );
  }
  say('billfleet up');
  // Checked before any server is started, with stand-ins for the URLs that the private servers will bring.
  const standIns = { databaseUrl: 'postgres://127.0.0.1', redisUrl: 'redis://127.0.0.1' };
  const intended = loadConfig(environmentToStart(standIns).values);
  const { loadCatalogue } = await import('@billfleet/billing');
  loadCatalogue(intended.cataloguePath);
  await checkPorts(intended);
  const stopping = listenForStop();
  try {
    const servers = await startPrivateServers();
    try {
      await runFleet({ servers, stopping, loadSeed, options, startedAt });
    } finally {
      forgetRunningFleet();
      await stopServers(servers);
    }
  } finally {
    stopping.close();
  }
}

async function runFleet(run: {
  servers: PrivateServers;
  stopping: Stopping;
  loadSeed: (() => Promise<SeedEngine>) | undefined;
  options: UpOptions;
  startedAt: number;
}): Promise<void> {
  const { servers, stopping, options } = run;
  let fleet: Fleet | undefined;
  // Whoever asks twice does not want to wait: what has no fleet yet ends at once, and its servers with it.
  void stopping.second.then(() => (fleet === undefined ? process.exit(EXIT_INTERRUPTED) : fleet.forceStop()));
  const environment = environmentToStart(servers);
  const config = loadConfig(environment.values);
  const demo = await prepareData(config, run.loadSeed);
  const log = options.verbose === true ? 'inherit' : 'file';
  const started = (fleet = await step(
    'Fleet',
    () => launchFleet({ env: environment.values, apps: options.scale, log }),
    (one) => `${String(one.processes.size)} processes`,
  ));
  const endWatch = supervise(started);
  rememberRunningFleet(noteOf(environment, started));
  if (!stopping.isAsked()) {
    const startedIn = duration(performance.now() - run.startedAt);
    print(banner({ config, processes: started.processes.size, startedIn, ...demo, servers }));
  }
  await stopping.first;
  endWatch();
  await drain(started, config);
}

async function prepareData(config: Config, loadSeed: (() => Promise<SeedEngine>) | undefined): Promise<DemoData> {
  const { migrate } = await import('@billfleet/store');
  await step(
    'Migrations',
    () => migrate(config.databaseUrl),
    (ran) => (ran.length === 0 ? 'up to date' : `${String(ran.length)} ran`),
  );
  if (loadSeed === undefined || config.environment === 'production') return { workspaces: [], staffEmail: undefined };
  const seed = await loadSeed();
  return step(
    'Demo data',
    () => seed(config),
    (one) => `${String(one.workspaces.length)} workspaces`,
  );
}

async function drain(fleet: Fleet, config: Config): Promise<void> {
  say('\nstopping: the fleet finishes what it has in hand (Ctrl-C again stops at once)');
  await step(
    'Fleet',
    () => fleet.stop({ deadlineMs: config.drainMs + 5_000 }),
    () => 'drained and stopped',
  );
}

async function stopServers(servers: PrivateServers): Promise<void> {
  if (servers.dataDirs.length === 0) return;
  await step(
    'Servers',
    () => servers.stop(),
    () => 'stopped; the data stays',
  );
}

function noteOf(environment: Environment, fleet: Fleet): Parameters<typeof rememberRunningFleet>[0] {
  const names = [...environment.sources.keys()].filter(
    (name) =>
      environment.sources.get(name) !== 'environment' ||
      /^(BILLFLEET_|DATABASE_URL$|REDIS_URL$|SMTP_URL$|PORT$|HOST$)/.test(name),
  );
  return {
    pid: process.pid,
    environment: Object.fromEntries(names.map((name) => [name, environment.values[name] ?? ''])),
    processes: [...fleet.processes.values()].map(({ name, app, port }) => ({ name, app, port })),
  };
}

type Stopping = { first: Promise<void>; second: Promise<void>; isAsked: () => boolean; close: () => void };

/** Turns signals into promises: the first wish to stop, and the second one, which does not wait any longer. */
function listenForStop(): Stopping {
  const asked = { first: (): void => undefined, second: (): void => undefined };
  const first = new Promise<void>((resolve) => (asked.first = resolve));
  const second = new Promise<void>((resolve) => (asked.second = resolve));
  let count = 0;
  const hear = (): void => {
    count += 1;
    if (count === 1) asked.first();
    else asked.second();
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, hear);
  // Waiting for a signal does not keep a process alive by itself.
  const hold = setInterval(() => undefined, HOLD_MS);
  return {
    first,
    second,
    isAsked: () => count > 0,
    close: () => {
      clearInterval(hold);
      for (const signal of signals) process.off(signal, hear);
    },
  };
}
