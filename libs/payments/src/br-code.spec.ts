import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { brCode, crc16 } from './br-code.js';

const merchant = { merchantName: 'Fulano de Tal', merchantCity: 'BRASILIA' };

/** Reads tag, length, value until the text ends; throws when a length does not fit. */
const fields = (text: string): Map<string, string> => {
  const found = new Map<string, string>();
  for (let at = 0; at < text.length;) {
    const length = Number(text.slice(at + 2, at + 4));
    const value = text.slice(at + 4, at + 4 + length);
    if (value.length !== length) throw new Error(`field ${text.slice(at, at + 2)} is cut off`);
    found.set(text.slice(at, at + 2), value);
    at += 4 + length;
  }
  return found;
};

describe('the check sum', () => {
  test('gives the published value for 123456789', () => {
    expect(crc16('123456789')).toBe('29B1');
  });
});

describe('a Pix code', () => {
  test('with a key equals the published static example', () => {
    const target = { kind: 'static', key: '123e4567-e12b-12d1-a456-426655440000' } as const;
    expect(brCode({ ...merchant, target })).toBe(
      '00020126580014br.gov.bcb.pix0136123e4567-e12b-12d1-a456-4266554400005204000053039865802BR5913Fulano de Tal6008BRASILIA62070503***63041D3D',
    );
  });

  test('with a location equals the published dynamic example', () => {
    const target = { kind: 'dynamic', location: 'https://pix.example.com/8b3da2f39a4140d1a91abd93113bd441' } as const;
    expect(brCode({ ...merchant, target })).toBe(
      '00020101021226700014br.gov.bcb.pix2548pix.example.com/8b3da2f39a4140d1a91abd93113bd4415204000053039865802BR5913Fulano de Tal6008BRASILIA62070503***630464E4',
    );
  });

  test('writes centavos with a point, also below one real', () => {
    const target = { kind: 'dynamic', location: 'pix.example.com/1' } as const;
    expect(fields(brCode({ ...merchant, target, amountMinor: 5n })).get('54')).toBe('0.05');
    expect(fields(brCode({ ...merchant, target, amountMinor: 187_200n })).get('54')).toBe('1872.00');
  });

  test('drops accents, and leaves no blank where a name was cut', () => {
    const target = { kind: 'static', key: 'a@example.com' } as const;
    const read = fields(
      brCode({ target, merchantName: 'Comércio de Pão e Açúcar x Ltda', merchantCity: 'São João do Sul x' }),
    );
    expect(read.get('59')).toBe('Comercio de Pao e Acucar');
    expect(read.get('60')).toBe('Sao Joao do Sul');
  });

  test.each([0n, -1n])('refuses an amount of %s', (amountMinor) => {
    const target = { kind: 'static', key: 'a@example.com' } as const;
    expect(() => brCode({ ...merchant, target, amountMinor })).toThrow(RangeError);
  });

  test('refuses a location that does not fit', () => {
    const target = { kind: 'dynamic', location: `pix.example.com/${'x'.repeat(80)}` } as const;
    expect(() => brCode({ ...merchant, target })).toThrow(RangeError);
  });

  test('always reads back: every length fits, and the check sum covers all before it', () => {
    const city = fc.stringMatching(/^[A-Za-zÀ-ÿ][A-Za-zÀ-ÿ ]{0,40}$/).filter((text) => /[A-Za-z]/.test(text));
    fc.assert(
      fc.property(city, city, fc.bigInt(1n, 99_999_999_999n), (merchantName, merchantCity, amountMinor) => {
        const target = { kind: 'dynamic', location: 'pix.example.com/1' } as const;
        const code = brCode({ target, merchantName, merchantCity, amountMinor });
        const read = fields(code);
        expect(read.get('63')).toBe(crc16(code.slice(0, -4)));
        expect(read.get('59')?.length).toBeLessThanOrEqual(25);
        expect(BigInt((read.get('54') ?? '').replace('.', ''))).toBe(amountMinor);
      }),
    );
  });
});
