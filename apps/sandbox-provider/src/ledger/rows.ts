import type { Currency, PaymentMethod } from '@billfleet/domain';
import type { ChargebackSeen, Observation, ProviderFailure, RefundSeen, StoredMethod } from '@billfleet/payments';

/** One payment as the provider keeps it. Instants are milliseconds since 1970. Rows are replaced, never changed. */
export type PaymentRow = {
  readonly reference: string;
  readonly kind: 'checkout' | 'charge';
  readonly idempotencyKey: string;
  readonly attemptId: string;
  readonly orderId: string;
  readonly method: PaymentMethod;
  readonly askedMinor: bigint;
  /** 0 until paid. Differs from what was asked only when the fault `wrongAmount` struck. */
  readonly paidMinor: bigint;
  /** What went back, and what is on its way back: neither can be asked for again. */
  readonly refundedMinor: bigint;
  readonly refundingMinor: bigint;
  readonly currency: Currency;
  readonly installments: number;
  readonly description: string;
  readonly state: Observation['state'];
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly returnUrl?: string;
  readonly pixCode?: string;
  readonly paidAt?: number;
  /** When a payment in `processing` will succeed. */
  readonly settlesAt?: number;
  readonly storedMethod?: StoredMethod;
  readonly failure?: ProviderFailure;
  readonly chargeback?: ChargebackRow;
};

/** What the payer's bank takes back: all that was left of the payment then, in minor units as text. */
export type ChargebackRow = {
  readonly reference: string;
  readonly amountMinor: string;
  readonly state: ChargebackSeen['state'];
  readonly reason: string;
  /** When the bank took the money for good. */
  readonly lostAt?: number;
};

/** One refund. It succeeds at once, unless a fault makes it take its time or fail. */
export type RefundRow = {
  readonly reference: string;
  readonly refundId: string;
  readonly paymentReference: string;
  readonly amountMinor: bigint;
  readonly state: RefundSeen['state'];
  readonly createdAt: number;
  /** When it succeeded or failed; one from before this was kept ended when it was made. */
  readonly endedAt?: number;
  /** When one that had succeeded came back from the bank of its payer: it is `failed` since. */
  readonly returnedAt?: number;
};

/** What an idempotency key was answered with. */
export type KeyRow = {
  readonly key: string;
  /** Of the operation and its body. */
  readonly fingerprint: string;
  readonly status: number;
  /** JSON text, sent again byte by byte. */
  readonly body: string;
};

export type EventType =
  | 'payment.succeeded'
  | 'payment.failed'
  | 'checkout.expired'
  | 'checkout.cancelled'
  | 'refund.succeeded'
  | 'refund.failed'
  | 'chargeback.opened'
  | 'chargeback.ended';

/** A webhook that is owed to the merchant until it was delivered. */
export type EventRow = {
  readonly id: string;
  readonly type: EventType;
  readonly reference: string;
  readonly attemptId: string;
  readonly createdAt: number;
};

/** What goes wrong on purpose. Probabilities are 0 to 1; the same seed and the same calls give the same faults. */
export type FaultKnobs = {
  readonly seed: number;
  readonly timeoutAfterCharge: number;
  readonly error500BeforeCharge: number;
  readonly error500AfterCharge: number;
  readonly slowMs: number;
  readonly webhookDuplicate: number;
  readonly webhookShuffle: number;
  readonly webhookDelayMs: number;
  readonly webhookDrop: number;
  readonly wrongAmount: number;
  /** How many payments of Pix codes still come once a code is over or was given up, as a bank may let them through. */
  readonly pixLate: number;
  readonly refundProcessing: number;
  readonly refundFailed: number;
  /** How many of its payments a look-up does not find. */
  readonly lookupBlind: number;
  /** How many lines the record of a day lacks, and of how many the amount is another one: the same ones whenever it is read. */
  readonly settlementOmit: number;
  readonly settlementWrongAmount: number;
  /** How many lines the record of a day has that nothing stands for. */
  readonly settlementInvented: number;
};

/** One fact in the journal; a line holds those that became true together. */
export type Entry =
  | { readonly t: 'payment'; readonly row: PaymentRow }
  | { readonly t: 'refund'; readonly row: RefundRow }
  | { readonly t: 'key'; readonly row: KeyRow }
  | { readonly t: 'event'; readonly row: EventRow }
  | { readonly t: 'delivered'; readonly id: string }
  | { readonly t: 'faults'; readonly row: FaultKnobs };

/** Makes an entry fit for JSON, which has no big integers. */
export function encodeEntry(entry: Entry): unknown {
  if (entry.t === 'payment') {
    const { askedMinor, paidMinor, refundedMinor, refundingMinor, ...rest } = entry.row;
    const amounts = {
      askedMinor: String(askedMinor),
      paidMinor: String(paidMinor),
      refundedMinor: String(refundedMinor),
      refundingMinor: String(refundingMinor),
    };
    return { t: 'payment', row: { ...rest, ...amounts } };
  }
  if (entry.t === 'refund') return { t: 'refund', row: { ...entry.row, amountMinor: String(entry.row.amountMinor) } };
  return entry;
}

type Stored<T, K extends keyof T> = Omit<T, K> & Readonly<Record<K, string>>;

/** Lines from before refunds could take their time lack what goes back, how a refund stands, and what a bank took. */
type StoredPayment = Omit<
  Stored<PaymentRow, 'askedMinor' | 'paidMinor' | 'refundedMinor'>,
  'refundingMinor' | 'chargeback'
> & {
  readonly refundingMinor?: string;
  readonly chargeback?: Omit<ChargebackRow, 'amountMinor'> & Partial<Pick<ChargebackRow, 'amountMinor'>>;
};
type StoredRefund = Omit<Stored<RefundRow, 'amountMinor'>, 'state'> & Partial<Pick<RefundRow, 'state'>>;

type StoredEntry =
  | Exclude<Entry, { t: 'payment' | 'refund' }>
  | { readonly t: 'payment'; readonly row: StoredPayment }
  | { readonly t: 'refund'; readonly row: StoredRefund };

/** Reads back what `encodeEntry` made. The file is our own, so its shape is trusted. */
export function decodeEntry(json: unknown): Entry {
  const entry = json as StoredEntry;
  if (entry.t === 'payment') {
    const { row } = entry;
    const amounts = {
      askedMinor: BigInt(row.askedMinor),
      paidMinor: BigInt(row.paidMinor),
      refundedMinor: BigInt(row.refundedMinor),
      refundingMinor: BigInt(row.refundingMinor ?? '0'),
    };
    const { chargeback, ...rest } = row;
    const taken = chargeback && { chargeback: { ...chargeback, amountMinor: chargeback.amountMinor ?? row.paidMinor } };
    return { t: 'payment', row: { ...rest, ...taken, ...amounts } };
  }
  if (entry.t === 'refund') {
    const { row } = entry;
    return { t: 'refund', row: { ...row, amountMinor: BigInt(row.amountMinor), state: row.state ?? 'succeeded' } };
  }
  return entry;
}
