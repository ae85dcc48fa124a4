import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { demoCatalogue, randomQuotes } from '../../../test/support/random-quotes.js';
import { checkQuoteFile } from './check-quote-engine.js';
import { CommandError, exitCodes } from './exit-codes.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'billfleet-check-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function fileOf(content: string): string {
  const file = path.join(folder, 'quote.json');
  writeFileSync(file, content);
  return file;
}

describe('a file with a quote', () => {
  const [quote = {}] = fc.sample(randomQuotes(demoCatalogue()), { numRuns: 1, seed: 3 });

  test('that explains itself has no difference', async () => {
    expect(await checkQuoteFile(fileOf(JSON.stringify(quote)))).toEqual({ kind: 'quote', differences: [] });
  });

  test('of which one cent is missing tells where', async () => {
    const less = { ...quote, amountMinor: String(BigInt(String(quote['amountMinor'])) - 1n) };
    const { differences } = await checkQuoteFile(fileOf(JSON.stringify(less)));
    expect(differences.map((one) => one.what)).toEqual(expect.arrayContaining(['amountMinor', 'hash']));
  });
});

test.each([
  ['is not JSON', '{"kind":'],
  ['cannot be read', undefined],
])('a file that %s is a wrong use', (text, content) => {
  const file = content === undefined ? path.join(folder, 'absent.json') : fileOf(content);
  const error = (() => {
    try {
      return checkQuoteFile(file);
    } catch (thrown) {
      return thrown;
    }
  })();
  expect(error).toBeInstanceOf(CommandError);
  expect(error).toMatchObject({ exitCode: exitCodes.usage, message: expect.stringContaining(text) });
});
