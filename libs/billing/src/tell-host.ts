import { deliveryQueue } from '@billfleet/contracts';
import { nextTelling } from '@billfleet/domain';
import type { Clock } from '@billfleet/platform';
import { events, work } from '@billfleet/store';
import type { EventToTell, OwedWork, Store, Telling, Tx } from '@billfleet/store';
import type { HostProduct } from './ports.js';
import { failed } from './work-handlers.js';
import type { WorkFailure } from './work-handlers.js';

/** What telling works with. */
export type TellHostParts = { readonly store: Store; readonly host: HostProduct; readonly clock: Clock };

/** Events of one workspace that are told before its work ends and, if there are more, is owed anew: nobody waits for long behind it. */
const EVENTS_PER_RUN = 20;

/** One try. What it was answered is kept as a status and one line, never as text of the receiver. */
async function tell({ host, clock }: TellHostParts, event: EventToTell): Promise<Telling> {
  const startedAt = performance.now();
  const outcome = await host.deliver(event);
  const [at, durationMs] = [clock.now(), Math.round(performance.now() - startedAt)];
  const seen = { eventId: event.id, at, durationMs, nextTryAt: null };
  if (outcome.kind === 'delivered')
    return { ...seen, outcome: 'delivered', becomes: 'delivered', status: outcome.status, error: null };
  if (outcome.kind === 'gone')
    return { ...seen, outcome: 'gone', becomes: 'gone', status: 410, error: 'the receiver wants no more' };
  const nextTryAt = nextTelling(event.tries + 1, at, outcome.retryAfterMs) ?? null;
  const becomes = nextTryAt === null ? 'given_up' : 'owed';
  return { ...seen, nextTryAt, becomes, outcome: 'failed', status: outcome.status ?? null, error: outcome.message };
}

/**
 * Tells the host product what happened, at least once, each workspace in the order of its numbers: the next event goes out when the one before
 * was taken or given up. Workspaces do not wait for each other.
 */
export class TellHost {
  constructor(private readonly parts: TellHostParts) {}

  /** What was not taken is tried again by the sweep; what was given up is left as dead work of its own, for a person. */
  async run(items: readonly OwedWork[]): Promise<readonly WorkFailure[]> {
    const { store, clock } = this.parts;
    const refs = items.map((item) => item.ref);
    const next = await events.nextEvents(store, refs, clock.now(), EVENTS_PER_RUN);
    const told = await Promise.all([...next.values()].map((ofOne) => this.tellInOrder(ofOne)));
    await store.transaction((tx) => this.finish(tx, items, told.flat()));
    return [];
  }

  private async tellInOrder(ofOne: readonly EventToTell[]): Promise<readonly Telling[]> {
    const tellings: Telling[] = [];
    for (const event of ofOne) {
      const telling = await tell(this.parts, event);
      tellings.push(telling);
      if (telling.outcome === 'failed') break;
    }
    return tellings;
  }

  private async finish(tx: Tx, items: readonly OwedWork[], tellings: readonly Telling[]): Promise<void> {
    const held = await events.lockWork(
      tx,
      items.map((item) => item.id),
    );
    const mine = items.filter((item) => held.has(item.id));
    await events.recordTellings(tx, tellings);
    const givenUp = tellings.filter((telling) => telling.becomes === 'given_up');
    await events.buryTellings(
      tx,
      deliveryQueue.name,
      givenUp.map(({ eventId, error }) => ({ eventId, error: `given up after three days: ${error ?? ''}` })),
    );
    await work.ack(tx, mine);
    const left = await events.stillToTell(
      tx,
      mine.map((item) => item.ref),
    );
    await work.owe(tx, deliveryQueue, 'host.tell', left);
  }
}

/** Tells single events again, outside of the order: somebody wanted it, or they had been given up. */
export class RetellHost {
  constructor(private readonly parts: TellHostParts) {}

  /** A failed try is repeated as any work is, and dead in the end. */
  async run(items: readonly OwedWork[]): Promise<readonly WorkFailure[]> {
    const { store } = this.parts;
    const found = await events.findEvents(
      store,
      items.map((item) => item.ref),
    );
    const tellings = await Promise.all([...found.values()].map((event) => tell(this.parts, event)));
    const byEvent = new Map(tellings.map((telling) => [telling.eventId, telling]));
    const isFailed = (item: OwedWork): boolean => byEvent.get(item.ref)?.outcome === 'failed';
    await store.transaction(async (tx) => {
      const mine = await work.claim(
        tx,
        items.filter((item) => !isFailed(item)),
      );
      await events.recordTellings(tx, tellings);
      await work.ack(tx, mine);
    });
    return items
      .filter(isFailed)
      .flatMap((item) => failed([item], `host product: ${byEvent.get(item.ref)?.error ?? ''}`));
  }
}

const SWEEP_MAX = 500;
const PRUNE_MAX = 5_000;
/** How long the delivery log is kept. */
const DELIVERIES_KEPT_MS = 30 * 24 * 60 * 60 * 1_000;

/** Owes the telling of what waits for its next try, and forgets tries that nobody will ask for any more. */
export class SweepTellings {
  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
  ) {}

  /** One chunk; answers how much there was to do. */
  run(): Promise<number> {
    return this.store.transaction(async (tx) => {
      const now = this.clock.now();
      const due = await events.dueRetries(tx, now, SWEEP_MAX);
      await work.owe(tx, deliveryQueue, 'host.tell', due);
      await events.hastenEvents(tx, due);
      const before = new Date(now.getTime() - DELIVERIES_KEPT_MS);
      return due.length + (await events.pruneDeliveries(tx, before, PRUNE_MAX));
    });
  }
}
