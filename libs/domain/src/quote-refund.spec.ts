import { describe, expect, test } from '@jest/globals';
import { smallSubscription, smallWish } from '../../../test/support/small-catalogue.js';
import { civilDate } from './calendar.js';
import type { ChangeRequest, ChangeWish, PaidTerm, SubscriptionToChange } from './change-ground.js';
import type { PricedChange } from './priced-change.js';
import { quoteChange } from './quote-change.js';

const wishOf = (
  change: ChangeRequest,
  held: Partial<SubscriptionToChange>,
  now = '2026-10-01T00:00:00Z',
): ChangeWish => ({
  ...{ ...smallWish, subscription: { ...smallSubscription, ...held }, change },
  now: new Date(now),
});
function refunded(seats?: number, held: Partial<SubscriptionToChange> = {}, now?: string): PricedChange {
  const outcome = quoteChange(wishOf(seats === undefined ? { kind: 'refund' } : { kind: 'refund', seats }, held, now));
  if (outcome.kind === 'refused') throw new Error(`refused: ${outcome.code}`);
  return outcome.quote;
}
const [first] = smallSubscription.terms;
const paid = (paidMinor: bigint): Partial<SubscriptionToChange> => ({ terms: [{ ...first, paidMinor }] });

describe('seats that are given back', () => {
  test('give the rest of their term back, by the rule by which they are added', () => {
    const quote = refunded(2);
    expect(quote).toMatchObject({
      ...{ kind: 'refund', plan: 'base', seats: 1, amountMinor: -9_000n, startsOn: '2026-10-01', endsOn: '2027-01-01' },
      basis: { plan: 'base', seats: 3, priceListId: 'old', endsOn: '2027-01-01' },
      changes: [{ on: 'confirmation', what: 'seats', from: '3', to: '1' }],
      atRenewal: { seats: 1, amountMinor: 9_000n },
    });
    expect(quote.lines).toMatchObject([
      {
        description: { kind: 'returned-seats', plan: 'base' },
        ...{ quantity: 2, unitMinor: -9_000n, amountMinor: -9_000n },
        derivation: { monthlyMinor: 1_500n, payMonths: 6, proration: { term: { left: 92n, whole: 184n } } },
      },
    ]);
    expect(quote.lines[0]?.derivation).not.toHaveProperty('proration.capMinor');
  });

  test('all of them end the subscription today, and nothing is left to renew', () => {
    const quote = refunded();
    expect(quote).toMatchObject({ seats: 0, amountMinor: -13_500n, startsOn: '2026-10-01', endsOn: '2026-10-01' });
    expect(quote).not.toHaveProperty('atRenewal');
    expect(quote.changes).toEqual([
      { on: 'confirmation', what: 'seats', from: '3', to: '0' },
      { on: 'confirmation', what: 'end', from: '2027-01-01', to: '2026-10-01' },
    ]);
    expect(refunded(3)).toEqual(quote);
  });

  test.each([
    ['2026-07-01T00:00:00Z', -27_000n],
    ['2026-07-01T23:59:59Z', -27_000n],
    ['2026-07-02T00:00:00Z', -26_853n],
    ['2026-12-31T23:59:59Z', -147n],
  ])('at %s: the day of the refund counts as left', (now, amountMinor) => {
    expect(refunded(undefined, {}, now).amountMinor).toBe(amountMinor);
  });

  test('give no more back than was paid for the term', () => {
    const quote = refunded(undefined, paid(10_000n));
    expect(quote.amountMinor).toBe(-10_000n);
    expect(quote.lines[0]?.derivation).toMatchObject({ proration: { roundedMinor: -13_500n, capMinor: 10_000n } });
    expect(refunded(2, paid(10_000n)).amountMinor).toBe(-9_000n);
  });

  test('are counted for each paid term by the list that it was sold under', () => {
    const next: PaidTerm = {
      ...{ startsOn: civilDate('2027-01-01'), endsOn: civilDate('2027-07-01'), periodMonths: 6 },
      ...{ priceListId: 'new', paidMinor: 45_000n },
    };
    const amounts = (terms: SubscriptionToChange['terms'], now?: string) =>
      refunded(1, { terms }, now).lines.map((line) => line.amountMinor);
    expect(amounts([first, next])).toEqual([-4_500n, -15_000n]);
    expect(amounts([first, next], '2027-01-01T00:00:00Z')).toEqual([-15_000n]);
    const { paidMinor: _, ...free } = next;
    expect(amounts([first, free])).toEqual([-4_500n, 0n]);
  });

  test('leave what is scheduled for the next term', () => {
    expect(refunded(1, { scheduled: { seats: 5 } })).toMatchObject({ seats: 2, atRenewal: { seats: 5 } });
  });
});

test.each<[ChangeRequest, Partial<SubscriptionToChange>, string, string, string]>([
  [{ kind: 'refund', seats: 0 }, {}, '2026-10-01T00:00:00Z', 'seats_out_of_range', 'from 1 to 3'],
  [{ kind: 'refund', seats: 4 }, {}, '2026-10-01T00:00:00Z', 'seats_out_of_range', 'from 1 to 3'],
  [{ kind: 'refund', seats: 0.5 }, {}, '2026-10-01T00:00:00Z', 'seats_out_of_range', 'from 1 to 3'],
  [{ kind: 'refund' }, paid(0n), '2026-10-01T00:00:00Z', 'nothing_to_refund', 'paid days that are left'],
  [{ kind: 'refund' }, {}, '2027-01-01T00:00:00Z', 'subscription_ended', 'a day after today'],
])('%j of %j at %s is refused: %s', (change, held, now, code, wanted) => {
  const outcome = quoteChange(wishOf(change, held, now));
  expect(outcome).toMatchObject({ kind: 'refused', code, wanted: expect.stringContaining(wanted) });
});
