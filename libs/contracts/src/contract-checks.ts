import { CURRENCY_EXPONENT, minorToDecimal } from '@billfleet/domain';
import type { Catalogue, Contract, Currency } from '@billfleet/domain';
import { checkLimits } from './catalogue-file-checks.js';
import { looseFile } from './catalogue-file-loose.js';
import { checkPrices } from './catalogue-file-prices.js';
import { checkPrivateLists } from './catalogue-file-private-lists.js';

/** One thing that is wrong with a contract that is to be made. */
export type ContractFault = { readonly field: string; readonly found: string; readonly wanted: string };

/** What is agreed, as far as the catalogue has a word in it. The price is of one seat for one month. */
export type ContractTerms = Contract & { readonly currency: Currency; readonly monthlyPriceMinor: bigint };

const PLACE = 'priceLists[0].contract.';

/**
 * Everything that is wrong with a contract under a catalogue, all at once: the same faults for which a catalogue file with this contract would
 * be refused. Fields are named as in the request.
 */
export function contractFaults(catalogue: Catalogue, terms: ContractTerms): readonly ContractFault[] {
  const { currency, monthlyPriceMinor, ...contract } = terms;
  const monthlyPrice = minorToDecimal(monthlyPriceMinor, CURRENCY_EXPONENT[currency]);
  const { seats, periods, limits, plans, trial } = catalogue;
  const priceLists = [{ currency, contract: { ...contract, monthlyPrice } }];
  const file = looseFile.parse({ seats, periods, limits, plans, trial, priceLists, installments: [], addOns: [] });
  return [...checkPrivateLists(file), ...checkPrices(file), ...checkLimits(file)].flatMap(({ name, found, wanted }) => {
    if (!name.startsWith(PLACE)) return [];
    const field = name.slice(PLACE.length).replace(/^monthlyPrice$/, 'monthlyPriceMinor');
    return [{ field, found, wanted }];
  });
}
