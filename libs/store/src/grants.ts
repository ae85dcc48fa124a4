import type {
  AddOnLine,
  CivilDate,
  Currency,
  OrderKind,
  OrderStatus,
  PaymentMethod,
  QuoteBasis,
  SubscriptionStatus,
} from '@billfleet/domain';
import { fulfilOrders } from './fulfil-orders.js';
import type { Tx } from './store.js';
import { clockAt, clockNowOf } from './workspace-time.js';
import type { OnClock } from './workspace-time.js';

export { claimTurns } from './due-turns.js';

/** Packages that a workspace has, had or will have. */
export type AddOnHeld = {
  readonly addOn: string;
  readonly limitName: string;
  readonly amount: number;
  readonly startsOn: CivilDate;
  readonly endsOn: CivilDate;
};

/** A paid order about to be applied, with its workspace and what that has. */
export type OrderToApply = OnClock & {
  readonly id: string;
  readonly number: string;
  readonly status: OrderStatus;
  readonly kind: OrderKind;
  readonly workspaceId: string;
  readonly plan: string;
  readonly seats: number;
  readonly periodMonths: number;
  readonly priceList: string;
  readonly currency: Currency;
  readonly amountMinor: string;
  readonly basis: QuoteBasis | null;
  readonly addOn: { readonly id: string; readonly packages: number; readonly termMonths: number } | null;
  /** Lines of add-ons, as stored: amounts are text. */
  readonly addOnLines: readonly Pick<AddOnLine, 'description' | 'quantity'>[];
  /** How it was paid; null where the money came outside of every provider. */
  readonly method: PaymentMethod | null;
  readonly paidAttemptId: string | null;
  readonly timeZone: string;
  readonly locale: 'en' | 'es' | 'pt-BR';
  readonly billingEmail: string | null;
  readonly trialEndsOn: CivilDate | null;
  /** Whether the workspace has a method that may be charged without the payer (none while a chargeback waits for staff), and whether this very payment brought it. */
  readonly hasStoredMethod: boolean;
  readonly broughtMethod: boolean;
  readonly held: HeldRow | null;
  /** First days of paid terms that have not begun. */
  readonly pendingOn: readonly CivilDate[];
  readonly addOnsHeld: readonly AddOnHeld[];
};

/** The subscription of a workspace as grants see it. */
export type HeldRow = {
  readonly id: string;
  readonly status: SubscriptionStatus;
  readonly plan: string;
  readonly seats: number;
  readonly periodMonths: number;
  readonly priceListId: string;
  readonly anchorOn: CivilDate;
  readonly startsOn: CivilDate;
  readonly endsOn: CivilDate;
  readonly autoRenewal: boolean;
  readonly limits: Readonly<Record<string, unknown>>;
};

const HELD = `jsonb_build_object('id', s.id, 'status', s.status, 'plan', s.plan, 'seats', s.seats, 'periodMonths', s.period_months,
  'priceListId', s.price_list, 'anchorOn', s.anchor_on, 'startsOn', s.starts_on, 'endsOn', s.ends_on, 'autoRenewal', s.auto_renewal, 'limits', s.limits)`;
const ADD_ONS_HELD = `coalesce((select jsonb_agg(jsonb_build_object('addOn', a.add_on, 'limitName', a.limit_name, 'amount', a.amount,
  'startsOn', lower(a.during), 'endsOn', upper(a.during))) from add_on_grant a where a.subscription_id = s.id), '[]')`;

