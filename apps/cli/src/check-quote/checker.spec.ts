import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { canonicalJson, parseCaseFile } from '@billfleet/contracts';
import type { Json } from '@billfleet/contracts';
import type { Catalogue } from '@billfleet/domain';
import { canonicalQuote, civilDate, prorate, prorationConventions, quotePurchase } from '@billfleet/domain';
import fc from 'fast-check';
import { asAnswered, demoCatalogue, randomQuotes } from '../../../../test/support/random-quotes.js';
import type { JsonFields } from '../../../../test/support/random-quotes.js';
import { checkoutRoot } from '../checkout.js';
import { priceCase, workspaceOf } from '../verify/run-quote-case.js';
import { canonical, checkOrderOfQuote, checkPriced } from './checker.js';

const catalogue = demoCatalogue();
/** The same with a percentage off instead of free months, which rounds the price of a seat. */
const withPercent: Catalogue = {
  ...catalogue,
  periods: catalogue.periods.map(({ months }) => ({ months, payMonths: months, percentOff: '12.345' })),
};
const RUNS = 3_000;
const AROUND = ['id', 'workspaceId', 'installments', 'hash', 'expiresAt'];

/** The same document with a hash that fits, so that only the arithmetic can give a change away. */
function hashedAnew(document: JsonFields): JsonFields {
  const content = Object.fromEntries(Object.entries(document).filter(([name]) => !AROUND.includes(name)));
  return {
    ...document,
    hash: createHash('sha256')
      .update(canonicalJson(content as Json))
      .digest('hex'),
  };
}

/** The order that a quote becomes. */
const orderOf = (quote: JsonFields): JsonFields => ({
  id: '0190a000-0000-7000-8000-000000000003',
  number: '1001',
  status: 'paid',
  installments: 1,
  attempts: [],
  ...Object.fromEntries(
    ['kind', 'plan', 'seats', 'periodMonths', 'currency', 'amountMinor', 'lines'].map((name) => [name, quote[name]]),
  ),
});

const rehashed = ({ path: where, document }: Mutant): Mutant => ({ path: where, document: hashedAnew(document) });
/** Days of a trial may lengthen a term, so one month less is told by the hash alone. */
const isArithmetic = (one: Mutant): boolean => !one.path.endsWith('term.periodMonths');

type Mutant = { readonly path: string; readonly document: JsonFields };

/** Every document that differs from this one in exactly one leaf below a field. */
function mutantsOf(document: JsonFields, below: string, mutate: (leaf: unknown) => unknown[]): Mutant[] {
  const build = (value: unknown, where: string): { path: string; value: unknown }[] => {
    if (Array.isArray(value))
      return value.flatMap((item, index) =>
        build(item, `${where}[${String(index)}]`).map((one) => ({ ...one, value: value.with(index, one.value) })),
      );
    if (typeof value === 'object' && value !== null)
      return Object.entries(value).flatMap(([name, field]) =>
        build(field, `${where}.${name}`).map((one) => ({ ...one, value: { ...value, [name]: one.value } })),
      );
    return mutate(value).map((changed) => ({ path: where, value: changed }));
  };
  return build(document[below], below).map((one) => ({
    path: one.path,
    document: { ...document, [below]: one.value },
  }));
}

const byOne = (leaf: unknown): unknown[] => {
  if (typeof leaf === 'number') return [leaf + 1, leaf - 1];
  return typeof leaf === 'string' && /^-?\d+$/.test(leaf) ? [String(BigInt(leaf) + 1n), String(BigInt(leaf) - 1n)] : [];
};
const anotherDay = (leaf: unknown): unknown[] =>
  typeof leaf === 'string' && /^\d{4}-\d{2}-\d{2}/.test(leaf)
    ? [
        `${String(Number(leaf.slice(0, 4)) - 1)}${leaf.slice(4)}`,
        `${String(Number(leaf.slice(0, 4)) + 1)}${leaf.slice(4)}`,
      ]
    : [];
const lost = (): unknown[] => [undefined];

