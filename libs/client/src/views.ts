import type { OrderKind } from './order-kind.js';
import type { OrderRow, OrderStoryEntry, RefundOfOrder } from './order-history.js';

/** A customer's account; its country fixes the currency. */
export type Workspace = {
  readonly id: string;
  readonly name: string;
  readonly country: string;
  readonly currency: 'USD' | 'BRL';
  readonly timeZone: string;
  readonly locale: 'en' | 'es' | 'pt-BR';
  readonly billingEmail: string | null;
  readonly trialEndsOn: string | null;
};

/** The tax of a line; `kind` `as-paid` is of what goes back. */
export type PriceLineTax = Readonly<Record<string, unknown>> & {
  readonly kind: 'inclusive' | 'exclusive' | 'reverse-charge' | 'as-paid';
  readonly name: { readonly en: string; readonly es: string; readonly 'pt-BR': string };
  readonly percent?: string;
  readonly netMinor: string;
  readonly taxMinor: string;
};

/** One line of a price, with its derivation; `tax` is left out where nothing is taxed. */
export type PriceLine = Readonly<Record<string, unknown>> & {
  readonly amountMinor: string;
  readonly tax?: PriceLineTax;
};

/** Everything that can be priced. */
export type QuoteKind = OrderKind | 'scheduled-change' | 'refund';
/** What a change was priced against: it is applied only while this holds. */
export type QuoteBasis = {
  readonly plan: string;
  readonly seats: number;
  readonly priceListId: string;
  readonly endsOn: string;
};

/** The packages that a quote or an order is about. */
export type QuotedAddOn = {
  readonly id: string;
  readonly packages: number;
  readonly termMonths: number;
  readonly endsOn: string;
};

/** Amounts are minor units as decimal text, instants are ISO 8601 in UTC, days are civil dates of the workspace. */
export type Quote = {
  readonly id: string;
  readonly workspaceId: string;
  readonly kind: QuoteKind;
  readonly plan: string;
  readonly seats: number;
  readonly periodMonths: number;
  /** Of a purchase, as `percentOff` and `unitPriceMinor`. */
  readonly payMonths?: number;
  /** Taken off the price of the paid months: decimal text, such as "12.5". */
  readonly percentOff?: string;
  readonly priceListId: string;
  readonly catalogueVersion: string;
  readonly currency: 'USD' | 'BRL';
  readonly unitPriceMinor?: string;
  /** To be paid now; negative for a refund. */
  readonly amountMinor: string;
  /** Left out where nothing is taxed. */
  readonly netMinor?: string;
  readonly taxMinor?: string;
  readonly lines: readonly PriceLine[];
  readonly startsOn: string;
  readonly endsOn: string;
  readonly anchorOn: string;
  readonly trialDaysAdded?: number;
  readonly basis?: QuoteBasis;
  readonly addOn?: QuotedAddOn;
  /** What the next term costs; left out when nothing is left to renew. */
  readonly atRenewal?: {
    readonly on: string;
    readonly plan: string;
    readonly seats: number;
    readonly periodMonths: number;
    readonly priceListId: string;
    readonly amountMinor: string;
    readonly netMinor?: string;
    readonly taxMinor?: string;
    readonly lines: readonly PriceLine[];
  };
  /** `on`: `payment`, `confirmation` or a day. */
  readonly changes: readonly {
    readonly on: string;
    readonly what: 'plan' | 'seats' | 'period' | 'price-list' | 'end' | 'add-on';
    readonly from: string | null;
    readonly to: string | null;
  }[];
  readonly installments: readonly { readonly count: number; readonly amountsMinor: readonly string[] }[];
  /** What an order must bring along, since the workspace has not stored it. */
  readonly detailsNeeded: readonly 'taxpayer'[];
  readonly hash: string;
  readonly expiresAt: string;
};

/** A request that is committed; `href` shows how far it is. `isReplay`: the key had been used for the same content before. */
export type Accepted = {
  readonly id: string;
  readonly status: 'accepted';
  readonly isReplay: boolean;
  readonly href: string;
};

/** Seats and their use after a report. `seats` null: there has never been a subscription. `overCommitted`: members beyond the seats. */
type SeatsAfterReport = {
  readonly workspaceId: string;
  readonly seats: number | null;
  readonly seatsInUse: number;
  readonly overCommitted: number;
};
/** `late`: something newer was known already. */
type ReportOutcome = 'created' | 'changed' | 'unchanged' | 'late';

