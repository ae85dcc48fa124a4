import type { EnterpriseRequestStatus } from '@billfleet/domain';
import type { Queryable, Tx } from './store.js';

/** Whom sales shall call. */
export type EnterpriseContact = {
  readonly name: string;
  readonly email: string;
  readonly phone?: string | undefined;
  readonly company?: string | undefined;
};

/** A wish for a contract, about to be stored. */
export type NewEnterpriseRequest = {
  readonly id: string;
  readonly workspaceId: string;
  readonly contact: EnterpriseContact;
  readonly seats: number | null;
  readonly message: string | null;
  readonly requestedBy: string;
};

/** A request with its history. */
export type EnterpriseRequestView = NewEnterpriseRequest & {
  readonly workspaceName: string;
  readonly status: EnterpriseRequestStatus;
  readonly createdAt: Date;
  readonly statusAt: Date;
  readonly timeline: readonly { readonly from: string | null; readonly to: string; readonly at: string }[];
};

/** The open request of each of these workspaces. */
export async function openRequestsOf(tx: Tx, workspaceIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const rows = await tx.query<{ workspaceId: string; id: string }>(
    `select workspace_id as "workspaceId", id from enterprise_request where workspace_id = any($1::uuid[]) and status in ('new', 'contacted')`,
    [workspaceIds],
  );
  return new Map(rows.map(({ workspaceId, id }) => [workspaceId, id]));
}

/** Stores new requests. */
export async function insertEnterpriseRequests(tx: Tx, rows: readonly NewEnterpriseRequest[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.query(
    `insert into enterprise_request (id, workspace_id, contact, seats, message, requested_by)
     select * from unnest($1::uuid[], $2::uuid[], $3::jsonb[], $4::int[], $5::text[], $6::text[])`,
    [
      rows.map((r) => r.id),
      rows.map((r) => r.workspaceId),
      rows.map((r) => JSON.stringify(r.contact)),
      rows.map((r) => r.seats),
      rows.map((r) => r.message),
      rows.map((r) => r.requestedBy),
    ],
  );
}

const VIEW = `select r.id, r.workspace_id as "workspaceId", w.name as "workspaceName", r.contact, r.seats, r.message, r.requested_by as "requestedBy", r.status,
    r.created_at as "createdAt", r.status_at as "statusAt",
    coalesce((select jsonb_agg(jsonb_build_object('from', t.from_status, 'to', t.to_status, 'at', t.at) order by t.id)
      from transition t where t.entity = 'enterprise_request' and t.entity_id = r.id), '[]') as timeline
  from enterprise_request r join workspace w on w.id = r.workspace_id`;

/** One request. */
export async function viewEnterpriseRequest(db: Queryable, id: string): Promise<EnterpriseRequestView | undefined> {
  const rows = await db.query<EnterpriseRequestView>(`${VIEW} where r.id = $1`, [id]);
  return rows[0];
}

/** Requests, newest first: at most `limit` of those older than `beforeId`. */
export function listEnterpriseRequests(
  db: Queryable,
  filter: {
    readonly status?: EnterpriseRequestStatus | undefined;
    readonly beforeId?: string | undefined;
    readonly limit: number;
  },
): Promise<EnterpriseRequestView[]> {
  return db.query<EnterpriseRequestView>(
    `${VIEW} where ($1::text is null or r.status = $1) and ($2::uuid is null or r.id < $2::uuid) order by r.id desc limit $3`,
    [filter.status ?? null, filter.beforeId ?? null, filter.limit],
  );
}

/** Locks a request with the other one of its workspace that is open, if there is one. */
export async function lockEnterpriseRequest(
  tx: Tx,
  id: string,
): Promise<{ readonly status: EnterpriseRequestStatus; readonly openId: string | null } | undefined> {
  // All requests of the workspace, so that of two that are to be opened again at once the second one sees the first.
  await tx.query(
    `select 1 from enterprise_request where workspace_id = (select workspace_id from enterprise_request where id = $1) order by id for update`,
    [id],
  );
  const rows = await tx.query<{ status: EnterpriseRequestStatus; openId: string | null }>(
    `select r.status, (select o.id from enterprise_request o where o.workspace_id = r.workspace_id and o.id <> r.id and o.status in ('new', 'contacted')) as "openId"
     from enterprise_request r where r.id = $1`,
    [id],
  );
  return rows[0];
}

/** Moves a request to another state; the database knows which moves there are. */
export async function moveEnterpriseRequest(tx: Tx, id: string, to: EnterpriseRequestStatus): Promise<void> {
  await tx.query(`update enterprise_request set status = $2, status_at = now() where id = $1`, [id, to]);
}
