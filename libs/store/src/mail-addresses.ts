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
