import { checkTaxId, CURRENCY_EXPONENT, EVERY_OTHER_REGION, isCurrency, isTimeZone } from '@billfleet/domain';
import type { Currency, Seller } from '@billfleet/domain';
import { z } from 'zod';
import type { CatalogueFault } from './catalogue-file-faults.js';
import { fault, isPrivate } from './catalogue-file-loose.js';
import type { LooseFile } from './catalogue-file-loose.js';
import { fields, listOf, textLike } from './catalogue-file-shapes.js';

const line = textLike(/^\S(.{0,98}\S)?$/u, 'a text of 1 to 100 characters');
const country = textLike(/^[A-Z]{2}$/, 'a country code of two capital letters');
const ZONE_WANTED = 'a time zone of the IANA database, such as America/Sao_Paulo';
const CURRENCY_WANTED = `one of ${Object.keys(CURRENCY_EXPONENT).join(', ')}`;

/** What an entry of `sellers` holds, field by field. */
export const sellerShape = fields({
  id: textLike(/^[a-z][a-z0-9-]{0,39}$/, 'lower-case letters, digits and hyphens, a letter first, at most 40'),
  legalName: line,
  taxId: fields({ kind: textLike(/^\S(.{0,18}\S)?$/u, 'a text of 1 to 20 characters'), value: line }),
  address: listOf(line, 1),
  country,
  region: textLike(/^([A-Z]{2}|\*)$/, "a country code of two capital letters, or '*' for every other country"),
  currency: z.custom<Currency>((value) => typeof value === 'string' && isCurrency(value), { error: CURRENCY_WANTED }),
  numberPrefix: textLike(/^[A-Z][A-Z0-9]{0,7}$/, 'capital letters and digits, a letter first, at most 8'),
  timeZone: z.string({ error: ZONE_WANTED }).refine(isTimeZone, { error: ZONE_WANTED }),
}) satisfies z.ZodType<Seller>;

/** Finds price lists that nobody sells, sellers of what there is no price list for, and Brazilian numbers with wrong check digits. */
export function checkSellers(file: LooseFile): readonly CatalogueFault[] {
  return [...checkCoverage(file), ...checkMarkets(file), ...checkNumbers(file)];
}

/** Each region that has lists for everybody is served by a seller of its own, or by the general one, in its own currency. */
function checkCoverage(file: LooseFile): readonly CatalogueFault[] {
  if (file.sellers.length === 0) return [];
  const servesRegion = (region: string) =>
    file.sellers.find((seller) => seller?.region === region) ??
    file.sellers.find((seller) => seller?.region === EVERY_OTHER_REGION);
  const open = file.priceLists.filter((list) => !isPrivate(list));
  return file.priceLists.flatMap((list, index) => {
    if (list?.region === undefined || list.currency === undefined) return [];
    // Lists of one region in several currencies are a fault of their own.
    if (open.find((one) => one?.region === list.region) !== list) return [];
    const seller = servesRegion(list.region);
    if (seller === undefined) {
      return [fault(['priceLists', index, 'region'], list.region, 'a region that has a seller')];
    }
    if (seller.currency === undefined || seller.currency === list.currency) return [];
    const wanted = `${seller.currency}, as its seller ${seller.id ?? ''} sells in`;
    return [fault(['priceLists', index, 'currency'], list.currency, wanted)];
  });
}

function checkMarkets(file: LooseFile): readonly CatalogueFault[] {
  const regions = new Set(file.priceLists.flatMap((list) => (isPrivate(list) ? [] : (list?.region ?? []))));
  return file.sellers.flatMap((seller, index) =>
    seller?.region === undefined || regions.size === 0 || regions.has(seller.region)
      ? []
      : [
          fault(
            ['sellers', index, 'region'],
            seller.region,
            `a region that has a price list: ${[...regions].join(', ')}`,
          ),
        ],
  );
}

function checkNumbers(file: LooseFile): readonly CatalogueFault[] {
  return file.sellers.flatMap((seller, index) => {
    const { kind, value } = seller?.taxId ?? {};
    if (kind === undefined || value === undefined || !/^(cnpj|cpf)$/i.test(kind)) return [];
    const checked = checkTaxId(value);
    if (checked.kind === 'valid' && checked.type === kind.toLowerCase()) return [];
    return [fault(['sellers', index, 'taxId', 'value'], value, `a ${kind} whose check digits are right`)];
  });
}
