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
  await tx.query(STORE, [...valuesOf(rows), contentsOf(rows)]);
}

/** Stores quotes and nothing else, in one statement. */
export async function storeQuotes(tx: SingleTx, rows: readonly QuoteRow[]): Promise<void> {
  await tx.change(STORE, [...valuesOf(rows), contentsOf(rows)]);
}

/**
 * Stores quotes whose contents are stored already, and nothing else, all or none of them.
 * @param versions for each quote the version of its workspace that it was priced from.
 * @returns false, and nothing is stored, when one of the workspaces is no longer what it was then or has a contract, or a content is missing.
 */
export async function storeQuotesUnlessChanged(
  tx: SingleTx,
  rows: readonly QuoteRow[],
  versions: readonly string[],
): Promise<boolean> {
  const hashes = [...new Set(rows.map((row) => row.hash))];
  const stored = await tx.change(
    `${INSERT} ${FRESH}
     where not exists (select from contract where workspace_id = any($2::uuid[])) and $9 = (
       select count(*) from unnest($2::uuid[], $8::xid[]) as seen (id, version) join workspace w on w.id = seen.id and w.xmin = seen.version)
       and $11 = (select count(*) from quote_content where hash = any($10::text[]))`,
    [...valuesOf(rows), `{${versions.join(',')}}`, rows.length, `{${hashes.join(',')}}`, hashes.length],
  );
  return stored === rows.length;
}

const INSERT = `insert into quote (id, workspace_id, kind, hash, currency, amount_minor, expires_at)
  select id, workspace_id, kind, hash, currency, amount_minor, expires_at from`;

const FRESH = `unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::timestamptz[])
  as fresh (id, workspace_id, kind, hash, currency, amount_minor, expires_at)`;

// In the order of the hashes, so that two who store the same contents never wait for each other in a circle.
const STORE = `with content as (
    insert into quote_content (hash, content)
    select distinct on (hash) hash, content from unnest($4::text[], string_to_array($8, E'\\n')) as fresh (hash, content) order by hash
    on conflict (hash) do nothing)
  ${INSERT} ${FRESH}`;

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
];

const contentsOf = (rows: readonly QuoteRow[]): string => rows.map((row) => row.content).join('\n');

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
    `select ${STORED} from quote join quote_content using (hash) where id = any($1::uuid[]) order by id for update of quote`,
    [[...new Set(ids)]],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/** One quote of a workspace, for reading. */
export async function findQuote(db: Queryable, id: string): Promise<StoredQuote | undefined> {
  const rows = await db.query<StoredQuote>(
    `select ${STORED} from quote join quote_content using (hash) where id = $1`,
    [id],
  );
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
