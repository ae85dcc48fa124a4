import type { CivilDate, Currency, PaymentMethod, SettlementKind } from '@billfleet/domain';

/** What we want the payer to pay on the provider's hosted page. Committed as an attempt before any call is made. */
export type CheckoutIntent = {
  /** Our id of the try to pay; the provider keeps it, so that a payment whose reply was lost can be found again. */
  readonly attemptId: string;
  readonly orderId: string;
  readonly method: PaymentMethod;
  readonly amountMinor: bigint;
  readonly currency: Currency;
  /** 1 = paid at once. */
  readonly installments: number;
  /** Shown to the payer; at most 200 characters. */
  readonly description: string;
  /** Where the payer's browser goes afterwards. That it came there proves nothing about the payment. */
  readonly returnUrl: string;
  readonly payer: {
    /** ISO 3166-1 alpha-2. */
    readonly country: string;
    readonly email?: string;
    readonly taxId?: string;
  };
  readonly expiresAt: Date;
};

/**
 * Why a call brought no payment, free of personal and payment data.
 * `decline-soft` may work another day, `decline-hard` never with this card, `do-not-retry` is one that its
 * bank or network forbids to try again, `authentication` needs the payer himself,
 * `invalid` is a mistake of ours, `unavailable` and `timeout` say nothing about the payer.
 */
export type ProviderFailure = {
  /** The provider's own code, or ours for what happened on the way. */
  readonly code: string;
  readonly kind:
    'decline-soft' | 'decline-hard' | 'do-not-retry' | 'authentication' | 'invalid' | 'unavailable' | 'timeout';
  readonly message: string;
};

/**
 * What is known after a call.
 * `observed`: the provider answered. `declined`: it answered no, and no money moved. `not_attempted`: the call surely had no
 * effect, another key may be used. `unknown`: it may have had its effect; repeat with the same key or look it up, never with a new key.
 */
export type CallOutcome<T> =
  | { readonly outcome: 'observed'; readonly value: T }
  | { readonly outcome: 'declined'; readonly failure: ProviderFailure }
  | { readonly outcome: 'not_attempted'; readonly failure: ProviderFailure }
  | { readonly outcome: 'unknown'; readonly failure: ProviderFailure };

/** A hosted checkout that waits for its payer. */
export type CheckoutStarted = {
  /** The provider's id of the payment. */
  readonly reference: string;
  readonly url: string;
  /** Pix only: the copy-and-paste BR Code, which is also the text of the QR code. */
  readonly pixCode?: string;
  readonly expiresAt: Date;
};

/** A way to pay that the provider keeps for charges without the payer. We hold a token, never a card number. */
export type StoredMethod = {
  readonly token: string;
  readonly brand: string;
  /** Last four digits; empty when the method has no number, as with a PayPal account. */
  readonly last4: string;
  /** Month in which it ends, `YYYY-MM`; `9999-12` when it does not end. */
  readonly expiresOn: string;
};

/** A payment that the payer's bank takes back. `open`: it has not decided; `won`: the money stays; `lost`: it is gone. */
export type ChargebackSeen = {
  /** The provider's id of the chargeback. */
  readonly reference: string;
  readonly state: 'open' | 'won' | 'lost';
  readonly amountMinor: bigint;
  /** The bank's reason, as the provider names it. */
  readonly reason: string;
};

/** What the provider says about one payment: the only source of truth about money. */
export type Observation = {
  readonly reference: string;
  readonly attemptId: string;
  readonly state: 'open' | 'processing' | 'succeeded' | 'declined' | 'cancelled' | 'expired';
  /** What was paid once the state is `succeeded`, else what was asked. Compare it, and the currency, with the order. */
  readonly amountMinor: bigint;
  readonly currency: Currency;
  /** Sum of the refunds that succeeded. */
  readonly refundedMinor: bigint;
  readonly paidAt?: Date;
  /** Only where the payer can be charged again without being there. */
  readonly storedMethod?: StoredMethod;
  /** Only where the payer's bank takes the money back, or tried to. */
  readonly chargeback?: ChargebackSeen;
  /** Its refunds, oldest first; left out where there are none. */
  readonly refunds?: readonly RefundSeen[];
  /** Why the last try of the payer failed; an `open` checkout may carry one, since the payer can try again. */
  readonly failure?: ProviderFailure;
};

/** A charge of a stored method, without the payer. */
export type TokenCharge = {
  readonly attemptId: string;
  readonly orderId: string;
  readonly token: string;
  readonly amountMinor: bigint;
  readonly currency: Currency;
  readonly installments: number;
  readonly description: string;
};

