import type { InvoiceDetails, PlaceOrder, Taxpayer } from '@billfleet/contracts';
import { checkInvoiceDetails, checkTaxpayer, taxIdRequired, taxNumberCountry } from '@billfleet/domain';
import type { InvoiceDetailsGiven, Refusal, TaxpayerGiven } from '@billfleet/domain';

/** What a workspace has stored for its orders; left out where the order brings along all that it needs. */
export type StoredDetails = {
  readonly country: string;
  readonly taxpayer?: Taxpayer | null;
  readonly invoiceDetails?: InvoiceDetails | null;
};

/** The details that an order keeps for good, or what is missing or wrong. */
export type DetailsOfOrder =
  | {
      readonly kind: 'sound';
      readonly taxpayer: TaxpayerGiven | null;
      readonly invoiceDetails: InvoiceDetailsGiven | null;
    }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/**
 * The details of an order: its own, or else those that the workspace has stored at this moment. They are checked by the rules of the country;
 * a price without tax, since the buyer owes it himself, needs the tax number that it was made for. `isRepeat`: an order that the fleet makes by itself, such as a renewal, takes what was accepted before as it is.
 */
export function detailsOf(
  input: Pick<PlaceOrder, 'taxpayer' | 'invoiceDetails'>,
  stored: StoredDetails,
  { isRepeat, isReverseCharged }: { readonly isRepeat: boolean; readonly isReverseCharged: boolean },
): DetailsOfOrder {
  const { country } = stored;
  const isAsked = taxIdRequired(country);
  // What a workspace stored while it was in Brazil has no place in its orders elsewhere.
  const taxpayer = input.taxpayer ?? (isAsked ? stored.taxpayer : null) ?? null;
  const invoiceDetails = input.invoiceDetails ?? stored.invoiceDetails ?? null;
  if (taxpayer === null && isAsked) {
    return {
      kind: 'refused',
      refusal: {
        code: 'taxpayer_required',
        field: 'taxpayer',
        found: 'nothing, and nothing stored for the workspace',
        wanted: 'taxpayer details (CPF or CNPJ, name, address with postal code), as Brazil requires',
      },
    };
  }
  if (isReverseCharged && taxNumberCountry(country, invoiceDetails) !== country) {
    return {
      kind: 'refused',
      refusal: {
        code: 'tax_number_required',
        field: 'invoiceDetails.taxNumber',
        found: 'a price without tax, and no tax number that looks right for the country',
        wanted: `the tax number of a company in ${country}, or a new quote`,
      },
    };
  }
  if (isRepeat) return { kind: 'sound', taxpayer, invoiceDetails };
  const payer = taxpayer === null ? undefined : checkTaxpayer(country, taxpayer, 'taxpayer.');
  if (payer?.kind === 'refused') return payer;
  // Stored details were checked when they were stored; the country may have changed since, and they still say what they say.
  const own = input.invoiceDetails;
  const buyer = own === undefined ? undefined : checkInvoiceDetails(country, own, 'invoiceDetails.');
  if (buyer?.kind === 'refused') return buyer;
  return { kind: 'sound', taxpayer: payer?.details ?? null, invoiceDetails: buyer?.details ?? invoiceDetails };
}
