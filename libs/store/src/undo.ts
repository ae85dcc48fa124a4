import type { CivilDate, CreditAccount, NextTerm, OrderKind, OrderStatus } from '@billfleet/domain';
import type { Queryable, Tx } from './store.js';
import { clockAt } from './workspace-time.js';
import type { OnClock } from './workspace-time.js';

/** A subscription as it was before an order was given, or as it is now. */
export type SubscriptionThen = {
  readonly id: string;
  readonly status: 'active' | 'expired' | 'closed';
  readonly plan: string;
  readonly seats: number;
  readonly periodMonths: number;
  readonly priceListId: string;
  readonly anchorOn: CivilDate;
  readonly startsOn: CivilDate;
  readonly endsOn: CivilDate;
  readonly autoRenewal: boolean;
  readonly autoRenewalBy: string;
  readonly autoRenewalAt: string;
  readonly limits: Readonly<Record<string, unknown>>;
  readonly scheduled: NextTerm | null;
  readonly version: number;
};

/** The columns of `SubscriptionThen`, as JSON; `s` is the subscription. */
export const SUBSCRIPTION_THEN = `jsonb_build_object('id', s.id, 'status', s.status, 'plan', s.plan, 'seats', s.seats, 'periodMonths', s.period_months,
  'priceListId', s.price_list, 'anchorOn', s.anchor_on, 'startsOn', s.starts_on, 'endsOn', s.ends_on, 'autoRenewal', s.auto_renewal,
  'autoRenewalBy', s.auto_renewal_by, 'autoRenewalAt', s.auto_renewal_at, 'limits', s.limits, 'scheduled', s.scheduled, 'version', s.version)`;
/** The columns of a credit account `c` with a month, as JSON; null without one. */
export const CREDITS_THEN = `case when c.basis is not null then jsonb_build_object('basis', c.basis, 'monthStartsOn', c.month_starts_on, 'monthEndsOn', c.month_ends_on,
  'sources', c.sources, 'spent', c.spent) end`;

/** A given order with all that decides whether it can be undone. */
export type OrderToUndo = OnClock & {
  readonly id: string;
  readonly workspaceId: string;
  readonly kind: OrderKind;
  readonly status: OrderStatus;
  readonly plan: string;
  readonly seats: number;
  readonly priceListId: string;
  readonly timeZone: string;
  /** When it was given, by the clock of its workspace; null for one that was not, or not since there are undo points. */
  readonly givenAt: Date | null;
  readonly before: SubscriptionThen | null;
  readonly creditsBefore: CreditAccount | null;
  readonly now: SubscriptionThen | null;
  /** The end of the days that it bought; null where it bought none. */
  readonly termEndsOn: CivilDate | null;
  /** Whether its term begins later, with something else than there is until then. */
  readonly isPending: boolean;
  readonly isGivenBackInPart: boolean;
  readonly isDisputed: boolean;
  /** The number of an order that was given later and is not undone; of one that is paid and about to be given. */
  readonly laterNumber: string | null;
  readonly paidNumber: string | null;
  /** Members who use a seat, and those of them who came since the order was given. */
  readonly seatsInUse: number;
  readonly seatsTakenSince: number;
  /** Whether anything was decided about the end of a term of the subscription. */
  readonly hasTermHistory: boolean;
};

const IN_USE = `m.workspace_id = o.workspace_id and m.status <> 'disabled'`;
const GROUND = `select o.id, o.workspace_id as "workspaceId", o.kind, o.status, o.plan, o.seats, o.price_list as "priceListId", w.time_zone as "timeZone", ${clockAt('w.test_clock_id')},
    u.given_at as "givenAt", u.subscription as before, u.credits as "creditsBefore", case when s.id is not null then ${SUBSCRIPTION_THEN} end as now,
    (select upper(g.during)::text from seat_grant g where g.order_id = o.id) as "termEndsOn",
    coalesce((select g.pending from seat_grant g where g.order_id = o.id), false) as "isPending",
    exists (select 1 from refund r where r.order_id = o.id and r.is_part) or exists (select 1 from write_off f where f.order_id = o.id) as "isGivenBackInPart",
    exists (select 1 from chargeback b where b.workspace_id = o.workspace_id and b.decision is null and b.status <> 'won') as "isDisputed",
    (select l.number::text from undo_point p join orders l on l.id = p.order_id where p.workspace_id = o.workspace_id and p.n > u.n and l.status = 'fulfilled'
      order by p.n desc limit 1) as "laterNumber",
    (select l.number::text from orders l where l.workspace_id = o.workspace_id and l.status = 'paid' limit 1) as "paidNumber",
    (select count(*)::int from member m where ${IN_USE}) as "seatsInUse",
    (select count(*)::int from member m where ${IN_USE} and exists (select 1 from transition t where t.entity = 'member' and t.entity_id = m.id
      and coalesce(t.from_status, 'disabled') = 'disabled'
      and t.id > (select max(f.id) from transition f where f.entity = 'orders' and f.entity_id = o.id and f.to_status = 'fulfilled'))) as "seatsTakenSince",
    exists (select 1 from renewal r where r.subscription_id = s.id) or exists (select 1 from term_notice t where t.subscription_id = s.id)
      or exists (select 1 from seat_change c where c.subscription_id = s.id) as "hasTermHistory"
  from orders o join workspace w on w.id = o.workspace_id left join undo_point u on u.order_id = o.id left join subscription s on s.workspace_id = o.workspace_id
  where o.id = $1`;

