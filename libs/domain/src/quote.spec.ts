import { describe, expect, test } from '@jest/globals';
import { renewalRules } from '../../../test/support/renewal-rules.js';
import { civilDate } from './calendar.js';
import { currencyFor, priceListFor } from './catalogue.js';
import type { Catalogue, Plan, PriceList } from './catalogue.js';
import { canonicalQuote, quotePurchase } from './quote.js';
import type { PricedPurchase, PurchaseWish } from './quote.js';

const plan = (id: string, name: string, sold: Plan['sold']): Plan => ({ id, name, sold, limits: {}, features: [] });
const priceList = (
  region: string,
  currency: PriceList['currency'],
  validFrom: string,
  [base, advanced, pro]: readonly [bigint, bigint, bigint],
): PriceList => ({
  id: `${region}-${validFrom}`,
  region,
  currency,
  validFrom: civilDate(validFrom),
  monthlyPriceMinorBySeat: { base, advanced, pro },
  monthlyPriceMinorByAddOn: {},
});

const catalogue: Catalogue = {
  version: 'test',
  limits: [],
  plans: [
    plan('base', 'Base', 'self-service'),
    plan('advanced', 'Advanced', 'self-service'),
    plan('pro', 'Pro', 'self-service'),
    plan('enterprise', 'Enterprise', 'on-request'),
  ],
  priceLists: [
    priceList('*', 'USD', '2026-09-01', [2_500n, 3_500n, 4_500n]),
    priceList('*', 'USD', '2020-01-01', [1_500n, 2_500n, 4_500n]),
    priceList('BR', 'BRL', '2020-01-01', [7_700n, 12_900n, 23_200n]),
    priceList('BR', 'BRL', '2026-09-01', [10_400n, 15_600n, 23_400n]),
  ],
  periods: [
    { months: 6, payMonths: 6 },
    { months: 9, payMonths: 8 },
    { months: 12, payMonths: 10 },
    { months: 24, payMonths: 18 },
  ],
  addOns: [],
  installments: [],
  seats: { min: 1, max: 10_000 },
  trial: { days: 14, limits: {} },
  pendingOrder: { orderDays: 7, pixHours: 24, overdueDays: 30 },
  quoteMinutes: 30,
  sellers: [],
  renewal: renewalRules,
  usage: { thresholdsPercent: [75, 90, 100], breachHours: 24 },
  convention: 'day',
};

const unitedStates = { country: 'US', currency: 'USD', timeZone: 'America/New_York' } as const;
const brazil = { country: 'BR', currency: 'BRL', timeZone: 'America/Sao_Paulo' } as const;
const wish: PurchaseWish = {
  catalogue,
  workspace: unitedStates,
  plan: 'advanced',
  seats: 5,
  periodMonths: 6,
  now: new Date('2026-09-15T12:00:00Z'),
};
const beforeSeptember = new Date('2026-08-26T12:00:00Z');

function quoted(change: Partial<PurchaseWish>): PricedPurchase {
  const outcome = quotePurchase({ ...wish, ...change });
  if (outcome.kind === 'refused') throw new Error(`refused: ${outcome.code}`);
  return outcome.quote;
}

describe('published prices', () => {
  // Brazil, BRL a seat and month as shown on 26 August 2026: at the rate of that day, without centavos.
  test.each([
    ['base', 7_700n, [77, 69, 65, 58]],
    ['advanced', 12_900n, [129, 115, 108, 97]],
    ['pro', 23_200n, [232, 206, 194, 174]],
  ])('the Brazilian ladder of %s follows from its first step', (id, firstMinor, ladder) => {
    const usd = { base: 15, advanced: 25, pro: 45 }[id] ?? 0;
    const periods = [6, 9, 12, 24];
    const terms = periods.map((periodMonths) =>
      quoted({ workspace: brazil, plan: id, seats: 1, periodMonths, now: beforeSeptember }),
    );
    expect(terms.map((quote) => quote.unitPriceMinor)).toEqual(periods.map(() => firstMinor));
    // The page converts each monthly price from dollars on its own, so the ladder is compared at its exchange rate.
    const shown = terms.map((quote) => Math.round((usd * 5.161 * quote.payMonths) / quote.periodMonths));
    expect(shown).toEqual(ladder);
  });

  test.each([
    [15, 'base', beforeSeptember, [90, 120, 150, 270]],
    [25, 'advanced', beforeSeptember, [150, 200, 250, 450]],
    [25, 'base', wish.now, [150, 200, 250, 450]],
    [35, 'advanced', wish.now, [210, 280, 350, 630]],
    [45, 'pro', wish.now, [270, 360, 450, 810]],
  ])('USD %d a month (%s) for 6, 9, 12 and 24 months', (monthly, id, now, amounts) => {
    const quotes = [6, 9, 12, 24].map((periodMonths) => quoted({ plan: id, seats: 1, periodMonths, now }));
    expect(quotes.map((quote) => quote.amountMinor)).toEqual(amounts.map((amount) => BigInt(amount) * 100n));
    expect(quotes.map((quote) => quote.unitPriceMinor)).toEqual(quotes.map(() => BigInt(monthly) * 100n));
  });

  test.each([
    ['base', 10_400n],
    ['advanced', 15_600n],
    ['pro', 23_400n],
  ])('Brazil buys %s at %d from September 2026 on', (id, monthlyMinor) => {
    const quote = quoted({ workspace: brazil, plan: id, seats: 3, periodMonths: 12 });
    expect(quote).toMatchObject({ currency: 'BRL', unitPriceMinor: monthlyMinor, amountMinor: monthlyMinor * 30n });
  });
});

