import { z } from 'zod';
import { countryCode, visibleText } from './texts.js';

/** Most lines of an address, without city, region, postal code and country. */
export const ADDRESS_LINES_MAX = 4;

const address = {
  addressLines: z
    .array(visibleText(100))
    .min(1)
    .max(ADDRESS_LINES_MAX)
    .optional()
    .meta({ description: 'Street, number, floor and the like, a line each.' }),
  address: visibleText(300)
    .optional()
    .meta({ description: 'The whole address in one line, where it is known no better; not beside `addressLines`.' }),
  city: visibleText(100).optional(),
  region: visibleText(100).optional().meta({ description: 'State or province; in Brazil its two letters.' }),
  postalCode: visibleText(20).optional(),
};

const email = z.email({ error: 'an e-mail address' }).max(254).optional();

type Address = { readonly address?: string | undefined; readonly addressLines?: readonly string[] | undefined };
const isSaidOnce = (given: Address): boolean => given.address === undefined || given.addressLines === undefined;
const SAID_TWICE = { path: ['address'], error: 'either address or addressLines' };

/** Who the payer is for the tax office: required in Brazil, where the address with its postal code belongs to it. */
export const taxpayer = z
  .strictObject({
    taxId: visibleText(30).meta({ description: 'CPF or CNPJ, with or without its mask; CNPJ may hold letters.' }),
    name: visibleText(200).meta({ description: 'Full name of the person, or legal name of the company.' }),
    email,
    ...address,
  })
  .refine(isSaidOnce, SAID_TWICE)
  .meta({ id: 'Taxpayer' });

/** What an invoice should carry: optional. */
export const invoiceDetails = z
  .strictObject({
    companyName: visibleText(200).optional(),
    personName: visibleText(200).optional(),
    taxNumber: visibleText(40)
      .optional()
      .meta({ description: 'VAT id, CNPJ or the like; checked by its form in the European Union and Brazil.' }),
    ...address,
    country: countryCode.optional().meta({ description: 'The workspace’s country when left out.' }),
    email,
  })
  .refine(isSaidOnce, SAID_TWICE)
  .meta({ id: 'InvoiceDetails' });

export type Taxpayer = z.output<typeof taxpayer>;
export type InvoiceDetails = z.output<typeof invoiceDetails>;

/** Most changes of details that one page may show. */
export const DETAILS_CHANGES_PER_PAGE_MAX = 100;
const DETAILS_CHANGES_PER_PAGE = 20;
const VERSION_MAX = 2_147_483_647;

/** Query of `GET /v1/workspaces/{id}/details-changes`. */
export const detailsChangeQuery = z.strictObject({
  before: z.coerce
    .number({ error: 'the version of a change' })
    .int()
    .min(1)
    .max(VERSION_MAX)
    .optional()
    .meta({ description: '`next` of the page before.' }),
  limit: z.coerce
    .number({ error: `a whole number from 1 to ${String(DETAILS_CHANGES_PER_PAGE_MAX)}` })
    .int()
    .min(1)
    .max(DETAILS_CHANGES_PER_PAGE_MAX)
    .default(DETAILS_CHANGES_PER_PAGE),
});
export type DetailsChangeQuery = z.output<typeof detailsChangeQuery>;
