import type { Entitlement } from './entitlement.js';
import { invariant } from './invariant.js';

/** Most of one thing that can be counted: far below what integers in JSON hold, so that a hundredfold of it is exact too. */
export const USAGE_MAX = 1_000_000_000_000;

/** Hours of one breach, and the percentages at which people are told; they rise, and the last one is 100. */
export type UsageRules = {
  readonly thresholdsPercent: readonly number[];
  /** How long new records are still taken once a limit is reached. */
  readonly breachHours: number;
  /** The limit whose use is a ledger of credits and not a count that is reported; none without it. */
  readonly creditLimit?: string;
};

/** What was told about one meter so far. */
export type UsageMark = {
  /** The highest threshold that the use stands at or above; 0 when it stands below all of them. */
  readonly reachedPercent: number;
  /** When new records are refused, while the limit is reached; null below it. */
  readonly breachEndsAt: Date | null;
  /** Whether the end of the breach was told. */
  readonly isBlocked: boolean;
};

/** The mark of a meter on which nothing was counted. */
export const freshMark: UsageMark = { reachedPercent: 0, breachEndsAt: null, isBlocked: false };

/** A meter as it stands, and what has to be told of it now. */
export type UsageVerdict = {
  readonly mark: UsageMark;
  /** The threshold that the use has just come to from below; the highest where it passed several at once. */
  readonly crossedPercent: number | null;
  /** `blocked`: the breach has just ended with the limit still reached; `unblocked`: new records are taken again. */
  readonly turn: 'blocked' | 'unblocked' | null;
};

/** A use against its limit at an instant. */
export type UsageQuestion = {
  readonly before: UsageMark;
  readonly used: number;
  readonly limit: Entitlement;
  readonly thresholdsPercent: readonly number[];
  /** How long the breach lasts; 0 where the limit bites at once. */
  readonly breachMs: number;
  readonly now: Date;
};

/**
 * Says where a use stands now. A threshold is told when the use comes to it from below, and is armed again only by falling
 * below it: because the use fell, because a month began anew, or because the limit rose. So any sequence tells each
 * crossing exactly once, and asking twice tells nothing. The clock of a breach starts when the limit is reached, runs on
 * while it stays reached, and is cleared by falling below it.
 */
export function judgeUsage({ before, used, limit, thresholdsPercent, breachMs, now }: UsageQuestion): UsageVerdict {
  const amount = countable(limit);
  const reached = amount === undefined ? [] : thresholdsPercent.filter((percent) => used * 100 >= percent * amount);
  const reachedPercent = Math.max(0, ...reached);
  const isFull = amount !== undefined && used >= amount;
  const breachEndsAt = isFull ? (before.breachEndsAt ?? new Date(now.getTime() + breachMs)) : null;
  const isBlocked = breachEndsAt !== null && breachEndsAt.getTime() <= now.getTime();
  return {
    mark: { reachedPercent, breachEndsAt, isBlocked },
    crossedPercent: reachedPercent > before.reachedPercent ? reachedPercent : null,
    turn: isBlocked === before.isBlocked ? null : isBlocked ? 'blocked' : 'unblocked',
  };
}

/**
 * Whether one more record of a kind may be made. What a plan does not have takes none; a reached limit takes them until
 * its breach ends. What exists is never touched by it.
 */
export function mayAddRecords(limit: Entitlement, breachEndsAt: Date | null, now: Date): boolean {
  if (limit === 'unlimited') return true;
  if (countable(limit) === undefined) return false;
  return breachEndsAt === null || breachEndsAt.getTime() > now.getTime();
}

/** How much of a limit is used, in whole percent, rounded down; null where there is no amount to compare with. */
export function usedPercent(used: number, limit: Entitlement): number | null {
  const amount = countable(limit);
  return amount === undefined ? null : Number((BigInt(used) * 100n) / BigInt(amount));
}

