import { describe, expect, test } from '@jest/globals';
import { civilDate } from './calendar.js';
import { derivationLanguages, derivationText } from './derivation-text.js';
import { InvariantError } from './invariant.js';
import { prorate } from './proration.js';
import type { LineToProrate, ProrationDerivation } from './proration.js';
import { prorationConventions } from './term-fraction.js';
import type { ProrationConvention } from './term-fraction.js';

function derivation(convention: ProrationConvention, line: LineToProrate, currency = 'USD'): ProrationDerivation {
  const term = { convention, timeZone: 'UTC', start: civilDate('2026-07-01'), end: civilDate('2027-01-01') };
  const { lines } = prorate({ term, at: new Date('2026-10-02T00:00:00Z'), currency, lines: [line] });
  const [first] = lines;
  if (first === undefined) throw new Error('one line goes in, one comes out');
  return first.derivation;
}

const seats = { quantity: 3, unitMinor: 15_000n };

describe('a derivation', () => {
  test.each([
    [
      'en',
      '3 × USD 150.00 × 91/184 (91 of 184 days are left, from 2026-10-02, which counts, to 2027-01-01, which does not; ' +
        'UTC) = USD 222.554347…, rounded to USD 222.55.',
    ],
    [
      'es',
      '3 × USD 150,00 × 91/184 (91 de 184 días restantes, desde el 2026-10-02, incluido, hasta el 2027-01-01, ' +
        'no incluido; UTC) = USD 222,554347…, redondeado a USD 222,55.',
    ],
    [
      'pt-BR',
      '3 × USD 150,00 × 91/184 (91 de 184 dias restantes, de 2026-10-02, incluído, até 2027-01-01, não incluído; ' +
        'UTC) = USD 222,554347…, arredondado para USD 222,55.',
    ],
  ] as const)('is one sentence in %s', (language, sentence) => {
    expect(derivationText(derivation('day', seats), language)).toBe(sentence);
  });

  test.each([
    ['day-inclusive', '(92 of 185 days are left, from 2026-10-02 to 2027-01-01, both of which count; UTC)'],
    ['second', '(7862400 of 15897600 seconds are left, from 2026-10-02T00:00:00Z to 2027-01-01T00:00:00Z; UTC)'],
    [
      'month-30-360',
      '(89 of 180 days are left, from 2026-10-02, which counts, to 2027-01-01, which does not, each month',
    ],
  ] as const)('says how %s counts', (convention, part) => {
    expect(derivationText(derivation(convention, seats), 'en')).toContain(part);
  });

  test('that needs no rounding says so', () => {
    const even = derivation('day', { quantity: 184, unitMinor: 1_000n });
    expect(derivationText(even, 'en')).toMatch(/= exactly USD 910\.00\.$/);
    expect(derivationText(even, 'pt-BR')).toMatch(/= exatamente USD 910,00\.$/);
  });

  test('of a credit shows its sign, and what it was held to', () => {
    const credit = derivation('day', { quantity: 1, unitMinor: -15_000n, paidMinor: 5_000n });
    expect(derivationText(credit, 'en')).toMatch(
      /^1 × USD -150\.00 .* = USD -74\.184782…, rounded to USD -74\.18, held to USD -50\.00, which is what was paid\.$/,
    );
  });

  test.each([
    ['JPY', 'JPY 150000 ×', /= JPY 74184\.7826…, rounded to JPY 74185\.$/],
    ['KWD', 'KWD 150.000 ×', /= KWD 74\.1847826…, rounded to KWD 74\.185\.$/],
  ])('has the decimals of %s', (currency, start, end) => {
    const text = derivationText(derivation('day', { quantity: 1, unitMinor: 150_000n }, currency), 'en');
    expect(text).toContain(start);
    expect(text).toMatch(end);
  });

  test('of an unknown currency is a bug', () => {
    expect(() => derivationText(derivation('day', seats, 'ZZZ'), 'en')).toThrow(InvariantError);
  });

  test('is there for every language and convention', () => {
    const texts = derivationLanguages.flatMap((language) =>
      prorationConventions.map((convention) => derivationText(derivation(convention, seats), language)),
    );
    expect(new Set(texts).size).toBe(derivationLanguages.length * prorationConventions.length);
  });
});
