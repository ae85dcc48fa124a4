import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { parseDocument } from 'yaml';
import { renewalRules } from '../../../test/support/renewal-rules.js';
import { parseCatalogue } from './catalogue-file.js';

const soldText = readFileSync(new URL('../../../config/catalogue.yaml', import.meta.url), 'utf8');

/** What is wrong with the catalogue that is sold after one value below `renewal` was set; `undefined` takes it out. */
function faultsOf(field: string, value: unknown): readonly string[] {
  const document = parseDocument(soldText);
  const path = ['renewal', ...field.split('.')];
  if (value === undefined) document.deleteIn(path);
  else document.setIn(path, value);
  const outcome = parseCatalogue(document.toString());
  return outcome.kind === 'faulty' ? outcome.faults.map(({ name, found }) => `${name} ${found}`) : [];
}

test('people are reminded nine days before the end and charged three, four times in all and a day apart', () => {
  const outcome = parseCatalogue(soldText);
  expect(outcome.kind === 'valid' && outcome.catalogue.renewal).toEqual(renewalRules);
});

const CHARGES = 'renewal.dunning.chargeHours';

test.each<[string, string, unknown, readonly string[]]>([
  ['a charge the day after the reminder', 'chargeDays', 8, []],
  ['a charge before the reminder', 'chargeDays', 9, ['renewal.chargeDays 9']],
  ['a charge on the last day', 'chargeDays', 0, ['renewal.chargeDays 0', `${CHARGES} "0, 24, 48, 72"`]],
  ['one charge', 'dunning.chargeHours', [0], []],
  ['no charge at all', 'dunning.chargeHours', [], [`${CHARGES} []`]],
  ['a first charge that is not at once', 'dunning.chargeHours', [1, 24], [`${CHARGES} "1, 24"`]],
  ['charges that fall back', 'dunning.chargeHours', [0, 48, 24], [`${CHARGES} "0, 48, 24"`]],
  ['two charges at once', 'dunning.chargeHours', [0, 24, 24], [`${CHARGES} "0, 24, 24"`]],
  ['charges up to the last hours of grace', 'dunning.chargeHours', [0, 133], []],
  ['a charge after the grace', 'dunning.chargeHours', [0, 134], [`${CHARGES} "0, 134"`]],
  [
    'eleven charges',
    'dunning.chargeHours',
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
    [`${CHARGES} "0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10"`],
  ],
  ['hours of charges left out', 'dunning.chargeHours', undefined, [`${CHARGES} nothing`]],
  ['no grace for so many charges', 'graceDays', 0, [`${CHARGES} "0, 24, 48, 72"`]],
  ['an answer that nobody knows', 'dunning.onDecline.soft', 'shout', ['renewal.dunning.onDecline.soft "shout"']],
  [
    'a class of declines without an answer',
    'dunning.onDecline.hard',
    undefined,
    ['renewal.dunning.onDecline.hard nothing'],
  ],
  ['a card told of after the reminder', 'cardDays', 9, ['renewal.cardDays 9']],
  ['hours the wrong way round', 'mailHours', { from: 18, to: 9 }, ['renewal.mailHours.to 9']],
  ['mails up to midnight', 'mailHours', { from: 0, to: 24 }, []],
  ['data kept no longer than the grace', 'dataDays', 3, ['renewal.dataDays 3']],
  ['a warning within the grace', 'dataWarningDays', [88, 7], ['renewal.dataWarningDays "88, 7"']],
  ['the same warning twice', 'dataWarningDays', [7, 7], ['renewal.dataWarningDays "7, 7"']],
  ['no warning', 'dataWarningDays', [], []],
])('%s', (_name, field, value, faults) => {
  expect(faultsOf(field, value)).toEqual(faults);
});
