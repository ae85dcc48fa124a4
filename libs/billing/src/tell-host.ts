import { deliveries, work } from '@billfleet/store';
import type { OwedWork, Store } from '@billfleet/store';
import type { HostProduct } from './ports.js';
import { failed } from './work-handlers.js';
import type { WorkFailure } from './work-handlers.js';

/** Tells the host product of changes, at least once; the event's id stays the same, so that it can drop repeats. */
export class TellHost {
  constructor(
    private readonly store: Store,
    private readonly host: HostProduct,
  ) {}

  /** What the receiver did not take is tried again later; a receiver that says that it is gone is not asked again. */
  async run(items: readonly OwedWork[]): Promise<readonly WorkFailure[]> {
    const events = await deliveries.findHostEvents(
      this.store,
      items.map((item) => item.ref),
    );
    const failures: WorkFailure[] = [];
    const settled: { id: string; status: 'delivered' | 'gone' }[] = [];
    await Promise.all(
      items.map(async (item) => {
        const event = events.get(item.ref);
        if (event?.status !== 'owed') return;
        const outcome = await this.host.deliver({
          id: event.id,
          type: event.type,
          timestamp: event.createdAt,
          data: event.data,
        });
        if (outcome.kind === 'failed') failures.push(...failed([item], `host product: ${outcome.message}`, 'outage'));
        else settled.push({ id: event.id, status: outcome.kind });
      }),
    );
    const bad = new Set(failures.map((failure) => failure.id));
    await this.store.transaction(async (tx) => {
      const mine = await work.claim(
        tx,
        items.filter((item) => !bad.has(item.id)),
      );
      await deliveries.settleHostEvents(tx, settled);
      await work.ack(tx, mine);
    });
    return failures;
  }
}
