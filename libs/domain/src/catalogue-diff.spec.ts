import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { renewalRules } from '../../../test/support/renewal-rules.js';
import { civilDate } from './calendar.js';
import { diffCatalogues } from './catalogue-diff.js';
import type { AddOn, Catalogue, PriceList } from './catalogue.js';

const general: PriceList = {
  ...{ id: 'general', region: '*', currency: 'USD', validFrom: civilDate('2026-09-01') },
  monthlyPriceMinorBySeat: { base: 1_500n, pro: 4_500n },
  monthlyPriceMinorByAddOn: { 'more-leads': 2_500n },
};
const moreLeads: AddOn = {
  ...{ id: 'more-leads', name: 'More leads', limit: 'leads', amount: 5, termMonths: [3, 6], packagesMax: 20 },
};
const older: Catalogue = {
  version: '1',
  limits: [{ name: 'leads', label: 'Leads', resets: 'never' }],
  plans: [
    {
      id: 'base',
      name: 'Base',
      sold: 'self-service',
      limits: { leads: { kind: 'per-seat', amount: 5 } },
      features: ['a', 'b'],
    },
    { id: 'pro', name: 'Pro', sold: 'self-service', limits: { leads: { kind: 'unlimited' } }, features: [] },
  ],
  priceLists: [general],
  periods: [
    { months: 6, payMonths: 6 },
    { months: 12, payMonths: 10 },
  ],
  addOns: [moreLeads],
  installments: [{ country: 'BR', max: 12, minMinor: 5_000n }],
  seats: { min: 1, max: 100 },
  trial: { days: 14, limits: { leads: { kind: 'none' } } },
  pendingOrder: { orderDays: 7, pixHours: 24, overdueDays: 30 },
  quoteMinutes: 30,
  sellers: [],
  renewal: renewalRules,
  usage: { thresholdsPercent: [75, 90, 100], breachHours: 24 },
  convention: 'day',
};

