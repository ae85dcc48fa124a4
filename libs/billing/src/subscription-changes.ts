import { stillFits } from '@billfleet/domain';
import type { Catalogue } from '@billfleet/domain';
import { orderPayments, renewals } from '@billfleet/store';
import type { GrantRow, Store, Tx } from '@billfleet/store';
import { cancelOrders } from './place-orders.js';
import type { WorkspaceClock } from './workspace-clock.js';

/** What applying orders works with. */
export type ApplyOrdersParts = {
  readonly store: Store;
  readonly catalogue: Catalogue;
  readonly clock: WorkspaceClock;
};

/** Cancels unpaid orders that were priced against what these subscriptions were before: paid, they would only be refunded. */
export async function cancelStaleOrders(
  tx: Tx,
  rows: readonly Pick<GrantRow, 'workspaceId' | 'plan' | 'seats' | 'priceList' | 'anchorOn' | 'endsOn'>[],
): Promise<void> {
  const after = new Map(rows.map((row) => [row.workspaceId, row]));
  const unpaid = await orderPayments.lockUnpaidChanges(tx, [...after.keys()]);
  const stale = unpaid.filter(({ workspaceId, kind, basis }) => {
    const row = after.get(workspaceId);
    if (row === undefined || basis === null) return false;
    // The period of an unpaid renewal has been paid by something else: nobody shall pay for it twice.
    if (kind === 'renewal' && basis.endsOn !== row.endsOn) return true;
    return !stillFits({ kind, basis }, { ...row, priceListId: row.priceList, status: 'active' });
  });
  await renewals.detachOrders(
    tx,
    stale.map((order) => order.id),
  );
  await cancelOrders(
    tx,
    stale.map((order) => order.id),
    'the subscription changed',
  );
}
