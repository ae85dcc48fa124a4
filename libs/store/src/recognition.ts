import { InvariantError } from '@billfleet/domain';
import type { CivilDate } from '@billfleet/domain';
import type { Queryable, Tx } from './store.js';

/** Whose revenue is recognised: that of the live books, or that of the workspaces on one test clock. */
export type BooksOf = { readonly testClockId: string | null };

/**
 * The first day of the month whose revenue is to be recognised next; undefined where nothing was ever sold. Months come one after the other, from
 * that of the first sale on; those of a test clock from that in which it was made.
 */
export async function monthToRecognise(db: Queryable, { testClockId }: BooksOf): Promise<CivilDate | undefined> {
  const rows = await db.query<{ month: CivilDate | null }>(
    testClockId === null
      ? `select coalesce((select max(month) + interval '1 month' from recognised_month),
           (select date_trunc('month', booked_on) from journal where kind = 'sale' and not is_test order by booked_on limit 1))::date::text as month where $1::uuid is null`
      : `select (recognised_to + interval '1 month')::date::text as month from test_clock where id = $1`,
    [testClockId],
  );
  return rows[0]?.month ?? undefined;
}

/** Notes that a month was recognised. */
export async function markRecognised(tx: Tx, month: CivilDate, { testClockId }: BooksOf): Promise<void> {
  await tx.query(
    testClockId === null
      ? `insert into recognised_month (month) select $1::date where $2::uuid is null on conflict do nothing`
      : `update test_clock set recognised_to = greatest(recognised_to, $1::date) where id = $2`,
    [month, testClockId],
  );
}

/** Has recognition wait for whoever else is at it, until the end of the transaction: two would write the same. */
export async function takeTurn(tx: Tx): Promise<void> {
  await tx.query(`select pg_advisory_xact_lock(${String(RECOGNITION_LOCK)})`);
}

const RECOGNITION_LOCK = 7_263_545;

/** A page of sales, and how many of them earned something. `lastId`: where the next page begins; undefined after the last one. */
export type RecognisedPage = { readonly recognised: number; readonly lastId: string | undefined };

/**
 * Recognises what `limit` sales after `afterId` earned by the end of a month, and was not recognised before: deferred revenue against revenue. Each sale is
 * recognised once per month. The day is the last one of the month, or the first one that is open where that month is closed.
 */
export async function recognisePage(
  tx: Tx,
  month: CivilDate,
  { testClockId, afterId, limit }: BooksOf & { readonly afterId: string | undefined; readonly limit: number },
): Promise<RecognisedPage> {
  const rows = await tx.query<{ recognised: number; sales: number; lastId: string | null }>(
    testClockId === null ? RECOGNISE_LIVE : RECOGNISE_TEST,
    [month, afterId ?? '0', limit, testClockId],
  );
  const [page] = rows;
  if (page === undefined) throw new InvariantError(`recognising ${month} answered no row`);
  return { recognised: page.recognised, lastId: page.sales < limit ? undefined : (page.lastId ?? undefined) };
}

const LIVE_SALES = `select j.id, j.order_id, j.attempt_id, j.workspace_id, j.is_test, j.booked_on from journal j
  where j.kind = 'sale' and not j.is_test and j.id > $2::bigint and $4::uuid is null order by j.id limit $3`;
const TEST_SALES = `select j.id, j.order_id, j.attempt_id, j.workspace_id, j.is_test, j.booked_on
  from workspace w join orders o on o.workspace_id = w.id and o.paid_attempt_id is not null
    join journal j on j.order_id = o.id and j.kind = 'sale' and j.is_test
  where w.test_clock_id = $4 and j.id > $2::bigint order by j.id limit $3`;

/** A whole number divided by one, half up: the amounts and days here are never negative. */
const rounded = (dividend: string, divisor: string): string =>
  `div(2 * (${dividend}) + (${divisor}), 2 * (${divisor}))`;

/** What part of an amount falls on the days of a range that lie before the end of the month; all of it once the range is over, or where it is empty. */
const served = (minor: string, startsOn: string, endsOn: string): string =>
  `case when ${endsOn} <= ${startsOn} or month.ends_on >= ${endsOn} then ${minor}
     else ${rounded(`${minor} * greatest(month.ends_on - ${startsOn}, 0)`, `(${endsOn} - ${startsOn})::numeric`)} end`;

