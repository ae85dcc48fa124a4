import { parseDocument, parseStoredLines } from '@billfleet/contracts';
import type { DocumentText, InvoiceContent, PaymentRequestContent } from '@billfleet/contracts';
import { creditedTaxes, creditedTaxMinor, invariant, namedTaxes, sellerFor } from '@billfleet/domain';
import type { Seller } from '@billfleet/domain';
import type {
  CancellationToCredit,
  InvoiceToCredit,
  OrderToInvoice,
  OrderToRequest,
  RefundToCredit,
} from '@billfleet/store';
import type { Draft, IssuingSeller, Numbered } from './number-documents.js';

/** A draft, or why there can be none: a person has to look. */
export type Drafted =
  { readonly kind: 'drafted'; readonly draft: Draft } | { readonly kind: 'impossible'; readonly reason: string };

type Payment = Extract<DocumentText, { kind: 'invoice' }>['payment'];

const METHODS = ['card', 'pix', 'paypal', 'offline', 'upstream'] as const;

/** The invoice of an order that was sold, by the seller that the catalogue names for it. */
export function draftInvoice(order: OrderToInvoice, sellers: readonly Seller[], issuedAt: Date): Drafted {
  const found = sellerFor(sellers, order);
  if (found === undefined) {
    return { kind: 'impossible', reason: `order ${order.id}: nobody in the catalogue sells in ${order.currency}` };
  }
  const seller = issuingSeller(found);
  const { currency, amountMinor, taxMinor, workspaceId } = order;
  return {
    kind: 'drafted',
    draft: {
      ...{ kind: 'invoice', mode: order.isOnTestClock ? 'test' : 'live', seller, issuedAt },
      ...{ workspaceId, orderId: order.id, refundId: null, invoiceId: null, currency, amountMinor, taxMinor },
      write: (numbered) => ({
        ...{ version: 1, kind: 'invoice', ...numbered, seller: sellerText(seller), buyer: buyerOf(order) },
        order: {
          ...{ id: order.id, number: order.number, kind: order.kind, placedAt: order.placedAt.toISOString() },
          ...{ priceListId: order.priceList, quoteId: order.quoteId },
        },
        ...{ currency, amountMinor: amountMinor.toString(), taxMinor: taxMinor.toString() },
        ...{ lines: [...order.lines], payment: paymentOf(order), dueAt: order.dueAt?.toISOString() ?? null },
      }),
    },
  };
}

/** What identifies the seller on paper, without where it sells. */
const issuingSeller = ({ region: _region, currency: _currency, ...seller }: Seller): IssuingSeller => seller;

const sellerText = ({ address, ...seller }: IssuingSeller) => ({ ...seller, address: [...address] });

const buyerOf = (order: OrderToInvoice | OrderToRequest) => ({
  ...{ workspaceId: order.workspaceId, name: order.workspaceName, country: order.country, email: order.billingEmail },
  ...{ locale: order.locale, timeZone: order.timeZone, taxpayer: order.taxpayer, invoiceDetails: order.invoiceDetails },
});

function paymentOf({ payment }: OrderToInvoice): Payment {
  if (payment === null) return null;
  const { provider, method, last4, installments, reference, paidAt, offline } = payment;
  const wanted = method ?? provider;
  return {
    ...{ method: METHODS.find((one) => one === wanted) ?? 'upstream', last4, installments, reference },
    ...{ paidAt: new Date(paidAt).toISOString(), offline },
  };
}

/** Who issues a note, and when. */
type Issuing = { readonly sellers: readonly Seller[]; readonly issuedAt: Date };

/** The note for a refund that went back: it is made out to the same buyer by the same seller, under the seller's present name. */
export function draftCreditNote(refund: RefundToCredit, invoice: InvoiceToCredit, issuing: Issuing): Drafted {
  const content = contentOf(invoice);
  const shareMinor = creditedTaxMinor(invoice, refund.amountMinor);
  // The books may have taken several refunds back in another order, which moves a cent between them.
  const taxMinor = shareMinor === undefined ? undefined : (refund.taxMinor ?? shareMinor);
  if (taxMinor === undefined || refund.currency !== content.currency) {
    return {
      kind: 'impossible',
      reason: `refund ${refund.id}: invoice ${invoice.number} has not so much left to credit`,
    };
  }
  const { id, amountMinor, reason, refundedAt, method, basis } = refund;
  return draftNote(issuing, {
    ...{ invoice, content, refundId: id, amountMinor, taxMinor },
    about: {
      refund: { id, reason, refundedAt: refundedAt.toISOString(), method },
      basis: basis === null ? null : { quoteId: basis.quoteId, lines: [...basis.lines] },
    },
  });
}

