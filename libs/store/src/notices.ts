import type { Currency } from '@billfleet/domain';
import type { Queryable, Tx } from './store.js';

/** What an upstream service claims to have collected. Minor units as text. */
export type UpstreamClaim = {
  readonly orderId: string | null;
  readonly orderKey: string | null;
  readonly amountMinor: string;
  readonly currency: Currency;
  readonly paidAt: string;
};

/** What somebody told us about a payment. */
export type Notice = {
  readonly id: string;
  readonly provider: string;
  /** Unique for ever within the provider: a repeat changes nothing. */
  readonly eventId: string;
  readonly source: 'webhook' | 'http' | 'queue';
  readonly workspaceId: string | null;
  readonly attemptId: string | null;
  readonly reference: string;
  readonly claim: UpstreamClaim | null;
};

/** Stores notices; answers the ids of those that are new. */
export async function insertNotices(tx: Tx, rows: readonly Notice[]): Promise<ReadonlySet<string>> {
  if (rows.length === 0) return new Set();
  const written = await tx.query<{ id: string }>(
    `insert into payment_notice (id, provider, event_id, source, workspace_id, attempt_id, reference, claim)
     select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::uuid[], $6::uuid[], $7::text[], $8::jsonb[])
     on conflict (provider, event_id) do nothing returning id`,
    [
      rows.map((r) => r.id),
      rows.map((r) => r.provider),
      rows.map((r) => r.eventId),
      rows.map((r) => r.source),
      rows.map((r) => r.workspaceId),
      rows.map((r) => r.attemptId),
      rows.map((r) => r.reference),
      rows.map((r) => (r.claim === null ? null : JSON.stringify(r.claim))),
    ],
  );
  return new Set(written.map((row) => row.id));
}

/** Those notices that a provider's events are kept as, by event id. */
export async function findNoticesByEvent(
  db: Queryable,
  provider: string,
  eventIds: readonly string[],
): Promise<ReadonlyMap<string, Notice>> {
  if (eventIds.length === 0) return new Map();
  const rows = await db.query<Notice>(
    `select id, provider, event_id as "eventId", source, workspace_id as "workspaceId", attempt_id as "attemptId", reference, claim
     from payment_notice where provider = $1 and event_id = any($2::text[])`,
    [provider, [...new Set(eventIds)]],
  );
  return new Map(rows.map((row) => [row.eventId, row]));
}

/** Notices by id. */
export async function findNotices(
  db: Queryable,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Notice & { readonly receivedAt: Date }>> {
  const rows = await db.query<Notice & { readonly receivedAt: Date }>(
    `select id, provider, event_id as "eventId", source, workspace_id as "workspaceId", attempt_id as "attemptId", reference, claim, received_at as "receivedAt"
     from payment_notice where id = any($1::uuid[])`,
    [ids],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/** Marks notices as dealt with, and how. */
export async function settleNotices(
  tx: Tx,
  settled: readonly { readonly id: string; readonly outcome: string }[],
): Promise<void> {
  if (settled.length === 0) return;
  await tx.query(
    `update payment_notice n set processed_at = now(), outcome = s.outcome from unnest($1::uuid[], $2::text[]) as s (id, outcome) where n.id = s.id`,
    [settled.map((s) => s.id), settled.map((s) => s.outcome)],
  );
}
