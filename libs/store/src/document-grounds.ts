import type { Currency } from '@billfleet/domain';
import type { Queryable, Tx } from './store.js';
import { clockAt } from './workspace-time.js';
import type { OnClock } from './workspace-time.js';

/** What an invoice is made from: an order that was sold, who bought it and how it was paid, or when it is due. Amounts are minor units. */
export type OrderToInvoice = OnClock & {
  readonly id: string;
  readonly number: string;
  readonly workspaceId: string;
  readonly workspaceName: string;
  readonly country: string;
  readonly billingEmail: string | null;
  readonly locale: string;
  readonly timeZone: string;
  readonly isOnTestClock: boolean;
  readonly kind: string;
  readonly priceList: string;
  readonly quoteId: string | null;
  readonly currency: Currency;
  readonly amountMinor: bigint;
  readonly taxMinor: bigint;
  readonly lines: readonly Readonly<Record<string, unknown>>[];
  readonly taxpayer: Readonly<Record<string, unknown>> | null;
  readonly invoiceDetails: Readonly<Record<string, unknown>> | null;
  readonly placedAt: Date;
  /** What the first line sells is called; null where the order does not say. */
  readonly planName: string | null;
  readonly seats: number;
  /** Until when it is to be paid, where it is on account. */
  readonly dueAt: Date | null;
  /** How it was paid; null of an order on account, which is invoiced before. */
  readonly payment: {
    readonly provider: string;
    readonly method: string | null;
    readonly last4: string | null;
    readonly installments: number;
    readonly reference: string;
    readonly paidAt: string;
    readonly offline: {
      readonly partner: string | null;
      readonly currency: string;
      readonly amountMinor: string;
      readonly proof: string;
    } | null;
  } | null;
};

const ORDER = `o.id, o.number::text as number, o.workspace_id as "workspaceId", w.name as "workspaceName", w.country, w.billing_email as "billingEmail", w.locale,
       w.time_zone as "timeZone", w.test_clock_id is not null as "isOnTestClock", ${clockAt('w.test_clock_id')}, o.kind, o.price_list as "priceList",
       o.quote_id as "quoteId", o.currency, o.amount_minor::text as "amountMinor", o.tax_minor::text as "taxMinor", o.lines, o.taxpayer,
       o.invoice_details as "invoiceDetails", o.created_at as "placedAt", o.due_at as "dueAt", o.seats,
       coalesce(o.lines -> 0 -> 'description' ->> 'planName', o.lines -> 0 -> 'description' ->> 'addOnName') as "planName"`;

type OrderRow<Order> = Omit<Order, 'amountMinor' | 'taxMinor'> & {
  readonly amountMinor: string;
  readonly taxMinor: string;
};

/** Orders that were sold and have no invoice yet, by id: those that are neither paid nor on account, or have one, are left out. */
export async function ordersToInvoice(
  tx: Tx,
  orderIds: readonly string[],
): Promise<ReadonlyMap<string, OrderToInvoice>> {
  if (orderIds.length === 0) return new Map();
  const rows = await tx.query<OrderRow<OrderToInvoice>>(
    `select ${ORDER},
       case when o.collection <> 'account' then jsonb_build_object('provider', a.provider, 'method', a.method, 'installments', a.installments, 'reference', coalesce(a.reference, ''),
         'last4', (select p.last4 from payment_method p where p.attempt_id = a.id and p.last4 <> '' limit 1),
         'paidAt', coalesce((select t.at from transition t where t.entity = 'orders' and t.entity_id = o.id and t.to_status = 'paid' order by t.id limit 1), a.status_at),
         'offline', (select jsonb_build_object('partner', f.partner, 'currency', f.currency, 'amountMinor', f.amount_minor::text, 'proof', f.proof_reference)
           from offline_payment f where f.attempt_id = a.id)) end as payment
     from orders o join workspace w on w.id = o.workspace_id left join attempt a on a.id = o.paid_attempt_id
     where o.id = any($1::uuid[]) and (a.id is not null or o.collection = 'account') and not exists (select 1 from document d where d.order_id = o.id and d.kind = 'invoice')`,
    [orderIds],
  );
  return new Map(
    rows.map((row) => [row.id, { ...row, amountMinor: BigInt(row.amountMinor), taxMinor: BigInt(row.taxMinor) }]),
  );
}

/** An unpaid order with the Pix code by which it can be paid. */
export type OrderToRequest = Omit<OrderToInvoice, 'payment'> & {
  readonly attemptId: string;
  readonly pixCode: string;
  readonly codeMadeAt: Date;
  readonly payUntil: Date;
};

/** Orders by the attempts whose Pix codes they can be paid by. */
export async function ordersToRequest(
  db: Queryable,
  attemptIds: readonly string[],
): Promise<ReadonlyMap<string, OrderToRequest>> {
  if (attemptIds.length === 0) return new Map();
  const rows = await db.query<OrderRow<OrderToRequest>>(
    `select ${ORDER}, a.id as "attemptId", a.pix_code as "pixCode", a.created_at as "codeMadeAt", coalesce(a.expires_at, o.expires_at) as "payUntil"
     from attempt a join orders o on o.id = a.order_id join workspace w on w.id = o.workspace_id where a.id = any($1::uuid[]) and a.pix_code is not null`,
    [attemptIds],
  );
  return new Map(
    rows.map((row) => [
      row.attemptId,
      { ...row, amountMinor: BigInt(row.amountMinor), taxMinor: BigInt(row.taxMinor) },
    ]),
  );
}

/** What the credit note of a whole invoice is made from: an order on account that ended without being paid. */
export type CancellationToCredit = OnClock & {
  readonly orderId: string;
  readonly reason: 'cancelled' | 'expired';
  readonly endedAt: Date;
};

