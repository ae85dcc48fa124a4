import type {
  AttemptStatus,
  Currency,
  OrderCollection,
  OrderKind,
  OrderStatus,
  PaymentMethod,
} from '@billfleet/domain';
import type { Queryable } from './store.js';

/** An order that awaits its payment, with the try that may still take money and the last one that was declined. Amounts are minor units as text. */
export type UnpaidOrderSeen = {
  readonly id: string;
  readonly number: string;
  readonly kind: OrderKind;
  readonly status: OrderStatus;
  readonly collection: OrderCollection;
  /** Name of the plan or add-on, as it was sold. */
  readonly name: string;
  readonly seats: number;
  readonly periodMonths: number;
  readonly currency: Currency;
  readonly amountMinor: string;
  readonly method: PaymentMethod | null;
  readonly installments: number;
  readonly createdAt: string;
  readonly expiresAt: string;
  /** Until when the invoice of an order on account is to be paid; null for every other. */
  readonly dueAt: string | null;
  readonly isSwitching: boolean;
  readonly open: {
    readonly status: AttemptStatus;
    readonly isCharge: boolean;
    readonly checkoutUrl: string | null;
    readonly pixCode: string | null;
    readonly expiresAt: string;
  } | null;
  readonly declined: {
    readonly code: string | null;
    readonly kind: string | null;
    readonly isCharge: boolean;
    readonly at: string;
  } | null;
  /** When the stored method is charged again; null where it is not. */
  readonly nextTryAt: string | null;
};

/** What the first screen of a workspace shows beside its subscription. */
export type BillingSeen = {
  /** Oldest first. There is at most one of each kind. */
  readonly unpaid: readonly UnpaidOrderSeen[];
  /** The stored method that is charged first. */
  readonly method: {
    readonly method: PaymentMethod;
    readonly brand: string;
    readonly last4: string;
    readonly expiresOn: string;
  } | null;
  readonly seatsInUse: number;
  /** Whether a money that came is still to be applied. */
  readonly isApplying: boolean;
  /** The request for a contract that is open. */
  readonly enterpriseRequestId: string | null;
};

const OPEN = `(select jsonb_build_object('status', a.status, 'isCharge', a.token is not null, 'checkoutUrl', a.checkout_url, 'pixCode', a.pix_code, 'expiresAt', a.expires_at)
  from attempt a where a.order_id = o.id and a.status in ('submitting', 'pending', 'unknown'))`;
const DECLINED = `(select jsonb_build_object('code', a.failure ->> 'code', 'kind', a.failure ->> 'kind', 'isCharge', a.token is not null, 'at', a.status_at)
  from attempt a where a.order_id = o.id and a.status = 'declined' order by a.n desc limit 1)`;
const NEXT_TRY = `(select r.next_try_at from renewal r join subscription s on s.id = r.subscription_id and s.ends_on = r.term_ends_on
  where r.order_id = o.id and s.auto_renewal)`;

/** What waits for a workspace's people, in one round trip; undefined for an unknown workspace. */
export async function viewBilling(db: Queryable, workspaceId: string): Promise<BillingSeen | undefined> {
  const rows = await db.query<BillingSeen>(
    `select coalesce((select jsonb_agg(jsonb_build_object('id', o.id, 'number', o.number::text, 'kind', o.kind, 'status', o.status, 'collection', o.collection,
         'name', coalesce(o.lines -> 0 -> 'description' ->> 'addOnName', o.lines -> 0 -> 'description' ->> 'planName', o.plan), 'seats', o.seats,
         'periodMonths', o.period_months, 'currency', o.currency, 'amountMinor', o.amount_minor::text, 'method', o.method, 'installments', o.installments,
         'createdAt', o.created_at, 'expiresAt', o.expires_at, 'dueAt', o.due_at, 'isSwitching', o.next_payment is not null, 'open', ${OPEN}, 'declined', ${DECLINED},
         'nextTryAt', ${NEXT_TRY}) order by o.id) from orders o where o.workspace_id = w.id and o.status = 'awaiting_payment'), '[]') as unpaid,
       (select jsonb_build_object('method', p.method, 'brand', p.brand, 'last4', p.last4, 'expiresOn', p.expires_on) from payment_method p
         where p.workspace_id = w.id and p.removed_at is null order by p.created_at desc, p.token limit 1) as method,
       (select count(*)::int from member m where m.workspace_id = w.id and m.status <> 'disabled') as "seatsInUse",
       exists (select 1 from orders o where o.workspace_id = w.id and o.status = 'paid') as "isApplying",
       (select e.id from enterprise_request e where e.workspace_id = w.id and e.status in ('new', 'contacted')) as "enterpriseRequestId"
     from workspace w where w.id = $1`,
    [workspaceId],
  );
  return rows[0];
}
