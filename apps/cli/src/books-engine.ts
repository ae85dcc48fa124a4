import { checkBooks, fleetSweeps, KeepBooks } from '@billfleet/billing';
import { systemClock } from '@billfleet/platform';
import { booksReports, onOneState } from '@billfleet/store';
import { beancountOf, csvOf } from './books-files.js';
import type { BooksEngine } from './commands/books.js';
import { openStore } from './open-store.js';

/** The books in the database. What is read is read of one state, whatever is booked meanwhile. */
export const booksEngine: BooksEngine = async (config) => {
  const open = await openStore(config.databaseUrl);
  const books = new KeepBooks(open.store, fleetSweeps(systemClock));
  return {
    check: () => onOneState(open.source, checkBooks),
    trialBalance: (span) => onOneState(open.source, (db) => booksReports.trialBalance(db, span)),
    exportAs: (format, span, write) =>
      onOneState(open.source, async (db) => {
        const balances = await booksReports.trialBalance(db, span);
        const parts = { span, balances, pages: booksReports.readTransactions(db, span) };
        for await (const text of format === 'csv' ? csvOf(parts) : beancountOf(parts)) await write(text);
      }),
    recognise: (month) => books.recognise(month),
    closeMonth: (month, by) => books.close(month, by),
    close: () => open.close(),
  };
};
