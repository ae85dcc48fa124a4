import type { Queryable } from '../store.js';
import type { TruthKind } from './audit-query.js';

/** A payment in the provider's own books. Only payments in state `succeeded` hold money; amounts are minor units. */
export type ProviderPayment = {
  readonly reference: string;
  readonly idempotencyKey: string;
  readonly attemptId: string;
  readonly orderId: string;
  readonly state: string;
  readonly currency: string;
  readonly amountMinor: bigint;
  readonly refundedMinor: bigint;
  /** Where the payer's bank takes it back, or tried to: the provider's own reference, and `open`, `won` or `lost`. */
  readonly chargeback?: { readonly reference: string; readonly state: string };
};

/** How often a mail with this Message-ID, such as `<id@domain>`, was delivered. */
export type MailDelivery = { readonly messageId: string; readonly count: number };

/** The records of others, read once and in order. What is left out, or fails to be read, is not audited. */
export type Truth = {
  readonly payments?: Rows<ProviderPayment> | undefined;
  readonly mails?: Rows<MailDelivery> | undefined;
};

type Rows<Row> = Iterable<Row> | AsyncIterable<Row>;

/** Why the audits that need a truth cannot be run, for each truth that is not there. */
export type MissingTruth = ReadonlyMap<TruthKind, string>;

const TABLES = [
  `create temporary table provider_truth (reference text, idempotency_key text, attempt_id text, order_id text, currency text, amount_minor bigint, refunded_minor bigint,
    chargeback_reference text, chargeback_state text)`,
  `create temporary table mail_truth (message_id text, notification_id uuid, deliveries int)`,
];
const CHUNK_ROWS = 5_000;

/** Makes the empty tables that truth is loaded into. They go with the transaction that is rolled back. */
export async function createTruthTables(db: Queryable): Promise<void> {
  for (const table of TABLES) await db.query(table);
}

/** Loads what there is in chunks. A record that breaks off in the middle counts as missing, since half a truth accuses the innocent. */
export async function loadTruth(db: Queryable, truth: Truth): Promise<MissingTruth> {
  const missing = new Map<TruthKind, string>();
  const payments = await fill(truth.payments, (chunk) => insertPayments(db, chunk));
  if (payments !== undefined) missing.set('provider_truth', `no record of the provider's payments: ${payments}`);
  const mails = await fill(truth.mails, (chunk) => insertMails(db, chunk));
  if (mails !== undefined) missing.set('mail_truth', `no record of delivered mails: ${mails}`);
  await db.query('analyze provider_truth, mail_truth');
  return missing;
}

/** @returns why the rows are not all there, if they are not. Faults of our own database are thrown. */
async function fill<Row>(
  rows: Rows<Row> | undefined,
  insert: (chunk: readonly Row[]) => Promise<unknown>,
): Promise<string | undefined> {
  if (rows === undefined) return 'it was not given';
  const iterator = Symbol.asyncIterator in rows ? rows[Symbol.asyncIterator]() : rows[Symbol.iterator]();
  for (let isDone = false; !isDone;) {
    const chunk: Row[] = [];
    try {
      while (!isDone && chunk.length < CHUNK_ROWS) {
        const next = await iterator.next();
        if (next.done === true) isDone = true;
        else chunk.push(next.value);
      }
    } catch (error) {
      return reasonOf(error);
    }
    if (chunk.length > 0) await insert(chunk);
  }
  return undefined;
}

/** Node's fetch says only "fetch failed"; what really happened is the cause. */
const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? error.cause : undefined;
  if (cause === undefined) return error.message;
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message;
  return `${error.message} (${code})`;
};

const insertPayments = (db: Queryable, rows: readonly ProviderPayment[]): Promise<unknown> => {
  const taken = rows.filter((row) => row.state === 'succeeded');
  return db.query(
    `insert into provider_truth (reference, idempotency_key, attempt_id, order_id, currency, amount_minor, refunded_minor, chargeback_reference, chargeback_state)
     select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::bigint[], $8::text[], $9::text[])`,
    [
      taken.map((row) => row.reference),
      taken.map((row) => row.idempotencyKey),
      taken.map((row) => row.attemptId),
      taken.map((row) => row.orderId),
      taken.map((row) => row.currency),
      taken.map((row) => row.amountMinor.toString()),
      taken.map((row) => row.refundedMinor.toString()),
      taken.map((row) => row.chargeback?.reference ?? null),
      taken.map((row) => row.chargeback?.state ?? null),
    ],
  );
};

const insertMails = (db: Queryable, rows: readonly MailDelivery[]): Promise<unknown> =>
  db.query(
    `insert into mail_truth (message_id, notification_id, deliveries)
     select m, substring(m from '^<([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@')::uuid, n from unnest($1::text[], $2::int[]) as row (m, n)`,
    [rows.map((row) => row.messageId), rows.map((row) => row.count)],
  );
