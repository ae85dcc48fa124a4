import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { canonicalText } from './canonical-text.js';
import { InvariantError } from './invariant.js';

/** Some keys that a careless writer takes for each other, or for the punctuation between them. */
const key = fc.oneof(fc.constantFrom('a', 'b', 'c', 'a,b', 'b,c', ',', '"', '10', '9', '', 'é', '😀'), fc.string());
const { value: anyValue } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.oneof(fc.string({ unit: 'binary' }), fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true })),
    fc.oneof(fc.boolean(), fc.constant(null), fc.bigInt()),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(key, tie('value'), { maxKeys: 5 }),
  ),
}));

/** The definition, word for word. */
function defined(value: unknown): string {
  if (typeof value === 'bigint') return `"${value}"`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(defined).join(',')}]`;
  const fields = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
  return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${defined(field)}`).join(',')}}`;
}

/** The same value with the fields of every object written in the opposite order. */
function turned(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(turned);
  const fields = Object.entries(value).map(([name, field]) => [name, turned(field)] as const);
  return Object.fromEntries(fields.reverse());
}

test('is what its definition says, whatever the order of the fields', () => {
  fc.assert(
    fc.property(anyValue, (value) => {
      expect(canonicalText(value)).toBe(defined(value));
      expect(canonicalText(turned(value))).toBe(defined(value));
    }),
    { numRuns: 2_000 },
  );
});

test('tells apart what looks alike when keys are joined', () => {
  expect(
    canonicalText([
      { 'a,b': 1, c: 2 },
      { a: 1, 'b,c': 2 },
      { a: 1, b: 2, c: 3 },
    ]),
  ).toBe('[{"a,b":1,"c":2},{"a":1,"b,c":2},{"a":1,"b":2,"c":3}]');
});

test('goes on when there are more shapes than are kept', () => {
  const texts = Array.from({ length: 12_000 }, (_, nth) => canonicalText({ [`z${String(nth)}`]: 1, a: 2 }));
  expect(texts.at(-1)).toBe('{"a":2,"z11999":1}');
  expect(canonicalText({ z0: 1, a: 2 })).toBe(texts[0]);
});

test.each([[undefined], [Number.NaN], [Infinity], [() => 1], [Symbol('a')]])(
  '%p is a bug wherever it stands',
  (odd) => {
    for (const value of [odd, [odd], { field: odd }]) expect(() => canonicalText(value)).toThrow(InvariantError);
  },
);