/** Locks orders, then the subscriptions of their workspaces, by id. */
export async function lockOrdersToApply(tx: Tx, ids: readonly string[]): Promise<OrderToApply[]> {
  const ordersLocked = tx.query(`select 1 from orders where id = any($1::uuid[]) order by id for update`, [ids]);
  const subscriptionsLocked = tx.query(
    `select 1 from subscription where workspace_id in (select workspace_id from orders where id = any($1::uuid[])) order by id for update`,
    [ids],
  );
  const reading = tx.query<OrderToApply>(
    `select o.id, o.number, o.status, o.kind, o.workspace_id as "workspaceId", o.plan, o.seats, o.period_months as "periodMonths", o.price_list as "priceList",
       o.currency, o.amount_minor as "amountMinor", o.basis, o.add_on as "addOn",
       case when jsonb_array_length(o.lines) > 1 or o.kind = 'add-on'
         then coalesce((select jsonb_agg(l) from jsonb_array_elements(o.lines) l where l -> 'description' ->> 'kind' = 'add-on'), '[]') else '[]' end as "addOnLines",
       (select a.method from attempt a where a.id = o.paid_attempt_id) as method, o.paid_attempt_id as "paidAttemptId", w.time_zone as "timeZone", w.locale, w.billing_email as "billingEmail",
       w.trial_ends_on::text as "trialEndsOn", ${clockAt('w.test_clock_id')}, exists (select 1 from payment_method p where p.workspace_id = o.workspace_id and p.removed_at is null)
       and not exists (select 1 from chargeback b where b.workspace_id = o.workspace_id and b.decision is null and b.status <> 'won') as "hasStoredMethod",
       exists (select 1 from payment_method p where p.attempt_id = o.paid_attempt_id and p.workspace_id = o.workspace_id) as "broughtMethod",
       case when s.id is not null then ${HELD} end as held, ${ADD_ONS_HELD} as "addOnsHeld",
       coalesce((select jsonb_agg(lower(g.during)) from seat_grant g where g.subscription_id = s.id and g.pending), '[]') as "pendingOn"
     from orders o join workspace w on w.id = o.workspace_id left join subscription s on s.workspace_id = o.workspace_id where o.id = any($1::uuid[]) order by o.id`,
    [ids],
  );
  return (await Promise.all([ordersLocked, subscriptionsLocked, reading]))[2];
}

/** What an order gives, worked out, and the subscription as it is from now on. `limits` is JSON text. */
export type GrantRow = {
  readonly orderId: string;
  readonly subscriptionId: string;
  readonly workspaceId: string;
  readonly status: SubscriptionStatus;
  readonly plan: string;
  /** Seats that the subscription has from now on. */
  readonly seats: number;
  readonly periodMonths: number;
  readonly priceList: string;
  readonly anchorOn: CivilDate;
  readonly startsOn: CivilDate;
  readonly endsOn: CivilDate;
  readonly autoRenewal: boolean;
  readonly limits: string;
  /** When something that is paid begins or ends next. */
  readonly turnAt: Date | null;
  /** When the end of the term has something due next; null when it never will. */
  readonly renewalAt: Date | null;
  /** Whether the term that was scheduled has been bought with this. */
  readonly usesSchedule: boolean;
  /** What the order itself gave; left out for an add-on. `seatsDelta`: seats that it adds, what the subscription has is the sum of these. */
  readonly given?: {
    readonly plan: string;
    readonly seats: number;
    readonly seatsDelta: number;
    readonly priceList: string;
    readonly periodMonths: number;
    /** The paid days, where the order bought some. */
    readonly during: { readonly startsOn: CivilDate; readonly endsOn: CivilDate } | null;
    /** Paid, but with another plan or number of seats from its first day on, which is still to come. */
    readonly pending: boolean;
  };
  readonly addOns: readonly AddOnGrant[];
  /** When it is given, by the clock of its workspace; left out: now, by that of the database. */
  readonly givenAt?: Date;
};

/** Packages that an order gives. */
export type AddOnGrant = {
  readonly addOn: string;
  readonly limitName: string;
  readonly packages: number;
  /** By how much the limit rises. */
  readonly amount: number;
  readonly startsOn: CivilDate;
  readonly endsOn: CivilDate;
};

/** The version that each subscription has from now on, by workspace. */
export type Versions = ReadonlyMap<string, number>;

/** Gives what orders paid for: subscription, grants, order fulfilled. One grant per order, ever. */
export async function applyGrants(tx: Tx, rows: readonly GrantRow[]): Promise<Versions> {
  if (rows.length === 0) return new Map();
  // Asked for first, so that it sees what there was before.
  const fulfilling = fulfilOrders(tx, rows);
  return (await Promise.all([subscribe(tx, rows), giveSeats(tx, rows), giveAddOns(tx, rows), fulfilling]))[0];
}

