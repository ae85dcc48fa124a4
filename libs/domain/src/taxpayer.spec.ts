import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { checkTaxId, taxIdRequired } from './taxpayer.js';

// The values come with the reference programs of the Brazilian tax office.
describe('valid numbers', () => {
  test.each([
    ['12ABC34501DE35', 'cnpj', '12ABC34501DE35'],
    ['12.ABC.345/01DE-35', 'cnpj', '12ABC34501DE35'],
    ['1345C3A5000106', 'cnpj', '1345C3A5000106'],
    ['R55231B3000757', 'cnpj', 'R55231B3000757'],
    ['ABCDEFGHIJKL80', 'cnpj', 'ABCDEFGHIJKL80'],
    ['00000000000191', 'cnpj', '00000000000191'],
    ['90.021.382/0001-22', 'cnpj', '90021382000122'],
    ['90.024.778/000123', 'cnpj', '90024778000123'],
    ['90.025.255/0001-00', 'cnpj', '90025255000100'],
    ['04.740.714/0001-97', 'cnpj', '04740714000197'],
    ['52998224725', 'cpf', '52998224725'],
    ['529.982.247-25', 'cpf', '52998224725'],
    ['12345678909', 'cpf', '12345678909'],
    ['56861752509', 'cpf', '56861752509'],
    ['11144477735', 'cpf', '11144477735'],
    ['00000000191', 'cpf', '00000000191'],
    // Lower case is put right before the check, so that people need not care.
    ['1345c3A5000106', 'cnpj', '1345C3A5000106'],
    ['12.ABc.345/01DE-35', 'cnpj', '12ABC34501DE35'],
    [' 529 982 247 25 ', 'cpf', '52998224725'],
  ])('%s', (raw, type, value) => {
    expect(checkTaxId(raw)).toEqual({ kind: 'valid', type, value });
  });
});

describe('invalid numbers', () => {
  test.each([
    ['R55231B3000700', 'check-digits'],
    ['90.025.108/000101', 'check-digits'],
    ['90.025.255/0001', 'length'],
    ['90.024.420/0001A2', 'characters'],
    ['0000000000019L', 'characters'],
    ['000000000001P1', 'characters'],
    ['00000000000000', 'all-equal'],
    ['12345678900', 'check-digits'],
    ['11111111111', 'all-equal'],
    ['5299822472', 'length'],
    ['87734514122', 'check-digits'],
    ['', 'length'],
    ['5299822472A', 'characters'],
    ['５２９９８２２４７２５', 'characters'],
    ['529982247250'.repeat(1_000), 'length'],
  ])('%.40s: %s', (raw, reason) => {
    expect(checkTaxId(raw)).toEqual({ kind: 'invalid', reason });
  });
});

test('a wrong check digit in a CPF is always seen', () => {
  const digit = fc.integer({ min: 0, max: 9 });
  fc.assert(
    fc.property(fc.integer({ min: 9, max: 10 }), digit, (place, other) => {
      const right = '52998224725';
      const wrong = `${right.slice(0, place)}${other}${right.slice(place + 1)}`;
      expect(checkTaxId(wrong).kind).toBe(wrong === right ? 'valid' : 'invalid');
    }),
  );
});

test('a valid number stays the same when checked again', () => {
  const result = checkTaxId('12.abc.345/01de-35');
  expect(result.kind === 'valid' && checkTaxId(result.value)).toEqual(result);
});

test('Brazil asks for a number', () => {
  expect([taxIdRequired('BR'), taxIdRequired('US')]).toEqual([true, false]);
});
