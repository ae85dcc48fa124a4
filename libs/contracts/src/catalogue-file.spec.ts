import { readFileSync } from 'node:fs';
import { civilDate, entitlementsFor, planById, priceListFor, quotePurchase } from '@billfleet/domain';
import type { Catalogue } from '@billfleet/domain';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isMap, isScalar, parse, parseDocument, stringify, visit } from 'yaml';
import { renewalRules } from '../../../test/support/renewal-rules.js';
import { parseCatalogue } from './catalogue-file.js';

const soldText = readFileSync(new URL('../../../config/catalogue.yaml', import.meta.url), 'utf8');

const smallText = `
version: v1
seats: { min: 1, max: 100 }
quoteMinutes: 30
pendingOrder: { orderDays: 7, pixHours: 24, overdueDays: 30 }
renewal: { cardDays: 30, reminderDays: 9, chargeDays: 3, graceDays: 3, dataDays: 90, dataWarningDays: [30, 7, 1], mailHours: { from: 9, to: 18 }, dunning: { chargeHours: [0, 24, 48, 72], onDecline: { soft: retry, hard: retry, authentication: retry, do-not-retry: retry } } }
usage: { thresholdsPercent: [75, 90, 100], breachHours: 24 }
proration: { convention: second }
periods: [{ months: 6, payMonths: 6 }]
limits: [{ name: leads, label: Leads, resets: never }]
plans:
  - { id: base, name: Base, sold: self-service, features: [inbox], limits: { leads: { kind: flat, amount: 5 } } }
  - { id: big, name: Big, sold: on-request, features: [], limits: { leads: { kind: unlimited } } }
trial: { days: 14, limits: { leads: { kind: none } } }
sellers:
  - { id: us, legalName: Small Inc., taxId: { kind: EIN, value: '12' }, address: [Street 1], country: US, region: '*', currency: USD, numberPrefix: US, timeZone: America/New_York }
  - { id: br, legalName: Pequena Ltda., taxId: { kind: CNPJ, value: 11.222.333/0001-81 }, address: [Rua 1], country: BR, region: BR, currency: BRL, numberPrefix: BR, timeZone: America/Sao_Paulo }
priceLists:
  - id: general
    region: '*'
    currency: USD
    validFrom: 2026-09-01
    monthlyPriceBySeat: { base: '25.00' }
    monthlyPriceByAddOn: { more-leads: '15.00' }
  - id: brazil
    region: BR
    currency: BRL
    validFrom: 2026-09-01
    monthlyPriceBySeat: { base: '104.00' }
    monthlyPriceByAddOn: { more-leads: '78.00' }
installments: [{ country: BR, max: 12, min: '50.00' }]
addOns: [{ id: more-leads, name: More leads, limit: leads, amount: 5000, termMonths: [3], packagesMax: 9 }]
`;

function valid(text: string): Catalogue {
  const outcome = parseCatalogue(text);
  if (outcome.kind === 'faulty') throw new Error(JSON.stringify(outcome.faults, undefined, 1));
  return outcome.catalogue;
}

/** The faults of the small catalogue after some values were set; `undefined` takes the value out. */
function faultsWith(...changes: readonly (readonly [path: readonly (string | number)[], value: unknown])[]) {
  const document = parseDocument(smallText);
  for (const [path, value] of changes) {
    if (value === undefined) document.deleteIn(path);
    else document.setIn(path, document.createNode(value));
  }
  const outcome = parseCatalogue(document.toString());
  return outcome.kind === 'faulty' ? outcome.faults : [];
}