/** What a limit can be compared with: amounts of nothing, and what the plan does not have, cannot be used up. */
function countable(limit: Entitlement): number | undefined {
  return typeof limit === 'object' && limit.amount > 0 ? limit.amount : undefined;
}

/** A use at two instants, and the instant that it is carried on to. */
export type UseSoFar = {
  readonly firstUsed: number;
  readonly since: Date;
  readonly used: number;
  readonly at: Date;
  readonly endsAt: Date;
};

const PROJECTION_MS_MIN = 86_400_000;

/**
 * What a use comes to at the end of its period if it goes on as it did so far: linear, exact, rounded half up, never below
 * 0 nor above `USAGE_MAX`. Null while less than a day was seen, from which nothing follows, or once the period has ended.
 */
export function projectUse({ firstUsed, since, used, at, endsAt }: UseSoFar): number | null {
  const seenMs = at.getTime() - since.getTime();
  const leftMs = endsAt.getTime() - at.getTime();
  if (seenMs < PROJECTION_MS_MIN || leftMs < 0) return null;
  const [grown, seen, left] = [BigInt(used - firstUsed), BigInt(seenMs), BigInt(leftMs)];
  // Half up, of a quotient that may be negative: the floor of value + 1/2.
  const [doubled, divisor] = [(BigInt(used) * seen + grown * left) * 2n + seen, seen * 2n];
  if (doubled < 0n) return 0;
  const projected = doubled / divisor;
  return projected > BigInt(USAGE_MAX) ? USAGE_MAX : Number(projected);
}

/** How much of a thing there is, as it was counted so far. `since`: when the count began. */
export type UsageCount = {
  readonly used: number;
  readonly firstUsed: number;
  readonly since: Date | null;
  /** The instant that the last counted report speaks of. */
  readonly observedAt: Date | null;
};

/** The count of a meter that was never reported. */
export const emptyCount: UsageCount = { used: 0, firstUsed: 0, since: null, observedAt: null };

/** What was reported: how many there are of a thing, or how many more were used. */
export type UsageReport = { readonly observedAt: Date } & ({ readonly value: number } | { readonly change: number });

/** The count after a report. `isCounted`: false for one that speaks of a past which something newer has replaced. */
export type CountOutcome =
  | { readonly kind: 'counted'; readonly count: UsageCount; readonly isCounted: boolean }
  /** The sum would be more than can be counted. */
  | { readonly kind: 'overflow' };

/**
 * Counts a report. A value replaces the one before unless it is older, so reports may come in any order; a change is added,
 * unless it speaks of a month that has ended (`monthStartsAt`: when the present one began; null for what never resets).
 */
export function countReport(count: UsageCount, report: UsageReport, monthStartsAt: Date | null): CountOutcome {
  const { observedAt } = report;
  const observedMs = observedAt.getTime();
  const newest = count.observedAt === null ? observedAt : new Date(Math.max(observedMs, count.observedAt.getTime()));
  if ('value' in report) {
    invariant(
      Number.isSafeInteger(report.value) && report.value >= 0,
      `a use is a whole number, found ${report.value}`,
    );
    if (count.observedAt !== null && observedMs < count.observedAt.getTime())
      return { kind: 'counted', count, isCounted: false };
    const first = count.since === null ? { firstUsed: report.value, since: observedAt } : count;
    const { firstUsed, since } = first;
    return { kind: 'counted', isCounted: true, count: { used: report.value, firstUsed, since, observedAt } };
  }
  invariant(
    Number.isSafeInteger(report.change) && report.change >= 0,
    `a change is a whole number, found ${report.change}`,
  );
  if (monthStartsAt !== null && observedMs < monthStartsAt.getTime())
    return { kind: 'counted', count, isCounted: false };
  const used = count.used + report.change;
  if (used > USAGE_MAX) return { kind: 'overflow' };
  return {
    kind: 'counted',
    isCounted: true,
    count: { ...count, used, since: count.since ?? monthStartsAt, observedAt: newest },
  };
}
