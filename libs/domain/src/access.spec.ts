import { expect, test } from '@jest/globals';
import { accessAt } from './access.js';
import { civilDate } from './calendar.js';
import type { SubscriptionStatus } from './subscription.js';

const timeZone = 'America/Sao_Paulo';
const at = (instant: string, status: SubscriptionStatus, graceDays = 3): string =>
  accessAt({ subscription: { status, endsOn: civilDate('2027-04-05') }, graceDays, now: new Date(instant), timeZone });

test.each([
  ['2027-01-01T12:00:00Z', 'active', 'full'],
  ['2027-04-05T03:00:00Z', 'expired', 'full'],
  // The last instant of the third day of grace, in a zone three hours behind.
  ['2027-04-08T02:59:59Z', 'expired', 'full'],
  ['2027-04-08T03:00:00Z', 'expired', 'billing-only'],
  // Nobody has noted the end yet: the days count all the same.
  ['2027-04-08T03:00:00Z', 'active', 'billing-only'],
  ['2027-01-01T12:00:00Z', 'closed', 'billing-only'],
] as const)('at %s a subscription that is %s gives %s', (instant, status, wanted) => {
  expect(at(instant, status)).toBe(wanted);
});

test('without grace it ends with the last paid day', () => {
  expect(at('2027-04-05T02:59:59Z', 'active', 0)).toBe('full');
  expect(at('2027-04-05T03:00:00Z', 'expired', 0)).toBe('billing-only');
});
