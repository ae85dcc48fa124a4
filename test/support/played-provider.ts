import type { CallResult, Provider, RefundAtProvider, SeenAtProvider } from '@billfleet/billing';
import type { Currency } from '@billfleet/domain';
import type { ProviderPayment } from '@billfleet/store';

type Payment = {
  readonly reference: string;
  readonly attemptId: string;
  readonly orderId: string;
  readonly amountMinor: bigint;
  readonly currency: Currency;
  readonly refunds: {
    refundId: string;
    amountMinor: bigint;
    state: RefundAtProvider['state'];
    cameBack?: boolean;
  }[];
  chargeback?: { readonly reference: string; state: 'open' | 'won' | 'lost'; readonly amountMinor: bigint };
};

/** What the provider does with the next refunds; `lost`: it carries them out, and its reply does not come. */
export type RefundMood = 'succeeds' | 'processes' | 'fails' | 'away' | 'lost';

const never = (): Promise<never> => Promise.reject(new Error('nobody asks for this here'));
const observed = <T>(value: T): CallResult<T> => ({ outcome: 'observed', value });
const sum = (some: readonly { readonly amountMinor: bigint }[]): bigint =>
  some.reduce((total, { amountMinor }) => total + amountMinor, 0n);

/** A payment provider in memory, as strict as a real one: what went back, is on its way back or is in a bank's hands is not refunded. */
export class PlayedProvider implements Provider {
  readonly id = 'sandbox';
  mood: RefundMood = 'succeeds';
  readonly createCheckout: Provider['createCheckout'] = never;
  readonly cancelCheckout: Provider['cancelCheckout'] = never;
  readonly charge: Provider['charge'] = never;
  readonly storeMethod: Provider['storeMethod'] = never;
  protected readonly payments: Payment[] = [];

  take(payment: Omit<Payment, 'reference' | 'refunds'>): void {
    this.payments.push({ ...payment, reference: `pay-${payment.attemptId}`, refunds: [] });
  }

  referenceOf(orderId: string): string {
    return this.payments.find((one) => one.orderId === orderId)?.reference ?? 'none';
  }

  async refund(request: Parameters<Provider['refund']>[0]): ReturnType<Provider['refund']> {
    await Promise.resolve();
    const { refundId, reference, amountMinor } = request;
    const failure = { code: 'unavailable', kind: 'unavailable', message: 'away' };
    if (this.mood === 'away') return { outcome: 'not_attempted', failure };
    const payment = this.payments.find((one) => one.reference === reference);
    const before = payment?.refunds.find((one) => one.refundId === refundId);
    if (payment === undefined) return { outcome: 'declined', failure: { ...failure, code: 'not_found' } };
    if (before === undefined) {
      if (amountMinor > restOf(payment))
        return { outcome: 'declined', failure: { ...failure, code: 'not_refundable' } };
      const state = this.mood === 'processes' ? 'processing' : this.mood === 'fails' ? 'failed' : 'succeeded';
      payment.refunds.push({ refundId, amountMinor, state });
    }
    if (this.mood === 'lost') return { outcome: 'unknown', failure: { ...failure, code: 'timeout' } };
    const seen = shownRefunds(payment).find((one) => one.refundId === refundId);
    return seen === undefined ? { outcome: 'unknown', failure } : observed(seen);
  }

  /** Ends the refunds of an order that are on their way. */
  end(orderId: string, state: 'succeeded' | 'failed'): void {
    for (const payment of this.payments.filter((one) => one.orderId === orderId))
      for (const refund of payment.refunds) if (refund.state === 'processing') refund.state = state;
  }

  /** The payer's bank sends the newest refund back that had gone; with `isSaid` the provider says that it had. */
  sendBack(orderId: string, isSaid: boolean): void {
    const gone = this.payments
      .filter((one) => one.orderId === orderId)
      .flatMap(({ refunds }) => refunds)
      .findLast(({ state }) => state === 'succeeded');
    if (gone !== undefined) Object.assign(gone, { state: 'failed', ...(isSaid ? { cameBack: true } : {}) });
  }

  /** The payer's bank takes what is left, or ends what it began. */
  bank(orderId: string, state: 'open' | 'won' | 'lost'): void {
    const payment = this.payments.find((one) => one.orderId === orderId);
    if (payment === undefined) return;
    const amountMinor = restOf(payment);
    if (payment.chargeback === undefined) {
      if (amountMinor > 0n) payment.chargeback = { reference: `cbk-${payment.attemptId}`, state, amountMinor };
    } else if (payment.chargeback.state === 'open') payment.chargeback.state = state;
  }

  async fetchMany(references: readonly string[]): Promise<CallResult<readonly SeenAtProvider[]>> {
    await Promise.resolve();
    return observed(this.payments.filter(({ reference }) => references.includes(reference)).map(shownPayment));
  }

  async findByAttempts(attemptIds: readonly string[]): Promise<CallResult<readonly SeenAtProvider[]>> {
    await Promise.resolve();
    return observed(this.payments.filter(({ attemptId }) => attemptIds.includes(attemptId)).map(shownPayment));
  }

  /** Its own record, as the audits read it. */
  truth(): readonly ProviderPayment[] {
    return this.payments.map(({ reference, attemptId, orderId, currency, amountMinor, refunds, chargeback }) => ({
      ...{ reference, attemptId, orderId, currency, amountMinor, idempotencyKey: attemptId, state: 'succeeded' },
      refundedMinor: sum(refunds.filter(({ state }) => state === 'succeeded')),
      ...(chargeback === undefined ? {} : { chargeback }),
    }));
  }
}

const restOf = ({ amountMinor, refunds, chargeback }: Payment): bigint =>
  chargeback !== undefined && chargeback.state !== 'won'
    ? 0n
    : amountMinor - sum(refunds.filter(({ state }) => state !== 'failed'));

const shownRefunds = ({ refunds }: Payment): readonly RefundAtProvider[] =>
  refunds.map(({ refundId, state, cameBack }) => ({
    ...{ refundId, state, reference: `rfd-${refundId}`, ...(cameBack === undefined ? {} : { cameBack }) },
    ...(state === 'failed' ? { failure: { code: 'account_closed', kind: 'decline-hard', message: 'sent back' } } : {}),
  }));

function shownPayment(payment: Payment): SeenAtProvider {
  const { reference, attemptId, amountMinor, currency, chargeback } = payment;
  return {
    ...{ reference, attemptId, amountMinor, currency, state: 'succeeded', refunds: shownRefunds(payment) },
    ...(chargeback === undefined ? {} : { chargeback: { ...chargeback, reason: 'fraudulent' } }),
  };
}
