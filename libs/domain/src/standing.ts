import { addDays, compare } from './calendar.js';
import type { CivilDate } from './calendar.js';
import type { Catalogue } from './catalogue.js';
import { entitlementsFor } from './entitlement.js';
import type { Entitlements } from './entitlement.js';

/** Seats that a trial is counted with. */
export const TRIAL_SEATS = 1;

/** What a workspace may use before it has ever bought anything. */
export type TrialStanding = {
  readonly status: 'trialing' | 'trial_ended';
  readonly startsOn: CivilDate;
  /** First day without the trial. */
  readonly endsOn: CivilDate;
  /** Those of the trial; once it has ended, none of anything. */
  readonly limits: Entitlements;
};

/** Where a trial stands on a day of the workspace. */
export function trialStanding(
  { trial, limits }: Pick<Catalogue, 'trial' | 'limits'>,
  trialEndsOn: CivilDate,
  today: CivilDate,
): TrialStanding {
  const days = { startsOn: addDays(trialEndsOn, -trial.days), endsOn: trialEndsOn };
  if (compare(trialEndsOn, today) > 0) {
    return { status: 'trialing', ...days, limits: entitlementsFor(trial, TRIAL_SEATS) };
  }
  return { status: 'trial_ended', ...days, limits: Object.fromEntries(limits.map(({ name }) => [name, 'none'])) };
}
