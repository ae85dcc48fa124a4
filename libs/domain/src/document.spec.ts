import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { creditedTaxMinor, documentKinds, documentNumber, seriesYear } from './document.js';
import type { DocumentSeries } from './document.js';

const series = (over: Partial<DocumentSeries> = {}): DocumentSeries => ({
  ...{ seller: 'general', kind: 'invoice', year: 2026, mode: 'live' },
  ...over,
});

describe('the number of a document', () => {
  test.each([
    [series(), 17, 'US-2026-000017'],
    [series({ kind: 'credit_note' }), 3, 'US-2026-C000003'],
    [series({ mode: 'test' }), 3, 'US-2026-T000003'],
    [series({ mode: 'test', kind: 'credit_note' }), 1_234_567, 'US-2026-TC1234567'],
  ])('%j %d is %s', (one, seq, number) => {
    expect(documentNumber('US', one, seq)).toBe(number);
  });

  test.each([0, -1, 1.5, Number.NaN])('%p is none', (seq) => {
    expect(() => documentNumber('US', series(), seq)).toThrow('numbered from 1 on');
  });

  test('is one document’s alone', () => {
    const place = fc.record({
      prefix: fc.constantFrom('US', 'T', 'C', 'TC', 'US1'),
      kind: fc.constantFrom(...documentKinds),
      year: fc.constantFrom(2026, 2027),
      mode: fc.constantFrom('live' as const, 'test' as const),
      seq: fc.integer({ min: 1, max: 2_000_000 }),
    });
    fc.assert(
      fc.property(place, place, (one, other) => {
        const number = ({ prefix, seq, ...rest }: typeof one) => documentNumber(prefix, series(rest), seq);
        expect(number(one) === number(other)).toBe(JSON.stringify(one) === JSON.stringify(other));
      }),
    );
  });
});

test('the year is the one of the seller’s calendar', () => {
  const at = new Date('2027-01-01T01:00:00Z');
  expect([seriesYear(at, 'America/Sao_Paulo'), seriesYear(at, 'UTC')]).toEqual([2026, 2027]);
});

describe('the tax of credit notes', () => {
  test('that credit an invoice whole is its tax to the cent, whatever the parts', () => {
    const parts = fc.array(fc.bigInt({ min: 1n, max: 10_000n }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(parts, fc.integer({ min: 0, max: 100 }), (amounts, percent) => {
        const invoicedMinor = amounts.reduce((sum, one) => sum + one, 0n);
        const invoicedTaxMinor = (invoicedMinor * BigInt(percent)) / 100n;
        let ground = { invoicedMinor, invoicedTaxMinor, creditedMinor: 0n, creditedTaxMinor: 0n };
        for (const amountMinor of amounts) {
          const taxMinor = creditedTaxMinor(ground, amountMinor) ?? -1n;
          expect(taxMinor >= 0n && taxMinor <= amountMinor).toBe(true);
          ground = {
            ...ground,
            creditedMinor: ground.creditedMinor + amountMinor,
            creditedTaxMinor: ground.creditedTaxMinor + taxMinor,
          };
        }
        expect(ground.creditedTaxMinor).toBe(invoicedTaxMinor);
      }),
    );
  });

  test.each([0n, -1n, 101n])('there is none over %p of what was invoiced', (amountMinor) => {
    const ground = { invoicedMinor: 200n, invoicedTaxMinor: 40n, creditedMinor: 100n, creditedTaxMinor: 20n };
    expect(creditedTaxMinor(ground, amountMinor)).toBeUndefined();
  });
});
