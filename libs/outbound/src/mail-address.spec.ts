import { describe, expect, test } from '@jest/globals';
import { checkAddress, parseSender } from './mail-address.js';

describe('checkAddress', () => {
  test.each([
    'ana@example.com',
    'ana.souza+billing@mail.example.com.br',
    "o'neil@example.com",
    'a@xn--bcher-kva.example',
  ])('takes %s', (address) => {
    expect(checkAddress(address)).toEqual({ ok: true, address });
  });

  test.each([
    '',
    ' ',
    'ana',
    'ana@',
    '@example.com',
    'ana@@example.com',
    'ana@example..com',
    'ana@-example.com',
    'ana@example.com.',
    '.ana@example.com',
    'an..a@example.com',
    'ana@[127.0.0.1]',
    'Ana <ana@example.com>',
    '<ana@example.com>',
    '"ana b"@example.com',
    '"ana@evil.example x"@example.com',
    'ana@example.com, bia@example.com',
    'ana@example.com;bia@example.com',
    'ana@example.com bia@example.com',
    'team: ana@example.com, bia@example.com;',
    'ana(comment)@example.com',
    'ana@example.com(comment)',
    'ana@example.com\r\nBcc: all@example.com',
    'ana@example.com\nRCPT TO:<all@example.com>',
    'ana\u0000@example.com',
    'ana@exam\u2028ple.com',
    `${'a'.repeat(65)}@example.com`,
    `ana@${'a.'.repeat(130)}com`,
  ])('refuses %j', (address) => {
    expect(checkAddress(address).ok).toBe(false);
  });

  test('never repeats the address in the reason', () => {
    const check = checkAddress('ana@example.com\r\nBcc: all@example.com');
    expect(JSON.stringify(check)).not.toContain('example');
  });
});

describe('parseSender', () => {
  test('reads an address with and without a name', () => {
    expect(parseSender('Billing <billing@example.com>')).toEqual({ name: 'Billing', address: 'billing@example.com' });
    expect(parseSender('billing@example.com')).toEqual({ name: '', address: 'billing@example.com' });
  });

  test.each(['', 'Billing', 'a@example.com, b@example.com', 'Billing <billing@example.com>\r\nBcc: x@example.com'])(
    'refuses %j',
    (text) => {
      expect(() => parseSender(text)).toThrow('one address');
    },
  );
});
