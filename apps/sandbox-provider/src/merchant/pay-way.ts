import type { ProviderFailure } from '@billfleet/payments';
import type { PaymentRow } from '../ledger/rows.js';

/** How a payer pays. */
export type PayWay = { readonly method: PaymentRow['method']; readonly card?: string };

/** What became of a payer's try. `closed`: the checkout takes no more payments. `mismatch`: it takes another method. */
export type PayOutcome =
  | { readonly kind: 'paid' | 'closed'; readonly payment: PaymentRow }
  | { readonly kind: 'refused'; readonly payment: PaymentRow; readonly failure: ProviderFailure }
  | { readonly kind: 'mismatch' | 'unknown' };

/** Whether it is a Pix code that is over or was given up; a bank may let its money through all the same. */
export const isClosedCode = ({ method, state }: PaymentRow): boolean =>
  method === 'pix' && (state === 'expired' || state === 'cancelled');
