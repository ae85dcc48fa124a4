import { cancellationNoteId, creditNoteId, invoiceId } from './audit-world-documents.js';
import { cases, orderId, seatRefundId, secondAttemptId, workspaceId } from './audit-world.js';

const setDocument = (id: string, change: string): string => `update document set ${change} where id = '${id}'`;
const plain = invoiceId(cases.plain);
const reduced = invoiceId(cases.reduced);
/** Stores a document once more, with another id and number. */
const repeatDocument = (id: string): string =>
  `insert into document select (jsonb_populate_record(d, jsonb_build_object('id', gen_random_uuid(), 'number', d.number || 'x', 'seq', 90))).* from document d
   where id = '${id}'`;

/** For each audit of documents the corruptions that it must notice, each by itself. */
export const documentPlants = {
  B60: [
    `delete from document where id = '${plain}'`,
    repeatDocument(plain),
    setDocument(plain, 'amount_minor = amount_minor + 1'),
    setDocument(plain, `currency = 'BRL'`),
    setDocument(plain, `workspace_id = '${workspaceId(cases.upstream)}'`),
    setDocument(plain, `order_id = '${orderId(cases.open)}'`),
    `update orders set paid_attempt_id = null where id = '${orderId(cases.plain)}'`,
    `delete from document where id = '${invoiceId(cases.account)}'`,
    setDocument(invoiceId(cases.account), 'amount_minor = amount_minor + 1'),
  ],
  B61: [
    `delete from document where id = '${creditNoteId}'`,
    repeatDocument(creditNoteId),
    setDocument(creditNoteId, 'amount_minor = amount_minor - 1'),
    setDocument(creditNoteId, `order_id = '${orderId(cases.plain)}'`),
    `delete from refund where id = '${seatRefundId}'`,
    // An order on account that was never paid owes nothing, and one that may still be paid owes all of it.
    `delete from document where id = '${cancellationNoteId}'`,
    setDocument(cancellationNoteId, 'amount_minor = amount_minor - 1'),
    `delete from transition where entity_id = '${orderId(cases.unpaid)}' and to_status = 'cancelled'`,
    `insert into document select (jsonb_populate_record(d, jsonb_build_object('id', gen_random_uuid(), 'number', d.number || 'x', 'seq', 90,
       'order_id', '${orderId(cases.account)}'))).* from document d where id = '${cancellationNoteId}'`,
    // Money that goes back for what was sold, and not for what came twice.
    `update refund set attempt_id = '${secondAttemptId}' where order_id = '${orderId(cases.double)}'`,
  ],
  B62: [
    setDocument(reduced, 'amount_minor = 14999'),
    setDocument(creditNoteId, 'amount_minor = 50001'),
    setDocument(creditNoteId, 'tax_minor = 1'),
    setDocument(creditNoteId, `invoice_id = '${plain}'`),
    setDocument(creditNoteId, `invoice_id = id`),
    setDocument(creditNoteId, `currency = 'BRL'`),
    setDocument(creditNoteId, `mode = 'test'`),
  ],
  B63: [
    setDocument(plain, `content = replace(content, '1', '2')`),
    setDocument(plain, `hash = previous_hash`),
    setDocument(reduced, `previous_hash = repeat('0', 64)`),
    `delete from document where id = '${plain}'`,
    `delete from document where id = '${reduced}'`,
    `delete from document where seq = (select max(seq) from document where kind = 'invoice') and kind = 'invoice'`,
    repeatDocument(plain),
    `update document_series set next_seq = next_seq + 1`,
    `update document_series set last_hash = repeat('0', 64)`,
    `delete from document_series where kind = 'invoice'`,
    `delete from document where kind = 'credit_note'`,
    `update document set seq = seq + 1 where kind = 'invoice'`,
  ],
} as const satisfies Readonly<Record<string, readonly string[]>>;
