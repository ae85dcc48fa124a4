import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MAX_AMOUNT_MINOR, termUnitMinor } from '@billfleet/domain';
import { parseDocument } from 'yaml';
import { parseCatalogue } from './catalogue-file.js';

const soldText = readFileSync(new URL('../../../config/catalogue.yaml', import.meta.url), 'utf8');
const acme = '0191b7a0-0000-7000-8000-00000000000a';

const contract = {
  ...{ id: 'acme-contract', region: '*', currency: 'USD', validFrom: '2026-10-01' },
  contract: { workspaceId: acme.toUpperCase(), plan: 'enterprise', monthlyPrice: '38.00', seatsMin: 50 },
};
const privateList = {
  ...{ id: 'acme-pro', region: 'BR', currency: 'BRL', validFrom: '2026-10-01', workspaceId: acme },
  monthlyPriceBySeat: { pro: '200.00' },
};

/** The catalogue that is sold, with more lists and some values set. */
function read(lists: readonly object[], changes: readonly (readonly [(string | number)[], unknown])[] = []) {
  const document = parseDocument(soldText);
  for (const list of lists) document.addIn(['priceLists'], document.createNode(list));
  for (const [path, value] of changes) document.setIn(path, document.createNode(value));
  return parseCatalogue(document.toString());
}

function faultsOf(...given: Parameters<typeof read>): readonly string[] {
  const outcome = read(...given);
  return outcome.kind === 'faulty' ? outcome.faults.map(({ name, found }) => `${name} ${found}`) : [];
}

describe('lists for one workspace', () => {
  test('a contract becomes a private list with what was agreed', () => {
    const limits = { leads: { kind: 'unlimited' } };
    const outcome = read([{ ...contract, contract: { ...contract.contract, periodMonths: [12, 24], limits } }]);
    expect(outcome).toMatchObject({ kind: 'valid' });
    const list = outcome.kind === 'valid' ? outcome.catalogue.priceLists.at(-1) : undefined;
    expect(list).toEqual({
      ...{ id: 'acme-contract', region: '*', currency: 'USD', validFrom: '2026-10-01', workspaceId: acme },
      monthlyPriceMinorBySeat: { enterprise: 3_800n },
      monthlyPriceMinorByAddOn: {},
      contract: { plan: 'enterprise', seatsMin: 50, periodMonths: [12, 24], limits },
    });
  });

  test('a private list may price one plan, and leaves the day free for everybody else', () => {
    const sameDay = { ...privateList, id: 'acme-old', validFrom: '2026-09-01' };
    expect(read([privateList, sameDay])).toMatchObject({ kind: 'valid' });
  });

  test.each<[string, readonly object[], readonly string[]]>([
    [
      'two of one workspace on one day, however its id is written',
      [contract, { ...privateList, region: '*', currency: 'USD' }],
      ['priceLists[5].validFrom "0191b7a0-0000-7000-8000-00000000000a 2026-10-01"'],
    ],
    ['an owner that is no id', [{ ...privateList, workspaceId: 'acme' }], ['priceLists[4].workspaceId "acme"']],
    ['a currency of another market', [{ ...privateList, region: '*' }], ['priceLists[4].currency "BRL"']],
    ['a market that there is not', [{ ...privateList, region: 'AR' }], ['priceLists[4].region "AR"']],
    ['no price at all', [{ ...privateList, monthlyPriceBySeat: {} }], ['priceLists[4].monthlyPriceBySeat {}']],
    [
      'neither prices nor a contract',
      [{ ...privateList, monthlyPriceBySeat: undefined }],
      ['priceLists[4].monthlyPriceBySeat nothing'],
    ],
    [
      'prices of unknown plans',
      [{ ...privateList, monthlyPriceBySeat: { gold: '1.00' } }],
      ['priceLists[4].monthlyPriceBySeat.gold "1.00"'],
    ],
    [
      'a contract beside prices and an owner',
      [{ ...contract, workspaceId: acme, monthlyPriceBySeat: { pro: '1.00' } }],
      [`priceLists[4].workspaceId "${acme}"`, 'priceLists[4].monthlyPriceBySeat {"pro":"1.00"}'],
    ],
    [
      'a contract that is wrong all over',
      [
        {
          ...contract,
          contract: {
            ...{ workspaceId: acme, plan: 'gold', monthlyPrice: '0.00', seatsMin: 10_001 },
            ...{ periodMonths: [13], limits: { tea: { kind: 'none' } } },
          },
        },
      ],
      [
        'priceLists[4].contract.limits.tea {"kind":"none"}',
        'priceLists[4].contract.plan "gold"',
        'priceLists[4].contract.periodMonths[0] 13',
        'priceLists[4].contract.seatsMin 10001',
        'priceLists[4].contract.monthlyPrice "0.00"',
      ],
    ],
  ])('%s', (_case, lists, wanted) => {
    expect(faultsOf(lists)).toEqual(wanted);
  });
});

