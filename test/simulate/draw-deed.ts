import type { Dice } from '../chaos/dice.js';
import type { CardToken, Deed, Pay, PeriodMonths, PlanId } from './deeds.js';

/**
 * For whom a deed is drawn. `buy`: a first purchase, or a new one after the last subscription has ended. The fleet cannot send money back that
 * was paid outside, and leaves that to people, of whom there are none in a simulation: whoever pays offline does nothing that is refunded.
 */
type Whose = { readonly country: 'US' | 'BR'; readonly isOffline: boolean; readonly wanted: 'buy' | 'change' };

type Draw = (dice: Dice, whose: Whose) => Deed;

const PLANS = ['base', 'base', 'advanced', 'advanced', 'pro'] as const satisfies readonly PlanId[];
const PERIODS = [6, 6, 6, 9, 12, 24] as const satisfies readonly PeriodMonths[];
const TOKENS = [
  'tok_declined_funds',
  'tok_declined_stolen',
  ...Array<CardToken>(9).fill('tok_visa'),
  ...Array<CardToken>(5).fill('tok_mastercard'),
] as const satisfies readonly CardToken[];

const draws = {
  upgrade: (dice, whose) => ({ kind: 'upgrade', plan: dice.pick(['advanced', 'pro']), pay: drawPay(dice, whose) }),
  'add-seats': (dice, whose) => ({ kind: 'add-seats', seats: dice.whole(1, 8), pay: drawPay(dice, whose) }),
  both: (dice, whose) => ({
    kind: 'upgrade-and-add-seats',
    plan: dice.pick(['advanced', 'pro']),
    seats: dice.whole(1, 8),
    pay: drawPay(dice, whose),
  }),
  extend: (dice, whose) => ({ kind: 'extend', periodMonths: dice.pick(PERIODS), pay: drawPay(dice, whose) }),
  renew: (dice, whose) => ({ kind: 'renew', pay: drawPay(dice, whose) }),
  'add-on': (dice, whose) => {
    const packages = dice.whole(1, 4);
    const termMonths = dice.pick([3, 6] as const);
    const pay = drawPay(dice, whose);
    // Paid a day later, an add-on may not fit before the end of the plan any more, and its money goes back.
    if (whose.isOffline) return { kind: 'report-members', active: 3, disabled: 0 };
    return { kind: 'add-on', packages, termMonths, pay };
  },
  'another-way': (dice, whose) => ({ kind: 'pay-another-way', pay: drawPay(dice, whose) }),
  cancel: () => ({ kind: 'cancel-open' }),
  'auto-renewal': (dice) => ({ kind: 'auto-renewal', on: dice.chance(0.6) }),
  method: (dice) => ({ kind: 'replace-method', token: dice.pick(TOKENS) }),
  schedule: (dice) => ({
    kind: 'schedule',
    plan: dice.pick(PLANS),
    seats: dice.whole(1, 25),
    periodMonths: dice.pick(PERIODS),
  }),
  undo: () => ({ kind: 'undo-schedule' }),
  'fewer-seats': (dice, { isOffline }) => ({
    kind: 'reduce-seats',
    seats: dice.whole(1, 12),
    refund: dice.chance(0.6) && !isOffline,
  }),
  usage: (dice) => ({ kind: 'report-usage', value: dice.whole(0, 120) * 500 }),
  credits: (dice) => ({ kind: 'spend-credits', amount: dice.whole(1, 6_000) }),
  members: (dice) => ({ kind: 'report-members', active: dice.whole(1, 10), disabled: dice.whole(0, 4) }),
} as const satisfies Record<string, Draw>;

/** How often each is drawn, out of their sum. */
const CHANGES: Readonly<Record<keyof typeof draws, number>> = {
  upgrade: 5,
  'add-seats': 7,
  both: 3,
  extend: 3,
  renew: 2,
  'add-on': 5,
  'another-way': 3,
  cancel: 2,
  'auto-renewal': 6,
  method: 3,
  schedule: 4,
  undo: 2,
  'fewer-seats': 3,
  usage: 5,
  credits: 8,
  members: 4,
};
const urn = Object.entries(CHANGES).flatMap(([name, times]) =>
  Array<Draw>(times).fill(draws[name as keyof typeof draws]),
);

/** Draws one deed. */
export function drawDeed(dice: Dice, whose: Whose): Deed {
  if (whose.wanted === 'buy')
    return {
      kind: 'buy',
      plan: dice.pick(PLANS),
      seats: dice.whole(1, 20),
      periodMonths: dice.pick(PERIODS),
      pay: drawPay(dice, whose),
    };
  return dice.pick(urn as [Draw, ...Draw[]])(dice, whose);
}

function drawPay(dice: Dice, { country, isOffline }: Whose): Pay {
  if (isOffline) return { by: 'page', method: 'card' };
  const way = dice.roll();
  if (way < 0.5) {
    const installments = country === 'BR' && dice.chance(0.3) ? dice.whole(2, 6) : 1;
    return { by: 'token', token: dice.pick(TOKENS), installments };
  }
  if (way < 0.6) return { by: 'stored' };
  const other = country === 'BR' ? 'pix' : 'paypal';
  return { by: 'page', method: dice.chance(0.6) ? other : 'card' };
}
