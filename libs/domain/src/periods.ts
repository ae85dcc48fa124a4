import { addMonths, compare } from './calendar.js';
import type { CivilDate, CivilRange } from './calendar.js';
import { invariant } from './invariant.js';

/** Most periods that are listed at once. */
const MAX_PERIODS = 10_000;

/** Where a run of paid days ends and the day from which its months are counted. */
export type AnchoredEnd = { readonly anchorOn: CivilDate; readonly endsOn: CivilDate };

/**
 * Lists `count` periods of `months` calendar months, half-open and without gaps. Each boundary counts from the anchor,
 * clamped to the month's last day, so 31 January gives 29 February and then 31 March again.
 * @throws InvariantError unless months and count are whole numbers from 1, count at most 10,000, within the calendar.
 */
export function periodsFrom(anchorOn: CivilDate, months: number, count: number): readonly CivilRange[] {
  invariant(Number.isInteger(months) && months >= 1, () => `a period has whole months from 1, found ${months}`);
  invariant(
    Number.isInteger(count) && count >= 1 && count <= MAX_PERIODS,
    `1 to ${MAX_PERIODS} periods are listed, found ${count}`,
  );
  return Array.from({ length: count }, (_, index) => ({
    startsOn: addMonths(anchorOn, index * months),
    endsOn: addMonths(anchorOn, (index + 1) * months),
  }));
}

/**
 * The end of `months` more months after an end, counted from the anchor and not from an end that was clamped. An end that
 * does not lie on the anchor was set by hand, and becomes the anchor itself.
 */
export function extendFromAnchor(current: AnchoredEnd, months: number): AnchoredEnd {
  invariant(Number.isInteger(months) && months >= 1, () => `a term has whole months, found ${months}`);
  const passed = monthsApart(current.anchorOn, current.endsOn);
  const isOnAnchor = compare(addMonths(current.anchorOn, passed), current.endsOn) === 0;
  return isOnAnchor
    ? { anchorOn: current.anchorOn, endsOn: addMonths(current.anchorOn, passed + months) }
    : { anchorOn: current.endsOn, endsOn: addMonths(current.endsOn, months) };
}

/** Months from the month of one date to the month of the other, whatever the days; negative when `to` is in an earlier one. */
export function monthsApart(from: CivilDate, to: CivilDate): number {
  const monthIndex = (date: CivilDate) => Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7));
  return monthIndex(to) - monthIndex(from);
}
