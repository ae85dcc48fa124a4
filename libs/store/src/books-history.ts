import type { CivilDate, Currency, OrderHistory } from '@billfleet/domain';
import type { Queryable } from './store.js';

/** An order with its history, what is booked about it by account, and its currency. */
export type OrderInBooks = {
  readonly id: string;
  readonly currency: Currency;
  readonly history: OrderHistory;
  /** By account, in minor units; of its own currency alone, see `strayCurrencies`. */
  readonly booked: ReadonlyMap<string, bigint>;
  /** Currencies of postings that are not the order's. */
  readonly strayCurrencies: readonly string[];
};

type Money = { readonly provider: string; readonly amountMinor: string };
type Row = {
  readonly id: string;
  readonly currency: Currency;
  readonly amountMinor: string;
  readonly taxMinor: string;
  readonly isSold: boolean;
  readonly charges: readonly Money[];
  readonly refunds: readonly Money[];
  readonly losses: readonly Money[];
  readonly offsets: readonly string[];
  readonly writeOffs: readonly Money[];
  readonly days: readonly { readonly startsOn: CivilDate; readonly endsOn: CivilDate; readonly shareMinor: string }[];
  readonly steps: readonly (
    { readonly month: CivilDate } | { readonly refundId: string; readonly amountMinor: string; readonly on: CivilDate }
  )[];
  readonly dueThrough: CivilDate | null;
  readonly booked: readonly { readonly account: string; readonly currency: string; readonly minor: string }[];
};

/** Orders with their history, by id, at most `limit` of those after `afterId`. The amounts of postings are in `booked` and nowhere else. */
export async function readOrders(
  db: Queryable,
  afterId: string | undefined,
  limit: number,
): Promise<readonly OrderInBooks[]> {
  const rows = await db.query<Row>(HISTORY, [afterId ?? '00000000-0000-0000-0000-000000000000', limit]);
  return rows.map((row) => ({
    id: row.id,
    currency: row.currency,
    history: historyOf(row),
    booked: new Map(
      row.booked.flatMap(({ account, currency, minor }) =>
        currency === row.currency && minor !== '0' ? [[account, BigInt(minor)]] : [],
      ),
    ),
    strayCurrencies: [
      ...new Set(
        row.booked.flatMap(({ currency, minor }) => (currency === row.currency || minor === '0' ? [] : [currency])),
      ),
    ],
  }));
}

function historyOf(row: Row): OrderHistory {
  const sides = {
    charges: moneyOf(row.charges),
    refunds: moneyOf(row.refunds),
    losses: moneyOf(row.losses),
    offsetsMinor: row.offsets.map(BigInt),
    writeOffs: moneyOf(row.writeOffs),
  };
  if (!row.isSold) return sides;
  return {
    ...sides,
    sale: {
      amountMinor: BigInt(row.amountMinor),
      taxMinor: BigInt(row.taxMinor),
      days: row.days.map((one) => ({ ...one, shareMinor: BigInt(one.shareMinor) })),
      steps: row.steps.map((step) => ('month' in step ? step : { ...step, amountMinor: BigInt(step.amountMinor) })),
      ...(row.dueThrough === null ? {} : { dueThrough: row.dueThrough }),
    },
  };
}

const moneyOf = (rows: readonly Money[]) => rows.map((one) => ({ ...one, amountMinor: BigInt(one.amountMinor) }));

const money = (from: string): string =>
  `coalesce((select jsonb_agg(jsonb_build_object('provider', a.provider, 'amountMinor', x.amount_minor::text)) from ${from}), '[]')`;

/** When something came into a state first, in business time. */
const cameTo = (entity: string, id: string, status: string): string =>
  `(select min(t.at) from transition t where t.entity = '${entity}' and t.entity_id = ${id} and t.to_status = '${status}')`;

/** A refund that a bank gave by taking its payment back has no reference but its own id, and no proof. */
const BY_BANK = `(r.reference = r.id::text and not exists (select 1 from refund_outside p where p.refund_id = r.id)
  and exists (select 1 from chargeback b where b.attempt_id = r.attempt_id and b.status = 'lost'))`;

