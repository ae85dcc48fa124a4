import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { transformFileSync } from '@swc/core';

// A process reads its time zone and locale once, when it starts; so the library is run in processes of its own.
const PROGRAM = `
import { civilDate, addDays, derivationLanguages, derivationText, periodsFrom, prorate, prorationConventions } from './index.js';
const zones = ['UTC', 'America/New_York', 'America/Sao_Paulo', 'Asia/Kolkata', 'Australia/Lord_Howe', 'Pacific/Apia'];
const surroundings = [new Date('2026-07-01T00:00:00Z').getTimezoneOffset(), (1234.5).toLocaleString()];
const lines = [];
for (let run = 0; run < 400; run += 1) {
  const start = addDays(civilDate('2009-01-01'), (run * 7919) % 7000);
  const end = addDays(start, 2 + ((run * 104729) % 700));
  const at = new Date(Date.parse(start + 'T00:00:00Z') + ((run * 15485863) % (500 * 86400)) * 1000);
  const term = { convention: prorationConventions[run % 4], timeZone: zones[run % zones.length], start, end };
  const priced = prorate({ term, at, currency: 'BRL', lines: [{ quantity: run, unitMinor: BigInt(run) * 9973n - 999999n }] });
  lines.push(derivationText(priced.lines[0].derivation, derivationLanguages[run % 3]));
  lines.push(periodsFrom(start, 1 + (run % 30), 3).map((period) => period.startsOn + period.endsOn).join());
}
process.stdout.write(JSON.stringify({ surroundings, lines }));
`;

const surroundings: readonly (readonly [timeZone: string, locale: string])[] = [
  ['UTC', 'C'],
  ['America/St_Johns', 'pt_BR.UTF-8'],
  ['Pacific/Kiritimati', 'ar_EG.UTF-8'],
  ['Asia/Kathmandu', 'de_CH.UTF-8'],
];

let folder = '';

beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'billfleet-domain-'));
  const source = path.dirname(fileURLToPath(import.meta.url));
  const jsc = { parser: { syntax: 'typescript' }, target: 'es2022' } as const;
  for (const file of readdirSync(source).filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts'))) {
    const { code } = transformFileSync(path.join(source, file), { swcrc: false, jsc, module: { type: 'es6' } });
    writeFileSync(path.join(folder, file.replace(/\.ts$/, '.js')), code);
  }
  writeFileSync(path.join(folder, 'package.json'), '{"type":"module"}');
  writeFileSync(path.join(folder, 'program.js'), PROGRAM);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function runIn([timeZone, locale]: readonly [string, string]): { surroundings: unknown[]; lines: string[] } {
  const env = { PATH: process.env['PATH'], TZ: timeZone, LANG: locale, LC_ALL: locale };
  const output = execFileSync(process.execPath, [path.join(folder, 'program.js')], { env, encoding: 'utf8' });
  return JSON.parse(output) as { surroundings: unknown[]; lines: string[] };
}

test('amounts, periods and sentences are the same in any time zone and locale of the process', () => {
  const [reference, ...others] = surroundings.map(runIn);
  expect(reference?.lines).toHaveLength(800);
  for (const other of others) expect(other.lines).toEqual(reference?.lines);
  const offsets = new Set([reference, ...others].map((one) => one?.surroundings[0]));
  expect(offsets.size).toBe(surroundings.length);
});
