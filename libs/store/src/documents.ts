import type { DocumentKind, DocumentSeries, SeriesMode } from '@billfleet/domain';
import type { Queryable, Tx } from './store.js';

/** The hash before the first document of a series. */
export const FIRST_HASH = '0'.repeat(64);

/** A series while it is held: its next number, the hash of its last document, and when that was issued. */
export type HeldSeries = DocumentSeries & {
  readonly nextSeq: number;
  readonly lastHash: string;
  readonly lastIssuedAt: Date | null;
};

/** The text by which a series is found in maps. */
export const seriesKey = ({ seller, kind, year, mode }: DocumentSeries): string =>
  `${seller} ${kind} ${String(year)} ${mode}`;

const columnsOf = (series: readonly DocumentSeries[]) => [
  series.map((one) => one.seller),
  series.map((one) => one.kind),
  series.map((one) => one.year),
  series.map((one) => one.mode),
];

/**
 * Holds series until the end of the transaction, so that nobody else takes their numbers meanwhile. Those that nobody has used yet are begun.
 * All who hold several take them in the same order. A transaction that fails gives its numbers back.
 */
export async function holdSeries(tx: Tx, series: readonly DocumentSeries[]): Promise<ReadonlyMap<string, HeldSeries>> {
  if (series.length === 0) return new Map();
  const sorted = [...series].sort((left, right) => (seriesKey(left) < seriesKey(right) ? -1 : 1));
  await tx.query(
    `insert into document_series (seller, kind, year, mode) select * from unnest($1::text[], $2::text[], $3::int[], $4::text[])
     on conflict do nothing`,
    columnsOf(sorted),
  );
  const rows = await tx.query<HeldSeries>(
    `select s.seller, s.kind, s.year, s.mode, s.next_seq as "nextSeq", s.last_hash as "lastHash", s.last_issued_at as "lastIssuedAt"
     from document_series s join unnest($1::text[], $2::text[], $3::int[], $4::text[]) as n (seller, kind, year, mode) using (seller, kind, year, mode)
     order by s.seller, s.kind, s.year, s.mode for update of s`,
    columnsOf(sorted),
  );
  return new Map(rows.map((row) => [seriesKey(row), row]));
}

/** A document that is about to be stored, numbered and chained. Amounts are minor units. */
export type NewDocument = DocumentSeries & {
  readonly id: string;
  readonly seq: number;
  readonly number: string;
  readonly workspaceId: string;
  readonly orderId: string;
  readonly refundId: string | null;
  readonly invoiceId: string | null;
  readonly currency: string;
  readonly amountMinor: bigint;
  readonly taxMinor: bigint;
  readonly issuedAt: Date;
  readonly content: string;
  readonly previousHash: string;
  readonly hash: string;
};

