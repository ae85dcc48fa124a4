import type { CivilDate, Currency, RenewalRules } from '@billfleet/domain';
import type { Queryable } from './store.js';
import { PARKED } from './renewal-control.js';

/** What comes due on one civil day, each workspace by its own calendar, as far as it is known now. */
export type DueCounts = {
  readonly remindersOfCharge: number;
  readonly remindersOfEnd: number;
  readonly orders: number;
  readonly firstCharges: number;
  readonly repeatedCharges: number;
  readonly expiringCards: number;
  readonly ends: number;
  readonly endsOfGrace: number;
  readonly dataWarnings: number;
};

/** Days before their end at which terms have something due, taken from the catalogue. */
type Rules = Pick<
  RenewalRules,
  'cardDays' | 'reminderDays' | 'chargeDays' | 'graceDays' | 'dataDays' | 'dataWarningDays'
>;

const METHOD = `exists (select 1 from payment_method p where p.workspace_id = s.workspace_id and p.removed_at is null)`;
const WILL_CHARGE = `s.auto_renewal and ${METHOD}`;
const TERM = `left join renewal r on r.subscription_id = s.id and r.term_ends_on = s.ends_on`;
/** The card that would be charged, as looks at the end of a term find it. */
const CARD = `(select p.expires_on from payment_method p where p.workspace_id = s.workspace_id and p.removed_at is null order by p.created_at desc, p.token limit 1)`;
const CARD_METHOD = `(select p.method from payment_method p where p.workspace_id = s.workspace_id and p.removed_at is null order by p.created_at desc, p.token limit 1)`;
/** Charges that were declined and are repeated on the day of their workspace; the window finds them by the index. */
const REPEATED = `from renewal r join subscription s on s.id = r.subscription_id and s.ends_on = r.term_ends_on join workspace w on w.id = s.workspace_id
  join orders o on o.id = r.order_id and o.status = 'awaiting_payment'
  where s.auto_renewal and r.next_try_at >= $1::date - interval '1 day' and r.next_try_at < $1::date + interval '2 days'
    and (r.next_try_at at time zone w.time_zone)::date = $1::date`;

/** Counts what comes due on a day; every part is found by an index, so the cost grows with what is due. */
export async function countDue(db: Queryable, on: CivilDate, rules: Rules): Promise<DueCounts> {
  const rows = await db.query<DueCounts>(
    `select
       (select count(*)::int from subscription s ${TERM} where s.status = 'active' and s.ends_on = $1::date + $3::int and r.reminder is null and ${WILL_CHARGE}) as "remindersOfCharge",
       (select count(*)::int from subscription s ${TERM} where s.status = 'active' and s.ends_on = $1::date + $3::int and r.reminder is null and not (${WILL_CHARGE})) as "remindersOfEnd",
       (select count(*)::int from subscription s ${TERM} where s.status = 'active' and s.ends_on = $1::date + $3::int and r.order_id is null and not (${WILL_CHARGE})) as orders,
       (select count(*)::int from subscription s ${TERM} where s.status = 'active' and s.ends_on = $1::date + $4::int and coalesce(r.tries, 0) = 0 and ${WILL_CHARGE}) as "firstCharges",
       (select count(*)::int ${REPEATED}) as "repeatedCharges",
       (select count(*)::int from subscription s where s.status = 'active' and s.ends_on = $1::date + $2::int and s.auto_renewal and ${CARD_METHOD} = 'card'
          and ${CARD} < to_char(s.ends_on - $4::int, 'YYYY-MM')) as "expiringCards",
       (select count(*)::int from subscription s where s.status = 'active' and s.ends_on = $1::date) as ends,
       (select count(*)::int from subscription s where s.status in ('active', 'expired') and s.ends_on = $1::date - $5::int) as "endsOfGrace",
       (select count(*)::int from subscription s where s.status = 'expired' and s.ends_on = any (select $1::date - $6::int + d from unnest($7::int[]) as d)) as "dataWarnings"`,
    [
      on,
      rules.cardDays,
      rules.reminderDays,
      rules.chargeDays,
      rules.graceDays,
      rules.dataDays,
      rules.dataWarningDays.map(String),
    ],
  );
  return rows[0] ?? NOTHING;
}

