import { renewalReminderQueue } from '@billfleet/contracts';
import { nextMoment, renewalMoments } from '@billfleet/domain';
import type { RenewalRules } from '@billfleet/domain';
import { renewals, work } from '@billfleet/store';
import type { Store } from '@billfleet/store';
import type { SweepClock } from './sweep-clock.js';

const SWEEP_MAX = 500;

/** Owes the look at every subscription whose term has something due; how many subscriptions there are besides costs nothing. */
export class SweepRenewals {
  constructor(
    private readonly store: Store,
    private readonly clock: SweepClock,
    private readonly rules: RenewalRules,
  ) {}

  /**
   * One chunk, oldest first; answers how many looks are owed now. The following moment is set in the same commit, so a look that
   * fails for good does not keep the term from its next one.
   */
  run(): Promise<number> {
    return this.store.transaction(async (tx) => {
      const at = await this.clock.at(tx);
      const due = await renewals.claimDue(tx, at, SWEEP_MAX);
      await renewals.setMoments(
        tx,
        due.map(({ id, endsOn, timeZone }) => {
          const next = nextMoment(renewalMoments(endsOn, timeZone, this.rules), at.now);
          return { id, renewalAt: next ?? null };
        }),
      );
      await work.owe(
        tx,
        renewalReminderQueue,
        'renewal.decide',
        due.map(({ id }) => id),
      );
      return due.length;
    });
  }
}
