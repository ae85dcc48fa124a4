import type { DocumentContent } from '@billfleet/contracts';
import { addressLinesOf } from '@billfleet/domain';
import { z } from 'zod';
import type { Paper } from './paper-formats.js';
import { printable } from './printable-text.js';

const NAME_MAX = 120;
const LINE_MAX = 160;
const LINES_MAX = 6;

// Orders of other versions may hold more, or less: whatever is no text is left out.
const text = z.string().exactOptional().catch('');
const details = z.object({
  ...{ companyName: text, personName: text, name: text, taxNumber: text, taxId: text, country: text, email: text },
  ...{ address: text, city: text, region: text, postalCode: text },
  addressLines: z.array(z.string()).exactOptional().catch([]),
});
type Details = z.output<typeof details>;

const filled = (value: string | undefined): string | undefined =>
  value === undefined || value.trim() === '' ? undefined : value;

/** A name, and what stands below it; all of it fit to be printed. */
export type Party = { readonly name: string; readonly lines: readonly string[] };

/** The seller as it stands on the document. */
export function sellerParty({ seller }: Pick<DocumentContent, 'seller'>, paper: Paper): Party {
  const { legalName, taxId, address, country } = seller;
  const lines = [...address, paper.country(country), `${taxId.kind} ${taxId.value}`];
  return { name: printable(legalName, NAME_MAX), lines: lines.map((line) => printable(line, LINE_MAX)) };
}

/** The buyer: whom the invoice details name, or else the taxpayer, or else the workspace; with each tax number once. */
export function buyerParty({ buyer }: Pick<DocumentContent, 'buyer'>, paper: Paper): Party {
  const invoice = details.parse(buyer.invoiceDetails ?? {});
  const taxpayer = details.parse(buyer.taxpayer ?? {});
  const name = [invoice.companyName, invoice.personName, taxpayer.name, buyer.name].map(filled).find(Boolean) ?? '';
  const address = [invoice, taxpayer].map(postalLines).find((lines) => lines.length > 0) ?? [];
  const country = filled(invoice.country) ?? buyer.country;
  const taxNumbers = new Set(
    [taxpayer.taxId, invoice.taxNumber].flatMap((value) => filled(value) ?? []).map((value) => masked(value)),
  );
  const others = [filled(invoice.personName), filled(taxpayer.name)].filter((one) => one !== undefined && one !== name);
  const email = filled(invoice.email) ?? filled(taxpayer.email) ?? buyer.email ?? undefined;
  const lines = [
    ...new Set(others),
    ...address.slice(0, LINES_MAX),
    paper.country(country),
    ...taxNumbers,
    ...(email === undefined ? [] : [email]),
    ...(buyer.name === name ? [] : [paper.say('account', { name: printable(buyer.name, NAME_MAX) })]),
  ];
  return {
    name: printable(name, NAME_MAX),
    lines: lines.flatMap((line) => (line === undefined ? [] : [printable(line, LINE_MAX)])),
  };
}

/** The tax number of the buyer's invoice details, fit to be printed; undefined without one. */
export function buyerTaxNumber({ buyer }: Pick<DocumentContent, 'buyer'>): string | undefined {
  const number = filled(details.parse(buyer.invoiceDetails ?? {}).taxNumber);
  return number === undefined ? undefined : printable(number, LINE_MAX);
}

function postalLines(given: Details): readonly string[] {
  const place = [filled(given.postalCode), filled(given.city), filled(given.region)].filter(Boolean).join(' ');
  return [...addressLinesOf(given).filter((line) => filled(line) !== undefined), ...(place === '' ? [] : [place])];
}

/** Numbers of the Brazilian tax office are written in groups; others stay as they were given. */
function masked(value: string): string {
  if (/^\d{11}$/.test(value)) return `CPF ${value.replace(/^(...)(...)(...)(..)$/, '$1.$2.$3-$4')}`;
  if (/^[0-9A-Z]{12}\d{2}$/.test(value)) return `CNPJ ${value.replace(/^(..)(...)(...)(....)(..)$/, '$1.$2.$3/$4-$5')}`;
  return value;
}
