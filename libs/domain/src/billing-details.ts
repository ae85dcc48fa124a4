import type { Refusal } from './refusal.js';
import { checkTaxNumber } from './tax-number.js';
import { checkTaxId, taxIdRequired } from './taxpayer.js';

/** An address as people write it; `address` holds all of it in one line, for whoever knows it no better. */
export type PostalAddress = {
  readonly addressLines?: readonly string[] | undefined;
  readonly address?: string | undefined;
  readonly city?: string | undefined;
  readonly region?: string | undefined;
  readonly postalCode?: string | undefined;
};

/** What an invoice carries of its buyer. All of it is optional. */
export type InvoiceDetailsGiven = PostalAddress & {
  readonly companyName?: string | undefined;
  readonly personName?: string | undefined;
  readonly taxNumber?: string | undefined;
  /** ISO 3166 code; the workspace's country when left out. */
  readonly country?: string | undefined;
  readonly email?: string | undefined;
};

/** Who the payer is for the Brazilian tax office. */
export type TaxpayerGiven = PostalAddress & {
  readonly taxId: string;
  readonly name: string;
  readonly email?: string | undefined;
};

/** Details in the form in which they are stored, or the first thing that is wrong with them. Nothing of a tax number is repeated. */
export type DetailsOutcome<Details> =
  { readonly kind: 'sound'; readonly details: Details } | { readonly kind: 'refused'; readonly refusal: Refusal };

/** A field of taxpayer details that Brazil asks for. */
export type TaxpayerField = 'taxId' | 'name' | 'addressLines' | 'postalCode';

const BRAZILIAN_POSTAL_CODE = /^(\d{5})-?(\d{3})$/;
/** The states of Brazil and its federal district. */
const BRAZILIAN_STATES: ReadonlySet<string> = new Set(
  'AC AL AM AP BA CE DF ES GO MA MG MS MT PA PB PE PI PR RJ RN RO RR RS SC SE SP TO'.split(' '),
);

/** The lines of an address, however it was given; none where it was not. */
export function addressLinesOf({ addressLines, address }: PostalAddress): readonly string[] {
  return addressLines ?? (address === undefined ? [] : [address]);
}

/** What Brazil asks for and taxpayer details lack, in the order of the form; everything where there are none. */
export function missingOfTaxpayer(taxpayer: Partial<TaxpayerGiven> | undefined): readonly TaxpayerField[] {
  const { taxId, name, postalCode } = taxpayer ?? {};
  return [
    ...(taxId === undefined ? ['taxId' as const] : []),
    ...(name === undefined ? ['name' as const] : []),
    ...(addressLinesOf(taxpayer ?? {}).length === 0 ? ['addressLines' as const] : []),
    ...(postalCode === undefined ? ['postalCode' as const] : []),
  ];
}

/**
 * Checks taxpayer details by the rules of a country: in Brazil a CPF or CNPJ with right check digits, and an address with its postal code.
 * Elsewhere nobody asks for a taxpayer, and what is given is stored as it is. `prefix` stands before the names of the fields.
 */
export function checkTaxpayer(country: string, given: TaxpayerGiven, prefix = ''): DetailsOutcome<TaxpayerGiven> {
  if (!taxIdRequired(country)) return { kind: 'sound', details: given };
  const taxId = checkTaxId(given.taxId);
  if (taxId.kind === 'invalid') {
    const found = `a text that fails: ${taxId.reason}`;
    return refuse('tax_id_invalid', `${prefix}taxId`, found, 'a CPF or CNPJ with right check digits');
  }
  const missing = missingOfTaxpayer(given);
  if (missing.length > 0) {
    const found = `nothing in ${missing.map((field) => `${prefix}${field}`).join(', ')}`;
    const wanted = 'CPF or CNPJ, full or legal name, and the address with its postal code, as Brazil requires';
    return refuse('taxpayer_incomplete', `${prefix}${missing[0] ?? ''}`, found, wanted);
  }
  const address = checkBrazilianAddress(given, prefix);
  if (address.kind === 'refused') return address;
  return { kind: 'sound', details: { ...given, ...address.details, taxId: taxId.value } };
}

/** Checks invoice details: the tax number and, in Brazil, the address by the rules of their own country, or else of the workspace's. */
export function checkInvoiceDetails(
  workspaceCountry: string,
  given: InvoiceDetailsGiven,
  prefix = '',
): DetailsOutcome<InvoiceDetailsGiven> {
  const country = given.country ?? workspaceCountry;
  const address = country === 'BR' ? checkBrazilianAddress(given, prefix) : { kind: 'sound' as const, details: {} };
  if (address.kind === 'refused') return address;
  const { taxNumber } = given;
  if (taxNumber === undefined) return { kind: 'sound', details: { ...given, ...address.details } };
  const check = checkTaxNumber(country, taxNumber);
  if (check.kind === 'invalid') {
    const found = `a text that does not look like one of ${country}`;
    return refuse('tax_number_invalid', `${prefix}taxNumber`, found, check.wanted);
  }
  return { kind: 'sound', details: { ...given, ...address.details, taxNumber: check.value } };
}

/**
 * The country (ISO 3166 code) for which invoice details show a tax number that looks right there; undefined where they show none, or
 * where nobody knows how one would look. A buyer in that country is taxed as a company.
 */
export function taxNumberCountry(workspaceCountry: string, details: InvoiceDetailsGiven | null): string | undefined {
  if (details?.taxNumber === undefined) return undefined;
  const country = details.country ?? workspaceCountry;
  return checkTaxNumber(country, details.taxNumber).kind === 'valid' ? country : undefined;
}

type CheckedAddress = { readonly postalCode?: string; readonly region?: string };

function checkBrazilianAddress({ postalCode, region }: PostalAddress, prefix: string): DetailsOutcome<CheckedAddress> {
  const parts = postalCode === undefined ? undefined : BRAZILIAN_POSTAL_CODE.exec(postalCode.trim());
  if (parts === null) {
    return refuse('postal_code_invalid', `${prefix}postalCode`, 'another text', 'a CEP of eight digits: 01310-100');
  }
  const state = region?.trim().toUpperCase();
  if (state !== undefined && !BRAZILIAN_STATES.has(state)) {
    return refuse('region_invalid', `${prefix}region`, 'another text', 'a state of Brazil by its two letters: SP');
  }
  const code = parts === undefined ? {} : { postalCode: `${parts[1] ?? ''}-${parts[2] ?? ''}` };
  return { kind: 'sound', details: { ...code, ...(state === undefined ? {} : { region: state }) } };
}

function refuse(code: string, field: string, found: string, wanted: string): DetailsOutcome<never> {
  return { kind: 'refused', refusal: { code, field, found, wanted } };
}
