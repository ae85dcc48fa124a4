/** A number under which Brazil knows a taxpayer: CPF for a person, CNPJ for a company. */
export type TaxIdType = 'cpf' | 'cnpj';

/** Why a text is no tax number; it never repeats the text, which is personal data. */
export type TaxIdFault = 'length' | 'characters' | 'all-equal' | 'check-digits';

/** A tax number without its mask and in upper case, or why there is none. */
export type TaxIdCheck =
  | { readonly kind: 'valid'; readonly type: TaxIdType; readonly value: string }
  | { readonly kind: 'invalid'; readonly reason: TaxIdFault };

const CPF_LENGTH = 11;
const CNPJ_LENGTH = 14;
/** Longer than any masked number; what is longer still is not looked at. */
const MAX_RAW_LENGTH = 32;
/** The value of a CNPJ character is its code less that of '0', so letters begin at 17. */
const CODE_OF_ZERO = 48;

/** Says whether buyers of a country (ISO 3166 code) must give a tax number before they pay. */
export function taxIdRequired(country: string): boolean {
  return country === 'BR';
}

/**
 * Checks a CPF, or a CNPJ in its numeric or alphanumeric form (since July 2026 its first twelve characters may be
 * letters), by its check digits. Masks and lower case are taken off first, so one number is always stored one way. A
 * number that passes need not exist.
 */
export function checkTaxId(raw: string): TaxIdCheck {
  if (raw.length > MAX_RAW_LENGTH) return { kind: 'invalid', reason: 'length' };
  const value = raw.toUpperCase().replace(/[\s./-]/g, '');
  if (value.length === CPF_LENGTH) {
    // The weights of a CPF rise to the left without an end, those of a CNPJ start again after 9.
    return check('cpf', value, /^\d{11}$/, CPF_LENGTH);
  }
  if (value.length === CNPJ_LENGTH) return check('cnpj', value, /^[0-9A-Z]{12}\d{2}$/, 9);
  return { kind: 'invalid', reason: 'length' };
}

function check(type: TaxIdType, value: string, pattern: RegExp, highestWeight: number): TaxIdCheck {
  if (!pattern.test(value)) return { kind: 'invalid', reason: 'characters' };
  // Some all-equal numbers have the right check digits; none was ever issued.
  if (/^(.)\1*$/.test(value)) return { kind: 'invalid', reason: 'all-equal' };
  const body = value.slice(0, -2);
  const first = checkDigit(body, highestWeight);
  const second = checkDigit(`${body}${first}`, highestWeight);
  if (value.slice(-2) !== `${first}${second}`) return { kind: 'invalid', reason: 'check-digits' };
  return { kind: 'valid', type, value };
}

/** Modulo 11 over the characters, with weights from 2 upwards, beginning at the right. */
function checkDigit(text: string, highestWeight: number): number {
  let sum = 0;
  for (let fromRight = 0; fromRight < text.length; fromRight += 1) {
    const characterValue = text.charCodeAt(text.length - 1 - fromRight) - CODE_OF_ZERO;
    sum += characterValue * (2 + (fromRight % (highestWeight - 1)));
  }
  const remainder = sum % 11;
  return remainder < 2 ? 0 : 11 - remainder;
}
