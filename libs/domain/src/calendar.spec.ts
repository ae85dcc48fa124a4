import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { addDays, addMonths, civilDate, civilDateIn, compare, daysBetween } from './calendar.js';
import { hourOfDay, isCivilDate, isTimeZone, startOfDay } from './calendar.js';
import type { CivilDate } from './calendar.js';
import { InvariantError } from './invariant.js';

const RUNS = 10_000;

const anyDate = fc.integer({ min: 0, max: 55_000 }).map((days) => addDays(civilDate('1950-01-01'), days));
const zones = ['UTC', 'America/Sao_Paulo', 'America/New_York', 'Asia/Kolkata', 'Pacific/Apia', 'Africa/Cairo'];
const anyZone = fc.constantFrom(
  ...zones,
  'Australia/Lord_Howe',
  'America/St_Johns',
  'Pacific/Kiritimati',
  'Asia/Beirut',
);

describe('civil dates', () => {
  test.each(['2026-02-28', '2024-02-29', '2000-02-29', '1900-01-01', '9999-12-31'])('%s exists', (text) => {
    expect(isCivilDate(text)).toBe(true);
  });

  test.each([
    '2026-02-29',
    '1900-02-29',
    '2026-13-01',
    '2026-00-10',
    '2026-01-00',
    '2026-1-1',
    '1899-12-31',
    '',
    '2026-01-01T00',
  ])('%p does not', (text) => {
    expect(isCivilDate(text)).toBe(false);
    expect(() => civilDate(text)).toThrow(InvariantError);
  });

  test('sort as text, like the days they name', () => {
    fc.assert(
      fc.property(anyDate, anyDate, (left, right) => {
        expect(Math.sign(compare(left, right))).toBe(Math.sign(daysBetween(right, left)));
      }),
      { numRuns: RUNS },
    );
  });
});

describe('adding', () => {
  test.each([
    ['2026-08-31', 6, '2027-02-28'],
    ['2023-08-31', 6, '2024-02-29'],
    ['2026-01-31', 1, '2026-02-28'],
    ['2026-12-15', 1, '2027-01-15'],
    ['2026-01-15', -1, '2025-12-15'],
    ['2026-03-31', -1, '2026-02-28'],
    ['2026-07-01', 24, '2028-07-01'],
  ])('%s and %d months is %s', (anchor, months, expected) => {
    expect(addMonths(civilDate(anchor), months)).toBe(expected);
  });

  test('months count from the anchor: the day of the month never drifts', () => {
    fc.assert(
      fc.property(anyDate, fc.integer({ min: -120, max: 120 }), (anchor, months) => {
        const moved = addMonths(anchor, months);
        const lastOfMonth = addDays(addMonths(civilDate(`${moved.slice(0, 7)}-01`), 1), -1);
        const wantedDay = Math.min(Number(anchor.slice(8)), Number(lastOfMonth.slice(8)));
        expect(Number(moved.slice(8))).toBe(wantedDay);
        const monthIndex = (date: string) => Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7));
        expect(monthIndex(moved) - monthIndex(anchor)).toBe(months);
      }),
      { numRuns: RUNS },
    );
  });

  test('later anchors never end earlier', () => {
    fc.assert(
      fc.property(anyDate, fc.integer({ min: 0, max: 24 }), (anchor, months) => {
        expect(compare(addMonths(anchor, months), addMonths(addDays(anchor, 1), months))).toBeLessThanOrEqual(0);
      }),
      { numRuns: RUNS },
    );
  });

  test('days added are the days between', () => {
    fc.assert(
      fc.property(anyDate, fc.integer({ min: -10_000, max: 10_000 }), (date, days) => {
        expect(daysBetween(date, addDays(date, days))).toBe(days);
      }),
      { numRuns: RUNS },
    );
  });

  test('a published term has the days that the calendar says', () => {
    expect(daysBetween(civilDate('2026-07-01'), civilDate('2027-01-01'))).toBe(184);
    expect(daysBetween(civilDate('2026-10-01'), civilDate('2027-01-01'))).toBe(92);
  });

  test('what is not whole, or beyond the calendar, is a bug', () => {
    expect(() => addMonths(civilDate('2026-01-01'), 0.5)).toThrow(InvariantError);
    expect(() => addDays(civilDate('2026-01-01'), 0.5)).toThrow(InvariantError);
    expect(() => addMonths(civilDate('9999-12-01'), 1)).toThrow(InvariantError);
  });
});

