import type {
  CivilDate,
  Entitlements,
  HeldAddOn,
  NextTerm,
  RunningSubscription,
  SubscriptionStatus,
  TaxName,
  TermDays,
} from '@billfleet/domain';
import type { Queryable } from './store.js';
import { clockAt, clockAtOf } from './workspace-time.js';
import type { OnClock } from './workspace-time.js';

/** A subscription with what its changes are priced from. */
export type SubscriptionFacts = {
  readonly id: string;
  readonly workspaceId: string;
  readonly status: SubscriptionStatus;
  readonly plan: string;
  readonly seats: number;
  readonly periodMonths: number;
  readonly priceListId: string;
  readonly nextPriceListId: string | null;
  readonly anchorOn: CivilDate;
  readonly endsOn: CivilDate;
  readonly autoRenewal: boolean;
  readonly scheduled: NextTerm | null;
  /**
   * The last paid terms, oldest first; amounts as text. `paidMinor`: what was paid for their seats. `paidTax`: what of it was price and what was
   * tax, where some of it was taxed, with the percentage where there was only one.
   */
  readonly terms: readonly (TermDays & {
    readonly priceListId: string;
    readonly plan: string;
    readonly seats: number;
    readonly pending: boolean;
    readonly paidMinor: string;
    readonly paidTax: {
      readonly priceMinor: string;
      readonly grossMinor: string;
      readonly taxMinor: string;
      readonly name: TaxName;
      readonly percent: string | null;
    } | null;
  })[];
  readonly addOns: readonly HeldAddOn[];
  /** Members who use a seat now. */
  readonly seatsInUse: number;
};

/** What a line charges or gives back: its amount, the price that it was made of, its tax, and what that says of itself. */
const PAID = `(l ->> 'amountMinor')::bigint as amount_minor, coalesce(l -> 'tax' ->> 'priceMinor', l ->> 'amountMinor')::bigint as price_minor,
               coalesce(l -> 'tax' ->> 'taxMinor', '0')::bigint as tax_minor, l -> 'tax' as of_line, 0::bigint as back_minor`;
/** What is left of what was paid, once goodwill is taken off; price and tax shrink with it. */
const LEFT = `greatest(m.paid - m.back, 0)`;

/** Terms that a change may be about: those that run or follow, and the last one that ended. */
const TERMS_MAX = 40;

/**
 * What changes of these workspaces' subscriptions are priced from, in one round trip. What was paid for a term is the sum of the
 * lines of applied orders that name it, less what was given back for seats of it, or of such an order out of goodwill.
 */
export async function findSubscriptionFacts(
  db: Queryable,
  workspaceIds: readonly string[],
): Promise<ReadonlyMap<string, SubscriptionFacts>> {
  if (workspaceIds.length === 0) return new Map();
  const rows = await db.query<SubscriptionFacts>(
    `select s.id, s.workspace_id as "workspaceId", s.status, s.plan, s.seats, s.period_months as "periodMonths", s.price_list as "priceListId",
       s.next_price_list as "nextPriceListId", s.anchor_on::text as "anchorOn", s.ends_on::text as "endsOn", s.auto_renewal as "autoRenewal", s.scheduled,
       coalesce((select jsonb_agg(jsonb_build_object('startsOn', lower(g.during), 'endsOn', upper(g.during), 'periodMonths', g.period_months,
           'priceListId', g.price_list, 'plan', g.plan, 'seats', g.seats, 'pending', g.pending, 'paidMinor', coalesce(p.paid_minor, 0)::text,
           'paidTax', case when p.name is not null then jsonb_build_object('priceMinor', coalesce(p.price_minor, 0)::text,
             'grossMinor', p.paid_minor::text, 'taxMinor', coalesce(p.tax_minor, 0)::text, 'name', p.name, 'percent', case when p.rates = 1 then p.percent end) end) order by g.during)
         from (select * from seat_grant where subscription_id = s.id order by during desc nulls last limit $2) g
         left join lateral (select ${LEFT} as paid_minor, round(m.price * ${LEFT} / nullif(m.paid, 0)) as price_minor,
             round(m.tax * ${LEFT} / nullif(m.paid, 0)) as tax_minor, m.name, m.percent, m.rates from (
           select sum(amount_minor) as paid, sum(price_minor) as price, sum(tax_minor) as tax, sum(back_minor) as back,
             (array_agg(of_line -> 'name') filter (where of_line is not null))[1] as name, max(of_line ->> 'percent') as percent,
             count(distinct coalesce(of_line ->> 'percent', '-')) filter (where amount_minor > 0) as rates from (
             select ${PAID} from seat_grant b join orders o on o.id = b.order_id, jsonb_array_elements(o.lines) l
               where b.subscription_id = s.id and l -> 'description' ->> 'kind' <> 'add-on'
                 and coalesce(l -> 'term' ->> 'startsOn', lower(b.during)::text) = lower(g.during)::text
             union all
             select ${PAID} from seat_change c, jsonb_array_elements(c.lines) l
               where c.subscription_id = s.id and l -> 'term' ->> 'startsOn' = lower(g.during)::text
             union all
             select 0, 0, 0, null, r.amount_minor from seat_grant b join orders o on o.id = b.order_id join refund r on r.order_id = b.order_id and r.reason = 'goodwill'
               where b.subscription_id = s.id and coalesce(o.lines -> 0 -> 'term' ->> 'startsOn', lower(b.during)::text) = lower(g.during)::text) movement) m) p on true where g.during is not null), '[]') as terms,
       coalesce((select jsonb_agg(jsonb_build_object('addOn', a.add_on, 'packages', a.packages, 'endsOn', upper(a.during)) order by a.add_on)
         from (select add_on, packages, during from add_on_grant where subscription_id = s.id and upper(during) >= s.ends_on) a), '[]') as "addOns",
       (select count(*)::int from member m where m.workspace_id = s.workspace_id and m.status <> 'disabled') as "seatsInUse"
     from subscription s where s.workspace_id = any($1::uuid[])`,
    [[...new Set(workspaceIds)], TERMS_MAX],
  );
  return new Map(rows.map((row) => [row.workspaceId, row]));
}

