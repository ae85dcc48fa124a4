import { createHash } from 'node:crypto';
import { documentNumber } from '@billfleet/domain';
import type { DocumentKind } from '@billfleet/domain';
import * as documents from '../documents.js';
import type { Tx } from '../store.js';
import {
  AMOUNT_MINOR,
  cases,
  CURRENCY,
  idOf,
  KIND,
  orderId,
  seatRefundId,
  TAKEN_BACK,
  workspaceId,
} from './audit-world-ids.js';

const AT = new Date('2026-09-01T12:00:00Z');
const YEAR = 2026;

/** The invoice of a case, and the credit note of the one of whose seats some went back. */
export const invoiceId = (n: number): string => idOf(KIND.other, 700 + n);
export const creditNoteId = idOf(KIND.other, 720);
/** The credit note of the one on account that was never paid. */
export const cancellationNoteId = idOf(KIND.other, 721);

/** Issues what the sales and refunds of the world come to on paper. Money that came too late or twice was never invoiced. */
export async function issueDocuments(tx: Tx): Promise<void> {
  for (const n of [
    cases.plain,
    cases.upstream,
    cases.reduced,
    cases.disputed,
    cases.closed,
    cases.double,
    cases.account,
    cases.unpaid,
  ]) {
    const none = { refundId: null, invoiceId: null };
    await issue(tx, 'invoice', n, { id: invoiceId(n), amountMinor: AMOUNT_MINOR, ...none });
  }
  const refund = { amountMinor: TAKEN_BACK.refundMinor, refundId: seatRefundId, invoiceId: invoiceId(cases.reduced) };
  await issue(tx, 'credit_note', cases.reduced, { id: creditNoteId, ...refund });
  const ended = { amountMinor: AMOUNT_MINOR, refundId: null, invoiceId: invoiceId(cases.unpaid) };
  await issue(tx, 'credit_note', cases.unpaid, { id: cancellationNoteId, ...ended });
}

type What = Pick<documents.NewDocument, 'id' | 'amountMinor' | 'refundId' | 'invoiceId'>;

async function issue(tx: Tx, kind: DocumentKind, n: number, what: What): Promise<void> {
  const series = { seller: 'general', kind, year: YEAR, mode: 'live' } as const;
  const head = (await documents.holdSeries(tx, [series])).get(documents.seriesKey(series));
  const [seq, previousHash] = [head?.nextSeq ?? 0, head?.lastHash ?? ''];
  const number = documentNumber('US', series, seq);
  const content = JSON.stringify({ number });
  await documents.insertDocuments(tx, [
    {
      ...{ ...series, ...what, seq, number, workspaceId: workspaceId(n), orderId: orderId(n), currency: CURRENCY },
      ...{ taxMinor: 0n, issuedAt: AT, content, previousHash },
      hash: createHash('sha256').update(`${previousHash}\n${content}`).digest('hex'),
    },
  ]);
}