describe('periods', () => {
  test('a percentage is paid for all months', () => {
    const outcome = read([], [[['periods', 2], { months: 12, percentOff: '12.5' }]]);
    expect(outcome.kind === 'valid' ? outcome.catalogue.periods[2] : outcome).toEqual({
      ...{ months: 12, payMonths: 12, percentOff: '12.5' },
    });
  });

  test.each<[string, object, string]>([
    ['neither', { months: 12 }, 'periods[2].payMonths nothing'],
    ['neither, beside another fault', { months: 0 }, 'periods[2].payMonths nothing'],
    ['both', { months: 12, payMonths: 10, percentOff: '5' }, 'periods[2].payMonths 10'],
    ['nothing off', { months: 12, percentOff: '0' }, 'periods[2].percentOff "0"'],
    ['all off', { months: 12, percentOff: '100' }, 'periods[2].percentOff "100"'],
    ['a number', { months: 12, percentOff: 12.5 }, 'periods[2].percentOff 12.5'],
  ])('%s', (_case, period, wanted) => {
    expect(faultsOf([], [[['periods', 2], period]])).toContain(wanted);
  });
});

describe('prices in every term', () => {
  const price = ['priceLists', 0, 'monthlyPriceBySeat', 'pro'];

  test('too much for the largest order is a fault, and just enough is none', () => {
    // 10,000 seats × 18 paid months × 5,555.55 is the last price below 1,000,000,000.00.
    expect(faultsOf([], [[price, '5555.55']])).toEqual([]);
    expect(faultsOf([], [[price, '5555.56']])).toEqual(['priceLists[0].monthlyPriceBySeat.pro "5555.56"']);
  });

  test('a price that a percentage leaves nothing of is a fault', () => {
    const period = [['periods', 0], { months: 6, percentOff: '95' }] as const;
    expect(
      faultsOf(
        [],
        [
          [[...period[0]], period[1]],
          [price, '0.01'],
        ],
      ),
    ).toEqual(['priceLists[0].monthlyPriceBySeat.pro "0.01"']);
  });

  test('whatever is let through costs something, and not too much, in every term that can be bought', () => {
    const cents = fc.bigInt({ min: 0n, max: 2_000_000n });
    const percent = fc.integer({ min: 0, max: 1_000 }).map((tenths) => `${Math.floor(tenths / 10)}.${tenths % 10}`);
    fc.assert(
      fc.property(cents, percent, fc.integer({ min: 1, max: 20_000 }), (minor, percentOff, seatsMax) => {
        const text = `${minor / 100n}.${String(minor % 100n).padStart(2, '0')}`;
        const outcome = read(
          [],
          [
            [price, text],
            [['periods', 2], { months: 12, percentOff }],
            [['seats', 'max'], seatsMax],
          ],
        );
        if (outcome.kind === 'faulty') return;
        const { periods, priceLists, seats } = outcome.catalogue;
        for (const list of priceLists) {
          for (const monthlyMinor of Object.values(list.monthlyPriceMinorBySeat)) {
            for (const period of periods) {
              const unitMinor = termUnitMinor(monthlyMinor, period);
              expect(unitMinor > 0n && unitMinor * BigInt(seats.max) <= MAX_AMOUNT_MINOR).toBe(true);
            }
          }
        }
      }),
      { numRuns: 200 },
    );
  });
});