/** What a subscription has from now on. */
export type SubscriptionRow = Omit<GrantRow, 'orderId' | 'given' | 'addOns' | 'givenAt'>;

const FORGET_SCHEDULE = `update subscription set scheduled = null, scheduled_by = null, scheduled_at = null, next_price_list = null where id = any($1::uuid[])`;

/** Writes subscriptions as they are from now on; the version tells readers that something changed. */
async function subscribe(tx: Tx, rows: readonly SubscriptionRow[]): Promise<Versions> {
  const written = await tx.query<{ workspaceId: string; version: number }>(
    `insert into subscription as s (id, workspace_id, status, plan, seats, period_months, price_list, anchor_on, starts_on, ends_on, auto_renewal, limits, turn_at, renewal_at, auto_renewal_at, version)
     select id, workspace_id, status, plan, seats, period_months, price_list, anchor_on, starts_on, ends_on, auto_renewal, limits, turn_at, renewal_at, coalesce(${clockNowOf('n.workspace_id')}, now()),
       coalesce((select w.version from withdrawn_subscription w where w.workspace_id = n.workspace_id), 1)
     from unnest($1::uuid[], $2::uuid[], $3::text[], $4::int[], $5::int[], $6::text[], $7::date[], $8::date[], $9::date[], $10::boolean[], $11::jsonb[],
       $12::timestamptz[], $13::text[], $14::timestamptz[])
       as n (id, workspace_id, plan, seats, period_months, price_list, anchor_on, starts_on, ends_on, auto_renewal, limits, turn_at, status, renewal_at)
     on conflict (workspace_id) do update set status = excluded.status, plan = excluded.plan, seats = excluded.seats, period_months = excluded.period_months,
       price_list = excluded.price_list, anchor_on = excluded.anchor_on, starts_on = excluded.starts_on, ends_on = excluded.ends_on,
       auto_renewal = excluded.auto_renewal,
       auto_renewal_by = case when s.auto_renewal = excluded.auto_renewal then s.auto_renewal_by else 'payment' end,
       auto_renewal_at = case when s.auto_renewal = excluded.auto_renewal then s.auto_renewal_at else excluded.auto_renewal_at end,
       limits = excluded.limits, turn_at = excluded.turn_at, renewal_at = excluded.renewal_at, version = s.version + 1, updated_at = now()
     returning workspace_id as "workspaceId", version`,
    [
      rows.map((r) => r.subscriptionId),
      rows.map((r) => r.workspaceId),
      rows.map((r) => r.plan),
      rows.map((r) => r.seats),
      rows.map((r) => r.periodMonths),
      rows.map((r) => r.priceList),
      rows.map((r) => r.anchorOn),
      rows.map((r) => r.startsOn),
      rows.map((r) => r.endsOn),
      rows.map((r) => r.autoRenewal),
      rows.map((r) => r.limits),
      rows.map((r) => r.turnAt?.toISOString() ?? null),
      rows.map((r) => r.status),
      rows.map((r) => r.renewalAt?.toISOString() ?? null),
    ],
  );
  const used = rows.filter((r) => r.usesSchedule).map((r) => r.subscriptionId);
  if (used.length > 0) await tx.query(FORGET_SCHEDULE, [used]);
  return new Map(written.map(({ workspaceId, version }) => [workspaceId, version]));
}

async function giveSeats(tx: Tx, rows: readonly GrantRow[]): Promise<void> {
  const given = rows.flatMap((row) => (row.given === undefined ? [] : [{ ...row, given: row.given }]));
  if (given.length === 0) return;
  await tx.query(
    `insert into seat_grant (order_id, subscription_id, workspace_id, plan, seats, seats_delta, price_list, period_months, during, pending)
     select o, s, w, p, n, d, l, m, case when f is not null then daterange(f, t) end, h
     from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::int[], $6::int[], $7::text[], $8::int[], $9::date[], $10::date[], $11::boolean[])
       as row (o, s, w, p, n, d, l, m, f, t, h)`,
    [
      given.map((r) => r.orderId),
      given.map((r) => r.subscriptionId),
      given.map((r) => r.workspaceId),
      given.map((r) => r.given.plan),
      given.map((r) => r.given.seats),
      given.map((r) => r.given.seatsDelta),
      given.map((r) => r.given.priceList),
      given.map((r) => r.given.periodMonths),
      given.map((r) => r.given.during?.startsOn ?? null),
      given.map((r) => r.given.during?.endsOn ?? null),
      given.map((r) => r.given.pending),
    ],
  );
}

