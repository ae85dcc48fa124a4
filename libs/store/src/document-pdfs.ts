import { clockNowOf } from './workspace-time.js';
import type { Queryable, Tx } from './store.js';

/** What is to be drawn: a document, or the request to pay by the Pix code of an attempt. */
export type PdfSubject = { readonly documentId: string } | { readonly attemptId: string };

const refsOf = (subject: PdfSubject): readonly [string | null, string | null] =>
  'documentId' in subject ? [subject.documentId, null] : [null, subject.attemptId];

/** A PDF that was drawn, with the SHA-256 of its bytes. */
export type DrawnPdf = { readonly pdf: Uint8Array; readonly hash: string };

/** The PDF of something in a language, once it is drawn. */
export async function findPdf(db: Queryable, subject: PdfSubject, language: string): Promise<DrawnPdf | undefined> {
  const rows = await db.query<DrawnPdf>(
    `select pdf, hash from document_pdf where (document_id, attempt_id) is not distinct from ($1::uuid, $2::uuid) and language = $3 and pdf is not null`,
    [...refsOf(subject), language],
  );
  return rows[0];
}

/** Asks for the PDF of something; answers the row that will hold it. */
export async function askForPdf(tx: Tx, id: string, subject: PdfSubject, language: string): Promise<string> {
  const rows = await tx.query<{ id: string }>(
    `with asked as (insert into document_pdf (id, document_id, attempt_id, language) values ($1, $2, $3, $4)
       on conflict (document_id, attempt_id, language) do nothing returning id)
     select id from asked union all
     select id from document_pdf where (document_id, attempt_id) is not distinct from ($2::uuid, $3::uuid) and language = $4`,
    [id, ...refsOf(subject), language],
  );
  return rows[0]?.id ?? id;
}

/** A PDF that was asked for and is not drawn. */
export type PdfToDraw = {
  readonly id: string;
  readonly language: string;
  readonly attemptId: string | null;
  /** Of a document. */
  readonly content: string | null;
  readonly hash: string | null;
};

/** PDFs that are not drawn yet, by the ids of their rows. */
export function pdfsToDraw(db: Queryable, ids: readonly string[]): Promise<PdfToDraw[]> {
  return db.query<PdfToDraw>(
    `select p.id, p.language, p.attempt_id as "attemptId", d.content, d.hash from document_pdf p left join document d on d.id = p.document_id
     where p.id = any($1::uuid[]) and p.pdf is null`,
    [ids],
  );
}

/** Stores what was drawn; whoever is second changes nothing. */
export async function storePdfs(
  tx: Tx,
  rows: readonly { readonly id: string; readonly pdf: Uint8Array }[],
): Promise<void> {
  if (rows.length === 0) return;
  await tx.query(
    `update document_pdf p set pdf = n.pdf, hash = encode(sha256(n.pdf), 'hex')
     from (select id, decode(hex, 'hex') as pdf from unnest($1::uuid[], $2::text[]) as n (id, hex)) n where p.id = n.id and p.pdf is null`,
    [rows.map((row) => row.id), rows.map((row) => Buffer.from(row.pdf).toString('hex'))],
  );
}

/** The open Pix code of an order, by which it can be paid until `payUntil`. */
export type OpenPixCode = { readonly attemptId: string; readonly workspaceId: string };

/** The Pix code by which an order can be paid now; undefined where there is none, or its time is over. */
export async function openPixCode(db: Queryable, orderId: string, now: Date): Promise<OpenPixCode | undefined> {
  const rows = await db.query<OpenPixCode>(
    `select a.id as "attemptId", a.workspace_id as "workspaceId" from attempt a join orders o on o.id = a.order_id
     where o.id = $1 and o.status = 'awaiting_payment' and a.status = 'pending' and a.pix_code is not null
       and coalesce(a.expires_at, o.expires_at) > coalesce(${clockNowOf('o.workspace_id')}, $2::timestamptz)`,
    [orderId, now.toISOString()],
  );
  return rows[0];
}
