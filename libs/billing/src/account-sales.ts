import { deliveryQueue } from '@billfleet/contracts';
import { accountSales, work } from '@billfleet/store';
import type { NewOrder, Tx } from '@billfleet/store';
import { oweInvoices } from './issue-documents.js';

/** Sells those of new orders that are on account, in the transaction that places them: what is owed is booked, and their invoices are owed. */
export async function sellOnAccount(tx: Tx, placed: readonly NewOrder[]): Promise<void> {
  const onAccount = placed.filter(({ collection }) => collection === 'account');
  if (onAccount.length === 0) return;
  await accountSales.bookAccountSales(
    tx,
    onAccount.map(({ id: orderId, workspaceId, currency, amountMinor, taxMinor }) => {
      return { orderId, workspaceId, currency, amountMinor, taxMinor };
    }),
  );
  await oweInvoices(
    tx,
    onAccount.map(({ id }) => id),
  );
}

/** Takes back what those of these orders owed that were on account and ended unpaid, in the transaction that ends them; their credit notes are owed. */
export async function endAccountSales(tx: Tx, orderIds: readonly string[]): Promise<void> {
  const ended = await accountSales.takeAccountSalesBack(tx, orderIds);
  await work.owe(tx, deliveryQueue, 'cancellation-note.issue', ended);
}