function missedOf(mutants: readonly Mutant[]): string[] {
  return mutants.filter(({ document }) => checkPriced(document).length === 0).map((one) => one.path);
}

const samplesOf = (kind: string): JsonFields[] =>
  fc.sample(
    randomQuotes(catalogue).filter((quote) => quote['kind'] === kind),
    { numRuns: 12, seed: 7 },
  );

const kinds = ['purchase', 'upgrade', 'add-seats', 'upgrade-and-add-seats', 'extension', 'renewal'];

describe('the checker agrees', () => {
  test('with every quote of the published cases', () => {
    const folder = path.join(checkoutRoot(), 'test/cases');
    const quotes = readdirSync(folder)
      .flatMap((name) => parseCaseFile(readFileSync(path.join(folder, name), 'utf8')).cases)
      .flatMap((one) => {
        if (one.kind !== 'quote') return [];
        const outcome = priceCase(one, catalogue);
        return outcome.kind === 'quoted' ? [asAnswered(outcome.quote, workspaceOf(one, catalogue), catalogue)] : [];
      });
    expect(quotes.length).toBeGreaterThan(20);
    expect(quotes.flatMap((quote) => [...checkPriced(quote), ...checkPriced(orderOf(quote))])).toEqual([]);
  });

  test('with random quotes of every kind and convention, and with the orders that they become', () => {
    const seen = new Set<unknown>();
    fc.assert(
      fc.property(randomQuotes(catalogue), (quote) => {
        seen.add(quote['kind']);
        expect(checkPriced(quote)).toEqual([]);
        const order = orderOf(quote);
        expect([...checkPriced(order), ...checkOrderOfQuote(order, quote)]).toEqual([]);
      }),
      { numRuns: RUNS },
    );
    expect([...seen].sort()).toEqual([...kinds].sort());
  });

  test('where a percentage is taken off', () => {
    fc.assert(
      fc.property(randomQuotes(withPercent), (quote) => {
        expect(checkPriced(quote)).toEqual([]);
        expect(missedOf(mutantsOf(quote, 'lines', byOne).map(rehashed).filter(isArithmetic))).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  test('with credits that were held to what had been paid', () => {
    const input = fc.record({
      convention: fc.constantFrom(...prorationConventions),
      quantity: fc.integer({ min: 1, max: 1_000 }),
      less: fc.bigInt({ min: 1n, max: 5_000n }),
      paidMinor: fc.bigInt({ min: 0n, max: 500_000n }),
      secondsIn: fc.integer({ min: 0, max: 180 * 86_400 }),
    });
    fc.assert(
      fc.property(input, (one) => {
        expect(checkPriced(creditOrder(one))).toEqual([]);
      }),
      { numRuns: RUNS },
    );
  });
});

type Credit = { readonly convention: (typeof prorationConventions)[number]; readonly quantity: number } & {
  readonly less: bigint;
  readonly paidMinor: bigint;
  readonly secondsIn: number;
};

function creditOrder({ convention, quantity, less, paidMinor, secondsIn }: Credit): JsonFields {
  const [startsOn, endsOn] = [civilDate('2026-07-01'), civilDate('2027-01-01')];
  const unitMinor = -less * 6n;
  const { lines, totalMinor } = prorate({
    term: { convention, timeZone: 'America/Sao_Paulo', start: startsOn, end: endsOn },
    at: new Date(Date.parse('2026-07-01T12:00:00Z') + secondsIn * 1_000),
    currency: 'BRL',
    lines: [{ quantity, unitMinor, paidMinor }],
  });
  const order = {
    ...{ status: 'paid', kind: 'upgrade', plan: 'base', seats: quantity, periodMonths: 6, installments: 1 },
    ...{ currency: 'BRL', amountMinor: totalMinor },
    lines: lines.map((line) => ({
      description: { kind: 'plan-upgrade', plan: 'base', planName: 'Base', fromPlan: 'pro' },
      term: { startsOn, endsOn, periodMonths: 6 },
      ...{ quantity, unitMinor, amountMinor: line.amountMinor },
      derivation: { monthlyMinor: 100n, fromMonthlyMinor: 100n + less, payMonths: 6, proration: line.derivation },
    })),
  };
  return JSON.parse(canonicalJson(order)) as JsonFields;
}

describe.each(kinds)('of a quote of kind %s the checker refuses', (kind) => {
  const samples = samplesOf(kind);

  test('each number of each line changed by one, although the hash fits', () => {
    const mutants = samples.flatMap((quote) => mutantsOf(quote, 'lines', byOne)).filter(isArithmetic);
    expect(mutants.length).toBeGreaterThan(50);
    expect(missedOf(mutants.map(rehashed))).toEqual([]);
    expect(
      missedOf(mutants.map(({ path: where, document }) => ({ path: where, document: orderOf(document) }))),
    ).toEqual([]);
  });

  test('the total, the instalments and the next price changed by one', () => {
    const mutants = samples.flatMap((quote) =>
      ['amountMinor', 'installments', 'atRenewal', 'unitPriceMinor', 'payMonths'].flatMap((name) =>
        mutantsOf(quote, name, byOne),
      ),
    );
    expect(missedOf(mutants.map(rehashed))).toEqual([]);
  });

  test('each field of each line gone, and each day moved by a year', () => {
    const gone = samples
      .flatMap((quote) => mutantsOf(quote, 'lines', lost))
      .filter((one) => !one.path.endsWith('planName'))
      .map(({ path: where, document }) => ({
        path: where,
        document: JSON.parse(JSON.stringify(document)) as JsonFields,
      }));
    const moved = samples.flatMap((quote) => mutantsOf(quote, 'lines', anotherDay));
    expect(missedOf([...gone, ...moved].map(rehashed))).toEqual([]);
  });

  test('anything at all changed, when the hash stays', () => {
    const anything = (leaf: unknown): unknown[] => [typeof leaf === 'number' ? leaf + 1 : `${String(leaf)}0`];
    const mutants = samples.flatMap((quote) =>
      Object.keys(quote)
        .filter((name) => !['id', 'workspaceId', 'expiresAt'].includes(name))
        .flatMap((name) => mutantsOf(quote, name, anything)),
    );
    expect(missedOf(mutants)).toEqual([]);
  });
});

describe('the checker refuses', () => {
  const [quote = {}] = samplesOf('purchase');

  test.each([
    ['no document', null, '(document)'],
    ['an amount that is a JSON number', { ...quote, amountMinor: Number(quote['amountMinor']) }, 'amountMinor'],
    ['a kind that it does not know', { ...quote, kind: 'gift' }, 'kind'],
    ['lines that are gone', { ...quote, lines: [] }, 'lines'],
    ['an amount that nobody explained', { ...quote, deep: [{ feeMinor: '1' }] }, 'deep[0].feeMinor'],
    ['a missing hash', { ...quote, hash: undefined }, 'hash'],
  ])('%s', (_, document, what) => {
    expect(checkPriced(document).map((difference) => difference.what)).toContain(what);
  });

  test('an order that is not what was quoted', () => {
    const order = orderOf(quote);
    expect(checkOrderOfQuote({ ...order, seats: 9_999 }, quote)).toEqual([
      { what: 'seats, as in the quote', expected: String(quote['seats']), found: '9999' },
    ]);
  });
});

test('the canonical form is the one that the engine hashes', () => {
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
      // Both write numbers the way JSON does; a quote holds no negative zero.
      expect(canonical(value)).toBe(canonicalJson(JSON.parse(JSON.stringify(value)) as Json));
    }),
  );
  const workspace = { country: 'US', currency: 'USD', timeZone: 'UTC' } as const;
  const now = new Date('2026-11-23T12:00:00Z');
  const priced = quotePurchase({ catalogue, workspace, plan: 'pro', seats: 5, periodMonths: 6, now });
  if (priced.kind === 'refused') throw new Error(priced.code);
  expect(canonical(JSON.parse(canonicalJson(priced.quote as Json)))).toBe(canonicalQuote(priced.quote));
});
