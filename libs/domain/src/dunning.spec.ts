import { expect, test } from '@jest/globals';
import { renewalRules } from '../../../test/support/renewal-rules.js';
import { declineAnswer, declineClassOf, isWorthRetrying, retryAfter } from './dunning.js';

const { dunning } = renewalRules;

test.each([
  [undefined, 'soft', true],
  ['decline-soft', 'soft', true],
  ['unavailable', 'soft', true],
  ['timeout', 'soft', true],
  ['toString', 'soft', true],
  ['decline-hard', 'hard', false],
  ['invalid', 'hard', false],
  ['authentication', 'authentication', false],
  ['do-not-retry', 'do-not-retry', false],
])('a failure of the kind %s is %s; the same method is tried again: %s', (kind, declined, again) => {
  expect(declineClassOf(kind)).toBe(declined);
  expect(isWorthRetrying(dunning, kind)).toBe(again);
});

test('what a decline comes to is the policy of the catalogue', () => {
  expect(declineAnswer(dunning, 'authentication')).toBe('ask-to-confirm');
  const patient = { ...dunning, onDecline: { ...dunning.onDecline, hard: 'retry' } } as const;
  expect(isWorthRetrying(patient, 'decline-hard')).toBe(true);
});

test('a charge is repeated at the distance of the policy, also when it comes late, and not after the last one', () => {
  const policy = { ...dunning, chargeHours: [0, 24, 72] };
  const now = new Date('2027-04-02T13:00:00Z');
  expect(retryAfter(now, 1, policy)).toEqual(new Date('2027-04-03T13:00:00Z'));
  expect(retryAfter(now, 2, policy)).toEqual(new Date('2027-04-04T13:00:00Z'));
  expect(retryAfter(now, 3, policy)).toBeUndefined();
});
