import { orderQueue } from '@billfleet/contracts';
import type { DunningPolicy } from '@billfleet/domain';
import type { Crash, Log } from '@billfleet/platform';
import { attempts, notices, work } from '@billfleet/store';
import type { AttemptToSettle, Notice, OwedWork, Store, Tx } from '@billfleet/store';
import { nextCheckMs } from './next-check.js';
import { openNextWays } from './pay-another-way.js';
import type { Provider, SeenAtProvider } from './ports.js';
import { recordChargebacks } from './record-chargebacks.js';
import { recordRefunds } from './settle-refunds.js';
import { decidedAbout, settlePayments } from './settle-payments.js';
import type { Settled } from './settle-payments.js';
import { failed } from './work-handlers.js';
import type { WorkFailure } from './work-handlers.js';
import type { WorkspaceClock } from './workspace-clock.js';

/** What confirming payments works with. `firstCheckMs`: when an attempt is looked at by ourselves for the first time; `dunning`: what a decline comes to. */
export type ConfirmPaymentsParts = {
  readonly store: Store;
  readonly provider: Provider;
  readonly clock: WorkspaceClock;
  readonly crash: Crash;
  readonly firstCheckMs: number;
  readonly dunning: DunningPolicy;
  readonly log: Log;
};

/** What follows from a look at an attempt: `look` means that a person has to. */
type NextStep = 'done' | 'wait' | 'repeat' | 'close' | 'cancel' | 'look';

/** Reads payments back from the provider and lets money into the books. */
export class ConfirmPayments {
  constructor(private readonly parts: ConfirmPaymentsParts) {}

  /** Applies what webhooks and upstream services told: a notice is only a hint, the provider's answer is the truth. */
  async applyNotices(items: readonly OwedWork[]): Promise<readonly WorkFailure[]> {
    const found = await notices.findNotices(
      this.parts.store,
      items.map((item) => item.ref),
    );
    const told = items.flatMap((item) => {
      const notice = found.get(item.ref);
      return notice === undefined ? [] : [{ item, notice }];
    });
    const hints = told.filter(({ notice }) => notice.claim === null);
    const lookUp = await this.lookUp(hints.map(({ notice }) => notice));
    // What needs no provider goes on while the provider is away.
    const waiting =
      lookUp.kind === 'away'
        ? failed(
            hints.map(({ item }) => item),
            lookUp.reason,
            'outage',
          )
        : [];
    const doable = lookUp.kind === 'away' ? told.filter(({ notice }) => notice.claim !== null) : told;
    this.parts.crash('payment.after_fetch');
    return this.parts.store.transaction(async (tx) => {
      const mine = new Set(
        (
          await work.claim(
            tx,
            doable.map(({ item }) => item),
          )
        ).map((item) => item.id),
      );
      const claimed = doable.filter(({ item }) => mine.has(item.id));
      const claims = await seenFromClaims(
        tx,
        claimed.map(({ notice }) => notice),
      );
      const pairs = claimed.map(({ item, notice }) => ({
        item,
        notice,
        seen:
          notice.claim === null && lookUp.kind === 'seen'
            ? lookUp.byReference.get(notice.reference)
            : claims.get(notice.id),
      }));
      const shown = pairs.flatMap(({ seen }) => seen ?? []);
      const settled = await settlePayments(tx, shown, this.parts.dunning);
      await recordRefunds(tx, shown, this.parts.firstCheckMs);
      await recordChargebacks(tx, { seen: shown, settled }, this.parts.clock);
      this.note(settled);
      return [...waiting, ...(await finishNotices(tx, pairs, settled))];
    });
  }

