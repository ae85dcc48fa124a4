import { readFileSync } from 'node:fs';
import { checkPriced } from './check-quote/checker.js';
import type { CheckQuoteEngine } from './commands/check-quote.js';
import { CommandError, exitCodes } from './exit-codes.js';

const STDIN = 0;

/** Reads a quote or an order from a file, or from stdin for `-`, and checks it against its own derivation. */
export const checkQuoteFile: CheckQuoteEngine = (file) => {
  const document = parsed(file, read(file));
  const status = typeof document === 'object' && document !== null && 'status' in document;
  return Promise.resolve({ kind: status ? 'order' : 'quote', differences: checkPriced(document) });
};

function read(file: string): string {
  try {
    return readFileSync(file === '-' ? STDIN : file, 'utf8');
  } catch (cause) {
    throw new CommandError(exitCodes.usage, `${file} cannot be read: ${reasonOf(cause)}`, { cause });
  }
}

function parsed(file: string, text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new CommandError(exitCodes.usage, `${file} is not JSON: ${reasonOf(cause)}`, { cause });
  }
}

const reasonOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));
