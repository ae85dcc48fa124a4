import { createHash } from 'node:crypto';
import type { Queryable } from '@billfleet/store';

/** Ids are made by the second and by chance; within texts they become a dash. */
const withoutIds = (column: string): string =>
  `regexp_replace(${column}, '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}', '-', 'g')`;

/**
 * What the books hold, each row as one line: an order is named by its place among those of its workspace. Instants are those of the test
 * clock; where a row has only the fleet's own time, that is left out.
 */
const LINES = `
  with named as (select id, row_number() over (partition by workspace_id order by number) as nth from orders)
  select concat_ws(' | ', 'order', o.workspace_id, n.nth, o.kind, o.plan, o.seats, o.period_months, o.price_list, o.currency, o.unit_minor, o.amount_minor,
      coalesce(o.method, o.collection), o.installments, o.status, coalesce(o.status_reason, '-'), o.created_at, ${withoutIds('o.lines::text')}) as line
    from orders o join named n on n.id = o.id
  union all select concat_ws(' | ', 'journal', j.workspace_id, n.nth, j.kind, j.provider, j.booked_on, p.account, p.currency, p.amount_minor)
    from journal j join posting p on p.transaction_id = j.id join named n on n.id = j.order_id
  union all select concat_ws(' | ', 'grant', g.workspace_id, n.nth, g.plan, g.seats_delta, g.during, g.seats, g.period_months, g.price_list)
    from seat_grant g join named n on n.id = g.order_id
  union all select concat_ws(' | ', 'add-on', g.workspace_id, n.nth, g.add_on, g.packages, g.amount, g.during)
    from add_on_grant g join named n on n.id = g.order_id
  union all select concat_ws(' | ', 'refund', r.workspace_id, n.nth, r.currency, r.amount_minor, r.reason, r.status)
    from refund r join named n on n.id = r.order_id
  union all select concat_ws(' | ', 'seats back', workspace_id, seats_before, seats_delta, refund_minor) from seat_change
  union all select concat_ws(' | ', 'credits', workspace_id, kind, ${withoutIds('source')}, amount, balance_after, month_starts_on, coalesce(action, '-'), at)
    from credit_movement
  union all select concat_ws(' | ', 'subscription', workspace_id, status, plan, seats, period_months, price_list, anchor_on, starts_on, ends_on, auto_renewal)
    from subscription`;

/** The lines of the books, sorted by what they say: the order in which they were written is nobody's business. */
export async function booksOf(db: Queryable): Promise<readonly string[]> {
  const rows = await db.query<{ line: string }>(LINES);
  return rows.map(({ line }) => line).sort();
}

/** SHA-256 of the books. */
export const hashOf = (books: readonly string[]): string => createHash('sha256').update(books.join('\n')).digest('hex');

/** How much there was of everything. */
export type Counts = { readonly events: number; readonly orders: number; readonly mails: number };

/** Counts events, orders and mails that were sent, and what has to happen now and then for a run to prove something. */
export async function countAll(
  db: Queryable,
): Promise<Counts & { readonly sometimes: Readonly<Record<string, number>> }> {
  const [counts] = await db.query<Counts>(
    `select (select count(*)::int from event) as events, (select count(*)::int from orders) as orders,
       (select count(*)::int from notification where status = 'sent') as mails`,
  );
  const [sometimes] = await db.query<Record<string, number>>(
    `select (select count(*)::int from orders where kind = 'renewal' and status = 'fulfilled') as "renewalsPaid",
       (select count(*)::int from renewal r join orders o on o.id = r.order_id where r.tries > 0 and o.status = 'fulfilled') as "renewalsCharged",
       (select count(*)::int from renewal where tries > 1) as "renewalsTriedAgain",
       (select count(*)::int from renewal where reminder in ('will-expire', 'will-be-charged')) as reminders,
       (select count(*)::int from subscription where status = 'expired') as "subscriptionsExpired",
       (select count(*)::int from orders where kind not in ('purchase', 'renewal') and status = 'fulfilled') as "changesPaid",
       (select count(*)::int from orders where status = 'cancelled') as "ordersCancelled",
       (select count(*)::int from orders where status = 'expired') as "ordersExpired",
       (select count(*)::int from orders where status = 'refunded') as "ordersRefunded",
       (select count(*)::int from refund where reason = 'seats_returned') as "seatsRefunded",
       (select count(*)::int from refund where reason = 'goodwill') as "goodwillRefunds",
       (select count(*)::int from refund where reason = 'undone') as "ordersUndone",
       (select count(*)::int from chargeback where status = 'lost') as "chargebacksLost",
       (select count(*)::int from chargeback where status = 'won') as "chargebacksWon",
       (select count(*)::int from attempt where status = 'declined') as "attemptsDeclined",
       (select count(*)::int from credit_movement) as "creditMovements",
       (select count(*)::int from usage_crossing) as "limitsReached"`,
  );
  return { events: 0, orders: 0, mails: 0, ...counts, sometimes: sometimes ?? {} };
}
