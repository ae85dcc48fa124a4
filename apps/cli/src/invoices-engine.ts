import { verifyDocuments } from '@billfleet/billing';
import { parseDocument } from '@billfleet/contracts';
import { documentLanguageOf, drawDocument } from '@billfleet/outbound';
import { documents, onOneState } from '@billfleet/store';
import type { InvoicesEngine } from './commands/invoices.js';
import { openStore } from './open-store.js';

/** Invoices and credit notes in the database; nothing here changes one. */
export const invoicesEngine: InvoicesEngine = async (config) => {
  const open = await openStore(config.databaseUrl);
  return {
    list: (filter) => documents.listDocuments(open.store, filter),
    show: (idOrNumber) => documents.findDocument(open.store, idOrNumber),
    draw: async (idOrNumber, language) => {
      const found = await documents.findDocument(open.store, idOrNumber);
      const content = found === undefined ? undefined : parseDocument(found.content);
      if (found === undefined || content === undefined) return undefined;
      const wanted = language ?? documentLanguageOf(content.buyer.locale);
      return drawDocument({ content, hash: found.hash }, wanted);
    },
    verify: (against) => onOneState(open.source, (db) => verifyDocuments(db, against)),
    close: () => open.close(),
  };
};
