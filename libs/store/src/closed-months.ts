import type { CivilDate } from '@billfleet/domain';
import type { Queryable, Tx } from './store.js';

/** Where the books stand: the last month that is closed, and the months after it in which something is booked. First days of months. */
export type BooksState = {
  readonly closedMonth: CivilDate | null;
  /** The first month that takes something: the one after the last closed one, or that of the first live transaction; null before there is any. */
  readonly openMonth: CivilDate | null;
};

/** Reads where the live books stand. */
export async function booksState(db: Queryable): Promise<BooksState> {
  const rows = await db.query<BooksState>(
    `select (select max(month) from closed_month)::text as "closedMonth",
       coalesce(books_open_from(), (select date_trunc('month', booked_on) from journal where not is_test order by booked_on limit 1))::date::text as "openMonth"`,
  );
  return rows[0] ?? { closedMonth: null, openMonth: null };
}

/** Closes a month once whoever is booking has committed. The database refuses one that is not the first open one. */
export async function closeMonth(tx: Tx, month: CivilDate, by: string): Promise<void> {
  await tx.query(`insert into closed_month (month, closed_by) values ($1, $2)`, [month, by]);
}
