import { randomUUID } from 'node:crypto';
import type { Queryable } from '@billfleet/store';

/** How many orders there are, and what they are like: every state and kind by turns, or nearly all of them paid renewals, as in a long life. */
export type OrdersPlan = {
  readonly orders: number;
  /** Decides what is random, and the day on which the first is placed: the others follow a minute apart. */
  readonly seed: number;
  readonly isPaid?: boolean;
  /** A workspace that is there already. */
  readonly workspaceId?: string;
};

const KINDS = `array['purchase', 'upgrade', 'add-seats', 'upgrade-and-add-seats', 'extension', 'renewal', 'add-on']`;
const ENDED = `array['paid', 'fulfilled', 'fulfilled', 'fulfilled', 'cancelled', 'expired', 'refund_due', 'refunded']`;
const UNPAID_TRIES = `array['submitting', 'pending', 'unknown', 'declined', 'cancelled', 'expired']`;

/** Of a long life: one in a thousand ended unpaid, few were paid in rare ways or given back in part, one was the purchase. */
const RARE = `select n, case when n % 1000 = 0 then 'expired' else 'fulfilled' end as status, case when n = 1 then 'purchase' when n % 900 = 0 then 'add-on' else 'renewal' end as kind,
    case when n % 4000 = 0 then 'paypal' when n % 50 = 0 then 'pix' else 'card' end as method, n % 7000 = 7 as is_offline, n % 2500 = 1 as is_refunded, n as h from generate_series(1, $2::int) n`;

/** The first seven are unpaid, since there is one of each kind at most. */
const MIXED = `select n, case when n <= 7 then 'awaiting_payment' else (${ENDED})[1 + h % 8] end as status, (${KINDS})[1 + (case when n <= 7 then n - 1 else h end) % 7] as kind,
    (array['card', 'pix', null])[1 + (h / 8) % 3] as method, n > 7 and (h / 64) % 5 = 0 as is_offline, (h / 512) % 2 = 0 as is_refunded, h
  from (select n, ('x' || substr(md5($3 || ':' || n), 1, 7))::bit(28)::int as h from generate_series(1, $2::int) n) r`;

/**
 * Gives a workspace orders, each with its newest attempt and what was given back; answers the id of the workspace. One statement, past the rules
 * that the fleet keeps on the way in.
 */
export async function seedOrders(db: Queryable, plan: OrdersPlan): Promise<string> {
  const { orders, seed, isPaid = false, workspaceId = randomUUID() } = plan;
  await db.query(
    `insert into workspace (id, name, country, currency, time_zone, locale) values ($1, 'Northwind Studio', 'US', 'USD', 'America/New_York', 'en')
     on conflict do nothing`,
    [workspaceId],
  );
  await db.query(
    `with drawn as (${isPaid ? RARE : MIXED}),
     dated as (select *, timestamptz '2026-01-01T00:00:00Z' + ($3 || ' days')::interval + n * interval '1 minute' as at, md5($1 || $3 || 'a' || n)::uuid as attempt_id from drawn),
     o as (select *, (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '7' || substr(md5($1 || $3 || n), 1, 3) || '8' || substr(md5($1 || $3 || n), 4, 15))::uuid as id,
         status in ('paid', 'fulfilled', 'refund_due', 'refunded') as is_paid from dated),
     placed as (
       insert into orders (id, workspace_id, kind, plan, seats, period_months, price_list, currency, unit_minor, amount_minor, lines, basis, add_on, collection, method,
         status, paid_attempt_id, expires_at, created_at, next_payment)
       select id, $1::uuid, kind, 'advanced', 5, 6, 'us', 'USD', case when kind = 'purchase' then 21000 end, 105000,
         jsonb_build_array(jsonb_build_object('amountMinor', '105000', 'description', case when kind = 'add-on'
           then '{"kind": "add-on", "addOn": "ai-credits", "addOnName": "AI credits"}' else '{"kind": "plan-seats", "plan": "advanced", "planName": "Advanced"}' end::jsonb)),
         case when kind <> 'purchase' then '{}'::jsonb end, case when kind = 'add-on' then '{"id": "ai-credits", "packages": 2, "termMonths": 6, "endsOn": "2027-01-01"}'::jsonb end,
         case when method is null then 'upstream' else 'provider' end, method, status, case when is_paid then attempt_id end, at + interval '7 days', at,
         case when status = 'awaiting_payment' and h % 5 = 0 then '{}'::jsonb end from o),
     tried as (
       insert into attempt (id, order_id, workspace_id, n, provider, method, token, reference, currency, amount_minor, status, created_at)
       select attempt_id, id, $1::uuid, 1, case when is_offline and is_paid then 'offline' else 'sandbox' end, method, case when h % 2 = 0 and not is_paid then 'tok' end,
         'ref-' || attempt_id, 'USD', 105000, case when is_paid then 'succeeded' when status = 'awaiting_payment' then (${UNPAID_TRIES})[n] else 'declined' end, at
       from o where status <> 'awaiting_payment' or n < 7),
     offline as (
       insert into offline_payment (id, order_id, attempt_id, workspace_id, currency, amount_minor, proof_kind, proof_reference, paid_at, reason, recorded_by)
       select attempt_id, id, attempt_id, $1::uuid, 'USD', 105000, 'receipt', 'proof ' || attempt_id, at, 'seeded', 'seeded' from o where is_offline and is_paid)
     insert into refund (id, order_id, attempt_id, workspace_id, currency, amount_minor, reason, reference, status)
     select attempt_id, id, attempt_id, $1::uuid, 'USD', case when h % 3 = 0 then 105000 else 5000 end, 'late_payment', 'refund ' || attempt_id,
       case when h % 11 = 0 then 'owed' else 'succeeded' end from o where is_paid and is_refunded`,
    [workspaceId, orders, String(seed)],
  );
  return workspaceId;
}
