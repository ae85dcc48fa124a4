import { verifyDocuments } from '@billfleet/billing';
import { documents, onOneState } from '@billfleet/store';
import type { InvoicesEngine } from './commands/invoices.js';
import { openStore } from './open-store.js';

/** Invoices and credit notes in the database; nothing here changes one. */
export const invoicesEngine: InvoicesEngine = async (config) => {
  const open = await openStore(config.databaseUrl);
  return {
    list: (filter) => documents.listDocuments(open.store, filter),
    show: (idOrNumber) => documents.findDocument(open.store, idOrNumber),
    verify: (against) => onOneState(open.source, (db) => verifyDocuments(db, against)),
    close: () => open.close(),
  };
};
