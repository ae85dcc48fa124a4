import type { StoryGround } from '@billfleet/domain';
import { LISTED, LISTED_FROM } from './order-history.js';
import type { OrderListed } from './order-history.js';
import type { Queryable } from './store.js';
import { clockAt } from './workspace-time.js';
import type { OnClock } from './workspace-time.js';

/** A refund of an order, for its people. Amounts are minor units as text, instants ISO 8601 text. */
export type RefundListed = {
  readonly id: string;
  readonly attemptId: string;
  readonly status: string;
  readonly amountMinor: string;
  readonly reason: string;
  readonly createdAt: string;
};

/** An order with all that its story is told from. */
export type OrderWithStory = OnClock & {
  readonly workspaceId: string;
  readonly locale: 'en' | 'es' | 'pt-BR';
  readonly country: string;
  readonly order: OrderListed;
  readonly statusReason: string | null;
  readonly placedBy: string | null;
  readonly refunds: readonly RefundListed[];
} & Pick<StoryGround, 'moves' | 'attempts' | 'disputes'>;

const OF_ORDER = `select o.id union all select a.id from attempt a where a.order_id = o.id
  union all select r.id from refund r where r.workspace_id = o.workspace_id and r.order_id = o.id
  union all select b.id from chargeback b where b.attempt_id in (select a.id from attempt a where a.order_id = o.id)`;

/** One order as the list shows it, with what happened to it and to all that is its own, in one round trip. */
export async function readStory(db: Queryable, orderId: string): Promise<OrderWithStory | undefined> {
  const rows = await db.query<OrderWithStory>(
    `select o.workspace_id as "workspaceId", w.locale, w.country, ${clockAt('w.test_clock_id')}, o.status_reason as "statusReason", o.placed_by as "placedBy",
       (select to_jsonb(l) from (select ${LISTED}) l) as "order",
       (select coalesce(jsonb_agg(jsonb_build_object('entityId', t.entity_id, 'to', t.to_status, 'at', t.at) order by t.id), '[]')
          from transition t where t.entity_id = any(array(${OF_ORDER}))) as moves,
       (select coalesce(jsonb_agg(jsonb_build_object('id', a.id, 'provider', a.provider, 'method', a.method, 'failureCode', a.failure ->> 'code') order by a.n), '[]')
          from attempt a where a.order_id = o.id) as attempts,
       (select coalesce(jsonb_agg(jsonb_build_object('id', r.id, 'attemptId', r.attempt_id, 'status', r.status, 'amountMinor', r.amount_minor::text,
            'reason', r.reason, 'createdAt', r.created_at) order by r.id), '[]')
          from refund r where r.workspace_id = o.workspace_id and r.order_id = o.id) as refunds,
       (select coalesce(jsonb_agg(jsonb_build_object('id', b.id, 'amountMinor', b.amount_minor::text, 'reason', b.reason) order by b.id), '[]')
          from chargeback b where b.attempt_id in (select a.id from attempt a where a.order_id = o.id)) as disputes
     from ${LISTED_FROM} join workspace w on w.id = o.workspace_id where o.id = $1`,
    [orderId],
  );
  return rows[0];
}
