import { describe, expect, test } from '@jest/globals';
import { renewalRules } from '../../../test/support/renewal-rules.js';
import { civilDate } from './calendar.js';
import { mailingTime } from './mailing-hours.js';
import { renewalMoments } from './renewal-timeline.js';
import { decideExpiryNotice, decideTermNotices, expiresBefore } from './term-notices.js';
import type { NoticeDecision, NoticeQuestion } from './term-notices.js';

const timeZone = 'America/New_York';
const moments = renewalMoments(civilDate('2027-04-05'), timeZone, renewalRules);
const card = { about: 'visa 4242 2027-03', expiresOn: '2027-03' };
const decide = (now: string, more: Partial<NoticeQuestion>): NoticeDecision =>
  decideTermNotices({
    ...{ status: 'active', decided: [], moments, timeZone, now: new Date(now) },
    mailsFrom: mailingTime(new Date(now), timeZone, renewalRules.mailHours),
    ...more,
  });
const about = { kind: 'card-expiring', about: card.about };

describe('a card that expires before its charge on 2 April', () => {
  test('is told of thirty days before the end, once', () => {
    expect(decide('2027-03-06T13:59:59Z', { card })).toEqual({ notices: [], nextAt: moments.cardAt });
    expect(decide('2027-03-06T14:00:00Z', { card })).toEqual({ notices: [{ ...about, outcome: 'told' }] });
    expect(decide('2027-03-07T14:00:00Z', { card, decided: [{ kind: 'card-expiring', about: card.about }] })).toEqual({
      notices: [],
    });
  });

  test('is told of again when it was replaced by another one that expires as well', () => {
    const other = { about: 'visa 4444 2027-02', expiresOn: '2027-02' };
    const decided = [{ kind: 'card-expiring', about: card.about }] as const;
    expect(decide('2027-03-07T14:00:00Z', { card: other, decided }).notices).toEqual([
      { kind: 'card-expiring', about: other.about, outcome: 'told' },
    ]);
  });

  test('is not told of in the evening, and not once the charge comes first', () => {
    expect(decide('2027-03-06T23:00:00Z', { card })).toEqual({
      notices: [],
      nextAt: new Date('2027-03-07T14:00:00Z'),
    });
    const suppressed = { notices: [{ ...about, outcome: 'suppressed', reason: 'charged-first' }] };
    expect(decide('2027-04-01T22:00:00Z', { card })).toEqual(suppressed);
    expect(decide('2027-04-03T14:00:00Z', { card })).toEqual(suppressed);
  });

  test('needs a card, which is good to the end of its month', () => {
    expect(decide('2027-03-06T14:00:00Z', {})).toEqual({ notices: [] });
    expect(decide('2027-03-06T14:00:00Z', { card: { ...card, expiresOn: '2027-04' } })).toEqual({ notices: [] });
    expect(expiresBefore('2027-03', civilDate('2027-04-01'))).toBe(true);
    expect(expiresBefore('2027-04', civilDate('2027-04-30'))).toBe(false);
    expect(expiresBefore('', civilDate('2027-04-30'))).toBe(false);
  });
});

describe('the end of a term', () => {
  const endsOn = civilDate('2027-04-05');
  const at = (now: string, graceDays = 3) => decideExpiryNotice(endsOn, { now: new Date(now), timeZone, graceDays });
  const notice = { kind: 'subscription-expired', about: 'end' };

  test('is told of while full use goes on, by the calendar of the zone, and not after it', () => {
    expect(at('2027-04-05T04:00:00Z')).toEqual({ ...notice, outcome: 'told' });
    expect(at('2027-04-08T03:59:59Z')).toEqual({ ...notice, outcome: 'told' });
    expect(at('2027-04-08T04:00:00Z')).toEqual({ ...notice, outcome: 'suppressed', reason: 'grace-over' });
  });

  test('is told of on its day where there are no days of grace', () => {
    expect(at('2027-04-06T03:59:59Z', 0)).toEqual({ ...notice, outcome: 'told' });
    expect(at('2027-04-06T04:00:00Z', 0)).toMatchObject({ outcome: 'suppressed' });
  });
});

describe('data that is kept until 4 July', () => {
  const warning = (days: number) => ({ kind: 'data-ending' as const, about: String(days) });
  const expired = { status: 'expired' } as const;

  test('is warned about at each number of days', () => {
    expect(decide('2027-06-04T12:59:59Z', expired)).toEqual({ notices: [], nextAt: new Date('2027-06-04T13:00:00Z') });
    expect(decide('2027-06-04T13:00:00Z', expired)).toEqual({
      notices: [{ ...warning(30), outcome: 'told' }],
      nextAt: new Date('2027-06-27T13:00:00Z'),
    });
    expect(decide('2027-06-27T13:00:00Z', { ...expired, decided: [warning(30)] })).toEqual({
      notices: [{ ...warning(7), outcome: 'told' }],
      nextAt: new Date('2027-07-03T13:00:00Z'),
    });
    expect(decide('2027-07-03T13:00:00Z', { ...expired, decided: [warning(30), warning(7)] })).toEqual({
      notices: [{ ...warning(1), outcome: 'told' }],
      nextAt: moments.keptUntil,
    });
  });

  test('is warned about once when several warnings are late, and not once it is over', () => {
    expect(decide('2027-07-01T14:00:00Z', expired).notices).toEqual([
      { ...warning(30), outcome: 'suppressed', reason: 'overtaken' },
      { ...warning(7), outcome: 'told' },
    ]);
    // In the night only what is overtaken is decided; the last one waits for the morning.
    expect(decide('2027-07-02T03:00:00Z', expired)).toEqual({
      notices: [{ ...warning(30), outcome: 'suppressed', reason: 'overtaken' }],
      nextAt: new Date('2027-07-02T13:00:00Z'),
    });
    const over = [30, 7, 1].map((days) => ({ ...warning(days), outcome: 'suppressed', reason: 'kept-no-longer' }));
    expect(decide('2027-07-03T22:00:00Z', expired).notices).toEqual(over);
    expect(decide('2027-07-04T04:00:00Z', expired)).toEqual({ notices: over });
  });

  test('is not warned about while the subscription runs or was closed', () => {
    expect(decide('2027-06-04T13:00:00Z', {})).toEqual({ notices: [] });
    expect(decide('2027-06-04T13:00:00Z', { status: 'closed', card })).toEqual({ notices: [] });
  });
});
