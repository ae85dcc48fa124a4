import type { Tx } from './store.js';
import { CREDITS_THEN, SUBSCRIPTION_THEN } from './undo.js';

const FULFIL = `with given as (
    update orders o set status = 'fulfilled', status_at = now() from unnest($1::uuid[], $2::timestamptz[]) as g (id, at)
    where o.id = g.id and o.status = 'paid' returning o.id, o.workspace_id, o.kind, g.at)
  insert into undo_point (order_id, workspace_id, given_at, subscription, credits)
  select g.id, g.workspace_id, coalesce(g.at, now()), case when s.id is not null and g.kind <> 'renewal' then ${SUBSCRIPTION_THEN} end,
    case when g.kind <> 'renewal' then ${CREDITS_THEN} end
  from given g left join subscription s on s.workspace_id = g.workspace_id left join credit_account c on c.workspace_id = g.workspace_id order by g.id`;

/** Paid orders are fulfilled, and what there was before each of them is kept, since they may be undone on the same day. */
export async function fulfilOrders(
  tx: Tx,
  rows: readonly { readonly orderId: string; readonly givenAt?: Date }[],
): Promise<void> {
  await tx.query(FULFIL, [rows.map((r) => r.orderId), rows.map((r) => r.givenAt?.toISOString() ?? null)]);
}
