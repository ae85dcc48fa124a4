import type { CivilDate, Currency } from '@billfleet/domain';
import type { Queryable, Tx } from './store.js';

/** The customer's account; its country fixes currency and methods. */
export type Workspace = {
  readonly id: string;
  readonly name: string;
  readonly country: string;
  readonly currency: Currency;
  readonly timeZone: string;
  readonly locale: 'en' | 'es' | 'pt-BR';
  readonly billingEmail: string | null;
  readonly trialEndsOn: CivilDate | null;
};

const WORKSPACE = `id, name, country, currency, time_zone as "timeZone", locale, billing_email as "billingEmail", trial_ends_on::text as "trialEndsOn"`;

/** The workspaces with these ids; unknown ids are left out. */
export async function findWorkspaces(db: Queryable, ids: readonly string[]): Promise<ReadonlyMap<string, Workspace>> {
  const rows = await db.query<Workspace>(`select ${WORKSPACE} from workspace where id = any($1::uuid[])`, [
    [...new Set(ids)],
  ]);
  return new Map(rows.map((row) => [row.id, row]));
}

/** Adds workspaces; those whose id exists already stay as they are. Answers the ids that are new. */
export async function insertWorkspaces(tx: Tx, rows: readonly Workspace[]): Promise<string[]> {
  const written = await tx.query<{ id: string }>(
    `insert into workspace (id, name, country, currency, time_zone, locale, billing_email, trial_ends_on)
     select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::date[]) on conflict (id) do nothing returning id`,
    [
      rows.map((r) => r.id),
      rows.map((r) => r.name),
      rows.map((r) => r.country),
      rows.map((r) => r.currency),
      rows.map((r) => r.timeZone),
      rows.map((r) => r.locale),
      rows.map((r) => r.billingEmail),
      rows.map((r) => r.trialEndsOn),
    ],
  );
  return written.map((row) => row.id);
}

/** An API key as stored: only a hash of its secret. */
export type ApiKey = {
  readonly id: string;
  readonly prefix: string;
  readonly secretHash: string;
  readonly name: string;
  readonly scopes: readonly string[];
  /** The only workspace that the key may touch; null = a service of the host product, which may touch all. */
  readonly workspaceId: string | null;
};

/** Usable keys (neither revoked nor past their end) by prefix. */
export async function findApiKeys(db: Queryable, prefixes: readonly string[]): Promise<ReadonlyMap<string, ApiKey>> {
  const rows = await db.query<ApiKey>(
    `select id, prefix, secret_hash as "secretHash", name, scopes, workspace_id as "workspaceId" from api_key
     where prefix = any($1::text[]) and revoked_at is null and (expires_at is null or expires_at > now())`,
    [[...new Set(prefixes)]],
  );
  return new Map(rows.map((row) => [row.prefix, row]));
}

/** Adds an API key, or replaces the hash and scopes of the one with the same prefix. */
export async function upsertApiKey(tx: Tx, key: ApiKey): Promise<void> {
  await tx.query(
    `insert into api_key (id, prefix, secret_hash, name, scopes, workspace_id) values ($1, $2, $3, $4, $5, $6)
     on conflict (prefix) do update set secret_hash = excluded.secret_hash, scopes = excluded.scopes, name = excluded.name`,
    [key.id, key.prefix, key.secretHash, key.name, key.scopes, key.workspaceId],
  );
}
