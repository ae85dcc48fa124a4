import { createHash } from 'node:crypto';
import type { ProviderFailure, StoredMethod } from '@billfleet/payments';
import type { Clock } from '@billfleet/platform';
import type { Ledger } from '../ledger/ledger.js';
import type { Entry, EventRow, EventType, PaymentRow } from '../ledger/rows.js';
import { judgeCard, judgeToken } from './cards.js';
import type { CardVerdict } from './cards.js';
import type { Faults } from './faults.js';
import { newId } from './ids.js';
import { isClosedCode } from './pay-way.js';
import type { PayOutcome, PayWay } from './pay-way.js';
import { pixCodeOf } from './pix-code.js';
import { chargedBack, endOf, newRefund, restOf, returned } from './refunds.js';
import { wirePayment, wireRefund } from './wire.js';
import type { Wire } from './wire.js';

/** A reply that is ready to be sent; `body` is JSON text. */
export type Answer = { readonly status: number; readonly body: string };

/** Told of every event once it is in the ledger. */
export type SendEvent = (event: EventRow) => void;

const settleDelayMs = 3000;

const answer = (status: number, body: unknown): Answer => ({ status, body: JSON.stringify(body) });

/** A refusal in the words of the wire. */
export const refusal = (status: number, code: string, message: string): Answer =>
  answer(status, { code, kind: 'invalid', message } satisfies ProviderFailure);

/**
 * The rules of the provider: what may happen to a payment, and what is told of it. Nothing here waits: each call reads, decides and
 * commits in one go, so that two of them never interleave.
 */
export class Desk {
  constructor(
    private readonly ledger: Ledger,
    private readonly faults: Faults,
    private readonly send: SendEvent,
    private readonly clock: Clock,
  ) {}

  createCheckout(body: Wire<'checkoutRequest'>, key: string, publicUrl: string): Answer {
    return this.once('checkout', key, body, () => {
      const reference = newId('chk');
      const amountMinor = BigInt(body.amountMinor);
      const pixCode = body.method === 'pix' ? pixCodeOf(reference, amountMinor) : undefined;
      const row: PaymentRow = {
        ...this.blank(body, key, 'checkout', reference),
        method: body.method,
        expiresAt: Date.parse(body.expiresAt),
        returnUrl: body.returnUrl,
        ...(pixCode === undefined ? {} : { pixCode }),
      };
      const url = `${publicUrl}/pay/${reference}`;
      const expiresAt = new Date(row.expiresAt).toISOString();
      const reply: Wire<'checkoutReply'> = {
        reference,
        url,
        ...(pixCode === undefined ? {} : { pixCode }),
        expiresAt,
      };
      return { answer: answer(201, reply), entries: [{ t: 'payment', row }] };
    });
  }

  charge(body: Wire<'chargeRequest'>, key: string): Answer {
    return this.once('charge', key, body, () => {
      const verdict = judgeToken(body.token, this.ledger.token(body.token)?.storedMethod);
      if (verdict === undefined)
        return { answer: refusal(422, 'unknown_token', 'No stored method has this token.'), entries: [] };
      const blank = this.blank(body, key, 'charge', newId('chg'));
      if (verdict.kind === 'refused') {
        const row: PaymentRow = { ...blank, state: 'declined', failure: verdict.failure };
        return { answer: answer(402, verdict.failure), entries: this.told(row, 'payment.failed') };
      }
      const row = this.charged({ ...blank, storedMethod: { ...verdict.method, token: body.token } }, verdict.kind);
      const entries = row.state === 'succeeded' ? this.told(row, 'payment.succeeded') : [paymentEntry(row)];
      return { answer: answer(201, wirePayment(row)), entries };
    });
  }

  /** Keeps a token for later charges; one whose charges would be refused is refused here already. */
  storeMethod(body: Wire<'methodRequest'>, key: string): Answer {
    return this.once('method', key, body, () => {
      const verdict = judgeToken(body.token, this.ledger.token(body.token)?.storedMethod);
      if (verdict === undefined)
        return { answer: refusal(422, 'unknown_token', 'No stored method has this token.'), entries: [] };
      if (verdict.kind === 'refused') return { answer: answer(402, verdict.failure), entries: [] };
      const reply: Wire<'methodReply'> = { ...verdict.method, method: 'card', token: body.token };
      return { answer: answer(201, reply), entries: [] };
    });
  }

