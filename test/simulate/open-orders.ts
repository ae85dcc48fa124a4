import type { Queryable } from '@billfleet/store';

/** The newest unpaid order of a workspace, and where it can be paid. */
export type OpenOrder = {
  readonly id: string;
  readonly workspaceId: string;
  readonly kind: string;
  readonly amountMinor: string;
  readonly currency: string;
  /** The provider's reference of the page that waits for its payer; null where there is none. */
  readonly page: string | null;
  readonly method: 'card' | 'pix' | 'paypal' | null;
};

/** What people find in their mails: the newest unpaid order of each of these workspaces. */
export async function openOrders(
  db: Queryable,
  workspaceIds: readonly string[],
): Promise<ReadonlyMap<string, OpenOrder>> {
  const rows = await db.query<OpenOrder>(
    `select distinct on (o.workspace_id) o.id, o.workspace_id as "workspaceId", o.kind, o.amount_minor::text as "amountMinor", o.currency,
       a.reference as page, a.method
     from orders o left join attempt a on a.order_id = o.id and a.status = 'pending' and a.token is null
     where o.workspace_id = any($1::uuid[]) and o.status = 'awaiting_payment' order by o.workspace_id, o.number desc`,
    [workspaceIds],
  );
  return new Map(rows.map((row) => [row.workspaceId, row]));
}
