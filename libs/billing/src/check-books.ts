import { differencesOf, rebuildOrder } from '@billfleet/domain';
import { booksHistory } from '@billfleet/store';
import type { Queryable } from '@billfleet/store';

/** Something of which the books say something else than what happened. `of`: an order, a document, or an account of the whole books. Amounts are minor units as text. */
export type BookDifference = {
  readonly of: 'order' | 'document' | 'account';
  readonly id: string;
  readonly account: string;
  readonly currency: string;
  readonly bookedMinor: string;
  readonly rebuiltMinor: string;
};

/** How the books compare with what happened. `list` holds the first hundred differences. */
export type BooksChecked = {
  readonly transactions: number;
  readonly differences: number;
  readonly list: readonly BookDifference[];
};

const ORDERS_PER_PAGE = 500;
const LISTED_MAX = 100;

/**
 * Rebuilds what each order and each account has to hold from what happened to orders, attempts, refunds, chargebacks and grants, and compares it with the
 * postings; and what each invoice and credit note says with what was booked. Reads everything once, page by page, so it belongs into one state of the database.
 */
export async function checkBooks(db: Queryable): Promise<BooksChecked> {
  const found = new Findings();
  for (let afterId: string | undefined; ;) {
    const page = await booksHistory.readOrders(db, afterId, ORDERS_PER_PAGE);
    for (const { id, currency, history, booked, strayCurrencies } of page) {
      const rebuilt = rebuildOrder(history);
      for (const [account, minor] of rebuilt) found.add(account, currency, minor);
      for (const one of differencesOf(booked, rebuilt)) found.note({ of: 'order', id, currency, ...textOf(one) });
      for (const stray of strayCurrencies)
        found.note({ of: 'order', id, account: 'any', currency: stray, bookedMinor: 'some', rebuiltMinor: '0' });
    }
    afterId = page.at(-1)?.id;
    if (page.length < ORDERS_PER_PAGE) break;
  }
  for (const { number: id, writtenMinor: rebuiltMinor, ...row } of await booksHistory.readWrongDocuments(db))
    found.note({ of: 'document', id, rebuiltMinor, ...row });
  const { transactions, accounts } = await booksHistory.readAccounts(db);
  for (const { account, currency, bookedMinor, withoutHistoryMinor } of accounts) {
    const rebuiltMinor = found.take(account, currency) + withoutHistoryMinor;
    if (bookedMinor === rebuiltMinor) continue;
    const row = textOf({ account, bookedMinor, rebuiltMinor });
    found.note({ of: 'account', id: `${account} ${currency}`, currency, ...row });
  }
  for (const { account, currency, minor } of found.left()) {
    const row = textOf({ account, bookedMinor: 0n, rebuiltMinor: minor });
    found.note({ of: 'account', id: `${account} ${currency}`, currency, ...row });
  }
  return { transactions, differences: found.count, list: found.list };
}

const textOf = (one: { readonly account: string; readonly bookedMinor: bigint; readonly rebuiltMinor: bigint }) => ({
  account: one.account,
  bookedMinor: one.bookedMinor.toString(),
  rebuiltMinor: one.rebuiltMinor.toString(),
});

/** What was found, and what all orders together have to hold by account. */
class Findings {
  readonly list: BookDifference[] = [];
  count = 0;
  private readonly sums = new Map<string, bigint>();

  note(one: BookDifference): void {
    this.count += 1;
    if (this.list.length < LISTED_MAX) this.list.push(one);
  }

  add(account: string, currency: string, minor: bigint): void {
    const key = `${account} ${currency}`;
    this.sums.set(key, (this.sums.get(key) ?? 0n) + minor);
  }

  take(account: string, currency: string): bigint {
    const key = `${account} ${currency}`;
    const minor = this.sums.get(key) ?? 0n;
    this.sums.delete(key);
    return minor;
  }

  left(): readonly { readonly account: string; readonly currency: string; readonly minor: bigint }[] {
    return [...this.sums].flatMap(([key, minor]) => {
      const [account = '', currency = ''] = key.split(' ');
      return minor === 0n ? [] : [{ account, currency, minor }];
    });
  }
}