/** What a workspace may use. */
export type EntitlementsView = OnClock & {
  readonly workspaceId: string;
  readonly status: SubscriptionStatus;
  readonly plan: string;
  readonly seats: number;
  readonly startsOn: CivilDate;
  readonly endsOn: CivilDate;
  readonly autoRenewal: boolean;
  readonly limits: Entitlements;
  readonly version: number;
  /** The zone whose days count. */
  readonly timeZone: string;
};

const ENTITLEMENTS = `workspace_id as "workspaceId", (select time_zone from workspace w where w.id = subscription.workspace_id) as "timeZone", ${clockAtOf('subscription.workspace_id')}, status, plan, seats, starts_on::text as "startsOn", ends_on::text as "endsOn",
  auto_renewal as "autoRenewal", limits, version`;

/** What the entitlements of one workspace are answered from. */
export type StandingRow = OnClock & {
  readonly workspaceId: string;
  readonly timeZone: string;
  readonly trialEndsOn: CivilDate | null;
  /** Null while nothing was ever bought. */
  readonly subscription: Omit<EntitlementsView, 'workspaceId' | 'timeZone' | 'clockAt'> | null;
  /** Meters whose limit is reached; instants as ISO 8601. */
  readonly breaches: readonly {
    readonly meter: string;
    readonly breachEndsAt: string;
    readonly monthEndsAt: string | null;
  }[];
};

/** Where a workspace stands: one read by unique indexes; undefined for an unknown one. */
export async function viewStanding(db: Queryable, workspaceId: string): Promise<StandingRow | undefined> {
  const rows = await db.query<StandingRow>(
    `select w.id as "workspaceId", w.time_zone as "timeZone", w.trial_ends_on::text as "trialEndsOn", ${clockAt('w.test_clock_id')},
       case when s.id is not null then jsonb_build_object('status', s.status, 'plan', s.plan, 'seats', s.seats, 'startsOn', s.starts_on, 'endsOn', s.ends_on,
         'autoRenewal', s.auto_renewal, 'limits', s.limits, 'version', s.version) end as subscription,
       coalesce((select jsonb_agg(jsonb_build_object('meter', m.meter, 'breachEndsAt', m.breach_ends_at, 'monthEndsAt', m.month_ends_at))
         from usage_meter m where m.workspace_id = w.id and m.breach_ends_at is not null), '[]') as breaches
     from workspace w left join subscription s on s.workspace_id = w.id where w.id = $1`,
    [workspaceId],
  );
  return rows[0];
}

/** Entitlements of several workspaces; those that never had a subscription are left out. */
export async function viewManyEntitlements(
  db: Queryable,
  workspaceIds: readonly string[],
): Promise<ReadonlyMap<string, EntitlementsView>> {
  const rows = await db.query<EntitlementsView>(
    `select ${ENTITLEMENTS} from subscription where workspace_id = any($1::uuid[])`,
    [workspaceIds],
  );
  return new Map(rows.map((row) => [row.workspaceId, row]));
}

/** A running subscription with its own id, by which the next page is asked for. */
export type ActiveSubscription = RunningSubscription & { readonly id: string };

/**
 * One page of the active subscriptions as they will be renewed (with what is scheduled, at the list to which staff moved them), by id: at most `limit` of those after `afterId` (undefined = from the first).
 * Each page is a statement of its own, so what changes between two pages may be seen in either state, but nothing twice.
 */
export async function activePage(
  db: Queryable,
  afterId: string | undefined,
  limit: number,
): Promise<readonly ActiveSubscription[]> {
  return db.query<ActiveSubscription>(
    `select s.id, s.workspace_id as "workspaceId", w.country, w.currency, coalesce(s.scheduled ->> 'plan', s.plan) as plan,
       coalesce((s.scheduled ->> 'seats')::int, s.seats) as seats, coalesce((s.scheduled ->> 'periodMonths')::int, s.period_months) as "periodMonths",
       coalesce(s.next_price_list, s.price_list) as "priceList", s.ends_on::text as "endsOn", w.tax_number_country as "taxNumberCountry"
     from subscription s join workspace w on w.id = s.workspace_id
     where s.status = 'active' and ($1::uuid is null or s.id > $1::uuid) order by s.id limit $2`,
    [afterId, limit],
  );
}
