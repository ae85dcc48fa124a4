/** Decimal places of a currency, as `Intl` knows them. */
export const placesOf = (currency: string): number =>
  new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;

/**
 * What was typed as an amount, in minor units as text: digits with at most the decimal places of the currency, after a point or a comma.
 * Nothing is rounded or grouped; undefined for anything else, and for nothing at all.
 */
export function minorOf(typed: string, places: number): string | undefined {
  const [, whole, part = ''] = /^(\d{1,15})(?:[.,](\d+))?$/.exec(typed.trim()) ?? [];
  if (whole === undefined || part.length > places) return undefined;
  const minor = `${whole}${part.padEnd(places, '0')}`.replace(/^0+(?=\d)/, '');
  return minor === '0' ? undefined : minor;
}
