import { paymentConfirmationQueue } from '@billfleet/contracts';
import { settlementDaysDue } from '@billfleet/domain';
import type { CivilDate } from '@billfleet/domain';
import { reconciliation, work, workDesk } from '@billfleet/store';
import type { OpsReason, Store } from '@billfleet/store';
import { newId } from './ids.js';
import type { SweepClock } from './sweep-clock.js';

/** What became of the wish to repair a finding, or to close it. */
export type FindingOutcome = 'asked' | 'decided' | 'closed_already' | 'unknown' | 'not_repairable';

/** Asks, at night, for the comparison of each day that is over. */
export class SweepReconciliations {
  constructor(
    private readonly store: Store,
    private readonly clock: SweepClock,
    private readonly provider: string,
  ) {}

  /** Answers how many days it asked for. */
  run(): Promise<number> {
    return this.store.transaction(async (tx) => {
      const [{ now }, last] = await Promise.all([this.clock.at(tx), reconciliation.lastNightlyDay(tx, this.provider)]);
      const rows = settlementDaysDue(now, last).map((day) => ({
        ...{ id: newId(), provider: this.provider, day, requestedBy: null },
      }));
      const ids = await reconciliation.insertRuns(tx, rows);
      await work.owe(tx, paymentConfirmationQueue, 'settlement.reconcile', ids);
      return ids.length;
    });
  }
}

/** What operators do about records and the books: each on record, with its reason. */
export class ReconciliationDesk {
  constructor(private readonly store: Store) {}

  /** Asks for the comparison of a day, however often it was compared before; answers the id of the run. */
  compare(provider: string, day: CivilDate, by: OpsReason): Promise<string> {
    return this.store.transaction(async (tx) => {
      const id = newId();
      await reconciliation.insertRuns(tx, [{ id, provider, day, requestedBy: by.actor }]);
      const subject = `${provider} ${day}`;
      await workDesk.recordOpsAction(tx, { ...by, action: 'reconciliation.run', subject });
      // Nobody here has a queue at hand: the dispatcher shouts at once.
      await work.owe(tx, paymentConfirmationQueue, 'settlement.reconcile', [id], { runInMs: 0 });
      await work.wakeDispatcher(tx);
      return id;
    });
  }

  /** Has what the books lack booked, by the door of every payment. Whatever else differs is for a person: it is refused. */
  repair(findingId: string, by: OpsReason): Promise<FindingOutcome> {
    return this.store.transaction(async (tx) => {
      const finding = (await reconciliation.findFindings(tx, [findingId])).get(findingId);
      if (finding === undefined) return 'unknown';
      if (finding.status === 'closed') return 'closed_already';
      if (finding.what !== 'missing_here') return 'not_repairable';
      if (!(await reconciliation.askForRepair(tx, findingId, by))) return 'closed_already';
      await workDesk.recordOpsAction(tx, { ...by, action: 'reconciliation.repair', subject: `finding ${findingId}` });
      await work.owe(tx, paymentConfirmationQueue, 'settlement.repair', [findingId], { runInMs: 0 });
      await work.wakeDispatcher(tx);
      return 'asked';
    });
  }

  /** Closes a finding that a person has dealt with outside: nothing is booked. */
  decide(findingId: string, by: OpsReason): Promise<FindingOutcome> {
    return this.store.transaction(async (tx) => {
      const finding = (await reconciliation.findFindings(tx, [findingId])).get(findingId);
      if (finding === undefined) return 'unknown';
      if (!(await reconciliation.decideFinding(tx, findingId, by))) return 'closed_already';
      await workDesk.recordOpsAction(tx, { ...by, action: 'reconciliation.close', subject: `finding ${findingId}` });
      return 'decided';
    });
  }
}
