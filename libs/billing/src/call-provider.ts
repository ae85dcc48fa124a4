import { paymentConfirmationQueue } from '@billfleet/contracts';
import type { DunningPolicy } from '@billfleet/domain';
import type { Crash } from '@billfleet/platform';
import { attempts, work } from '@billfleet/store';
import type { AttemptToCall, CheckoutSeen, OwedWork, Store, Tx } from '@billfleet/store';
import type { CallFailure, CallResult, Provider, SeenAtProvider } from './ports.js';
import { oweCodeMails } from './code-mails.js';
import { settlePayments } from './settle-payments.js';
import { failed } from './work-handlers.js';
import type { WorkFailure } from './work-handlers.js';

/** What calling the provider works with. */
export type CallProviderParts = {
  readonly store: Store;
  readonly provider: Provider;
  readonly crash: Crash;
  /** Where the payer's browser returns to, without a final slash. */
  readonly publicUrl: string;
  readonly firstCheckMs: number;
  /** What a declined charge of a stored method comes to. */
  readonly dunning: DunningPolicy;
  /** The idempotency key of an attempt: its id. A chaos run replaces it to prove that a wrong key is noticed. */
  readonly keyOf?: (attempt: AttemptToCall) => string;
  /** Chaos only: takes a time-out for a decline, to prove that this is noticed. */
  readonly takesTimeoutAsDecline?: boolean;
};

type Called<T> = { readonly item: OwedWork; readonly attempt: AttemptToCall; readonly result: CallResult<T> };

/** A look at an attempt whose charge may have happened comes soon; an open checkout waits for its payer. */
const CHECK_AFTER_UNKNOWN_MS = 2_000;

/** Calls the payment provider outside of any transaction: intent committed before, outcome committed after, the key never changes. */
export class CallProvider {
  constructor(private readonly parts: CallProviderParts) {}

  /** Opens hosted checkouts for attempts. */
  async openCheckouts(items: readonly OwedWork[]): Promise<readonly WorkFailure[]> {
    const { called, rest } = await this.callAll(items, ['submitting', 'unknown'], (attempt) =>
      this.parts.provider.createCheckout(this.intentOf(attempt), this.keyOf(attempt)),
    );
    return this.finish(rest, called, async (tx, observed) => {
      const seen = observed.map(({ attempt, value }): CheckoutSeen => ({
        attemptId: attempt.id,
        reference: value.reference,
        checkoutUrl: value.url,
        pixCode: value.pixCode ?? null,
        expiresAt: attempt.clockAt === null ? value.expiresAt : null,
      }));
      await attempts.recordCheckouts(tx, seen);
      await oweCodeMails(
        tx,
        seen.filter((one) => one.pixCode !== null).map((one) => one.attemptId),
      );
      await this.oweChecks(
        tx,
        seen.map((one) => one.attemptId),
        this.parts.firstCheckMs,
      );
    });
  }

  /** Charges tokens. The answer is only a hint: the payment worker reads the payment back and books it. */
  async chargeTokens(items: readonly OwedWork[]): Promise<readonly WorkFailure[]> {
    const { called, rest } = await this.callAll(items, ['submitting', 'unknown'], (attempt) => this.charge(attempt));
    return this.finish(rest, called, async (tx, observed) => {
      await attempts.recordCheckouts(
        tx,
        observed.map(({ attempt, value }) => ({
          attemptId: attempt.id,
          reference: value.reference,
          checkoutUrl: null,
          pixCode: null,
          expiresAt: null,
        })),
      );
      await work.owe(
        tx,
        paymentConfirmationQueue,
        'attempt.check',
        observed.map(({ attempt }) => attempt.id),
      );
    });
  }

