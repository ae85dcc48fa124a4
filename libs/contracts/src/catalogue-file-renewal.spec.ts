import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { parseDocument } from 'yaml';
import { parseCatalogue } from './catalogue-file.js';

const soldText = readFileSync(new URL('../../../config/catalogue.yaml', import.meta.url), 'utf8');

/** What is wrong with the catalogue that is sold after one value of `renewal` was set; `undefined` takes it out. */
function faultsOf(field: string, value: unknown): readonly string[] {
  const document = parseDocument(soldText);
  if (value === undefined) document.deleteIn(['renewal', field]);
  else document.setIn(['renewal', field], value);
  const outcome = parseCatalogue(document.toString());
  return outcome.kind === 'faulty' ? outcome.faults.map(({ name, found }) => `${name} ${found}`) : [];
}

test('people are reminded nine days before the end and charged three, four times in all and a day apart', () => {
  const outcome = parseCatalogue(soldText);
  expect(outcome.kind === 'valid' && outcome.catalogue.renewal).toEqual({
    ...{ reminderDays: 9, chargeDays: 3, attempts: 4, retryHours: 24, graceDays: 3 },
  });
});

test.each<[string, string, unknown, readonly string[]]>([
  ['a charge the day after the reminder', 'chargeDays', 8, []],
  ['a charge before the reminder', 'chargeDays', 9, ['renewal.chargeDays 9']],
  ['a charge on the last day', 'chargeDays', 0, ['renewal.chargeDays 0', 'renewal.attempts 4']],
  ['one charge', 'attempts', 1, []],
  ['no charge at all', 'attempts', 0, ['renewal.attempts 0']],
  ['as many charges as fit', 'attempts', 6, []],
  ['charges that go on after the grace', 'attempts', 7, ['renewal.attempts 7']],
  ['charges that are just near enough', 'retryHours', 44, []],
  ['charges that are too far apart', 'retryHours', 45, ['renewal.attempts 4']],
  ['hours between charges left out', 'retryHours', undefined, ['renewal.retryHours nothing']],
  ['no grace for so many charges', 'graceDays', 0, ['renewal.attempts 4']],
])('%s', (_name, field, value, faults) => {
  expect(faultsOf(field, value)).toEqual(faults);
});