test('a quote explains its amount', () => {
  expect(quoted({ periodMonths: 9 })).toEqual({
    kind: 'purchase',
    plan: 'advanced',
    seats: 5,
    periodMonths: 9,
    payMonths: 8,
    priceListId: '*-2026-09-01',
    catalogueVersion: 'test',
    currency: 'USD',
    unitPriceMinor: 3_500n,
    amountMinor: 140_000n,
    lines: [
      {
        description: { kind: 'plan-seats', plan: 'advanced', planName: 'Advanced', periodMonths: 9 },
        quantity: 5,
        unitMinor: 28_000n,
        amountMinor: 140_000n,
        derivation: { seats: 5, monthlyMinor: 3_500n, payMonths: 8 },
      },
    ],
    startsOn: '2026-09-15',
    endsOn: '2027-06-15',
    anchorOn: '2026-09-15',
    trialDaysAdded: 0,
    atRenewal: {
      ...{ on: '2027-06-15', plan: 'advanced', seats: 5, periodMonths: 9, priceListId: '*-2026-09-01' },
      ...{ amountMinor: 140_000n, lines: quoted({ periodMonths: 9 }).lines },
    },
    changes: [
      { on: 'payment', what: 'plan', from: null, to: 'advanced' },
      { on: 'payment', what: 'seats', from: null, to: '5' },
      { on: 'payment', what: 'end', from: null, to: '2027-06-15' },
    ],
  });
});

describe('days of a trial', () => {
  test.each([
    ['2026-09-25', 10, '2027-03-25'],
    ['2026-09-16', 1, '2027-03-16'],
    ['2026-09-15', 0, '2027-03-15'],
    ['2026-01-01', 0, '2027-03-15'],
  ])('that ends on %s add %d', (trialEndsOn, trialDaysAdded, endsOn) => {
    const quote = quoted({ trialEndsOn: civilDate(trialEndsOn) });
    expect(quote).toMatchObject({ trialDaysAdded, startsOn: '2026-09-15', endsOn, amountMinor: 105_000n });
    // The next term counts from the end that was moved.
    expect(quote.anchorOn).toBe(trialDaysAdded > 0 ? endsOn : '2026-09-15');
    expect(quote.atRenewal?.on).toBe(endsOn);
    expect(quote.changes.at(-1)).toEqual({ on: 'payment', what: 'end', from: null, to: endsOn });
  });
});

describe('the price list', () => {
  test('is the newest that is valid on the day of the workspace', () => {
    const lastMinute = new Date('2026-09-01T03:59:59Z');
    const firstMinute = new Date('2026-09-01T04:00:00Z');
    expect(quoted({ now: lastMinute, plan: 'base' }).unitPriceMinor).toBe(1_500n);
    expect(quoted({ now: firstMinute, plan: 'base' }).unitPriceMinor).toBe(2_500n);
  });

  test('never changes the currency of a country with lists of its own', () => {
    expect(priceListFor(catalogue, 'BR', civilDate('2019-12-31'))).toBeUndefined();
    expect([currencyFor(catalogue, 'BR'), currencyFor(catalogue, 'US')]).toEqual(['BRL', 'USD']);
  });
});

describe('refusals', () => {
  const huge = { ...catalogue, priceLists: [priceList('*', 'USD', '2020-01-01', [1n, 50_000_000n, 1n])] };
  test.each<[Partial<PurchaseWish>, string, string, string]>([
    [{ plan: 'gold' }, 'plan_unknown', 'plan', 'gold'],
    [{ plan: 'constructor' }, 'plan_unknown', 'plan', 'constructor'],
    [{ plan: 'enterprise' }, 'plan_on_request', 'plan', 'enterprise'],
    [{ periodMonths: 7 }, 'period_unknown', 'periodMonths', '7'],
    [{ seats: 0 }, 'seats_out_of_range', 'seats', '0'],
    [{ seats: -1 }, 'seats_out_of_range', 'seats', '-1'],
    [{ seats: 1.5 }, 'seats_out_of_range', 'seats', '1.5'],
    [{ seats: 1e9 }, 'seats_out_of_range', 'seats', '1000000000'],
    [{ seats: Number.NaN }, 'seats_out_of_range', 'seats', 'NaN'],
    [{ catalogue: huge, seats: 10_000 }, 'amount_out_of_range', 'amountMinor', '3000000000000'],
    [{ now: new Date('2019-01-01T00:00:00Z') }, 'price_list_missing', 'currency', 'none'],
    [{ workspace: { ...brazil, currency: 'USD' } }, 'price_list_missing', 'currency', 'BRL'],
  ])('%j: %s', (change, code, field, found) => {
    expect(quotePurchase({ ...wish, ...change })).toMatchObject({ kind: 'refused', code, field, found });
  });

  test('say what would be accepted', () => {
    expect(quotePurchase({ ...wish, periodMonths: 7 })).toMatchObject({ wanted: 'one of 6, 9, 12, 24' });
    expect(quotePurchase({ ...wish, plan: 'x' })).toMatchObject({ wanted: 'one of base, advanced, pro' });
  });
});

describe('the canonical text', () => {
  test('is the same for equal quotes, whatever the order of their fields', () => {
    const quote = quoted({});
    const turned = Object.fromEntries(Object.entries(quote).reverse()) as PricedPurchase;
    expect(canonicalQuote(turned)).toBe(canonicalQuote(quote));
    expect(canonicalQuote(quote)).toMatch(
      /^\{"amountMinor":"105000","anchorOn":"2026-09-15","atRenewal":\{"amountMinor":/,
    );
  });

  test('differs when anything differs', () => {
    const texts = [{}, { seats: 6 }, { periodMonths: 9 }, { plan: 'pro' }, { now: beforeSeptember }].map((change) =>
      canonicalQuote(quoted(change)),
    );
    expect(new Set(texts).size).toBe(texts.length);
  });
});