  refund(body: Wire<'refundRequest'>, key: string): Answer {
    return this.once('refund', key, body, () => {
      const payment = this.ledger.payment(body.reference);
      const amountMinor = BigInt(body.amountMinor);
      const before = this.ledger.refund(body.refundId);
      if (before !== undefined) {
        const isSame = before.paymentReference === body.reference && before.amountMinor === amountMinor;
        if (isSame) return { answer: answer(200, wireRefund(before)), entries: [] };
        return { answer: refusal(409, 'refund_conflict', 'This refund id was used for another refund.'), entries: [] };
      }
      if (payment === undefined) return { answer: refusal(404, 'not_found', 'No such payment.'), entries: [] };
      const restMinor = restOf(payment);
      if (payment.state !== 'succeeded' || payment.currency !== body.currency || amountMinor > restMinor) {
        const message = `${String(restMinor)} minor units of ${payment.currency} can be refunded.`;
        return { answer: refusal(422, 'not_refundable', message), entries: [] };
      }
      const row = newRefund(body.refundId, payment.reference, amountMinor, this.now());
      const sent = { ...payment, refundingMinor: payment.refundingMinor + amountMinor };
      if (this.faults.strikes('refundProcessing')) {
        return { answer: answer(201, wireRefund(row)), entries: [{ t: 'refund', row }, paymentEntry(sent)] };
      }
      const state = this.faults.strikes('refundFailed') ? 'failed' : 'succeeded';
      const ended = endOf(sent, row, { state, endedAt: this.now() });
      const entries: readonly Entry[] = [{ t: 'refund', row: ended.refund }, ...this.told(ended.payment, ended.type)];
      return { answer: answer(201, wireRefund(ended.refund)), entries };
    });
  }

  /** Plays the payer's bank: it takes the newest refund that is on its way or does not, or sends back the newest that it took. Undefined where there is none. */
  endRefund(reference: string, { state }: Wire<'refundEndRequest'>): PaymentRow | undefined {
    const payment = this.find(reference);
    const from = state === 'returned' ? 'succeeded' : 'processing';
    const refund = this.ledger.refundsOf(reference).findLast((one) => one.state === from);
    if (payment === undefined || refund === undefined) return undefined;
    const now = this.now();
    const ended =
      state === 'returned' ? returned(payment, refund, now) : endOf(payment, refund, { state, endedAt: now });
    this.commit([{ t: 'refund', row: ended.refund }, ...this.told(ended.payment, ended.type)]);
    return this.find(reference);
  }

  /** A payment as the merchant sees it. */
  show(payment: PaymentRow): Wire<'payment'> {
    return wirePayment(payment, this.ledger.refundsOf(payment.reference));
  }

  /** Closes an open checkout; any other state stays and is shown. */
  cancel(reference: string): PaymentRow | undefined {
    const payment = this.find(reference);
    if (payment?.state !== 'open') return payment;
    return this.publish({ ...payment, state: 'cancelled' }, 'checkout.cancelled');
  }

  pay(reference: string, way: PayWay): PayOutcome {
    const payment = this.find(reference);
    if (payment?.kind !== 'checkout') return { kind: 'unknown' };
    if (payment.state === 'succeeded') return { kind: 'paid', payment };
    if (payment.state !== 'open' && !(isClosedCode(payment) && this.faults.strikes('pixLate')))
      return { kind: 'closed', payment };
    if (way.method !== payment.method) return { kind: 'mismatch' };
    const verdict = this.judgePayer(way);
    if (verdict.kind === 'refused') return this.refuse(payment, verdict.failure);
    const { failure: _earlier, ...rest } = payment;
    const row = this.charged(
      { ...rest, ...(payment.method === 'pix' ? {} : { storedMethod: stored(verdict.method) }) },
      'pays',
    );
    return { kind: 'paid', payment: this.publish(row, 'payment.succeeded') };
  }

  /** Plays the payer's bank: it takes a paid payment back, then lets the merchant win or lose. Undefined where it cannot. */
  chargeBack(reference: string, { state, reason }: Wire<'chargebackRequest'>): PaymentRow | undefined {
    const payment = this.find(reference);
    if (payment?.state !== 'succeeded') return undefined;
    const { chargeback } = payment;
    const told = chargeback === undefined ? 'chargeback.opened' : 'chargeback.ended';
    // What went back is not there to be taken.
    if (chargeback === undefined && restOf(payment) === 0n) return undefined;
    if (chargeback !== undefined && (chargeback.state !== 'open' || state === 'open')) return payment;
    return this.publish({ ...payment, chargeback: chargedBack(payment, { state, reason }, this.now()) }, told);
  }

  /** One payment as it is now. */
  find(reference: string): PaymentRow | undefined {
    const payment = this.ledger.payment(reference);
    return payment === undefined ? undefined : this.moveWithTime(payment);
  }

