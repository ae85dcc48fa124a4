import { describe, expect, test } from '@jest/globals';
import { isUnreachable } from './exit-codes.js';

const withCode = (code: string): Error => Object.assign(new Error(code), { code });

describe('isUnreachable', () => {
  test.each(['ECONNREFUSED', 'ENOTFOUND', '57P03', '28P01'])('takes %s for a server that is away', (code) => {
    expect(isUnreachable(withCode(code))).toBe(true);
  });

  test('looks into causes and into groups of errors', () => {
    expect(isUnreachable(new Error('fetch failed', { cause: withCode('ECONNREFUSED') }))).toBe(true);
    expect(isUnreachable(new AggregateError([new Error('other'), withCode('ETIMEDOUT')]))).toBe(true);
  });

  test.each([new Error('a bug'), withCode('42P01'), 'text', undefined])('takes nothing else for it: %s', (error) => {
    expect(isUnreachable(error)).toBe(false);
  });
});
