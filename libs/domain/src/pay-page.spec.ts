import { expect, test } from '@jest/globals';
import { payPageState } from './pay-page.js';
import type { PayPageQuestion } from './pay-page.js';

const unpaid: PayPageQuestion = {
  ...{ status: 'awaiting_payment', collection: 'provider', isSwitching: false },
  ...{ expiresAt: new Date('2027-04-08T04:00:00Z'), now: new Date('2027-04-02T14:00:00Z') },
};
const page = { status: 'pending', isCharge: false, hasCheckout: true, endsAt: unpaid.expiresAt } as const;

test.each<[string, Partial<PayPageQuestion>, string]>([
  ['nothing is open', {}, 'payable'],
  ['a page is there', { open: page }, 'ready'],
  ['the code is over and its order is not', { open: { ...page, endsAt: unpaid.now } }, 'payable'],
  ['a page is on its way', { open: { ...page, status: 'submitting', hasCheckout: false } }, 'opening'],
  ['another way was chosen', { isSwitching: true, open: page }, 'opening'],
  ['the stored method is being charged', { open: { ...page, isCharge: true, hasCheckout: false } }, 'charging'],
  [
    'a charge was not answered, and a page was chosen',
    { isSwitching: true, open: { ...page, isCharge: true } },
    'charging',
  ],
  ['the order is paid', { status: 'paid', open: page }, 'paid'],
  ['the order is fulfilled, after its time', { status: 'fulfilled', now: unpaid.expiresAt }, 'paid'],
  ['its money went back', { status: 'refunded' }, 'returned'],
  ['it was cancelled', { status: 'cancelled' }, 'ended'],
  ['its time is over, though nobody has noted it', { now: unpaid.expiresAt, open: page }, 'ended'],
  ['an upstream service collects', { collection: 'upstream' }, 'elsewhere'],
])('when %s, %o, the link leads to what is %s', (_name, more, state) => {
  expect(payPageState({ ...unpaid, ...more })).toBe(state);
});
