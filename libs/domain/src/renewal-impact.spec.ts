import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { renewalRules } from '../../../test/support/renewal-rules.js';
import { civilDate } from './calendar.js';
import type { Catalogue, PriceList } from './catalogue.js';
import { renewalImpact, totalImpacts } from './renewal-impact.js';
import type { RunningSubscription } from './renewal-impact.js';

const acme = '0191b7a0-0000-7000-8000-00000000000a';
const list = (id: string, validFrom: string, base: bigint, more: Partial<PriceList> = {}): PriceList => ({
  ...{ id, region: '*', currency: 'USD', validFrom: civilDate(validFrom), monthlyPriceMinorBySeat: { base } },
  monthlyPriceMinorByAddOn: {},
  ...more,
});
const present: Catalogue = {
  version: '1',
  limits: [],
  plans: [{ id: 'base', name: 'Base', sold: 'self-service', limits: {}, features: [] }],
  priceLists: [
    list('general', '2026-01-01', 1_500n),
    list('brazil', '2026-01-01', 7_700n, { region: 'BR', currency: 'BRL' }),
  ],
  periods: [
    { months: 6, payMonths: 6 },
    { months: 12, payMonths: 10 },
  ],
  addOns: [],
  installments: [],
  seats: { min: 1, max: 100 },
  trial: { days: 14, limits: {} },
  pendingOrder: { orderDays: 7, pixHours: 24, overdueDays: 30 },
  quoteMinutes: 30,
  sellers: [],
  renewal: renewalRules,
  usage: { thresholdsPercent: [75, 90, 100], breachHours: 24 },
  convention: 'day',
};
const next: Catalogue = { ...present, priceLists: [...present.priceLists, list('newer', '2026-12-01', 2_500n)] };
const running: RunningSubscription = {
  ...{ workspaceId: acme, country: 'US', currency: 'USD', plan: 'base', seats: 3, periodMonths: 12 },
  ...{ priceList: 'general', endsOn: civilDate('2027-01-01') },
};

describe('what a new catalogue means for a renewal', () => {
  test('the present price stays, and the new one is told beside it', () => {
    expect(renewalImpact({ present, next }, running)).toEqual({
      ...running,
      presentMinor: 45_000n,
      keptMinor: 45_000n,
      offered: { priceList: 'newer', amountMinor: 75_000n, differenceMinor: 30_000n },
    });
  });

  describe('with tax', () => {
    const name = { en: 'VAT', es: 'IVA', 'pt-BR': 'IVA' };
    const rule = (id: string, validFrom: string, percent: string) =>
      ({ id, regions: ['*'], validFrom: civilDate(validFrom), kind: 'exclusive', percent, name }) as const;
    const taxed: Catalogue = { ...present, taxes: [rule('old', '2020-01-01', '19')] };
    const raised: Catalogue = { ...next, taxes: [rule('old', '2020-01-01', '19'), rule('new', '2027-01-01', '21')] };

    test('what is charged is told before and after, by the rule of the day on which the term begins', () => {
      const charged = {
        present: { amountMinor: 53_550n, taxMinor: 8_550n },
        kept: { amountMinor: 54_450n, taxMinor: 9_450n },
        offered: { amountMinor: 90_750n, taxMinor: 15_750n },
      };
      const impact = renewalImpact({ present: taxed, next: raised }, running);
      expect(impact).toMatchObject({ presentMinor: 45_000n, keptMinor: 45_000n, charged });
      expect(impact).not.toHaveProperty('fault');
      expect(totalImpacts([impact, impact]).get('USD')).toMatchObject({
        charged: { presentMinor: 107_100n, keptMinor: 108_900n, differenceMinor: 1_800n },
      });
      const before = renewalImpact({ present: taxed, next: raised }, { ...running, endsOn: civilDate('2026-12-31') });
      expect(before.charged?.kept).toEqual(charged.present);
    });

    test('a company pays no tax that it owes itself, and where nobody is taxed nothing is said', () => {
      const reversed: Catalogue = {
        ...next,
        taxes: [{ ...rule('r', '2020-01-01', '19'), kind: 'reverse-charge', otherwise: 'exclusive' }],
      };
      const company = { ...running, taxNumberCountry: 'US' };
      expect(renewalImpact({ present, next: reversed }, company).charged).toMatchObject({
        present: { amountMinor: 45_000n, taxMinor: 0n },
        kept: { amountMinor: 45_000n, taxMinor: 0n },
      });
      expect(renewalImpact({ present, next }, running)).not.toHaveProperty('charged');
    });
  });

  test('a renewal before the first day of the new list is offered the old one', () => {
    const before = { ...running, endsOn: civilDate('2026-11-30') };
    expect(renewalImpact({ present, next }, before).offered).toEqual({
      ...{ priceList: 'general', amountMinor: 45_000n, differenceMinor: 0n },
    });
  });

  test('a list of its own stands before that of everybody', () => {
    const own = { ...next, priceLists: [...next.priceLists, list('own', '2026-12-01', 1_000n, { workspaceId: acme })] };
    expect(renewalImpact({ present, next: own }, running).offered?.differenceMinor).toBe(-15_000n);
    expect(renewalImpact({ present, next: own }, { ...running, workspaceId: 'x' }).offered?.priceList).toBe('newer');
  });

  test.each<[string, Catalogue, object]>([
    [
      'its list is gone',
      { ...next, priceLists: next.priceLists.slice(1) },
      { fault: 'list-missing', presentMinor: 45_000n },
    ],
    ['its plan is gone', { ...next, plans: [] }, { fault: 'plan-missing' }],
    ['its period is gone', { ...next, periods: [{ months: 6, payMonths: 6 }] }, { fault: 'period-missing' }],
    [
      'its list costs something else',
      { ...next, priceLists: [list('general', '2026-01-01', 1_600n)] },
      { fault: 'price-changed', keptMinor: 48_000n },
    ],
    [
      'its period costs something else',
      { ...next, periods: [{ months: 12, payMonths: 12, percentOff: '10' }] },
      { fault: 'price-changed', keptMinor: 48_600n },
    ],
  ])('tells that %s', (_case, faulty, wanted) => {
    expect(renewalImpact({ present, next: faulty }, running)).toMatchObject(wanted);
  });

  test('a contract that asks for more seats or another term is no offer', () => {
    const contract = (agreed: object) =>
      list('own', '2026-12-01', 1_000n, { workspaceId: acme, contract: { plan: 'base', ...agreed } });
    const offer = (agreed: object) =>
      renewalImpact({ present, next: { ...next, priceLists: [...next.priceLists, contract(agreed)] } }, running)
        .offered;
    expect(offer({})?.priceList).toBe('own');
    expect(offer({ seatsMin: 4 })).toBeUndefined();
    expect(offer({ periodMonths: [6] })).toBeUndefined();
  });

  test('a list that is missing now already is priced from the new file', () => {
    const late = { ...running, priceList: 'newer' };
    expect(renewalImpact({ present, next }, late)).toMatchObject({
      presentMinor: 75_000n,
      offered: { differenceMinor: 0n },
    });
  });
});