/** Stores documents of held series, in the order of their numbers, and moves the series on. */
export async function insertDocuments(tx: Tx, rows: readonly NewDocument[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.query(
    `insert into document (seller, kind, year, mode, id, seq, number, workspace_id, order_id, refund_id, invoice_id, currency, amount_minor, tax_minor,
       issued_at, content, previous_hash, hash)
     select * from unnest($1::text[], $2::text[], $3::int[], $4::text[], $5::uuid[], $6::int[], $7::text[], $8::uuid[], $9::uuid[], $10::uuid[],
       $11::uuid[], $12::text[], $13::bigint[], $14::bigint[], $15::timestamptz[], $16::text[], $17::text[], $18::text[])`,
    [
      ...columnsOf(rows),
      rows.map((r) => r.id),
      rows.map((r) => r.seq),
      rows.map((r) => r.number),
      rows.map((r) => r.workspaceId),
      rows.map((r) => r.orderId),
      rows.map((r) => r.refundId),
      rows.map((r) => r.invoiceId),
      rows.map((r) => r.currency),
      rows.map((r) => r.amountMinor.toString()),
      rows.map((r) => r.taxMinor.toString()),
      rows.map((r) => r.issuedAt.toISOString()),
      rows.map((r) => r.content),
      rows.map((r) => r.previousHash),
      rows.map((r) => r.hash),
    ],
  );
  const last = [...new Map(rows.map((row) => [seriesKey(row), row])).values()];
  await tx.query(
    `update document_series s set next_seq = n.seq + 1, last_hash = n.hash, last_issued_at = n.issued_at
     from unnest($1::text[], $2::text[], $3::int[], $4::text[], $5::int[], $6::text[], $7::timestamptz[]) as n (seller, kind, year, mode, seq, hash, issued_at)
     where (s.seller, s.kind, s.year, s.mode) = (n.seller, n.kind, n.year, n.mode)`,
    [...columnsOf(last), last.map((r) => r.seq), last.map((r) => r.hash), last.map((r) => r.issuedAt.toISOString())],
  );
}

/** A stored document, with its content as it was hashed. Amounts are minor units as text. */
export type DocumentRow = {
  readonly id: string;
  readonly kind: DocumentKind;
  readonly seller: string;
  readonly year: number;
  readonly mode: SeriesMode;
  readonly seq: number;
  readonly number: string;
  readonly workspaceId: string;
  readonly orderId: string;
  readonly refundId: string | null;
  readonly invoiceId: string | null;
  readonly currency: string;
  readonly amountMinor: string;
  readonly taxMinor: string;
  readonly issuedAt: Date;
  readonly content: string;
  readonly previousHash: string;
  readonly hash: string;
};

const DOCUMENT = `d.id, d.kind, d.seller, d.year, d.mode, d.seq, d.number, d.workspace_id as "workspaceId", d.order_id as "orderId", d.refund_id as "refundId",
  d.invoice_id as "invoiceId", d.currency, d.amount_minor::text as "amountMinor", d.tax_minor::text as "taxMinor", d.issued_at as "issuedAt",
  d.content, d.previous_hash as "previousHash", d.hash`;

/** A document with how it stands: until when it is to be paid, where it is on account, and when its order was paid. Of a credit note both are null. */
export type DocumentSeen = DocumentRow & { readonly dueAt: Date | null; readonly paidAt: Date | null };

const SEEN = `${DOCUMENT}, case d.kind when 'invoice' then (select o.due_at from orders o where o.id = d.order_id) end as "dueAt",
  case d.kind when 'invoice' then (select min(t.at) from transition t where t.entity = 'orders' and t.entity_id = d.order_id and t.to_status = 'paid') end as "paidAt"`;

/** One document, by its id or by its number. */
export async function findDocument(db: Queryable, idOrNumber: string): Promise<DocumentSeen | undefined> {
  const isId = /^[0-9a-f-]{36}$/i.test(idOrNumber);
  const rows = await db.query<DocumentSeen>(
    `select ${SEEN} from document d where ${isId ? 'd.id = $1::uuid' : 'd.number = $1'}`,
    [idOrNumber],
  );
  return rows[0];
}

/** Which documents are meant; what is left out narrows nothing. `beforeId`: only older ones. */
export type DocumentFilter = {
  readonly workspaceId?: string | undefined;
  readonly orderId?: string | undefined;
  readonly kind?: DocumentKind | undefined;
  readonly beforeId?: string | undefined;
  readonly limit: number;
};

/** Documents, newest first. */
export function listDocuments(db: Queryable, filter: DocumentFilter): Promise<DocumentSeen[]> {
  const { workspaceId, orderId, kind, beforeId, limit } = filter;
  return db.query<DocumentSeen>(
    `select ${SEEN} from document d where ($1::uuid is null or d.workspace_id = $1) and ($2::uuid is null or d.order_id = $2)
       and ($3::text is null or d.kind = $3) and ($4::uuid is null or d.id < $4) order by d.id desc limit $5`,
    [workspaceId, orderId, kind, beforeId, limit],
  );
}

const CHUNK_ROWS = 1_000;

/** Every document of a series in the order of its numbers, in chunks, so that memory stays bounded however many there are. */
export async function* everyDocument(db: Queryable, series: DocumentSeries): AsyncGenerator<readonly DocumentRow[]> {
  for (let after = -2_147_483_648; ;) {
    const rows = await db.query<DocumentRow>(
      `select ${DOCUMENT} from document d where (d.seller, d.kind, d.year, d.mode) = ($1, $2, $3, $4) and d.seq > $5 order by d.seq limit $6`,
      [series.seller, series.kind, series.year, series.mode, after, CHUNK_ROWS],
    );
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows;
    after = last.seq;
  }
}

/** Every series that there is, or of which there are documents; `nextSeq` is 0 where only documents say that there is one. */
export function everySeries(
  db: Queryable,
): Promise<(DocumentSeries & { readonly nextSeq: number; readonly lastHash: string })[]> {
  return db.query(
    `select seller, kind, year, mode, coalesce(s.next_seq, 0) as "nextSeq", coalesce(s.last_hash, '') as "lastHash" from document_series s
     full join (select distinct seller, kind, year, mode from document) d using (seller, kind, year, mode) order by seller, kind, year, mode`,
  );
}
