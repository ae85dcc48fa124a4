import type { CivilDate, Currency, WrittenTransaction } from '@billfleet/domain';
import type { Queryable } from './store.js';

/** Which books, and of which days: from a day on, before another one; null is without an end. */
export type BooksSpan = {
  /** The books of workspaces on test clocks instead of the live ones. */
  readonly isTest: boolean;
  readonly from: CivilDate | null;
  readonly before: CivilDate | null;
};

/** What an account held before a span, what it was debited and credited in it, and what it held then. Minor units; a credit balance is negative. */
export type TrialBalanceRow = {
  readonly account: string;
  readonly currency: Currency;
  readonly openingMinor: bigint;
  readonly debitMinor: bigint;
  /** As a positive amount. */
  readonly creditMinor: bigint;
  readonly closingMinor: bigint;
};

/** Every account with what moved it in a span. Opening and closing balances add up to nothing in each currency, and debits to as much as credits. */
export async function trialBalance(db: Queryable, span: BooksSpan): Promise<readonly TrialBalanceRow[]> {
  type Row = { readonly [K in keyof TrialBalanceRow]: TrialBalanceRow[K] extends bigint ? string : TrialBalanceRow[K] };
  const rows = await db.query<Row>(
    `select p.account, p.currency, coalesce(sum(p.amount_minor) filter (where j.booked_on < $2), 0)::text as "openingMinor",
       coalesce(sum(p.amount_minor) filter (where p.amount_minor > 0 and (j.booked_on >= $2) is not false), 0)::text as "debitMinor",
       coalesce(-sum(p.amount_minor) filter (where p.amount_minor < 0 and (j.booked_on >= $2) is not false), 0)::text as "creditMinor",
       coalesce(sum(p.amount_minor), 0)::text as "closingMinor"
     from journal j join posting p on p.transaction_id = j.id where j.is_test = $1 and (j.booked_on < $3) is not false
     group by p.account, p.currency order by p.currency, p.account`,
    [span.isTest, span.from, span.before],
  );
  return rows.map((row) => ({
    ...row,
    openingMinor: BigInt(row.openingMinor),
    debitMinor: BigInt(row.debitMinor),
    creditMinor: BigInt(row.creditMinor),
    closingMinor: BigInt(row.closingMinor),
  }));
}

/** Transactions per statement. */
const PAGE = 1_000;

/** The transactions of a span with all that is known of them, by day and then in the order in which they were written; page by page. */
export async function* readTransactions(db: Queryable, span: BooksSpan): AsyncGenerator<readonly WrittenTransaction[]> {
  type Row = Omit<WrittenTransaction, 'postings'> & {
    readonly postings: readonly {
      readonly account: string;
      readonly currency: Currency;
      readonly amountMinor: string;
    }[];
  };
  for (let after: Row | undefined; ;) {
    const rows: readonly Row[] = await db.query<Row>(TRANSACTIONS, [
      span.isTest,
      span.from,
      span.before,
      after?.bookedOn ?? null,
      after?.id ?? null,
      PAGE,
    ]);
    yield rows.map((row) => ({
      ...row,
      postings: row.postings.map((one) => ({ ...one, amountMinor: BigInt(one.amountMinor) })),
    }));
    after = rows.at(-1);
    if (rows.length < PAGE) return;
  }
}

const TRANSACTIONS = `
  select j.id::text as id, j.booked_on::text as "bookedOn", j.kind, coalesce('order ' || o.number, j.reference) as about,
    jsonb_strip_nulls(jsonb_build_object('workspace', j.workspace_id, 'order', j.order_id, 'attempt', j.attempt_id, 'refund', j.refund_id, 'chargeback', j.chargeback_id,
      'month', to_char(j.month, 'YYYY-MM'), 'provider', j.provider, 'reference', j.reference)) as facts,
    (select jsonb_agg(jsonb_build_object('account', p.account, 'currency', p.currency, 'amountMinor', p.amount_minor::text) order by p.n) from posting p
      where p.transaction_id = j.id) as postings
  from journal j left join orders o on o.id = j.order_id
  where j.is_test = $1 and (j.booked_on >= $2) is not false and (j.booked_on < $3) is not false
    and ($4::date is null or (j.booked_on, j.id) > ($4::date, $5::bigint))
  order by j.booked_on, j.id limit $6`;
