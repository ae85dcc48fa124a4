import { describe, expect, test } from '@jest/globals';
import { smallCatalogue, smallSubscription, smallWish } from '../../../test/support/small-catalogue.js';
import { civilDate } from './calendar.js';
import type { ChangeRequest, ChangeWish, SubscriptionToChange } from './change-ground.js';
import type { PricedChange } from './priced-change.js';
import { quoteChange } from './quote-change.js';

type AddOnWish = Extract<ChangeRequest, { kind: 'add-on' }>;
const wanted: AddOnWish = { kind: 'add-on', addOn: 'credits', packages: 2, termMonths: 3 };
const year: SubscriptionToChange = {
  ...{ ...smallSubscription, periodMonths: 12 },
  terms: [{ startsOn: civilDate('2026-07-01'), endsOn: civilDate('2027-07-01'), periodMonths: 12 }],
};

function quoted(
  change: ChangeRequest,
  held: Partial<SubscriptionToChange> = {},
  more: Partial<ChangeWish> = {},
): PricedChange {
  const outcome = quoteChange({ ...smallWish, subscription: { ...smallSubscription, ...held }, ...more, change });
  if (outcome.kind === 'refused') throw new Error(`refused: ${outcome.code}`);
  return outcome.quote;
}

describe('packages', () => {
  test('cost their months, leave the plan alone, and go on with it where they end with it', () => {
    const quote = quoted(wanted);
    expect(quote).toMatchObject({
      ...{ kind: 'add-on', plan: 'base', seats: 3, priceListId: 'old', amountMinor: 15_000n },
      ...{ startsOn: '2026-10-01', endsOn: '2027-01-01', anchorOn: '2026-07-01' },
      basis: { plan: 'base', seats: 3, priceListId: 'old', endsOn: '2027-01-01' },
      addOn: { id: 'credits', packages: 2, termMonths: 3, endsOn: '2027-01-01' },
      changes: [{ on: 'payment', what: 'add-on', from: null, to: '2 × credits' }],
    });
    expect(quote.lines).toEqual([
      {
        description: { kind: 'add-on', addOn: 'credits', addOnName: '5,000 credits', months: 3 },
        ...{ quantity: 2, unitMinor: 7_500n, amountMinor: 15_000n },
        derivation: { packages: 2, monthlyMinor: 2_500n, months: 3 },
      },
    ]);
    // 3 × 15.00 × 6, and 2 × 25.00 × 6.
    expect(quote.atRenewal).toMatchObject({ amountMinor: 57_000n, lines: [{ quantity: 3 }, { quantity: 2 }] });
  });

  test('that end before the plan say when, and are not renewed', () => {
    const quote = quoted(wanted, year);
    expect(quote.changes).toEqual([
      { on: 'payment', what: 'add-on', from: null, to: '2 × credits' },
      { on: '2027-01-01', what: 'add-on', from: '2 × credits', to: null },
    ]);
    expect(quote.atRenewal).toMatchObject({ on: '2027-07-01', amountMinor: 45_000n, lines: [{ quantity: 3 }] });
  });

  test('that the next plan does not count end with this one', () => {
    const calls = { ...wanted, addOn: 'calls' };
    const quote = quoted(calls, { plan: 'pro', scheduled: { plan: 'base' } });
    expect(quote.changes).toEqual([
      { on: 'payment', what: 'add-on', from: null, to: '2 × calls' },
      { on: '2027-01-01', what: 'add-on', from: '2 × calls', to: null },
      { on: '2027-01-01', what: 'plan', from: 'pro', to: 'base' },
    ]);
    expect(quote.atRenewal?.lines).toHaveLength(1);
    expect(quoted(calls, { plan: 'pro' }).atRenewal?.lines).toHaveLength(2);
  });

  test.each([
    ['2026-10-31T23:59:59Z', 'UTC', '2027-01-01'],
    ['2026-11-01T00:00:00Z', 'UTC', '2027-02-01'],
    ['2026-11-01T02:00:00Z', 'America/New_York', '2027-01-01'],
  ])('bought at %s in %s end on %s', (now, timeZone, endsOn) => {
    const workspace = { ...smallWish.workspace, timeZone };
    expect(quoted(wanted, year, { now: new Date(now), workspace }).addOn?.endsOn).toBe(endsOn);
  });

  test('cost what the own list says, or else the open one of the first day', () => {
    const own = smallCatalogue.priceLists.map((list) =>
      list.id === 'deal' ? { ...list, monthlyPriceMinorByAddOn: { credits: 1_000n } } : list,
    );
    const contract = { ...year, plan: 'big', seats: 5, priceListId: 'deal' };
    expect(quoted(wanted, contract).amountMinor).toBe(15_000n);
    expect(quoted(wanted, contract, { catalogue: { ...smallCatalogue, priceLists: own } }).amountMinor).toBe(6_000n);
    expect(quoted(wanted, { ...year, priceListId: 'new' }).amountMinor).toBe(17_400n);
  });
});

