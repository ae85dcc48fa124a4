import { canonicalJson, deliveryQueue } from '@billfleet/contracts';
import type { EventData, EventType, Json, OrderFacts } from '@billfleet/contracts';
import { events, work } from '@billfleet/store';
import type { NewEvent, Tx } from '@billfleet/store';
import type { Access, SubscriptionStatus } from '@billfleet/domain';
import { newId } from './ids.js';

type About<Type extends EventType> =
  EventData<Type> extends OrderFacts
    ? {
        readonly orderId: string;
        readonly workspaceId?: string;
        readonly data: Omit<EventData<Type>, keyof OrderFacts>;
      }
    : { readonly workspaceId: string; readonly data: EventData<Type> };

/**
 * An event to be emitted. One about an order leaves the order's facts out, and the workspace where it is not at hand: they are read where they are
 * stored. `cause` and type make repeats harmless.
 */
export type OwedEvent = {
  readonly [Type in EventType]: { readonly type: Type; readonly cause: string } & About<Type>;
}[EventType];

/** What each transaction has emitted so far. */
const emittedBy = new WeakMap<Tx, NewEvent[]>();

/**
 * Emits events inside the transaction of the change that they tell of. They are numbered and written as the last of the transaction, all in one
 * statement, since from then until the commit nobody else can emit for the same workspaces. The same type and cause never make a second event.
 */
export function emitEvents(tx: Tx, owed: readonly OwedEvent[]): void {
  if (owed.length === 0) return;
  const rows = owed.map((event) => rowOf(event));
  const emitted = emittedBy.get(tx);
  if (emitted !== undefined) {
    emitted.push(...rows);
    return;
  }
  emittedBy.set(tx, rows);
  tx.atEnd(() => write(tx, rows));
}

const rowOf = (event: OwedEvent): NewEvent => ({
  id: newId(),
  type: event.type,
  dedupeKey: `${event.type}:${event.cause}`,
  orderId: 'orderId' in event ? event.orderId : null,
  workspaceId: event.workspaceId ?? null,
  data: event.data,
});

async function write(tx: Tx, rows: readonly NewEvent[]): Promise<void> {
  const once = [...new Map(rows.map((row) => [row.dedupeKey, row])).values()];
  const workspaceIds = await events.insertEvents(tx, once, tx.tellsHost ? 'owed' : 'kept');
  if (tx.tellsHost) await work.owe(tx, deliveryQueue, 'host.tell', workspaceIds);
}

/** A subscription before or after a change. */
type State = {
  readonly status: SubscriptionStatus;
  readonly plan: string;
  readonly seats: number;
  readonly autoRenewal: boolean;
  readonly limits: Readonly<Record<string, unknown>>;
};

/** A change of a subscription: what it was (null: there was none), what it is, and what caused it. */
export type SubscriptionChange = {
  readonly workspaceId: string;
  readonly before: State | null;
  readonly after: State & { readonly startsOn: string; readonly endsOn: string; readonly access: Access };
  readonly version: number;
  readonly orderId: string | null;
  /** Names the change: the same change never makes a second event. */
  readonly cause: string;
  /** Who switches automatic renewal where the change does. */
  readonly by: string;
};

/** The events of a change: the whole new state first, then what has really become another. */
export function changeEvents(change: SubscriptionChange): readonly OwedEvent[] {
  const { workspaceId, before, after, version, orderId, cause, by } = change;
  const { status, plan, seats, startsOn, endsOn, autoRenewal, access, limits } = after;
  const about = { workspaceId, cause };
  const all: (OwedEvent | false)[] = [
    {
      ...about,
      type: 'subscription.changed',
      data: { status, plan, seats, startsOn, endsOn, autoRenewal, access, limits, version, orderId },
    },
    before?.plan !== plan && { ...about, type: 'plan.changed', data: { from: before?.plan ?? null, to: plan } },
    before?.seats !== seats && { ...about, type: 'seats.changed', data: { from: before?.seats ?? 0, to: seats } },
    isOther(before?.limits, limits) && { ...about, type: 'entitlements.changed', data: { limits, version } },
    (before?.autoRenewal ?? false) !== autoRenewal && {
      ...about,
      type: 'auto_renewal.changed',
      data: { isOn: autoRenewal, by },
    },
    status === 'expired' &&
      before?.status !== status && { ...about, type: 'subscription.expired', data: { plan, seats, endsOn } },
  ];
  return all.filter((event) => event !== false);
}

const isOther = (a: State['limits'] | undefined, b: State['limits']): boolean =>
  a === undefined || canonicalJson(a as Json) !== canonicalJson(b as Json);
