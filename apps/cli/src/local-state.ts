import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { checkoutRoot } from './checkout.js';
import { newSecrets } from './fleet-environment.js';
import type { Secrets } from './fleet-environment.js';

/** What a fleet that is up tells the other commands of its checkout. */
export type RunningFleet = {
  readonly pid: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly processes: readonly { readonly name: string; readonly app: string; readonly port: number }[];
};

/** The folder that holds all that a checkout keeps between runs. */
export function dataFolder(): string {
  return path.join(checkoutRoot(), '.data');
}

/** The development secrets of this checkout: made on first use, completed when new ones are needed, readable by us alone. */
export function developmentSecrets(): Secrets {
  const file = path.join(dataFolder(), 'secrets.json');
  const kept = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Secrets) : {};
  const fresh = newSecrets();
  if (Object.keys(fresh).every((name) => name in kept)) return kept;
  const all = { ...fresh, ...kept };
  writePrivately(file, all);
  return all;
}

/** Publishes the fleet that is up; the file goes with `forgetRunningFleet`. */
export function rememberRunningFleet(fleet: RunningFleet): void {
  writePrivately(runningFile(), fleet);
}

/** Takes the note away, if it is still ours. */
export function forgetRunningFleet(): void {
  if (readRunningFile()?.pid === process.pid) rmSync(runningFile());
}

/** The fleet that is up in this checkout; a note that a killed launcher left behind does not count. */
export function runningFleet(): RunningFleet | undefined {
  const fleet = readRunningFile();
  if (fleet === undefined) return undefined;
  try {
    process.kill(fleet.pid, 0);
    return fleet;
  } catch {
    return undefined;
  }
}

function runningFile(): string {
  return path.join(dataFolder(), 'running.json');
}

function readRunningFile(): RunningFleet | undefined {
  return existsSync(runningFile()) ? (JSON.parse(readFileSync(runningFile(), 'utf8')) as RunningFleet) : undefined;
}

function writePrivately(file: string, value: unknown): void {
  mkdirSync(path.dirname(file), { recursive: true });
  const draft = `${file}.${String(process.pid)}.tmp`;
  writeFileSync(draft, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  chmodSync(draft, 0o600);
  renameSync(draft, file);
}
