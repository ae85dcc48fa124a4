import * as accountSales from '../account-sales.js';
import * as orders from '../orders.js';
import * as requests from '../requests.js';
import type { Tx } from '../store.js';
import { AMOUNT_MINOR, cases, CURRENCY, orderId, workspaceId } from './audit-world-ids.js';

/** What the key of a case's order stands for. */
export const recordRequest = (tx: Tx, n: number): Promise<unknown> =>
  requests.recordRequests(tx, [
    {
      ...{ workspaceId: workspaceId(n), idempotencyKey: 'key', operation: 'order.place', requestHash: 'hash' },
      ...{ status: 'accepted', ref: orderId(n), problem: null },
    },
  ]);

/** Sells the order of a case that is on account, as it is when it is placed. */
export const sellOnAccount = (tx: Tx, n: number): Promise<void> =>
  accountSales.bookAccountSales(tx, [
    {
      ...{ orderId: orderId(n), workspaceId: workspaceId(n), currency: CURRENCY },
      ...{ amountMinor: AMOUNT_MINOR, taxMinor: 0n },
    },
  ]);

/** Nobody paid the invoice of case `unpaid`, so nobody owes it any more. */
export async function endUnpaid(tx: Tx): Promise<void> {
  const ended = [orderId(cases.unpaid)];
  await orders.moveOrders(tx, ended, 'awaiting_payment', 'cancelled');
  await accountSales.takeAccountSalesBack(tx, ended);
}
