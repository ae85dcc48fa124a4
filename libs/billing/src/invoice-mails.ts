import type { CivilDate } from '@billfleet/domain';
import { orders } from '@billfleet/store';
import type { NewDocument, OrderToInvoice, Tx } from '@billfleet/store';
import { oweMails } from './mails.js';

/** An invoice that is to be paid, with its order. `dueOn`: the day that stands on it. */
type InvoiceToPay = { readonly invoice: NewDocument; readonly order: OrderToInvoice; readonly dueOn: CivilDate };

/** Owes the mails that bring invoices to whoever is to pay them, in the transaction that issues them; their PDFs travel along. */
export async function sendInvoicesToPay(tx: Tx, issued: readonly InvoiceToPay[]): Promise<void> {
  if (issued.length === 0) return;
  await oweMails(
    tx,
    issued.map(({ invoice, order, dueOn }) => ({
      ...{ template: 'invoice_to_pay' as const, dedupeKey: `invoice_to_pay:${order.id}` },
      ...{ workspaceId: order.workspaceId, recipient: order.billingEmail },
      ...{ locale: order.locale, timeZone: order.timeZone },
      facts: {
        ...{ workspaceName: order.workspaceName, actionPath: `/billing/orders/${order.id}` },
        ...{ orderNumber: order.number, planName: order.planName ?? order.number, seats: order.seats },
        amount: { amountMinor: invoice.amountMinor.toString(), currency: invoice.currency },
        ...{ documentNumber: invoice.number, documentId: invoice.id, dueOn },
      },
    })),
  );
}

/** Owes the mails that tell customers that they do not owe an invoice any more, in the transaction that credits it. */
export async function tellOfCancellations(tx: Tx, notes: readonly NewDocument[]): Promise<void> {
  if (notes.length === 0) return;
  const facts = await orders.findMailFacts(
    tx,
    notes.map(({ orderId }) => orderId),
  );
  await oweMails(
    tx,
    notes.flatMap((note) => {
      const order = facts.get(note.orderId);
      if (order === undefined) return [];
      return [
        {
          ...{ template: 'invoice_credited' as const, dedupeKey: `invoice_credited:${order.orderId}` },
          ...{ workspaceId: order.workspaceId, recipient: order.billingEmail },
          ...{ locale: order.locale, timeZone: order.timeZone },
          facts: { ...orders.orderMailFacts(order), documentNumber: note.number, documentId: note.id },
        },
      ];
    }),
  );
}
