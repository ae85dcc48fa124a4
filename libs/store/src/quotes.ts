import type { QuoteKind } from '@billfleet/contracts';
import type { Currency } from '@billfleet/domain';
import type { Queryable, SingleTx, Tx } from './store.js';

/** A priced proposal as stored; `content` is the canonical text that the hash covers. */
export type QuoteRow = {
  readonly id: string;
  readonly workspaceId: string;
  readonly kind: QuoteKind;
  readonly content: string;
  readonly hash: string;
  readonly currency: Currency;
  readonly amountMinor: bigint;
  readonly expiresAt: Date;
};

/** Stores quotes beside whatever else a transaction does. */
export async function insertQuotes(tx: Tx, rows: readonly QuoteRow[]): Promise<void> {
  await tx.query(`${INSERT} ${FRESH}`, valuesOf(rows));
}

/** Stores quotes and nothing else, in one statement. */
export async function storeQuotes(tx: SingleTx, rows: readonly QuoteRow[]): Promise<void> {
  await tx.change(`${INSERT} ${FRESH}`, valuesOf(rows));
}

/**
 * Stores the quotes of workspaces and nothing else, all or none of them.
 * @param versions for each quote the version of its workspace that it was priced from.
 * @returns false, and nothing is stored, when one of the workspaces is no longer what it was then, or has a contract.
 */
export async function storeQuotesUnlessChanged(
  tx: SingleTx,
  rows: readonly QuoteRow[],
  versions: readonly string[],
): Promise<boolean> {
  const stored = await tx.change(
    `${INSERT} ${FRESH}
     where not exists (select from contract where workspace_id = any($2::uuid[])) and $10 = (
       select count(*) from unnest($2::uuid[], $9::xid[]) as seen (id, version) join workspace w on w.id = seen.id and w.xmin = seen.version)`,
    [...valuesOf(rows), `{${versions.join(',')}}`, rows.length],
  );
  return stored === rows.length;
}

const INSERT = `insert into quote (id, workspace_id, kind, hash, currency, amount_minor, expires_at, content)
  select id, workspace_id, kind, hash, currency, amount_minor, expires_at, content from`;

const FRESH = `unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::timestamptz[], string_to_array($8, E'\\n'))
  as fresh (id, workspace_id, kind, hash, currency, amount_minor, expires_at, content)`;

/**
 * Texts and lists, written the way PostgreSQL reads them fastest: what holds letters, digits and dashes only as the literal of an array,
 * and contents line by line, since JSON without white space has no line break. The driver would quote every quotation mark of every
 * content, and the server would undo it. With a line too many or too few a column is empty, and nothing is stored.
 */
const valuesOf = (rows: readonly QuoteRow[]): readonly string[] => [
  arrayOf(rows, (row) => row.id),
  arrayOf(rows, (row) => row.workspaceId),
  arrayOf(rows, (row) => row.kind),
  arrayOf(rows, (row) => row.hash),
  arrayOf(rows, (row) => row.currency),
  arrayOf(rows, (row) => row.amountMinor.toString()),
  arrayOf(rows, (row) => row.expiresAt.toISOString()),
  rows.map((row) => row.content).join('\n'),
];

const arrayOf = (rows: readonly QuoteRow[], textOf: (row: QuoteRow) => string): string =>
  `{${rows.map(textOf).join(',')}}`;

/** A stored quote with what an order needs to know of it. */
export type StoredQuote = {
  readonly id: string;
  readonly workspaceId: string;
  readonly kind: QuoteKind;
  readonly content: Record<string, unknown>;
  readonly hash: string;
  readonly expiresAt: Date;
  readonly usedBy: string | null;
  /** Whether its workspace has moved to another country since. */
  readonly isFromElsewhere: boolean;
};

const STORED = `id, workspace_id as "workspaceId", kind, content::json as content, hash, expires_at as "expiresAt", used_by as "usedBy",
  exists (select 1 from workspace w where w.id = quote.workspace_id and w.country_at >= quote.created_at) as "isFromElsewhere"`;

/** Quotes by id, locked until the end of the transaction so that each is used once. */
export async function lockQuotes(tx: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, StoredQuote>> {
  if (ids.length === 0) return new Map();
  const rows = await tx.query<StoredQuote>(
    `select ${STORED} from quote where id = any($1::uuid[]) order by id for update`,
    [[...new Set(ids)]],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/** One quote of a workspace, for reading. */
export async function findQuote(db: Queryable, id: string): Promise<StoredQuote | undefined> {
  const rows = await db.query<StoredQuote>(`select ${STORED} from quote where id = $1`, [id]);
  return rows[0];
}

/** Marks quotes as used by their orders. */
export async function useQuotes(
  tx: Tx,
  uses: readonly { readonly quoteId: string; readonly orderId: string }[],
): Promise<void> {
  if (uses.length === 0) return;
  await tx.query(
    `update quote set used_by = uses.order_id from unnest($1::uuid[], $2::uuid[]) as uses (quote_id, order_id) where quote.id = uses.quote_id`,
    [uses.map((u) => u.quoteId), uses.map((u) => u.orderId)],
  );
}
