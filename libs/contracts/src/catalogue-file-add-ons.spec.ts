import { readFileSync } from 'node:fs';
import { MAX_AMOUNT_MINOR, planById } from '@billfleet/domain';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseDocument } from 'yaml';
import { parseCatalogue } from './catalogue-file.js';

const soldText = readFileSync(new URL('../../../config/catalogue.yaml', import.meta.url), 'utf8');
const acme = '0191b7a0-0000-7000-8000-00000000000a';

type Change = readonly [path: readonly (string | number)[], value: unknown];

/** The catalogue that is sold after some values were set; `undefined` takes the value out. */
function read(...changes: readonly Change[]) {
  const document = parseDocument(soldText);
  for (const [path, value] of changes) {
    if (value === undefined) document.deleteIn(path);
    else document.setIn(path, document.createNode(value));
  }
  return parseCatalogue(document.toString());
}

function faultsOf(...changes: readonly Change[]): readonly string[] {
  const outcome = read(...changes);
  return outcome.kind === 'faulty' ? outcome.faults.map(({ name, found }) => `${name} ${found}`) : [];
}

function sold(...changes: readonly Change[]) {
  const outcome = read(...changes);
  if (outcome.kind === 'faulty') throw new Error(JSON.stringify(outcome.faults, undefined, 1));
  return outcome.catalogue;
}

describe('the add-ons that are sold', () => {
  const catalogue = sold();

  test('are credits in three sizes, and requests', () => {
    const terms = { termMonths: [3, 6, 9, 12] };
    const credits = { limit: 'aiCredits', packagesMax: 100, ...terms };
    expect(catalogue.addOns).toEqual([
      { id: 'ai-credits-5000', name: '5,000 AI credits', amount: 5_000, ...credits },
      { id: 'ai-credits-15000', name: '15,000 AI credits', amount: 15_000, ...credits },
      { id: 'ai-credits-50000', name: '50,000 AI credits', amount: 50_000, ...credits },
      {
        ...{ id: 'chats-api-5000', name: '5,000 Chats API requests', limit: 'chatsApiRequests', amount: 5_000 },
        ...{ packagesMax: 20, ...terms },
      },
    ]);
  });

  test('have the same prices in every list of a currency', () => {
    const prices = {
      USD: {
        'ai-credits-5000': 2_500n,
        'ai-credits-15000': 6_500n,
        'ai-credits-50000': 19_000n,
        'chats-api-5000': 1_500n,
      },
      BRL: {
        ...{ 'ai-credits-5000': 13_000n, 'ai-credits-15000': 33_800n, 'ai-credits-50000': 98_800n },
        ...{ 'chats-api-5000': 7_800n },
      },
    };
    expect(
      catalogue.priceLists.map(({ currency, monthlyPriceMinorByAddOn }) => [currency, monthlyPriceMinorByAddOn]),
    ).toEqual(['USD', 'USD', 'BRL', 'BRL'].map((currency) => [currency, prices[currency as keyof typeof prices]]));
  });

  test('raise limits that start again each month', () => {
    const raised = new Set(catalogue.addOns.map(({ limit }) => limit));
    expect(catalogue.limits.filter(({ name }) => raised.has(name)).map(({ resets }) => resets)).toEqual([
      'monthly',
      'monthly',
    ]);
  });
});

describe('lists for one workspace', () => {
  const privateList = {
    ...{ id: 'acme-pro', region: 'BR', currency: 'BRL', validFrom: '2026-10-01', workspaceId: acme },
    monthlyPriceBySeat: { pro: '200.00' },
  };
  const contract = {
    ...{ id: 'acme-contract', region: '*', currency: 'USD', validFrom: '2026-10-01' },
    contract: { workspaceId: acme, plan: 'enterprise', monthlyPrice: '38.00' },
  };
  const added = (list: object) => sold([['priceLists', 4], list]).priceLists.at(-1)?.monthlyPriceMinorByAddOn;

  test.each<[string, object, object]>([
    ['no add-on', privateList, {}],
    ['an empty mapping', { ...privateList, monthlyPriceByAddOn: {} }, {}],
    ['some', { ...privateList, monthlyPriceByAddOn: { 'chats-api-5000': '70.00' } }, { 'chats-api-5000': 7_000n }],
    ['none beside a contract', contract, {}],
    [
      'some beside a contract',
      { ...contract, monthlyPriceByAddOn: { 'ai-credits-5000': '20.00' } },
      { 'ai-credits-5000': 2_000n },
    ],
  ])('may price %s', (_case, list, wanted) => {
    expect(added(list)).toEqual(wanted);
  });

  test.each<[string, unknown, string]>([
    ['a stray name', { gold: '1.00' }, 'priceLists[4].monthlyPriceByAddOn.gold "1.00"'],
    ['the name of a plan', { pro: '1.00' }, 'priceLists[4].monthlyPriceByAddOn.pro "1.00"'],
    ['a price of nothing', { 'chats-api-5000': '0.00' }, 'priceLists[4].monthlyPriceByAddOn.chats-api-5000 "0.00"'],
    ['a list', [], 'priceLists[4].monthlyPriceByAddOn []'],
  ])('may not have %s', (_case, prices, wanted) => {
    expect(faultsOf([['priceLists', 4], { ...contract, monthlyPriceByAddOn: prices }])).toEqual([wanted]);
  });
});

