import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { canonicalJson, parseCaseFile, quoteKinds } from '@billfleet/contracts';
import type { Json } from '@billfleet/contracts';
import type { Catalogue } from '@billfleet/domain';
import { canonicalQuote, civilDate, prorate, prorationConventions, quotePurchase } from '@billfleet/domain';
import fc from 'fast-check';
import {
  byOne,
  hashedAnew,
  isArithmetic,
  mutantsOf,
  orderOf,
  rehashed,
} from '../../../../test/support/quote-mutants.js';
import {
  anyPricedQuotes,
  asAnswered,
  demoCatalogue,
  randomQuotes,
  taxedCatalogues,
} from '../../../../test/support/random-quotes.js';
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
const RUNS = 10_000;
const [purchase = {}] = fc.sample(
  randomQuotes(catalogue).filter((quote) => quote['kind'] === 'purchase'),
  { numRuns: 1, seed: 7 },
);

/** Fails with what differs; much quicker than an expectation for each of many thousand documents. */
function mustAgree(document: JsonFields, differences = checkPriced(document)): void {
  if (differences.length > 0) throw new Error(`${JSON.stringify(differences)} of ${JSON.stringify(document)}`);
}

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
        mustAgree(quote);
        const order = orderOf(quote);
        mustAgree(order, [...checkPriced(order), ...checkOrderOfQuote(order, quote)]);
      }),
      { numRuns: RUNS },
    );
    expect([...seen].sort()).toEqual([...quoteKinds].sort());
  });

  test('with quotes that are taxed in each way, and with the orders that they become', () => {
    const quotes = fc.oneof(...taxedCatalogues(catalogue).map((taxed) => randomQuotes(taxed)));
    const seen = new Set<string>();
    fc.assert(
      fc.property(quotes, (quote) => {
        const [line] = quote['lines'] as readonly { readonly tax?: { readonly kind: string } }[];
        seen.add(`${String(quote['kind'])} ${line?.tax?.kind ?? 'untaxed'}`);
        mustAgree(quote);
        const order = orderOf(quote);
        mustAgree(order, [...checkPriced(order), ...checkOrderOfQuote(order, quote)]);
      }),
      { numRuns: RUNS / 4 },
    );
    const charging = quoteKinds.filter((kind) => kind !== 'refund' && kind !== 'scheduled-change');
    const wanted = charging.flatMap((kind) =>
      ['inclusive', 'exclusive', 'reverse-charge'].map((tax) => `${kind} ${tax}`),
    );
    expect([...seen].sort()).toEqual([...wanted, 'refund as-paid', 'scheduled-change untaxed'].sort());
  });

  test('with 1 to 1,000,000 seats at any price below ten million, with a percentage off or none, as far as the amount can be booked', () => {
    fc.assert(
      fc.property(anyPricedQuotes(catalogue), (quote) => {
        mustAgree(quote);
      }),
      { numRuns: RUNS },
    );
  });

  test('where a percentage is taken off', () => {
    fc.assert(
      fc.property(randomQuotes(withPercent), (quote) => {
        expect(checkPriced(quote)).toEqual([]);
        const mutants = mutantsOf(quote, 'lines', byOne).filter(isArithmetic).map(rehashed);
        expect(mutants.filter(({ document }) => checkPriced(document).length === 0)).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  test('with credits that were held to what had been paid', () => {
    const input = fc.record({
      convention: fc.constantFrom(...prorationConventions),
      quantity: fc.integer({ min: 1, max: 1_000 }),
      monthlyMinor: fc.bigInt({ min: 1n, max: 5_000n }),
      paidMinor: fc.bigInt({ min: 1n, max: 500_000n }),
      secondsIn: fc.integer({ min: 0, max: 180 * 86_400 }),
    });
    fc.assert(
      fc.property(input, (one) => {
        const order = creditOrder(one);
        mustAgree(order);
      }),
      { numRuns: RUNS },
    );
  });
});

type Credit = { readonly convention: (typeof prorationConventions)[number]; readonly quantity: number } & {
  readonly monthlyMinor: bigint;
  readonly paidMinor: bigint;
  readonly secondsIn: number;
};

function creditOrder({ convention, quantity, monthlyMinor, paidMinor, secondsIn }: Credit): JsonFields {
  const [startsOn, endsOn] = [civilDate('2026-07-01'), civilDate('2027-01-01')];
  const unitMinor = -monthlyMinor * 6n;
  const { lines, totalMinor } = prorate({
    term: { convention, timeZone: 'America/Sao_Paulo', start: startsOn, end: endsOn },
    at: new Date(Date.parse('2026-07-01T12:00:00Z') + secondsIn * 1_000),
    currency: 'BRL',
    lines: [{ quantity, unitMinor, paidMinor }],
  });
  // What is left of a day may be worth nothing; that is no refund, so another day is taken.
  if (totalMinor === 0n) return creditOrder({ convention, quantity, monthlyMinor, paidMinor, secondsIn: 0 });
  const order = {
    ...{ status: 'paid', kind: 'refund', plan: 'base', seats: 1, periodMonths: 6, installments: 1 },
    ...{ currency: 'BRL', amountMinor: totalMinor },
    lines: lines.map((line) => ({
      description: { kind: 'returned-seats', plan: 'base', planName: 'Base' },
      term: { startsOn, endsOn, periodMonths: 6 },
      ...{ quantity, unitMinor, amountMinor: line.amountMinor },
      derivation: { monthlyMinor, payMonths: 6, proration: line.derivation },
    })),
  };
  return JSON.parse(canonicalJson(order)) as JsonFields;
}

describe('the checker refuses', () => {
  const quote = purchase;
  const [line = {}] = quote['lines'] as JsonFields[];

  test.each([
    ['no document', null, '(document)'],
    ['an amount that is a JSON number', { ...quote, amountMinor: Number(quote['amountMinor']) }, 'amountMinor'],
    ['a kind that it does not know', { ...quote, kind: 'gift' }, 'kind'],
    ['what a purchase was priced against', { ...quote, basis: {} }, 'basis'],
    ['packages that are not bought', { ...quote, addOn: {} }, 'addOn'],
    ['a next term of no seats', { ...quote, seats: 0 }, 'atRenewal'],
    ['instalments of nothing', { ...quote, installments: [] }, 'installments'],
    [
      'a line of a kind that it does not know',
      { ...quote, lines: [{ ...line, description: { kind: 'gift' } }] },
      'lines[0].description.kind',
    ],
    ['lines that are gone', { ...quote, lines: [] }, 'lines'],
    ['an amount that nobody explained', { ...quote, deep: [{ feeMinor: '1' }] }, 'deep[0].feeMinor'],
    ['a missing hash', { ...quote, hash: undefined }, 'hash'],
  ])('%s', (_, document, what) => {
    expect(checkPriced(document).map((difference) => difference.what)).toContain(what);
  });

  test('a credit beyond what was paid, and a returned seat that costs', () => {
    const credit = creditOrder({ convention: 'day', quantity: 2, monthlyMinor: 100n, paidMinor: 500n, secondsIn: 0 });
    const text = JSON.stringify(credit);
    expect(checkPriced(credit)).toEqual([]);
    const uncapped = JSON.parse(text.replace('"capMinor":"500",', '').replaceAll('"-500"', '"-1200"')) as JsonFields;
    expect(checkPriced(uncapped)).toEqual([]);
    for (const wrong of [text.replaceAll('"500"', '"501"'), text.replace('"unitMinor":"-600"', '"unitMinor":"600"')]) {
      expect(checkPriced(JSON.parse(wrong))).not.toEqual([]);
    }
  });

  test('an old quote of a purchase is taken as it is', () => {
    const news = ['startsOn', 'endsOn', 'anchorOn', 'trialDaysAdded', 'atRenewal', 'changes'];
    const old = hashedAnew(Object.fromEntries(Object.entries(quote).filter(([name]) => !news.includes(name))));
    expect(checkPriced(old)).toEqual([]);
    expect(checkPriced(hashedAnew({ ...old, endsOn: '2027-01-01' }))).not.toEqual([]);
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
