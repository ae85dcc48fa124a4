import { renewalImpact } from '@billfleet/domain';
import { subscriptions } from '@billfleet/store';
import type { ImpactEngine } from './commands/catalog-impact.js';
import { openStore } from './open-store.js';

/** Reads the running subscriptions page by page, so that memory holds one page however many there are. */
export const impactEngine: ImpactEngine = async function* (databaseUrl, catalogues, pageSize) {
  const open = await openStore(databaseUrl);
  try {
    let afterId: string | undefined;
    for (;;) {
      const page = await subscriptions.activePage(open.store, afterId, pageSize);
      if (page.length > 0) yield page.map(({ id: _id, ...running }) => renewalImpact(catalogues, running));
      afterId = page.at(-1)?.id;
      if (page.length < pageSize) return;
    }
  } finally {
    await open.close();
  }
};