/** Orders on account that ended without being paid, of these, and have no credit note yet. */
export async function cancellationsToCredit(
  tx: Tx,
  orderIds: readonly string[],
): Promise<readonly CancellationToCredit[]> {
  if (orderIds.length === 0) return [];
  return tx.query<CancellationToCredit>(
    `select o.id as "orderId", t.to_status as reason, t.at as "endedAt", ${clockAt('w.test_clock_id')}
     from orders o join workspace w on w.id = o.workspace_id cross join lateral (select to_status, at from transition t
       where t.entity = 'orders' and t.entity_id = o.id and t.to_status in ('cancelled', 'expired') order by t.id limit 1) t
     where o.id = any($1::uuid[]) and o.collection = 'account'
       and not exists (select 1 from document d where d.order_id = o.id and d.kind = 'credit_note' and d.refund_id is null) order by o.id`,
    [orderIds],
  );
}

/** What a credit note is made from: a refund of what was sold that went back. Amounts are minor units. */
export type RefundToCredit = OnClock & {
  readonly id: string;
  readonly orderId: string;
  readonly currency: string;
  readonly amountMinor: bigint;
  /** The tax that the books took back with it; null where they name no refund. */
  readonly taxMinor: bigint | null;
  readonly reason: string;
  readonly method: string | null;
  readonly refundedAt: Date;
  /** The lines by which it was worked out, where it is for seats that were returned. */
  readonly basis: {
    readonly quoteId: string | null;
    readonly lines: readonly Readonly<Record<string, unknown>>[];
  } | null;
};

const BOOKED_TAX = `select coalesce(sum(p.amount_minor) filter (where p.account = 'tax_payable'), 0)::text from journal j
  join posting p on p.transaction_id = j.id where j.kind = 'reversal' and j.refund_id = r.id having count(*) > 0`;

/**
 * Refunds that went back and have no credit note yet, oldest first. Left out is money that bought nothing, since it was never invoiced: what came
 * too late, or twice.
 */
export async function refundsToCredit(tx: Tx, refundIds: readonly string[]): Promise<readonly RefundToCredit[]> {
  if (refundIds.length === 0) return [];
  const rows = await tx.query<
    Omit<RefundToCredit, 'amountMinor' | 'taxMinor'> & { amountMinor: string; taxMinor: string | null }
  >(
    `select r.id, r.order_id as "orderId", r.currency, r.amount_minor::text as "amountMinor", r.reason, (${BOOKED_TAX}) as "taxMinor", a.method, ${clockAt('w.test_clock_id')},
       coalesce((select t.at from transition t where t.entity = 'refund' and t.entity_id = r.id and t.to_status = 'succeeded' order by t.id desc limit 1),
         r.status_at) as "refundedAt",
       (select jsonb_build_object('quoteId', c.quote_id, 'lines', c.lines) from seat_change c where c.id = r.seat_change_id) as basis
     from refund r join orders o on o.paid_attempt_id = r.attempt_id join attempt a on a.id = r.attempt_id join workspace w on w.id = o.workspace_id
     where r.id = any($1::uuid[]) and r.status = 'succeeded' and not exists (select 1 from document d where d.refund_id = r.id)
     order by r.status_at, r.id`,
    [refundIds],
  );
  return rows.map(({ amountMinor, taxMinor, ...row }) => ({
    ...row,
    ...{ amountMinor: BigInt(amountMinor), taxMinor: taxMinor === null ? null : BigInt(taxMinor) },
  }));
}

/** An invoice with what was credited of it so far. Amounts are minor units. */
export type InvoiceToCredit = {
  readonly id: string;
  readonly number: string;
  readonly mode: 'live' | 'test';
  readonly issuedAt: Date;
  readonly content: string;
  readonly invoicedMinor: bigint;
  readonly invoicedTaxMinor: bigint;
  readonly creditedMinor: bigint;
  readonly creditedTaxMinor: bigint;
};

/** Locks the invoices of orders until the end of the transaction, so that what is credited of each adds up; by order. */
export async function lockInvoices(tx: Tx, orderIds: readonly string[]): Promise<ReadonlyMap<string, InvoiceToCredit>> {
  if (orderIds.length === 0) return new Map();
  await tx.query(
    `select 1 from document where order_id = any($1::uuid[]) and kind = 'invoice' order by id for update`,
    [orderIds],
  );
  // A statement of its own, since only that sees the notes that were committed while the locks were waited for.
  const rows = await tx.query<
    Pick<InvoiceToCredit, 'id' | 'number' | 'mode' | 'issuedAt' | 'content'> &
      Record<'orderId' | 'amount' | 'tax' | 'credited' | 'creditedTax', string>
  >(
    `select d.id, d.order_id as "orderId", d.number, d.mode, d.issued_at as "issuedAt", d.content, d.amount_minor::text as amount, d.tax_minor::text as tax,
       coalesce(n.minor, 0)::text as credited, coalesce(n.tax_minor, 0)::text as "creditedTax"
     from document d left join lateral (select sum(amount_minor) as minor, sum(tax_minor) as tax_minor from document c where c.invoice_id = d.id) n on true
     where d.order_id = any($1::uuid[]) and d.kind = 'invoice'`,
    [orderIds],
  );
  return new Map(
    rows.map(({ orderId, amount, tax, credited, creditedTax, ...invoice }) => [
      orderId,
      {
        ...invoice,
        ...{ invoicedMinor: BigInt(amount), invoicedTaxMinor: BigInt(tax) },
        ...{ creditedMinor: BigInt(credited), creditedTaxMinor: BigInt(creditedTax) },
      },
    ]),
  );
}