describe('what differs between two catalogues', () => {
  test('nothing, when the same stands in another order', () => {
    const turned: Catalogue = {
      ...older,
      plans: older.plans.toReversed().map((plan) => ({ ...plan, features: plan.features.toReversed() })),
      periods: older.periods.toReversed(),
    };
    expect(diffCatalogues(older, turned)).toEqual([]);
  });

  test.each<[string, Partial<Catalogue>, object]>([
    [
      'a price that rose',
      { priceLists: [{ ...general, monthlyPriceMinorBySeat: { base: 2_500n, pro: 4_500n } }] },
      {
        section: 'priceLists',
        what: 'general base',
        kind: 'changed',
        from: '15.00 USD',
        to: '25.00 USD',
        percent: '+66.67',
      },
    ],
    [
      'a price that fell',
      { priceLists: [{ ...general, monthlyPriceMinorBySeat: { base: 1_500n, pro: 4_499n } }] },
      { section: 'priceLists', what: 'general pro', from: '45.00 USD', to: '44.99 USD', percent: '-0.02' },
    ],
    [
      'a price that is gone',
      { priceLists: [{ ...general, monthlyPriceMinorBySeat: { base: 1_500n } }] },
      { what: 'general pro', kind: 'removed', from: '45.00 USD' },
    ],
    [
      'a period that became a percentage',
      {
        periods: [
          { months: 6, payMonths: 6 },
          { months: 12, payMonths: 12, percentOff: '12.5' },
        ],
      },
      { section: 'periods', what: '12 months', kind: 'changed', from: 'pays 10 months', to: '12.5 % off' },
    ],
    [
      'an add-on',
      { addOns: [{ ...moreLeads, amount: 6, termMonths: [6, 3] }] },
      {
        ...{ section: 'addOns', what: 'more-leads', kind: 'changed' },
        from: 'More leads, 5 more of leads a package, 1 to 20 packages, for 3, 6 months',
        to: 'More leads, 6 more of leads a package, 1 to 20 packages, for 3, 6 months',
      },
    ],
    [
      'the terms and the most packages of an add-on',
      { addOns: [{ ...moreLeads, termMonths: [12], packagesMax: 1 }] },
      { what: 'more-leads', to: 'More leads, 5 more of leads a package, 1 to 1 packages, for 12 months' },
    ],
    [
      'an add-on that is new',
      { addOns: [moreLeads, { ...moreLeads, id: 'extra' }] },
      { section: 'addOns', what: 'extra', kind: 'added' },
    ],
    ['an add-on that is gone', { addOns: [] }, { section: 'addOns', what: 'more-leads', kind: 'removed' }],
    [
      'a price of an add-on that rose',
      { priceLists: [{ ...general, monthlyPriceMinorByAddOn: { 'more-leads': 3_000n } }] },
      {
        ...{ section: 'priceLists', what: 'general add-on more-leads', kind: 'changed' },
        ...{ from: '25.00 USD', to: '30.00 USD', percent: '+20.00' },
      },
    ],
    [
      'a price of an add-on that is gone',
      { priceLists: [{ ...general, monthlyPriceMinorByAddOn: {} }] },
      { what: 'general add-on more-leads', kind: 'removed', from: '25.00 USD' },
    ],
    [
      'a price of an add-on that is new',
      { priceLists: [{ ...general, monthlyPriceMinorByAddOn: { 'more-leads': 2_500n, extra: 1n } }] },
      { what: 'general add-on extra', kind: 'added', to: '0.01 USD' },
    ],
    [
      'how often a renewal is charged',
      { renewal: { ...renewalRules, dunning: { ...renewalRules.dunning, chargeHours: [0, 48] } } },
      { section: 'rules', what: 'charges while declined', from: 'after 0, 24, 48, 72 hours', to: 'after 0, 48 hours' },
    ],
    [
      'what a decline comes to',
      {
        renewal: {
          ...renewalRules,
          dunning: {
            ...renewalRules.dunning,
            onDecline: { ...renewalRules.dunning.onDecline, hard: 'retry' },
          },
        },
      },
      { section: 'rules', what: 'decline hard', from: 'ask-for-another-method', to: 'retry' },
    ],
    [
      'the hours of reminders',
      { renewal: { ...renewalRules, mailHours: { from: 8, to: 20 } } },
      { section: 'rules', what: 'hours of reminders', from: '9 to 18', to: '8 to 20' },
    ],
    [
      'the days of grace',
      { renewal: { ...renewalRules, graceDays: 0 } },
      { section: 'rules', what: 'grace', from: '3 days after the end', to: '0 days after the end' },
    ],
    ['the convention', { convention: 'second' }, { section: 'rules', what: 'proration', from: 'day', to: 'second' }],
    [
      'a limit of the trial',
      { trial: { days: 14, limits: { leads: { kind: 'per-seat-from', included: 3, perSeat: 1, fromSeat: 2 } } } },
      { section: 'limits', what: 'free trial leads', from: 'none', to: '3, and 1 for each seat from number 2 on' },
    ],
    ['a rule', { seats: { min: 2, max: 100 } }, { section: 'rules', what: 'seats', from: '1 to 100', to: '2 to 100' }],
  ])('%s', (_case, change, wanted) => {
    const changes = diffCatalogues(older, { ...older, ...change });
    expect(changes).toHaveLength(1);
    expect(changes[0]).toMatchObject(wanted);
  });

  test('a contract, with whose it is and what was agreed', () => {
    const contract: PriceList = {
      ...general,
      ...{ id: 'acme', workspaceId: 'w1', monthlyPriceMinorBySeat: { pro: 3_800n }, monthlyPriceMinorByAddOn: {} },
      contract: { plan: 'pro', seatsMin: 50, periodMonths: [12], limits: { leads: { kind: 'flat', amount: 7 } } },
    };
    const changes = diffCatalogues(older, { ...older, priceLists: [general, contract] });
    expect(changes).toEqual([
      {
        ...{ section: 'priceLists', what: 'acme', kind: 'added' },
        to: 'region *, USD, from 2026-09-01, only for workspace w1, contract for pro, from 50 seats, 12 months',
      },
      { section: 'priceLists', what: 'acme pro', kind: 'added', to: '38.00 USD' },
      { section: 'limits', what: 'contract acme leads', kind: 'added', to: '7' },
    ]);
  });

  test('names that a plan, a list and the trial share are kept apart', () => {
    const limits = (amount: number) => ({ leads: { kind: 'flat', amount } as const });
    const plan = (amount: number) => ({
      ...{ id: 'trial', name: 'Trial', sold: 'self-service' as const, limits: limits(amount), features: [] },
    });
    const list: PriceList = {
      ...general,
      ...{ id: 'trial', workspaceId: 'w1', monthlyPriceMinorBySeat: { trial: 1n } },
      contract: { plan: 'trial', limits: limits(3) },
    };
    const shared: Catalogue = { ...older, plans: [plan(1)], priceLists: [list] };
    expect(diffCatalogues(shared, { ...shared, plans: [plan(2)] })).toEqual([
      { section: 'limits', what: 'trial leads', kind: 'changed', from: '1', to: '2' },
    ]);
  });

  test('an add-on that took the id of a plan is not taken for a dearer plan', () => {
    const renamed: Catalogue = {
      ...older,
      plans: older.plans.filter(({ id }) => id !== 'pro'),
      addOns: [{ ...moreLeads, id: 'pro' }],
      priceLists: [
        { ...general, monthlyPriceMinorBySeat: { base: 1_500n }, monthlyPriceMinorByAddOn: { pro: 9_900n } },
      ],
    };
    expect(diffCatalogues(older, renamed).filter(({ kind }) => kind === 'changed')).toEqual([]);
  });

  test('read backwards it tells the same with old and new changed over', () => {
    const price = fc.bigInt({ min: 1n, max: 10n ** 9n });
    fc.assert(
      fc.property(price, price, fc.integer({ min: 1, max: 6 }), (base, pro, payMonths) => {
        const newer: Catalogue = {
          ...older,
          periods: [{ months: 6, payMonths }],
          priceLists: [{ ...general, monthlyPriceMinorBySeat: { base, pro } }],
        };
        const there = diffCatalogues(older, newer).map(({ what, from, to }) => ({ what, from, to }));
        const back = diffCatalogues(newer, older).map(({ what, from, to }) => ({ what, from: to, to: from }));
        const byWhat = (left: { what: string }, right: { what: string }) => (left.what < right.what ? -1 : 1);
        expect(there.toSorted(byWhat)).toEqual(back.toSorted(byWhat));
      }),
      { numRuns: 1_000 },
    );
  });
});
