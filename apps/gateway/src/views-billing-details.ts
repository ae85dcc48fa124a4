import type { Caller } from '@billfleet/billing';
import { invoiceDetails, taxpayer } from '@billfleet/contracts';
import { isWorkspaceRole, maskTaxNumber, missingOfTaxpayer, taxIdRequired } from '@billfleet/domain';
import type { DetailsView, OrderView } from '@billfleet/store';
import { z } from 'zod';

const changed = {
  version: z.int().nullable().meta({ description: 'Counts the changes of the workspace’s details, of both kinds.' }),
  changedBy: z.string().nullable(),
  changedAt: z.iso.datetime().nullable(),
};

/** Answer of `GET` and `PUT /v1/workspaces/{id}/invoice-details`. */
export const invoiceDetailsView = z
  .object({
    workspaceId: z.uuid(),
    country: z
      .string()
      .meta({ description: 'The workspace’s country, for which details without a country are meant.' }),
    details: invoiceDetails.nullable(),
    taxNumberCountry: z.string().nullable().meta({
      description:
        'The country for which the tax number looks right; a buyer there is taxed as a company. Null without one.',
    }),
    ...changed,
  })
  .meta({ id: 'InvoiceDetailsView' });

/** Answer of `GET` and `PUT /v1/workspaces/{id}/taxpayer-details`. */
export const taxpayerDetailsView = z
  .object({
    workspaceId: z.uuid(),
    country: z.string(),
    isRequired: z.boolean().meta({ description: 'Whether orders of the country need a taxpayer.' }),
    missing: z
      .array(z.enum(['taxId', 'name', 'addressLines', 'postalCode']))
      .meta({ description: 'What an order would still have to bring along; empty where nothing is required.' }),
    details: taxpayer.nullable(),
    ...changed,
  })
  .meta({ id: 'TaxpayerDetailsView' });

/** Answer of `GET /v1/workspaces/{id}/details-changes`. */
export const detailsChangesView = z
  .object({
    changes: z.array(
      z.object({
        version: z.int(),
        what: z.enum(['invoice', 'taxpayer']),
        fields: z.array(z.string()),
        changedBy: z.string(),
        changedAt: z.iso.datetime(),
      }),
    ),
    next: z.int().nullable().meta({ description: '`before` of the next page; null on the last one.' }),
  })
  .meta({ id: 'DetailsChanges' });

/** People of the workspace and the services that act for them see whole tax numbers; staff see them masked. */
const seesNumbers = ({ role, person }: Caller): boolean =>
  person !== undefined || isWorkspaceRole(role) || role === 'service';

/** Invoice details as a caller may see them. */
export function invoiceDetailsShown(view: DetailsView<'invoice'>, caller: Caller): Record<string, unknown> {
  const { details } = view;
  if (details?.taxNumber === undefined || seesNumbers(caller)) return { ...view };
  return { ...view, details: { ...details, taxNumber: maskTaxNumber(details.taxNumber) } };
}

/** Taxpayer details as a caller may see them, with what is missing. */
export function taxpayerDetailsShown(view: DetailsView<'taxpayer'>, caller: Caller): Record<string, unknown> {
  const { taxNumberCountry: _ofInvoice, details, ...rest } = view;
  const isRequired = taxIdRequired(view.country);
  const shown = details === null || seesNumbers(caller) ? details : { ...details, taxId: maskTaxNumber(details.taxId) };
  return { ...rest, isRequired, missing: isRequired ? missingOfTaxpayer(details ?? undefined) : [], details: shown };
}

/** Whom an order bills. */
export type BilledTo = {
  readonly name: string | null;
  readonly taxNumber: string | null;
  readonly country: string | null;
};

/**
 * Whom an order bills: by its invoice details, or else its taxpayer; null where it names nobody. Everybody of a workspace may see it, so it tells no
 * more than is needed to know him again.
 */
export function billedToShown({ invoiceDetails: buyer, taxpayer: payer }: OrderView['billedTo']): BilledTo | null {
  if (buyer === null && payer === null) return null;
  const number = buyer?.taxNumber ?? payer?.taxId;
  return {
    name: buyer?.companyName ?? buyer?.personName ?? payer?.name ?? null,
    taxNumber: number === undefined ? null : maskTaxNumber(number),
    country: buyer?.country ?? null,
  };
}
