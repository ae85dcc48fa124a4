import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { checkoutRoot } from '../checkout.js';
import { portHolder } from './port-holder.js';

/** How one process ended. */
export type Ending = { code: number | null; signal: NodeJS.Signals | null };

/** One app of the fleet as a process of its own; the name and the port stay the same across restarts. */
export type FleetProcess<App extends string = string> = {
  /** The app's name, with `-2`, `-3` … from the second instance on. */
  readonly name: string;
  readonly app: App;
  readonly pid: number;
  /** The HTTP port: the service itself for gateway and sandbox, health and metrics for all others. */
  readonly port: number;
  readonly isRunning: boolean;
  /** Settles when the present process ends, for whatever reason. */
  readonly exited: Promise<Ending>;
  /** The end of what it has written so far. */
  readonly lastOutput: string;
  /** Sends a signal and does not wait: for SIGSTOP and SIGCONT. */
  signal(signal: NodeJS.Signals): void;
  /** Sends a signal and waits until the process has ended. Default SIGKILL. */
  kill(signal?: NodeJS.Signals): Promise<Ending>;
  /** Starts it again on the same port, after SIGTERM if it still runs; waits until it is up. `env` replaces single values. */
  restart(env?: Readonly<Record<string, string>>): Promise<void>;
};

/** What an app process needs to start. */
export type AppProcessOptions<App extends string> = {
  name: string;
  app: App;
  port: number;
  /** The variable that sets the port; named in the error when the port is taken. */
  portVariable: string;
  env: Readonly<Record<string, string | undefined>>;
  onLine: (line: string, name: string) => void;
  startTimeoutMs: number;
};

const OUTPUT_KEPT_LINES = 40;

type Running = { child: ChildProcess; pid: number; exited: Promise<Ending>; lines: string[] };

function isUpLine(line: string): boolean {
  if (!line.includes('"up"')) return false;
  try {
    const entry: unknown = JSON.parse(line);
    return typeof entry === 'object' && entry !== null && 'msg' in entry && entry.msg === 'up';
  } catch {
    return false;
  }
}

function explainFailure<App extends string>(options: AppProcessOptions<App>, what: string, lines: string[]): Error {
  const output = lines.join('\n');
  const taken = /EADDRINUSE[^\n]*?:(\d+)/.exec(output)?.[1];
  if (taken === undefined) return new Error(`${options.name} ${what}; its last output:\n${output}`);
  const holder = portHolder(Number(taken));
  const variable = Number(taken) === options.port ? `set ${options.portVariable} to another port` : 'set another port';
  return new Error(
    `${options.name}: port ${taken} is in use${holder === undefined ? '' : ` by ${holder}`}; ${variable}`,
  );
}

function launch<App extends string>(
  options: AppProcessOptions<App>,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Running> {
  const main = path.join(checkoutRoot(), 'dist/apps', options.app, 'src/main.js');
  // The IPC channel tells the app when we die; an own session keeps Ctrl-C from it until we drain in order.
  const child = spawn(process.execPath, [main], {
    cwd: checkoutRoot(),
    detached: process.platform !== 'win32',
    env: { ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const lines: string[] = [];
  const exited = new Promise<Ending>((resolve) => {
    child.once('close', (code, signal) => {
      resolve({ code, signal });
    });
  });
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(explainFailure(options, `was not up after ${String(options.startTimeoutMs)} ms`, lines));
    }, options.startTimeoutMs);
    const hear = (line: string): void => {
      lines.push(line);
      if (lines.length > OUTPUT_KEPT_LINES) lines.shift();
      options.onLine(line, options.name);
      if (!isUpLine(line) || child.pid === undefined) return;
      clearTimeout(timer);
      resolve({ child, pid: child.pid, exited, lines });
    };
    for (const stream of [child.stdout, child.stderr]) {
      if (stream !== null) createInterface({ input: stream }).on('line', hear);
    }
    child.once('error', (error) => {
      clearTimeout(timer);
      reject(new Error(`${options.name} could not be started: ${error.message}`));
    });
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      reject(explainFailure(options, `ended before it was up (${signal ?? `status ${String(code)}`})`, lines));
    });
  });
}

/** Starts one app and resolves once it says that it is up. */
export async function startAppProcess<App extends string>(options: AppProcessOptions<App>): Promise<FleetProcess<App>> {
  let running = await launch(options, options.env);
  let isRunning = true;
  const watch = (present: Running): void => {
    void present.exited.then(() => {
      if (present === running) isRunning = false;
    });
  };
  watch(running);
  const kill = async (signal: NodeJS.Signals = 'SIGKILL'): Promise<Ending> => {
    if (isRunning) running.child.kill(signal);
    return running.exited;
  };
  return {
    name: options.name,
    app: options.app,
    port: options.port,
    get pid() {
      return running.pid;
    },
    get isRunning() {
      return isRunning;
    },
    get exited() {
      return running.exited;
    },
    get lastOutput() {
      return running.lines.join('\n');
    },
    signal(signal) {
      running.child.kill(signal);
    },
    kill,
    async restart(env = {}) {
      await kill('SIGTERM');
      running = await launch(options, { ...options.env, ...env });
      isRunning = true;
      watch(running);
    },
  };
}
