import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { findDuplicateKey } from './duplicate-keys.js';

describe('findDuplicateKey', () => {
  test.each([
    ['{"seats":1,"seats":5}', 'seats'],
    ['{"a":{"b":1,"b":2}}', 'b'],
    ['[{"a":1},{"a":1,"x":"}","a":2}]', 'a'],
    ['{"a":[{"b":1}],"b":[1,2],"a":0}', 'a'],
    ['{"se\\u0061ts":1,"seats":5}', 'seats'],
    ['{"q\\"":1,"q\\"":2}', 'q"'],
    ['{ "a" : "a" , "b" : { "a" : "b" } }', undefined],
    ['{"a":["a","a"],"b":"a,\\"a\\":"}', undefined],
    ['[]', undefined],
    ['"text"', undefined],
  ])('%s', (text, found) => {
    expect(findDuplicateKey(text)).toBe(found);
  });

  test('finds nothing in what JSON.stringify wrote', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(0, 2), (value, indent) => {
        expect(findDuplicateKey(JSON.stringify(value, null, indent))).toBeUndefined();
      }),
    );
  });
});
