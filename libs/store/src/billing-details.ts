import type { InvoiceDetails, Taxpayer } from '@billfleet/contracts';
import type { Queryable, Tx } from './store.js';
import { clockNowOf } from './workspace-time.js';

/** The two kinds of details that a workspace may store. */
export type DetailsKind = 'invoice' | 'taxpayer';

/** What is stored of each kind. */
export type DetailsOf<Kind extends DetailsKind> = Kind extends 'invoice' ? InvoiceDetails : Taxpayer;

/** Details as they are now, with who changed them last; nulls where nobody ever did. */
export type DetailsView<Kind extends DetailsKind> = {
  readonly workspaceId: string;
  /** The workspace's country. */
  readonly country: string;
  readonly details: DetailsOf<Kind> | null;
  /** The country for which the tax number of the invoice details looks right. */
  readonly taxNumberCountry: string | null;
  readonly version: number | null;
  readonly changedBy: string | null;
  readonly changedAt: Date | null;
};

const COLUMNS: Readonly<Record<DetailsKind, string>> = { invoice: 'invoice_details', taxpayer: 'taxpayer' };

const viewStatement = (kind: DetailsKind): string =>
  `select w.id as "workspaceId", w.country, w.${COLUMNS[kind]} as details, w.tax_number_country as "taxNumberCountry", c.version, c.changed_by as "changedBy", c.changed_at as "changedAt"
   from workspace w left join lateral (select version, changed_by, changed_at from details_change
     where workspace_id = w.id and what = '${kind}' order by version desc limit 1) c on true where w.id = $1`;

/** Details of one kind; undefined for an unknown workspace. */
export async function viewDetails<Kind extends DetailsKind>(
  db: Queryable,
  kind: Kind,
  workspaceId: string,
): Promise<DetailsView<Kind> | undefined> {
  const rows = await db.query<DetailsView<Kind>>(viewStatement(kind), [workspaceId]);
  return rows[0];
}

/** The same, locked against every other change of the workspace, but not against its orders. */
export async function lockDetails<Kind extends DetailsKind>(
  tx: Tx,
  kind: Kind,
  workspaceId: string,
): Promise<DetailsView<Kind> | undefined> {
  await tx.query(`select 1 from workspace where id = $1 for no key update`, [workspaceId]);
  return viewDetails(tx, kind, workspaceId);
}

/** A change of details about to be stored. `details` is JSON text, null where they are taken away; `fields` names what differs. */
export type DetailsChange = {
  readonly workspaceId: string;
  readonly kind: DetailsKind;
  readonly details: string | null;
  /** Of invoice details: the country for which their tax number looks right. */
  readonly taxNumberCountry: string | null;
  readonly fields: readonly string[];
  readonly changedBy: string;
};

/** Writes details of a locked workspace, and the change into their history. */
export async function writeDetails(tx: Tx, change: DetailsChange): Promise<void> {
  const { workspaceId, kind, details, taxNumberCountry, fields, changedBy } = change;
  await tx.query(
    `with written as (
       update workspace set invoice_details = case $4 when 'invoice' then $2::jsonb else invoice_details end,
         taxpayer = case $4 when 'taxpayer' then $2::jsonb else taxpayer end,
         tax_number_country = case $4 when 'invoice' then $3 else tax_number_country end
       where id = $1)
     insert into details_change (workspace_id, version, what, details, fields, changed_by, changed_at)
     select $1, coalesce(max(version), 0) + 1, $4, $2::jsonb, $5::text[], $6, coalesce(${clockNowOf('$1::uuid')}, now())
     from details_change where workspace_id = $1`,
    [workspaceId, details, taxNumberCountry, kind, fields, changedBy],
  );
}

/** A change as it is shown: what it was about and which fields it touched, never what stood in them. */
export type DetailsChangeView = {
  readonly version: number;
  readonly what: DetailsKind;
  readonly fields: readonly string[];
  readonly changedBy: string;
  readonly changedAt: Date;
};

/** Changes of a workspace's details, newest first, at most `limit` before the version `before`. */
export function listChanges(
  db: Queryable,
  workspaceId: string,
  { before, limit }: { readonly before: number | undefined; readonly limit: number },
): Promise<readonly DetailsChangeView[]> {
  return db.query<DetailsChangeView>(
    `select version, what, fields, changed_by as "changedBy", changed_at as "changedAt" from details_change
     where workspace_id = $1 and ($2::int is null or version < $2) order by version desc limit $3`,
    [workspaceId, before ?? null, limit],
  );
}
