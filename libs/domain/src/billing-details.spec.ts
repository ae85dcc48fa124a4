import { describe, expect, test } from '@jest/globals';
import { checkInvoiceDetails, checkTaxpayer, missingOfTaxpayer, taxNumberCountry } from './billing-details.js';
import type { TaxpayerGiven } from './billing-details.js';

const ANA: TaxpayerGiven = {
  taxId: '529.982.247-25',
  name: 'Ana Souza',
  addressLines: ['Rua das Flores, 12'],
  region: 'sp',
  postalCode: '01310100',
};

const faultOf = (given: TaxpayerGiven): readonly string[] => {
  const outcome = checkTaxpayer('BR', given, 'taxpayer.');
  return outcome.kind === 'refused' ? [outcome.refusal.code, outcome.refusal.field] : [];
};

describe('taxpayer details in Brazil', () => {
  test('are stored without marks', () => {
    expect(checkTaxpayer('BR', ANA)).toEqual({
      kind: 'sound',
      details: { ...ANA, taxId: '52998224725', region: 'SP', postalCode: '01310-100' },
    });
  });

  test('may have the address in one line, and a company’s number with letters', () => {
    const { addressLines: _lines, region: _region, ...rest } = ANA;
    const company = { ...rest, taxId: '12.ABC.345/01DE-35', address: 'Rua das Flores, 12, São Paulo SP' };
    expect(checkTaxpayer('BR', company)).toMatchObject({ details: { taxId: '12ABC34501DE35' } });
  });

  test.each<readonly [string, Partial<TaxpayerGiven>, string, string]>([
    ['a wrong check digit', { taxId: '52998224726' }, 'tax_id_invalid', 'taxpayer.taxId'],
    ['no address', { addressLines: undefined }, 'taxpayer_incomplete', 'taxpayer.addressLines'],
    ['no postal code', { postalCode: undefined }, 'taxpayer_incomplete', 'taxpayer.postalCode'],
    ['a postal code of seven digits', { postalCode: '0131010' }, 'postal_code_invalid', 'taxpayer.postalCode'],
    ['a state that is none', { region: 'XX' }, 'region_invalid', 'taxpayer.region'],
  ])('with %s are refused at the field', (_name, over, code, field) => {
    expect(faultOf({ ...ANA, ...over })).toEqual([code, field]);
  });

  test('name everything that is missing, and never the number', () => {
    const outcome = checkTaxpayer('BR', { taxId: ANA.taxId, name: ANA.name }, 'taxpayer.');
    expect(outcome).toMatchObject({
      refusal: { found: 'nothing in taxpayer.addressLines, taxpayer.postalCode' },
    });
    expect(JSON.stringify([outcome, checkTaxpayer('BR', { ...ANA, taxId: '52998224726' })])).not.toMatch(/998/);
    expect(missingOfTaxpayer(undefined)).toEqual(['taxId', 'name', 'addressLines', 'postalCode']);
    expect(missingOfTaxpayer(ANA)).toEqual([]);
  });
});

test('outside of Brazil nobody looks at taxpayer details', () => {
  const given = { taxId: 'anything', name: 'Ana' };
  expect(checkTaxpayer('US', given)).toEqual({ kind: 'sound', details: given });
});

describe('invoice details', () => {
  test('may say nothing at all', () => {
    expect(checkInvoiceDetails('DE', {})).toEqual({ kind: 'sound', details: {} });
  });

  test('are checked by their own country, and else by that of the workspace', () => {
    expect(checkInvoiceDetails('US', { country: 'DE', taxNumber: '123456789' })).toMatchObject({
      details: { taxNumber: 'DE123456789' },
    });
    expect(checkInvoiceDetails('DE', { taxNumber: 'FR12345678901' })).toMatchObject({
      refusal: { code: 'tax_number_invalid', field: 'taxNumber', wanted: 'a VAT id of DE such as DE123456789' },
    });
    expect(checkInvoiceDetails('BR', { postalCode: '1' })).toMatchObject({ refusal: { code: 'postal_code_invalid' } });
  });

  test('tell for which country their tax number looks right', () => {
    expect(taxNumberCountry('DE', { taxNumber: 'DE123456789' })).toBe('DE');
    expect(taxNumberCountry('US', { taxNumber: 'DE123456789', country: 'DE' })).toBe('DE');
    expect(taxNumberCountry('US', { taxNumber: '12-3456789' })).toBeUndefined();
    expect(taxNumberCountry('DE', { companyName: 'Nordwind GmbH' })).toBeUndefined();
    expect(taxNumberCountry('DE', null)).toBeUndefined();
  });
});
