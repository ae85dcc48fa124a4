import { renewalReminderQueue } from '@billfleet/contracts';
import { nextMoment, renewalMoments } from '@billfleet/domain';
import type { Catalogue } from '@billfleet/domain';
import { isConnectionFault, renewalControl, renewals, work } from '@billfleet/store';
import type { Store, SweptAt, Tx } from '@billfleet/store';
import type { SweepClock } from './sweep-clock.js';

const SWEEP_MAX = 500;

/** What sweeping works with. `perMinute`: most terms that are looked at in a minute, by all dispatchers together; test clocks are not paced. */
export type SweepRenewalsParts = {
  readonly store: Store;
  readonly clock: SweepClock;
  readonly catalogue: Pick<Catalogue, 'renewal' | 'version'>;
  readonly perMinute: number;
};

type Parked = { readonly id: string; readonly reason: string };

/** Owes the look at every subscription whose term has something due; how many subscriptions there are besides costs nothing. */
export class SweepRenewals {
  constructor(private readonly parts: SweepRenewalsParts) {}

  /**
   * One chunk, oldest first, as far as the minute allows; answers how many looks are owed now. The following moment is set in the same
   * commit, so a look that fails for good does not keep the term from its next one. A term that fails by itself is parked, and so
   * never takes its chunk with it.
   */
  async run(): Promise<number> {
    try {
      return await this.sweep();
    } catch (error) {
      // While PostgreSQL is away a failed chunk says nothing about its terms.
      if (isConnectionFault(error)) throw error;
      return this.oneByOne();
    }
  }

  private sweep(ids?: readonly string[]): Promise<number> {
    return this.parts.store.transaction(async (tx) => {
      const at = await this.parts.clock.at(tx);
      const found = await this.claim(tx, at, ids);
      const allowed = await this.allowed(tx, at, found.length);
      const parked: Parked[] = [];
      const due = found.slice(0, allowed).flatMap(({ id, endsOn, timeZone }) => {
        try {
          const next = nextMoment(renewalMoments(endsOn, timeZone, this.parts.catalogue.renewal), at.now);
          return [{ id, renewalAt: next ?? null }];
        } catch (error) {
          parked.push({ id, reason: reasonOf(error) });
          return [];
        }
      });
      await renewals.setMoments(tx, due);
      await work.owe(
        tx,
        renewalReminderQueue,
        'renewal.decide',
        due.map(({ id }) => id),
      );
      await renewalControl.park(tx, renewalReminderQueue.name, parked);
      return allowed;
    });
  }

  /** What is more than the minute allows stays due. On a test clock nobody is flooded. */
  private allowed(tx: Tx, { testClockId }: SweptAt, found: number): Promise<number> {
    return found === 0 || testClockId !== null
      ? Promise.resolve(found)
      : renewalControl.takePace(tx, found, this.parts.perMinute);
  }

  private claim(tx: Tx, at: SweptAt, ids: readonly string[] | undefined): ReturnType<typeof renewalControl.claimDue> {
    return renewalControl.claimDue(tx, {
      ...{ at, limit: SWEEP_MAX, catalogueVersion: this.parts.catalogue.version },
      ...(ids === undefined ? {} : { ids }),
    });
  }

  /** A chunk that failed is done term by term; what fails alone is parked. */
  private async oneByOne(): Promise<number> {
    const { store, clock } = this.parts;
    const due = await store.transaction(async (tx) => this.claim(tx, await clock.at(tx), undefined));
    let done = 0;
    for (const { id } of due) {
      try {
        done += await this.sweep([id]);
      } catch (error) {
        if (isConnectionFault(error)) throw error;
        await store.transaction((tx) =>
          renewalControl.park(tx, renewalReminderQueue.name, [{ id, reason: reasonOf(error) }]),
        );
        done += 1;
      }
    }
    return done;
  }
}

const reasonOf = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}` : String(error);