/** A token from the provider's own fields that shall be kept for later charges, without a charge now. */
export type MethodSetup = {
  /** Ours, unique for ever. */
  readonly setupId: string;
  readonly token: string;
};

/** Money that goes back by the way it came. */
export type RefundRequest = {
  /** Ours, unique for ever: a second request with the same id refunds nothing more. */
  readonly refundId: string;
  /** The payment that is refunded. */
  readonly reference: string;
  readonly amountMinor: bigint;
  readonly currency: Currency;
};

/** What the provider says about one refund. */
export type RefundSeen = {
  /** The provider's id of the refund. */
  readonly reference: string;
  readonly refundId: string;
  /** One that is `processing` ends as one of the others, and one that `succeeded` may still fail, by a webhook or when the payment is read back. */
  readonly state: 'processing' | 'succeeded' | 'failed';
  readonly amountMinor: bigint;
  /** That one that failed had gone before, and came back from the bank of its payer. */
  readonly cameBack?: boolean;
  /** Why it failed. */
  readonly failure?: ProviderFailure;
};

/** One line of a provider's record of a day: money that it took, gave back, or that a payer's bank took for good, and what it kept for that. */
export type SettlementEntry = {
  readonly kind: SettlementKind;
  /** The provider's id of the payment, the refund or the chargeback. */
  readonly reference: string;
  /** The payment that it is about. */
  readonly paymentReference: string;
  /** As the provider names it; a record may hold what is not ours. */
  readonly currency: string;
  readonly amountMinor: bigint;
  /** What the provider keeps for it, in the same currency; 0 where it keeps nothing. */
  readonly feeMinor: bigint;
  readonly at: Date;
};

/** A part of the record of a day. `next`: where the rest begins; null after the last part. */
export type SettlementPage = { readonly entries: readonly SettlementEntry[]; readonly next: string | null };

/** A hint that something happened to a payment. It carries no amount on purpose: read the payment back. */
export type WebhookNotice = {
  /** The provider's id of the event, the same at every delivery. */
  readonly eventId: string;
  readonly reference: string;
  readonly attemptId?: string;
  readonly type: string;
};

/** Whether a call to our webhook came from the provider. */
export type WebhookVerdict =
  | { readonly kind: 'verified'; readonly notices: readonly WebhookNotice[] }
  | { readonly kind: 'refused'; readonly reason: 'signature' | 'stale' | 'malformed' };

/**
 * One payment provider. Calls never throw for what the provider or the network does: they return a `CallOutcome`.
 * Every call that changes something takes an idempotency key, committed by the caller beforehand: the same key has one effect.
 */
export type PaymentProvider = {
  /** Name of the adapter, as stored with attempts. */
  readonly id: string;
  /** Opens a hosted checkout. */
  createCheckout(intent: CheckoutIntent, idempotencyKey: string): Promise<CallOutcome<CheckoutStarted>>;
  /** Closes an open checkout. What comes back may be `succeeded`, when the payer was faster. */
  cancelCheckout(reference: string, idempotencyKey: string): Promise<CallOutcome<Observation>>;
  /** Charges a stored method. */
  charge(charge: TokenCharge, idempotencyKey: string): Promise<CallOutcome<Observation>>;
  /** Keeps a method for later charges without its payer; `declined` when its issuer does not want that. Nothing is charged. */
  storeMethod(
    setup: MethodSetup,
    idempotencyKey: string,
  ): Promise<CallOutcome<StoredMethod & { readonly method: PaymentMethod }>>;
  /** Sends money back, in whole or in part. */
  refund(request: RefundRequest, idempotencyKey: string): Promise<CallOutcome<RefundSeen>>;
  /** Reads payments back by the provider's references. References that the provider does not know are left out. */
  fetchMany(references: readonly string[]): Promise<CallOutcome<readonly Observation[]>>;
  /** Reads payments back by our attempt ids, for when the reply with the reference was lost. One attempt may have several. */
  findByAttempts(attemptIds: readonly string[]): Promise<CallOutcome<readonly Observation[]>>;
  /** Reads a part of the provider's own record of a day (UTC): what it took, gave back and kept. Once a day is complete its record stays. */
  listSettlements(day: CivilDate, from: string | null): Promise<CallOutcome<SettlementPage>>;
  /** Checks a webhook over the bytes as they came in. Header names are lower case. */
  verifyWebhook(rawBody: Buffer, headers: Readonly<Record<string, string | undefined>>, now: Date): WebhookVerdict;
};
