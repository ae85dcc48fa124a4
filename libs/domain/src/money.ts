import { minorToDecimal } from './currency-exponents.js';
import { invariant } from './invariant.js';

/** Currencies that may be sold in, as ISO 4217 codes. */
export type Currency = 'USD' | 'BRL';

/** An amount in minor units (cents, centavos) of one currency. It may be negative: a difference is money too. */
export type Money = { readonly amountMinor: bigint; readonly currency: Currency };

/**
 * Decimal places per currency after ISO 4217. A table of our own, because the tables that ship with runtimes follow CLDR,
 * which rounds some currencies away that ISO 4217 does not.
 */
export const CURRENCY_EXPONENT: Readonly<Record<Currency, number>> = { USD: 2, BRL: 2 };

/** The largest amount, in minor units, that any single value may hold in either direction: a thousand million units. */
export const MAX_AMOUNT_MINOR = 100_000_000_000n;

/** The most parts that an amount may be divided into. */
const MAX_PARTS = 1_000;

/** Says whether a text is the code of a currency that may be sold in. */
export function isCurrency(text: string): text is Currency {
  return Object.hasOwn(CURRENCY_EXPONENT, text);
}

/**
 * Makes an amount in minor units.
 * @throws InvariantError beyond MAX_AMOUNT_MINOR in either direction.
 */
export function money(amountMinor: bigint, currency: Currency): Money {
  invariant(
    amountMinor <= MAX_AMOUNT_MINOR && amountMinor >= -MAX_AMOUNT_MINOR,
    () => `an amount must stay within ${MAX_AMOUNT_MINOR} minor units, found ${amountMinor} ${currency}`,
  );
  return { amountMinor, currency };
}

/**
 * Adds two amounts exactly.
 * @throws InvariantError when the currencies differ or the sum is out of bounds.
 */
export function add(left: Money, right: Money): Money {
  return money(left.amountMinor + right.amountMinor, sameCurrency(left, right));
}

/**
 * Takes the right amount from the left one, exactly; the result may be negative.
 * @throws InvariantError when the currencies differ or the difference is out of bounds.
 */
export function subtract(left: Money, right: Money): Money {
  return money(left.amountMinor - right.amountMinor, sameCurrency(left, right));
}

/**
 * Multiplies an amount by a whole number, exactly.
 * @throws InvariantError when the product is out of bounds.
 */
export function multiply(amount: Money, factor: bigint): Money {
  return money(amount.amountMinor * factor, amount.currency);
}

/**
 * Divides an amount into equal parts whose sum is the amount again; what does not divide goes to the first part, so
 * 100.00 in three is 33.34, 33.33 and 33.33.
 * @throws InvariantError unless parts is a whole number from 1 to 1000.
 */
export function allocate(total: Money, parts: number): readonly Money[] {
  return allocateMinor(total.amountMinor, parts).map((partMinor) => money(partMinor, total.currency));
}

/**
 * Divides minor units of any currency the way `allocate` does.
 * @throws InvariantError unless parts is a whole number from 1 to 1000.
 */
export function allocateMinor(totalMinor: bigint, parts: number): readonly bigint[] {
  invariant(
    Number.isInteger(parts) && parts >= 1 && parts <= MAX_PARTS,
    () => `an amount is divided into 1 to ${MAX_PARTS} parts, found ${parts}`,
  );
  const shareMinor = totalMinor / BigInt(parts);
  const restMinor = totalMinor - shareMinor * BigInt(parts);
  return Array.from({ length: parts }, (_, index) => (index === 0 ? shareMinor + restMinor : shareMinor));
}

/** Writes an amount in major units with every decimal place of its currency and no currency sign: "150.00", "-0.05". */
export function formatDecimal(amount: Money): string {
  return minorToDecimal(amount.amountMinor, CURRENCY_EXPONENT[amount.currency]);
}

/**
 * Reads what `formatDecimal` writes: digits, a point, exactly the decimal places of the currency.
 * @returns undefined for any other text and for amounts out of bounds. Nothing is ever rounded.
 */
export function parseDecimal(text: string, currency: Currency): Money | undefined {
  const places = CURRENCY_EXPONENT[currency];
  const pattern = places === 0 ? /^-?(0|[1-9]\d{0,17})$/ : new RegExp(`^-?(0|[1-9]\\d{0,17})\\.\\d{${places}}$`);
  if (!pattern.test(text)) return undefined;
  const amountMinor = BigInt(text.replace('.', ''));
  if (amountMinor > MAX_AMOUNT_MINOR || amountMinor < -MAX_AMOUNT_MINOR) return undefined;
  if (amountMinor === 0n && text.startsWith('-')) return undefined;
  return money(amountMinor, currency);
}

function sameCurrency(left: Money, right: Money): Currency {
  invariant(
    left.currency === right.currency,
    () => `currencies never mix, found ${left.currency} and ${right.currency}`,
  );
  return left.currency;
}