describe('a faulty add-on', () => {
  const addOn = ['addOns', 3];
  const limits = (plan: number, rule: object): Change => [['plans', plan, 'limits', 'chatsApiRequests'], rule];

  test.each<[string, readonly Change[], readonly string[]]>([
    ['no add-ons at all', [[['addOns'], undefined]], ['addOns nothing']],
    ['a mapping for a list', [[['addOns'], {}]], ['addOns {}']],
    ['an id twice', [[['addOns', 1, 'id'], 'ai-credits-5000']], ['addOns[1].id "ai-credits-5000"']],
    ['the id of a plan', [[[...addOn, 'id'], 'enterprise']], ['addOns[3].id "enterprise"']],
    ['an id with a capital', [[[...addOn, 'id'], 'Chats']], ['addOns[3].id "Chats"']],
    ['no name', [[[...addOn, 'name'], undefined]], ['addOns[3].name nothing']],
    ['a limit that is not declared', [[[...addOn, 'limit'], 'tea']], ['addOns[3].limit "tea"']],
    ['no limit', [[[...addOn, 'limit'], undefined]], ['addOns[3].limit nothing']],
    ['a limit that no self-service plan has', [limits(2, { kind: 'none' })], ['addOns[3].limit "chatsApiRequests"']],
    [
      'a limit that self-service plans have without end, or not at all',
      [limits(2, { kind: 'unlimited' })],
      ['addOns[3].limit "chatsApiRequests"'],
    ],
    ['an amount of nothing', [[[...addOn, 'amount'], 0]], ['addOns[3].amount 0']],
    ['half an amount', [[[...addOn, 'amount'], 0.5]], ['addOns[3].amount 0.5']],
    ['an amount beyond all measure', [[[...addOn, 'amount'], 1_000_000_001]], ['addOns[3].amount 1000000001']],
    ['no term', [[[...addOn, 'termMonths'], []]], ['addOns[3].termMonths []']],
    ['a term of no months', [[[...addOn, 'termMonths'], [0]]], ['addOns[3].termMonths[0] 0']],
    ['a term beyond all measure', [[[...addOn, 'termMonths'], [121]]], ['addOns[3].termMonths[0] 121']],
    [
      'a term twice',
      [
        [
          [...addOn, 'termMonths'],
          [3, 3],
        ],
      ],
      ['addOns[3].termMonths[1] 3'],
    ],
    ['no packages', [[[...addOn, 'packagesMax'], 0]], ['addOns[3].packagesMax 0']],
    ['packages without end', [[[...addOn, 'packagesMax'], undefined]], ['addOns[3].packagesMax nothing']],
    ['too many packages', [[[...addOn, 'packagesMax'], 10_001]], ['addOns[3].packagesMax 10001']],
    ['a price of its own', [[[...addOn, 'monthlyPrice'], '1.00']], ['addOns[3].monthlyPrice "1.00"']],
    ['the packages of before', [[['creditPackages'], []]], ['creditPackages []']],
  ])('%s', (_case, changes, wanted) => {
    const named = faultsOf(...changes).filter((found) => !found.startsWith('priceLists'));
    expect(named).toEqual(wanted);
  });

  const prices = ['priceLists', 0, 'monthlyPriceByAddOn'];
  const name = 'priceLists[0].monthlyPriceByAddOn';
  test.each<[string, Change, readonly string[]]>([
    ['a list that prices none', [prices, undefined], sold().addOns.map(({ id }) => `${name}.${id} nothing`)],
    ['a list for prices', [prices, []], [`${name} []`]],
    ['nothing for prices', [prices, null], [`${name} null`]],
    ['an add-on without a price', [[...prices, 'chats-api-5000'], undefined], [`${name}.chats-api-5000 nothing`]],
    ['a price for no add-on', [[...prices, 'gold'], '9.00'], [`${name}.gold "9.00"`]],
    ['a price for a plan', [[...prices, 'base'], '9.00'], [`${name}.base "9.00"`]],
    ['a number for a price', [[...prices, 'chats-api-5000'], 15], [`${name}.chats-api-5000 15`]],
    ['too few decimal places', [[...prices, 'chats-api-5000'], '15.0'], [`${name}.chats-api-5000 "15.0"`]],
    ['a price of nothing', [[...prices, 'chats-api-5000'], '0.00'], [`${name}.chats-api-5000 "0.00"`]],
    ['a negative price', [[...prices, 'chats-api-5000'], '-15.00'], [`${name}.chats-api-5000 "-15.00"`]],
    // 20 packages × 12 months × 4,166,666.66 is the last price below 1,000,000,000.00.
    [
      'too much for the largest order',
      [[...prices, 'chats-api-5000'], '4166666.67'],
      [`${name}.chats-api-5000 "4166666.67"`],
    ],
    ['just enough for the largest order', [[...prices, 'chats-api-5000'], '4166666.66'], []],
  ])('%s in a price list', (_case, change, wanted) => {
    expect(faultsOf(change)).toEqual(wanted);
  });

  test('is told with all its faults at once, and with the others', () => {
    const faults = faultsOf(
      [['proration', 'convention'], 'week'],
      [['renewal', 'graceDays'], 61],
      [['addOns', 0, 'limit'], 'tea'],
      [['addOns', 1, 'packagesMax'], 0],
      [
        ['addOns', 1, 'termMonths'],
        [3, 3],
      ],
      [['addOns', 3, 'id'], 'base'],
      [['priceLists', 1, 'monthlyPriceByAddOn', 'ai-credits-5000'], '0.00'],
      [['priceLists', 2, 'monthlyPriceByAddOn', 'gold'], '1.00'],
      [['plans', 0, 'limits', 'leads', 'amount'], -1],
    );
    const lists = [0, 1, 2, 3].map((list) => `priceLists[${String(list)}].monthlyPriceByAddOn`);
    expect(faults.toSorted()).toEqual(
      [
        'proration.convention "week"',
        'renewal.graceDays 61',
        'renewal.dataWarningDays "30, 7, 1"',
        'addOns[0].limit "tea"',
        'addOns[1].packagesMax 0',
        'addOns[1].termMonths[1] 3',
        'addOns[3].id "base"',
        'plans[0].limits.leads.amount -1',
        `${lists[1]}.ai-credits-5000 "0.00"`,
        `${lists[2]}.gold "1.00"`,
        ...lists.flatMap((list, index) => [
          `${list}.base nothing`,
          `${list}.chats-api-5000 "${index < 2 ? '15.00' : '78.00'}"`,
        ]),
      ].toSorted(),
    );
  });

  test('a limit is not called stuck while a rule or a way to sell cannot be read, or where plans are on request', () => {
    const stuck = 'addOns[3].limit "chatsApiRequests"';
    expect(faultsOf(limits(2, { kind: 'some' }))).not.toContain(stuck);
    expect(faultsOf([['plans', 2, 'sold'], 'free'])).not.toContain(stuck);
    const onRequest = [0, 1, 2].map((plan): Change => [['plans', plan, 'sold'], 'on-request']);
    expect(faultsOf(...onRequest)).not.toContain(stuck);
    expect(planById(sold(), 'base')?.limits['chatsApiRequests']).toEqual({ kind: 'none' });
  });
});