  /** Payments by the provider's references and by the merchant's attempt ids, each once. */
  lookup(request: Wire<'lookupRequest'>): readonly PaymentRow[] {
    const references = new Set(request.references);
    for (const attemptId of request.attemptIds ?? [])
      for (const payment of this.ledger.paymentsOf(attemptId)) references.add(payment.reference);
    return [...references].flatMap((reference) => this.find(reference) ?? []);
  }

  /** Lets time do its part: open checkouts expire, slow charges succeed. */
  tick(): void {
    for (const payment of this.ledger.waitingPayments()) this.moveWithTime(payment);
  }

  private moveWithTime(payment: PaymentRow): PaymentRow {
    const now = this.now();
    if (payment.state === 'open' && payment.expiresAt <= now)
      return this.publish({ ...payment, state: 'expired' }, 'checkout.expired');
    if (payment.state === 'processing' && (payment.settlesAt ?? 0) <= now)
      return this.publish(this.charged(payment, 'pays'), 'payment.succeeded');
    return payment;
  }

  private refuse(payment: PaymentRow, failure: ProviderFailure): PayOutcome {
    // After a soft decline or a typing error the payer may try again on the same page; only a hard decline ends the checkout.
    if (failure.kind === 'decline-hard' || failure.kind === 'do-not-retry') {
      const ended = this.publish({ ...payment, state: 'declined', failure }, 'payment.failed');
      return { kind: 'refused', payment: ended, failure };
    }
    const row = { ...payment, failure };
    this.ledger.commit([paymentEntry(row)]);
    return { kind: 'refused', payment: row, failure };
  }

  private judgePayer(way: PayWay): CardVerdict {
    if (way.method === 'card') return judgeCard(way.card ?? '');
    return { kind: 'pays', method: { brand: way.method, last4: '', expiresOn: '9999-12' } };
  }

  private charged(row: PaymentRow, pace: 'pays' | 'slow'): PaymentRow {
    const now = this.now();
    if (pace === 'slow') return { ...row, state: 'processing', settlesAt: now + settleDelayMs };
    const isWrong = this.faults.strikes('wrongAmount');
    const wrongMinor = row.askedMinor > 1n ? row.askedMinor - 1n : row.askedMinor + 1n;
    return { ...row, state: 'succeeded', paidMinor: isWrong ? wrongMinor : row.askedMinor, paidAt: now };
  }

  private blank(
    body: Wire<'checkoutRequest'> | Wire<'chargeRequest'>,
    key: string,
    kind: PaymentRow['kind'],
    reference: string,
  ): PaymentRow {
    return {
      reference,
      kind,
      idempotencyKey: key,
      attemptId: body.attemptId,
      orderId: body.orderId,
      method: 'card',
      askedMinor: BigInt(body.amountMinor),
      paidMinor: 0n,
      refundedMinor: 0n,
      refundingMinor: 0n,
      currency: body.currency,
      installments: body.installments,
      description: body.description,
      state: 'open',
      createdAt: this.now(),
      expiresAt: Number.MAX_SAFE_INTEGER,
    };
  }

  private told(row: PaymentRow, type: EventType): readonly Entry[] {
    const { reference, attemptId } = row;
    const event: EventRow = { id: newId('evt'), type, reference, attemptId, createdAt: this.now() };
    return [paymentEntry(row), { t: 'event', row: event }];
  }

  private publish(row: PaymentRow, type: EventType): PaymentRow {
    this.commit(this.told(row, type));
    return row;
  }

  private commit(entries: readonly Entry[]): void {
    this.ledger.commit(entries);
    for (const entry of entries) if (entry.t === 'event') this.send(entry.row);
  }

  /** The same key with the same body gets the same reply, byte by byte, and has one effect. */
  private once(
    operation: string,
    key: string,
    body: unknown,
    decide: () => { answer: Answer; entries: readonly Entry[] },
  ): Answer {
    const fingerprint = createHash('sha256')
      .update(`${operation}\n${JSON.stringify(body)}`)
      .digest('base64');
    const before = this.ledger.key(key);
    if (before !== undefined) {
      if (before.fingerprint === fingerprint) return { status: before.status, body: before.body };
      return refusal(409, 'idempotency_conflict', 'This idempotency key was used with another request.');
    }
    const decided = decide();
    const { status, body: text } = decided.answer;
    this.commit([...decided.entries, { t: 'key', row: { key, fingerprint, status, body: text } }]);
    return decided.answer;
  }

  private now(): number {
    return this.clock.now().getTime();
  }
}

const paymentEntry = (row: PaymentRow): Entry => ({ t: 'payment', row });

const stored = (method: Omit<StoredMethod, 'token'>): StoredMethod => ({ ...method, token: newId('tok') });
