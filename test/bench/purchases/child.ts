import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** A process of the bench that was started by path, with its settings as one JSON argument. */
export type BenchChild = {
  readonly pid: number;
  /** The next message of this kind. */
  hear<Message>(kind: string): Promise<Message>;
  tell(message: { readonly kind: string }): void;
  stop(): Promise<void>;
};

type Told = { readonly kind: string };

/** Starts a process; it says `ready` when it can work. It ends by itself when we are gone. */
export async function startChild(url: URL, settings: unknown): Promise<BenchChild> {
  const child = fork(fileURLToPath(url), [JSON.stringify(settings)], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: { PATH: process.env['PATH'], NODE_OPTIONS: process.env['NODE_OPTIONS'] },
  });
  const one = wrap(child);
  await one.hear('ready');
  return one;
}

function wrap(child: ChildProcess): BenchChild {
  const heard: Told[] = [];
  const waiting = new Map<string, { resolve: (message: never) => void; reject: (error: Error) => void }>();
  child.on('message', (message: Told) => {
    const waiter = waiting.get(message.kind);
    waiting.delete(message.kind);
    if (waiter === undefined) heard.push(message);
    else waiter.resolve(message as never);
  });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', (status) => {
      for (const waiter of waiting.values()) waiter.reject(new Error(`a bench process ended with ${String(status)}`));
      resolve();
    });
  });
  return {
    pid: child.pid ?? 0,
    hear(kind) {
      const index = heard.findIndex((message) => message.kind === kind);
      if (index >= 0) return Promise.resolve(heard.splice(index, 1)[0] as never);
      return new Promise((resolve, reject) => waiting.set(kind, { resolve, reject }));
    },
    tell(message) {
      child.send(message);
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await ended;
      clearTimeout(timer);
    },
  };
}

/** In a started process: its settings. */
export const settingsOfChild = (): unknown => {
  process.on('disconnect', () => process.exit(0));
  return JSON.parse(process.argv[2] ?? '{}') as unknown;
};

/** In a started process: tells the bench. */
export const tellParent = (message: { readonly kind: string; readonly [field: string]: unknown }): void => {
  process.send?.(message);
};

/** In a started process: runs when the bench says so. */
export const whenTold = (kind: string, act: (message: Told) => Promise<void>): void => {
  process.on('message', (message: Told) => {
    if (message.kind === kind) void act(message);
  });
};
