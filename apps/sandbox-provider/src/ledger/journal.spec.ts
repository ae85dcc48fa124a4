import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Journal } from './journal.js';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'journal-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const linesOf = (journal: Journal): unknown[] => {
  const lines: unknown[] = [];
  journal.replay((line) => lines.push(line));
  return lines;
};

test('what was appended is there when the process has died without closing', () => {
  const first = new Journal(folder);
  first.append([{ n: 1 }]);
  first.append([{ n: 2, text: 'são' }]);
  expect(linesOf(new Journal(folder))).toEqual([[{ n: 1 }], [{ n: 2, text: 'são' }]]);
});

test('a line that was cut off is dropped, and the next one does not stick to it', () => {
  new Journal(folder).append(['whole']);
  appendFileSync(join(folder, 'payments.jsonl'), '["cut o');
  const second = new Journal(folder);
  expect(linesOf(second)).toEqual([['whole']]);
  second.append(['next']);
  expect(linesOf(new Journal(folder))).toEqual([['whole'], ['next']]);
});

test('lines that are longer than one read, and many of them, come back in order', () => {
  const journal = new Journal(folder);
  const long = 'x'.repeat(1_500_000);
  journal.append([long]);
  for (let n = 0; n < 500; n += 1) journal.append([n, 'y'.repeat(3000)]);
  const lines = linesOf(new Journal(folder));
  expect(lines).toHaveLength(501);
  expect(lines[0]).toEqual([long]);
  expect(lines.slice(1).map((line) => (line as unknown[])[0])).toEqual(Array.from({ length: 500 }, (_, n) => n));
});

test('after a replacement new lines follow the fewer ones', () => {
  const journal = new Journal(folder);
  for (let n = 0; n < 10; n += 1) journal.append([n]);
  journal.replace([['all ten']]);
  journal.append(['eleven']);
  expect(linesOf(new Journal(folder))).toEqual([['all ten'], ['eleven']]);
});

test('a folder that another live process holds is refused; a dead one does not matter', () => {
  const lockPath = join(folder, 'payments.lock');
  writeFileSync(lockPath, '4194304 1');
  new Journal(folder).close();
  const statPath = `/proc/${String(process.ppid)}/stat`;
  const stat = existsSync(statPath) ? readFileSync(statPath, 'utf8') : ') ';
  const start = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  writeFileSync(lockPath, `${String(process.ppid)} ${start}`);
  expect(() => new Journal(folder)).toThrow(`in use by process ${String(process.ppid)}`);
  writeFileSync(lockPath, `${String(process.ppid)} 1`);
  expect(() => new Journal(folder)).not.toThrow();
});
