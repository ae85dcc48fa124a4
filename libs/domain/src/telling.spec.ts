import { expect, test } from '@jest/globals';
import { nextTelling, tellingDelaysMs } from './telling.js';

const HOUR_MS = 3_600_000;
const now = new Date('2026-10-05T15:00:00Z');

test('tries go on for three days, and the waits never get shorter', () => {
  const totalMs = tellingDelaysMs.reduce((sum, delayMs) => sum + delayMs, 0);
  expect(totalMs / HOUR_MS).toBeGreaterThanOrEqual(72);
  expect(totalMs / HOUR_MS).toBeLessThan(73);
  expect([...tellingDelaysMs].sort((a, b) => a - b)).toEqual(tellingDelaysMs);
});

test.each([
  [1, '2026-10-05T15:00:05.000Z'],
  [2, '2026-10-05T15:00:30.000Z'],
  [5, '2026-10-05T16:00:00.000Z'],
  [12, '2026-10-06T05:00:00.000Z'],
])('after try %d the next one is at %s', (tries, at) => {
  expect(nextTelling(tries, now)?.toISOString()).toBe(at);
});

test('after the last wait it is given up', () => {
  expect(nextTelling(tellingDelaysMs.length + 1, now)).toBeUndefined();
});

test('who asks for patience gets it, and nobody is asked sooner for it', () => {
  expect(nextTelling(1, now, 60_000)?.toISOString()).toBe('2026-10-05T15:01:00.000Z');
  expect(nextTelling(3, now, 60_000)?.toISOString()).toBe('2026-10-05T15:02:00.000Z');
});
