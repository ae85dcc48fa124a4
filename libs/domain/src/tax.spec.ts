import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { civilDate } from './calendar.js';
import { taxFor, taxLines, taxOf, taxOfReturn, taxRuleFor, taxTotals } from './tax.js';
import type { TaxRule, TaxToApply } from './tax.js';

const RUNS = 2_000;
const NAME = { en: 'VAT', es: 'IVA', 'pt-BR': 'IVA' };
const rate = { percent: '19', name: NAME };
const rules: readonly TaxRule[] = [
  { id: 'general', regions: ['*'], validFrom: civilDate('2020-01-01'), kind: 'none' },
  { id: 'ireland', regions: ['IE'], validFrom: civilDate('2020-01-01'), kind: 'exclusive', percent: '23', name: NAME },
  { id: 'ireland-2026', regions: ['IE'], validFrom: civilDate('2026-03-01'), kind: 'exclusive', ...rate },
  {
    id: 'others',
    regions: ['DE', 'FR'],
    validFrom: civilDate('2026-01-01'),
    kind: 'reverse-charge',
    otherwise: 'exclusive',
    ...rate,
  },
];

describe('the rule of a country', () => {
  test.each([
    ['IE', '2026-02-28', 'ireland'],
    ['IE', '2026-03-01', 'ireland-2026'],
    ['DE', '2025-12-31', 'general'],
    ['DE', '2026-01-01', 'others'],
    ['US', '2026-01-01', 'general'],
    ['US', '2019-12-31', undefined],
  ])('%s on %s is %s', (country, on, id) => {
    expect(taxRuleFor(rules, country, civilDate(on))?.id).toBe(id);
  });

  test('taxes nobody where it is none, and companies of other countries under reverse charge', () => {
    const on = civilDate('2026-06-01');
    expect(taxFor(rules, { country: 'US' }, on)).toBeUndefined();
    expect(taxFor(rules, { country: 'DE' }, on)).toMatchObject({ kind: 'exclusive', prices: 'exclusive' });
    expect(taxFor(rules, { country: 'DE', taxNumberCountry: 'DE' }, on)).toMatchObject({ kind: 'reverse-charge' });
    // A number of another country says nothing of this one, as after a move.
    expect(taxFor(rules, { country: 'DE', taxNumberCountry: 'FR' }, on)).toMatchObject({ kind: 'exclusive' });
    expect(taxFor(rules, { country: 'IE', taxNumberCountry: 'IE' }, on)).toMatchObject({ kind: 'exclusive' });
  });
});

const tax = (kind: TaxToApply['kind'], prices: TaxToApply['prices'], percent = '19'): TaxToApply => ({
  ...{ rule: 'a-rule', kind, prices, percent, name: NAME },
});

describe('the tax of a line', () => {
  test.each<readonly [string, TaxToApply, bigint, bigint, bigint]>([
    ['on top', tax('exclusive', 'exclusive'), 10_000n, 10_000n, 1_900n],
    ['on top, half a cent up', tax('exclusive', 'exclusive', '2.5'), 20n, 20n, 1n],
    ['on top, below half a cent', tax('exclusive', 'exclusive'), 2n, 2n, 0n],
    ['within the price', tax('inclusive', 'inclusive'), 11_900n, 10_000n, 1_900n],
    ['within a price that does not divide', tax('inclusive', 'inclusive'), 10_000n, 8_403n, 1_597n],
    ['owed by the buyer', tax('reverse-charge', 'exclusive'), 10_000n, 10_000n, 0n],
    ['owed by the buyer, taken out of the price', tax('reverse-charge', 'inclusive'), 11_900n, 10_000n, 0n],
  ])('%s', (_name, applied, priceMinor, netMinor, taxMinor) => {
    expect(taxOf(priceMinor, applied)).toMatchObject({ priceMinor, netMinor, taxMinor });
  });

  const anyPercent = fc
    .integer({ min: 1, max: 99_999_999 })
    .map((parts) => `${String(Math.floor(parts / 1_000_000))}.${String(parts % 1_000_000).padStart(6, '0')}`);
  const anyPrice = fc.bigInt({ min: 0n, max: 100_000_000_000n });

  test('is never negative, adds up to what is charged, and leaves a price that holds it as it is', () => {
    fc.assert(
      fc.property(anyPrice, anyPercent, (priceMinor, percent) => {
        const within = taxOf(priceMinor, tax('inclusive', 'inclusive', percent));
        const onTop = taxOf(priceMinor, tax('exclusive', 'exclusive', percent));
        const owed = taxOf(priceMinor, tax('reverse-charge', 'inclusive', percent));
        expect(within.netMinor + within.taxMinor).toBe(priceMinor);
        expect(onTop.netMinor).toBe(priceMinor);
        expect([owed.netMinor, owed.taxMinor]).toEqual([within.netMinor, 0n]);
        for (const one of [within, onTop, owed]) expect(one.netMinor >= 0n && one.taxMinor >= 0n).toBe(true);
        // Twice the tax of a cent less than half: the exact tax is off by half a cent at most.
        const parts = BigInt(percent.replace('.', ''));
        const offBy = (minor: bigint, numerator: bigint, denominator: bigint): bigint => {
          const double = 2n * (minor * denominator - numerator);
          return double < 0n ? -double : double;
        };
        expect(offBy(onTop.taxMinor, priceMinor * parts, 100_000_000n) <= 100_000_000n).toBe(true);
        expect(offBy(within.taxMinor, priceMinor * parts, 100_000_000n + parts) <= 100_000_000n + parts).toBe(true);
      }),
      { numRuns: RUNS },
    );
  });
});