/** When an order was sold: when it was paid, or placed if it is on account; null where neither happened. */
const SOLD_AT = `case when o.collection = 'account' then o.created_at else ${cameTo('orders', 'o.id', 'paid')} end`;

/**
 * What the books follow from. A sale was paid if the history of its order says so, or is on account; a refund takes it back if it is of the payment that paid the
 * order, and so does the end of an order on account that nobody paid. From the
 * journal come only the months that were recognised, and what was booked before what.
 */
const HISTORY = `
  with page as (select o.*, w.time_zone, w.test_clock_id from orders o join workspace w on w.id = o.workspace_id where o.id > $1::uuid order by o.id limit $2)
  select o.id, o.currency, o.amount_minor::text as "amountMinor", o.tax_minor::text as "taxMinor",
    ${SOLD_AT} is not null as "isSold",
    ${money(`attempt a cross join lateral (select a.amount_minor) x where a.order_id = o.id and a.status = 'succeeded'`)} as charges,
    coalesce((select jsonb_agg(jsonb_build_object('provider', case when u.refund_id is not null and a.provider not in ('upstream', 'offline') then 'offline' else a.provider end,
        'amountMinor', r.amount_minor::text)) from refund r join attempt a on a.id = r.attempt_id left join refund_outside u on u.refund_id = r.id
      where r.order_id = o.id and r.status = 'succeeded' and not ${BY_BANK}), '[]') as refunds,
    coalesce((select jsonb_agg(r.amount_minor::text) from refund r where r.order_id = o.id and r.status = 'succeeded' and ${BY_BANK}), '[]') as offsets,
    ${money(`chargeback x join attempt a on a.id = x.attempt_id where x.order_id = o.id and x.status = 'lost'`)} as losses,
    ${money(`write_off x join attempt a on a.id = x.attempt_id where x.order_id = o.id`)} as "writeOffs",
    coalesce(
      (select jsonb_agg(jsonb_build_object('startsOn', lower(g.during), 'endsOn', upper(g.during), 'shareMinor', '1')) from seat_grant g
        where g.order_id = o.id and g.during is not null),
      (select jsonb_agg(jsonb_build_object('startsOn', greatest((l.line -> 'term' ->> 'startsOn')::date, (${SOLD_AT} at time zone o.time_zone)::date),
          'endsOn', l.line -> 'term' ->> 'endsOn', 'shareMinor', l.line ->> 'amountMinor') order by l.nth)
        from jsonb_array_elements(o.lines) with ordinality l (line, nth) where exists (select 1 from seat_grant g where g.order_id = o.id)),
      (select jsonb_build_array(jsonb_build_object('startsOn', min(lower(a.during)), 'endsOn', max(upper(a.during)), 'shareMinor', '1')) from add_on_grant a
        where a.order_id = o.id having count(*) > 0), '[]') as days,
    coalesce((select jsonb_agg(s.step order by s.id) from (
      select j.id, jsonb_build_object('month', j.month) as step from journal j where j.order_id = o.id and j.kind = 'recognition'
      union all
      select coalesce(j.id, 0), jsonb_build_object('refundId', r.id, 'amountMinor', r.amount_minor::text, 'on', (${cameTo('refund', 'r.id', 'owed')} at time zone o.time_zone)::date)
        from refund r left join journal j on j.order_id = o.id and j.kind = 'reversal' and coalesce(j.refund_id = r.id, j.attempt_id = r.attempt_id)
        where r.order_id = o.id and r.attempt_id = o.paid_attempt_id
      union all
      select coalesce((select j.id from journal j where j.order_id = o.id and j.kind = 'reversal' and j.attempt_id is null), 0),
          jsonb_build_object('refundId', o.id, 'amountMinor', o.amount_minor::text, 'on', (t.at at time zone o.time_zone)::date)
        from (select min(t.at) as at from transition t where t.entity = 'orders' and t.entity_id = o.id and t.to_status in ('cancelled', 'expired')) t
        where o.collection = 'account' and t.at is not null) s), '[]') as steps,
    (select max(m.month) from recognised_month m where o.test_clock_id is null and m.recognised_at > ${cameTo('orders', 'o.id', 'fulfilled')}
      union all
      select k.recognised_to from test_clock k where k.id = o.test_clock_id and (k.recognised_to + interval '1 month 12 hours') at time zone 'UTC' > ${cameTo('orders', 'o.id', 'fulfilled')}
      order by 1 desc nulls last limit 1)::text as "dueThrough",
    coalesce((select jsonb_agg(jsonb_build_object('account', b.account, 'currency', b.currency, 'minor', b.minor::text)) from (
      select p.account, p.currency, sum(p.amount_minor) as minor from journal j join posting p on p.transaction_id = j.id
      where j.order_id = o.id and j.kind <> 'fee' group by 1, 2) b), '[]') as booked
  from page o order by o.id`;

