import { reversalPostings, salePostings } from '@billfleet/domain';
import type { Currency } from '@billfleet/domain';
import { lockSales, writeTransactions } from './journal.js';
import type { Tx } from './store.js';

/** Stands in the place of a provider in what is booked of an order on account itself, under the order's own id. */
const ON_ACCOUNT = 'account';

/** An order on account that was placed. Amounts are minor units; tax is a part of the price. */
export type AccountSale = {
  readonly orderId: string;
  readonly workspaceId: string;
  readonly currency: Currency;
  readonly amountMinor: bigint;
  readonly taxMinor: bigint;
};

/** Books the sales of orders on account, once each: what their payers owe from now on, against days to come and tax. */
export async function bookAccountSales(tx: Tx, sales: readonly AccountSale[]): Promise<void> {
  await writeTransactions(
    tx,
    sales.map(({ amountMinor, taxMinor, ...about }) => ({
      ...{ ...about, kind: 'sale', provider: ON_ACCOUNT, reference: about.orderId },
      postings: salePostings(amountMinor, taxMinor),
    })),
  );
}

/**
 * Takes the sales of orders on account back that ended without being paid, once each: nobody owes them any more. Other orders are left alone.
 * Answers those that were taken back.
 */
export async function takeAccountSalesBack(tx: Tx, orderIds: readonly string[]): Promise<readonly string[]> {
  if (orderIds.length === 0) return [];
  const onAccount = await tx.query<{ orderId: string; workspaceId: string }>(
    `select id as "orderId", workspace_id as "workspaceId" from orders
     where id = any($1::uuid[]) and collection = 'account' and status in ('cancelled', 'expired') order by id`,
    [orderIds],
  );
  const sales = await lockSales(
    tx,
    onAccount.map(({ orderId }) => orderId),
  );
  const taken = onAccount.flatMap((one) => {
    const sale = sales.get(one.orderId);
    return sale === undefined ? [] : [{ ...one, sale }];
  });
  await writeTransactions(
    tx,
    taken.map(({ sale, ...about }) => ({
      ...{ ...about, kind: 'reversal', provider: ON_ACCOUNT, reference: about.orderId, currency: sale.currency },
      postings: reversalPostings(sale.soldMinor - sale.reversedMinor, sale),
    })),
  );
  return taken.map(({ orderId }) => orderId);
}
