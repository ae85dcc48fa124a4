import { describe, expect, test } from '@jest/globals';
import { acme, smallCatalogue, smallSubscription, smallWish } from '../../../test/support/small-catalogue.js';
import { civilDate } from './calendar.js';
import type { ChangeRequest, ChangeWish, NextTerm, SubscriptionToChange } from './change-ground.js';
import type { PricedChange } from './priced-change.js';
import type { QuoteEffect } from './quote.js';
import { quoteChange } from './quote-change.js';

type Held = Partial<SubscriptionToChange>;

function quoted(change: ChangeRequest, held: Held = {}, more: Partial<ChangeWish> = {}): PricedChange {
  const outcome = quoteChange({ ...smallWish, subscription: { ...smallSubscription, ...held }, ...more, change });
  if (outcome.kind === 'refused') throw new Error(`refused: ${outcome.code} ${outcome.wanted}`);
  return outcome.quote;
}
const refusalOf = (change: ChangeRequest, held: Held = {}) =>
  quoteChange({ ...smallWish, subscription: { ...smallSubscription, ...held }, change });
const schedule = (next: NextTerm): ChangeRequest => ({ kind: 'scheduled-change', ...next });
const told = ({ on, what, from, to }: QuoteEffect): string => `${on} ${what} ${String(from)} ${String(to)}`;
const atEnd = (what: string, from: string, to: string): string => `2027-01-01 ${what} ${from} ${to}`;

describe('a scheduled change', () => {
  test.each<[NextTerm, Held, bigint, readonly string[]]>([
    [{ seats: 2 }, {}, 18_000n, [atEnd('seats', '3', '2')]],
    [{ plan: 'pro' }, {}, 81_000n, [atEnd('plan', 'base', 'pro')]],
    [{ periodMonths: 12 }, {}, 45_000n, [atEnd('period', '6', '12')]],
    [
      { plan: 'base', seats: 1, periodMonths: 12 },
      { plan: 'pro' },
      15_000n,
      [atEnd('plan', 'pro', 'base'), atEnd('seats', '3', '1'), atEnd('period', '6', '12')],
    ],
    [{ seats: 2 }, { scheduled: { plan: 'pro' } }, 54_000n, [atEnd('plan', 'base', 'pro'), atEnd('seats', '3', '2')]],
    [{ plan: 'base', seats: 3, periodMonths: 6 }, { scheduled: { plan: 'pro', seats: 9 } }, 27_000n, []],
    [{ seats: 2 }, { nextPriceListId: 'new' }, 30_000n, [atEnd('seats', '3', '2'), atEnd('price-list', 'old', 'new')]],
    [{}, { scheduled: { seats: 1 } }, 9_000n, [atEnd('seats', '3', '1')]],
  ])('to %j of %j costs nothing now and %d then', (next, held, amountMinor, changes) => {
    const quote = quoted(schedule(next), held);
    expect(quote).toMatchObject({
      ...{ kind: 'scheduled-change', amountMinor: 0n, lines: [], seats: 3, periodMonths: 6, priceListId: 'old' },
      ...{ startsOn: '2026-10-01', endsOn: '2027-01-01', plan: held.plan ?? 'base' },
      atRenewal: { on: '2027-01-01', amountMinor },
    });
    expect(quote.changes.map(told)).toEqual(changes);
  });

  test('begins when all that is paid is over', () => {
    const [first] = smallSubscription.terms;
    const next = { startsOn: civilDate('2027-01-01'), endsOn: civilDate('2028-01-01'), periodMonths: 12 };
    expect(quoted(schedule({ seats: 1 }), { terms: [first, next] }).changes.map(told)).toEqual([
      '2028-01-01 seats 3 1',
    ]);
  });

  test('to a contract takes its price, its term and its list', () => {
    const quote = quoted(schedule({ plan: 'big', seats: 6 }));
    expect(quote.atRenewal).toMatchObject({ priceListId: 'deal', periodMonths: 12, amountMinor: 6n * 38_000n });
    expect(quote.changes.map(told)).toEqual([
      atEnd('plan', 'base', 'big'),
      atEnd('seats', '3', '6'),
      atEnd('period', '6', '12'),
      atEnd('price-list', 'old', 'deal'),
    ]);
  });

  test.each<[NextTerm, Held, string, string, string]>([
    [{}, {}, 'nothing_changes', 'plan', 'another plan'],
    [{ plan: 'base', seats: 3, periodMonths: 6 }, {}, 'nothing_changes', 'plan', 'another plan'],
    [{ seats: 0 }, {}, 'seats_out_of_range', 'seats', 'from 1 to 10000'],
    [{ seats: 10_001 }, {}, 'seats_out_of_range', 'seats', 'from 1 to 10000'],
    [{ seats: 2.5 }, {}, 'seats_out_of_range', 'seats', 'from 1 to 10000'],
    [{ periodMonths: 7 }, {}, 'period_unknown', 'periodMonths', 'one of 6, 12'],
    [{ plan: 'gold' }, {}, 'plan_unknown', 'plan', 'one of'],
    [{ plan: 'big' }, {}, 'seats_out_of_range', 'seats', 'at least the 5 seats'],
    [{ plan: 'big', seats: 5, periodMonths: 6 }, {}, 'period_unknown', 'periodMonths', 'one of 12'],
    // What was scheduled before is still there, and has its own conditions.
    [{ seats: 4 }, { scheduled: { plan: 'big', seats: 5 } }, 'seats_out_of_range', 'seats', 'at least the 5 seats'],
    [{ periodMonths: 6 }, { scheduled: { plan: 'big', seats: 5 } }, 'period_unknown', 'periodMonths', 'one of 12'],
  ])('to %j of %j is refused: %s', (next, held, code, field, wanted) => {
    const outcome = refusalOf(schedule(next), held);
    expect(outcome).toMatchObject({ kind: 'refused', code, field, wanted: expect.stringContaining(wanted) });
  });

  test('to a contract of somebody else is refused, and so is any after the end', () => {
    const workspace = { ...smallWish.workspace, id: acme.replace('a', 'b') };
    const other = quoteChange({ ...smallWish, workspace, change: schedule({ plan: 'big', seats: 5 }) });
    expect(other).toMatchObject({ code: 'plan_on_request' });
    const late = quoteChange({ ...smallWish, now: new Date('2027-01-01T00:00:00Z'), change: schedule({ seats: 1 }) });
    expect(late).toMatchObject({ code: 'subscription_ended' });
  });
});