/** What an account holds in a currency over all, and how much of that is of no order: fees, as they were booked, and credit, as it was granted. */
export type AccountInBooks = {
  readonly account: string;
  readonly currency: Currency;
  readonly bookedMinor: bigint;
  readonly withoutHistoryMinor: bigint;
};

/** Every account, and how many transactions there are. */
export async function readAccounts(
  db: Queryable,
): Promise<{ readonly transactions: number; readonly accounts: readonly AccountInBooks[] }> {
  const [count] = await db.query<{ n: number }>(`select count(*)::int as n from journal`);
  type Sum = { account: string; currency: Currency; bookedMinor: string; withoutHistoryMinor: string };
  const rows = await db.query<Sum>(
    `with booked as (select p.account, p.currency, sum(p.amount_minor) as minor, coalesce(sum(p.amount_minor) filter (where j.kind = 'fee'), 0) as fee_minor
         from posting p left join journal j on j.id = p.transaction_id group by 1, 2),
       credit as (select s.account, c.currency, s.sign * sum(c.left_minor) as minor from customer_credit c
         cross join (values ('revenue', 1), ('customer_credit', -1)) s (account, sign) where c.withdrawn_at is null group by 1, 2, s.sign)
     select coalesce(b.account, c.account) as account, coalesce(b.currency, c.currency) as currency, coalesce(b.minor, 0)::text as "bookedMinor",
       (coalesce(b.fee_minor, 0) + coalesce(c.minor, 0))::text as "withoutHistoryMinor"
     from booked b full join credit c on c.account = b.account and c.currency = b.currency order by 1, 2`,
  );
  return {
    transactions: count?.n ?? 0,
    accounts: rows.map((row) => ({
      ...row,
      bookedMinor: BigInt(row.bookedMinor),
      withoutHistoryMinor: BigInt(row.withoutHistoryMinor),
    })),
  };
}

/** A document over another amount or tax than the books have of what it is about: an invoice of its sale, a credit note of what it took back. */
export type DocumentInBooks = {
  readonly number: string;
  readonly account: string;
  readonly currency: string;
  readonly bookedMinor: string;
  readonly writtenMinor: string;
};

/** Documents that say something else than the books; each is compared once by its price and once by its tax. */
export function readWrongDocuments(db: Queryable): Promise<readonly DocumentInBooks[]> {
  return db.query<DocumentInBooks>(WRONG_DOCUMENTS);
}

const WRONG_DOCUMENTS = `
  with compared as (
    select d.number, d.currency, d.amount_minor, d.tax_minor, m.booked_minor, m.booked_tax_minor from document d cross join lateral (
      select coalesce(sum(abs(p.amount_minor)) filter (where p.account = 'receivable'), 0) as booked_minor,
        coalesce(sum(abs(p.amount_minor)) filter (where p.account = 'tax_payable'), 0) as booked_tax_minor
      from journal j join posting p on p.transaction_id = j.id left join refund r on r.id = d.refund_id
      where j.order_id = d.order_id and p.currency = d.currency
        and case d.kind when 'invoice' then j.kind = 'sale' else j.kind = 'reversal' and coalesce(j.refund_id = r.id, j.attempt_id = r.attempt_id, r.id is null and j.attempt_id is null) end) m)
  select c.number, side.account, c.currency, side.booked::text as "bookedMinor", side.written::text as "writtenMinor"
  from compared c cross join lateral (values ('receivable', c.booked_minor, c.amount_minor), ('tax_payable', c.booked_tax_minor, c.tax_minor)) side (account, booked, written)
  where side.booked <> side.written order by c.number`;
