import type { Queryable, SingleTx, Tx } from './store.js';

/** What somebody of the seller's staff may do: look, help customers, run the fleet, or everything. */
export type StaffAccountRole = 'viewer' | 'support' | 'operator' | 'admin';

/** A person who works for the seller. */
export type StaffAccount = {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly role: StaffAccountRole;
};

const ACCOUNT = 'a.id, a.email, a.name, a.role';
const STAFF_SHOWN_MAX = 1_000;

/** Adds somebody; false when the address is somebody's already. */
export async function insertStaff(tx: Tx, account: StaffAccount): Promise<boolean> {
  const rows = await tx.query(
    `insert into staff_account (id, email, name, role) values ($1, $2, $3, $4) on conflict (email) where removed_at is null do nothing returning id`,
    [account.id, account.email, account.name, account.role],
  );
  return rows.length > 0;
}

/** Everybody who was not removed, by name; 1,000 at most. */
export function listStaff(db: Queryable): Promise<(StaffAccount & { readonly createdAt: Date })[]> {
  return db.query(
    `select ${ACCOUNT}, a.created_at as "createdAt" from staff_account a where a.removed_at is null order by a.name, a.id limit ${String(STAFF_SHOWN_MAX)}`,
  );
}

/** Somebody by his address, which is in lower case. */
export async function findStaff(db: Queryable, email: string): Promise<StaffAccount | undefined> {
  const rows = await db.query<StaffAccount>(
    `select ${ACCOUNT} from staff_account a where a.email = $1 and a.removed_at is null`,
    [email],
  );
  return rows[0];
}

/** Gives somebody another role, which holds from the next request on; answers the one before, undefined where nobody has this address. */
export async function changeStaffRole(
  tx: Tx,
  email: string,
  role: StaffAccountRole,
): Promise<StaffAccountRole | undefined> {
  const rows = await tx.query<{ before: StaffAccountRole }>(
    `with held as (select id, role from staff_account where email = $1 and removed_at is null for update)
     update staff_account a set role = $2 from held where a.id = held.id returning held.role as before`,
    [email, role],
  );
  return rows[0]?.before;
}

/** Removes people by their addresses, and ends their sessions; answers the addresses of those who were there. */
export async function removeStaff(tx: Tx, emails: readonly string[]): Promise<string[]> {
  const rows = await tx.query<{ id: string; email: string }>(
    `update staff_account set removed_at = now() where email = any($1::text[]) and removed_at is null returning id, email`,
    [emails],
  );
  await tx.query(
    `update staff_session set ended_at = now(), ended_for = 'the account was removed' where staff_id = any($1::uuid[]) and ended_at is null`,
    [rows.map((row) => row.id)],
  );
  return rows.map((row) => row.email);
}

/** Begins a session. */
export async function insertStaffSession(
  tx: Tx,
  session: {
    readonly id: string;
    readonly tokenHash: string;
    readonly linkId: string;
    readonly staffId: string;
    readonly endsInMs: number;
  },
): Promise<void> {
  await tx.query(
    `insert into staff_session (id, token_hash, link_id, staff_id, ends_at) values ($1, $2, $3, $4, now() + $5 * interval '1 ms')`,
    [session.id, session.tokenHash, session.linkId, session.staffId, session.endsInMs],
  );
}

/** A session of staff that goes on. `isStale`: its last visit is to be noted again. */
export type StaffSession = StaffAccount & { readonly sessionId: string; readonly isStale: boolean };

/** The session of a cookie, with what its person may do now; undefined when there is none, it has ended, or nobody came for `idleMs`. */
export async function findStaffSession(
  db: Queryable,
  tokenHash: string,
  idleMs: number,
): Promise<StaffSession | undefined> {
  const rows = await db.query<StaffSession>(
    `select ${ACCOUNT}, s.id as "sessionId", s.seen_at < now() - interval '60 s' as "isStale"
     from staff_session s join staff_account a on a.id = s.staff_id
     where s.token_hash = $1 and s.ended_at is null and s.ends_at > now() and s.seen_at > now() - $2 * interval '1 ms' and a.removed_at is null`,
    [tokenHash, idleMs],
  );
  return rows[0];
}

/** Notes that somebody came. */
export async function noteStaffVisit(tx: SingleTx, sessionId: string): Promise<void> {
  await tx.change(`update staff_session set seen_at = now() where id = $1 and ended_at is null`, [sessionId]);
}

/** Ends the session of a cookie. */
export async function endStaffSession(tx: SingleTx, tokenHash: string, why: string): Promise<void> {
  await tx.change(
    `update staff_session set ended_at = now(), ended_for = $2 where token_hash = $1 and ended_at is null`,
    [tokenHash, why],
  );
}