describe('the renewal that follows', () => {
  const renewal = { kind: 'renewal' } as const;
  const scheduled = { plan: 'advanced', seats: 2, periodMonths: 12 };
  const changes = ['plan base advanced', 'seats 3 2', 'period 6 12'];

  test.each([
    ['2026-12-28', '2027-01-01', '2027-01-01'],
    ['2027-01-01', '2027-01-01', 'payment'],
    ['2027-01-03', '2027-01-01', 'payment'],
    ['2027-01-04', '2027-01-04', 'payment'],
  ])('on %s buys what was scheduled from %s on; it changes on %s', (today, from, on) => {
    const quote = quoted(renewal, { scheduled }, { now: new Date(`${today}T12:00:00Z`) });
    expect(quote).toMatchObject({ ...scheduled, startsOn: from, amountMinor: 50_000n });
    expect(quote.changes.slice(0, 3).map(told)).toEqual(changes.map((one) => `${on} ${one}`));
    expect(quote.changes.at(3)).toMatchObject({ on: 'payment', what: 'end', from: '2027-01-01', to: quote.endsOn });
    // What was scheduled is bought, so nothing changes after it.
    expect(quote.changes).toHaveLength(4);
    expect(quote.atRenewal).toMatchObject({ on: quote.endsOn, ...scheduled, amountMinor: 50_000n });
  });

  test('is priced at the list that staff chose, or at the present one where that does not sell the plan', () => {
    expect(quoted(renewal, { nextPriceListId: 'new' })).toMatchObject({ priceListId: 'new', amountMinor: 45_000n });
    expect(quoted(renewal, { nextPriceListId: 'deal' })).toMatchObject({ priceListId: 'old', amountMinor: 27_000n });
    expect(quoted(renewal, { nextPriceListId: 'gone' })).toMatchObject({ priceListId: 'old' });
    expect(quoted({ kind: 'add-seats', seats: 1 }, { nextPriceListId: 'new' })).toMatchObject({
      ...{ priceListId: 'old', amountMinor: 4_500n },
      atRenewal: { priceListId: 'new', amountMinor: 60_000n },
      changes: [{ what: 'seats' }, { on: '2027-01-01', what: 'price-list', from: 'old', to: 'new' }],
    });
  });

  test('comes after an extension, which buys the present term once more', () => {
    const quote = quoted({ kind: 'extension', periodMonths: 6 }, { scheduled: { seats: 1 } });
    expect(quote).toMatchObject({ seats: 3, amountMinor: 27_000n, atRenewal: { seats: 1, on: '2027-07-01' } });
    expect(quote.changes.map(told)).toEqual(['payment end 2027-01-01 2027-07-01', '2027-07-01 seats 3 1']);
  });
});