const NOTHING: DueCounts = {
  ...{ remindersOfCharge: 0, remindersOfEnd: 0, orders: 0, firstCharges: 0, repeatedCharges: 0 },
  ...{ expiringCards: 0, ends: 0, endsOfGrace: 0, dataWarnings: 0 },
};

/** A term whose first charge, or whose order to be paid by hand, comes due; an order that is there has its amount already. */
export type DueTerm = {
  readonly id: string;
  readonly workspaceId: string;
  readonly what: 'charge' | 'order';
  readonly orderMinor: string | null;
  readonly currency: Currency | null;
};

/** A page of the terms that bring a first charge or an order on a day, by id. */
export async function dueTerms(
  db: Queryable,
  on: CivilDate,
  { rules, afterId, limit }: { readonly rules: Rules; readonly afterId: string | undefined; readonly limit: number },
): Promise<readonly DueTerm[]> {
  return db.query<DueTerm>(
    `select s.id, s.workspace_id as "workspaceId", case when s.ends_on = $1::date + $3::int then 'charge' else 'order' end as what,
       o.amount_minor::text as "orderMinor", o.currency
     from subscription s ${TERM} left join orders o on o.workspace_id = s.workspace_id and o.kind = 'renewal' and o.status = 'awaiting_payment'
     where s.status = 'active' and s.ends_on in ($1::date + $2::int, $1::date + $3::int) and s.id > $4::uuid
       and case when s.ends_on = $1::date + $3::int then coalesce(r.tries, 0) = 0 and ${WILL_CHARGE} else r.order_id is null and not (${WILL_CHARGE}) end
     order by s.id limit $5`,
    [on, rules.reminderDays, rules.chargeDays, afterId ?? '00000000-0000-0000-0000-000000000000', limit],
  );
}

/** What repeated charges of a day come to, by currency; minor units as text. */
export async function repeatedAmounts(
  db: Queryable,
  on: CivilDate,
): Promise<readonly { readonly currency: Currency; readonly count: number; readonly amountMinor: string }[]> {
  return db.query(
    `select o.currency, count(*)::int as count, sum(o.amount_minor)::text as "amountMinor" ${REPEATED} group by o.currency order by o.currency`,
    [on],
  );
}

/** A term that waits for a person: its look failed for good, or no sweep got past it. */
export type ParkedTerm = {
  readonly workId: string;
  readonly subscriptionId: string;
  readonly workspaceId: string;
  readonly since: Date;
  readonly reason: string;
  /** Whether the sweep put it aside; it comes back when the work is retried. */
  readonly isSweptOver: boolean;
};

/** Terms that wait for a person, oldest first. */
export async function parkedTerms(db: Queryable, limit: number): Promise<readonly ParkedTerm[]> {
  return db.query<ParkedTerm>(
    `select k.id as "workId", s.id as "subscriptionId", s.workspace_id as "workspaceId", k.dead_at as since, coalesce(k.last_error, '') as reason,
       coalesce(k.last_error like $2, false) as "isSweptOver"
     from work k join subscription s on s.id = k.ref where k.kind = 'renewal.decide' and k.dead_at is not null order by k.dead_at, k.id limit $1`,
    [limit, `${PARKED}%`],
  );
}

/** How many terms have something due by now that no sweep has begun; those that are paused are among them. */
export async function countOverdue(db: Queryable, now: Date): Promise<number> {
  const rows = await db.query<{ n: number }>(`select count(*)::int as n from subscription where renewal_at <= $1`, [
    now.toISOString(),
  ]);
  return rows[0]?.n ?? 0;
}
