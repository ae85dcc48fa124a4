const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** How long to wait after each failed try to tell somebody of an event: quick at first, and three days in all. */
export const tellingDelaysMs: readonly number[] = [
  ...[5 * SECOND_MS, 30 * SECOND_MS, 2 * MINUTE_MS, 10 * MINUTE_MS],
  ...[HOUR_MS, 3 * HOUR_MS, 6 * HOUR_MS],
  ...[12 * HOUR_MS, 12 * HOUR_MS, 12 * HOUR_MS, 12 * HOUR_MS, 14 * HOUR_MS],
];

/**
 * When to try again after the failed try number `tries` (from 1) at `now`; undefined when it is time to give up. A receiver who asks for
 * patience (`retryAfterMs`) is not asked sooner than he wishes.
 */
export function nextTelling(tries: number, now: Date, retryAfterMs = 0): Date | undefined {
  const delayMs = tellingDelaysMs[tries - 1];
  return delayMs === undefined ? undefined : new Date(now.getTime() + Math.max(delayMs, retryAfterMs));
}
