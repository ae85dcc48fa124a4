import type { Currency } from './money.js';

/**
 * Who sells, and so issues the documents. `region` says whose buyers are served, as in price lists: a country code, or '*' for every
 * other country. Days and years of documents are those of `timeZone`.
 */
export type Seller = {
  readonly id: string;
  readonly legalName: string;
  /** The number under which the seller's tax office knows it, and what that kind of number is called: 'CNPJ', 'EIN'. */
  readonly taxId: { readonly kind: string; readonly value: string };
  /** Lines of the address, as they are printed. */
  readonly address: readonly string[];
  /** The seller's own country. */
  readonly country: string;
  readonly region: string;
  readonly currency: Currency;
  /** Begins the number of each document; no two sellers have the same. */
  readonly numberPrefix: string;
  readonly timeZone: string;
};

/** The region of the seller who serves every country that no other one does. */
const EVERY_OTHER_REGION = '*';

/**
 * The seller of an order: the one for the buyer's country, or else the one for every other country; never one that sells in another
 * currency than the order's. Should the country have changed since the order was priced, the currency decides.
 * @returns undefined when nobody sells in that currency.
 */
export function sellerFor(
  sellers: readonly Seller[],
  { country, currency }: { readonly country: string; readonly currency: string },
): Seller | undefined {
  const inCurrency = sellers.filter((seller) => seller.currency === currency);
  return (
    inCurrency.find((seller) => seller.region === country) ??
    inCurrency.find((seller) => seller.region === EVERY_OTHER_REGION) ??
    inCurrency[0]
  );
}