  /** Closes checkouts that nobody should pay any more. What the provider shows afterwards goes through the money door. */
  async cancelCheckouts(items: readonly OwedWork[]): Promise<readonly WorkFailure[]> {
    const { called, rest } = await this.callAll(items, ['submitting', 'pending', 'unknown'], (attempt) =>
      this.cancel(attempt),
    );
    return this.finish(rest, called, async (tx, observed) => {
      await settlePayments(
        tx,
        observed.map(({ value }) => value),
      );
    });
  }

  private async cancel(attempt: AttemptToCall): Promise<CallResult<SeenAtProvider>> {
    if (attempt.reference !== null) return this.closeAtProvider(attempt.reference, attempt);
    // The reply with the reference was lost, or never asked for: the provider knows.
    const found = await this.parts.provider.findByAttempts([attempt.id]);
    if (found.outcome !== 'observed') return found;
    const seen = found.value.find((one) => one.state === 'succeeded') ?? found.value[0];
    if (seen === undefined) return { outcome: 'observed', value: { ...declinedOf(attempt), state: 'cancelled' } };
    return seen.state === 'open' ? this.closeAtProvider(seen.reference, attempt) : { outcome: 'observed', value: seen };
  }

  /** A refusal to cancel says nothing about the payment, least of all that it was declined: the payer may have been faster. */
  private async closeAtProvider(reference: string, attempt: AttemptToCall): Promise<CallResult<SeenAtProvider>> {
    const closed = await this.parts.provider.cancelCheckout(reference, `cancel:${attempt.id}`);
    if (closed.outcome !== 'declined') return closed;
    const found = await this.parts.provider.fetchMany([reference]);
    if (found.outcome !== 'observed') return found;
    const seen = found.value[0];
    const isClear = seen !== undefined && seen.state !== 'open' && seen.state !== 'processing';
    return isClear
      ? { outcome: 'observed', value: seen }
      : { outcome: 'not_attempted', failure: { ...closed.failure, kind: 'unavailable' } };
  }

  private async charge(attempt: AttemptToCall): Promise<CallResult<SeenAtProvider>> {
    const { id: attemptId, orderId, token, amountMinor, currency, installments } = attempt;
    const result = await this.parts.provider.charge(
      { attemptId, orderId, token: token ?? '', amountMinor, currency, installments, description: describe(attempt) },
      this.keyOf(attempt),
    );
    if (result.outcome === 'unknown' && this.parts.takesTimeoutAsDecline === true)
      return { ...result, outcome: 'declined' };
    return result;
  }

  private keyOf(attempt: AttemptToCall): string {
    return this.parts.keyOf?.(attempt) ?? attempt.id;
  }

  private intentOf(attempt: AttemptToCall): Parameters<Provider['createCheckout']>[0] {
    const { id: attemptId, orderId, method, amountMinor, currency, installments, clockAt } = attempt;
    const expiresAt = clockAt === null ? attempt.expiresAt : NEVER;
    return {
      attemptId,
      orderId,
      method,
      amountMinor,
      currency,
      installments,
      expiresAt,
      description: describe(attempt),
      returnUrl: `${this.parts.publicUrl}/billing/orders/${orderId}?from=payment`,
      payer: {
        country: attempt.country,
        ...(attempt.billingEmail === null ? {} : { email: attempt.billingEmail }),
        ...(attempt.taxId === null ? {} : { taxId: attempt.taxId }),
      },
    };
  }

  private async callAll<T>(
    items: readonly OwedWork[],
    callable: readonly string[],
    call: (attempt: AttemptToCall) => Promise<CallResult<T>>,
  ): Promise<{ called: readonly Called<T>[]; rest: readonly OwedWork[] }> {
    const found = await attempts.findAttemptsToCall(
      this.parts.store,
      items.map((item) => item.ref),
    );
    const isCancel = callable.includes('pending');
    const pairs = items.flatMap((item) => {
      const attempt = found.get(item.ref);
      const isOpen =
        attempt !== undefined &&
        callable.includes(attempt.status) &&
        (isCancel || attempt.orderStatus === 'awaiting_payment');
      return isOpen ? [{ item, attempt }] : [];
    });
    this.parts.crash('order.before_call');
    const called = await Promise.all(
      pairs.map(async ({ item, attempt }) => ({ item, attempt, result: await call(attempt) })),
    );
    this.parts.crash('order.after_call');
    const calledIds = new Set(pairs.map(({ item }) => item.id));
    return { called, rest: items.filter((item) => !calledIds.has(item.id)) };
  }

