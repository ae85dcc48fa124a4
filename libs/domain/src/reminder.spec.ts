import { expect, test } from '@jest/globals';
import { civilDate } from './calendar.js';
import { decideReminder } from './reminder.js';

const subscription = { status: 'active', endsOn: civilDate('2027-03-15'), autoRenewal: true } as const;

test.each([
  ['2027-03-06', 9],
  ['2027-03-10', 5],
  ['2027-03-14', 1],
])('on %s it is sent with %d days left', (today, daysLeft) => {
  const question = { today: civilDate(today), reminderDays: 9 };
  expect(decideReminder({ ...question, subscription })).toEqual({ kind: 'send', variant: 'will-be-charged', daysLeft });
  const manual = { ...subscription, autoRenewal: false };
  expect(decideReminder({ ...question, subscription: manual })).toEqual({
    kind: 'send',
    variant: 'will-expire',
    daysLeft,
  });
});

test('it waits for its day, unless somebody asks for it now', () => {
  const today = civilDate('2027-03-05');
  expect(decideReminder({ subscription, today, reminderDays: 9 })).toEqual({ kind: 'skip', reason: 'too-early' });
  expect(decideReminder({ subscription, today })).toMatchObject({ kind: 'send', daysLeft: 10 });
});

test('there is nothing to remind of once the end has come', () => {
  expect(decideReminder({ subscription, today: civilDate('2027-03-15') })).toEqual({ kind: 'skip', reason: 'ended' });
});

test.each(['expired', 'closed'] as const)('a subscription that is %s is left alone', (status) => {
  const today = civilDate('2027-03-10');
  expect(decideReminder({ subscription: { ...subscription, status }, today })).toEqual({
    kind: 'skip',
    reason: 'not-active',
  });
});
