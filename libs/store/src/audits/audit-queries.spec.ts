import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { auditQueries } from './run-audits.js';

const reference = readFileSync(new URL('../../../../docs/reference/audits.md', import.meta.url), 'utf8');

test('every audit is in the reference, with when it holds, and the reference names no other', () => {
  const rows = [...reference.matchAll(/^\| ([ABL]\d\d) +\| (always|at rest) +\|/gm)].map(
    ([, id, holds]) => `${String(id)} ${String(holds)}`,
  );
  expect(rows.sort()).toEqual(auditQueries.map(({ id, kind }) => `${id} ${kind.replace('-', ' ')}`).sort());
});

test('the rules that the reliability of the fleet rests on are all there', () => {
  const numbered = (letter: string, last: number): string[] =>
    Array.from({ length: last }, (_, index) => `${letter}${String(index + 1).padStart(2, '0')}`);
  const ids = auditQueries.map(({ id }) => id);
  expect(ids).toEqual(expect.arrayContaining([...numbered('A', 27), ...numbered('L', 8)]));
  expect(new Set(ids).size).toBe(ids.length);
});
