import { deliveryQueue } from '@billfleet/contracts';
import { civilDateIn } from '@billfleet/domain';
import type { Seller } from '@billfleet/domain';
import { documentGrounds, work } from '@billfleet/store';
import type { InvoiceToCredit, NewDocument, OwedWork, Store, Tx } from '@billfleet/store';
import { draftCancellationNote, draftCreditNote, draftInvoice } from './draft-documents.js';
import type { Drafted } from './draft-documents.js';
import { sendInvoicesToPay, tellOfCancellations } from './invoice-mails.js';
import { numberDocuments } from './number-documents.js';
import { failed } from './work-handlers.js';
import type { WorkFailure } from './work-handlers.js';
import type { WorkspaceClock } from './workspace-clock.js';

/** What issuing documents works with. */
export type IssueDocumentsParts = {
  readonly store: Store;
  readonly clock: WorkspaceClock;
  /** Who sells where, as the catalogue says. */
  readonly sellers: readonly Seller[];
};

/** Owes the invoices of orders, in the transaction that sells them. */
export const oweInvoices = (tx: Tx, orderIds: readonly string[]): Promise<void> =>
  work.owe(tx, deliveryQueue, 'invoice.issue', orderIds);

/** Owes the credit notes of refunds, in the transaction that books them. Those of money that bought nothing come to no document. */
export const oweCreditNotes = (tx: Tx, refundIds: readonly string[]): Promise<void> =>
  work.owe(tx, deliveryQueue, 'credit-note.issue', refundIds);

/**
 * Issues invoices and credit notes. A batch is numbered in one transaction that holds its series, so numbers have no gaps and no doubles
 * whoever else issues at the same time, and a transaction that fails gives its numbers back. One order has one invoice, one refund one
 * credit note, however often it is asked for. So has an order on account that was never paid.
 */
export class IssueDocuments {
  constructor(private readonly parts: IssueDocumentsParts) {}

  /** Refs are orders. One that was not sold, or has its invoice, needs nothing. */
  invoices(items: readonly OwedWork[]): Promise<readonly WorkFailure[]> {
    return this.parts.store.transaction(async (tx) => {
      const mine = await work.claim(tx, items);
      const impossible = await this.issueInvoices(
        tx,
        mine.map((item) => item.ref),
      );
      return settle(tx, mine, impossible);
    });
  }

  /** Refs are refunds. An invoice that a note needs and that nobody has come to yet is issued first. */
  creditNotes(items: readonly OwedWork[]): Promise<readonly WorkFailure[]> {
    const { clock, sellers } = this.parts;
    return this.issueNotes(items, {
      find: documentGrounds.refundsToCredit,
      refOf: ({ id }) => id,
      draft: (refund, invoice) => draftCreditNote(refund, invoice, { sellers, issuedAt: clock.nowOf(refund) }),
    });
  }

  /** Refs are orders on account that ended without being paid: all of their invoice is credited, and their customer is told. */
  cancellationNotes(items: readonly OwedWork[]): Promise<readonly WorkFailure[]> {
    const { clock, sellers } = this.parts;
    return this.issueNotes(items, {
      find: documentGrounds.cancellationsToCredit,
      refOf: ({ orderId }) => orderId,
      draft: (ended, invoice) => draftCancellationNote(ended, invoice, { sellers, issuedAt: clock.nowOf(ended) }),
      tell: tellOfCancellations,
    });
  }

  private issueNotes<Ground extends { readonly orderId: string }>(
    items: readonly OwedWork[],
    { find, refOf, draft, tell }: Notes<Ground>,
  ): Promise<readonly WorkFailure[]> {
    return this.parts.store.transaction(async (tx) => {
      const mine = await work.claim(tx, items);
      const grounds = await find(
        tx,
        mine.map((item) => item.ref),
      );
      const orderIds = [...new Set(grounds.map(({ orderId }) => orderId))];
      const impossible = new Map<string, string>();
      const withoutInvoice = await this.issueInvoices(tx, orderIds);
      const invoices = new Map(await documentGrounds.lockInvoices(tx, orderIds));
      const drafts = grounds.flatMap((ground) => {
        const { orderId } = ground;
        const invoice = invoices.get(orderId);
        const reason = withoutInvoice.get(orderId) ?? `order ${orderId} has no invoice to credit`;
        const drafted: Drafted = invoice === undefined ? { kind: 'impossible', reason } : draft(ground, invoice);
        if (drafted.kind === 'impossible') impossible.set(refOf(ground), drafted.reason);
        else if (invoice !== undefined) invoices.set(orderId, credited(invoice, drafted.draft));
        return drafted.kind === 'impossible' ? [] : [drafted.draft];
      });
      const issued = await numberDocuments(tx, drafts);
      await tell?.(tx, issued);
      return settle(tx, mine, impossible);
    });
  }

  /** Issues the invoices that are missing; answers why there can be none, by order. Whoever is to pay one is sent it. */
  private async issueInvoices(tx: Tx, orderIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const orders = await documentGrounds.ordersToInvoice(tx, orderIds);
    const impossible = new Map<string, string>();
    const drafts = orderIds.flatMap((id) => {
      const order = orders.get(id);
      if (order === undefined) return [];
      const drafted = draftInvoice(order, this.parts.sellers, this.parts.clock.nowOf(order));
      if (drafted.kind === 'drafted') return [drafted.draft];
      impossible.set(id, drafted.reason);
      return [];
    });
    const issued = await numberDocuments(tx, drafts);
    await sendInvoicesToPay(
      tx,
      issued.flatMap((invoice) => {
        const order = orders.get(invoice.orderId);
        const timeZone = drafts.find(({ orderId }) => orderId === invoice.orderId)?.seller.timeZone;
        if (order === undefined || order.dueAt === null || timeZone === undefined) return [];
        return [{ invoice, order, dueOn: civilDateIn(order.dueAt, timeZone) }];
      }),
    );
    return impossible;
  }
}

/** Notes of one kind: what they are for, which work owed each, and how it is written. `tell` owes what their customers are sent. */
type Notes<Ground> = {
  readonly find: (tx: Tx, refs: readonly string[]) => Promise<readonly Ground[]>;
  readonly refOf: (ground: Ground) => string;
  readonly draft: (ground: Ground, invoice: InvoiceToCredit) => Drafted;
  readonly tell?: (tx: Tx, issued: readonly NewDocument[]) => Promise<void>;
};

/** The invoice after one more note: the next one in the same batch has less left to credit. */
const credited = (
  invoice: InvoiceToCredit,
  { amountMinor, taxMinor }: { readonly amountMinor: bigint; readonly taxMinor: bigint },
): InvoiceToCredit => ({
  ...invoice,
  creditedMinor: invoice.creditedMinor + amountMinor,
  creditedTaxMinor: invoice.creditedTaxMinor + taxMinor,
});

async function settle(
  tx: Tx,
  mine: readonly OwedWork[],
  impossible: ReadonlyMap<string, string>,
): Promise<readonly WorkFailure[]> {
  await work.ack(
    tx,
    mine.filter((item) => !impossible.has(item.ref)),
  );
  return mine.flatMap((item) => {
    const reason = impossible.get(item.ref);
    return reason === undefined ? [] : failed([item], reason, 'hopeless');
  });
}
