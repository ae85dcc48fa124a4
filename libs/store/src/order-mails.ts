import type { Currency, OrderKind, PaymentMethod } from '@billfleet/domain';
import type { Queryable } from './store.js';
import { clockNowOf } from './workspace-time.js';

/** What mails about an order are written from. */
export type OrderMail = {
  readonly orderId: string;
  readonly number: string;
  readonly workspaceId: string;
  readonly workspaceName: string;
  readonly kind: OrderKind;
  readonly plan: string;
  readonly planName: string;
  readonly seats: number;
  readonly periodMonths: number;
  readonly currency: Currency;
  readonly amountMinor: string;
  /** How it was paid, or as long as it is not, how it is to be paid; null where the money comes from outside of every provider. */
  readonly method: PaymentMethod | null;
  readonly last4: string | null;
  readonly billingEmail: string | null;
  readonly locale: string;
  readonly timeZone: string;
  readonly now: Date;
};

/** Facts of orders for mails, by order id. */
export async function findMailFacts(
  db: Queryable,
  orderIds: readonly string[],
): Promise<ReadonlyMap<string, OrderMail>> {
  if (orderIds.length === 0) return new Map();
  const rows = await db.query<OrderMail>(
    `select o.id as "orderId", o.number, o.workspace_id as "workspaceId", w.name as "workspaceName", o.kind, o.plan,
       coalesce(o.lines -> 0 -> 'description' ->> 'planName', o.lines -> 0 -> 'description' ->> 'addOnName', o.plan) as "planName", o.seats, o.period_months as "periodMonths", o.currency,
       o.amount_minor as "amountMinor", case when pa.id is null then o.method else pa.method end as method, w.billing_email as "billingEmail", w.locale, w.time_zone as "timeZone", coalesce(${clockNowOf('o.workspace_id')}, now()) as now,
       (select p.last4 from payment_method p where coalesce(pa.method, o.method) = 'card' and p.workspace_id = o.workspace_id and p.last4 <> '' order by p.created_at desc limit 1) as last4
     from orders o join workspace w on w.id = o.workspace_id left join attempt pa on pa.id = o.paid_attempt_id where o.id = any($1::uuid[])`,
    [orderIds],
  );
  return new Map(rows.map((row) => [row.orderId, row]));
}

/** The facts that every mail about an order shares, as the templates read them. */
export function orderMailFacts(order: OrderMail): Readonly<Record<string, unknown>> {
  return {
    workspaceName: order.workspaceName,
    actionPath: `/billing/orders/${order.orderId}`,
    orderNumber: order.number,
    planName: order.planName,
    seats: order.seats,
    amount: { amountMinor: order.amountMinor, currency: order.currency },
  };
}
