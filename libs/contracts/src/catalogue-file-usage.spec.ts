import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { parseDocument } from 'yaml';
import { parseCatalogue } from './catalogue-file.js';

const soldText = readFileSync(new URL('../../../config/catalogue.yaml', import.meta.url), 'utf8');

/** What is wrong with the catalogue that is sold after one value of `usage` was set; `undefined` takes it out. */
function faultsOf(field: string, value: unknown): readonly string[] {
  const document = parseDocument(soldText);
  if (value === undefined) document.deleteIn(['usage', field]);
  else document.setIn(['usage', field], document.createNode(value));
  const outcome = parseCatalogue(document.toString());
  return outcome.kind === 'faulty' ? outcome.faults.map(({ name, found }) => `${name} ${found}`) : [];
}

test('people are told at 75, 90 and 100 %, and have a day to put it right', () => {
  const outcome = parseCatalogue(soldText);
  expect(outcome.kind === 'valid' && outcome.catalogue.usage).toEqual({
    ...{ thresholdsPercent: [75, 90, 100], breachHours: 24, creditLimit: 'aiCredits' },
  });
});

test.each<[string, string, unknown, readonly string[]]>([
  ['one threshold', 'thresholdsPercent', [100], []],
  ['no clock', 'breachHours', 0, []],
  ['no credits', 'creditLimit', undefined, []],
  ['no threshold', 'thresholdsPercent', [], ['usage.thresholdsPercent []']],
  ['a threshold twice', 'thresholdsPercent', [75, 75, 100], ['usage.thresholdsPercent[1] 75']],
  ['thresholds that fall', 'thresholdsPercent', [90, 75, 100], ['usage.thresholdsPercent[1] 75']],
  ['no end at the limit', 'thresholdsPercent', [75, 90], ['usage.thresholdsPercent[1] 90']],
  ['a threshold past the limit', 'thresholdsPercent', [100, 110], ['usage.thresholdsPercent[1] 110']],
  ['a clock of half an hour', 'breachHours', 0.5, ['usage.breachHours 0.5']],
  ['credits of an unknown limit', 'creditLimit', 'coins', ['usage.creditLimit "coins"']],
  ['credits of what never resets', 'creditLimit', 'leads', ['usage.creditLimit "leads"']],
])('%s', (_name, field, value, faults) => {
  expect([...new Set(faultsOf(field, value))]).toEqual(expect.arrayContaining([...faults]));
  expect(faultsOf(field, value).length > 0).toBe(faults.length > 0);
});