describe('the catalogue that is sold', () => {
  const catalogue = valid(soldText);
  const price = (country: string, day: string) => priceListFor(catalogue, country, civilDate(day));

  test.each([
    ['US', '2026-09-01', 'USD', { base: 2_500n, advanced: 3_500n, pro: 4_500n }],
    ['US', '2026-08-31', 'USD', { base: 1_500n, advanced: 2_500n, pro: 4_500n }],
    ['BR', '2026-09-01', 'BRL', { base: 10_400n, advanced: 15_600n, pro: 23_400n }],
    ['BR', '2026-08-31', 'BRL', { base: 7_700n, advanced: 12_900n, pro: 23_200n }],
  ])('in %s on %s costs what was published', (country, day, currency, monthlyPriceMinorBySeat) => {
    expect(price(country, day)).toMatchObject({ currency, monthlyPriceMinorBySeat });
  });

  test('prices a purchase', () => {
    const workspace = { country: 'BR', currency: 'BRL', timeZone: 'America/Sao_Paulo' } as const;
    const now = new Date('2026-09-15T12:00:00Z');
    const outcome = quotePurchase({ catalogue, workspace, plan: 'pro', seats: 2, periodMonths: 24, now });
    expect(outcome).toMatchObject({ kind: 'quoted', quote: { amountMinor: 842_400n, payMonths: 18 } });
  });

  test('sells four plans, one of them on request, and four terms', () => {
    expect(catalogue.plans.map(({ name, sold }) => [name, sold])).toEqual([
      ['Base', 'self-service'],
      ['Advanced', 'self-service'],
      ['Pro', 'self-service'],
      ['Enterprise', 'on-request'],
    ]);
    expect(catalogue.periods.map(({ months, payMonths }) => [months, payMonths])).toEqual([
      [6, 6],
      [9, 8],
      [12, 10],
      [24, 18],
    ]);
  });

  test.each([
    ['base', { leads: 5_000, contactsAndCompanies: 25_000, aiCredits: 1_500, whatsappNumbers: 2, customFields: 100 }],
    [
      'advanced',
      { leads: 10_000, contactsAndCompanies: 50_000, aiCredits: 2_500, whatsappNumbers: 4, activeAiAgents: 3 },
    ],
    ['pro', { leads: 20_000, contactsAndCompanies: 100_000, aiCredits: 4_500, activeAiAgents: 50, aiAgents: 500 }],
  ])('two seats of %s give the published limits', (id, amounts) => {
    const plan = planById(catalogue, id);
    const given = plan === undefined ? {} : entitlementsFor(plan, 2);
    for (const [limit, amount] of Object.entries(amounts)) expect([limit, given[limit]]).toEqual([limit, { amount }]);
  });

  test('knows what is unlimited, and what a plan does not have', () => {
    const given = (id: string) => entitlementsFor(planById(catalogue, id) ?? { limits: {} }, 1);
    expect(given('pro')['whatsappNumbers']).toBe('unlimited');
    expect(given('base')['activeAiAgents']).toBe('none');
    expect(entitlementsFor(catalogue.trial, 1)['aiCredits']).toEqual({ amount: 1_800 });
  });

  test('has the rules of selling', () => {
    expect(catalogue).toMatchObject({
      seats: { min: 1, max: 10_000 },
      trial: { days: 14 },
      pendingOrder: { orderDays: 7, pixHours: 24, overdueDays: 30 },
      quoteMinutes: 30,
      renewal: renewalRules,
      usage: { thresholdsPercent: [75, 90, 100], breachHours: 24, creditLimit: 'aiCredits' },
      convention: 'day',
      installments: [{ country: 'BR', max: 12, minMinor: 5_000n }],
    });
  });
});

