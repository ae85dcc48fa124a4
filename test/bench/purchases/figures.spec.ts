import { expect, test } from '@jest/globals';
import { median, percentile, rounded } from './figures.js';

test('the median is the middle value, whatever the order', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([5])).toBe(5);
  expect(median([4, 1, 3, 2])).toBe(2);
});

test('a percentile is a value that occurred', () => {
  const values = Array.from({ length: 100 }, (_, index) => index + 1);
  expect([0.5, 0.99, 1].map((share) => percentile(values, share))).toEqual([50, 99, 100]);
  expect(percentile([7], 0.5)).toBe(7);
});

test('rounding keeps as many places as asked for', () => {
  expect(rounded(3.14159, 2)).toBe(3.14);
});
