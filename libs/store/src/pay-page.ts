import type { AttemptStatus, Currency, OrderCollection, OrderStatus, PaymentMethod } from '@billfleet/domain';
import type { Queryable } from './store.js';
import { clockAt } from './workspace-time.js';
import type { OnClock } from './workspace-time.js';

/** An order as its pay page shows it; nothing of its payer is in it. */
export type PayPageOrder = OnClock & {
  readonly id: string;
  readonly number: string;
  readonly workspaceId: string;
  readonly workspaceName: string;
  readonly locale: string;
  readonly timeZone: string;
  readonly status: OrderStatus;
  readonly collection: OrderCollection;
  readonly planName: string;
  readonly seats: number;
  readonly currency: Currency;
  /** Minor units as text. */
  readonly amountMinor: string;
  readonly method: PaymentMethod | null;
  readonly installments: number;
  readonly expiresAt: Date;
  readonly isSwitching: boolean;
  /** Attempts so far. */
  readonly attempts: number;
  readonly open: {
    readonly status: AttemptStatus;
    readonly isCharge: boolean;
    readonly checkoutUrl: string | null;
    readonly pixCode: string | null;
    /** ISO 8601 text. */
    readonly expiresAt: string;
  } | null;
  /** The provider's code of the last decline. */
  readonly declinedFor: string | null;
};

/** One order for its pay page. */
export async function findPayPageOrder(db: Queryable, id: string): Promise<PayPageOrder | undefined> {
  const rows = await db.query<PayPageOrder>(
    `select o.id, o.number::text as number, o.workspace_id as "workspaceId", w.name as "workspaceName", w.locale, w.time_zone as "timeZone", o.status, o.collection,
       coalesce(o.lines -> 0 -> 'description' ->> 'planName', o.lines -> 0 -> 'description' ->> 'addOnName', o.plan) as "planName", o.seats, o.currency,
       o.amount_minor::text as "amountMinor", o.method, o.installments, o.expires_at as "expiresAt", o.next_payment is not null as "isSwitching", ${clockAt('w.test_clock_id')},
       (select count(*)::int from attempt a where a.order_id = o.id) as attempts,
       (select jsonb_build_object('status', a.status, 'isCharge', a.token is not null, 'checkoutUrl', a.checkout_url, 'pixCode', a.pix_code, 'expiresAt', a.expires_at) from attempt a
        where a.order_id = o.id and a.status in ('submitting', 'pending', 'unknown')) as open,
       (select a.failure ->> 'code' from attempt a where a.order_id = o.id and a.status = 'declined' order by a.n desc limit 1) as "declinedFor"
     from orders o join workspace w on w.id = o.workspace_id where o.id = $1`,
    [id],
  );
  return rows[0];
}