describe('a faulty catalogue', () => {
  test('the small one is sound to begin with', () => {
    expect(valid(smallText)).toMatchObject({ version: 'v1', convention: 'second' });
    expect(faultsWith([['renewal', 'graceDays'], 0], [['renewal', 'dunning', 'chargeHours'], [0]])).toEqual([]);
    expect(faultsWith([['renewal', 'graceDays'], 60])).toEqual([]);
  });

  test('tells all faults at once, those between entries too', () => {
    const faults = faultsWith(
      [['version'], undefined],
      [['seats', 'max'], 0],
      [['surprise'], true],
      [['plans', 0, 'limits', 'leads', 'amount'], -1],
      [['priceLists', 0, 'monthlyPriceBySeat'], { gold: '10.00' }],
      [['priceLists', 1, 'monthlyPriceBySeat', 'base'], 104],
    );
    expect(faults.map(({ name }) => name).sort()).toEqual([
      'plans[0].limits.leads.amount',
      'priceLists[0].monthlyPriceBySeat.base',
      'priceLists[0].monthlyPriceBySeat.gold',
      'priceLists[1].monthlyPriceBySeat.base',
      'seats.max',
      'seats.max',
      'surprise',
      'version',
    ]);
    for (const fault of faults) expect(Object.values(fault).every((text) => text.length > 0)).toBe(true);
  });

  const price = ['priceLists', 0, 'monthlyPriceBySeat'];
  test.each<[string, readonly (string | number)[], unknown, string, string]>([
    ['a number for a price', [...price, 'base'], 25, 'priceLists[0].monthlyPriceBySeat.base', '25'],
    ['too few decimal places', [...price, 'base'], '25.0', 'priceLists[0].monthlyPriceBySeat.base', '"25.0"'],
    ['too many decimal places', [...price, 'base'], '25.001', 'priceLists[0].monthlyPriceBySeat.base', '"25.001"'],
    ['a price of nothing', [...price, 'base'], '0.00', 'priceLists[0].monthlyPriceBySeat.base', '"0.00"'],
    ['a negative price', [...price, 'base'], '-1.00', 'priceLists[0].monthlyPriceBySeat.base', '"-1.00"'],
    ['a plan without a price', [...price, 'base'], undefined, 'priceLists[0].monthlyPriceBySeat.base', 'nothing'],
    ['a price for no plan', [...price, 'gold'], '9.00', 'priceLists[0].monthlyPriceBySeat.gold', '"9.00"'],
    ['a price on request', [...price, 'big'], '9.00', 'priceLists[0].monthlyPriceBySeat.big', '"9.00"'],
    ['an unknown currency', ['priceLists', 0, 'currency'], 'EUR', 'priceLists[0].currency', '"EUR"'],
    [
      'a day that does not exist',
      ['priceLists', 0, 'validFrom'],
      '2026-02-30',
      'priceLists[0].validFrom',
      '"2026-02-30"',
    ],
    ['a region that is none', ['priceLists', 1, 'region'], 'Brazil', 'priceLists[1].region', '"Brazil"'],
    ['no general list', ['priceLists', 0, 'region'], 'US', 'priceLists', '"US, BR"'],
    ['a plan id twice', ['plans', 1, 'id'], 'base', 'plans[1].id', '"base"'],
    ['an id with a blank', ['plans', 1, 'id'], 'Big one', 'plans[1].id', '"Big one"'],
    [
      'a limit that is not declared',
      ['plans', 0, 'limits', 'tea'],
      { kind: 'none' },
      'plans[0].limits.tea',
      '{"kind":"none"}',
    ],
    ['a limit left out', ['trial', 'limits', 'leads'], undefined, 'trial.limits.leads', 'nothing'],
    [
      'an unknown kind of limit',
      ['plans', 0, 'limits', 'leads', 'kind'],
      'some',
      'plans[0].limits.leads.kind',
      '"some"',
    ],
    ['half a limit', ['plans', 0, 'limits', 'leads', 'amount'], 0.5, 'plans[0].limits.leads.amount', '0.5'],
    ['paying more months than one gets', ['periods', 0, 'payMonths'], 7, 'periods[0].payMonths', '7'],
    ['no period at all', ['periods'], [], 'periods', '[]'],
    ['a mapping for a list', ['plans'], {}, 'plans', '{}'],
    ['an unknown way to sell', ['plans', 0, 'sold'], 'free', 'plans[0].sold', '"free"'],
    ['instalments where no list is', ['installments', 0, 'country'], 'AR', 'installments[0].country', '"AR"'],
    ['an instalment of nothing', ['installments', 0, 'min'], '0.00', 'installments[0].min', '"0.00"'],
    ['no convention', ['proration'], undefined, 'proration', 'nothing'],
    ['an unknown convention', ['proration', 'convention'], 'week', 'proration.convention', '"week"'],
    ['grace left out', ['renewal', 'graceDays'], undefined, 'renewal.graceDays', 'nothing'],
    ['less than no grace', ['renewal', 'graceDays'], -1, 'renewal.graceDays', '-1'],
    ['more than sixty days of grace', ['renewal', 'graceDays'], 61, 'renewal.graceDays', '61'],
    ['seats the wrong way round', ['seats', 'min'], 101, 'seats.max', '100'],
    ['a number for a version', ['version'], 1, 'version', '1'],
  ])('%s', (_case, path, value, name, found) => {
    const faults = faultsWith([path, value]);
    expect(faults).toContainEqual(expect.objectContaining({ name, found }));
  });

  test('knows lists that collide, and a region in two currencies', () => {
    const list = (change: object) => ({
      ...(parse(smallText) as { priceLists: object[] }).priceLists[0],
      id: 'second',
      ...change,
    });
    const sameDay = faultsWith([['priceLists', 2], list({})]);
    const mixed = faultsWith([['priceLists', 2], list({ currency: 'BRL' })]);
    expect(sameDay.map(({ name }) => name)).toEqual(['priceLists[2].validFrom']);
    expect(mixed).toMatchObject([{ name: 'priceLists[2].currency', found: '"BRL"' }]);
    expect(faultsWith([['priceLists', 2], list({ validFrom: '2027-01-01' })])).toEqual([]);
  });

  test('names the fields that there are when it meets another one', () => {
    expect(faultsWith([['seats', 'most'], 5])).toEqual([
      { name: 'seats.most', found: '5', wanted: 'only the fields min, max', example: '{ min: 1, max: 10000 }' },
    ]);
  });
});

