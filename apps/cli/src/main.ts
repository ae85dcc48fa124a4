import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ConfigError } from '@billfleet/platform';
import { CommanderError } from 'commander';
import { checkoutRoot } from './checkout.js';
import { engines } from './engines.js';
import { CommandError, exitCodes, isUnreachable } from './exit-codes.js';
import { buildProgram } from './program.js';
import { say } from './terminal.js';

/** Runs one command line; the outcome is in the exit status of the process. */
export async function main(argv: readonly string[]): Promise<void> {
  // Whoever reads the output may have seen enough, as `| head` has: the rest is for nobody, and that is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(exitCodes.ok);
  });
  try {
    const { version } = JSON.parse(readFileSync(path.join(checkoutRoot(), 'package.json'), 'utf8')) as {
      version: string;
    };
    await buildProgram(engines, version).parseAsync([...argv]);
  } catch (error) {
    process.exitCode = conclude(error);
  }
}

function conclude(error: unknown): number {
  // Commander has already written its message, or the help that was asked for.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  if (error instanceof ConfigError) {
    say(error.message);
    return exitCodes.configuration;
  }
  if (error instanceof CommandError) {
    say(error.message);
    return error.exitCode;
  }
  if (isUnreachable(error)) {
    say(`a server cannot be reached: ${messageOf(error)}\nrun ./billfleet doctor to see which`);
    return exitCodes.unreachable;
  }
  say(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return exitCodes.bug;
}

function messageOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(messageOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}