/** What decides whether an order can be undone, without a lock: for looking. Under the locks of `lockOrderToRefund` it holds. */
export async function findOrderToUndo(db: Queryable, orderId: string): Promise<OrderToUndo | undefined> {
  return (await db.query<OrderToUndo>(GROUND, [orderId]))[0];
}

/** Takes what an order gave out of the grants, and keeps it as it was. */
export async function takeGrantsBack(
  tx: Tx,
  one: { readonly orderId: string; readonly by: string; readonly reason: string; readonly at: Date },
): Promise<void> {
  await tx.query(
    `with seats as (delete from seat_grant where order_id = $1 returning *),
       packages as (delete from add_on_grant where order_id = $1 returning *)
     insert into undone_grant (order_id, workspace_id, seats, add_ons, undone_by, reason, undone_at)
     select o.id, o.workspace_id, (select to_jsonb(s) from seats s), coalesce((select jsonb_agg(to_jsonb(p)) from packages p), '[]'), $2, $3, $4 from orders o where o.id = $1`,
    [one.orderId, one.by, one.reason, one.at.toISOString()],
  );
}

/** Puts a subscription back to what it was, but for its version. Automatic renewal stays where somebody has switched it since. */
export async function restoreSubscription(tx: Tx, before: SubscriptionThen): Promise<void> {
  await tx.query(
    `update subscription s set status = b.status, plan = b.plan, seats = b.seats, period_months = b.period_months, price_list = b.price_list, anchor_on = b.anchor_on,
       starts_on = b.starts_on, ends_on = b.ends_on, auto_renewal = case when s.auto_renewal_by = 'payment' then b.auto_renewal else s.auto_renewal end,
       auto_renewal_at = case when s.auto_renewal_by = 'payment' then b.auto_renewal_at else s.auto_renewal_at end,
       auto_renewal_by = case when s.auto_renewal_by = 'payment' then b.auto_renewal_by else s.auto_renewal_by end
     from (select $2::text, $3::text, $4::int, $5::int, $6::text, $7::date, $8::date, $9::date, $10::boolean, $11::text, $12::timestamptz)
       as b (status, plan, seats, period_months, price_list, anchor_on, starts_on, ends_on, auto_renewal, auto_renewal_by, auto_renewal_at) where s.id = $1`,
    [
      before.id,
      before.status,
      before.plan,
      before.seats,
      before.periodMonths,
      before.priceListId,
      before.anchorOn,
      before.startsOn,
      before.endsOn,
      before.autoRenewal,
      before.autoRenewalBy,
      before.autoRenewalAt,
    ],
  );
}

/** Takes away a subscription that there was not before; the next one of the workspace goes on from its version. Answers that version. */
export async function withdrawSubscription(tx: Tx, subscriptionId: string): Promise<number> {
  const rows = await tx.query<{ version: number }>(
    `with gone as (delete from subscription where id = $1 returning workspace_id, version)
     insert into withdrawn_subscription as w (workspace_id, version) select workspace_id, version + 1 from gone
     on conflict (workspace_id) do update set version = greatest(w.version, excluded.version) + 1 returning version`,
    [subscriptionId],
  );
  return rows[0]?.version ?? 1;
}

/** Says with a refund why it goes back, and who wanted it. */
export async function explainRefunds(
  tx: Tx,
  ids: readonly string[],
  one: { readonly by: string; readonly reason: string },
): Promise<void> {
  await tx.query(`update refund set note = $2, requested_by = $3 where id = any($1::uuid[])`, [
    ids,
    one.reason,
    one.by,
  ]);
}
