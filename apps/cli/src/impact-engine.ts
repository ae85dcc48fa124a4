import { renewalImpact, withContracts } from '@billfleet/domain';
import { contracts, subscriptions } from '@billfleet/store';
import type { ImpactEngine } from './commands/catalog-impact.js';
import { openStore } from './open-store.js';

/** Reads the running subscriptions page by page, so that memory holds one page however many there are. */
export const impactEngine: ImpactEngine = async function* (databaseUrl, catalogues, pageSize) {
  const open = await openStore(databaseUrl);
  try {
    let afterId: string | undefined;
    for (;;) {
      const page = await subscriptions.activePage(open.store, afterId, pageSize);
      // What was agreed in a contract stands beside both files, whatever they say.
      const lists = await contracts.listsOf(
        open.store,
        page.map(({ workspaceId }) => workspaceId),
      );
      const both = { present: withContracts(catalogues.present, lists), next: withContracts(catalogues.next, lists) };
      if (page.length > 0) yield page.map(({ id: _id, ...running }) => renewalImpact(both, running));
      afterId = page.at(-1)?.id;
      if (page.length < pageSize) return;
    }
  } finally {
    await open.close();
  }
};
