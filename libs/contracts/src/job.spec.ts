import { describe, expect, test } from '@jest/globals';
import { intakeEnvelope, workJob } from './job.js';

describe('a shout', () => {
  const isTaken = (workId: string, generation: number): boolean =>
    workJob.safeParse({ work: [[workId, generation]] }).success;

  test.each([
    ['0', 1],
    ['41', 2_147_483_647],
    ['9223372036854775807', 1],
    ['0000000000000000041', 1],
  ])('with row %s of generation %d is taken', (workId, generation) => {
    expect(isTaken(workId, generation)).toBe(true);
  });

  test.each([
    ['9223372036854775808', 1],
    ['9999999999999999999', 1],
    ['00000000000000000041', 1],
    ['x', 1],
    ['-1', 1],
    ['41', 0],
    ['41', 1.5],
    ['41', 2_147_483_648],
  ])('with row %s of generation %d does not fit the table', (workId, generation) => {
    expect(isTaken(workId, generation)).toBe(false);
  });
});

describe('an envelope', () => {
  test.each(['', 'short', 'abc\u0000def', 'ABCDEF12', 'a'.repeat(17)])('of %j names no API key', (publisher) => {
    expect(intakeEnvelope.safeParse({ body: '{}', publisher, signature: '0'.repeat(64) }).success).toBe(false);
  });

  test('of a key is read', () => {
    expect(intakeEnvelope.safeParse({ body: '{}', publisher: 'abcdef12', signature: '0'.repeat(64) }).success).toBe(
      true,
    );
  });
});
