import type { OwedWork, RefundDone, RefundFailure, RefundToSend, Store } from '@billfleet/store';
import { books, chargebacks, refunds, work } from '@billfleet/store';
import { emitEvents } from './emit-events.js';
import { nextCheckMs } from './next-check.js';
import type { Provider } from './ports.js';
import { recordChargebacks } from './record-chargebacks.js';
import { settlePayments } from './settle-payments.js';
import { providerFailure, recordRefunds, refundKey, settleRefunds, sortSeen, waitsEvent } from './settle-refunds.js';
import { failed } from './work-handlers.js';
import type { WorkFailure } from './work-handlers.js';
import type { WorkspaceClock } from './workspace-clock.js';

/** What sending refunds works with. `firstCheckMs`: when one that the provider has in hand is looked at for the first time. */
export type SendRefundsParts = {
  readonly store: Store;
  readonly provider: Provider;
  readonly clock: WorkspaceClock;
  readonly firstCheckMs: number;
};

type Sendable = { readonly item: OwedWork; readonly refund: RefundToSend };

/** What became of the rows of a batch; those that are in none of the lists have nothing to be sent (any more). */
type Sent = {
  readonly done: readonly RefundDone[];
  readonly processing: readonly { readonly refund: RefundToSend; readonly reference: string }[];
  readonly failed: readonly { readonly refund: RefundToSend; readonly failure: RefundFailure }[];
  readonly outside: readonly RefundToSend[];
};

const isHeldOutside = ({ provider }: RefundToSend): boolean =>
  refunds.HELD_OUTSIDE.some((holder) => holder === provider);

/**
 * Gives money back that is owed: late and double payments, returned seats, goodwill, what was undone. The key of each is committed before the
 * call, so it goes back once.
 */
export class SendRefunds {
  constructor(private readonly parts: SendRefundsParts) {}

  /**
   * Sends what is owed. What the provider could not do now is tried again; what it refuses, what a bank has in hand, and what is held outside of
   * every provider waits for a person, visible and not as dead work.
   */
  async run(items: readonly OwedWork[]): Promise<readonly WorkFailure[]> {
    const before = await this.owedOf(items);
    const outside = before.filter(({ refund }) => isHeldOutside(refund));
    const toLookAt = before.filter(({ refund }) => !isHeldOutside(refund));
    const lookFault = await this.lookBefore(toLookAt.map(({ refund }) => refund));
    if (lookFault !== undefined) {
      const waiting = failed(
        toLookAt.map(({ item }) => item),
        lookFault,
        'outage',
      );
      await this.finish(items, { ...NOTHING, outside: outside.map(({ refund }) => refund) }, waiting);
      return waiting;
    }
    const atProvider = await this.owedOf(toLookAt.map(({ item }) => item));
    const blocked = await chargebacks.blockedAttempts(
      this.parts.store,
      atProvider.map(({ refund }) => refund.attemptId),
    );
    const disputed = atProvider.filter(({ refund }) => blocked.has(refund.attemptId));
    const called = await Promise.all(
      atProvider
        .filter(({ refund }) => !blocked.has(refund.attemptId))
        .map(async (one) => ({ ...one, answer: await this.send(one.refund) })),
    );
    const away = called.flatMap(({ item, refund, answer }) =>
      answer.outcome === 'not_attempted' || answer.outcome === 'unknown'
        ? failed([item], `refund ${refund.id}: ${answer.failure.code}`, 'outage')
        : [],
    );
    const seen = sortSeen(
      called.flatMap(({ refund, answer }) => (answer.outcome === 'observed' ? [{ refund, seen: answer.value }] : [])),
    );
    const refusals = called.flatMap(({ refund, answer }) =>
      answer.outcome === 'declined' ? [{ refund, failure: providerFailure(answer.failure) }] : [],
    );
    const inDispute = disputed.map(({ refund }) => ({ refund, failure: DISPUTED }));
    await this.finish(
      items,
      { ...seen, failed: [...seen.failed, ...refusals, ...inDispute], outside: outside.map(({ refund }) => refund) },
      away,
    );
    return away;
  }

