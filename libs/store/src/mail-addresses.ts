import type { Queryable, Tx } from './store.js';

/** A mail whose receiver may stop others like it. */
export type MailToStop = {
  readonly workspaceId: string;
  readonly workspaceName: string;
  readonly recipient: string;
  readonly locale: string;
  readonly isStopped: boolean;
};

/** The receiver of a mail, and whether he stopped optional ones. */
export async function findMailToStop(db: Queryable, notificationId: string): Promise<MailToStop | undefined> {
  const rows = await db.query<MailToStop>(
    `select n.workspace_id as "workspaceId", w.name as "workspaceName", n.recipient, n.locale, a.opted_out_at is not null as "isStopped"
     from notification n join workspace w on w.id = n.workspace_id
     left join mail_address a on a.workspace_id = n.workspace_id and a.recipient = n.recipient where n.id = $1`,
    [notificationId],
  );
  return rows[0];
}

/** Notes that optional mails of a workspace are not wanted at an address, or are again; the first time that they were not is kept. */
export async function setOptedOut(
  tx: Tx,
  { workspaceId, recipient }: { readonly workspaceId: string; readonly recipient: string },
  isOptedOut: boolean,
): Promise<void> {
  await tx.query(
    `insert into mail_address as a (workspace_id, recipient, opted_out_at) values ($1, $2, case when $3 then now() end)
     on conflict (workspace_id, recipient) do update set opted_out_at = case when $3 then coalesce(a.opted_out_at, now()) end`,
    [workspaceId, recipient, isOptedOut],
  );
}

/** A mail whose address was refused for good; `code` is the reply of the mail server. */
export type Bounce = {
  readonly id: string;
  readonly workspaceId: string;
  readonly recipient: string;
  readonly template: string;
  readonly code: string;
};

/** Notes addresses that take no mail; answers one bounce for each that did take it until now. */
export async function recordBounces(tx: Tx, bounces: readonly Bounce[]): Promise<readonly Bounce[]> {
  if (bounces.length === 0) return [];
  const once = [...new Map(bounces.map((one) => [keyOf(one), one])).values()];
  const fresh = await tx.query<{ workspaceId: string; recipient: string }>(
    `insert into mail_address as a (workspace_id, recipient, bounced_at, bounce_code)
     select workspace_id, recipient, now(), code from unnest($1::uuid[], $2::text[], $3::text[]) as b (workspace_id, recipient, code)
     order by workspace_id, recipient
     on conflict (workspace_id, recipient) do update set bounced_at = now(), bounce_code = excluded.bounce_code where a.bounced_at is null
     returning workspace_id as "workspaceId", recipient`,
    [once.map((one) => one.workspaceId), once.map((one) => one.recipient), once.map((one) => one.code)],
  );
  const keys = new Set(fresh.map(keyOf));
  return once.filter((one) => keys.has(keyOf(one)));
}

/** Notes that addresses take mail again. */
export async function clearBounces(
  tx: Tx,
  addresses: readonly { readonly workspaceId: string; readonly recipient: string }[],
): Promise<void> {
  if (addresses.length === 0) return;
  await tx.query(
    `update mail_address a set bounced_at = null, bounce_code = null from unnest($1::uuid[], $2::text[]) as t (workspace_id, recipient)
     where a.workspace_id = t.workspace_id and a.recipient = t.recipient`,
    [addresses.map((one) => one.workspaceId), addresses.map((one) => one.recipient)],
  );
}

const keyOf = ({ workspaceId, recipient }: { readonly workspaceId: string; readonly recipient: string }): string =>
  `${workspaceId} ${recipient}`;
