import { expect, test } from '@jest/globals';
import { refused } from './requests-once.js';

test('a refusal holds only what PostgreSQL can keep as JSON', () => {
  const { problem } = refused(400, {
    code: 'field_invalid',
    field: 'a\u0000b',
    found: `${'x'.repeat(199)}😀`,
    wanted: 'no key \ud800',
  });
  expect(problem).toMatchObject({ field: 'a\ufffdb', found: `${'x'.repeat(199)}\ufffd`, wanted: 'no key \ufffd' });
});
