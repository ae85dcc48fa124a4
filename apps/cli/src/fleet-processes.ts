import { createWriteStream, mkdirSync } from 'node:fs';
import path from 'node:path';
import { checkoutRoot } from './checkout.js';
import { startAppProcess } from './fleet/app-process.js';
import type { FleetProcess } from './fleet/app-process.js';
import { freePort } from './services/free-port.js';

export type { Ending, FleetProcess } from './fleet/app-process.js';

/** The apps that make a whole fleet, in the order in which they are stopped. */
export const appNames = [
  'gateway',
  'order-worker',
  'payment-worker',
  'seat-worker',
  'reminder-worker',
  'delivery-worker',
  'dispatcher',
  'sandbox-provider',
] as const;

/** Name of an app of the fleet. */
export type AppName = (typeof appNames)[number];

/** What to start. */
export type FleetOptions = {
  /** The whole environment of every process; nothing of ours is added but the port of each. */
  env: Readonly<Record<string, string | undefined>>;
  /** How many processes of each app; 1 where nothing is said, 0 leaves an app out. */
  apps?: Partial<Record<AppName, number>>;
  /** Values for the processes of one app, over `env`. */
  appEnv?: Partial<Record<AppName, Readonly<Record<string, string>>>>;
  /** Port of an app's first process. Without: what `env` says for gateway and sandbox, a free one for all others. */
  ports?: Partial<Record<AppName, number>>;
  /** 'inherit': our stderr; 'file': one file per process below `logDir`; or a function. Default 'file'. */
  log?: 'inherit' | 'file' | ((line: string, name: string) => void);
  logDir?: string;
  startTimeoutMs?: number;
};

/** A fleet that runs. */
export type Fleet = {
  readonly processes: ReadonlyMap<string, FleetProcess<AppName>>;
  /** Drains in order (gateway, workers, dispatcher, sandbox); whoever passes the deadline gets SIGKILL. */
  stop(options?: { deadlineMs?: number }): Promise<void>;
  /** SIGKILL to all at once; a `stop` that waits comes to its end by it. */
  forceStop(): Promise<void>;
};

const START_TIMEOUT_MS = 60_000;
const STOP_DEADLINE_MS = 30_000;
const PORT_VARIABLES: Partial<Record<AppName, string>> = {
  gateway: 'PORT',
  'sandbox-provider': 'BILLFLEET_SANDBOX_PORT',
};
const HEALTH_PORT_VARIABLE = 'BILLFLEET_HEALTH_PORT';
const STOP_ORDER: readonly (readonly AppName[])[] = [
  ['gateway'],
  ['order-worker', 'payment-worker', 'seat-worker', 'reminder-worker', 'delivery-worker'],
  ['dispatcher'],
  ['sandbox-provider'],
];

type Plan = { name: string; app: AppName; port: number; portVariable: string };

async function plan(options: FleetOptions): Promise<Plan[]> {
  const plans: Plan[] = [];
  const pick = async (): Promise<number> => {
    for (;;) {
      const port = await freePort();
      if (!plans.some((one) => one.port === port)) return port;
    }
  };
  for (const app of appNames) {
    const portVariable = PORT_VARIABLES[app] ?? HEALTH_PORT_VARIABLE;
    const said = app in PORT_VARIABLES ? Number(options.env[portVariable] ?? 0) : 0;
    const firstPort = options.ports?.[app] ?? said;
    for (let nth = 1; nth <= (options.apps?.[app] ?? 1); nth += 1) {
      const port = nth === 1 && firstPort !== 0 ? firstPort : await pick();
      plans.push({ name: nth === 1 ? app : `${app}-${String(nth)}`, app, port, portVariable });
    }
  }
  return plans;
}

function lineSink(log: FleetOptions['log'], logDir: string): (line: string, name: string) => void {
  if (typeof log === 'function') return log;
  if (log === 'inherit') {
    return (line, name) => {
      process.stderr.write(`${name} ${line}\n`);
    };
  }
  mkdirSync(logDir, { recursive: true });
  const files = new Map<string, NodeJS.WritableStream>();
  return (line, name) => {
    const file = files.get(name) ?? createWriteStream(path.join(logDir, `${name}.log`), { flags: 'a' });
    files.set(name, file);
    file.write(`${line}\n`);
  };
}

/** Waits for all, since one that is still starting when another has failed would otherwise be forgotten and live on. */
async function startAll(plans: readonly Plan[], options: FleetOptions): Promise<FleetProcess<AppName>[]> {
  const onLine = lineSink(options.log, options.logDir ?? path.join(checkoutRoot(), '.data/log'));
  const results = await Promise.allSettled(
    plans.map(({ name, app, port, portVariable }) =>
      startAppProcess({
        name,
        app,
        port,
        portVariable,
        env: { ...options.env, ...options.appEnv?.[app], [portVariable]: String(port) },
        onLine,
        startTimeoutMs: options.startTimeoutMs ?? START_TIMEOUT_MS,
      }),
    ),
  );
  const started = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const failures = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as Error] : []));
  const [first] = failures;
  if (first === undefined) return started;
  await Promise.all(started.map((one) => one.kill('SIGKILL')));
  throw failures.length === 1 ? first : new AggregateError(failures, failures.map((one) => one.message).join('\n\n'));
}

async function endWithin(process: FleetProcess, deadlineMs: number): Promise<void> {
  const timer = setTimeout(() => {
    process.signal('SIGKILL');
  }, deadlineMs);
  // A frozen process would sleep through SIGTERM.
  process.signal('SIGCONT');
  await process.kill('SIGTERM');
  clearTimeout(timer);
}

/** Starts the apps side by side, each as a process of its own, and resolves once every one is up. */
export async function launchFleet(options: FleetOptions): Promise<Fleet> {
  const started = await startAll(await plan(options), options);
  const processes = new Map(started.map((one) => [one.name, one]));
  return {
    processes,
    async stop({ deadlineMs = STOP_DEADLINE_MS } = {}) {
      for (const group of STOP_ORDER) {
        const members = started.filter((one) => group.includes(one.app) && one.isRunning);
        await Promise.all(members.map((one) => endWithin(one, deadlineMs)));
      }
    },
    async forceStop() {
      await Promise.all(started.filter((one) => one.isRunning).map((one) => one.kill('SIGKILL')));
    },
  };
}
