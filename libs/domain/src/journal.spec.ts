import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  afterReversal,
  chargePostings,
  lossPostings,
  refundPostings,
  reversalPostings,
  salePostings,
} from './journal.js';
import type { Posting, SoldSoFar } from './journal.js';

const amount = fc.bigInt({ min: 0n, max: 100_000_000_000n });
const sumOf = (postings: readonly Posting[]): bigint => postings.reduce((sum, one) => sum + one.amountMinor, 0n);
const minorOf = (postings: readonly Posting[], account: string): bigint =>
  postings.find((one) => one.account === account)?.amountMinor ?? 0n;

describe('postings', () => {
  test('balance, have two sides and none that moves nothing beside others', () => {
    fc.assert(
      fc.property(amount, amount, (one, other) => {
        const [grossMinor, taxMinor] = one < other ? [other, one] : [one, other];
        const sold: SoldSoFar = {
          soldMinor: grossMinor,
          taxMinor,
          reversedMinor: 0n,
          reversedTaxMinor: 0n,
          deferredMinor: grossMinor - taxMinor,
        };
        for (const postings of [
          chargePostings('any', grossMinor),
          refundPostings('any', grossMinor),
          lossPostings('any', grossMinor),
          salePostings(grossMinor, taxMinor),
          reversalPostings(grossMinor, sold),
        ]) {
          expect(sumOf(postings)).toBe(0n);
          expect(postings.length).toBeGreaterThanOrEqual(2);
          if (grossMinor > 0n) expect(postings.every(({ amountMinor }) => amountMinor !== 0n)).toBe(true);
        }
      }),
    );
  });

  test('a sale of 120.00 with 20.00 of tax defers 100.00', () => {
    expect(salePostings(12_000n, 2_000n)).toEqual([
      { account: 'receivable', amountMinor: 12_000n },
      { account: 'deferred_revenue', amountMinor: -10_000n },
      { account: 'tax_payable', amountMinor: -2_000n },
    ]);
  });

  test('what is taken back comes out of what is deferred first, and then out of what was earned', () => {
    const sold = {
      soldMinor: 12_000n,
      taxMinor: 2_000n,
      reversedMinor: 0n,
      reversedTaxMinor: 0n,
      deferredMinor: 4_000n,
    };
    expect(reversalPostings(6_000n, sold)).toEqual([
      { account: 'deferred_revenue', amountMinor: 4_000n },
      { account: 'receivable', amountMinor: -6_000n },
      { account: 'revenue', amountMinor: 1_000n },
      { account: 'tax_payable', amountMinor: 1_000n },
    ]);
  });

  test('parts of a sale that are taken back take its whole tax and its whole price, however it is cut', () => {
    fc.assert(
      fc.property(amount, amount, fc.array(fc.integer({ min: 0, max: 100 }), { maxLength: 6 }), (one, other, cuts) => {
        const [grossMinor, taxMinor] = one < other ? [other, one] : [one, other];
        let sold: SoldSoFar = {
          soldMinor: grossMinor,
          taxMinor,
          reversedMinor: 0n,
          reversedTaxMinor: 0n,
          deferredMinor: (grossMinor - taxMinor) / 2n,
        };
        const totals = { tax: 0n, net: 0n };
        for (const share of [...cuts, 100]) {
          const partMinor = ((grossMinor - sold.reversedMinor) * BigInt(share)) / 100n;
          const postings = reversalPostings(partMinor, sold);
          expect(sumOf(postings)).toBe(0n);
          sold = afterReversal(partMinor, sold, postings);
          expect(sold.deferredMinor).toBeGreaterThanOrEqual(0n);
          totals.tax += minorOf(postings, 'tax_payable');
          totals.net += minorOf(postings, 'deferred_revenue') + minorOf(postings, 'revenue');
        }
        expect(totals).toEqual({ tax: taxMinor, net: grossMinor - taxMinor });
      }),
    );
  });
});