async function giveAddOns(tx: Tx, rows: readonly GrantRow[]): Promise<void> {
  const given = rows.flatMap((row) => row.addOns.map((addOn) => ({ ...row, addOn })));
  if (given.length === 0) return;
  await tx.query(
    `insert into add_on_grant (order_id, add_on, subscription_id, workspace_id, limit_name, packages, amount, during)
     select o, a, s, w, l, p, n, daterange(f, t)
     from unnest($1::uuid[], $2::text[], $3::uuid[], $4::uuid[], $5::text[], $6::int[], $7::bigint[], $8::date[], $9::date[]) as row (o, a, s, w, l, p, n, f, t)`,
    [
      given.map((r) => r.orderId),
      given.map((r) => r.addOn.addOn),
      given.map((r) => r.subscriptionId),
      given.map((r) => r.workspaceId),
      given.map((r) => r.addOn.limitName),
      given.map((r) => r.addOn.packages),
      given.map((r) => r.addOn.amount),
      given.map((r) => r.addOn.startsOn),
      given.map((r) => r.addOn.endsOn),
    ],
  );
}

/** A subscription that may have come to a turn: a term of its own begins, or packages begin or end. */
export type SubscriptionToTurn = OnClock & {
  readonly workspaceId: string;
  readonly timeZone: string;
  readonly held: HeldRow;
  /** The paid terms that have not begun, oldest first. */
  readonly pending: readonly {
    readonly orderId: string;
    readonly plan: string;
    readonly seats: number;
    readonly priceListId: string;
    readonly periodMonths: number;
    readonly startsOn: CivilDate;
  }[];
  readonly addOnsHeld: readonly AddOnHeld[];
};

/** Locks subscriptions by id and reads what may turn. */
export async function lockSubscriptionsToTurn(tx: Tx, ids: readonly string[]): Promise<readonly SubscriptionToTurn[]> {
  const locking = tx.query(`select 1 from subscription where id = any($1::uuid[]) order by id for update`, [ids]);
  const reading = tx.query<SubscriptionToTurn>(
    `select s.workspace_id as "workspaceId", w.time_zone as "timeZone", ${clockAt('w.test_clock_id')}, ${HELD} as held, ${ADD_ONS_HELD} as "addOnsHeld",
       coalesce((select jsonb_agg(jsonb_build_object('orderId', g.order_id, 'plan', g.plan, 'seats', g.seats, 'priceListId', g.price_list,
         'periodMonths', g.period_months, 'startsOn', lower(g.during)) order by g.during) from seat_grant g where g.subscription_id = s.id and g.pending), '[]') as pending
     from subscription s join workspace w on w.id = s.workspace_id where s.id = any($1::uuid[]) and s.status in ('active', 'expired') order by s.id`,
    [ids],
  );
  return (await Promise.all([locking, reading]))[1];
}

/** A turn: the subscription as it is from now on, and the terms that have begun with it, each with the seats that it adds or takes. */
export type Turn = SubscriptionRow & {
  readonly begun: readonly { readonly orderId: string; readonly seatsDelta: number }[];
};

const BEGIN_TERMS = `update seat_grant g set pending = false, seats_delta = b.delta from unnest($1::uuid[], $2::int[]) as b (id, delta) where g.order_id = b.id and g.pending`;

/** Writes turns: what begins is pending no more. */
export async function turnSubscriptions(tx: Tx, turns: readonly Turn[]): Promise<Versions> {
  if (turns.length === 0) return new Map();
  const versions = await subscribe(tx, turns);
  const begun = turns.flatMap((turn) => turn.begun);
  if (begun.length > 0) await tx.query(BEGIN_TERMS, [begun.map((b) => b.orderId), begun.map((b) => b.seatsDelta)]);
  return versions;
}
