import { fleetSweeps, RenewSubscriptions, SweepRenewals, WorkspaceClock } from '@billfleet/billing';
import { renewalReminderQueue } from '@billfleet/contracts';
import type { WorkMark } from '@billfleet/contracts';
import type { Catalogue } from '@billfleet/domain';
import { MovableClock } from '@billfleet/platform';
import { dataSourceOptions, Store, work } from '@billfleet/store';
import { DataSource } from 'typeorm';

/** Rows that the worker takes in hand at once, as its queue hands them to it under load. */
const BATCH = 500;
const NO_PACE = 1_000_000_000;
const LEASE_MS = 600_000;

/** What one stretch of the sweep did. */
export type Swept = { readonly looks: number; readonly seconds: number; readonly failures: number };

/** The sweep of the dispatcher and the look of the reminder worker, in this process and without Redis between them. */
export class RenewalPart {
  private readonly marks: WorkMark[] = [];

  private constructor(
    private readonly source: DataSource,
    private readonly catalogue: Catalogue,
    private readonly clock: MovableClock,
  ) {}

  /** Connects; whoever opens closes. `now` is the instant at which everything is looked at. */
  static async open(databaseUrl: string, catalogue: Catalogue, now: Date): Promise<RenewalPart> {
    const source = new DataSource(dataSourceOptions({ url: databaseUrl, poolSize: 4, app: 'bench renewals' }));
    await source.initialize();
    return new RenewalPart(source, catalogue, new MovableClock(now));
  }

  /** Sweeps and looks until so many terms were looked at, or nothing is due any more. */
  async run(looksMax: number): Promise<Swept> {
    const store = new Store(this.source, {
      leaseMs: LEASE_MS,
      announce: (owed) => {
        for (const { queue, marks } of owed) if (queue === renewalReminderQueue.name) this.marks.push(...marks);
      },
    });
    const { catalogue, clock } = this;
    const sweep = new SweepRenewals({ store, clock: fleetSweeps(clock), catalogue, perMinute: NO_PACE });
    const renew = new RenewSubscriptions({
      ...{ store, catalogue, clock: new WorkspaceClock(clock), providerId: 'sandbox' },
    });
    const [startedAt, failed] = [performance.now(), { count: 0 }];
    let looks = 0;
    while (looks < looksMax) {
      const swept = await sweep.run();
      if (swept === 0) break;
      looks += swept;
      while (this.marks.length > 0) {
        const items = await work.load(store, renewalReminderQueue, this.marks.splice(0, BATCH));
        failed.count += (await renew.run(items)).length;
      }
    }
    return { looks, seconds: (performance.now() - startedAt) / 1_000, failures: failed.count };
  }

  close(): Promise<void> {
    return this.source.destroy();
  }
}