  /** Looks at attempts by ourselves, since a webhook may never come: what is still open is looked at again later. */
  async checkAttempts(items: readonly OwedWork[]): Promise<readonly WorkFailure[]> {
    const ids = items.map((item) => item.ref);
    const answer = await this.parts.provider.findByAttempts(ids);
    if (answer.outcome !== 'observed')
      return failed(items, `provider did not answer: ${answer.failure.code}`, 'outage');
    this.parts.crash('payment.after_fetch');
    const seen = new Map(answer.value.map((one) => [one.attemptId, one]));
    return this.parts.store.transaction(async (tx) => {
      const mine = await work.claim(tx, items);
      const locked = await attempts.lockAttempts(
        tx,
        mine.map((item) => item.ref),
      );
      const settled = await settlePayments(tx, preferMoney(answer.value), this.parts.dunning);
      await recordChargebacks(tx, { seen: answer.value, settled }, this.parts.clock);
      this.note(settled);
      const decisions = mine.map((item) => ({
        item,
        attempt: locked.get(item.ref),
        next: this.next(locked.get(item.ref), seen.get(item.ref), settled),
      }));
      await this.schedule(tx, decisions);
      return decisions.flatMap(({ item, next }) =>
        next === 'look'
          ? failed(
              [item],
              `attempt ${item.ref} shows another amount or currency than its order: a person must look`,
              'hopeless',
            )
          : [],
      );
    });
  }

  /** What a look at the provider changed, by attempt; looks without news are not worth a line. */
  private note(settled: Settled): void {
    const payments = [...settled].flatMap(([attemptId, outcome]) =>
      outcome === 'wait' || outcome === 'duplicate' ? [] : [{ attemptId, outcome }],
    );
    if (payments.length > 0) this.parts.log.info({ payments }, 'payments settled');
  }

  private next(attempt: AttemptToSettle | undefined, seen: SeenAtProvider | undefined, settled: Settled): NextStep {
    if (attempt === undefined || !['submitting', 'pending', 'unknown'].includes(attempt.status)) return 'done';
    const isPayable = attempt.orderStatus === 'awaiting_payment';
    // Nobody repeats a call for a way to pay that is to be closed.
    if (seen === undefined) return isPayable && !attempt.isReplaced ? 'repeat' : 'close';
    const outcome = settled.get(attempt.id);
    if (outcome === 'mismatch') return 'look';
    if (outcome !== 'wait') return 'done';
    const isOver =
      attempt.attemptExpiresAt.getTime() + this.parts.firstCheckMs < this.parts.clock.nowOf(attempt).getTime();
    return isOver || !isPayable || attempt.isReplaced ? 'cancel' : 'wait';
  }

  private async schedule(
    tx: Tx,
    decisions: readonly {
      readonly item: OwedWork;
      readonly attempt: AttemptToSettle | undefined;
      readonly next: NextStep;
    }[],
  ): Promise<void> {
    const pick = (next: string) => decisions.filter((one) => one.next === next);
    const refs = (next: string): string[] => pick(next).map((one) => one.item.ref);
    // The provider does not know the attempt: the call never reached it, so it is made again with the same key.
    const repeats = pick('repeat');
    await work.owe(
      tx,
      orderQueue,
      'token.charge',
      repeats.filter((one) => one.attempt?.token !== null).map((one) => one.item.ref),
    );
    await work.owe(
      tx,
      orderQueue,
      'checkout.open',
      repeats.filter((one) => one.attempt?.token === null).map((one) => one.item.ref),
    );
    await work.owe(tx, orderQueue, 'checkout.cancel', refs('cancel'));
    await attempts.closeAttempts(
      tx,
      refs('close').map((id) => ({ id, status: 'cancelled', failure: null })),
    );
    await openNextWays(
      tx,
      pick('close').flatMap((one) => one.attempt ?? []),
    );
    const again = decisions.filter((one) => one.next === 'wait' || one.next === 'repeat' || one.next === 'cancel');
    await attempts.countChecks(
      tx,
      again.map((one) => one.item.ref),
    );
    for (const delayMs of new Set(again.map((one) => this.delayOf(one)))) {
      await work.postpone(
        tx,
        again.filter((one) => this.delayOf(one) === delayMs).map((one) => one.item),
        delayMs,
      );
    }
    await work.ack(
      tx,
      decisions.filter((one) => one.next === 'done' || one.next === 'close').map((one) => one.item),
    );
  }

