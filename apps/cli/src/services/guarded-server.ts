import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { Socket } from 'node:net';
import os from 'node:os';
import type { Readable, Writable } from 'node:stream';

/** How to run one server binary so that it cannot outlive us. */
export type GuardedServerOptions = {
  label: string;
  bin: string;
  args: readonly string[];
  env: Readonly<Record<string, string>>;
  account?: { uid: number; gid: number } | undefined;
  /** What the server prints once it accepts connections. */
  ready: RegExp;
  /** The signal of an orderly stop. */
  stopSignal: 'INT' | 'TERM';
  /** Folder that is of no use once the server has been stopped; removed even if we are killed. */
  scratchDir?: string | undefined;
  startTimeoutMs: number;
};

/** A running server: `pid` is the server itself, not the shell that guards it. */
export type GuardedServer = {
  readonly pid: number;
  /** Orderly stop; SIGKILL after the deadline. */
  stop(): Promise<void>;
  /** Signals the server alone and waits until it has ended. */
  kill(signal: NodeJS.Signals): Promise<void>;
};

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

const STOP_TIMEOUT_MS = 15_000;
const LOG_KEPT_CHARS = 8_000;
const LOG_SHOWN_CHARS = 2_000;
const isWindows = process.platform === 'win32';

// The shell waits for the end of our pipe, so a `kill -9` of this process still ends the server; its own session
// (`detached`) keeps Ctrl-C away from the server until the fleet has drained. When the server dies first, the watcher
// is ended too: otherwise it would signal a recycled process id later.
const GUARD_SCRIPT = `
trap 'ended=1' USR1
exec 3<&0
"$@" </dev/null 3<&- & server=$!
echo "guarded-pid $server"
( read -r line <&3; kill -USR1 $$; kill -$STOP_SIGNAL $server 2>/dev/null ) & watcher=$!
exec 3<&-
wait $server; status=$?
if [ -n "$ended" ]; then
  wait $server; status=$?
  if [ -n "$SCRATCH_DIR" ]; then rm -rf "$SCRATCH_DIR"; fi
else
  kill $watcher 2>/dev/null
fi
exit $status
`;

function spawnGuarded(options: GuardedServerOptions): Child {
  const spawnOptions = {
    cwd: os.tmpdir(),
    detached: !isWindows,
    windowsHide: true,
    env: {
      PATH: process.env['PATH'] ?? '',
      ...(isWindows ? process.env : {}),
      STOP_SIGNAL: options.stopSignal,
      SCRATCH_DIR: options.scratchDir ?? '',
      ...options.env,
    },
    ...options.account,
  };
  return isWindows
    ? spawn(options.bin, [...options.args], { ...spawnOptions, stdio: ['pipe', 'pipe', 'pipe'] })
    : spawn('/bin/sh', ['-c', GUARD_SCRIPT, 'guard', options.bin, ...options.args], {
        ...spawnOptions,
        stdio: ['pipe', 'pipe', 'pipe'],
      });
}

/** Lets this process end although the server and its pipes are still open. */
function release(child: Child): void {
  child.unref();
  for (const stream of [child.stdin, child.stdout, child.stderr]) {
    if (stream instanceof Socket) stream.unref();
  }
}

function handleFor(child: Child, pid: number, closed: Promise<void>): GuardedServer {
  const waitClosed = async (): Promise<void> => {
    child.ref();
    const deadline = setTimeout(() => {
      signalQuietly(pid, 'SIGKILL');
    }, STOP_TIMEOUT_MS);
    await closed;
    clearTimeout(deadline);
  };
  return {
    pid,
    async stop() {
      if (isWindows) child.kill();
      else child.stdin.end();
      await waitClosed();
    },
    async kill(signal) {
      signalQuietly(pid, signal);
      await waitClosed();
    },
  };
}

function signalQuietly(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // Already gone, which is what the signal was for.
  }
}

/** Starts a server and resolves once it accepts connections; rejects with its own last words if it does not. */
export function startGuarded(options: GuardedServerOptions): Promise<GuardedServer> {
  return new Promise((resolve, reject) => {
    const child = spawnGuarded(options);
    let log = '';
    let pid: number | undefined;
    let settled = false;
    const closed = new Promise<void>((done) => {
      child.once('close', () => {
        done();
      });
    });
    const fail = (what: string): void => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      child.stdin.end();
      reject(new Error(`${options.label}: ${what}\n${log.slice(-LOG_SHOWN_CHARS)}`));
    };
    const timer = setTimeout(() => {
      fail(`not ready after ${String(options.startTimeoutMs)} ms`);
    }, options.startTimeoutMs);
    const hear = (chunk: Buffer): void => {
      log = (log + chunk.toString('utf8')).slice(-LOG_KEPT_CHARS);
      if (settled) return;
      pid ??= isWindows ? child.pid : guardedPid(log);
      if (pid === undefined || !options.ready.test(log)) return;
      settled = true;
      clearTimeout(timer);
      release(child);
      resolve(handleFor(child, pid, closed));
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    // The pipe breaks when the server dies first; that is reported by 'exit', so nothing is lost here.
    child.stdin.on('error', () => undefined);
    child.once('error', (error) => {
      fail(error.message);
    });
    child.once('exit', (status) => {
      fail(`ended with status ${String(status)}`);
    });
  });
}

function guardedPid(log: string): number | undefined {
  const found = /^guarded-pid (\d+)$/m.exec(log)?.[1];
  return found === undefined ? undefined : Number(found);
}
