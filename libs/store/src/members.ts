import type { MemberRole, MemberStatus } from '@billfleet/domain';
import type { Queryable, Tx } from './store.js';

/** A member as the host product reports him. */
export type MemberRow = {
  readonly id: string;
  readonly externalId: string;
  readonly displayName: string;
  readonly email: string | null;
  readonly role: MemberRole;
  readonly status: MemberStatus;
  /** When it changed in the host product; null where that did not say. */
  readonly changedAt: Date | null;
};

/** Seats of a workspace and who is known of its members. `seats` null: it never had a subscription. */
export type MembersHeld = {
  readonly seats: number | null;
  readonly inUse: number;
  /** The members who were asked for, by the host product's ids. */
  readonly known: ReadonlyMap<string, MemberRow>;
};

const MEMBER = `id, external_id as "externalId", display_name as "displayName", email, role, status, changed_at as "changedAt"`;
const IN_USE = `count(*) filter (where status <> 'disabled')::int`;

/** Locks the subscription of a workspace, then the named members, and counts who uses a seat: two reports at once cannot both take the last one. */
export async function lockMembers(tx: Tx, workspaceId: string, externalIds: readonly string[]): Promise<MembersHeld> {
  const locking = tx.query<{ seats: number }>(`select seats from subscription where workspace_id = $1 for update`, [
    workspaceId,
  ]);
  const reading = tx.query<MemberRow>(
    `select ${MEMBER} from member where workspace_id = $1 and external_id = any($2::text[]) order by id for update`,
    [workspaceId, externalIds],
  );
  const counting = tx.query<{ inUse: number }>(`select ${IN_USE} as "inUse" from member where workspace_id = $1`, [
    workspaceId,
  ]);
  const [subscriptions, rows, counts] = await Promise.all([locking, reading, counting]);
  return {
    seats: subscriptions[0]?.seats ?? null,
    inUse: counts[0]?.inUse ?? 0,
    known: new Map(rows.map((row) => [row.externalId, row])),
  };
}

/** What became of a report. */
export type ReportOutcome = 'created' | 'changed' | 'unchanged';

/**
 * Writes members as they were reported, all in one statement. What is stored already as reported is left alone, so a repeat writes
 * nothing. Answers who was created and who was changed, by the host product's ids.
 */
export async function upsertMembers(
  tx: Tx,
  workspaceId: string,
  rows: readonly MemberRow[],
): Promise<ReadonlyMap<string, ReportOutcome>> {
  if (rows.length === 0) return new Map();
  const written = await tx.query<{ externalId: string; isNew: boolean }>(
    `insert into member as m (id, workspace_id, external_id, display_name, email, role, status, changed_at)
     select i, $1, e, n, a, r, s, c from unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::timestamptz[])
       as row (i, e, n, a, r, s, c)
     on conflict (workspace_id, external_id) do update set display_name = excluded.display_name, email = excluded.email, role = excluded.role,
       status = excluded.status, changed_at = coalesce(excluded.changed_at, m.changed_at),
       status_at = case when m.status = excluded.status then m.status_at else now() end
     where (m.display_name, m.email, m.role, m.status, m.changed_at) is distinct from
       (excluded.display_name, excluded.email, excluded.role, excluded.status, coalesce(excluded.changed_at, m.changed_at))
     returning external_id as "externalId", (xmax = 0) as "isNew"`,
    [
      workspaceId,
      rows.map((r) => r.id),
      rows.map((r) => r.externalId),
      rows.map((r) => r.displayName),
      rows.map((r) => r.email),
      rows.map((r) => r.role),
      rows.map((r) => r.status),
      rows.map((r) => r.changedAt?.toISOString() ?? null),
    ],
  );
  return new Map(written.map(({ externalId, isNew }) => [externalId, isNew ? 'created' : 'changed']));
}

/** One page of a workspace's members, in the order in which they were first reported. */
export type MemberPage = {
  readonly status?: MemberStatus | undefined;
  /** The last member of the page before. */
  readonly afterId?: string | undefined;
  readonly limit: number;
};

/** Members of a workspace, at most `limit` after `afterId`. Each page is a statement of its own; nobody is seen twice. */
export async function listMembers(db: Queryable, workspaceId: string, page: MemberPage): Promise<readonly MemberRow[]> {
  return db.query<MemberRow>(
    `select ${MEMBER} from member where workspace_id = $1 and ($2::text is null or status = $2) and ($3::uuid is null or id > $3::uuid)
     order by id limit $4`,
    [workspaceId, page.status ?? null, page.afterId ?? null, page.limit],
  );
}

/** Seats of a workspace and how many of them are in use; undefined when there is no such workspace. */
export async function viewSeatUse(
  db: Queryable,
  workspaceId: string,
): Promise<{ readonly seats: number | null; readonly inUse: number } | undefined> {
  const rows = await db.query<{ seats: number | null; inUse: number }>(
    `select s.seats, (select ${IN_USE} from member m where m.workspace_id = w.id and status <> 'disabled') as "inUse"
     from workspace w left join subscription s on s.workspace_id = w.id where w.id = $1`,
    [workspaceId],
  );
  return rows[0];
}

/** A member who could be disabled, so that seats suffice. */
export type MemberToDisable = Pick<MemberRow, 'externalId' | 'displayName' | 'role' | 'status'>;

/**
 * Who could be disabled in these workspaces, at most `limit` of each: who has not accepted yet before who works with it, members before
 * billing contacts before admins, the newest first.
 */
export async function findMembersToDisable(
  db: Queryable,
  workspaceIds: readonly string[],
  limit: number,
): Promise<ReadonlyMap<string, readonly MemberToDisable[]>> {
  if (workspaceIds.length === 0) return new Map();
  const rows = await db.query<MemberToDisable & { workspaceId: string }>(
    `select w as "workspaceId", m.external_id as "externalId", m.display_name as "displayName", m.role, m.status
     from unnest($1::uuid[]) as w cross join lateral (
       select * from member where workspace_id = w and status <> 'disabled'
       order by status = 'active', array_position(array['member', 'billing-contact', 'admin'], role), id desc limit $2) m`,
    [[...new Set(workspaceIds)], limit],
  );
  const found = new Map<string, MemberToDisable[]>();
  for (const { workspaceId, ...member } of rows) found.set(workspaceId, [...(found.get(workspaceId) ?? []), member]);
  return found;
}