  /** Commits outcomes: what was observed by `onObserved`, unknown and declined here; calls that surely did nothing are tried again. */
  private async finish<T>(
    rest: readonly OwedWork[],
    called: readonly Called<T>[],
    onObserved: (tx: Tx, observed: readonly { readonly attempt: AttemptToCall; readonly value: T }[]) => Promise<void>,
  ): Promise<readonly WorkFailure[]> {
    const failures = called.flatMap(({ item, attempt, result }) =>
      result.outcome === 'not_attempted' || (result.outcome === 'unknown' && attempt.token === null)
        ? failed(
            [item],
            `${attempt.provider}: ${result.failure.code}`,
            result.failure.kind === 'invalid' ? 'hopeless' : 'outage',
          )
        : [],
    );
    const bad = new Set(failures.map((failure) => failure.id));
    const good = called.filter(({ item }) => !bad.has(item.id));
    await this.parts.store.transaction(async (tx) => {
      const mine = await work.claim(tx, [...rest, ...good.map(({ item }) => item)]);
      const ids = new Set(mine.map((item) => item.id));
      const owned = good.filter(({ item }) => ids.has(item.id));
      await onObserved(
        tx,
        owned.flatMap(({ attempt, result }) =>
          result.outcome === 'observed' ? [{ attempt, value: result.value }] : [],
        ),
      );
      await this.recordUnknown(
        tx,
        called.filter(({ result }) => result.outcome === 'unknown').map(({ attempt }) => attempt),
      );
      await settlePayments(
        tx,
        owned.flatMap(({ attempt, result }) =>
          result.outcome === 'declined' ? [declinedOf(attempt, result.failure)] : [],
        ),
        this.parts.dunning,
      );
      await work.ack(tx, mine);
    });
    return failures;
  }

  private async recordUnknown(tx: Tx, unknown: readonly AttemptToCall[]): Promise<void> {
    await attempts.markUnknown(
      tx,
      unknown.filter((attempt) => attempt.status === 'submitting').map((attempt) => attempt.id),
    );
    await this.oweChecks(
      tx,
      unknown.map((attempt) => attempt.id),
      CHECK_AFTER_UNKNOWN_MS,
    );
  }

  private oweChecks(tx: Tx, attemptIds: readonly string[], runInMs: number): Promise<void> {
    return work.owe(tx, paymentConfirmationQueue, 'attempt.check', attemptIds, { runInMs });
  }
}

/** The provider lives in another time than a workspace on a test clock, whose pages the fleet closes itself. */
const NEVER = new Date('9999-12-31T00:00:00Z');

/** What the payer reads on the provider's page, in the workspace's language. */
const WORDS = { en: ['Order', 'months'], es: ['Pedido', 'meses'], 'pt-BR': ['Pedido', 'meses'] } as const;

const describe = ({ locale, orderNumber, seats, planName, periodMonths }: AttemptToCall): string => {
  const [order, months] = WORDS[locale];
  return `${order} ${orderNumber}: ${String(seats)} × ${planName}, ${String(periodMonths)} ${months}`;
};

const declinedOf = (attempt: AttemptToCall, failure?: CallFailure): SeenAtProvider => ({
  reference: attempt.reference ?? attempt.id,
  attemptId: attempt.id,
  state: 'declined',
  amountMinor: attempt.amountMinor,
  currency: attempt.currency,
  ...(failure === undefined ? {} : { failure }),
});
