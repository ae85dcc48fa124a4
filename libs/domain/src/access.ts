import { addDays, civilDateIn, compare } from './calendar.js';
import type { CivilDate } from './calendar.js';
import { keptUntilOf } from './renewal-timeline.js';
import type { SubscriptionStatus } from './subscription.js';

/** What a workspace may do with the product: everything, or only pay and take its data with it. */
export type Access = 'full' | 'billing-only';

/** A subscription at an instant. `endsOn` is the first day without it, by the clocks of its workspace. */
export type AccessQuestion = {
  readonly subscription: { readonly status: SubscriptionStatus; readonly endsOn: CivilDate };
  readonly graceDays: number;
  readonly now: Date;
  readonly timeZone: string;
};

/**
 * The first day on which the data of a subscription need not be kept any more, once it has ended; undefined while it runs. A closed one
 * keeps it as long.
 */
export function dataKeptUntil(
  subscription: { readonly status: SubscriptionStatus; readonly endsOn: CivilDate },
  dataDays: number,
): CivilDate | undefined {
  return subscription.status === 'active' ? undefined : keptUntilOf(subscription.endsOn, { dataDays });
}

/** Full use lasts through the days of grace, whether or not anybody has noted the end yet; a closed subscription has none. */
export function accessAt({ subscription, graceDays, now, timeZone }: AccessQuestion): Access {
  if (subscription.status === 'closed') return 'billing-only';
  const today = civilDateIn(now, timeZone);
  return compare(today, addDays(subscription.endsOn, graceDays)) < 0 ? 'full' : 'billing-only';
}
