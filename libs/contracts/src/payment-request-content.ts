import type { DocumentContent } from './document-content.js';

/** What a request to pay an unpaid order by its Pix code says. It has no number, is not kept as a document, and is no invoice. */
export type PaymentRequestContent = Pick<
  DocumentContent,
  'seller' | 'buyer' | 'order' | 'currency' | 'amountMinor' | 'taxMinor'
> & {
  readonly kind: 'payment_request';
  readonly lines: readonly Readonly<Record<string, unknown>>[];
  readonly isTried: boolean;
  /** When the code was made. */
  readonly issuedAt: Date;
  readonly payUntil: Date;
  readonly pixCode: string;
};

/** All that can be drawn on paper. `hash`: of the document, where it is one. */
export type Drawable = { readonly content: DocumentContent | PaymentRequestContent; readonly hash?: string };
