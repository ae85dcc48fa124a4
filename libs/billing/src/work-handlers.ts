import type { KindOf, QueueContract } from '@billfleet/contracts';
import type { OwedWork, work } from '@billfleet/store';

/** One row that could not be done now, and how bad that is: an outage is waited out, a hopeless row waits for a person. */
export type WorkFailure = { readonly id: string; readonly reason: string; readonly severity: work.Severity };

/**
 * Does rows of one kind at once and acknowledges them inside its own business transaction. It returns the rows that failed for a reason of
 * their own; throwing means that the whole batch failed, and it is then done row by row.
 */
export type WorkHandler<Kind extends string = string> = (
  items: readonly OwedWork<Kind>[],
) => Promise<readonly WorkFailure[]>;

/** A handler for each kind of work of a queue: it does not compile while one is missing. */
export type WorkHandlers<Q extends QueueContract> = { readonly [K in KindOf<Q>]: WorkHandler<K> };

/** Marks rows as failed for the same reason. */
export const failed = (
  items: readonly { readonly id: string }[],
  reason: string,
  severity: work.Severity = 'try',
): WorkFailure[] => items.map((item) => ({ id: item.id, reason, severity }));