describe('taxed lines', () => {
  test('charge net amount and tax, and their totals add up', () => {
    const lines = taxLines([{ amountMinor: 333n }, { amountMinor: 334n }], tax('exclusive', 'exclusive', '10'));
    expect(lines.map(({ amountMinor }) => amountMinor)).toEqual([366n, 367n]);
    expect(taxTotals(lines)).toEqual({ netMinor: 667n, taxMinor: 66n });
  });

  test('stay as they are without a rule, and say nothing of a total', () => {
    const lines = [{ amountMinor: 333n }];
    expect(taxLines(lines, undefined)).toBe(lines);
    expect(taxTotals(lines)).toEqual({});
  });
});

describe('the tax of what is given back', () => {
  const anyPaid = fc
    .record({
      priceMinor: fc.bigInt({ min: 1n, max: 1_000_000_000n }),
      parts: fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 1, maxLength: 8 }),
    })
    .chain(({ priceMinor, parts }) =>
      fc.record({
        parts: fc.constant(parts),
        paid: fc
          .bigInt({ min: 0n, max: 2n * priceMinor })
          .chain((grossMinor) =>
            fc
              .bigInt({ min: 0n, max: grossMinor })
              .map((taxMinor) => ({ priceMinor, grossMinor, taxMinor, name: NAME })),
          ),
      }),
    );

  test('part after part never exceeds what was paid, and all of it is exactly what was paid', () => {
    fc.assert(
      fc.property(anyPaid, ({ paid, parts }) => {
        let left = paid;
        for (const percent of [...parts, 100]) {
          const back = taxOfReturn(-(left.priceMinor * BigInt(percent)) / 100n, left);
          const grossMinor = back.netMinor + back.taxMinor;
          expect(back.netMinor <= 0n && back.taxMinor <= 0n).toBe(true);
          expect(-grossMinor <= left.grossMinor && -back.taxMinor <= left.taxMinor).toBe(true);
          left = {
            ...left,
            priceMinor: left.priceMinor + back.priceMinor,
            grossMinor: left.grossMinor + grossMinor,
            taxMinor: left.taxMinor + back.taxMinor,
          };
        }
        expect([left.priceMinor, left.grossMinor, left.taxMinor]).toEqual([0n, 0n, 0n]);
      }),
      { numRuns: RUNS },
    );
  });

  test('says its rate where there was one', () => {
    const paid = { priceMinor: 10_000n, grossMinor: 11_900n, taxMinor: 1_900n, name: NAME, percent: '19' };
    expect(taxOfReturn(-3_333n, paid)).toEqual({
      ...{ kind: 'as-paid', name: NAME, percent: '19', priceMinor: -3_333n, netMinor: -3_333n, taxMinor: -633n },
      paid: { priceMinor: 10_000n, grossMinor: 11_900n, taxMinor: 1_900n },
    });
  });
});