/** The note for an order on account that ended without being paid: all that is left of its invoice. */
export function draftCancellationNote(
  { reason, endedAt }: CancellationToCredit,
  invoice: InvoiceToCredit,
  issuing: Issuing,
): Drafted {
  const content = contentOf(invoice);
  return draftNote(issuing, {
    ...{ invoice, content, refundId: null },
    amountMinor: invoice.invoicedMinor - invoice.creditedMinor,
    taxMinor: invoice.invoicedTaxMinor - invoice.creditedTaxMinor,
    about: { refund: null, cancellation: { reason, endedAt: endedAt.toISOString() }, basis: null },
  });
}

function contentOf({ content: text, number }: InvoiceToCredit): InvoiceContent {
  const content = parseDocument(text);
  invariant(content?.kind === 'invoice', `document ${number} is an invoice`);
  return content;
}

type NoteText = Extract<DocumentText, { kind: 'credit_note' }>;
type Note = {
  readonly invoice: InvoiceToCredit;
  readonly content: InvoiceContent;
  readonly refundId: string | null;
  readonly amountMinor: bigint;
  readonly taxMinor: bigint;
  readonly about: Pick<NoteText, 'refund' | 'cancellation' | 'basis'>;
};

function draftNote({ sellers, issuedAt }: Issuing, note: Note): Drafted {
  const { invoice, content, refundId, amountMinor, taxMinor } = note;
  const { currency } = content;
  const present = sellers.find(({ id }) => id === content.seller.id);
  const seller = present === undefined ? content.seller : issuingSeller(present);
  return {
    kind: 'drafted',
    draft: {
      ...{ kind: 'credit_note', mode: invoice.mode, seller, issuedAt, workspaceId: content.buyer.workspaceId },
      ...{ orderId: content.order.id, refundId, invoiceId: invoice.id, currency, amountMinor, taxMinor },
      write: (numbered) => noteText(note, seller, numbered),
    },
  };
}

function noteText(
  { invoice, content, amountMinor, taxMinor, about }: Note,
  seller: IssuingSeller,
  numbered: Numbered,
): DocumentText {
  const { id, number } = invoice;
  return {
    ...{ version: 1, kind: 'credit_note', ...numbered, seller: sellerText(seller), buyer: content.buyer },
    order: { ...content.order, placedAt: content.order.placedAt.toISOString() },
    ...{ currency: content.currency, amountMinor: amountMinor.toString(), taxMinor: taxMinor.toString() },
    taxes: creditedTaxes(namedTaxes(parseStoredLines(content.lines) ?? []), taxMinor).map((tax) => {
      return { ...tax, name: { ...tax.name }, taxMinor: tax.taxMinor.toString() };
    }),
    invoice: {
      ...{ id, number, issuedAt: content.issuedAt.toISOString(), amountMinor: content.amountMinor.toString() },
    },
    ...about,
  };
}

/** What asks for the payment of an order by its Pix code, or nothing where nobody sells in its currency. */
export function paymentRequest(order: OrderToRequest, sellers: readonly Seller[]): PaymentRequestContent | undefined {
  const seller = sellerFor(sellers, order);
  if (seller === undefined) return undefined;
  const { id, number, kind, placedAt, priceList: priceListId, quoteId, currency, amountMinor, taxMinor, lines } = order;
  return {
    ...{ kind: 'payment_request', seller: sellerText(issuingSeller(seller)), buyer: buyerOf(order), currency, lines },
    ...{ order: { id, number, kind, placedAt, priceListId, quoteId }, amountMinor, taxMinor },
    ...{ isTried: order.isOnTestClock, issuedAt: order.codeMadeAt, payUntil: order.payUntil, pixCode: order.pixCode },
  };
}
