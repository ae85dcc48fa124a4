import type { Queryable } from '@billfleet/store';

/** An order that was paid at the provider, with what the payer's bank made of the payment. */
export type PaidOrder = {
  readonly id: string;
  readonly workspaceId: string;
  readonly status: string;
  readonly amountMinor: string;
  readonly currency: string;
  /** The provider's reference of the payment. */
  readonly reference: string;
  readonly chargeback: { readonly id: string; readonly status: string; readonly isDecided: boolean } | null;
};

/** What staff and banks see: the paid orders of each of these workspaces, the newest first. */
export async function paidOrders(
  db: Queryable,
  workspaceIds: readonly string[],
): Promise<ReadonlyMap<string, readonly PaidOrder[]>> {
  const rows = await db.query<PaidOrder>(`${PAID} where o.workspace_id = any($1::uuid[]) order by o.number desc`, [
    workspaceIds,
  ]);
  const found = new Map<string, PaidOrder[]>();
  for (const row of rows) found.set(row.workspaceId, [...(found.get(row.workspaceId) ?? []), row]);
  return found;
}

/** Paid orders whose payments a bank has in hand. */
export const disputedOrders = (db: Queryable): Promise<readonly PaidOrder[]> =>
  db.query<PaidOrder>(`${PAID} where c.status = 'open' order by o.number`);

const PAID = `select o.id, o.workspace_id as "workspaceId", o.status, o.amount_minor::text as "amountMinor", o.currency, a.reference,
    case when c.id is not null then jsonb_build_object('id', c.id, 'status', c.status, 'isDecided', c.decision is not null) end as chargeback
  from orders o join attempt a on a.id = o.paid_attempt_id and a.provider not in ('upstream', 'offline') left join chargeback c on c.attempt_id = a.id`;
