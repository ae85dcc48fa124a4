import { civilDate } from '@billfleet/domain';
import type { Catalogue, ChangeWish, LimitRules, Plan, PriceList, SubscriptionToChange } from '@billfleet/domain';
import { renewalRules } from './renewal-rules.js';

/** The workspace that has a contract in the small catalogue. */
export const acme = '0191b7a0-0000-7000-8000-00000000000a';

const plan = (id: string, limits: LimitRules, sold: Plan['sold'] = 'self-service'): Plan => ({
  ...{ id, name: id.toUpperCase(), sold, limits, features: [] },
});
const list = (
  id: string,
  validFrom: string,
  prices: Record<string, bigint>,
  more: Partial<PriceList> = {},
): PriceList => ({
  ...{ id, region: '*', currency: 'USD', validFrom: civilDate(validFrom) },
  monthlyPriceMinorBySeat: prices,
  monthlyPriceMinorByAddOn: {},
  ...more,
});
const credits = { kind: 'per-seat', amount: 100 } as const;

/**
 * Four plans, an older and a newer list, and a contract for 12 months and 5 seats or more; 6 months cost 6 and 12 cost 10.
 * Credits are counted by every plan but `big`, which has them without end; calls are counted by `pro` alone.
 */
export const smallCatalogue: Catalogue = {
  version: 'small',
  limits: [
    { name: 'credits', label: 'Credits', resets: 'monthly' },
    { name: 'calls', label: 'Calls', resets: 'monthly' },
  ],
  plans: [
    plan('base', { credits, calls: { kind: 'none' } }),
    plan('advanced', { credits, calls: { kind: 'none' } }),
    plan('pro', { credits, calls: { kind: 'flat', amount: 500 } }),
    plan('big', { credits: { kind: 'unlimited' }, calls: { kind: 'flat', amount: 500 } }, 'on-request'),
  ],
  priceLists: [
    list(
      'old',
      '2020-01-01',
      { base: 1_500n, advanced: 2_500n, pro: 4_500n },
      {
        monthlyPriceMinorByAddOn: { credits: 2_500n, calls: 1_500n },
      },
    ),
    list(
      'new',
      '2026-09-01',
      { base: 2_500n, advanced: 3_500n, pro: 4_500n },
      {
        monthlyPriceMinorByAddOn: { credits: 2_900n, calls: 1_500n },
      },
    ),
    list(
      'deal',
      '2026-01-01',
      { big: 3_800n },
      {
        workspaceId: acme,
        contract: {
          plan: 'big',
          seatsMin: 5,
          periodMonths: [12],
          limits: { credits: { kind: 'flat', amount: 9_000 } },
        },
      },
    ),
  ],
  periods: [
    { months: 6, payMonths: 6 },
    { months: 12, payMonths: 10 },
  ],
  addOns: [
    { id: 'credits', name: '5,000 credits', limit: 'credits', amount: 5_000, termMonths: [3, 6], packagesMax: 100 },
    { id: 'calls', name: '5,000 calls', limit: 'calls', amount: 5_000, termMonths: [3], packagesMax: 20 },
  ],
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

const startsOn = civilDate('2026-07-01');

/** Three seats of `base` for six months from 1 July 2026 on, at the older list, paid in full. */
export const smallSubscription: SubscriptionToChange = {
  ...{ plan: 'base', seats: 3, periodMonths: 6, anchorOn: startsOn, autoRenewal: false },
  terms: [{ startsOn, endsOn: civilDate('2027-01-01'), periodMonths: 6, paidMinor: 27_000n }],
};

/** Half of the term of the small subscription is left. */
export const smallWish: Omit<ChangeWish, 'change'> = {
  catalogue: smallCatalogue,
  workspace: { id: acme, country: 'US', currency: 'USD', timeZone: 'UTC' },
  subscription: smallSubscription,
  now: new Date('2026-10-01T00:00:00Z'),
};
