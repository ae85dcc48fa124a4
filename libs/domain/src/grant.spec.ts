import { describe, expect, test } from '@jest/globals';
import { civilDate } from './calendar.js';
import { decideGrant, stillFits } from './grant.js';
import type { GrantQuestion, HeldSubscription, OrderKind, PaidOrder } from './grant.js';
import { InvariantError } from './invariant.js';

const day = civilDate;
const held: HeldSubscription = {
  ...{ status: 'active', plan: 'base', seats: 3, priceListId: 'old' },
  ...{ anchorOn: day('2026-07-01'), endsOn: day('2027-01-01') },
};
const basis = { plan: 'base', seats: 3, priceListId: 'old', endsOn: day('2027-01-01') };
const order = (kind: OrderKind, more: Partial<PaidOrder> = {}): PaidOrder => ({
  ...{ kind, plan: 'base', seats: 3, periodMonths: 6, priceListId: 'old' },
  ...(kind === 'purchase' ? {} : { basis }),
  ...(kind === 'add-on' ? { addOn: { id: 'credits', packages: 2, termMonths: 3 } } : {}),
  ...more,
});
const decide = (wanted: PaidOrder, more: Partial<GrantQuestion> = {}) =>
  decideGrant({ order: wanted, held, now: new Date('2026-10-01T12:00:00Z'), timeZone: 'UTC', graceDays: 3, ...more });
const on = (today: string): Partial<GrantQuestion> => ({ now: new Date(`${today}T12:00:00Z`) });
const firstPurchase = (more: Partial<Omit<GrantQuestion, 'held'>> = {}) =>
  decideGrant({
    order: order('purchase'),
    now: new Date('2026-10-01T12:00:00Z'),
    timeZone: 'UTC',
    graceDays: 3,
    ...more,
  });

const restKinds = ['upgrade', 'add-seats', 'upgrade-and-add-seats'] as const;

describe('a paid purchase', () => {
  test('gives its term from today on, and days of a trial on top', () => {
    const term = {
      kind: 'term',
      startsOn: '2026-10-01',
      endsOn: '2027-04-01',
      anchorOn: '2026-10-01',
      trialDaysAdded: 0,
    };
    expect(firstPurchase()).toEqual(term);
    const moved = { endsOn: '2027-04-06', anchorOn: '2027-04-06', trialDaysAdded: 5 };
    expect(firstPurchase({ trialEndsOn: day('2026-10-06') })).toEqual({ ...term, ...moved });
  });

  test('gives the days of the workspace’s zone', () => {
    const now = new Date('2026-10-01T02:00:00Z');
    expect(firstPurchase({ now, timeZone: 'America/Sao_Paulo' })).toMatchObject({ startsOn: '2026-09-30' });
  });

  test('paid a second time takes the next free days', () => {
    expect(decide(order('purchase'))).toMatchObject({ kind: 'term', startsOn: '2027-01-01', endsOn: '2027-07-01' });
  });

  test('after the end begins anew, without a trial', () => {
    const late = decide(order('purchase'), { ...on('2027-01-01'), trialEndsOn: day('2027-02-01') });
    expect(late).toMatchObject({ kind: 'term', startsOn: '2027-01-01', trialDaysAdded: 0 });
    const expired: HeldSubscription = { ...held, status: 'expired' };
    expect(decide(order('purchase'), { held: expired, ...on('2027-03-01') })).toMatchObject({ startsOn: '2027-03-01' });
  });

  test.each<[Partial<PaidOrder>]>([[{ plan: 'pro' }], [{ seats: 4 }], [{ priceListId: 'new' }]])(
    'of something else than what runs already goes back: %j',
    (more) => {
      expect(decide(order('purchase', more))).toEqual({ kind: 'refund', reason: 'subscription_exists' });
    },
  );

  test('of a closed subscription goes back', () => {
    const closed = decide(order('purchase'), { held: { ...held, status: 'closed' } });
    expect(closed).toEqual({ kind: 'refund', reason: 'subscription_ended' });
  });
});

describe.each(restKinds)('a paid order of the kind %s', (kind) => {
  test('gives plan and seats for the days that are paid', () => {
    expect(decide(order(kind))).toEqual({ kind: 'rest' });
  });

  test.each<[Partial<HeldSubscription>]>([
    [{ plan: 'pro' }],
    [{ seats: 4 }],
    [{ priceListId: 'new' }],
    [{ endsOn: day('2027-07-01') }],
  ])('goes back when %j is no longer what it was priced against', (change) => {
    const now = { held: { ...held, ...change } };
    expect(decide(order(kind), now)).toEqual({ kind: 'refund', reason: 'subscription_changed' });
    expect(stillFits(order(kind), now.held)).toBe(false);
  });

  test('goes back when the subscription is over', () => {
    const over = { kind: 'refund', reason: 'subscription_ended' };
    expect(decide(order(kind), on('2027-01-01'))).toEqual(over);
    expect(decide(order(kind), { held: { ...held, status: 'expired' } })).toEqual(over);
    expect(decide(order(kind), { held: { ...held, status: 'closed' } })).toEqual(over);
    const never = { order: order(kind), now: new Date('2026-10-01T12:00:00Z'), timeZone: 'UTC', graceDays: 3 };
    expect(decideGrant(never)).toEqual(over);
  });

  test('that does not say what it was priced against is a bug', () => {
    const { basis: _, ...bare } = order(kind);
    expect(() => decide(bare)).toThrow(InvariantError);
  });
});

