import { parseCatalogue } from '@billfleet/contracts';
import { expect, test } from '@jest/globals';
import { parse, parseDocument } from 'yaml';
import { textOf } from './repository.js';

type Entry = Readonly<Record<string, unknown>>;

const guide = textOf('docs/how-to/change-prices.md');
const entries = [...guide.matchAll(/```yaml\n(.*?)```/gs)].flatMap(([, block = '']) => parse(block) as Entry[]);

function sectionOf(entry: Entry): string {
  if ('region' in entry) return 'priceLists';
  return 'packagesMax' in entry ? 'addOns' : 'periods';
}

test('every entry that the guide on prices shows can be added to the catalogue that is sold', () => {
  const document = parseDocument(textOf('config/catalogue.yaml'));
  const addedIds: unknown[] = [];
  for (const entry of entries) {
    document.addIn([sectionOf(entry)], document.createNode(entry));
    if (sectionOf(entry) === 'addOns') addedIds.push(entry['id']);
  }
  const lists = (document.toJS() as { priceLists: Entry[] }).priceLists;
  for (const [index, list] of lists.entries()) {
    // The guide says so in words: every list for everybody needs a price for a new add-on.
    if ('workspaceId' in list || 'contract' in list) continue;
    for (const id of addedIds) document.setIn(['priceLists', index, 'monthlyPriceByAddOn', id], '9.00');
  }
  const outcome = parseCatalogue(document.toString());
  expect(outcome.kind === 'faulty' ? outcome.faults : []).toEqual([]);
  expect(new Set(entries.map(sectionOf))).toEqual(new Set(['priceLists', 'periods', 'addOns']));
});
