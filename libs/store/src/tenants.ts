import type { InvoiceDetails, Taxpayer } from '@billfleet/contracts';
import type { CivilDate, Currency, Role, SubscriptionStatus } from '@billfleet/domain';
import type { Queryable, Tx } from './store.js';
import { clockAt } from './workspace-time.js';
import type { OnClock } from './workspace-time.js';

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

/** A workspace as it was read. `version` is another one after each change of its row, but not when its test clock moves. */
export type StoredWorkspace = Workspace &
  OnClock & {
    readonly version: string;
    /** The country for which the tax number of its invoice details looks right; null without one. */
    readonly taxNumberCountry: string | null;
    /** Whether it has stored who the payer is for the tax office. */
    readonly hasTaxpayer: boolean;
  };

/** A workspace that is held while an order of it is placed, with the details that the order copies. */
export type HeldWorkspace = StoredWorkspace & {
  readonly invoiceDetails: InvoiceDetails | null;
  readonly taxpayer: Taxpayer | null;
};

const WORKSPACE = `id, name, country, currency, time_zone as "timeZone", locale, billing_email as "billingEmail", trial_ends_on::text as "trialEndsOn",
  xmin::text as version, tax_number_country as "taxNumberCountry", taxpayer is not null as "hasTaxpayer", ${clockAt('test_clock_id')}`;

/** The workspaces with these ids; unknown ids are left out. */
export async function findWorkspaces(
  db: Queryable,
  ids: readonly string[],
): Promise<ReadonlyMap<string, StoredWorkspace>> {
  const rows = await db.query<StoredWorkspace>(`select ${WORKSPACE} from workspace where id = any($1::uuid[])`, [
    [...new Set(ids)],
  ]);
  return new Map(rows.map((row) => [row.id, row]));
}

/** The workspaces with these ids, held in their country until the end of the transaction; unknown ids are left out. */
export async function holdWorkspaces(tx: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, HeldWorkspace>> {
  const rows = await tx.query<HeldWorkspace>(
    // The same lock that the foreign key of the request takes later on, only sooner: whoever changes the country waits for it.
    `select ${WORKSPACE}, invoice_details as "invoiceDetails", taxpayer from workspace where id = any($1::uuid[]) order by id for key share`,
    [[...new Set(ids)]],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/** What the country of a workspace depends on. */
export type CountryGround = {
  readonly workspace: StoredWorkspace;
  readonly held: { readonly status: SubscriptionStatus; readonly endsOn: CivilDate } | null;
  /** Orders that are unpaid, or paid and not given yet. */
  readonly pendingOrders: number;
  /** Credits that are in its present currency and not paid back yet. */
  readonly openCredits: number;
};

/** Locks a workspace against new orders and reads what its country depends on; undefined for an unknown one. */
export async function lockCountry(tx: Tx, id: string): Promise<CountryGround | undefined> {
  const [workspace] = await tx.query<StoredWorkspace>(`select ${WORKSPACE} from workspace where id = $1 for update`, [
    id,
  ]);
  if (workspace === undefined) return undefined;
  // A statement of its own, since only that sees what was committed while the lock was waited for.
  const [ground] = await tx.query<Omit<CountryGround, 'workspace'>>(
    `select (select jsonb_build_object('status', s.status, 'endsOn', s.ends_on) from subscription s where s.workspace_id = $1) as held,
       (select count(*)::int from orders o where o.workspace_id = $1 and o.status in ('awaiting_payment', 'paid')) as "pendingOrders",
       (select count(*)::int from customer_credit c where c.workspace_id = $1 and c.left_minor > 0 and c.withdrawn_at is null) as "openCredits"`,
    [id],
  );
  return ground === undefined ? undefined : { workspace, ...ground };
}

/** Writes the new country of a locked workspace; what was quoted before can be ordered no more, and stored methods are let go. */
export async function moveToCountry(
  tx: Tx,
  id: string,
  to: { readonly country: string; readonly currency: Currency },
): Promise<void> {
  await tx.query(
    `with let_go as (update payment_method set removed_at = now() where workspace_id = $1 and removed_at is null)
     update workspace set country = $2, currency = $3, country_at = now() where id = $1`,
    [id, to.country, to.currency],
  );
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
  /** Those of a workspace for a key of one, else `service`, `support` or `operator`. */
  readonly role: Role;
  /** The only workspace that the key may touch; null = a service of the host product, which may touch all. */
  readonly workspaceId: string | null;
};

/** Usable keys (neither revoked nor past their end) by prefix. */
export async function findApiKeys(db: Queryable, prefixes: readonly string[]): Promise<ReadonlyMap<string, ApiKey>> {
  const rows = await db.query<ApiKey>(
    `select id, prefix, secret_hash as "secretHash", name, scopes, role, workspace_id as "workspaceId" from api_key
     where prefix = any($1::text[]) and revoked_at is null and (expires_at is null or expires_at > now())`,
    [[...new Set(prefixes)]],
  );
  return new Map(rows.map((row) => [row.prefix, row]));
}

/** Adds an API key, or replaces the hash, scopes and role of the one with the same prefix. */
export async function upsertApiKey(tx: Tx, key: ApiKey): Promise<void> {
  await tx.query(
    `insert into api_key (id, prefix, secret_hash, name, scopes, workspace_id, role) values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (prefix) do update set secret_hash = excluded.secret_hash, scopes = excluded.scopes, role = excluded.role, name = excluded.name`,
    [key.id, key.prefix, key.secretHash, key.name, key.scopes, key.workspaceId, key.role],
  );
}

/** A key as operators see it: never its secret, nor the hash of it. */
export type ApiKeyView = Omit<ApiKey, 'secretHash'> & {
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
};

const KEYS_SHOWN_MAX = 1_000;

/** All keys, oldest first, at most 1,000. */
export function listApiKeys(db: Queryable): Promise<ApiKeyView[]> {
  return db.query<ApiKeyView>(
    `select id, prefix, name, scopes, role, workspace_id as "workspaceId", created_at as "createdAt", expires_at as "expiresAt", revoked_at as "revokedAt"
     from api_key order by created_at, id limit ${String(KEYS_SHOWN_MAX)}`,
  );
}

/** Adds a key that there is not yet. */
export async function insertApiKey(tx: Tx, key: ApiKey & { readonly expiresAt: Date | null }): Promise<void> {
  await tx.query(
    `insert into api_key (id, prefix, secret_hash, name, scopes, workspace_id, role, expires_at) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      ...[key.id, key.prefix, key.secretHash, key.name, key.scopes, key.workspaceId, key.role],
      key.expiresAt?.toISOString() ?? null,
    ],
  );
}

/** Takes the power of keys away; answers the prefixes that were usable until now. */
export async function revokeApiKeys(tx: Tx, prefixes: readonly string[]): Promise<string[]> {
  const rows = await tx.query<{ prefix: string }>(
    `update api_key set revoked_at = now() where prefix = any($1::text[]) and revoked_at is null returning prefix`,
    [prefixes],
  );
  return rows.map((row) => row.prefix);
}