  /** Looks at refunds that the provider has in hand, since a webhook may never come: at growing distances, until they have ended. */
  async check(items: readonly OwedWork[]): Promise<readonly WorkFailure[]> {
    const { store, provider, firstCheckMs } = this.parts;
    const ids = items.map((item) => item.ref);
    const before = await books.findRefunds(store, ids);
    const underWay = [...before.values()].filter(({ status }) => status === 'processing');
    const answer = await provider.fetchMany([...new Set(underWay.map(({ reference }) => reference))]);
    if (answer.outcome !== 'observed')
      return failed(items, `provider did not answer: ${answer.failure.code}`, 'outage');
    await store.transaction(async (tx) => {
      const mine = await work.claim(tx, items);
      await recordRefunds(tx, answer.value, firstCheckMs);
      const after = await books.findRefunds(tx, ids);
      const waiting = mine.filter((item) => after.get(item.ref)?.status === 'processing');
      await refunds.countChecks(
        tx,
        waiting.map((item) => item.ref),
      );
      const delayOf = (item: OwedWork): number => nextCheckMs((after.get(item.ref)?.checks ?? 0) + 1, firstCheckMs);
      for (const delayMs of new Set(waiting.map(delayOf))) {
        await work.postpone(
          tx,
          waiting.filter((item) => delayOf(item) === delayMs),
          delayMs,
        );
      }
      const put = new Set(waiting.map(({ id }) => id));
      await work.ack(
        tx,
        mine.filter(({ id }) => !put.has(id)),
      );
    });
    return [];
  }

  private send(refund: RefundToSend): ReturnType<Provider['refund']> {
    const { reference, amountMinor, currency } = refund;
    const key = refundKey(refund);
    return this.parts.provider.refund({ refundId: key, reference, amountMinor, currency }, key);
  }

  private async owedOf(items: readonly OwedWork[]): Promise<readonly Sendable[]> {
    const found = await books.findRefunds(
      this.parts.store,
      items.map((item) => item.ref),
    );
    return items.flatMap((item): Sendable[] => {
      const refund = found.get(item.ref);
      return refund?.status === 'owed' ? [{ item, refund }] : [];
    });
  }

  /**
   * Reads the payments back before money leaves. The webhook of a chargeback may have been lost, and what the bank takes back must not be
   * given back by us as well; and a refund whose reply was lost may have gone back already. Answers why that could not be seen.
   */
  private async lookBefore(owed: readonly RefundToSend[]): Promise<string | undefined> {
    if (owed.length === 0) return undefined;
    const { provider, store, clock, firstCheckMs } = this.parts;
    const answer = await provider.fetchMany([...new Set(owed.map(({ reference }) => reference))]);
    if (answer.outcome !== 'observed') return `provider did not answer: ${answer.failure.code}`;
    const seen = answer.value.filter(
      ({ chargeback, refunds: known }) => chargeback !== undefined || known !== undefined,
    );
    if (seen.length === 0) return undefined;
    await store.transaction(async (tx) => {
      const settled = await settlePayments(tx, seen);
      await recordRefunds(tx, seen, firstCheckMs);
      await recordChargebacks(tx, { seen, settled }, clock);
    });
    return undefined;
  }

  private finish(items: readonly OwedWork[], sent: Sent, failures: readonly WorkFailure[]): Promise<void> {
    return this.parts.store.transaction(async (tx) => {
      const bad = new Set(failures.map((failure) => failure.id));
      const mine = await work.claim(
        tx,
        items.filter((item) => !bad.has(item.id)),
      );
      const refs = new Set(mine.map((item) => item.ref));
      const ofMine = <One extends { readonly refund: RefundToSend }>(some: readonly One[]): readonly One[] =>
        some.filter(({ refund }) => refs.has(refund.id));
      const { done, processing, failed: without } = sent;
      const seen = { done: ofMine(done), processing: ofMine(processing), failed: ofMine(without) };
      await settleRefunds(tx, seen, this.parts.firstCheckMs);
      emitEvents(
        tx,
        sent.outside
          .filter(({ id }) => refs.has(id))
          .map((refund) => waitsEvent(refund, 'held_outside', refund.provider, refund.id)),
      );
      await work.ack(tx, mine);
    });
  }
}

const NOTHING: Sent = { done: [], processing: [], failed: [], outside: [] };
const DISPUTED: RefundFailure = {
  why: 'disputed',
  code: 'chargeback_open',
  message: 'the bank of the payer has this payment in hand, or took it back',
};
