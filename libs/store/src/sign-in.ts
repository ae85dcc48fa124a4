import type { WorkspaceRole } from '@billfleet/domain';
import type { Queryable, Tx } from './store.js';
import { clockAtOf } from './workspace-time.js';
import type { OnClock } from './workspace-time.js';

/** A door that links of mails open: the billing page for customers, the support console for staff. */
export type Door = 'billing' | 'support';

/** A place that the reader of an address may enter, as whom, and in which language and time he is written to. */
export type Enterable = OnClock & {
  readonly workspaceId: string;
  readonly workspaceName: string;
  readonly locale: 'en' | 'es' | 'pt-BR';
  readonly timeZone: string;
  readonly personId: string;
  readonly personName: string | null;
  readonly role: WorkspaceRole;
};

/** An address may look after so many workspaces here. */
const WORKSPACES_MAX = 50;

/**
 * The workspaces whose billing page the reader of an address may enter: where he is an active admin or billing contact, or reads what is sent
 * to the billing address; by name. Whoever was disabled in a workspace does not enter it by its billing address either.
 */
export function findEnterable(db: Queryable, email: string): Promise<Enterable[]> {
  return db.query<Enterable>(
    `select w.id as "workspaceId", w.name as "workspaceName", w.locale, w.time_zone as "timeZone", ${clockAtOf('w.id')},
       p.person_id as "personId", p.person_name as "personName", p.role
     from (select distinct on (workspace_id) * from (
         select workspace_id, external_id as person_id, display_name as person_name,
           case role when 'admin' then 'workspace-admin' else role end as role, case role when 'admin' then 0 else 1 end as rank
         from member where lower(email) = $1 and status = 'active' and role <> 'member'
         union all
         select id, $1, null, 'billing-contact', 2 from workspace where lower(billing_email) = $1
           and not exists (select from member m where m.workspace_id = workspace.id and lower(m.email) = $1 and m.status = 'disabled')
       ) each_way order by workspace_id, rank, person_id) p
     join workspace w on w.id = p.workspace_id order by w.name, w.id limit ${String(WORKSPACES_MAX)}`,
    [email],
  );
}

/** A link to sign in. `goodForMs` counts from now, by the database's clock. */
export type NewSignInLink = {
  readonly id: string;
  readonly door: Door;
  readonly email: string;
  readonly toPath: string;
  readonly goodForMs: number;
};

const KEPT_DAYS = 30;
const PRUNED_MAX = 20;

/** Stores a link, unless its address got so many for the same door within as long as a link is good. Answers whether it was stored. */
export async function insertSignInLink(tx: Tx, link: NewSignInLink, sameAddressMax: number): Promise<boolean> {
  // Two requests for one address at once must not both be the last one that it may make.
  await tx.query(`select pg_advisory_xact_lock(hashtextextended($1, 25))`, [`${link.door} ${link.email}`]);
  const rows = await tx.query(
    `with old as (delete from sign_in_link where id in (select id from sign_in_link where expires_at < now() - $7 * interval '1 day' limit $8))
     insert into sign_in_link (id, door, email, to_path, expires_at) select $1, $2, $3, $4, now() + $5 * interval '1 ms'
     where (select count(*) from sign_in_link where email = $3 and door = $2 and created_at > now() - $5 * interval '1 ms') < $6 returning id`,
    [link.id, link.door, link.email, link.toPath, link.goodForMs, sameAddressMax, KEPT_DAYS, PRUNED_MAX],
  );
  return rows.length > 0;
}

/** A link that is good. */
export type SignInLink = { readonly id: string; readonly email: string; readonly toPath: string };

const GOOD = `id = $1 and door = $2 and used_at is null and expires_at > now()`;

/** A link that is neither used nor too old; looking changes nothing. */
export async function findSignInLink(db: Queryable, id: string, door: Door): Promise<SignInLink | undefined> {
  const rows = await db.query<SignInLink>(`select id, email, to_path as "toPath" from sign_in_link where ${GOOD}`, [
    id,
    door,
  ]);
  return rows[0];
}

/** Uses a link up; false when somebody did before, or its time is over. */
export async function useSignInLink(tx: Tx, id: string, door: Door): Promise<boolean> {
  const rows = await tx.query(`update sign_in_link set used_at = now() where ${GOOD} returning id`, [id, door]);
  return rows.length > 0;
}