describe.each(['extension', 'renewal'] as const)('a paid %s', (kind) => {
  test('gives the days after the paid ones', () => {
    expect(decide(order(kind))).toEqual({
      ...{ kind: 'term', startsOn: '2027-01-01', endsOn: '2027-07-01', anchorOn: '2026-07-01', trialDaysAdded: 0 },
    });
  });

  test('paid a second time takes the next free days, counted from the anchor', () => {
    const anchored: HeldSubscription = { ...held, anchorOn: day('2026-08-31'), endsOn: day('2027-02-28') };
    const term = decide(order(kind), { held: anchored });
    if (term.kind !== 'term') throw new Error(term.kind);
    expect(term).toMatchObject({ startsOn: '2027-02-28', endsOn: '2027-08-31' });
    const again = decide(order(kind), { held: { ...anchored, endsOn: term.endsOn } });
    expect(again).toMatchObject({ kind: 'term', startsOn: '2027-08-31', endsOn: '2028-02-29' });
    expect(stillFits(order(kind), { ...anchored, endsOn: term.endsOn })).toBe(true);
  });

  test.each<[Partial<HeldSubscription>]>([[{ plan: 'pro' }], [{ seats: 4 }], [{ priceListId: 'new' }]])(
    'goes back when the subscription has become %j',
    (change) => {
      const now = { held: { ...held, ...change } };
      expect(decide(order(kind), now)).toEqual({ kind: 'refund', reason: 'subscription_changed' });
      expect(stillFits(order(kind), now.held)).toBe(false);
    },
  );

  test('of a closed subscription, or of none, goes back', () => {
    const over = { kind: 'refund', reason: 'subscription_ended' };
    expect(decide(order(kind), { held: { ...held, status: 'closed' } })).toEqual(over);
    expect(decideGrant({ order: order(kind), now: new Date(), timeZone: 'UTC', graceDays: 3 })).toEqual(over);
  });

  test('of an expired subscription brings it back', () => {
    const expired: HeldSubscription = { ...held, status: 'expired' };
    expect(decide(order(kind), { held: expired, ...on('2027-02-10') })).toMatchObject({
      ...{ kind: 'term', startsOn: '2027-02-10', endsOn: '2027-08-10', anchorOn: '2027-02-10' },
    });
  });
});

describe('late money', () => {
  test.each([
    ['renewal', 3, '2027-01-03', '2027-01-01'],
    ['renewal', 3, '2027-01-04', '2027-01-04'],
    ['renewal', 0, '2027-01-01', '2027-01-01'],
    ['renewal', 0, '2027-01-02', '2027-01-02'],
    ['extension', 3, '2027-01-01', '2027-01-01'],
    ['extension', 3, '2027-01-02', '2027-01-02'],
  ] as const)('of a %s with %d days of grace on %s counts from %s', (kind, graceDays, today, startsOn) => {
    expect(decide(order(kind), { graceDays, ...on(today) })).toMatchObject({ kind: 'term', startsOn });
  });
});

describe('a paid add-on', () => {
  test('gives packages from the present month of the subscription on', () => {
    const term = { kind: 'add-on', startsOn: '2026-10-01', endsOn: '2027-01-01' };
    expect(decide(order('add-on'))).toEqual(term);
    expect(decide(order('add-on'), on('2026-10-31'))).toEqual(term);
  });

  test('fits any plan and number of seats, and a later end', () => {
    const changed: HeldSubscription = { ...held, plan: 'pro', seats: 9, priceListId: 'new', endsOn: day('2027-07-01') };
    expect(decide(order('add-on'), { held: changed, ...on('2026-11-15') })).toEqual({
      ...{ kind: 'add-on', startsOn: '2026-11-01', endsOn: '2027-02-01' },
    });
    expect(stillFits(order('add-on'), changed)).toBe(true);
  });

  test('that would outlive the plan goes back', () => {
    expect(decide(order('add-on'), on('2026-11-01'))).toEqual({ kind: 'refund', reason: 'add_on_outlives_plan' });
    expect(stillFits(order('add-on'), { ...held, endsOn: day('2026-12-01') })).toBe(false);
  });

  test('of a subscription that is over goes back', () => {
    const over = { kind: 'refund', reason: 'subscription_ended' };
    expect(decide(order('add-on'), on('2027-01-01'))).toEqual(over);
    expect(decide(order('add-on'), { held: { ...held, status: 'expired' } })).toEqual(over);
    expect(decideGrant({ order: order('add-on'), now: new Date(), timeZone: 'UTC', graceDays: 3 })).toEqual(over);
  });

  test('that does not name its packages is a bug', () => {
    const { addOn: _, ...bare } = order('add-on');
    expect(() => decide(bare)).toThrow(InvariantError);
  });
});

test('a purchase fits whatever there is: it was priced against nothing', () => {
  expect(stillFits(order('purchase'), { ...held, plan: 'pro' })).toBe(true);
});
