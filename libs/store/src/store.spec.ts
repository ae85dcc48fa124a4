import { describe, expect, test } from '@jest/globals';
import { isConnectionFault, StoreUnavailableError } from './store.js';

const coded = (code: string): Error => Object.assign(new Error('x'), { code });

describe('isConnectionFault', () => {
  test.each([
    'ECONNREFUSED',
    'ECONNRESET',
    'ECONNABORTED',
    'EHOSTUNREACH',
    'ENETUNREACH',
    'EAI_AGAIN',
    'ENOTFOUND',
    'ETIMEDOUT',
    'EPIPE',
    '57P01',
    '08006',
    '53300',
  ])('%s says that PostgreSQL is away', (code) => {
    expect(isConnectionFault(coded(code))).toBe(true);
    expect(isConnectionFault(Object.assign(new Error('x'), { driverError: coded(code) }))).toBe(true);
  });

  test.each(['Query read timeout', 'Connection terminated unexpectedly'])('so does “%s”', (message) => {
    expect(isConnectionFault(new Error(message))).toBe(true);
  });

  test('so does giving up', () => {
    expect(isConnectionFault(new StoreUnavailableError('x'))).toBe(true);
  });

  test.each([coded('23505'), coded('42601'), new Error('boom'), 'text', undefined])('%p does not', (error) => {
    expect(isConnectionFault(error)).toBe(false);
  });
});
