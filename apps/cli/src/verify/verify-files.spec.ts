import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parseCaseFile } from '@billfleet/contracts';
import { checkoutRoot } from '../checkout.js';
import { verifyFiles } from './verify-files.js';

const casesFolder = path.join(checkoutRoot(), 'test/cases');
const caseFiles = readdirSync(casesFolder).filter((name) => name.endsWith('.json'));

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'billfleet-verify-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function fileOf(name: string, content: unknown): string {
  const file = path.join(folder, name);
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

describe('the published cases', () => {
  test.each(caseFiles)('%s pass', async (name) => {
    const report = await verifyFiles([path.join(casesFolder, name)]);
    expect(report).toMatchObject({ failed: 0, differences: [], faults: [] });
    expect(report.passed).toBeGreaterThan(0);
  });

  test('are at least 150, of every kind and convention', () => {
    const cases = caseFiles.flatMap((name) => parseCaseFile(readFileSync(path.join(casesFolder, name), 'utf8')).cases);
    expect(cases.length).toBeGreaterThanOrEqual(150);
    const kinds = new Set(cases.map((one) => one.kind));
    expect([...kinds].sort()).toEqual(['allocate', 'localDay', 'periods', 'prorate', 'quote']);
    const conventions = new Set(cases.flatMap((one) => (one.kind === 'prorate' ? one.convention : [])));
    expect(conventions.size).toBe(4);
  });
});

describe('a file with wrong expectations', () => {
  const allocate = { kind: 'allocate', currency: 'BRL', total: '100.00', parts: 3 };

  test('is shown difference by difference', async () => {
    const cases = [
      { id: 'right', ...allocate, expect: ['33.34', '33.33', '33.33'] },
      { id: 'wrong', ...allocate, expect: ['33.33', '33.33', '33.34'] },
      { id: 'short', ...allocate, expect: ['33.34', '33.33'] },
    ];
    const file = fileOf('wrong.json', { cases });
    expect(await verifyFiles([file])).toEqual({
      passed: 1,
      failed: 2,
      faults: [],
      differences: [
        { file, id: 'wrong', what: 'parts[0]', expected: '33.33', found: '33.34' },
        { file, id: 'wrong', what: 'parts[2]', expected: '33.34', found: '33.33' },
        { file, id: 'short', what: 'parts[2]', expected: 'nothing', found: '33.33' },
      ],
    });
  });

  test('says why a quote was refused, and what was quoted where a refusal was expected', async () => {
    const quote = { kind: 'quote', catalog: 'demo', subscription: null, now: '2026-11-23T12:00:00Z' };
    const request = { plan: 'pro', seats: 1, periodMonths: 6 };
    const cases = [
      { id: 'a', ...quote, request: { ...request, periodMonths: 7 }, expect: { total: '270.00' } },
      { id: 'b', ...quote, request, expect: { refused: 'plan_unknown' } },
    ];
    const { differences } = await verifyFiles([fileOf('quotes.json', { cases })]);
    expect(differences.map((difference) => difference.found)).toEqual([
      'refused: period_unknown (periodMonths: one of 6, 9, 12, 24 is wanted)',
      'a quote of 270.00',
    ]);
  });

  test('that cannot be read tells its faults, and the cases that can be read still run', async () => {
    const right = { id: 'right', ...allocate, expect: ['33.34', '33.33', '33.33'] };
    const file = fileOf('faulty.json', {
      cases: [right, { id: 'odd', ...allocate, parts: 0, total: 'x', expect: [] }],
    });
    const broken = fileOf('broken.json', '{"cases":');
    const report = await verifyFiles([file, broken, path.join(folder, 'absent.json')]);
    expect(report).toMatchObject({ passed: 1, failed: 1 });
    expect(report.faults.map((fault) => path.basename(fault.file))).toEqual(
      expect.arrayContaining(['faulty.json', 'broken.json', 'absent.json']),
    );
  });
});
