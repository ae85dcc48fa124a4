import { expect, test } from '@jest/globals';
import { problemBody, writeProblem } from './problem.js';

const fault = { code: 'x', field: 'seats', found: '0', wanted: 'more' };

test('what is refused has moved no money; of what failed nobody knows', () => {
  expect(writeProblem(422, [fault], 'req-1')).toMatchObject({ moneyMoved: false });
  for (const status of [500, 503]) {
    const body = writeProblem(status, [fault], 'req-1');
    expect(body).not.toHaveProperty('moneyMoved');
    expect(problemBody.parse(body)).toEqual(body);
  }
});
