import { describe, expect, test } from '@jest/globals';
import { closestLocale, decimalOf, formatsFor } from './formats.js';

const plain = (text: string): string => text.replace(/[\u00a0\u202f]/g, ' ');

describe('formats of the billing page', () => {
  test.each([
    ['0', 2, '0.00'],
    ['5', 2, '0.05'],
    ['-5', 2, '-0.05'],
    ['175000', 2, '1750.00'],
    ['175000', 0, '175000'],
    ['1', 3, '0.001'],
    ['99999999999999999999', 2, '999999999999999999.99'],
  ])('%s minor units with %i places are %s', (amountMinor, places, decimal) => {
    expect(decimalOf(amountMinor, places)).toBe(decimal);
  });

  test.each([
    ['en', 'USD', '$1,750.05'],
    ['en', 'BRL', 'R$1,750.05'],
    ['es', 'USD', '1750,05 US$'],
    ['pt-BR', 'BRL', 'R$ 1.750,05'],
  ] as const)('in %s, %s are written %s', (locale, currency, shown) => {
    expect(plain(formatsFor(locale, 'UTC').money('175005', currency))).toBe(shown);
  });

  test('an amount beyond the exact numbers of the language keeps every cent', () => {
    expect(formatsFor('en', 'UTC').money('9007199254740993123', 'USD')).toBe('$90,071,992,547,409,931.23');
  });

  test('a civil day is the same day in every zone, an instant is shown by the clocks of the workspace', () => {
    const formats = formatsFor('en', 'America/Sao_Paulo');
    expect(formats.day('2026-07-01')).toBe('July 1, 2026');
    expect(plain(formats.instant('2026-07-01T01:30:00Z'))).toContain('June 30, 2026');
  });

  test('how long ago something was is told in minutes, hours and days', () => {
    const { ago } = formatsFor('en', 'UTC');
    const now = new Date('2026-07-01T12:00:00Z');
    expect(ago('2026-07-01T11:57:00Z', now)).toBe('3 minutes ago');
    expect(ago('2026-07-01T09:00:00Z', now)).toBe('3 hours ago');
    expect(ago('2026-06-30T09:00:00Z', now)).toBe('yesterday');
  });

  test.each([
    ['pt-PT', 'pt-BR'],
    ['pt', 'pt-BR'],
    ['es-419', 'es'],
    ['en-GB', 'en'],
    ['de', undefined],
  ])('the wish %s is answered in %s', (wish, locale) => {
    expect(closestLocale(wish)).toBe(locale);
  });
});
