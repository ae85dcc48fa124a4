import { daysBetween } from './calendar.js';
import type { CivilDate, CivilRange } from './calendar.js';
import { rational, roundHalfAwayFromZero } from './rational.js';

/** Days that an order gave, with the amount of the line that paid for them: lines share what was sold by these. */
export type ServedDays = CivilRange & { readonly shareMinor: bigint };

/** What is known of a sale when its revenue is recognised. Amounts are minor units without tax. */
export type SaleToEarn = {
  readonly netMinor: bigint;
  /** Empty while nothing was given yet. */
  readonly days: readonly ServedDays[];
  /** What was taken back out of what was deferred, and the first day that is not served for it. */
  readonly takenBack: readonly { readonly deferredMinor: bigint; readonly on: CivilDate }[];
};

/** What part of an amount falls on the days of a range that lie before a day, rounded half up; the whole of it once the range is over. */
function servedMinor(amountMinor: bigint, { startsOn, endsOn }: CivilRange, before: CivilDate): bigint {
  const whole = daysBetween(startsOn, endsOn);
  if (whole <= 0 || before >= endsOn) return amountMinor;
  const served = Math.max(daysBetween(startsOn, before), 0);
  return roundHalfAwayFromZero(rational(amountMinor * BigInt(served), BigInt(whole)));
}

/** What was sold, split over the lines in proportion to their amounts; the parts add up to it exactly. */
export function shareOverLines(netMinor: bigint, shares: readonly bigint[]): readonly bigint[] {
  const whole = shares.reduce((sum, share) => sum + share, 0n);
  if (whole === 0n) return shares.map((_, at) => (at === 0 ? netMinor : 0n));
  let upTo = 0n;
  let before = 0n;
  return shares.map((share) => {
    upTo += share;
    const until = roundHalfAwayFromZero(rational(netMinor * upTo, whole));
    const part = until - before;
    before = until;
    return part;
  });
}

/**
 * How much of a sale has been earned by the days before `before`, in minor units: each line by the part of its days that is over, rounded half up on all that
 * was earned so far, less what was taken back, by the days that are not served for it. Whatever months it is asked for, the differences add up to what was sold
 * less what was taken back of it.
 */
export function earnedMinor({ netMinor, days, takenBack }: SaleToEarn, before: CivilDate): bigint {
  const [first, ...others] = days;
  if (first === undefined) return 0n;
  const parts = shareOverLines(
    netMinor,
    days.map(({ shareMinor }) => shareMinor),
  );
  const startsOn = others.reduce((min, one) => (one.startsOn < min ? one.startsOn : min), first.startsOn);
  const endsOn = others.reduce((max, one) => (one.endsOn > max ? one.endsOn : max), first.endsOn);
  const sold = days.reduce((sum, range, at) => sum + servedMinor(parts[at] ?? 0n, range, before), 0n);
  return takenBack.reduce(
    (sum, { deferredMinor, on }) =>
      sum - servedMinor(deferredMinor, { startsOn: on > startsOn ? on : startsOn, endsOn }, before),
    sold,
  );
}

/** What of a sale a month adds to revenue: what has been earned by its end and is not recognised yet, and never more than is still deferred. */
export function recognisedMinor(
  sale: SaleToEarn,
  { before, earnedSoFarMinor }: { readonly before: CivilDate; readonly earnedSoFarMinor: bigint },
): bigint {
  const deferredMinor = sale.takenBack.reduce(
    (left, one) => left - one.deferredMinor,
    sale.netMinor - earnedSoFarMinor,
  );
  const openMinor = earnedMinor(sale, before) - earnedSoFarMinor;
  const cappedMinor = openMinor < deferredMinor ? openMinor : deferredMinor;
  return cappedMinor > 0n ? cappedMinor : 0n;
}
