import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { smallSubscription, smallWish } from '../../../test/support/small-catalogue.js';
import { creditedTaxMinor } from './document.js';
import { quoteChange } from './quote-change.js';
import type { PricedChange } from './priced-change.js';
import { settleRefund, taxGoingBack } from './refund-tax.js';
import type { PaidSale } from './refund-tax.js';
import { splitRefund } from './refund-split.js';

const name = { en: 'VAT', es: 'IVA', 'pt-BR': 'IVA' };

/** A sale that was paid, of which something has gone back before. */
const sale = (attemptId: string, percent: number): fc.Arbitrary<PaidSale> =>
  fc.tuple(fc.bigInt(1n, 500_000n), fc.bigInt(0n, 100n)).map(([soldMinor, backPercent]) => {
    const taxMinor = (soldMinor * BigInt(percent)) / BigInt(100 + percent);
    const reversedMinor = (soldMinor * backPercent) / 200n;
    const before = { invoicedMinor: soldMinor, invoicedTaxMinor: taxMinor, creditedMinor: 0n, creditedTaxMinor: 0n };
    const reversedTaxMinor = reversedMinor === 0n ? 0n : (creditedTaxMinor(before, reversedMinor) ?? 0n);
    return {
      ...{ attemptId, soldMinor, taxMinor, reversedMinor, reversedTaxMinor, leftMinor: soldMinor - reversedMinor },
      ...(percent === 0 ? {} : { tax: { name, percent: String(percent) } }),
    };
  });

/** A refund of one or two terms, with or without a tax of its own. */
function refund(seats: number, isTaxed: boolean): PricedChange {
  const [first] = smallSubscription.terms;
  const paidTax = { priceMinor: 27_000n, grossMinor: 33_210n, taxMinor: 6_210n, name, percent: '23' };
  const terms = [{ ...first, paidMinor: 33_210n, ...(isTaxed ? { paidTax } : {}) }] as const;
  const outcome = quoteChange({
    ...{ ...smallWish, subscription: { ...smallSubscription, terms }, change: { kind: 'refund', seats } },
    now: new Date('2026-10-01T00:00:00Z'),
  });
  if (outcome.kind === 'refused') throw new Error(outcome.code);
  return outcome.quote;
}

describe('what goes back', () => {
  test('has the tax of its credit notes, to the cent, however many sales it is split over', () => {
    const sales = fc
      .uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { minLength: 1 })
      .chain((ids) => fc.tuple(...ids.map((id, n) => sale(id, [23, 0, 7, 23, 19][n] ?? 23))));
    fc.assert(
      fc.property(sales, fc.integer({ min: 1, max: 3 }), fc.boolean(), (paid, seats, isTaxed) => {
        const quote = settleRefund(refund(seats, isTaxed), paid);
        const wholeMinor = -quote.amountMinor;
        const split = splitRefund(wholeMinor, paid);
        if (split.kind !== 'split') {
          expect(taxGoingBack(wholeMinor, paid)).toBeUndefined();
          return;
        }
        // Each credit note takes the share of its own invoice, as documents and books have it.
        const notes = split.portions.map(({ attemptId, amountMinor }) => {
          const one = paid.find((other) => other.attemptId === attemptId);
          return creditedTaxMinor(
            {
              ...{ invoicedMinor: one?.soldMinor ?? 0n, invoicedTaxMinor: one?.taxMinor ?? 0n },
              ...{ creditedMinor: one?.reversedMinor ?? 0n, creditedTaxMinor: one?.reversedTaxMinor ?? 0n },
            },
            amountMinor,
          );
        });
        const notesMinor = notes.reduce<bigint>((sum, tax) => sum + (tax ?? 0n), 0n);
        expect(taxGoingBack(wholeMinor, paid)?.taxMinor).toBe(notesMinor);
        expect(-('taxMinor' in quote ? (quote.taxMinor ?? 0n) : 0n)).toBe(notesMinor);
        const ofLines = quote.lines.reduce((sum, { tax }) => sum + (tax?.taxMinor ?? 0n), 0n);
        expect(-ofLines).toBe(notesMinor);
        for (const { tax, amountMinor } of quote.lines) {
          if (tax === undefined) continue;
          expect(tax.netMinor + tax.taxMinor).toBe(amountMinor);
          expect(tax.taxMinor <= 0n && tax.netMinor <= 0n).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('is as the lines say where no payment covers it, or where nothing was taxed', () => {
    const [taxed, untaxed] = [refund(2, true), refund(2, false)];
    expect(settleRefund(taxed, [])).toBe(taxed);
    const plain: PaidSale = {
      ...{
        attemptId: 'a',
        leftMinor: 90_000n,
        soldMinor: 90_000n,
        taxMinor: 0n,
        reversedMinor: 0n,
        reversedTaxMinor: 0n,
      },
    };
    expect(settleRefund(untaxed, [plain])).toBe(untaxed);
  });

  test('of two payments differs from the rule of its lines by the cent that its credit notes differ', () => {
    const paid = (attemptId: string, soldMinor: bigint, taxMinor: bigint): PaidSale => ({
      ...{ attemptId, leftMinor: soldMinor, soldMinor, taxMinor, reversedMinor: 0n, reversedTaxMinor: 0n },
      tax: { name, percent: '23' },
    });
    const quote = refund(2, true);
    // 110.70 go back: 1.02 of one payment with 0.19 of tax, and 109.68 of another with 20.51.
    const settled = settleRefund(quote, [paid('a', 102n, 19n), paid('b', 33_210n, 6_210n)]);
    expect([quote.amountMinor, quote]).toMatchObject([-11_070n, { taxMinor: -2_070n }]);
    expect(settled).toMatchObject({ amountMinor: -11_070n, taxMinor: -2_070n });
    expect(settleRefund(quote, [paid('a', 103n, 20n), paid('b', 33_210n, 6_210n)])).toMatchObject({
      taxMinor: -2_071n,
    });
  });
});