describe('zones', () => {
  test.each([
    ['2026-09-01T02:59:59Z', 'America/Sao_Paulo', '2026-08-31'],
    ['2026-09-01T03:00:00Z', 'America/Sao_Paulo', '2026-09-01'],
    ['2026-12-31T10:00:00Z', 'Pacific/Kiritimati', '2027-01-01'],
    ['1969-12-31T23:59:59.999Z', 'UTC', '1969-12-31'],
  ])('at %s the clocks of %s show %s', (instant, zone, expected) => {
    expect(civilDateIn(new Date(instant), zone)).toBe(expected);
  });

  test.each([
    ['2026-09-01', 'UTC', '2026-09-01T00:00:00.000Z', 'no offset'],
    ['2026-09-01', 'America/New_York', '2026-09-01T04:00:00.000Z', 'summer time'],
    ['2026-03-08', 'America/New_York', '2026-03-08T05:00:00.000Z', 'the day that clocks go forward at 02:00'],
    ['2026-11-01', 'America/New_York', '2026-11-01T04:00:00.000Z', 'the day that clocks go back at 02:00'],
    ['2018-11-04', 'America/Sao_Paulo', '2018-11-04T03:00:00.000Z', 'midnight was skipped: the day began at 01:00'],
    ['2019-02-17', 'America/Sao_Paulo', '2019-02-17T03:00:00.000Z', 'clocks went back to 23:00 the evening before'],
    ['2010-11-07', 'America/St_Johns', '2010-11-07T02:30:00.000Z', 'midnight came twice: the first one counts'],
    ['2011-12-30', 'Pacific/Apia', '2011-12-30T10:00:00.000Z', 'the whole day was skipped'],
    ['2011-12-31', 'Pacific/Apia', '2011-12-30T10:00:00.000Z', 'the day after the skipped one'],
    ['1919-03-31', 'America/Toronto', '1919-03-31T04:30:00.000Z', 'clocks jumped from 23:30 to 00:30'],
  ])('%s in %s begins at %s (%s)', (date, zone, expected) => {
    expect(startOfDay(civilDate(date), zone).toISOString()).toBe(expected);
  });

  test.each([
    ['2026-09-01', 9, 'America/New_York', '2026-09-01T13:00:00.000Z'],
    ['2026-03-08', 9, 'America/New_York', '2026-03-08T13:00:00.000Z'],
    ['2026-03-08', 2, 'America/New_York', '2026-03-08T07:00:00.000Z'],
    ['2026-11-01', 1, 'America/New_York', '2026-11-01T05:00:00.000Z'],
    ['2026-11-01', 9, 'America/New_York', '2026-11-01T14:00:00.000Z'],
    ['2026-04-05', 23, 'Asia/Kathmandu', '2026-04-05T17:15:00.000Z'],
  ])('on %s clocks show %d in %s at %s', (date, hour, zone, expected) => {
    expect(hourOfDay(civilDate(date), hour, zone).toISOString()).toBe(expected);
  });

  test.each([-1, 24, 1.5])('there is no hour %d', (hour) => {
    expect(() => hourOfDay(civilDate('2026-09-01'), hour, 'UTC')).toThrow(InvariantError);
  });

  test('a day begins in itself, and the instant before is in an earlier day', () => {
    fc.assert(
      fc.property(anyDate, anyZone, (date: CivilDate, zone) => {
        const startMs = startOfDay(date, zone).getTime();
        const shown = civilDateIn(new Date(startMs), zone);
        const skipped = zone === 'Pacific/Apia' && date === '2011-12-30';
        const isItsDay = shown === (skipped ? '2011-12-31' : date);
        return isItsDay && compare(civilDateIn(new Date(startMs - 1), zone), date) < 0;
      }),
      { numRuns: RUNS },
    );
  });

  test.each(['America/Sao_Paulo', 'UTC', 'Etc/GMT+3', 'America/Argentina/Buenos_Aires'])('%s is a zone', (text) => {
    expect(isTimeZone(text)).toBe(true);
  });

  test.each(['', 'Mars/Olympus', '+03:00', 'America/Sao Paulo', `A${'a'.repeat(100)}`, "UTC'"])(
    '%p is none',
    (text) => {
      expect(isTimeZone(text)).toBe(false);
    },
  );
});
