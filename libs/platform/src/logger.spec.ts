import { describe, expect, test } from '@jest/globals';
import { createLog } from './logger.js';

function logged(error: unknown): Record<string, unknown> {
  const lines: string[] = [];
  createLog('test', 'info', { write: (line) => void lines.push(line) }).error({ err: error }, 'request failed');
  return JSON.parse(lines.join('')) as Record<string, unknown>;
}

const SECRET = { detail: 'Failing row contains (Ana Souza, 52998224725).', where: 'unnamed portal parameter $11 = …' };

describe('an error in a log line', () => {
  test('keeps what leads to its cause, and nothing of the row', () => {
    const driver = Object.assign(new Error('invalid input syntax for type json'), SECRET, {
      code: '22P02',
      table: 'orders',
      constraint: 'orders_check',
    });
    const error = Object.assign(new TypeError('query failed', { cause: driver }), SECRET, {
      query: 'insert into orders …',
      parameters: ['Ana Souza'],
      driverError: driver,
    });
    const line = logged(error);
    expect(line['err']).toEqual({
      type: 'TypeError',
      message: 'query failed',
      stack: expect.stringContaining('logger.spec'),
      cause: {
        type: 'Error',
        message: 'invalid input syntax for type json',
        code: '22P02',
        table: 'orders',
        constraint: 'orders_check',
        stack: expect.stringContaining('logger.spec'),
      },
    });
    expect(JSON.stringify(line)).not.toMatch(/Souza|52998224725|\$11/);
  });

  test('may be its own cause', () => {
    const error: Error = new Error('round');
    error.cause = error;
    expect(logged(error)['err']).toMatchObject({ message: 'round' });
  });

  test('may be no error at all', () => {
    expect(logged({ detail: SECRET.detail })['err']).toEqual({ type: 'object' });
  });
});
