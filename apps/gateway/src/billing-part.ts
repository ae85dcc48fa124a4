import { loadCatalogue, ReadBilling, ReadOffers, WorkspaceClock } from '@billfleet/billing';
import type { Base } from '@billfleet/platform';
import { Store } from '@billfleet/store';
import type { Provider } from '@nestjs/common';

/** What the reads of the billing page need. */
export function billingProviders(base: Base): Provider[] {
  const catalogue = loadCatalogue(base.config.cataloguePath);
  const parts = { catalogue, clock: new WorkspaceClock(base.clock) };
  return [
    { provide: ReadBilling, inject: [Store], useFactory: (store: Store) => new ReadBilling({ ...parts, store }) },
    { provide: ReadOffers, inject: [Store], useFactory: (store: Store) => new ReadOffers({ ...parts, store }) },
  ];
}
