import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { InvariantError } from './invariant.js';
import { add, allocate, formatDecimal, MAX_AMOUNT_MINOR, money, multiply, parseDecimal, subtract } from './money.js';

const RUNS = 10_000;

const anyAmountMinor = fc.bigInt({ min: -MAX_AMOUNT_MINOR, max: MAX_AMOUNT_MINOR });
const anyCurrency = fc.constantFrom('USD' as const, 'BRL' as const);

describe('arithmetic', () => {
  test('subtracting what was added gives the first amount back', () => {
    const half = fc.bigInt({ min: -MAX_AMOUNT_MINOR / 2n, max: MAX_AMOUNT_MINOR / 2n });
    fc.assert(
      fc.property(half, half, anyCurrency, (left, right, currency) => {
        const sum = add(money(left, currency), money(right, currency));
        expect(subtract(sum, money(right, currency))).toEqual(money(left, currency));
      }),
      { numRuns: RUNS },
    );
  });

  test('multiplying is adding again and again', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 1_000_000n }), fc.integer({ min: 0, max: 50 }), (amountMinor, times) => {
        const one = money(amountMinor, 'USD');
        let sum = money(0n, 'USD');
        for (let count = 0; count < times; count += 1) sum = add(sum, one);
        expect(multiply(one, BigInt(times))).toEqual(sum);
      }),
      { numRuns: RUNS },
    );
  });

  test('currencies never mix', () => {
    expect(() => add(money(1n, 'USD'), money(1n, 'BRL'))).toThrow(InvariantError);
    expect(() => subtract(money(1n, 'USD'), money(1n, 'BRL'))).toThrow(InvariantError);
  });

  test('nothing goes beyond the largest amount', () => {
    expect(money(MAX_AMOUNT_MINOR, 'USD').amountMinor).toBe(100_000_000_000n);
    expect(() => money(MAX_AMOUNT_MINOR + 1n, 'USD')).toThrow(InvariantError);
    expect(() => money(-MAX_AMOUNT_MINOR - 1n, 'USD')).toThrow(InvariantError);
    expect(() => add(money(MAX_AMOUNT_MINOR, 'USD'), money(1n, 'USD'))).toThrow(InvariantError);
    expect(() => multiply(money(MAX_AMOUNT_MINOR, 'USD'), 2n)).toThrow(InvariantError);
  });
});

describe('allocate', () => {
  test('puts what does not divide on the first part', () => {
    const parts = allocate(money(10_000n, 'BRL'), 3).map(formatDecimal);
    expect(parts).toEqual(['33.34', '33.33', '33.33']);
  });

  test('loses nothing, and all parts but the first are equal', () => {
    fc.assert(
      fc.property(anyAmountMinor, fc.integer({ min: 1, max: 48 }), (amountMinor, count) => {
        const parts = allocate(money(amountMinor, 'BRL'), count);
        expect(parts).toHaveLength(count);
        expect(parts.reduce(add)).toEqual(money(amountMinor, 'BRL'));
        expect(new Set(parts.slice(1).map((part) => part.amountMinor)).size).toBeLessThanOrEqual(1);
      }),
      { numRuns: RUNS },
    );
  });

  test.each([0, -1, 1.5, Number.NaN, 1_001])('refuses %p parts', (parts) => {
    expect(() => allocate(money(100n, 'BRL'), parts)).toThrow(InvariantError);
  });
});

describe('decimal text', () => {
  test.each([
    [15_000n, '150.00'],
    [5n, '0.05'],
    [-5n, '-0.05'],
    [0n, '0.00'],
    [MAX_AMOUNT_MINOR, '1000000000.00'],
  ])('%p minor units are %p', (amountMinor, text) => {
    expect(formatDecimal(money(amountMinor, 'USD'))).toBe(text);
  });

  test('reads back what it writes', () => {
    fc.assert(
      fc.property(anyAmountMinor, anyCurrency, (amountMinor, currency) => {
        const amount = money(amountMinor, currency);
        expect(parseDecimal(formatDecimal(amount), currency)).toEqual(amount);
      }),
      { numRuns: RUNS },
    );
  });

  test.each([
    '',
    '25',
    '25.0',
    '25.000',
    '25,00',
    '.50',
    '007.00',
    '-0.00',
    '1e3',
    ' 1.00',
    '1.00\n',
    '+1.00',
    '１.00',
  ])('does not read %p', (text) => {
    expect(parseDecimal(text, 'USD')).toBeUndefined();
  });

  test('does not read amounts out of bounds', () => {
    expect(parseDecimal('1000000000.01', 'USD')).toBeUndefined();
    expect(parseDecimal(`${'9'.repeat(400)}.00`, 'USD')).toBeUndefined();
  });

  test('never reads a text that it would not write', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[-0-9.]{0,8}$/), (text) => {
        const parsed = parseDecimal(text, 'USD');
        if (parsed !== undefined) expect(formatDecimal(parsed)).toBe(text);
      }),
      { numRuns: RUNS },
    );
  });
});
