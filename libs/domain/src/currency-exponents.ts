const WITHOUT_DECIMALS = 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF';
const THREE_DECIMALS = 'BHD IQD JOD KWD LYD OMR TND';
const FOUR_DECIMALS = 'CLF UYW';
const TWO_DECIMALS =
  'AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY ' +
  'COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS ' +
  'INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR ' +
  'MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP ' +
  'STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG';
/** Metals, funds and test codes: ISO 4217 gives them no minor unit, so they are counted whole. */
const WITHOUT_MINOR_UNIT = 'XAG XAU XBA XBB XBC XBD XDR XPD XPT XSU XTS XUA XXX';
/** Withdrawn since 2023, kept because the books of those years hold them. */
const WITHDRAWN_TWO_DECIMALS = 'ANG BGN CUC HRK SLL ZWL';

/**
 * Decimal places of every currency of ISO 4217 by its code. It is for reading and checking amounts of anybody; what may be
 * sold in is the shorter list of `Currency`.
 */
export const CURRENCY_EXPONENTS: Readonly<Record<string, number>> = {
  ...exponentOf(0, WITHOUT_DECIMALS),
  ...exponentOf(0, WITHOUT_MINOR_UNIT),
  ...exponentOf(2, TWO_DECIMALS),
  ...exponentOf(2, WITHDRAWN_TWO_DECIMALS),
  ...exponentOf(3, THREE_DECIMALS),
  ...exponentOf(4, FOUR_DECIMALS),
};

/** The decimal places of a currency, or undefined when ISO 4217 has no such code. */
export function currencyExponent(code: string): number | undefined {
  return Object.hasOwn(CURRENCY_EXPONENTS, code) ? CURRENCY_EXPONENTS[code] : undefined;
}

/** Writes minor units in major units with exactly `places` decimals, a point, and no grouping: "-0.05", "1000". */
export function minorToDecimal(amountMinor: bigint, places: number): string {
  const sign = amountMinor < 0n ? '-' : '';
  const digits = String(amountMinor < 0n ? -amountMinor : amountMinor).padStart(places + 1, '0');
  const whole = digits.slice(0, digits.length - places);
  return places === 0 ? `${sign}${whole}` : `${sign}${whole}.${digits.slice(-places)}`;
}

/**
 * Reads a decimal text in major units as minor units. Unlike `parseDecimal` it takes fewer decimals than the currency has
 * ("90" for 90.00), and more if they are zeros: texts of other systems are read by what they are worth.
 * @returns undefined for any other text, and for anything finer than a minor unit. Nothing is ever rounded.
 */
export function decimalToMinor(text: string, places: number): bigint | undefined {
  const match = /^(-?)(0|[1-9]\d{0,17})(?:\.(\d{1,18}))?$/.exec(text);
  if (match === null) return undefined;
  const [, sign = '', whole = '', decimals = ''] = match;
  if (!/^0*$/.test(decimals.slice(places))) return undefined;
  return BigInt(`${whole}${decimals.slice(0, places).padEnd(places, '0')}`) * (sign === '-' ? -1n : 1n);
}

function exponentOf(exponent: number, codes: string): Record<string, number> {
  return Object.fromEntries(codes.split(' ').map((code) => [code, exponent]));
}
