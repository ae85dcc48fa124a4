import type { MemberToDisable } from './members.js';
import type { Queryable, Tx } from './store.js';
import { StartOverError } from './store.js';

/** Why a request was refused, kept so that a publisher that came through a queue can read it. */
export type Problem = {
  readonly status: number;
  readonly code: string;
  readonly field: string;
  readonly found: string;
  readonly wanted: string;
  /** Of `seats_in_use`: who could be disabled, a few of them. */
  readonly couldDisable?: readonly MemberToDisable[];
};

/** What an idempotency key stands for. */
export type RequestRow = {
  readonly workspaceId: string;
  readonly idempotencyKey: string;
  readonly operation: string;
  readonly requestHash: string;
  readonly status: 'accepted' | 'refused';
  readonly ref: string | null;
  readonly problem: Problem | null;
};

/** A key within its workspace. */
export type RequestName = { readonly workspaceId: string; readonly idempotencyKey: string };

/** One text per key, to look requests up by. */
export const requestNameText = (name: RequestName): string => `${name.workspaceId} ${name.idempotencyKey}`;

/** What is known of these keys. */
export async function findRequests(
  db: Queryable,
  names: readonly RequestName[],
): Promise<ReadonlyMap<string, RequestRow>> {
  const rows = await db.query<RequestRow>(
    `select r.workspace_id as "workspaceId", r.idempotency_key as "idempotencyKey", operation, request_hash as "requestHash", status, ref, problem
     from request r join unnest($1::uuid[], $2::text[]) as wanted (workspace_id, idempotency_key) using (workspace_id, idempotency_key)`,
    [names.map((n) => n.workspaceId), names.map((n) => n.idempotencyKey)],
  );
  return new Map(rows.map((row) => [requestNameText(row), row]));
}

/**
 * Records what keys stand for. A refused request does not use its key up: a later accepted one takes its place.
 * @throws StartOverError when another transaction accepted one of the keys in the meantime: its result is then the answer.
 */
export async function recordRequests(tx: Tx, rows: readonly RequestRow[]): Promise<void> {
  if (rows.length === 0) return;
  const written = await tx.query<{ n: number }>(
    `insert into request as r (workspace_id, idempotency_key, operation, request_hash, status, ref, problem)
     select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::uuid[], $7::jsonb[])
     on conflict (workspace_id, idempotency_key) do update set operation = excluded.operation, request_hash = excluded.request_hash,
       status = excluded.status, ref = excluded.ref, problem = excluded.problem, created_at = now() where r.status = 'refused'
     returning 1 as n`,
    [
      rows.map((r) => r.workspaceId),
      rows.map((r) => r.idempotencyKey),
      rows.map((r) => r.operation),
      rows.map((r) => r.requestHash),
      rows.map((r) => r.status),
      rows.map((r) => r.ref),
      rows.map((r) => (r.problem === null ? null : JSON.stringify(r.problem))),
    ],
  );
  if (written.length < rows.length) throw new StartOverError('another request used one of the keys first');
}

/** Records why malformed requests were refused; those of unknown workspaces, or whose key is used already, are left out. */
export async function recordRefusals(
  tx: Tx,
  rows: readonly (Omit<RequestRow, 'status' | 'ref'> & { readonly problem: Problem })[],
): Promise<void> {
  await tx.query(
    `insert into request (workspace_id, idempotency_key, operation, request_hash, status, problem)
     select w.id, n.idempotency_key, n.operation, n.request_hash, 'refused', n.problem
     from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::jsonb[]) as n (id, idempotency_key, operation, request_hash, problem)
     join workspace w on w.id = n.id on conflict (workspace_id, idempotency_key) do nothing`,
    [
      rows.map((r) => r.workspaceId),
      rows.map((r) => r.idempotencyKey),
      rows.map((r) => r.operation),
      rows.map((r) => r.requestHash),
      rows.map((r) => JSON.stringify(r.problem)),
    ],
  );
}
