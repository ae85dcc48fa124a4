import type { Queryable } from '@billfleet/store';

/** How many subscriptions there are, how many of them are due, and on which day the due ones are looked at. */
export type SeedPlan = {
  readonly total: number;
  /** The first of them: every other one renews by itself and is charged, the others get an order to pay by hand. */
  readonly due: number;
  /** The civil day in New York, as YYYY-MM-DD; the due ones came due at nine in its morning. */
  readonly today: string;
  readonly priceListId: string;
};

const uuidOf = (kind: number, n: string): string =>
  `('${String(kind).padStart(8, '0')}-0000-7000-8000-' || lpad(to_hex(${n}), 12, '0'))::uuid`;
/** Subscriptions per statement, so that none holds its locks or its memory for long. */
const CHUNK = 50_000;

/**
 * Fills an empty database with subscriptions of Advanced, 5 seats, 6 months in New York, each with the order that bought it and a stored
 * card. Those that are not due end in the next year or so. Rules are not checked on the way in; the connection must be a superuser's.
 */
export async function seedSubscriptions(db: Queryable, plan: SeedPlan): Promise<void> {
  for (let from = 1; from <= plan.total; from += CHUNK) {
    await seedChunk(db, plan, from, Math.min(plan.total, from + CHUNK - 1));
  }
}

async function seedChunk(
  db: Queryable,
  { due, today, priceListId }: SeedPlan,
  from: number,
  to: number,
): Promise<void> {
  const numbers = `generate_series(${String(from)}, ${String(to)}) as n`;
  const endsOn = `(case when n > ${String(due)} then $1::date + 41 + n % 300 when n % 2 = 0 then $1::date + 3 else $1::date + 9 end)`;
  const startsOn = `(${endsOn} - interval '6 months')::date`;
  const [workspaceId, orderId, subscriptionId] = [uuidOf(1, 'n'), uuidOf(2, 'n'), uuidOf(3, 'n')];
  const statements: readonly (readonly [sql: string, values: readonly string[]])[] = [
    [
      `insert into workspace (id, name, country, currency, time_zone, locale, billing_email)
       select ${workspaceId}, 'Studio ' || n, 'US', 'USD', 'America/New_York', 'en', 'admin-' || n || '@customer.example' from ${numbers}`,
      [],
    ],
    [
      `insert into orders (id, workspace_id, kind, plan, seats, period_months, price_list, currency, unit_minor, amount_minor, lines, collection, method,
         status, paid_attempt_id, expires_at)
       select ${orderId}, ${workspaceId}, 'purchase', 'advanced', 5, 6, $2, 'USD', 21000, 105000,
         jsonb_build_array(jsonb_build_object('amountMinor', '105000', 'description', jsonb_build_object('kind', 'term', 'planName', 'Advanced'))),
         'provider', 'card', 'fulfilled', ${orderId}, $1::date from ${numbers}`,
      [today, priceListId],
    ],
    [
      `insert into subscription (id, workspace_id, status, plan, seats, period_months, price_list, anchor_on, starts_on, ends_on, auto_renewal, limits, renewal_at)
       select ${subscriptionId}, ${workspaceId}, 'active', 'advanced', 5, 6, $2, ${startsOn}, ${startsOn}, ${endsOn}, n % 2 = 0, '{}',
         case when n > ${String(due)} then (${endsOn} - 30 + time '09:00') at time zone 'America/New_York'
           else ($1::date + time '09:00') at time zone 'America/New_York' end from ${numbers}`,
      [today, priceListId],
    ],
    [
      `insert into seat_grant (order_id, subscription_id, workspace_id, plan, seats, seats_delta, price_list, period_months, during)
       select ${orderId}, ${subscriptionId}, ${workspaceId}, 'advanced', 5, 5, $2, 6, daterange(${startsOn}, ${endsOn}) from ${numbers}`,
      [today, priceListId],
    ],
    [
      `insert into payment_method (workspace_id, provider, method, token, brand, last4, expires_on)
       select ${workspaceId}, 'sandbox', 'card', 'tok_' || n, 'visa', '4242', '2034-12' from ${numbers}`,
      [],
    ],
  ];
  for (const [sql, values] of statements) await db.query(sql, values);
}
