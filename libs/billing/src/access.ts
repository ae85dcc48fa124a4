import { accessAt, dataKeptUntil } from '@billfleet/domain';
import type { Access, Catalogue, CivilDate, SubscriptionStatus } from '@billfleet/domain';
import type { OnClock } from '@billfleet/store';
import type { WorkspaceClock } from './workspace-clock.js';

/** Says what subscriptions give at this moment, by the catalogue's days of grace. */
export class AccessNow {
  constructor(
    private readonly catalogue: Catalogue,
    private readonly clock: WorkspaceClock,
  ) {}

  /** Days are those of the workspace's zone. */
  of({ status, endsOn, timeZone, clockAt }: DatedInZone): Access {
    const { graceDays } = this.catalogue.renewal;
    return accessAt({ subscription: { status, endsOn }, graceDays, now: this.clock.nowOf({ clockAt }), timeZone });
  }

  /** Until when the data of a subscription that ended is kept; null while it runs. */
  keptUntil(subscription: Pick<DatedInZone, 'status' | 'endsOn'>): CivilDate | null {
    return dataKeptUntil(subscription, this.catalogue.renewal.dataDays) ?? null;
  }

  /** A view as it is answered: with what it gives now in the place of the zone and the time that decide it. */
  on<View extends DatedInZone>(view: View): Omit<View, 'timeZone' | 'clockAt'> & { readonly access: Access } {
    const { timeZone: _zone, clockAt: _clock, ...answered } = view;
    return { ...answered, access: this.of(view) };
  }
}

type DatedInZone = OnClock & {
  readonly status: SubscriptionStatus;
  readonly endsOn: CivilDate;
  readonly timeZone: string;
};
