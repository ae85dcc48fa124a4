import { describe, expect, test } from '@jest/globals';
import { duration, table } from './terminal.js';

describe('table', () => {
  test('gives every column the width of its widest cell, and no line a tail of spaces', () => {
    expect(
      table(
        ['ID', 'STATE'],
        [
          ['1', 'dead'],
          ['1234', ''],
        ],
      ),
    ).toBe('ID    STATE\n1     dead\n1234');
  });
});

describe('duration', () => {
  test.each([
    [0.4, '0 ms'],
    [999, '999 ms'],
    [1000, '1.0 s'],
    [61_250, '61.3 s'],
  ])('%d ms is %s', (ms, text) => {
    expect(duration(ms)).toBe(text);
  });
});
