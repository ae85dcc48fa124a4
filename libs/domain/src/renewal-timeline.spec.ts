import { describe, expect, test } from '@jest/globals';
import { renewalRules as rules } from '../../../test/support/renewal-rules.js';
import { civilDate } from './calendar.js';
import { mailingTime } from './mailing-hours.js';
import { decideRenewal, nextMoment, renewalMoments } from './renewal-timeline.js';
import type { RenewalDecision, RenewalQuestion } from './renewal-timeline.js';

const endsOn = civilDate('2027-04-05');
const timeZone = 'America/New_York';
const plain: Omit<RenewalQuestion, 'now' | 'mailsFrom'> = {
  subscription: { status: 'active', willCharge: true },
  ...{ isReminded: true, isCharging: false, tries: 0, isMethodSpent: false, rules },
  moments: renewalMoments(endsOn, timeZone, rules),
};
const manual = { ...plain, subscription: { ...plain.subscription, willCharge: false } };
const unpaid = { status: 'awaiting_payment', isOpenToPayer: false } as const;
const decide = (now: string, more: Partial<RenewalQuestion> = {}): RenewalDecision =>
  decideRenewal({
    ...{ ...plain, now: new Date(now), mailsFrom: mailingTime(new Date(now), timeZone, rules.mailHours) },
    ...more,
  });

describe('the moments of a term', () => {
  test('are nine in the morning of the day, and midnights, by the clocks of the workspace', () => {
    expect(renewalMoments(endsOn, timeZone, rules)).toEqual({
      cardAt: new Date('2027-03-06T14:00:00Z'),
      remindAt: new Date('2027-03-27T13:00:00Z'),
      chargeAt: new Date('2027-04-02T13:00:00Z'),
      endsAt: new Date('2027-04-05T04:00:00Z'),
      graceEndsAt: new Date('2027-04-08T04:00:00Z'),
      warnings: [
        { days: 30, at: new Date('2027-06-04T13:00:00Z') },
        { days: 7, at: new Date('2027-06-27T13:00:00Z') },
        { days: 1, at: new Date('2027-07-03T13:00:00Z') },
      ],
      keptUntil: new Date('2027-07-04T04:00:00Z'),
    });
  });

  test.each([
    // Clocks go forward on 14 March 2027 in New York, between the reminder and the end, and on that very day.
    ['America/New_York', '2027-03-20', '2027-03-11T14:00:00.000Z', '2027-03-17T13:00:00.000Z'],
    ['America/New_York', '2027-03-23', '2027-03-14T13:00:00.000Z', '2027-03-20T13:00:00.000Z'],
    // They go back on 7 November.
    ['America/New_York', '2027-11-10', '2027-11-01T13:00:00.000Z', '2027-11-07T14:00:00.000Z'],
    // Half an hour, at half an hour.
    ['Australia/Lord_Howe', '2027-04-07', '2027-03-28T22:00:00.000Z', '2027-04-03T22:30:00.000Z'],
    ['Asia/Kathmandu', '2027-04-07', '2027-03-29T03:15:00.000Z', '2027-04-04T03:15:00.000Z'],
  ])('in %s, for the end on %s', (zone, day, remindAt, chargeAt) => {
    const moments = renewalMoments(civilDate(day), zone, rules);
    expect([moments.remindAt.toISOString(), moments.chargeAt.toISOString()]).toEqual([remindAt, chargeAt]);
  });

  test('come one after the other', () => {
    const moments = renewalMoments(endsOn, timeZone, rules);
    const { remindAt, chargeAt, endsAt, graceEndsAt } = moments;
    expect(nextMoment(moments, new Date(0))).toEqual(moments.cardAt);
    expect(nextMoment(moments, moments.cardAt)).toEqual(remindAt);
    expect(nextMoment(moments, remindAt)).toEqual(chargeAt);
    expect(nextMoment(moments, chargeAt)).toEqual(endsAt);
    expect(nextMoment(moments, endsAt)).toEqual(graceEndsAt);
    expect(nextMoment(moments, graceEndsAt)).toEqual(moments.warnings[0]?.at);
    expect(nextMoment(moments, moments.keptUntil)).toBeUndefined();
  });
});

