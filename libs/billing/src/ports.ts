import type { CivilDate, Currency, PaymentMethod, SettlementKind } from '@billfleet/domain';

/** What was wrong with a call to a provider, free of personal and payment data. */
export type CallFailure = { readonly code: string; readonly kind: string; readonly message: string };

/** What is known after a call: `unknown` may have charged and is never the same as declined. */
export type CallResult<T> =
  | { readonly outcome: 'observed'; readonly value: T }
  | { readonly outcome: 'declined' | 'not_attempted' | 'unknown'; readonly failure: CallFailure };

/** What a provider shows of one payment. */
export type SeenAtProvider = {
  readonly reference: string;
  readonly attemptId: string;
  readonly state: 'open' | 'processing' | 'succeeded' | 'declined' | 'cancelled' | 'expired';
  readonly amountMinor: bigint;
  readonly currency: Currency;
  readonly paidAt?: Date;
  readonly storedMethod?: {
    readonly token: string;
    readonly brand: string;
    readonly last4: string;
    readonly expiresOn: string;
  };
  /** Where the payer's bank takes the money back, or tried to. */
  readonly chargeback?: {
    readonly reference: string;
    readonly state: 'open' | 'won' | 'lost';
    readonly amountMinor: bigint;
    readonly reason: string;
  };
  /** Its refunds that the provider knows, by the keys under which they were asked for. */
  readonly refunds?: readonly RefundAtProvider[];
  readonly failure?: CallFailure;
};

/** What a provider shows of one refund. `refundId`: the key under which it was asked for; `reference`: the provider's own. */
export type RefundAtProvider = {
  readonly refundId: string;
  readonly reference: string;
  readonly state: 'processing' | 'succeeded' | 'failed';
  /** That it had gone, and came back from the bank of its payer. */
  readonly cameBack?: boolean;
  readonly failure?: CallFailure;
};

/** A part of a provider's record of a day. `next`: where the rest begins; null after the last part. */
export type RecordOfDay = {
  readonly entries: readonly {
    readonly kind: SettlementKind;
    readonly reference: string;
    readonly paymentReference: string;
    readonly currency: string;
    readonly amountMinor: bigint;
    readonly feeMinor: bigint;
    readonly at: Date;
  }[];
  readonly next: string | null;
};

/** A method that the provider keeps for charges without the payer. */
export type StoredAtProvider = {
  readonly method: PaymentMethod;
  readonly token: string;
  readonly brand: string;
  readonly last4: string;
  readonly expiresOn: string;
};

/** What billing needs of a payment provider. Keys are ours and committed before each call. */
export type Provider = {
  readonly id: string;
  createCheckout(
    intent: {
      readonly attemptId: string;
      readonly orderId: string;
      readonly method: PaymentMethod;
      readonly amountMinor: bigint;
      readonly currency: Currency;
      readonly installments: number;
      readonly description: string;
      readonly returnUrl: string;
      readonly payer: { readonly country: string; readonly email?: string; readonly taxId?: string };
      readonly expiresAt: Date;
    },
    idempotencyKey: string,
  ): Promise<
    CallResult<{
      readonly reference: string;
      readonly url: string;
      readonly pixCode?: string;
      readonly expiresAt: Date;
    }>
  >;
  cancelCheckout(reference: string, idempotencyKey: string): Promise<CallResult<SeenAtProvider>>;
  charge(
    charge: {
      readonly attemptId: string;
      readonly orderId: string;
      readonly token: string;
      readonly amountMinor: bigint;
      readonly currency: Currency;
      readonly installments: number;
      readonly description: string;
    },
    idempotencyKey: string,
  ): Promise<CallResult<SeenAtProvider>>;
  refund(
    request: {
      readonly refundId: string;
      readonly reference: string;
      readonly amountMinor: bigint;
      readonly currency: Currency;
    },
    idempotencyKey: string,
  ): Promise<CallResult<RefundAtProvider>>;
  storeMethod(
    setup: { readonly setupId: string; readonly token: string },
    idempotencyKey: string,
  ): Promise<CallResult<StoredAtProvider>>;
  fetchMany(references: readonly string[]): Promise<CallResult<readonly SeenAtProvider[]>>;
  findByAttempts(attemptIds: readonly string[]): Promise<CallResult<readonly SeenAtProvider[]>>;
};

/** A provider that shows its own record of each day (UTC), part by part. */
export type RecordingProvider = Provider & {
  listSettlements(day: CivilDate, from: string | null): Promise<CallResult<RecordOfDay>>;
};

/** A PDF of ours that travels with a mail. */
export type MailDocument = { readonly fileName: string; readonly pdf: Buffer };

/** A mail ready to leave, and what became of it. */
export type Mail = {
  readonly messageId: string;
  readonly to: string;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  /** Headers beyond those that every mail has. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Pictures that the HTML shows. */
  readonly pictures?: readonly { readonly cid: string; readonly fileName: string; readonly png: Buffer }[];
  readonly documents?: readonly MailDocument[];
};
export type MailOutcome =
  | { readonly kind: 'sent' }
  | {
      readonly kind: 'refused';
      readonly permanent: boolean;
      /** Whether the address takes no mail at all. */
      readonly isBounce: boolean;
      readonly code: string;
      readonly message: string;
    }
  | { readonly kind: 'unknown'; readonly message: string };

/** What billing needs of the SMTP side. */
export type Mailer = { send(mail: Mail): Promise<MailOutcome> };

/** What billing needs of the host product's side. */
export type HostProduct = {
  deliver(event: {
    readonly id: string;
    readonly type: string;
    readonly workspaceId: string;
    readonly sequence: number;
    readonly occurredAt: Date;
    readonly data: Readonly<Record<string, unknown>>;
  }): Promise<
    | { readonly kind: 'delivered'; readonly status: number }
    | { readonly kind: 'failed'; readonly status?: number; readonly message: string; readonly retryAfterMs?: number }
    | { readonly kind: 'gone' }
  >;
};

/** What the host product says that it gives a workspace. `plan` null: nothing; `members` null: it does not count them. */
export type GivenByHost = {
  readonly seats: number;
  readonly plan: string | null;
  readonly members: number | null;
  readonly version: number | null;
};

/** What billing needs to learn what is really given. `away` is worth another try; `wrong` is an answer that cannot be believed. */
export type HostSeats = {
  ask(
    workspaceId: string,
  ): Promise<
    | { readonly kind: 'given'; readonly given: GivenByHost }
    | { readonly kind: 'away' | 'wrong'; readonly message: string }
  >;
};
