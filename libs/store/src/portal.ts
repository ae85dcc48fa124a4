import type { WorkspaceRole } from '@billfleet/domain';
import type { Queryable, SingleTx, Tx } from './store.js';

/** A person on the billing page, as the host product or the members table knows him. */
export type PortalPerson = {
  readonly workspaceId: string;
  readonly personId: string;
  readonly personName: string | null;
  readonly personEmail: string | null;
  readonly role: WorkspaceRole;
  /** Where the page leads back to in the host product. */
  readonly returnUrl: string | null;
};

/** A link that lets a person in once. `goodForMs` counts from now, by the database's clock, as all times here do. */
export type NewPortalLink = PortalPerson & {
  readonly id: string;
  readonly tokenHash: string;
  readonly toPath: string;
  readonly createdBy: string;
  readonly goodForMs: number;
};

const PERSON = `workspace_id as "workspaceId", person_id as "personId", person_name as "personName", person_email as "personEmail", role, return_url as "returnUrl"`;

/** Ended sessions and links are kept for so long. */
const KEPT_DAYS = 30;
/** Old rows that go at most with each new link: more than come, so that they never gather. */
const PRUNED_MAX = 20;

/** Whether the host product said that a person must not come in any more. */
export async function isDisabledMember(db: Queryable, workspaceId: string, personId: string): Promise<boolean> {
  const rows = await db.query(
    `select from member where workspace_id = $1 and external_id = $2 and status = 'disabled'`,
    [workspaceId, personId],
  );
  return rows.length > 0;
}

/** Stores a link, and lets go of a few that ended long ago. Answers until when it is good. */
export async function insertLink(tx: Tx, link: NewPortalLink): Promise<Date> {
  const [row] = await tx.query<{ expiresAt: Date }>(
    `with old_links as (delete from portal_link where id in (select id from portal_link where expires_at < now() - $12 * interval '1 day' limit $13)),
       old_sessions as (delete from portal_session where id in (select id from portal_session where ends_at < now() - $12 * interval '1 day' limit $13))
     insert into portal_link (id, token_hash, workspace_id, person_id, person_name, person_email, role, return_url, to_path, created_by, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, now() + $11 * interval '1 ms') returning expires_at as "expiresAt"`,
    [
      ...[link.id, link.tokenHash, link.workspaceId, link.personId, link.personName, link.personEmail, link.role],
      ...[link.returnUrl, link.toPath, link.createdBy, link.goodForMs, KEPT_DAYS, PRUNED_MAX],
    ],
  );
  if (row === undefined) throw new Error('the link was not stored');
  return row.expiresAt;
}

/** A link as whoever brings its token finds it. */
export type PortalLink = PortalPerson & { readonly id: string; readonly toPath: string };

/** Uses a link up; undefined when there is none, or it was used before, or its time is over. Of two who come at once, one gets it. */
export async function useLink(tx: Tx, tokenHash: string): Promise<PortalLink | undefined> {
  const rows = await tx.query<PortalLink>(
    `update portal_link set used_at = now() where token_hash = $1 and used_at is null and expires_at > now()
     returning id, to_path as "toPath", ${PERSON}`,
    [tokenHash],
  );
  return rows[0];
}

/** A session to begin. */
export type NewPortalSession = PortalPerson & {
  readonly id: string;
  readonly tokenHash: string;
  readonly linkId: string;
  readonly source: 'host' | 'mail';
  readonly endsInMs: number;
};

/** Begins a session. */
export async function insertSession(tx: Tx, session: NewPortalSession): Promise<void> {
  await tx.query(
    `insert into portal_session (id, token_hash, link_id, source, workspace_id, person_id, person_name, person_email, role, return_url, ends_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, now() + $11 * interval '1 ms')`,
    [
      ...[session.id, session.tokenHash, session.linkId, session.source, session.workspaceId, session.personId],
      ...[session.personName, session.personEmail, session.role, session.returnUrl, session.endsInMs],
    ],
  );
}

/** A session that goes on. `isStale`: its last visit is to be noted again. */
export type PortalSession = PortalPerson & { readonly id: string; readonly isStale: boolean };

/** How long ago a visit may be noted without being noted again. */
const NOTED_SECONDS = 60;

/** The session of a cookie; undefined when there is none, it has ended, or nobody came for `idleMs`. */
export async function findSession(
  db: Queryable,
  tokenHash: string,
  idleMs: number,
): Promise<PortalSession | undefined> {
  const rows = await db.query<PortalSession>(
    `select id, ${PERSON}, seen_at < now() - $3 * interval '1 s' as "isStale" from portal_session
     where token_hash = $1 and ended_at is null and ends_at > now() and seen_at > now() - $2 * interval '1 ms'`,
    [tokenHash, idleMs, NOTED_SECONDS],
  );
  return rows[0];
}

/** Where a link led whose session a cookie still holds: whoever opens it again is there already. */
export async function findPathOfUsedLink(
  db: Queryable,
  linkTokenHash: string,
  sessionTokenHash: string,
): Promise<string | undefined> {
  const rows = await db.query<{ toPath: string }>(
    `select l.to_path as "toPath" from portal_link l join portal_session s on s.link_id = l.id
     where l.token_hash = $1 and s.token_hash = $2 and s.ended_at is null and s.ends_at > now()`,
    [linkTokenHash, sessionTokenHash],
  );
  return rows[0]?.toPath;
}

/** Notes that somebody came. */
export async function noteVisit(tx: SingleTx, id: string): Promise<void> {
  await tx.change(`update portal_session set seen_at = now() where id = $1 and ended_at is null`, [id]);
}

/** Ends the session of a cookie. */
export async function endSession(tx: SingleTx, tokenHash: string, why: string): Promise<void> {
  await tx.change(
    `update portal_session set ended_at = now(), ended_for = $2 where token_hash = $1 and ended_at is null`,
    [tokenHash, why],
  );
}

/** A session as operators see it: nothing of its token. */
export type PortalSessionView = Omit<PortalPerson, 'returnUrl'> & {
  readonly id: string;
  readonly source: 'host' | 'mail';
  readonly createdAt: Date;
  readonly seenAt: Date;
  readonly endsAt: Date;
};

const SESSIONS_SHOWN_MAX = 1_000;

/** Sessions that go on, newest first, at most 1,000; of one workspace, or of all. */
export function listSessions(db: Queryable, workspaceId: string | null, idleMs: number): Promise<PortalSessionView[]> {
  return db.query<PortalSessionView>(
    `select id, workspace_id as "workspaceId", person_id as "personId", person_name as "personName", person_email as "personEmail", role, source,
       created_at as "createdAt", seen_at as "seenAt", ends_at as "endsAt"
     from portal_session where ended_at is null and ends_at > now() and seen_at > now() - $2 * interval '1 ms' and ($1::uuid is null or workspace_id = $1)
     order by created_at desc, id limit ${String(SESSIONS_SHOWN_MAX)}`,
    [workspaceId, idleMs],
  );
}

/** Ends sessions by their ids; answers those that went on until now. */
export async function revokeSessions(tx: Tx, ids: readonly string[], why: string): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    `update portal_session set ended_at = now(), ended_for = $2 where id = any($1::uuid[]) and ended_at is null and ends_at > now() returning id`,
    [ids, why],
  );
  return rows.map((row) => row.id);
}
