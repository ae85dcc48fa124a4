import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { civilDateIn, daysBetween, hourOfDay } from './calendar.js';
import { mailingTime } from './mailing-hours.js';

const hours = { from: 9, to: 18 };
const at = (now: string, zone: string): string => mailingTime(new Date(now), zone, hours).toISOString();

describe('a mail leaves', () => {
  test.each([
    ['at once by day', 'America/New_York', '2027-03-27T13:00:00Z', '2027-03-27T13:00:00.000Z'],
    ['at once up to six in the evening', 'America/New_York', '2027-03-27T21:59:59Z', '2027-03-27T21:59:59.000Z'],
    ['the next morning from six on', 'America/New_York', '2027-03-27T22:00:00Z', '2027-03-28T13:00:00.000Z'],
    ['the same morning after midnight', 'America/New_York', '2027-03-28T05:00:00Z', '2027-03-28T13:00:00.000Z'],
    // Clocks go forward in the night to 14 March 2027, and back in the night to 7 November.
    [
      'an hour earlier over a night that is short',
      'America/New_York',
      '2027-03-13T23:30:00Z',
      '2027-03-14T13:00:00.000Z',
    ],
    ['an hour later over a night that is long', 'America/New_York', '2027-11-06T22:30:00Z', '2027-11-07T14:00:00.000Z'],
    ['by clocks at a quarter past', 'Asia/Kathmandu', '2027-03-29T12:15:00Z', '2027-03-30T03:15:00.000Z'],
    ['over a change of half an hour', 'Australia/Lord_Howe', '2027-04-03T07:30:00Z', '2027-04-03T22:30:00.000Z'],
    ['over a day that the zone leaves out', 'Pacific/Apia', '2011-12-30T05:00:00Z', '2011-12-30T19:00:00.000Z'],
  ])('%s, in %s', (_name, zone, now, wanted) => {
    expect(at(now, zone)).toBe(wanted);
  });
});

test('in every zone it is by day, no later than the next morning, and the hours may go to midnight', () => {
  const zones = Intl.supportedValuesOf('timeZone');
  const anyInstant = fc.integer({ min: Date.parse('2026-06-01'), max: Date.parse('2037-06-01') });
  fc.assert(
    fc.property(fc.constantFrom(...zones), anyInstant, (zone, nowMs) => {
      const now = new Date(nowMs);
      const found = mailingTime(now, zone, hours);
      const day = civilDateIn(found, zone);
      expect(found >= now && found >= hourOfDay(day, 9, zone) && found < hourOfDay(day, 18, zone)).toBe(true);
      expect(daysBetween(civilDateIn(now, zone), day)).toBeLessThanOrEqual(1);
      expect(mailingTime(found, zone, hours)).toEqual(found);
      expect(mailingTime(now, zone, { from: 0, to: 24 })).toEqual(now);
    }),
    { numRuns: 10_000 },
  );
});