describe('text that is no catalogue', () => {
  test.each([
    ['a list that is not closed', 'plans: [1, 2', 'line 1'],
    ['a key twice', 'version: a\nversion: b', 'line 2'],
    ['two documents', `${smallText}\n---\n${smallText}`, 'line'],
    ['an unknown tag', 'version: !thing a', 'line 1'],
    ['a text beyond all measure', '#'.repeat(1_000_001), '(file)'],
    ['aliases beyond all measure', bomb(), 'line 2'],
    ['a list that holds itself', 'version: &a [*a]', 'line 1, column 14'],
    ['a plan that holds itself', 'plans: &a [{ id: *a }]', 'line 1'],
    ['a value that is no number', 'quoteMinutes: .nan', 'quoteMinutes'],
    ['nothing', '', '(file)'],
    ['a word', 'hello', '(file)'],
  ])('%s', (_case, text, place) => {
    const outcome = parseCatalogue(text);
    expect(outcome.kind).toBe('faulty');
    const names = outcome.kind === 'faulty' ? outcome.faults.map(({ name }) => name) : [];
    expect(names.some((name) => name.startsWith(place))).toBe(true);
  });

  test('whatever single value is spoilt, the answer is faults or a catalogue, never an error', () => {
    const scalars = countScalars();
    const anything = fc.oneof(
      fc.constantFrom(null, true, -1, 1.5, '', '*', 'none', '__proto__', 'constructor'),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(fc.nat({ max: scalars - 1 }), anything, (place, value) => {
        const outcome = parseCatalogue(spoil(place, value));
        if (outcome.kind === 'faulty') expect(outcome.faults.length).toBeGreaterThan(0);
        else expect(outcome.catalogue.plans.length).toBeGreaterThan(0);
      }),
      { numRuns: 300 },
    );
  });
});

function bomb(): string {
  const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
  for (let depth = 1; depth < 9; depth += 1) {
    lines.push(`a${depth}: &a${depth} [${Array.from({ length: 10 }, () => `*a${depth - 1}`).join(', ')}]`);
  }
  return lines.join('\n');
}

function countScalars(): number {
  let count = 0;
  visit(parseDocument(smallText), { Scalar: () => void (count += 1) });
  return count;
}

/** The small catalogue with one of its values, or keys, replaced. */
function spoil(place: number, value: unknown): string {
  const document = parseDocument(smallText);
  let seen = 0;
  visit(document, {
    Scalar: (key) => {
      if (seen++ !== place) return undefined;
      return document.createNode(key === 'key' && typeof value !== 'string' ? JSON.stringify(value) : value);
    },
  });
  expect(isMap(document.contents) || isScalar(document.contents)).toBe(true);
  return stringify(document);
}
