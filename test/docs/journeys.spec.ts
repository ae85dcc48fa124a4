import { describe, expect, test } from '@jest/globals';
import { filesBelow, textOf } from './repository.js';

const PAGE = 'docs/reference/journeys.md';

/** Every case that the life cycle decides, and every step that the product's users take: none of them may lose its row. */
const CASES = [
  'First purchase',
  'Trial',
  'Upgrade, added seats',
  'Downgrade, fewer seats, other period',
  'Extension',
  'Auto-renewal',
  'Day −9',
  'Day −3',
  'End',
  'Late renewal payment',
  'Pending order',
  'AI credits and other add-ons',
  'Limits',
  'Enterprise',
  'Refund',
  'Offline payment',
  'Chargeback',
  'Price change',
  'Country',
];
const STEPS = [
  'Purchase your first subscription, 1 to 3: plan, period, seats',
  'Purchase your first subscription, 4: method and details',
  'Purchase your first subscription, 5: payment',
  'Upgrade your plan, 1 to 3: plan and details',
  'Upgrade your plan, 4 and 5: method and payment',
  'Request the Enterprise plan, 1 to 3: plan, talk, contact',
  'Add seats to your current plan, 1 to 3: number and details',
  'Add seats to your current plan, 4 and 5: method and payment',
  'Extend your subscription, 1 to 3: period and details',
  'Extend your subscription, 4 and 5: method and payment',
  'Extend your subscription: reminder and renewal order',
  'Verify the change',
  'Fewer seats: support',
  'Pay in a local currency: a partner',
];

/** The tests of a file that are played in every mode, as the page names them. */
function journeysOf(file: string): readonly string[] {
  const name = /([a-z-]+)\.journey-spec\.ts$/.exec(file)?.[1] ?? '';
  const found: string[] = [];
  let group: string | undefined;
  for (const line of textOf(file).split('\n')) {
    const opened = /^in(?:EveryMode|FleetTime)\('(.+?)', /.exec(line)?.[1];
    if (opened !== undefined) group = opened;
    else if (line.startsWith('});')) group = undefined;
    const played = /^ {2}test\('(.+?)', async/.exec(line)?.[1];
    if (group !== undefined && played !== undefined) found.push(`${name} › ${group} › ${played}`);
  }
  return found;
}

const journeys = new Set(filesBelow('test/journeys', /\.journey-spec\.ts$/).flatMap(journeysOf));
const rows = textOf(PAGE)
  .split('\n')
  .flatMap((line) => {
    const [, name = '', shownBy = ''] = /^\| (.+?) +\| (.+?) +\|$/.exec(line) ?? [];
    const isRow = name !== '' && !/^(-+|Case|Step)$/.test(name);
    return isRow ? [{ name, shownBy: [...shownBy.matchAll(/`([^`]+)`/g)].map(([, one]) => one ?? '') }] : [];
  });

test('the page of journeys has a row for every case and every step, and no other', () => {
  expect(rows.map(({ name }) => name)).toEqual([...CASES, ...STEPS]);
});

describe.each(rows)('$name', ({ shownBy }) => {
  test('is shown by journeys that there are, each played in every mode', () => {
    expect(shownBy.length).toBeGreaterThan(0);
    expect(shownBy.filter((one) => !journeys.has(one))).toEqual([]);
  });
});