/** What became of a member's report. */
export type MemberReported = SeatsAfterReport & {
  readonly outcome: ReportOutcome;
  readonly member: {
    readonly id: string;
    readonly externalId: string;
    readonly displayName: string;
    readonly email: string | null;
    readonly role: 'admin' | 'billing-contact' | 'member';
    readonly status: 'invited' | 'active' | 'disabled';
    readonly changedAt: string | null;
  };
};

/** What became of the reports of many members. */
export type MembersReported = SeatsAfterReport & {
  readonly results: readonly { readonly externalId: string; readonly outcome: ReportOutcome }[];
};

/** An order, its ways to pay and its history. */
export type Order = {
  readonly id: string;
  readonly number: string;
  readonly workspaceId: string;
  readonly kind: OrderKind;
  readonly status: 'awaiting_payment' | 'paid' | 'fulfilled' | 'cancelled' | 'expired' | 'refund_due' | 'refunded';
  readonly statusReason: string | null;
  readonly plan: string;
  readonly seats: number;
  readonly periodMonths: number;
  readonly currency: 'USD' | 'BRL';
  readonly amountMinor: string;
  /** The part of the amount that is tax. */
  readonly taxMinor: string;
  readonly lines: readonly PriceLine[];
  readonly basis: QuoteBasis | null;
  readonly addOn: QuotedAddOn | null;
  readonly collection: 'provider' | 'upstream' | 'account';
  readonly method: 'card' | 'pix' | 'paypal' | null;
  readonly installments: number;
  /** Whom the order bills, as it was when it was placed; the number is masked. */
  readonly billedTo: {
    readonly name: string | null;
    readonly taxNumber: string | null;
    readonly country: string | null;
  } | null;
  readonly createdAt: string;
  readonly statusAt: string;
  readonly expiresAt: string;
  /** Until when the invoice of an order on account is to be paid; null for every other. */
  readonly dueAt: string | null;
  readonly attempts: readonly {
    readonly id: string;
    readonly status: string;
    readonly provider: string;
    readonly checkoutUrl: string | null;
    readonly pixCode: string | null;
    readonly expiresAt: string;
    readonly failure: unknown;
  }[];
  /** Payments of the order that the payer's bank takes back (`open`), or did (`lost`), or tried to in vain (`won`). */
  readonly chargebacks: readonly {
    readonly id: string;
    readonly status: 'open' | 'won' | 'lost';
    readonly amountMinor: string;
    readonly reason: string;
  }[];
  readonly timeline: readonly { readonly from: string | null; readonly to: string; readonly at: string }[];
  /** As the list shows it, in words. */
  readonly shown: OrderRow;
  /** What happened to it and to all that is its own, oldest first. */
  readonly history: readonly OrderStoryEntry[];
  readonly refunds: readonly RefundOfOrder[];
  /** What somebody who wants to pay it finds, and how it can be paid by card. */
  readonly paying: {
    readonly state: 'payable' | 'opening' | 'ready' | 'charging' | 'paid' | 'returned' | 'ended' | 'elsewhere';
    readonly installments: readonly { readonly count: number; readonly amountsMinor: readonly string[] }[];
  };
  /** What to have priced to order the same again, beside the workspace; null where there is nothing to repeat. */
  readonly again: (Readonly<Record<string, string | number>> & { readonly kind: OrderKind }) | null;
};

/** What became of an idempotency key, whichever door it came through. */
export type RequestResult = {
  readonly idempotencyKey: string;
  readonly operation: string;
  readonly status: 'accepted' | 'refused';
  readonly ref: string | null;
  readonly href: string | null;
  readonly problem: {
    readonly status: number;
    readonly code: string;
    readonly field: string;
    readonly found: string;
    readonly wanted: string;
  } | null;
};

/** A link to the billing page. */
export type PortalSession = {
  readonly url: string;
  /** ISO 8601. */
  readonly expiresAt: string;
};

/** Why a call was refused (RFC 9457). */
export type ProblemBody = {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly field?: string;
  readonly found?: string;
  readonly wanted?: string;
  /** Left out where nobody knows: the answer to a commit may have been lost. */
  readonly moneyMoved?: false;
  readonly requestId: string;
  readonly errors?: readonly {
    readonly code: string;
    readonly field: string;
    readonly found: string;
    readonly wanted: string;
  }[];
};
