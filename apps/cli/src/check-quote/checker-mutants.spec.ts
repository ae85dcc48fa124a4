import { describe, expect, test } from '@jest/globals';
import { quoteKinds } from '@billfleet/contracts';
import fc from 'fast-check';
import {
  anotherDay,
  byOne,
  isArithmetic,
  isFree,
  lost,
  mutantsOf,
  orderOf,
  otherFields,
  recountedOf,
  rehashed,
  renamed,
  withMore,
} from '../../../../test/support/quote-mutants.js';
import type { Mutant } from '../../../../test/support/quote-mutants.js';
import { demoCatalogue, randomQuotes, taxedCatalogues } from '../../../../test/support/random-quotes.js';
import type { JsonFields } from '../../../../test/support/random-quotes.js';
import { checkPriced } from './checker.js';

const SAMPLES = 5;

const drawn = fc.sample(randomQuotes(demoCatalogue()), { numRuns: 400, seed: 7 });
const samplesOf = (kind: string): JsonFields[] => drawn.filter((quote) => quote['kind'] === kind).slice(0, SAMPLES);

function missedOf(mutants: readonly Mutant[]): string[] {
  return mutants.filter(({ document }) => checkPriced(document).length === 0).map((one) => one.path);
}

describe.each(quoteKinds)('of a quote of kind %s the checker refuses', (kind) => {
  const samples = samplesOf(kind);

  const hasLines = kind !== 'scheduled-change';

  test('each number of each line changed by one, although the hash fits', () => {
    expect(samples.length).toBeGreaterThan(3);
    const mutants = samples.flatMap((quote) => mutantsOf(quote, 'lines', byOne)).filter(isArithmetic);
    expect(mutants.length > 50).toBe(hasLines);
    expect(missedOf(mutants.map(rehashed))).toEqual([]);
    expect(
      missedOf(mutants.map(({ path: where, document }) => ({ path: where, document: orderOf(document) }))),
    ).toEqual([]);
  });

  test('each other number changed by one: total, instalments, seats, what was before, what comes next, what changes', () => {
    const mutants = samples
      .flatMap((quote) => otherFields.flatMap((name) => mutantsOf(quote, name, byOne)))
      .filter((one) => isArithmetic(one) && !isFree(one));
    expect(mutants.length).toBeGreaterThan(50);
    expect(missedOf(mutants.map(rehashed))).toEqual([]);
  });

  test('each day moved by a year', () => {
    const mutants = samples
      .flatMap((quote) => ['lines', ...otherFields].flatMap((name) => mutantsOf(quote, name, anotherDay)))
      .filter((one) => !isFree(one));
    expect(mutants.length).toBeGreaterThan(20);
    expect(missedOf(mutants.map(rehashed))).toEqual([]);
  });

  test('each plan and list renamed', () => {
    const mutants = samples
      .flatMap((quote) => ['lines', ...otherFields].flatMap((name) => mutantsOf(quote, name, renamed)))
      // Plan and list of the next term are told by its line and by the changes; names for people by the hash alone.
      .filter((one) => /\.(plan|fromPlan|addOn|id|priceListId|what|to)$/.test(one.path))
      // Packages that the workspace had before are told by the lines of the next term alone.
      .filter((one) => !(one.path.startsWith('atRenewal.lines') && one.path.endsWith('addOn')));
    expect(missedOf(mutants.map(rehashed))).toEqual([]);
  });

  test('each field gone, and each with one that the format does not have', () => {
    const without = samples
      .flatMap((quote) => ['lines', ...otherFields].flatMap((name) => mutantsOf(quote, name, lost)))
      .map(({ path: where, document }) => ({
        path: where,
        document: JSON.parse(JSON.stringify(document)) as JsonFields,
      }));
    expect(missedOf(without.map(rehashed))).toEqual([]);
    const surplus = samples.flatMap((quote) =>
      ['lines', 'basis', 'addOn', 'atRenewal', 'changes'].flatMap((name) => withMore(quote, name)),
    );
    expect(surplus.length).toBeGreaterThan(30);
    expect(missedOf(surplus.map(rehashed))).toEqual([]);
  });

  test('a line, a change and a line of the next term gone or there twice', () => {
    expect(missedOf(samples.flatMap(recountedOf).map(rehashed))).toEqual([]);
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

describe('of a taxed quote the checker refuses', () => {
  const drawnTaxed = taxedCatalogues(demoCatalogue()).flatMap((catalogue) =>
    fc.sample(randomQuotes(catalogue), { numRuns: 120, seed: 7 }),
  );
  const taxed = drawnTaxed.filter((quote) => 'taxMinor' in quote).slice(0, 200);

  test('each amount of tax, net amount and charge changed by one, although the hash fits', () => {
    const mutants = taxed
      .flatMap((quote) => ['lines', 'netMinor', 'taxMinor'].flatMap((name) => mutantsOf(quote, name, byOne)))
      // What was paid is a proportion: a cent more of it need not change what goes back.
      .filter(
        ({ path: where }) =>
          /(^|\.)(amountMinor|priceMinor|netMinor|taxMinor)$/.test(where) && !where.includes('paid.'),
      );
    expect(mutants.length).toBeGreaterThan(1_000);
    expect(missedOf(mutants.map(rehashed))).toEqual([]);
  });

  test('another rate of a tax that is charged, another rule, and a tax that is gone', () => {
    const charged = taxed.filter((quote) => /"kind":"(in|ex)clusive"/.test(JSON.stringify(quote['lines'])));
    expect(charged.length).toBeGreaterThan(20);
    const rates = charged
      .flatMap((quote) =>
        mutantsOf(quote, 'lines', (leaf) => (leaf === '19' ? ['20'] : leaf === '7.125' ? ['7.5'] : [])),
      )
      .filter(({ path: where }) => where.endsWith('percent'));
    const untaxed = taxed.map((quote): Mutant => {
      const lines = (quote['lines'] as readonly JsonFields[]).map(({ tax: _tax, ...line }) => line);
      return { path: JSON.stringify(lines), document: { ...quote, lines } };
    });
    expect(missedOf([...rates, ...untaxed].map(rehashed))).toEqual([]);
  });
});
