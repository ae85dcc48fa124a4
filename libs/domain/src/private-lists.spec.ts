import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { renewalRules } from '../../../test/support/renewal-rules.js';
import { civilDate } from './calendar.js';
import { limitsUnder, planById, priceListById, priceListFor, withContracts } from './catalogue.js';
import type { Catalogue, PriceList } from './catalogue.js';
import { quoteChange } from './quote-change.js';
import type { ChangeRequest } from './change-ground.js';
import { quotePurchase } from './quote.js';

const acme = '0191b7a0-0000-7000-8000-00000000000a';
const other = '0191b7a0-0000-7000-8000-00000000000b';
const list = (id: string, validFrom: string, prices: PriceList['monthlyPriceMinorBySeat'], more = {}): PriceList => ({
  id,
  region: '*',
  currency: 'USD',
  validFrom: civilDate(validFrom),
  monthlyPriceMinorBySeat: prices,
  monthlyPriceMinorByAddOn: {},
  ...more,
});

const catalogue: Catalogue = {
  version: 'test',
  limits: [{ name: 'leads', label: 'Leads', resets: 'never' }],
  plans: [
    { id: 'base', name: 'Base', sold: 'self-service', limits: { leads: { kind: 'flat', amount: 5 } }, features: [] },
    { id: 'pro', name: 'Pro', sold: 'self-service', limits: { leads: { kind: 'flat', amount: 9 } }, features: [] },
    { id: 'big', name: 'Big', sold: 'on-request', limits: { leads: { kind: 'none' } }, features: [] },
  ],
  priceLists: [
    list('general', '2026-01-01', { base: 2_500n, pro: 4_500n }),
    list('acme-pro', '2026-02-01', { pro: 3_000n }, { workspaceId: acme }),
    list(
      'acme-contract',
      '2026-03-01',
      { big: 3_800n },
      {
        workspaceId: acme,
        contract: { plan: 'big', seatsMin: 50, periodMonths: [12], limits: { leads: { kind: 'unlimited' } } },
      },
    ),
    list('general-later', '2026-06-01', { base: 2_900n, pro: 4_900n }),
  ],
  periods: [
    { months: 6, payMonths: 6 },
    { months: 12, payMonths: 12, percentOff: '12.5' },
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

const workspace = { country: 'US', currency: 'USD', timeZone: 'UTC' } as const;
const now = new Date('2026-09-01T12:00:00Z');
const buy = (id: string | undefined, plan: string, seats: number, periodMonths = 12) =>
  quotePurchase({
    ...{ catalogue, plan, seats, periodMonths, now },
    workspace: id === undefined ? workspace : { ...workspace, id },
  });

describe('a private list', () => {
  const idOf = (workspaceId: string | undefined, plan: string | undefined, day: string) =>
    priceListFor(catalogue, 'US', civilDate(day), { workspaceId, plan })?.id;

  test.each([
    [acme, 'pro', '2026-09-01', 'acme-pro'],
    [acme, 'base', '2026-09-01', 'general-later'],
    [acme, 'big', '2026-09-01', 'acme-contract'],
    [acme, undefined, '2026-09-01', 'acme-contract'],
    [acme, 'pro', '2026-01-31', 'general'],
    [other, 'pro', '2026-09-01', 'general-later'],
    [undefined, 'pro', '2026-09-01', 'general-later'],
  ])('%s buying %s on %s gets %s', (workspaceId, plan, day, wanted) => {
    expect(idOf(workspaceId, plan, day)).toBe(wanted);
  });

  test('is found by its id for its workspace alone', () => {
    expect(priceListById(catalogue, 'acme-pro', acme)?.id).toBe('acme-pro');
    expect(priceListById(catalogue, 'acme-pro', other)).toBeUndefined();
    expect(priceListById(catalogue, 'acme-pro', undefined)).toBeUndefined();
    expect(priceListById(catalogue, 'general', other)?.id).toBe('general');
  });

  test('is never given to anybody else, whatever the day, the country and the plan', () => {
    const day = fc.integer({ min: 0, max: 1_000 }).map((days) => new Date(Date.UTC(2026, 0, 1) + days * 86_400_000));
    fc.assert(
      fc.property(fc.uuid(), fc.constantFrom('base', 'pro', 'big'), day, (workspaceId, plan, at) => {
        const found = priceListFor(catalogue, 'US', civilDate(at.toISOString().slice(0, 10)), { workspaceId, plan });
        expect(found?.workspaceId).toBeUndefined();
      }),
      { numRuns: 10_000 },
    );
  });
});

describe('a purchase under a contract', () => {
  test('costs what was agreed, with the percentage of the term', () => {
    // 38.00 × 12 × 87.5 / 100 = 399.00
    expect(buy(acme, 'big', 50)).toMatchObject({
      kind: 'quoted',
      quote: { priceListId: 'acme-contract', amountMinor: 1_995_000n, payMonths: 12, percentOff: '12.5' },
    });
  });

  test.each([
    ['fewer seats', acme, 49, 12, 'seats_out_of_range'],
    ['another term', acme, 50, 6, 'period_unknown'],
    ['somebody else', other, 50, 12, 'plan_on_request'],
    ['nobody known', undefined, 50, 12, 'plan_on_request'],
  ])('is refused to %s', (_case, id, seats, months, code) => {
    expect(buy(id, 'big', seats, months)).toMatchObject({ kind: 'refused', code });
  });

  test('gives the agreed limits, and only with the agreed plan', () => {
    const limits = (plan: string, listId: string) => {
      const found = planById(catalogue, plan);
      return found === undefined ? undefined : limitsUnder(catalogue, found, listId);
    };
    expect(limits('big', 'acme-contract')).toEqual({ leads: { kind: 'unlimited' } });
    expect(limits('big', 'general')).toEqual({ leads: { kind: 'none' } });
    expect(limits('pro', 'acme-contract')).toEqual({ leads: { kind: 'flat', amount: 9 } });
  });
});

describe('a change under a private list', () => {
  const change = (id: string, [plan, priceListId]: readonly [string, string], wanted: ChangeRequest) =>
    quoteChange({
      catalogue,
      workspace: { ...workspace, id },
      subscription: {
        ...{ plan, priceListId, seats: 50, periodMonths: 12, anchorOn: civilDate('2026-09-01'), autoRenewal: false },
        terms: [{ startsOn: civilDate('2026-09-01'), endsOn: civilDate('2027-09-01'), periodMonths: 12 }],
      },
      change: wanted,
      now,
    });

  test('adds seats at the agreed price and renews at it', () => {
    expect(change(acme, ['big', 'acme-contract'], { kind: 'add-seats', seats: 2 })).toMatchObject({
      kind: 'quoted',
      quote: { amountMinor: 79_800n, atRenewal: { amountMinor: 52n * 39_900n } },
    });
  });

  test('an upgrade on the first day costs the difference of the two prices that are shown', () => {
    const upgraded = change(acme, ['base', 'general'], { kind: 'upgrade', plan: 'pro' });
    expect(upgraded).toMatchObject({ kind: 'quoted', quote: { amountMinor: 50n * (47_250n - 26_250n) } });
  });

  test('an upgrade to the plan of the contract goes over to its list', () => {
    // 50 × 12 months, less 12.5 %: of 38.00 that is 399.00 a seat, and of 30.00 it is 315.00.
    const upgraded = change(acme, ['pro', 'acme-pro'], { kind: 'upgrade', plan: 'big' });
    expect(upgraded).toMatchObject({
      kind: 'quoted',
      quote: { priceListId: 'acme-contract', amountMinor: 50n * (39_900n - 31_500n) },
    });
  });

  test.each<[string, string, readonly [string, string], ChangeRequest, string]>([
    ['of another workspace', other, ['big', 'acme-contract'], { kind: 'renewal' }, 'plan_on_request'],
    ['of another workspace', other, ['pro', 'acme-pro'], { kind: 'renewal' }, 'price_list_missing'],
    ['without the plan', acme, ['base', 'acme-pro'], { kind: 'renewal' }, 'price_list_missing'],
    ['to a contract of another', other, ['base', 'general'], { kind: 'upgrade', plan: 'big' }, 'plan_on_request'],
    ['to a plan that it lacks', acme, ['pro', 'acme-pro'], { kind: 'upgrade', plan: 'base' }, 'not_an_upgrade'],
    ['for a term not agreed', acme, ['big', 'acme-contract'], { kind: 'extension', periodMonths: 6 }, 'period_unknown'],
  ])('is refused %s', (_case, id, held, wanted, code) => {
    expect(change(id, held, wanted)).toMatchObject({ kind: 'refused', code });
  });
});

describe('contracts that were made outside of the file', () => {
  const made = (id: string, validFrom: string, more = {}): PriceList =>
    list(id, validFrom, { big: 5_000n }, { workspaceId: other, contract: { plan: 'big', seatsMin: 3 }, ...more });
  const idFor = (lists: readonly PriceList[], day: string, workspaceId = other): string | undefined =>
    priceListFor(withContracts(catalogue, lists), 'US', civilDate(day), { workspaceId, plan: 'big' })?.id;

  test('are lists of their workspace alone, from their first day on', () => {
    const lists = [made('made', '2026-07-01')];
    expect(idFor(lists, '2026-07-01')).toBe('made');
    expect(idFor(lists, '2026-06-30')).toBe('general-later');
    expect(idFor(lists, '2026-07-01', acme)).toBe('acme-contract');
    expect(priceListById(withContracts(catalogue, lists), 'made', acme)).toBeUndefined();
  });

  test('of two from the same day the newer one, which comes first, counts', () => {
    expect(idFor([made('newer', '2026-07-01'), made('older', '2026-07-01')], '2026-07-02')).toBe('newer');
  });

  test('that were withdrawn price nothing new and still hold for what was sold under them', () => {
    const lists = [made('gone', '2026-07-01', { withdrawn: true }), made('kept', '2026-06-15')];
    expect(idFor(lists, '2026-07-02')).toBe('kept');
    expect(priceListById(withContracts(catalogue, lists), 'gone', other)?.id).toBe('gone');
  });

  test('leave the catalogue as it is where there are none', () => {
    expect(withContracts(catalogue, [])).toBe(catalogue);
  });
});
