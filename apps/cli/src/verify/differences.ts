import { currencyExponent, minorToDecimal } from '@billfleet/domain';

/** Where a case and the engine disagree. Both sides are text, the way the case file writes it. */
export type Difference = { readonly what: string; readonly expected: string; readonly found: string };

/** The difference between two texts, if there is one. */
export function differ(what: string, expected: string, found: string): readonly Difference[] {
  return expected === found ? [] : [{ what, expected, found }];
}

/** The differences between two lists, entry by entry; a missing or surplus entry is one too. */
export function differAll(what: string, expected: readonly string[], found: readonly string[]): readonly Difference[] {
  const length = Math.max(expected.length, found.length);
  return Array.from({ length }, (_, index) =>
    differ(`${what}[${String(index)}]`, expected[index] ?? 'nothing', found[index] ?? 'nothing'),
  ).flat();
}

/** Writes minor units of a currency of ISO 4217 the way case files do. */
export function decimalIn(currency: string): (amountMinor: bigint) => string {
  const places = currencyExponent(currency) ?? 0;
  return (amountMinor) => minorToDecimal(amountMinor, places);
}
