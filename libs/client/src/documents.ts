import { absentIfUnknown, send, sendForStream } from './call-gateway.js';
import type { BillfleetOptions } from './call-gateway.js';

/** An invoice or a credit note. Amounts are minor units as text; tax is a part of the amount. */
export type BillingDocument = {
  readonly id: string;
  readonly kind: 'invoice' | 'credit_note';
  readonly number: string;
  /** Made on a test clock: numbered apart, and not valid. */
  readonly isTest: boolean;
  readonly workspaceId: string;
  readonly orderId: string;
  readonly refundId: string | null;
  readonly invoiceId: string | null;
  readonly currency: string;
  readonly amountMinor: string;
  readonly taxMinor: string;
  readonly issuedAt: string;
  /** Of an invoice on account: until when it is to be paid. */
  readonly dueAt: string | null;
  /** Of an invoice: when its order was paid; null until then. */
  readonly paidAt: string | null;
  readonly hash: string;
};

/** Which documents are meant. `before`: only older ones than this. */
export type DocumentsWanted = {
  readonly kind?: BillingDocument['kind'];
  readonly before?: string;
  readonly limit?: number;
};

/** Reads invoices and credit notes. */
export type Documents = {
  /** Newest first; `next` is the `before` of the next page, null at the end. */
  list(
    workspaceId: string,
    wanted?: DocumentsWanted,
  ): Promise<{ readonly documents: readonly BillingDocument[]; readonly next: string | null }>;
  ofOrder(orderId: string): Promise<readonly BillingDocument[]>;
  /** With all that it says, as it was hashed. Undefined for an unknown one. */
  get(
    documentId: string,
  ): Promise<
    | (BillingDocument & { readonly previousHash: string; readonly content: Readonly<Record<string, unknown>> })
    | undefined
  >;
  /** The bytes of its PDF; without a language in that of the workspace. */
  pdf(documentId: string, language?: 'en' | 'es' | 'pt-BR'): Promise<ReadableStream<Uint8Array>>;
};

/** Documents as the gateway of these options has them. */
export function documentsOf(options: BillfleetOptions): Documents {
  const get = <View>(path: string): Promise<View> => send(options, { method: 'GET', path }) as Promise<View>;
  const at = (id: string): string => encodeURIComponent(id);
  return {
    list: (workspaceId, wanted = {}) => {
      const query = new URLSearchParams(
        Object.entries(wanted).map(([name, value]): [string, string] => [name, String(value)]),
      );
      return get(`/v1/workspaces/${at(workspaceId)}/documents?${query.toString()}`);
    },
    ofOrder: (orderId) => get(`/v1/orders/${at(orderId)}/documents`),
    get: (documentId) => absentIfUnknown(get(`/v1/documents/${at(documentId)}`)),
    pdf: (documentId, language) =>
      sendForStream(
        options,
        `/v1/documents/${at(documentId)}/pdf${language === undefined ? '' : `?language=${language}`}`,
      ),
  };
}
