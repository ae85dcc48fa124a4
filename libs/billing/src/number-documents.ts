import { documentText } from '@billfleet/contracts';
import type { DocumentText } from '@billfleet/contracts';
import { documentNumber, invariant, seriesYear } from '@billfleet/domain';
import type { DocumentKind, DocumentSeries, Seller, SeriesMode } from '@billfleet/domain';
import { documents } from '@billfleet/store';
import type { HeldSeries, NewDocument, Tx } from '@billfleet/store';
import { newId, sha256 } from './ids.js';

/** The seller as a document keeps it: where it sells is no part of that. */
export type IssuingSeller = Omit<Seller, 'region' | 'currency'>;

/** A document that has no number yet. `write` makes its content once it has one. */
export type Draft = {
  readonly kind: DocumentKind;
  readonly mode: SeriesMode;
  readonly seller: IssuingSeller;
  readonly issuedAt: Date;
  readonly write: (numbered: Numbered) => DocumentText;
} & Pick<NewDocument, 'workspaceId' | 'orderId' | 'refundId' | 'invoiceId' | 'currency' | 'amountMinor' | 'taxMinor'>;

/** What numbering gives a document. */
export type Numbered = {
  readonly number: string;
  readonly series: DocumentSeries;
  readonly seq: number;
  readonly issuedAt: string;
};

/** What a document's hash is made from: the hash of the document before it in its series, and its own content. */
export const documentHash = (previousHash: string, content: string): string => sha256(`${previousHash}\n${content}`);

/**
 * Numbers drafts and stores them as documents, each series in the order of the drafts. The series are held until the end of the transaction, so it should
 * be among the last things that the transaction does. Live documents are never dated before the one with the number before theirs, should the clocks of two
 * processes differ.
 */
export async function numberDocuments(tx: Tx, drafts: readonly Draft[]): Promise<readonly NewDocument[]> {
  const wanted = drafts.map((draft) => ({ draft, series: seriesOf(draft) }));
  const distinct = new Map(wanted.map(({ series }) => [documents.seriesKey(series), series]));
  const heads = new Map(await documents.holdSeries(tx, [...distinct.values()]));
  const numbered = wanted.map(({ draft, series }) => {
    const key = documents.seriesKey(series);
    const head = heads.get(key);
    invariant(head !== undefined, `the series ${key} is held`);
    const document = follow(head, series, draft);
    heads.set(key, {
      ...head,
      ...{ nextSeq: document.seq + 1, lastHash: document.hash, lastIssuedAt: document.issuedAt },
    });
    return document;
  });
  await documents.insertDocuments(tx, numbered);
  return numbered;
}

const seriesOf = ({ kind, mode, seller, issuedAt }: Draft): DocumentSeries => ({
  ...{ seller: seller.id, kind, mode },
  year: seriesYear(issuedAt, seller.timeZone),
});

function follow(head: HeldSeries, series: DocumentSeries, { write, seller, issuedAt, ...draft }: Draft): NewDocument {
  const { nextSeq: seq, lastHash: previousHash, lastIssuedAt } = head;
  const isLate = series.mode === 'live' && lastIssuedAt !== null && lastIssuedAt > issuedAt;
  const at = isLate ? lastIssuedAt : issuedAt;
  const number = documentNumber(seller.numberPrefix, series, seq);
  const content = documentText(write({ number, series, seq, issuedAt: at.toISOString() }));
  return {
    ...{ ...draft, ...series, id: newId(), seq, number, issuedAt: at, content },
    ...{ previousHash, hash: documentHash(previousHash, content) },
  };
}
