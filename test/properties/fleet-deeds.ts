import fc from 'fast-check';
import type { RefundMood } from '../support/played-provider.js';
import { buying, paying } from './customer-deeds.js';
import { customer, deed, GIVEN, holder, order, times, told, which } from './deed.js';
import type { FleetDeed } from './deed.js';

const MOODS = ['succeeds', 'processes', 'fails', 'away', 'lost'] as const satisfies readonly RefundMood[];

/** What staff and banks give back. */
const givingBack: readonly fc.WeightedArbitrary<FleetDeed>[] = [
  {
    weight: 4,
    arbitrary: deed(
      'refund',
      {
        which,
        what: fc.constantFrom('all-left', 'unused-days', 'amount'),
        minor: fc.integer({ min: 1, max: 60_000 }),
        times,
      },
      'an order',
      (how, doors) =>
        order(doors, { which: how.which, statuses: GIVEN }, (one) => {
          const amount = how.what === 'amount' ? { amountMinor: String(how.minor), currency: one.currency } : {};
          return doors.refund(one, { what: how.what, ...amount }, how.times);
        }),
    ),
  },
  {
    weight: 2,
    arbitrary: deed('take back', { which, seats: fc.constantFrom(0, 1, 2), times }, 'an order', (how, doors) =>
      order(doors, { which: how.which, statuses: GIVEN }, (one) => doors.takeBack(one, how.seats, how.times)),
    ),
  },
  {
    weight: 2,
    arbitrary: deed(
      'reduce seats',
      { who: holder, refund: fc.constantFrom('none' as const, 'rest' as const), times },
      'an order',
      (how, doors, fleet) => customer(fleet, how.who, (one) => doors.reduceSeats(one, how.refund, how.times)),
    ),
  },
  {
    weight: 1,
    arbitrary: deed('close', { who: holder, hasRefund: fc.boolean(), times }, 'an order', (how, doors, fleet) =>
      customer(fleet, how.who, (one) => doors.close(one, how.hasRefund, how.times)),
    ),
  },
  {
    weight: 3,
    arbitrary: deed('undo', { which, times }, 'an order', (how, doors) =>
      order(doors, { which: how.which, statuses: GIVEN }, (one) => doors.undo(one, how.times)),
    ),
  },
  {
    weight: 3,
    arbitrary: deed(
      'bank',
      { which, state: fc.constantFrom('open' as const, 'won' as const, 'lost' as const), told },
      'an order',
      (how, doors, { provider }) =>
        order(doors, { which: how.which, statuses: [...GIVEN, 'paid', 'refunded'] }, (one) => {
          const reference = provider.referenceOf(one.id);
          provider.bank(one.id, how.state);
          return doors.tell(reference === 'none' ? undefined : reference, how.told);
        }),
    ),
  },
  {
    weight: 2,
    arbitrary: deed(
      'decide',
      { which, decision: fc.constantFrom('keep' as const, 'close' as const) },
      'an order',
      (how, doors) => doors.decide(how.which, how.decision),
    ),
  },
  {
    weight: 2,
    arbitrary: deed(
      'end refund',
      { which, state: fc.constantFrom('succeeded' as const, 'failed' as const), told },
      'an order',
      (how, doors, { provider }) =>
        order(doors, { which: how.which, statuses: [...GIVEN, 'refunded'] }, (one) => {
          const reference = provider.referenceOf(one.id);
          provider.end(one.id, how.state);
          return doors.tell(reference === 'none' ? undefined : reference, how.told);
        }),
    ),
  },
  {
    weight: 2,
    arbitrary: deed(
      'help refund',
      { which, how: fc.constantFrom('retry' as const, 'outside' as const), times },
      'an order',
      (how, doors) =>
        order(doors, { which: how.which, statuses: [...GIVEN, 'refunded', 'cancelled'] }, (one) =>
          doors.helpRefund(one, how.how, how.times),
        ),
    ),
  },
];

/** What happens by itself. */
const happening: readonly fc.WeightedArbitrary<FleetDeed>[] = [
  {
    weight: 4,
    arbitrary: deed(
      'days pass',
      {
        days: fc.oneof(fc.integer({ min: 1, max: 10 }), fc.integer({ min: 11, max: 90 })),
        charges: fc.constantFrom('takes' as const, 'declines' as const, 'lost' as const),
      },
      'nothing',
      async ({ days, charges }, _doors, fleet) => {
        await fleet.passDays(days, charges);
        return 'done';
      },
    ),
  },
  {
    weight: 2,
    arbitrary: deed(
      'recognise or close',
      { isClosing: fc.boolean() },
      'nothing',
      async ({ isClosing }, _doors, fleet) => {
        if (isClosing) return (await fleet.closeMonth()) ? 'done' : 'refused: not over';
        await fleet.recogniseLive();
        return 'done';
      },
    ),
  },
  {
    weight: 3,
    arbitrary: deed(
      'mood',
      {
        charges: fc.constantFrom(
          'takes' as const,
          'takes' as const,
          'declines' as const,
          'lost' as const,
          'away' as const,
        ),
        refunds: fc.constantFrom(...MOODS),
      },
      'nothing',
      ({ charges, refunds }, _doors, { provider }) => {
        provider.charges = charges;
        provider.mood = refunds;
        return Promise.resolve('done');
      },
    ),
  },
  {
    weight: 3,
    arbitrary: deed('workers', { isResting: fc.boolean() }, 'nothing', async ({ isResting }, _doors, fleet) => {
      fleet.isResting = isResting;
      if (!isResting) await fleet.makeDue();
      return 'done';
    }),
  },
  {
    weight: 1,
    arbitrary: deed('sweep', {}, 'nothing', async (_how, _doors, fleet) => {
      await fleet.sweep();
      return 'done';
    }),
  },
];

/** All that may happen, each as often as its weight says. */
export const anyFleetDeed: fc.Arbitrary<FleetDeed> = fc.oneof(...buying, ...paying, ...givingBack, ...happening);
