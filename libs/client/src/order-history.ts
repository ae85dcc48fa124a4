import type { languages, waysPaid } from '@billfleet/contracts';
import type { BillfleetOptions, Call } from './call-gateway.js';
import { sendForStream } from './call-gateway.js';
import type { OrderKind } from './order-kind.js';

type Language = (typeof languages)[number];
type WayPaid = (typeof waysPaid)[number];

/** Where an order stands in the words that people are shown. */
export type OrderStatusShown =
  'awaiting_payment' | 'processing' | 'paid' | 'failed' | 'expired' | 'cancelled' | 'refunded' | 'partly_refunded';

/** An order as the list shows it. Amounts are minor units as decimal text, instants ISO 8601 in UTC. */
export type OrderRow = {
  readonly id: string;
  readonly number: string;
  readonly placedAt: string;
  readonly kind: OrderKind;
  readonly kindText: string;
  readonly plan: string;
  readonly planName: string | null;
  readonly seats: number;
  readonly periodMonths: number;
  readonly addOn: {
    readonly id: string;
    readonly name: string | null;
    readonly packages: number;
    readonly termMonths: number;
  } | null;
  readonly currency: 'USD' | 'BRL';
  readonly amountMinor: string;
  readonly refundedMinor: string;
  readonly status: OrderStatusShown;
  /** The status in words. */
  readonly statusText: string;
  readonly paidBy: WayPaid;
  readonly paidByText: string;
  readonly installments: number;
  /** Until when it can be paid; null once that is over. */
  readonly expiresAt: string | null;
  /** Until when the invoice of an order on account is to be paid; null for every other. */
  readonly dueAt: string | null;
  /** Its invoice, then the credit notes of it. */
  readonly documents: readonly {
    readonly id: string;
    readonly type: 'invoice' | 'credit_note';
    readonly number: string;
    readonly amountMinor: string;
    readonly issuedAt: string;
  }[];
  /** What the caller can do about it now. */
  readonly actions: readonly ('pay' | 'pay-another-way' | 'cancel')[];
  readonly href: string;
};

/** What happened to an order; kinds may be added. */
export type OrderStoryEntry = { readonly at: string } & (
  | { readonly kind: 'placed'; readonly by: string | null }
  | {
      readonly kind: 'attempt';
      readonly attemptId: string;
      readonly status: 'submitting' | 'pending' | 'unknown' | 'succeeded' | 'declined' | 'cancelled' | 'expired';
      readonly provider: string;
      readonly method: string | null;
      /** Why it was declined and what helps, in words; null for all else. */
      readonly decline: { readonly code: string; readonly reason: string; readonly advice: string } | null;
    }
  | { readonly kind: 'paid' | 'applied' | 'expired' }
  | { readonly kind: 'cancelled'; readonly reason: string | null }
  | {
      readonly kind: 'refund';
      readonly refundId: string;
      readonly status: RefundOfOrder['status'];
      readonly amountMinor: string;
      readonly reason: string;
    }
  | {
      readonly kind: 'dispute';
      readonly disputeId: string;
      readonly status: 'open' | 'won' | 'lost';
      readonly amountMinor: string;
      readonly reason: string;
    }
  | {
      readonly kind: 'document';
      readonly documentId: string;
      readonly type: 'invoice' | 'credit_note';
      readonly number: string;
      readonly amountMinor: string;
    }
);

/** Money of an order that goes back. */
export type RefundOfOrder = {
  readonly id: string;
  readonly attemptId: string;
  readonly status: 'owed' | 'processing' | 'succeeded' | 'failed';
  readonly amountMinor: string;
  readonly reason: string;
  readonly createdAt: string;
};

/** Which orders; what is left out does not narrow. Days are civil days in the zone of the workspace, both included. */
export type OrderWish = {
  readonly status?: readonly OrderStatusShown[];
  readonly kind?: readonly OrderKind[];
  readonly paidBy?: WayPaid;
  readonly placedFrom?: string;
  readonly placedTo?: string;
  /** The number of an order, or a part of the name of a plan or add-on. */
  readonly text?: string;
  /** Of the words in the answer; without it that of the workspace. */
  readonly language?: Language;
};

/** The orders of a workspace, for its people to look through. */
export type OrderHistory = {
  /** Every order that fits, newest first, each once, whatever is placed meanwhile. Pages are asked for as they are needed. */
  list(workspaceId: string, wish?: OrderWish): AsyncGenerator<OrderRow, void, undefined>;
  /** The same as CSV, while it arrives. `bom`: begins with a byte order mark, for spreadsheets that need one. */
  exportCsv(workspaceId: string, wish?: OrderWish & { readonly bom?: boolean }): Promise<ReadableStream<Uint8Array>>;
};

type Wish = OrderWish & { readonly bom?: boolean };
type Page = { readonly orders: readonly OrderRow[]; readonly next: string | null };

const PER_PAGE = '100';

/** The part of the client that is about looking through orders. */
export function orderHistoryOf(options: BillfleetOptions, call: <View>(one: Call) => Promise<View>): OrderHistory {
  const pathOf = (workspaceId: string, what: string, wish: Wish, more: Record<string, string> = {}): string => {
    const query = new URLSearchParams();
    const narrowed: Readonly<Record<string, string | boolean | readonly string[] | undefined>> = { ...wish, ...more };
    for (const [name, value] of Object.entries(narrowed)) {
      if (value !== undefined) query.set(name, String(value));
    }
    return `/v1/workspaces/${encodeURIComponent(workspaceId)}/${what}?${query.toString()}`;
  };
  return {
    async *list(workspaceId, wish = {}) {
      let after: string | null = null;
      do {
        const more: Record<string, string> = { limit: PER_PAGE, ...(after === null ? {} : { after }) };
        const page: Page = await call<Page>({ method: 'GET', path: pathOf(workspaceId, 'orders', wish, more) });
        yield* page.orders;
        after = page.next;
      } while (after !== null);
    },
    exportCsv: async (workspaceId, wish = {}) => sendForStream(options, pathOf(workspaceId, 'orders.csv', wish)),
  };
}