describe('with automatic renewal', () => {
  test('nothing is due before the day of the reminder', () => {
    const nextAt = new Date('2027-03-27T13:00:00Z');
    expect(decide('2027-03-27T12:59:59Z', { isReminded: false })).toEqual({ nextAt });
  });

  test('the reminder announces the charge, which is made on its day', () => {
    const nextAt = new Date('2027-04-02T13:00:00Z');
    const reminder = 'will-be-charged';
    expect(decide('2027-03-27T13:00:00Z', { isReminded: false })).toEqual({ reminder, nextAt });
    expect(decide('2027-04-02T13:00:00Z')).toEqual({ action: 'charge', nextAt: new Date('2027-04-03T13:00:00Z') });
  });

  test('a reminder that comes with the charge is suppressed: never two at once', () => {
    expect(decide('2027-04-03T10:00:00Z', { isReminded: false })).toMatchObject({
      reminder: 'suppressed',
      action: 'charge',
    });
  });

  test('a reminder that could only leave on the morning of the charge is suppressed in the evening before', () => {
    expect(decide('2027-04-01T21:59:59Z', { isReminded: false })).toMatchObject({ reminder: 'will-be-charged' });
    expect(decide('2027-04-01T22:00:00Z', { isReminded: false })).toEqual({
      ...{ reminder: 'suppressed', suppressedFor: 'charged-first', nextAt: new Date('2027-04-02T13:00:00Z') },
    });
  });

  test('a declined charge is repeated after the hours between tries, and in all as often as the rules say', () => {
    const order = unpaid;
    const nextTryAt = new Date('2027-04-03T13:00:00Z');
    expect(decide('2027-04-03T12:59:59Z', { order, tries: 1, nextTryAt })).toEqual({ nextAt: nextTryAt });
    expect(decide('2027-04-03T13:00:00Z', { order, tries: 1, nextTryAt })).toMatchObject({ action: 'charge' });
    const lastAt = new Date('2027-04-05T13:00:00Z');
    expect(decide('2027-04-05T13:00:00Z', { order, tries: 3, nextTryAt: lastAt })).toMatchObject({ action: 'charge' });
    expect(decide('2027-04-06T13:00:00Z', { order, tries: 4, nextTryAt: lastAt })).toEqual({
      nextAt: new Date('2027-04-08T04:00:00Z'),
    });
  });

  test('nobody is charged again while a charge has no answer; it is looked at every hour', () => {
    const more = { order: unpaid, isCharging: true, tries: 1 } as const;
    const nextTryAt = new Date('2027-04-03T13:00:00Z');
    const nextAt = new Date('2027-04-03T15:30:00Z');
    expect(decide('2027-04-03T14:30:00Z', { ...more, nextTryAt })).toEqual({ nextAt });
    // Not even where its order was taken back meanwhile, or automatic renewal turned off.
    const { order: _, ...detached } = more;
    expect(decide('2027-04-03T14:30:00Z', { ...detached, nextTryAt })).toEqual({ nextAt });
    expect(decide('2027-04-03T14:30:00Z', { ...manual, isCharging: true })).toEqual({ nextAt });
  });

  test('a page that was there before the charge gives way; one that was opened after a decline does not', () => {
    const order = { ...unpaid, isOpenToPayer: true };
    expect(decide('2027-04-02T13:00:00Z', { order })).toMatchObject({ action: 'charge' });
    expect(decide('2027-04-03T14:00:00Z', { order, tries: 1 }).action).toBeUndefined();
  });

  test.each(['paid', 'fulfilled', 'cancelled'] as const)('an order that is %s is not charged', (status) => {
    expect(decide('2027-04-02T13:00:00Z', { order: { status, isOpenToPayer: false } }).action).toBeUndefined();
  });

  test.each(['expired', 'refund_due', 'refunded'] as const)('an order that is %s is made anew', (status) => {
    expect(decide('2027-04-02T13:00:00Z', { order: { status, isOpenToPayer: false } }).action).toBe('charge');
  });

  test('a method that was declined for good is not charged again', () => {
    const more = { order: unpaid, tries: 1, isMethodSpent: true };
    expect(decide('2027-04-03T14:00:00Z', more)).toEqual({ nextAt: new Date('2027-04-03T15:00:00Z') });
  });

  test('after a long stop it is still charged within the days of grace, and never after them', () => {
    const late = { isReminded: false, subscription: { ...plain.subscription, status: 'expired' } } as const;
    expect(decide('2027-04-08T03:59:59Z', late)).toMatchObject({ reminder: 'suppressed', action: 'charge' });
    expect(decide('2027-04-08T04:00:00Z', late)).toEqual({ reminder: 'suppressed', suppressedFor: 'term-over' });
  });
});

describe('without automatic renewal', () => {
  test('the order is made with the reminder, and nothing is charged', () => {
    expect(decide('2027-03-27T13:00:00Z', { ...manual, isReminded: false })).toEqual({
      reminder: 'will-expire',
      action: 'order',
      nextAt: new Date('2027-04-02T13:00:00Z'),
    });
    const order = unpaid;
    expect(decide('2027-04-03T13:00:00Z', { ...manual, order }).action).toBeUndefined();
  });

  test('a reminder that is late goes out while days are left, and is suppressed once the term is over', () => {
    expect(decide('2027-04-04T21:59:59Z', { ...manual, isReminded: false })).toMatchObject({ reminder: 'will-expire' });
    const suppressed = { reminder: 'suppressed', suppressedFor: 'term-over' };
    // It could leave on the next morning, and then it would not be true any more.
    expect(decide('2027-04-04T22:00:00Z', { ...manual, isReminded: false })).toMatchObject(suppressed);
    const over = decide('2027-04-05T04:00:00Z', { ...manual, isReminded: false });
    expect(over).toEqual({ ...suppressed, nextAt: new Date('2027-04-08T04:00:00Z') });
  });

  test('a reminder that is due in the evening waits for nine in the morning; its order is made at once', () => {
    expect(decide('2027-03-27T22:00:00Z', { ...manual, isReminded: false })).toEqual({
      action: 'order',
      nextAt: new Date('2027-03-28T13:00:00Z'),
    });
    expect(decide('2027-03-28T13:00:00Z', { ...manual, isReminded: false })).toMatchObject({ reminder: 'will-expire' });
  });

  test('the order is made when automatic renewal is turned off after the reminder', () => {
    expect(decide('2027-04-03T13:00:00Z', manual)).toMatchObject({ action: 'order' });
  });
});

test('a closed subscription is left alone', () => {
  expect(decide('2027-04-02T13:00:00Z', { subscription: { ...plain.subscription, status: 'closed' } })).toEqual({});
});
