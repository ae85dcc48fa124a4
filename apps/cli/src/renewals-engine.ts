import { ForeseeRenewals, loadCatalogue, newId } from '@billfleet/billing';
import { renewalControl } from '@billfleet/store';
import type { RenewalsEngine } from './commands/renewals.js';
import { openStore } from './open-store.js';

/** Foresees renewals, pauses them and lets them go on, in the database; the dispatcher reads it there. */
export const renewalsEngine: RenewalsEngine = async (config) => {
  const open = await openStore(config.databaseUrl);
  const catalogue = loadCatalogue(config.cataloguePath);
  return {
    due: (on, now) => new ForeseeRenewals(open.store, catalogue).on(on, now),
    pause: (what, by) => renewalControl.pauseRenewals(open.store, newId(), what, by),
    resume: (what, by) => renewalControl.resumeRenewals(open.store, what, by),
    close: () => open.close(),
  };
};