test('whatever is let through costs something, and not too much, in the largest order of an add-on', () => {
  const cents = fc.oneof(fc.bigInt({ min: 0n, max: 10_000n }), fc.bigInt({ min: 0n, max: 10n ** 12n }));
  const anyTerms = fc.uniqueArray(fc.integer({ min: 1, max: 120 }), { minLength: 1, maxLength: 4 });
  const seen = { valid: 0, faulty: 0 };
  fc.assert(
    fc.property(cents, anyTerms, fc.integer({ min: 1, max: 10_000 }), (minor, termMonths, packagesMax) => {
      const text = `${minor / 100n}.${String(minor % 100n).padStart(2, '0')}`;
      const outcome = read(
        [['priceLists', 0, 'monthlyPriceByAddOn', 'chats-api-5000'], text],
        [['addOns', 3, 'termMonths'], termMonths],
        [['addOns', 3, 'packagesMax'], packagesMax],
      );
      seen[outcome.kind] += 1;
      const largestMinor = minor * BigInt(Math.max(...termMonths)) * BigInt(packagesMax);
      expect(outcome.kind === 'valid').toBe(largestMinor > 0n && largestMinor <= MAX_AMOUNT_MINOR);
    }),
    { numRuns: 200 },
  );
  expect(Math.min(seen.valid, seen.faulty)).toBeGreaterThan(0);
});
