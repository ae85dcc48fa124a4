import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cursorAfter, orderQuery } from './order-history.js';

test('a cursor leads back to its order', () => {
  fc.assert(
    fc.property(fc.uuid(), (id) => {
      expect(orderQuery.parse({ after: cursorAfter(id) }).after).toBe(id);
    }),
  );
});

test('words are taken once each, and blanks around a text do not count', () => {
  expect(orderQuery.parse({ status: 'paid,failed,paid', text: ' pro ' })).toEqual({
    ...{ status: ['paid', 'failed'], text: 'pro', limit: 25 },
  });
});
