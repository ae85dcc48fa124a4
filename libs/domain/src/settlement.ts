import { addDays, civilDateIn, compare, daysBetween } from './calendar.js';
import type { CivilDate } from './calendar.js';

/** What a provider's record tells of: money that came, went back to its payer, came home from there, or was taken by the payer's bank. */
export const settlementKinds = ['charge', 'refund', 'refund_failed', 'chargeback'] as const;

export type SettlementKind = (typeof settlementKinds)[number];

/** What differs between a provider's record and ours: one of the two lacks it, or the amounts or currencies are not the same. */
export const findingKinds = ['missing_here', 'missing_there', 'amount_differs'] as const;

export type FindingKind = (typeof findingKinds)[number];

/** An amount in a record. The code of the currency is the provider's, and so may be any. */
export type SettledAmount = { readonly currency: string; readonly amountMinor: bigint };

/** Compares one thing that a provider's record has with what our journal has of it. Undefined: they agree. */
export function compareSettled(theirs: SettledAmount, ours: SettledAmount | undefined): FindingKind | undefined {
  if (ours === undefined) return 'missing_here';
  const agrees = ours.currency === theirs.currency && ours.amountMinor === theirs.amountMinor;
  return agrees ? undefined : 'amount_differs';
}

/** Hours after midnight UTC from which on the record of the day before is complete. */
export const RECORD_READY_HOUR = 2;
/** Most days that are caught up on at once, the newest ones: older ones are asked for by hand. */
export const CATCH_UP_DAYS_MAX = 7;

const HOUR_MS = 3_600_000;

/**
 * The days (UTC) whose records are due to be compared, oldest first. `lastDay`: the newest one that was compared; without it only the last complete day is.
 * Reads no clock.
 */
export function settlementDaysDue(now: Date, lastDay: CivilDate | undefined): readonly CivilDate[] {
  const newest = addDays(civilDateIn(new Date(now.getTime() - RECORD_READY_HOUR * HOUR_MS), 'UTC'), -1);
  if (lastDay === undefined) return [newest];
  if (compare(lastDay, newest) >= 0) return [];
  const count = Math.min(daysBetween(lastDay, newest), CATCH_UP_DAYS_MAX);
  return Array.from({ length: count }, (_, index) => addDays(newest, index + 1 - count));
}
