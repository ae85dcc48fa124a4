import { addMonths, compare } from './calendar.js';
import type { CivilDate, CivilRange } from './calendar.js';
import { invariant } from './invariant.js';
import { monthsApart } from './periods.js';

/** A wish for an add-on: how many months of it, for a subscription that ends on `planEndsOn`, asked on `today`. */
export type AddOnTermQuestion = {
  /** The day from which the months of the subscription are counted; after today while added trial days run. */
  readonly anchorOn: CivilDate;
  /** First day without the subscription. */
  readonly planEndsOn: CivilDate;
  /** The day that the workspace's clocks show. */
  readonly today: CivilDate;
  readonly months: number;
};

/**
 * The month of a subscription that holds a day: from the last anchor day on or before it to the next one. Anchor days are
 * counted from the anchor, each clamped to its month's last day and never chained, and there are some before the anchor.
 * @throws InvariantError within a month of the calendar's ends, 1900 and 9999.
 */
export function anchorMonth(anchorOn: CivilDate, today: CivilDate): CivilRange {
  const passed = monthsPassed(anchorOn, today);
  return { startsOn: addMonths(anchorOn, passed), endsOn: addMonths(anchorOn, passed + 1) };
}

/**
 * The months of a subscription that an add-on covers. It buys `months` monthly grants, the first at once and the others
 * on the anchor days that follow; so its term starts with the present month of the subscription, which may have begun
 * before today, and holds exactly `months` anchor days. Undefined when it would outlive the subscription.
 * @throws InvariantError unless months is a whole number from 1 and the term lies within the calendar.
 */
export function addOnTerm({ anchorOn, planEndsOn, today, months }: AddOnTermQuestion): CivilRange | undefined {
  invariant(Number.isInteger(months) && months >= 1, () => `an add-on has whole months from 1, found ${months}`);
  const passed = monthsPassed(anchorOn, today);
  const endsOn = addMonths(anchorOn, passed + months);
  return compare(endsOn, planEndsOn) > 0 ? undefined : { startsOn: addMonths(anchorOn, passed), endsOn };
}

/** How many anchor days after the anchor the last one on or before a day is; negative when the anchor is still to come. */
function monthsPassed(anchorOn: CivilDate, today: CivilDate): number {
  const apart = monthsApart(anchorOn, today);
  return compare(addMonths(anchorOn, apart), today) > 0 ? apart - 1 : apart;
}