  private delayOf({ attempt }: { readonly attempt: AttemptToSettle | undefined }): number {
    return nextCheckMs(attempt?.checks ?? 0, this.parts.firstCheckMs);
  }

  private async lookUp(hints: readonly Notice[]): Promise<LookUp> {
    const references = [...new Set(hints.map((notice) => notice.reference))];
    if (references.length === 0) return { kind: 'seen', byReference: new Map() };
    const answer = await this.parts.provider.fetchMany(references);
    if (answer.outcome !== 'observed')
      return { kind: 'away', reason: `provider did not answer: ${answer.failure.code}` };
    return { kind: 'seen', byReference: new Map(answer.value.map((one) => [one.reference, one])) };
  }
}

/** Payments by the provider's reference, or why there is no answer now. */
type LookUp =
  | { readonly kind: 'seen'; readonly byReference: ReadonlyMap<string, SeenAtProvider> }
  | { readonly kind: 'away'; readonly reason: string };

/** One attempt may show several payments; money that arrived is what matters. */
const preferMoney = (seen: readonly SeenAtProvider[]): readonly SeenAtProvider[] =>
  [...seen].sort((a, b) => Number(a.state === 'succeeded') - Number(b.state === 'succeeded'));

/** Upstream services are the authority on the money that they collected; what they name is found among our attempts. */
export async function seenFromClaims(tx: Tx, told: readonly Notice[]): Promise<ReadonlyMap<string, SeenAtProvider>> {
  const claimed = told.flatMap((notice) =>
    notice.claim === null || notice.workspaceId === null
      ? []
      : [{ notice, claim: notice.claim, workspaceId: notice.workspaceId }],
  );
  if (claimed.length === 0) return new Map();
  const attemptIds = await attempts.findUpstreamAttempts(
    tx,
    claimed.map(({ claim, workspaceId }) => ({ workspaceId, orderId: claim.orderId, orderKey: claim.orderKey })),
  );
  return new Map(
    claimed.flatMap(({ notice, claim }, index): [string, SeenAtProvider][] => {
      const attemptId = attemptIds[index];
      if (attemptId === null || attemptId === undefined) return [];
      return [
        [
          notice.id,
          {
            reference: notice.reference,
            attemptId,
            state: 'succeeded',
            amountMinor: BigInt(claim.amountMinor),
            currency: claim.currency,
            paidAt: new Date(claim.paidAt),
          },
        ],
      ];
    }),
  );
}

/** Acknowledges notices that are dealt with; those that nobody can place yet, or whose money is wrong, fail on their own. */
async function finishNotices(
  tx: Tx,
  pairs: readonly { readonly item: OwedWork; readonly notice: Notice; readonly seen: SeenAtProvider | undefined }[],
  settled: Settled,
): Promise<readonly WorkFailure[]> {
  const failures: WorkFailure[] = [];
  const done: { item: OwedWork; outcome: string }[] = [];
  const decided = decidedAbout(pairs.flatMap(({ seen }) => seen ?? []));
  for (const { item, notice, seen } of pairs) {
    const outcome = seen !== undefined && decided.has(seen) ? settled.get(seen.attemptId) : undefined;
    if (outcome === undefined || outcome === 'unknown_attempt') {
      const reason = `no payment of ours under reference ${notice.reference} (${notice.provider}) yet`;
      failures.push(...failed([item], reason));
    } else if (outcome === 'second_payment') {
      failures.push(
        ...failed(
          [item],
          `payment ${notice.reference} is a second one for an order that is paid: a person must give it back`,
          'hopeless',
        ),
      );
    } else if (outcome === 'mismatch') {
      failures.push(
        ...failed(
          [item],
          `payment ${notice.reference} has another amount or currency than its order: a person must look`,
          'hopeless',
        ),
      );
    } else {
      done.push({ item, outcome });
    }
  }
  await notices.settleNotices(
    tx,
    done.map(({ item, outcome }) => ({ id: item.ref, outcome })),
  );
  await work.ack(
    tx,
    done.map(({ item }) => item),
  );
  return failures;
}