describe('a whole term takes along', () => {
  const packages = (addOn: string, endsOn: string) => ({ addOn, packages: 4, endsOn: civilDate(endsOn) });

  test.each<[ChangeRequest, string, readonly bigint[]]>([
    [{ kind: 'renewal' }, '2027-01-01', [27_000n, 60_000n]],
    [{ kind: 'renewal' }, '2026-12-01', [27_000n]],
    [{ kind: 'extension', periodMonths: 12 }, '2027-01-01', [45_000n, 120_000n]],
  ])('%j packages that end on %s', (change, endsOn, amounts) => {
    const quote = quoted(change, { addOns: [packages('credits', endsOn)] });
    expect(quote.lines.map((line) => line.amountMinor)).toEqual(amounts);
    expect(quote.amountMinor).toBe(amounts.reduce((sum, one) => sum + one, 0n));
    expect(quote.atRenewal?.lines).toHaveLength(amounts.length);
  });

  test('nothing that its plan does not count, and that is then gone for good', () => {
    const addOns = [packages('calls', '2027-01-01')];
    const quote = quoted({ kind: 'renewal' }, { plan: 'pro', scheduled: { plan: 'base' }, addOns });
    expect(quote.lines.map(({ description }) => description.kind)).toEqual(['plan-seats']);
    const upgraded = quoted({ kind: 'extension', periodMonths: 6 }, { scheduled: { plan: 'pro' }, addOns });
    expect([upgraded.lines.length, upgraded.atRenewal?.lines.length]).toEqual([1, 1]);
  });

  test('nothing that is no longer sold', () => {
    const addOns = [packages('gone', '2027-01-01')];
    expect(quoted({ kind: 'renewal' }, { addOns }).lines).toHaveLength(1);
  });
});

describe('refused packages', () => {
  test.each<[Partial<AddOnWish>, Partial<SubscriptionToChange>, string, string, string]>([
    [{ addOn: 'gold' }, {}, 'add_on_unknown', 'addOn', 'one of credits, calls'],
    [{ addOn: 'calls' }, {}, 'add_on_not_available', 'addOn', 'calls is none there'],
    [{ packages: 0 }, {}, 'packages_out_of_range', 'packages', 'from 1 to 100'],
    [{ packages: 101 }, {}, 'packages_out_of_range', 'packages', 'from 1 to 100'],
    [{ packages: 1.5 }, {}, 'packages_out_of_range', 'packages', 'from 1 to 100'],
    [{ addOn: 'calls', packages: 21 }, { plan: 'pro' }, 'packages_out_of_range', 'packages', 'from 1 to 20'],
    [{ termMonths: 4 }, {}, 'add_on_term_unknown', 'termMonths', 'one of 3, 6'],
    [{ termMonths: 6 }, {}, 'add_on_outlives_plan', 'termMonths', 'one of 3, which end by 2027-01-01'],
  ])('%j for %j: %s', (change, held, code, field, text) => {
    const subscription = { ...smallSubscription, ...held };
    expect(quoteChange({ ...smallWish, subscription, change: { ...wanted, ...change } })).toMatchObject({
      ...{ kind: 'refused', code, field, wanted: expect.stringContaining(text) },
    });
  });

  test('say to extend the plan when no term fits any more', () => {
    const late = quoteChange({ ...smallWish, change: wanted, now: new Date('2026-11-02T00:00:00Z') });
    expect(late).toMatchObject({ code: 'add_on_outlives_plan', wanted: expect.stringContaining('extend it first') });
    const over = quoteChange({ ...smallWish, change: wanted, now: new Date('2027-01-01T00:00:00Z') });
    expect(over).toMatchObject({ code: 'subscription_ended' });
  });

  test('where nothing is sold, nothing is named', () => {
    const none = { ...smallCatalogue, addOns: [] };
    expect(quoteChange({ ...smallWish, catalogue: none, change: wanted })).toMatchObject({ wanted: 'no add-on' });
  });

  test('where a contract has the limit without end', () => {
    const endless = smallCatalogue.priceLists.map((list) => {
      if (list.contract === undefined) return list;
      return { ...list, contract: { ...list.contract, limits: { credits: { kind: 'unlimited' as const } } } };
    });
    const subscription = { ...year, plan: 'big', seats: 5, priceListId: 'deal' };
    const outcome = quoteChange({
      ...{ ...smallWish, subscription, change: wanted },
      catalogue: { ...smallCatalogue, priceLists: endless },
    });
    expect(outcome).toMatchObject({ code: 'add_on_not_available', wanted: expect.stringContaining('unlimited') });
  });
});
