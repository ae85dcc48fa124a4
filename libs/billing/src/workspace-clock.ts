import type { Clock } from '@billfleet/platform';
import type { OnClock } from '@billfleet/store';

/**
 * Business time. Every decision about a workspace asks here what time it is for that workspace: what its test clock shows, or the fleet's
 * own time for those that stand on none. There is no time without a workspace, so none can be taken for the wrong one.
 */
export class WorkspaceClock {
  constructor(private readonly fleet: Clock) {}

  /** The instant for the workspace that a row belongs to. */
  nowOf({ clockAt }: OnClock): Date {
    return clockAt ?? this.fleet.now();
  }
}
