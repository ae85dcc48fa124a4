import { readFileSync } from 'node:fs';
import { sellerFor } from '@billfleet/domain';
import { expect, test } from '@jest/globals';
import { parseDocument } from 'yaml';
import { parseCatalogue } from './catalogue-file.js';

const soldText = readFileSync(new URL('../../../config/catalogue.yaml', import.meta.url), 'utf8');

/** What is wrong with the catalogue that is sold after one value was set; `undefined` takes it out. */
function faultsOf(path: readonly (string | number)[], value: unknown): readonly string[] {
  const document = parseDocument(soldText);
  if (value === undefined) document.deleteIn(path);
  else document.setIn(path, document.createNode(value));
  const outcome = parseCatalogue(document.toString());
  return outcome.kind === 'faulty' ? outcome.faults.map(({ name, found }) => `${name} ${found}`) : [];
}

test('Brazil buys from one seller and everybody else from another, each in its currency', () => {
  const outcome = parseCatalogue(soldText);
  const sellers = outcome.kind === 'valid' ? outcome.catalogue.sellers : [];
  const idFor = (country: string, currency: string) => sellerFor(sellers, { country, currency })?.id;
  expect([idFor('BR', 'BRL'), idFor('US', 'USD'), idFor('MX', 'USD')]).toEqual(['brazil', 'general', 'general']);
  // Who moved after he had ordered still gets his invoice from whom he bought from.
  expect([idFor('BR', 'USD'), idFor('US', 'BRL'), idFor('US', 'EUR')]).toEqual(['general', 'brazil', undefined]);
});

test.each<[string, readonly (string | number)[], unknown, readonly string[]]>([
  ['no sellers', [], undefined, ['sellers nothing']],
  ['an empty list', [], [], ['sellers []']],
  ['a name that is missing', [0, 'legalName'], undefined, ['sellers[0].legalName nothing']],
  ['a name without letters', [0, 'legalName'], '', ['sellers[0].legalName ""']],
  ['a name of two lines', [0, 'legalName'], 'one\ntwo', ['sellers[0].legalName "one\\ntwo"']],
  ['no address', [0, 'address'], [], ['sellers[0].address []']],
  ['an unknown zone', [0, 'timeZone'], 'Mars/Olympus', ['sellers[0].timeZone "Mars/Olympus"']],
  ['a prefix in small letters', [0, 'numberPrefix'], 'br', ['sellers[0].numberPrefix "br"']],
  ['a prefix twice', [0, 'numberPrefix'], 'US', ['sellers[1].numberPrefix "US"']],
  ['an id twice', [0, 'id'], 'general', ['sellers[1].id "general"']],
  ['a region without prices', [0, 'region'], 'AR', ['sellers[0].region "AR"']],
  ['a list in a currency that its seller does not take', [0, 'region'], 'AR', ['priceLists[2].currency "BRL"']],
  ['another currency than that of the lists', [0, 'currency'], 'USD', ['priceLists[2].currency "BRL"']],
  ['a general region that nobody serves', [1, 'region'], 'US', ['priceLists[0].region "*"']],
  ['a CNPJ with a wrong digit', [0, 'taxId', 'value'], '11.222.333/0001-82', ['sellers[0].taxId.value']],
  ['a CPF that is a CNPJ', [0, 'taxId', 'kind'], 'CPF', ['sellers[0].taxId.value']],
  ['a CNPJ with letters', [0, 'taxId', 'value'], '12.ABC.345/01DE-35', []],
])('%s', (_name, path, value, wanted) => {
  const faults = faultsOf(['sellers', ...path], value);
  expect(faults.length > 0).toBe(wanted.length > 0);
  for (const fault of wanted) expect(faults).toContainEqual(expect.stringContaining(fault));
});
