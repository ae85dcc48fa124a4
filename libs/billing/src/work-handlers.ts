import type { KindOf, QueueContract } from '@billfleet/contracts';
import type { OwedWork } from '@billfleet/store';

/** One row that could not be done now. Hopeless = trying again cannot help; the row waits for a person. */
export type WorkFailure = { readonly id: string; readonly reason: string; readonly isHopeless: boolean };

/**
 * Does rows of one kind at once and acknowledges them inside its own business transaction. It returns the rows that failed for a reason of
 * their own; throwing means that the whole batch failed, and it is then done row by row.
 */
export type WorkHandler<Kind extends string = string> = (
  items: readonly OwedWork<Kind>[],
) => Promise<readonly WorkFailure[]>;

/** A handler for each kind of work of a queue: it does not compile while one is missing. */
export type WorkHandlers<Q extends QueueContract> = { readonly [K in KindOf<Q>]: WorkHandler<K> };

/** Something that time may change, such as an order whose own message is still on the way: the row is tried again. */
export class NotYetError extends Error {
  override readonly name = 'NotYetError';
}

/** Marks rows as failed for the same reason. */
export const failed = (items: readonly { readonly id: string }[], reason: string, isHopeless = false): WorkFailure[] =>
  items.map((item) => ({ id: item.id, reason, isHopeless }));
