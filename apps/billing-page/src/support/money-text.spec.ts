import { expect, test } from '@jest/globals';
import { minorOf, placesOf } from './money-text.js';

test.each([
  ['12', 2, '1200'],
  ['12.5', 2, '1250'],
  ['12,05', 2, '1205'],
  ['0.01', 2, '1'],
  [' 007 ', 2, '700'],
  ['1500', 0, '1500'],
  ['1.234', 3, '1234'],
])('%s with %i places is %s', (typed, places, minor) => {
  expect(minorOf(typed, places)).toBe(minor);
});

test.each(['', '0', '0.00', '-1', '+1', '1.234', '1,234.00', '1e3', '١', '12.', '.5', '1 2', 'x'])(
  '%s is no amount of dollars',
  (typed) => {
    expect(minorOf(typed, 2)).toBeUndefined();
  },
);

test('places are those of the currency', () => {
  expect(['USD', 'BRL', 'JPY', 'KWD'].map(placesOf)).toEqual([2, 2, 0, 3]);
});
