import { documentKinds } from '@billfleet/domain';
import { z } from 'zod';
import { canonicalJson } from './canonical-json.js';

const minor = z
  .string()
  .regex(/^-?\d{1,19}$/)
  .transform((text) => BigInt(text));
const instant = z.iso.datetime().transform((text) => new Date(text));

/** Who issued a document, as the catalogue said then. */
const seller = z.object({
  id: z.string(),
  legalName: z.string(),
  taxId: z.object({ kind: z.string(), value: z.string() }),
  address: z.array(z.string()),
  country: z.string(),
  numberPrefix: z.string(),
  timeZone: z.string(),
});

/** Who bought, as the order knew it: what people typed, word for word. */
const buyer = z.object({
  workspaceId: z.uuid(),
  name: z.string(),
  country: z.string(),
  email: z.string().nullable(),
  locale: z.string(),
  timeZone: z.string(),
  taxpayer: z.record(z.string(), z.unknown()).nullable(),
  invoiceDetails: z.record(z.string(), z.unknown()).nullable(),
});

/** How an invoice was paid; null where it is still to be paid. Of money from outside: what was really paid, and the proof. */
const payment = z.object({
  method: z.enum(['card', 'pix', 'paypal', 'offline', 'upstream']),
  last4: z.string().nullable(),
  installments: z.int(),
  paidAt: instant,
  reference: z.string(),
  offline: z
    .object({ partner: z.string().nullable(), currency: z.string(), amountMinor: minor, proof: z.string() })
    .nullable(),
});

const shared = {
  version: z.literal(1),
  number: z.string(),
  series: z.object({
    seller: z.string(),
    year: z.int(),
    mode: z.enum(['live', 'test']),
    kind: z.enum(documentKinds),
  }),
  seq: z.int(),
  issuedAt: instant,
  seller,
  buyer,
  order: z.object({
    id: z.uuid(),
    number: z.string(),
    kind: z.string(),
    placedAt: instant,
    priceListId: z.string(),
    quoteId: z.uuid().nullable(),
  }),
  currency: z.string(),
  amountMinor: minor,
  taxMinor: minor,
};

/** What an invoice says. `lines` are those of its order, as stored, with their derivation. */
const invoice = z.object({
  ...shared,
  kind: z.literal('invoice'),
  lines: z.array(z.record(z.string(), z.unknown())),
  payment: payment.nullable(),
  /** Until when it is to be paid; null where it was paid when it was issued. */
  dueAt: instant.nullable(),
});

/** A tax of an invoice, as far as a note credits it. Under reverse charge the buyer owes it, and none is credited. */
const creditedTax = z.object({
  kind: z.string(),
  name: z.record(z.string(), z.string()),
  percent: z.string().optional(),
  taxMinor: minor,
});

/**
 * What a credit note says: `amountMinor` of an invoice is credited. `taxes`: which taxes are in it, by name and rate; notes of before do not say.
 * Either money went back (`refund`), or the invoice was on account and never paid (`cancellation`). `basis`: the lines by which a refund was
 * worked out, where there are some.
 */
const creditNote = z.object({
  ...shared,
  kind: z.literal('credit_note'),
  invoice: z.object({ id: z.uuid(), number: z.string(), issuedAt: instant, amountMinor: minor }),
  refund: z.object({ id: z.uuid(), reason: z.string(), refundedAt: instant, method: z.string().nullable() }).nullable(),
  cancellation: z.object({ reason: z.enum(['cancelled', 'expired']), endedAt: instant }).optional(),
  taxes: z.array(creditedTax).optional(),
  basis: z.object({ quoteId: z.uuid().nullable(), lines: z.array(z.record(z.string(), z.unknown())) }).nullable(),
});

const content = z.discriminatedUnion('kind', [invoice, creditNote]);

/** What a document says, read: amounts are minor units of its currency, and tax is a part of them. */
export type DocumentContent = z.output<typeof content>;
export type InvoiceContent = Extract<DocumentContent, { readonly kind: 'invoice' }>;
export type CreditNoteContent = Extract<DocumentContent, { readonly kind: 'credit_note' }>;
/** The same as it is stored and hashed: amounts and instants are text. */
export type DocumentText = z.input<typeof content>;

/** The one text of a content: what is stored, hashed and never changed. */
export const documentText = (text: DocumentText): string => canonicalJson(text as Parameters<typeof canonicalJson>[0]);

/**
 * Reads the stored text of a document.
 * @returns undefined when it is none that this version writes.
 */
export function parseDocument(text: string): DocumentContent | undefined {
  try {
    const parsed = content.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
