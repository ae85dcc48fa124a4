import type { InvoiceDetails, Taxpayer } from '@billfleet/contracts';
import type {
  AttemptStatus,
  ChargebackStatus,
  Currency,
  OrderCollection,
  OrderKind,
  OrderStatus,
  PaymentMethod,
  QuoteBasis,
  QuotedAddOn,
} from '@billfleet/domain';
import type { Queryable } from './store.js';

/** An order as its customer sees it. Amounts are minor units as text. */
export type OrderView = {
  readonly id: string;
  readonly number: string;
  readonly workspaceId: string;
  readonly kind: OrderKind;
  readonly status: OrderStatus;
  readonly statusReason: string | null;
  readonly plan: string;
  readonly seats: number;
  readonly periodMonths: number;
  readonly currency: Currency;
  readonly amountMinor: string;
  /** The part of the amount that is tax. */
  readonly taxMinor: string;
  readonly lines: unknown;
  /** What a change was priced against; null for a purchase. */
  readonly basis: QuoteBasis | null;
  readonly addOn: QuotedAddOn | null;
  readonly collection: OrderCollection;
  readonly method: PaymentMethod | null;
  readonly installments: number;
  /** Who is billed, as the order keeps it for good. */
  readonly billedTo: {
    readonly invoiceDetails: InvoiceDetails | null;
    readonly taxpayer: Taxpayer | null;
  };
  readonly placedBy: string | null;
  readonly createdAt: Date;
  readonly statusAt: Date;
  readonly expiresAt: Date;
  /** Until when the invoice of an order on account is to be paid; null for every other. */
  readonly dueAt: Date | null;
  readonly attempts: readonly AttemptView[];
  /** What the bank of the payer takes back, or tried to. */
  readonly chargebacks: readonly {
    readonly id: string;
    readonly status: ChargebackStatus;
    readonly amountMinor: string;
    readonly reason: string;
  }[];
  readonly timeline: readonly { readonly from: string | null; readonly to: string; readonly at: string }[];
};

/** A try to pay as its customer sees it. */
export type AttemptView = {
  readonly id: string;
  readonly status: AttemptStatus;
  readonly provider: string;
  readonly checkoutUrl: string | null;
  readonly pixCode: string | null;
  readonly expiresAt: string;
  readonly failure: unknown;
};

/** One order with its attempts and history, in one round trip. */
export async function viewOrder(db: Queryable, id: string): Promise<OrderView | undefined> {
  const rows = await db.query<OrderView>(
    `select o.id, o.number, o.workspace_id as "workspaceId", kind, o.status, status_reason as "statusReason", plan, seats, period_months as "periodMonths", basis, add_on as "addOn",
       o.currency, o.amount_minor as "amountMinor", o.tax_minor as "taxMinor", lines, collection, o.method, o.installments,
       jsonb_build_object('invoiceDetails', o.invoice_details, 'taxpayer', o.taxpayer) as "billedTo", o.placed_by as "placedBy", o.created_at as "createdAt",
       coalesce((select t.at from transition t where t.entity = 'orders' and t.entity_id = o.id order by t.id desc limit 1), o.status_at) as "statusAt",
       o.expires_at as "expiresAt", o.due_at as "dueAt",
       coalesce((select jsonb_agg(jsonb_build_object('id', a.id, 'status', a.status, 'provider', a.provider, 'checkoutUrl', a.checkout_url,
         'pixCode', a.pix_code, 'expiresAt', a.expires_at, 'failure', a.failure) order by a.n) from attempt a where a.order_id = o.id), '[]') as attempts,
       coalesce((select jsonb_agg(jsonb_build_object('id', b.id, 'status', b.status, 'amountMinor', b.amount_minor::text, 'reason', b.reason) order by b.id)
         from chargeback b where b.attempt_id in (select a.id from attempt a where a.order_id = o.id)), '[]') as chargebacks,
       coalesce((select jsonb_agg(jsonb_build_object('from', t.from_status, 'to', t.to_status, 'at', t.at) order by t.id)
         from transition t where t.entity = 'orders' and t.entity_id = o.id), '[]') as timeline
     from orders o where o.id = $1`,
    [id],
  );
  return rows[0];
}
