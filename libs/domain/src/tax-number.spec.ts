import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { checkTaxNumber, countriesWithTaxNumberForm, maskTaxNumber } from './tax-number.js';

describe('a tax number', () => {
  test.each([
    ['DE', 'DE123456789', 'DE123456789'],
    ['DE', 'de 123.456.789', 'DE123456789'],
    ['DE', '123456789', 'DE123456789'],
    ['AT', 'U12345678', 'ATU12345678'],
    ['ES', 'ES B-1234567-8', 'ESB12345678'],
    ['ES', '12345678Z', 'ES12345678Z'],
    ['FR', 'FR12345678901', 'FR12345678901'],
    ['GR', 'EL123456789', 'EL123456789'],
    ['IE', 'IE1234567WA', 'IE1234567WA'],
    ['NL', 'NL123456789B01', 'NL123456789B01'],
    ['SE', 'SE123456789001', 'SE123456789001'],
    ['BR', '12.abc.345/01de-35', '12ABC34501DE35'],
    ['BR', '529.982.247-25', '52998224725'],
  ])('of %s: %s is stored as %s', (country, raw, value) => {
    expect(checkTaxNumber(country, raw)).toEqual({ kind: 'valid', value });
  });

  test.each([
    ['DE', 'FR12345678901'],
    ['DE', 'DE12345678'],
    ['DE', 'DE1234567890'],
    ['GR', 'GR123456789'],
    ['SE', 'SE123456789012'],
    ['AT', 'AT12345678'],
    ['BR', '529.982.247-26'],
    ['DE', ''],
    ['DE', 'DE123456789 or 1=1'],
    ['DE', `DE123456789${' '.repeat(10_000)}`],
  ])('of %s: %.40s is refused', (country, raw) => {
    expect(checkTaxNumber(country, raw).kind).toBe('invalid');
  });

  test('of a country without a known form is taken as it comes', () => {
    expect(checkTaxNumber('US', ' 12-3456789 ')).toEqual({ kind: 'unchecked', value: '12-3456789' });
  });

  test('that is stored stays the same when it is checked again', () => {
    const forms = [
      ...[/^U\d{8}$/, /^[01]\d{9}$/, /^\d{8,12}$/, /^[0-9A-HJ-NP-Z]{2}\d{9}$/, /^\d{9}B\d{2}$/, /^\d{10}01$/],
    ];
    const raw = fc.oneof(...forms.map((form) => fc.stringMatching(form)));
    fc.assert(
      fc.property(fc.constantFrom(...countriesWithTaxNumberForm), raw, (country, text) => {
        const check = checkTaxNumber(country, text);
        if (check.kind === 'valid') expect(checkTaxNumber(country, check.value)).toEqual(check);
      }),
    );
  });

  test('is known by its form in every country of the European Union and in Brazil', () => {
    expect(countriesWithTaxNumberForm).toHaveLength(28);
  });
});

describe('a masked tax number', () => {
  test.each([
    ['529.982.247-25', '***.982.247-**'],
    ['52998224725', '***.982.247-**'],
    ['12ABC34501DE35', '**.ABC.345/****-**'],
    ['DE123456789', '***789'],
    ['US-77', '***'],
    ['', '***'],
  ])('%s is %s', (raw, masked) => {
    expect(maskTaxNumber(raw)).toBe(masked);
  });

  test('never shows more than half of it, or six digits', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9A-Z]{1,40}$/), (raw) => {
        const shown = maskTaxNumber(raw).replace(/[^0-9A-Z]/g, '');
        expect(shown.length).toBeLessThanOrEqual(Math.max(raw.length / 2, 6));
        expect(shown.length).toBeLessThan(raw.length);
      }),
    );
  });
});