/**
 * The rule is that of recognisedMinor in the domain, whose results a test compares. The days that a sale pays for are those of its grant; an order that changed
 * running terms has lines that name theirs, each from the day of the sale on.
 */
const recognise = (sales: string): string => `
  with month as (select $1::date as starts_on, ($1::date + interval '1 month')::date as ends_on),
  sale as materialized (${sales}),
  held as materialized (
    select s.*, m.* from sale s cross join lateral (
      select min(p.currency) as currency, -sum(p.amount_minor) as deferred_minor, coalesce(-sum(p.amount_minor) filter (where j.kind = 'sale'), 0) as net_minor,
        coalesce(sum(p.amount_minor) filter (where j.kind = 'recognition'), 0) as earned_minor
      from journal j join posting p on p.transaction_id = j.id where j.order_id = s.order_id and p.account = 'deferred_revenue') m
    where m.deferred_minor > 0),
  days as (
    select h.order_id, 1 as nth, lower(g.during) as starts_on, upper(g.during) as ends_on, 1::numeric as share from held h join seat_grant g on g.order_id = h.order_id
      where g.during is not null
    union all
    select h.order_id, 1, min(lower(a.during)), max(upper(a.during)), 1 from held h join add_on_grant a on a.order_id = h.order_id
      where not exists (select 1 from seat_grant g where g.order_id = h.order_id) group by h.order_id
    union all
    select h.order_id, l.nth::int, greatest((l.line -> 'term' ->> 'startsOn')::date, h.booked_on), (l.line -> 'term' ->> 'endsOn')::date, (l.line ->> 'amountMinor')::numeric
      from held h join seat_grant g on g.order_id = h.order_id and g.during is null join orders o on o.id = h.order_id
        cross join lateral jsonb_array_elements(o.lines) with ordinality l (line, nth)),
  shared as (
    select d.*, h.net_minor, sum(d.share) over (partition by d.order_id) as whole, sum(d.share) over (partition by d.order_id order by d.nth) as up_to
    from days d join held h on h.order_id = d.order_id),
  part as (
    select order_id, starts_on, ends_on, case when whole = 0 then case when nth = 1 then net_minor else 0 end
      else ${rounded('net_minor * up_to', 'whole')} - ${rounded('net_minor * (up_to - share)', 'whole')} end as minor
    from shared),
  term as (
    select p.order_id, min(p.starts_on) as starts_on, max(p.ends_on) as ends_on, sum(${served('p.minor', 'p.starts_on', 'p.ends_on')}) as minor
    from part p cross join month group by p.order_id),
  earned as (
    select h.*, t.minor - coalesce((
      select sum(${served('p.amount_minor', 'greatest(j.booked_on, t.starts_on)', 't.ends_on')}) from journal j join posting p on p.transaction_id = j.id
      where j.order_id = h.order_id and j.kind = 'reversal' and p.account = 'deferred_revenue'), 0) - h.earned_minor as open_minor
    from held h join term t on t.order_id = h.order_id cross join month),
  due as materialized (
    select nextval('journal_id_seq') as id, e.order_id, e.attempt_id, e.workspace_id, e.is_test, e.currency, e.order_id || ':' || to_char(month.starts_on, 'YYYY-MM') as reference, month.starts_on as month,
      least(e.open_minor, e.deferred_minor)::bigint as minor,
      case when e.is_test then month.ends_on - 1 else greatest(month.ends_on - 1, books_open_from()) end as day
    from earned e cross join month where e.open_minor > 0
      and (select true from journal k where (k.provider, k.reference, k.kind) = ('books', e.order_id || ':' || to_char(month.starts_on, 'YYYY-MM'), 'recognition')) is null),
  written as (
    insert into journal (id, kind, order_id, attempt_id, workspace_id, month, provider, reference, is_test, booked_on) overriding system value
    select id, 'recognition', order_id, attempt_id, workspace_id, month, 'books', reference, is_test, day from due),
  moved as (
    insert into posting (transaction_id, n, account, currency, amount_minor)
    select d.id, s.n, s.account, d.currency, s.minor from due d cross join lateral (values (1, 'deferred_revenue', d.minor), (2, 'revenue', -d.minor)) s (n, account, minor))
  select (select count(*)::int from due) as recognised, count(*)::int as sales, max(id)::text as "lastId" from sale`;

const RECOGNISE_LIVE = recognise(LIVE_SALES);
const RECOGNISE_TEST = recognise(TEST_SALES);