describe('an upgrade to a contract', () => {
  test('costs the difference to what was paid under the old list, for the rest of its term', () => {
    const quote = quoted({ kind: 'upgrade', plan: 'big' }, { seats: 5 });
    // 5 × (38.00 − 15.00) × 6 × 92/184
    expect(quote).toMatchObject({ plan: 'big', priceListId: 'deal', seats: 5, amountMinor: 34_500n });
    expect(quote.basis).toMatchObject({ plan: 'base', priceListId: 'old' });
    expect(quote.changes.map(told)).toEqual([
      'payment plan base big',
      'payment period 6 12',
      'payment price-list old deal',
    ]);
    expect(quote.atRenewal).toMatchObject({ priceListId: 'deal', periodMonths: 12, amountMinor: 5n * 38_000n });
  });

  test('asks for its seats, which may be added at once', () => {
    expect(refusalOf({ kind: 'upgrade', plan: 'big' })).toMatchObject({
      ...{ code: 'seats_out_of_range', found: '3', wanted: 'at least the 5 seats of the contract' },
    });
    const both = quoted({ kind: 'upgrade-and-add-seats', plan: 'big', seats: 2 });
    expect(both.lines.map((line) => line.amountMinor)).toEqual([20_700n, 22_800n]);
  });

  test('charges each paid term by the list that it was sold under', () => {
    const [first] = smallSubscription.terms;
    const next = {
      startsOn: civilDate('2027-01-01'),
      endsOn: civilDate('2027-07-01'),
      periodMonths: 6,
      priceListId: 'new',
    };
    const quote = quoted({ kind: 'upgrade', plan: 'pro' }, { terms: [first, next] });
    // 3 × (45.00 − 15.00) × 6 × 92/184, and 3 × (45.00 − 25.00) × 6
    expect(quote.lines.map((line) => line.amountMinor)).toEqual([27_000n, 36_000n]);
    const added = quoted({ kind: 'add-seats', seats: 1 }, { terms: [first, next] });
    expect(added.lines.map((line) => line.amountMinor)).toEqual([4_500n, 15_000n]);
  });

  test('to one that costs less is none', () => {
    const cheap = smallCatalogue.priceLists.map((list) =>
      list.id === 'deal' ? { ...list, monthlyPriceMinorBySeat: { big: 1_500n } } : list,
    );
    const catalogue = { ...smallCatalogue, priceLists: cheap };
    const outcome = quoteChange({ ...smallWish, catalogue, change: { kind: 'upgrade', plan: 'big' } });
    expect(outcome).toMatchObject({ code: 'not_an_upgrade', wanted: 'one of advanced, pro' });
  });
});

test('the convention is the catalogue’s, unless the wish has another', () => {
  const catalogue = { ...smallCatalogue, convention: 'month-30-360' } as const;
  const now = new Date('2026-10-02T00:00:00Z');
  const cost = (more: Partial<ChangeWish>) => quoted({ kind: 'add-seats', seats: 1 }, {}, { now, ...more }).amountMinor;
  expect(cost({})).toBe(4_451n);
  expect(cost({ catalogue })).toBe(4_450n);
  expect(cost({ catalogue, convention: 'day' })).toBe(4_451n);
});

test('an upgrade that would be cheaper than what a later term was sold for is planned instead', () => {
  const [first] = smallSubscription.terms;
  const dear = { startsOn: first.endsOn, endsOn: civilDate('2027-07-01'), periodMonths: 6, priceListId: 'dear' };
  const priceLists = smallCatalogue.priceLists.map((list) =>
    list.id === 'new' ? { ...list, id: 'dear', monthlyPriceMinorBySeat: { base: 9_900n, pro: 9_950n } } : list,
  );
  const outcome = quoteChange({
    ...smallWish,
    catalogue: { ...smallCatalogue, priceLists },
    subscription: { ...smallSubscription, terms: [first, dear] },
    change: { kind: 'upgrade', plan: 'pro' },
  });
  expect(outcome).toMatchObject({ kind: 'refused', code: 'not_an_upgrade', found: 'pro' });
  expect(outcome).toMatchObject({ wanted: expect.stringContaining('planned from 2027-07-01 on') });
});
