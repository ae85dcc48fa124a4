import { checkTaxId } from './taxpayer.js';

/** A tax number in the form in which it is stored, or that it does not look like one; `unchecked` where no form is known for the country. */
export type TaxNumberCheck =
  | { readonly kind: 'valid'; readonly value: string }
  | { readonly kind: 'unchecked'; readonly value: string }
  | { readonly kind: 'invalid'; readonly wanted: string };

type Form = {
  /** What stands before the number in the register of VAT ids; Greece has another one than its country code. */
  readonly prefix: string;
  /** The number without its prefix, in upper case and without blanks and marks. */
  readonly pattern: RegExp;
  readonly example: string;
};

const form = (prefix: string, pattern: RegExp, example: string): Form => ({ prefix, pattern, example });

/**
 * How VAT ids of the European Union look, by ISO 3166 country code. They are compared by their form only: whether one was
 * really given to somebody only the tax office of its country can say.
 */
const VAT_FORMS: Readonly<Record<string, Form>> = {
  AT: form('AT', /^U\d{8}$/, 'ATU12345678'),
  BE: form('BE', /^[01]\d{9}$/, 'BE0123456789'),
  BG: form('BG', /^\d{9,10}$/, 'BG123456789'),
  CY: form('CY', /^\d{8}[A-Z]$/, 'CY12345678X'),
  CZ: form('CZ', /^\d{8,10}$/, 'CZ12345678'),
  DE: form('DE', /^\d{9}$/, 'DE123456789'),
  DK: form('DK', /^\d{8}$/, 'DK12345678'),
  EE: form('EE', /^\d{9}$/, 'EE123456789'),
  ES: form('ES', /^([A-Z]\d{7}[0-9A-Z]|\d{8}[A-Z])$/, 'ESX1234567X'),
  FI: form('FI', /^\d{8}$/, 'FI12345678'),
  FR: form('FR', /^[0-9A-HJ-NP-Z]{2}\d{9}$/, 'FRXX123456789'),
  GR: form('EL', /^\d{9}$/, 'EL123456789'),
  HR: form('HR', /^\d{11}$/, 'HR12345678901'),
  HU: form('HU', /^\d{8}$/, 'HU12345678'),
  IE: form('IE', /^(\d{7}[A-W][A-I]?|\d[A-Z+*]\d{5}[A-W])$/, 'IE1234567WA'),
  IT: form('IT', /^\d{11}$/, 'IT12345678901'),
  LT: form('LT', /^(\d{9}|\d{12})$/, 'LT123456789'),
  LU: form('LU', /^\d{8}$/, 'LU12345678'),
  LV: form('LV', /^\d{11}$/, 'LV12345678901'),
  MT: form('MT', /^\d{8}$/, 'MT12345678'),
  NL: form('NL', /^\d{9}B\d{2}$/, 'NL123456789B01'),
  PL: form('PL', /^\d{10}$/, 'PL1234567890'),
  PT: form('PT', /^\d{9}$/, 'PT123456789'),
  RO: form('RO', /^\d{2,10}$/, 'RO1234567890'),
  SE: form('SE', /^\d{10}01$/, 'SE123456789001'),
  SI: form('SI', /^\d{8}$/, 'SI12345678'),
  SK: form('SK', /^\d{10}$/, 'SK1234567890'),
};

/** Countries whose tax numbers have a form that is checked, in the order of the alphabet. */
export const countriesWithTaxNumberForm: readonly string[] = [...Object.keys(VAT_FORMS), 'BR'].sort();

/** Longer than any number with its marks; what is longer still is not looked at. */
const MAX_RAW_LENGTH = 40;

/**
 * Checks the tax number of a company or a person by the form that its country (ISO 3166 code) gives it: a VAT id in the European Union,
 * with or without its prefix; CPF or CNPJ with right check digits in Brazil. Blanks, marks and lower case are put right first, so one number
 * is always stored one way: VAT ids with their prefix.
 */
export function checkTaxNumber(country: string, raw: string): TaxNumberCheck {
  if (country === 'BR') {
    const check = checkTaxId(raw);
    if (check.kind === 'valid') return { kind: 'valid', value: check.value };
    return { kind: 'invalid', wanted: 'a CPF or CNPJ with right check digits' };
  }
  const wantedForm = VAT_FORMS[country];
  if (wantedForm === undefined) return { kind: 'unchecked', value: raw.trim() };
  const { prefix, pattern, example } = wantedForm;
  const plain = raw.length > MAX_RAW_LENGTH ? '' : raw.toUpperCase().replace(/[\s./-]/g, '');
  const number = plain.startsWith(prefix) ? plain.slice(prefix.length) : plain;
  if (pattern.test(number)) return { kind: 'valid', value: `${prefix}${number}` };
  return { kind: 'invalid', wanted: `a VAT id of ${country} such as ${example}` };
}

const SHOWN_OF_OTHERS = 3;

/**
 * A tax number as staff and errors may show it: of a CPF the six digits in its middle, of a CNPJ the first eight characters less two, of
 * any other its last three characters, and nothing of one that is shorter than twice that.
 */
export function maskTaxNumber(raw: string): string {
  const check = checkTaxId(raw);
  if (check.kind === 'valid' && check.type === 'cpf') {
    return `***.${check.value.slice(3, 6)}.${check.value.slice(6, 9)}-**`;
  }
  if (check.kind === 'valid') return `**.${check.value.slice(2, 5)}.${check.value.slice(5, 8)}/****-**`;
  const text = raw.trim();
  return text.length < 2 * SHOWN_OF_OTHERS ? '***' : `***${text.slice(-SHOWN_OF_OTHERS)}`;
}