describe('totals', () => {
  test('are kept apart by currency, and count what could not be compared', () => {
    const brazil = { ...running, country: 'BR', currency: 'BRL', priceList: 'brazil' } as const;
    const lost = { ...running, plan: 'gone' };
    const impacts = [running, brazil, lost].map((one) => renewalImpact({ present, next }, one));
    expect([...totalImpacts(impacts).values()]).toEqual([
      {
        ...{ currency: 'USD', subscriptions: 2, compared: 1, faults: 1 },
        ...{ presentMinor: 45_000n, newMinor: 75_000n, differenceMinor: 30_000n },
        charged: { presentMinor: 45_000n, keptMinor: 45_000n, differenceMinor: 0n },
      },
      {
        ...{ currency: 'BRL', subscriptions: 1, compared: 1, faults: 0 },
        ...{ presentMinor: 231_000n, newMinor: 231_000n, differenceMinor: 0n },
        charged: { presentMinor: 231_000n, keptMinor: 231_000n, differenceMinor: 0n },
      },
    ]);
  });

  test('come out the same however the subscriptions are cut into pages', () => {
    const one = fc.record({
      seats: fc.integer({ min: 1, max: 1_000_000 }),
      periodMonths: fc.constantFrom(6, 12, 24),
      country: fc.constantFrom('US', 'BR'),
    });
    fc.assert(
      fc.property(fc.array(one, { maxLength: 6 }), fc.nat({ max: 6 }), (wanted, cut) => {
        const impacts = wanted.map(({ country, ...rest }) => {
          const market = country === 'BR' ? ({ currency: 'BRL', priceList: 'brazil' } as const) : {};
          return renewalImpact({ present, next }, { ...running, ...rest, country, ...market });
        });
        const paged = totalImpacts(impacts.slice(cut), totalImpacts(impacts.slice(0, cut)));
        const sums = [...paged.values()];
        const shown = (totals: typeof paged): string =>
          JSON.stringify([...totals.values()], (_key, one: unknown) => (typeof one === 'bigint' ? String(one) : one));
        const areDifferences = sums.every((sum) => sum.newMinor - sum.presentMinor === sum.differenceMinor);
        return areDifferences && shown(paged) === shown(totalImpacts(impacts));
      }),
      { numRuns: 10_000 },
    );
  });
});
