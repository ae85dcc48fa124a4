import type { DunningPolicy } from '@billfleet/domain';
import { reconciliation, work } from '@billfleet/store';
import type { Finding, OwedWork, ReconciliationRun, Store } from '@billfleet/store';
import type { RecordingProvider, SeenAtProvider } from './ports.js';
import { recordChargebacks } from './record-chargebacks.js';
import { settlePayments } from './settle-payments.js';
import type { Settled, Settlement } from './settle-payments.js';
import { recordRefunds } from './settle-refunds.js';
import { failed } from './work-handlers.js';
import type { WorkFailure } from './work-handlers.js';
import type { WorkspaceClock } from './workspace-clock.js';

/** What reconciling works with. `firstCheckMs`: when a refund that the provider has in hand is looked at for the first time. */
export type ReconcileSettlementsParts = {
  readonly store: Store;
  readonly provider: RecordingProvider;
  readonly clock: WorkspaceClock;
  readonly firstCheckMs: number;
  readonly dunning: DunningPolicy;
};

/** Compares the books with what the provider itself recorded, and repairs what the books lack by the door of every payment. */
export class ReconcileSettlements {
  constructor(private readonly parts: ReconcileSettlementsParts) {}

  /** Compares days. Doing one again finds nothing twice and books no fee twice. */
  async compare(items: readonly OwedWork[]): Promise<readonly WorkFailure[]> {
    const runs = await reconciliation.findRuns(
      this.parts.store,
      items.map((item) => item.ref),
    );
    const failures: WorkFailure[] = [];
    // Day by day, in their order: the record of one day is what the next one is judged by.
    const inOrder = [...items].sort((a, b) => dayOf(runs, a).localeCompare(dayOf(runs, b)));
    for (const item of inOrder) {
      const reason = await this.compareDay(item, runs.get(item.ref));
      if (reason !== undefined) failures.push(...failed([item], reason, 'outage'));
    }
    return failures;
  }

  /** Reads payments that the books lack back from the provider, and books what it shows. Whatever stays open says why. */
  async repair(items: readonly OwedWork[]): Promise<readonly WorkFailure[]> {
    const { store, provider, clock, dunning, firstCheckMs } = this.parts;
    const found = await reconciliation.findFindings(
      store,
      items.map((item) => item.ref),
    );
    const open = [...found.values()].filter(({ status, what }) => status === 'open' && what === 'missing_here');
    const answer = await provider.fetchMany([...new Set(open.map(({ paymentReference }) => paymentReference))]);
    if (answer.outcome !== 'observed')
      return failed(items, `provider did not answer: ${answer.failure.code}`, 'outage');
    const seen = answer.value;
    await store.transaction(async (tx) => {
      const mine = await work.claim(tx, items);
      const settled = await settlePayments(tx, seen, dunning);
      await recordRefunds(tx, seen, firstCheckMs);
      await recordChargebacks(tx, { seen, settled }, clock);
      await reconciliation.endRepairs(
        tx,
        open.map((finding) => ({ finding, note: noteOn(finding, seen, settled) })),
      );
      await work.ack(tx, mine);
    });
    return [];
  }

  /** Answers why the day could not be compared now. The call is made outside of every transaction, page by page. */
  private async compareDay(item: OwedWork, run: ReconciliationRun | undefined): Promise<string | undefined> {
    const { store, provider } = this.parts;
    let entries = 0;
    if (run?.status === 'requested' && run.provider === provider.id) {
      for (let from: string | null = null, isFirst = true; isFirst || from !== null; isFirst = false) {
        const answer = await provider.listSettlements(run.day, from);
        if (answer.outcome !== 'observed') return `provider did not answer: ${answer.failure.code}`;
        const page = answer.value;
        await store.transaction((tx) => reconciliation.compareLines(tx, run, page.entries));
        entries += page.entries.length;
        from = page.next;
      }
    }
    await store.transaction(async (tx) => {
      const mine = await work.claim(tx, [item]);
      if (mine.length > 0 && run?.status === 'requested' && run.provider === provider.id)
        await reconciliation.finishRun(tx, run, entries);
      await work.ack(tx, mine);
    });
    return undefined;
  }
}

const dayOf = (runs: ReadonlyMap<string, ReconciliationRun>, { ref }: OwedWork): string => runs.get(ref)?.day ?? '';

const WHY_NOT: Partial<Record<Settlement, string>> = {
  unknown_attempt: 'the payment is of no attempt of ours',
  second_payment: 'another payment of the same attempt is in the books: whoever holds this one must give it back',
  mismatch: 'another amount or currency than the order asks for: a person must look',
  wait: 'the provider does not show the payment as paid',
};

/** Why a finding stays open, should it do so. */
function noteOn(finding: Finding, seen: readonly SeenAtProvider[], settled: Settled): string {
  const payment = seen.find(({ reference }) => reference === finding.paymentReference);
  if (payment === undefined) return 'the provider shows no such payment';
  const outcome = settled.get(payment.attemptId);
  const why = outcome === undefined ? undefined : WHY_NOT[outcome];
  return why ?? `the provider shows no ${finding.kind} of ours under this reference`;
}
