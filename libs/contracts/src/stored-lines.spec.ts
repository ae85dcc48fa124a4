import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { demoCatalogue, randomQuotes } from '../../../test/support/random-quotes.js';
import { canonicalJson } from './canonical-json.js';
import type { Json } from './canonical-json.js';
import { parseStoredLines } from './stored-lines.js';

test('lines of every kind are read back without losing anything', () => {
  fc.assert(
    fc.property(randomQuotes(demoCatalogue()), ({ lines }) => {
      expect(canonicalJson(parseStoredLines(lines) as unknown as Json)).toBe(canonicalJson(lines as Json));
    }),
    { numRuns: 500 },
  );
});

test('the line of the reference is read', () => {
  const text = readFileSync('docs/reference/quote-format.md', 'utf8');
  const json = /```json\n([^]*?)```/.exec(text)?.[1] ?? '';
  expect(parseStoredLines([JSON.parse(json)])).toHaveLength(1);
});

test.each([null, {}, [{ description: { kind: 'gift' } }], [{ quantity: 1 }]])('%j is no list of lines', (lines) => {
  expect(parseStoredLines(lines)).toBeUndefined();
});
