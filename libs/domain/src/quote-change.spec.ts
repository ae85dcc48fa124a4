import { describe, expect, test } from '@jest/globals';
import { renewalRules } from '../../../test/support/renewal-rules.js';
import { civilDate, startOfDay } from './calendar.js';
import type { Catalogue, Plan, PriceList } from './catalogue.js';
import { quoteChange } from './quote-change.js';
import type { ChangeRequest, ChangeWish, SubscriptionToChange } from './change-ground.js';
import type { PricedChange } from './priced-change.js';

const plan = (id: string, sold: Plan['sold'] = 'self-service'): Plan => ({
  id,
  name: id,
  sold,
  limits: {},
  features: [],
});
const list = (id: string, validFrom: string, base: bigint, advanced: bigint, pro: bigint): PriceList => ({
  ...{ id, region: '*', currency: 'USD' },
  validFrom: civilDate(validFrom),
  monthlyPriceMinorBySeat: { base, advanced, pro },
  monthlyPriceMinorByAddOn: {},
});
const catalogue: Catalogue = {
  version: 'test',
  limits: [],
  plans: [plan('base'), plan('advanced'), plan('pro'), plan('enterprise', 'on-request')],
  priceLists: [list('old', '2020-01-01', 1_500n, 2_500n, 4_500n), list('new', '2026-09-01', 2_500n, 3_500n, 4_500n)],
  periods: [
    { months: 6, payMonths: 6 },
    { months: 12, payMonths: 10 },
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

const startsOn = civilDate('2026-07-01');
const subscription: SubscriptionToChange = {
  plan: 'base',
  seats: 3,
  periodMonths: 6,
  anchorOn: startsOn,
  terms: [{ startsOn, endsOn: civilDate('2027-01-01'), periodMonths: 6 }],
  autoRenewal: false,
};
const wish: Omit<ChangeWish, 'change'> = {
  catalogue,
  workspace: { country: 'US', currency: 'USD', timeZone: 'UTC' },
  subscription,
  now: new Date('2026-10-01T00:00:00Z'),
};

function quoted(change: ChangeRequest, other: Partial<ChangeWish> = {}): PricedChange {
  const outcome = quoteChange({ ...wish, ...other, change });
  if (outcome.kind === 'refused') throw new Error(`refused: ${outcome.code}`);
  return outcome.quote;
}

describe('both at once', () => {
  const both = quoted({ kind: 'upgrade-and-add-seats', plan: 'advanced', seats: 2 });

  test('upgrades the old seats, then adds seats at the new plan, on the list that the subscription keeps', () => {
    expect(both).toMatchObject({
      plan: 'advanced',
      seats: 5,
      priceListId: 'old',
      currency: 'USD',
      amountMinor: 24_000n,
    });
    expect(both.lines).toMatchObject([
      { description: { kind: 'plan-upgrade', fromPlan: 'base' }, quantity: 3, unitMinor: 6_000n, amountMinor: 9_000n },
      { description: { kind: 'added-seats' }, quantity: 2, unitMinor: 15_000n, amountMinor: 15_000n },
    ]);
  });

  test('leaves the end, and says what the renewal then costs', () => {
    expect(both).toMatchObject({ startsOn: '2026-10-01', endsOn: '2027-01-01', anchorOn: '2026-07-01' });
    expect(both.atRenewal).toEqual({
      ...{ on: '2027-01-01', plan: 'advanced', seats: 5, periodMonths: 6, priceListId: 'old', amountMinor: 75_000n },
      lines: [
        {
          description: { kind: 'plan-seats', plan: 'advanced', planName: 'advanced', periodMonths: 6 },
          ...{ quantity: 5, unitMinor: 15_000n, amountMinor: 75_000n },
          derivation: { seats: 5, monthlyMinor: 2_500n, payMonths: 6 },
        },
      ],
    });
  });

  test('says what it was priced against, and what changes with the payment', () => {
    expect(both.basis).toEqual({ plan: 'base', seats: 3, priceListId: 'old', endsOn: '2027-01-01' });
    expect(both.changes).toEqual([
      { on: 'payment', what: 'plan', from: 'base', to: 'advanced' },
      { on: 'payment', what: 'seats', from: '3', to: '5' },
    ]);
  });

  test('explains every line from the monthly price on', () => {
    expect(both.lines[0]?.derivation).toMatchObject({
      ...{ monthlyMinor: 2_500n, fromMonthlyMinor: 1_500n, payMonths: 6 },
      proration: { currency: 'USD', quantity: 3, term: { left: 92n, whole: 184n }, amountMinor: 9_000n },
    });
  });
});

test('after an extension every paid term is charged for', () => {
  const next = { startsOn: civilDate('2027-01-01'), endsOn: civilDate('2028-01-01'), periodMonths: 12 };
  const terms = [...subscription.terms, next] as const;
  const extended = { ...subscription, terms: [terms[0], next] } satisfies SubscriptionToChange;
  const quote = quoted({ kind: 'add-seats', seats: 1 }, { subscription: extended });
  expect(quote.lines.map((line) => line.amountMinor)).toEqual([4_500n, 15_000n]);
  const later = quoted(
    { kind: 'add-seats', seats: 1 },
    { subscription: extended, now: new Date('2027-07-02T00:00:00Z') },
  );
  expect(later.lines.map((line) => line.amountMinor)).toEqual([7_521n]);
});

describe('whole terms', () => {
  const clamped: SubscriptionToChange = {
    ...subscription,
    anchorOn: civilDate('2026-08-31'),
    terms: [{ startsOn: civilDate('2026-08-31'), endsOn: civilDate('2027-02-28'), periodMonths: 6 }],
  };
  test.each([
    ['extension' as const, '2026-12-01', '2027-02-28', '2027-08-31'],
    ['extension' as const, '2027-03-01', '2027-03-01', '2027-09-01'],
    ['renewal' as const, '2027-03-02', '2027-02-28', '2027-08-31'],
    ['renewal' as const, '2027-03-03', '2027-03-03', '2027-09-03'],
  ])('%s on %s runs from %s to %s', (kind, today, from, to) => {
    const change: ChangeRequest = kind === 'extension' ? { kind, periodMonths: 6 } : { kind };
    const quote = quoted(change, { subscription: clamped, now: startOfDay(civilDate(today), 'UTC') });
    expect(quote).toMatchObject({ startsOn: from, endsOn: to, amountMinor: 27_000n });
  });
});

describe('refusals', () => {
  const ended = { ...subscription, terms: [{ startsOn, endsOn: civilDate('2026-10-01'), periodMonths: 6 }] } as const;
  const seats = { kind: 'add-seats', seats: 1 } as const;
  test.each<[ChangeRequest, Partial<SubscriptionToChange>, string, string, string]>([
    [{ kind: 'upgrade', plan: 'base' }, {}, 'not_an_upgrade', 'plan', 'one of advanced, pro'],
    [{ kind: 'upgrade', plan: 'base' }, { plan: 'pro' }, 'not_an_upgrade', 'plan', 'nothing more'],
    [{ kind: 'upgrade', plan: 'enterprise' }, {}, 'plan_on_request', 'plan', 'a plan with a list price'],
    [{ kind: 'upgrade', plan: 'gold' }, {}, 'plan_unknown', 'plan', 'one of base, advanced, pro'],
    [{ kind: 'add-seats', seats: 1.5 }, {}, 'seats_out_of_range', 'seats', 'from 1 to 9997'],
    [seats, { seats: 10_000 }, 'seats_out_of_range', 'seats', 'no more seats'],
    [seats, ended, 'subscription_ended', 'subscription.endsOn', 'renew it first'],
    [
      { kind: 'extension', periodMonths: 6 },
      { autoRenewal: true },
      'auto_renewal_on',
      'subscription.autoRenewal',
      'off',
    ],
    [{ kind: 'extension', periodMonths: 7 }, {}, 'period_unknown', 'periodMonths', 'one of 6, 12'],
    [{ kind: 'renewal' }, { periodMonths: 7 }, 'period_unknown', 'subscription.periodMonths', 'one of 6, 12'],
    [{ kind: 'renewal' }, { plan: 'enterprise' }, 'plan_on_request', 'subscription.plan', 'a contract'],
    [{ kind: 'renewal' }, { plan: 'gold' }, 'plan_unknown', 'subscription.plan', 'one of'],
    [{ kind: 'renewal' }, { priceListId: 'none' }, 'price_list_missing', 'subscription.priceListId', 'in USD'],
  ])('%j of %j: %s', (change, held, code, field, wanted) => {
    const outcome = quoteChange({ ...wish, subscription: { ...subscription, ...held }, change });
    expect(outcome).toMatchObject({ kind: 'refused', code, field, wanted: expect.stringContaining(wanted) });
  });
});
