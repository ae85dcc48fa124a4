import { parseDocument } from '@billfleet/contracts';
import type { DocumentContent } from '@billfleet/contracts';
import { documentNumber } from '@billfleet/domain';
import type { DocumentSeries } from '@billfleet/domain';
import { documents } from '@billfleet/store';
import type { DocumentRow, Queryable } from '@billfleet/store';
import { documentHash } from './number-documents.js';

/** What can be wrong with a document, or with its series. */
export type DocumentFaultCode =
  | 'content_unreadable'
  | 'column_differs'
  | 'hash_differs'
  | 'chain_broken'
  | 'number_missing'
  | 'number_doubled'
  | 'number_differs'
  | 'series_differs'
  | 'head_differs';

/** One fault: where it was found, what stands there, and what was to be expected. `document` names the document, or the series. */
export type DocumentFault = {
  readonly code: DocumentFaultCode;
  readonly document: string;
  readonly found: string;
  readonly wanted: string;
};

/** How far a series is: keep it, and a later look can prove that nothing up to here was written anew. */
export type SeriesHead = DocumentSeries & {
  readonly documents: number;
  readonly lastSeq: number;
  readonly lastHash: string;
};

/** What a look at all documents found; `faults` has at most a thousand, `faultCount` says how many there are. */
export type DocumentsVerified = {
  readonly documents: number;
  readonly series: readonly SeriesHead[];
  readonly faultCount: number;
  readonly faults: readonly DocumentFault[];
};

const FAULTS_SHOWN_MAX = 1_000;

/** Gathers faults, and keeps the first of them. */
class Faults {
  readonly shown: DocumentFault[] = [];
  count = 0;

  add(code: DocumentFaultCode, document: string, found: string, wanted: string): void {
    this.count += 1;
    if (this.shown.length < FAULTS_SHOWN_MAX) this.shown.push({ code, document, found, wanted });
  }
}

/**
 * Proves that no document was changed, removed or inserted: the hash of each is made again from its stored content and the hash before it, numbers run from 1 on,
 * what the columns repeat is what the content says, and each series ends where it says. With `against`, heads of an earlier look, even a
 * chain that somebody wrote anew as a whole is found out. Reads one state of the database: hand it one.
 */
export async function verifyDocuments(
  db: Queryable,
  against: readonly Pick<SeriesHead, 'seller' | 'kind' | 'year' | 'mode' | 'lastSeq' | 'lastHash'>[] = [],
): Promise<DocumentsVerified> {
  const faults = new Faults();
  const heads: SeriesHead[] = [];
  const kept = new Map(against.map((head) => [documents.seriesKey(head), head]));
  for (const series of await documents.everySeries(db)) {
    const key = documents.seriesKey(series);
    const head = await walk(db, series, kept.get(key), faults);
    heads.push(head);
    if (series.nextSeq !== head.lastSeq + 1)
      faults.add('series_differs', key, `the next number ${String(series.nextSeq)}`, String(head.lastSeq + 1));
    if (series.lastHash !== head.lastHash)
      faults.add('series_differs', key, `the last hash ${series.lastHash}`, head.lastHash);
    kept.delete(key);
  }
  for (const [key, { lastSeq, lastHash }] of kept)
    if (lastSeq > 0) faults.add('head_differs', key, 'no such series', `number ${String(lastSeq)} with ${lastHash}`);
  const counted = heads.reduce((sum, head) => sum + head.documents, 0);
  return { documents: counted, series: heads, faultCount: faults.count, faults: faults.shown };
}

async function walk(
  db: Queryable,
  { seller, kind, year, mode }: DocumentSeries,
  kept: Pick<SeriesHead, 'lastSeq' | 'lastHash'> | undefined,
  faults: Faults,
): Promise<SeriesHead> {
  let [count, lastSeq, lastHash, keptHash] = [0, 0, documents.FIRST_HASH, ''];
  for await (const rows of documents.everyDocument(db, { seller, kind, year, mode })) {
    for (const row of rows) {
      checkPlace(row, lastSeq, faults);
      if (row.previousHash !== lastHash) faults.add('chain_broken', row.number, row.previousHash, lastHash);
      checkContent(row, faults);
      [count, lastSeq, lastHash] = [count + 1, row.seq, row.hash];
      if (row.seq === kept?.lastSeq) keptHash = row.hash;
    }
  }
  const head = { seller, kind, year, mode, documents: count, lastSeq, lastHash };
  if (kept !== undefined && kept.lastSeq > 0 && keptHash !== kept.lastHash) {
    const name = `${documents.seriesKey(head)} ${String(kept.lastSeq)}`;
    faults.add('head_differs', name, keptHash === '' ? 'no such document' : keptHash, kept.lastHash);
  }
  return head;
}

function checkPlace({ seq, number }: DocumentRow, lastSeq: number, faults: Faults): void {
  if (seq <= lastSeq) faults.add('number_doubled', number, String(seq), `more than ${String(lastSeq)}`);
  if (seq > lastSeq + 1) faults.add('number_missing', number, String(seq), String(lastSeq + 1));
}

function checkContent(row: DocumentRow, faults: Faults): void {
  const hash = documentHash(row.previousHash, row.content);
  if (hash !== row.hash) faults.add('hash_differs', row.number, row.hash, hash);
  const content = parseDocument(row.content);
  if (content === undefined) {
    faults.add('content_unreadable', row.number, row.content.slice(0, 80), 'the content of a document');
    return;
  }
  const number = documentNumber(content.seller.numberPrefix, row, row.seq);
  if (row.number !== number) faults.add('number_differs', row.number, row.number, number);
  for (const [column, found, wanted] of repeated(row, content)) {
    if (found !== wanted) faults.add('column_differs', row.number, `${column} ${String(found)}`, String(wanted));
  }
}

/** What columns repeat of the content: name, what the column says, what the content says. */
const repeated = (
  row: DocumentRow,
  content: DocumentContent,
): readonly (readonly [string, string | number | null, string | number | null])[] => [
  ['kind', row.kind, content.kind],
  ['number', row.number, content.number],
  ['series', documents.seriesKey(row), documents.seriesKey(content.series)],
  ['seq', row.seq, content.seq],
  ['workspace_id', row.workspaceId, content.buyer.workspaceId],
  ['order_id', row.orderId, content.order.id],
  ['invoice_id', row.invoiceId, content.kind === 'credit_note' ? content.invoice.id : null],
  ['refund_id', row.refundId, content.kind === 'credit_note' ? (content.refund?.id ?? null) : null],
  ['currency', row.currency, content.currency],
  ['amount_minor', row.amountMinor, content.amountMinor.toString()],
  ['tax_minor', row.taxMinor, content.taxMinor.toString()],
  ['issued_at', row.issuedAt.toISOString(), content.issuedAt.toISOString()],
];
