import fc from 'fast-check';
import {
  customer,
  deed,
  holder,
  newcomer,
  OPEN,
  order,
  periodMonths,
  pick,
  plan,
  seats,
  times,
  told,
  which,
} from './deed.js';
import type { FleetDeed } from './deed.js';
import type { Customer } from './played-fleet.js';

type Pay = { readonly by: 'token' | 'stored' | 'card' | 'wallet' | 'upstream'; readonly installments: number };
const pay: fc.Arbitrary<Pay> = fc.record({
  by: fc.constantFrom(
    'token' as const,
    'token' as const,
    'token' as const,
    'stored' as const,
    'card' as const,
    'wallet' as const,
    'upstream' as const,
  ),
  installments: fc.constantFrom(1, 1, 2, 6),
});

/** In Brazil by Pix and in parts, elsewhere by PayPal. */
function atProvider({ by, installments }: Pay, isBrazil: boolean): Readonly<Record<string, unknown>> {
  const parts = isBrazil ? { installments } : {};
  if (by === 'token') return { method: 'card', token: 'tok_visa', ...parts };
  if (by === 'stored') return { method: 'card', stored: true };
  return by === 'wallet' ? { method: isBrazil ? 'pix' : 'paypal' } : { method: 'card', ...parts };
}
const paymentOf = (wish: Pay, { country }: Customer): Readonly<Record<string, unknown>> =>
  wish.by === 'upstream'
    ? { collection: 'upstream' }
    : { collection: 'provider', ...atProvider(wish, country === 'BR') };

const change = fc.oneof(
  fc.record({ kind: fc.constant('upgrade'), plan }),
  fc.record({ kind: fc.constant('add-seats'), seats }),
  fc.record({ kind: fc.constant('upgrade-and-add-seats'), plan, seats }),
  fc.record({ kind: fc.constant('extension'), periodMonths }),
  fc.record({ kind: fc.constant('renewal') }),
  fc.record({
    kind: fc.constant('add-on'),
    addOn: fc.constant('ai-credits-5000'),
    packages: seats,
    termMonths: fc.constantFrom(3, 6),
  }),
);

/** What customers order and plan. */
export const buying: readonly fc.WeightedArbitrary<FleetDeed>[] = [
  {
    weight: 6,
    arbitrary: deed('buy', { who: newcomer, plan, seats, periodMonths, pay, times }, 'nothing', (how, doors, fleet) =>
      customer(fleet, how.who, (one) => {
        const { plan: id, seats: n, periodMonths: months } = how;
        return doors.buy(
          one,
          { kind: 'purchase', plan: id, seats: n, periodMonths: months },
          paymentOf(how.pay, one),
          how.times,
        );
      }),
    ),
  },
  {
    weight: 7,
    arbitrary: deed('change', { who: holder, change, pay, times }, 'an order', (how, doors, fleet) =>
      customer(fleet, how.who, (one) => doors.buy(one, how.change, paymentOf(how.pay, one), how.times)),
    ),
  },
  {
    weight: 2,
    arbitrary: deed('plan the next term', { who: holder, plan, seats, periodMonths }, 'an order', (how, doors, fleet) =>
      customer(fleet, how.who, (one) => {
        const { plan: id, seats: n, periodMonths: months } = how;
        return doors.schedule(one, { plan: id, seats: n, periodMonths: months });
      }),
    ),
  },
  {
    weight: 1,
    arbitrary: deed('switch renewal', { who: holder, on: fc.boolean() }, 'an order', (how, doors, fleet) =>
      customer(fleet, how.who, (one) => doors.switchAutoRenewal(one, how.on)),
    ),
  },
  {
    weight: 2,
    arbitrary: deed(
      'spend credits',
      { who: holder, amount: fc.integer({ min: 1, max: 3_000 }) },
      'nothing',
      (how, doors, fleet) => customer(fleet, how.who, (one) => doors.spend(one, how.amount)),
    ),
  },
];

/** How orders are paid, or not. */
export const paying: readonly fc.WeightedArbitrary<FleetDeed>[] = [
  {
    weight: 7,
    arbitrary: deed('pay page', { which, told }, 'a page', (how, doors, { provider }) =>
      doors.tell(provider.pay(pick(provider.openPages(), how.which) ?? ''), how.told),
    ),
  },
  {
    weight: 1,
    arbitrary: deed('fail on page', { which, told }, 'a page', (how, doors, { provider }) =>
      doors.tell(provider.decline(pick(provider.openPages(), how.which) ?? ''), how.told),
    ),
  },
  {
    weight: 3,
    arbitrary: deed('confirm', { which, times }, 'an order', async (how, doors) => {
      const upstream = (await doors.orders()).filter(({ collection }) => collection === 'upstream');
      const one = pick(upstream, how.which);
      return one === undefined ? 'refused: nothing collected' : doors.confirm(one, how.times);
    }),
  },
  {
    weight: 3,
    arbitrary: deed('pay another way', { which, pay, isBrazil: fc.boolean(), times }, 'an order', (how, doors) =>
      order(doors, { which: how.which, statuses: OPEN }, (one) =>
        doors.payAnotherWay(one, atProvider(how.pay, one.currency === 'BRL'), how.times),
      ),
    ),
  },
  {
    weight: 2,
    arbitrary: deed('pay offline', { which, times }, 'an order', (how, doors) =>
      order(doors, { which: how.which, statuses: OPEN }, (one) => doors.payOffline(one, how.times)),
    ),
  },
  {
    weight: 2,
    arbitrary: deed('cancel', { which, times }, 'an order', (how, doors) =>
      order(doors, { which: how.which, statuses: OPEN }, (one) => doors.cancel(one, how.times)),
    ),
  },
];
