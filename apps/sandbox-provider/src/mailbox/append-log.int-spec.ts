import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { transformFile } from '@swc/core';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppendLog } from './append-log.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'append-log-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const linesOf = async (path: string): Promise<string[]> => {
  const lines: string[] = [];
  const log = await AppendLog.open(path, (line) => lines.push(line));
  await log.close();
  return lines;
};

test('gives lines back in order, and each by its position', async () => {
  const path = join(folder, 'deep', 'lines.jsonl');
  const wanted = Array.from({ length: 300 }, (_, index) => `${String(index)} ${'ação '.repeat(index * 7)}`);
  const log = await AppendLog.open(path, () => undefined);
  const positions = await Promise.all(wanted.map((line) => log.append(line)));
  expect(await Promise.all(positions.map((position) => log.read(position)))).toEqual(wanted);
  await log.close();
  expect(await linesOf(path)).toEqual(wanted);
});

test('drops a last line that a crash cut off, and goes on behind the whole ones', async () => {
  const path = join(folder, 'lines.jsonl');
  await writeFile(path, 'one\ntwo\n{"cut o');
  const log = await AppendLog.open(path, () => undefined);
  const position = await log.append('three');
  expect(await log.read(position)).toBe('three');
  await log.close();
  expect(await readFile(path, 'utf8')).toBe('one\ntwo\nthree\n');
  await appendFile(path, 'torn again');
  expect(await linesOf(path)).toEqual(['one', 'two', 'three']);
});

test('loses no confirmed line when the process is killed', async () => {
  const path = join(folder, 'lines.jsonl');
  const source = fileURLToPath(new URL('./append-log.ts', import.meta.url));
  const { code } = await transformFile(source, {
    swcrc: false,
    jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
  });
  const program = join(folder, 'writer.mjs');
  await writeFile(
    program,
    `${code}
const log = await AppendLog.open(process.argv[2], () => undefined);
for (let line = 0; ; line += 1) { await log.append('x'.repeat(line % 5000) + ' ' + line); process.stdout.write(line + '\\n'); }`,
  );
  const writer = spawn(process.execPath, [program, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  let confirmed = '';
  writer.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    confirmed += chunk;
    if (confirmed.length > 2_000) writer.kill('SIGKILL');
  });
  await once(writer, 'close');
  const acknowledged = confirmed.slice(0, confirmed.lastIndexOf('\n')).split('\n');
  const numbers = (await linesOf(path)).map((line) => line.split(' ').at(-1));
  expect(acknowledged.length).toBeGreaterThan(100);
  expect(numbers.slice(0, acknowledged.length)).toEqual(acknowledged);
});
