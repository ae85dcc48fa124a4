import type { AuditQuery } from './audit-query.js';

/**
 * Money that we hold for each order, how much of it is owed back, and how much was taken off its price: a refund that is still owed explains
 * what it covers, and an order is worth less by what went back for returned seats of it or out of goodwill. What a bank took in the place of a refund
 * (`offset`) is gone as well.
 */
const MONEY = `
  held as (select order_id, sum(case kind when 'charge' then amount_minor when 'refund_failed' then amount_minor else -amount_minor end) as held_minor
    from movement where kind in ('charge', 'refund', 'refund_failed', 'offset') group by order_id),
  owed as (select order_id, sum(amount_minor) as owed_minor from refund where status <> 'succeeded' group by order_id),
  returned as (select order_id, sum(amount_minor) as returned_minor from refund where is_part group by order_id),
  money as (select o.id as order_id, o.status, o.amount_minor as price_minor, coalesce(h.held_minor, 0) as held_minor, coalesce(w.owed_minor, 0) as owed_minor,
      coalesce(r.returned_minor, 0) as returned_minor
    from orders o left join held h on h.order_id = o.id left join owed w on w.order_id = o.id left join returned r on r.order_id = o.id)`;

/** Charges, sales and refunds add up, per attempt, per order and per account. */
export const moneyAudits: readonly AuditQuery[] = [
  {
    id: 'A01',
    about:
      'A paid or fulfilled order holds exactly its price less what went back for returned seats or out of goodwill, net of refunds done and owed',
    kind: 'always',
    sql: `with ${MONEY} select * from money where status in ('paid', 'fulfilled')
      and (held_minor - owed_minor <> price_minor - returned_minor or (status = 'paid' and returned_minor <> 0))`,
  },
  {
    id: 'A02',
    about: 'An order that is unpaid, cancelled, expired or refunded holds no money',
    kind: 'always',
    sql: `with ${MONEY} select * from money where (status in ('awaiting_payment', 'cancelled', 'expired') and held_minor <> 0)
      or (status = 'refunded' and held_minor - owed_minor <> 0)`,
  },
  {
    id: 'A08',
    about: 'A succeeded attempt has its charge, of the same amount and currency',
    kind: 'always',
    sql: `select a.id as attempt_id, a.order_id, a.amount_minor, a.currency, j.amount_minor as charged_minor, j.currency as charged_currency
      from attempt a left join movement j on j.attempt_id = a.id and j.kind = 'charge'
      where a.status = 'succeeded' and (j.id is null or j.amount_minor <> a.amount_minor or j.currency <> a.currency)`,
  },
  {
    id: 'A09',
    about: 'A charge belongs to a succeeded attempt',
    kind: 'always',
    sql: `select j.id as journal_id, j.order_id, j.attempt_id, a.status from movement j left join attempt a on a.id = j.attempt_id
      where j.kind = 'charge' and a.status is distinct from 'succeeded'`,
  },
  {
    id: 'A10',
    about: 'Of several successful attempts of an order, all but one are refunded or owed back',
    kind: 'always',
    sql: `select a.order_id, count(*) as kept from attempt a
      left join (select attempt_id, sum(case kind when 'refund_failed' then -amount_minor else amount_minor end) as refunded_minor from movement
        where kind in ('refund', 'refund_failed', 'offset') group by attempt_id) r on r.attempt_id = a.id
      where a.status = 'succeeded' and coalesce(r.refunded_minor, 0) < a.amount_minor
        and not exists (select 1 from refund f where f.attempt_id = a.id and not f.is_part and f.status <> 'succeeded')
      group by a.order_id having count(*) > 1`,
  },
  {
    id: 'A11',
    about: 'No attempt is refunded by more than it was charged',
    kind: 'always',
    sql: `select * from (select attempt_id, coalesce(sum(amount_minor) filter (where kind = 'charge'), 0) as charged_minor,
          coalesce(sum(case kind when 'refund' then amount_minor else -amount_minor end) filter (where kind <> 'charge'), 0) as refunded_minor
        from movement where kind in ('charge', 'refund', 'refund_failed') group by attempt_id) m
      where refunded_minor > charged_minor`,
  },
  {
    id: 'A13',
    about:
      'The price of an order is the sum of its lines, its tax that of theirs, and the price of a purchase before tax its unit price times its seats',
    kind: 'always',
    sql: `select o.id as order_id, o.kind, o.amount_minor, o.tax_minor, o.unit_minor, o.seats, l.minor as lines_minor, l.tax_minor as lines_tax_minor from orders o
      cross join lateral (select coalesce(sum((line ->> 'amountMinor')::bigint), 0) as minor,
          coalesce(sum(coalesce(line -> 'tax' ->> 'taxMinor', '0')::bigint), 0) as tax_minor,
          coalesce(sum(coalesce(line -> 'tax' ->> 'priceMinor', line ->> 'amountMinor')::bigint), 0) as price_minor,
          coalesce(bool_and(not line ? 'tax' or (line ->> 'amountMinor')::bigint = (line -> 'tax' ->> 'netMinor')::bigint + (line -> 'tax' ->> 'taxMinor')::bigint), true) as adds_up
        from jsonb_array_elements(o.lines) line) l
      where l.minor <> o.amount_minor or l.tax_minor <> o.tax_minor or not l.adds_up or (o.kind = 'purchase' and l.price_minor is distinct from o.unit_minor * o.seats)`,
  },
  {
    id: 'A14',
    about: 'An attempt asks for the amount and currency of its order',
    kind: 'always',
    sql: `select a.id as attempt_id, a.order_id, a.amount_minor, a.currency, o.amount_minor as price_minor, o.currency as price_currency
      from attempt a join orders o on o.id = a.order_id where a.amount_minor <> o.amount_minor or a.currency <> o.currency`,
  },
  {
    id: 'A27',
    about:
      'No order is charged twice, even if refunded since, unless the payer paid again himself, on a page or to a service that collects',
    kind: 'always',
    sql: `select a.order_id, count(*) as payments from attempt a where a.status = 'succeeded'
      and not ((a.checkout_url is not null or a.pix_code is not null or a.provider = 'upstream') and exists (select 1 from refund f where f.attempt_id = a.id and not f.is_part))
      group by a.order_id having count(*) > 1`,
  },
  {
    id: 'B01',
    about:
      'The charge that paid an order has one sale of the same amount, an order on account has its own from when it was placed, and there is no other sale',
    kind: 'always',
    sql: `
      select o.id as order_id, o.status, c.amount_minor as charged_minor, s.amount_minor as sold_minor from orders o
        left join movement c on c.attempt_id = o.paid_attempt_id and c.kind = 'charge'
        left join movement s on s.attempt_id = o.paid_attempt_id and s.kind = 'sale'
        where o.status in ('paid', 'fulfilled') and o.collection <> 'account'
          and (c.id is null or s.id is null or (s.provider, s.reference, s.amount_minor, s.currency) <> (c.provider, c.reference, c.amount_minor, c.currency))
      union all
      select o.id, o.status, c.amount_minor, s.amount_minor from orders o
        left join movement c on c.attempt_id = o.paid_attempt_id and c.kind = 'charge'
        left join movement s on (s.provider, s.reference, s.kind) = ('account', o.id::text, 'sale') and s.order_id = o.id
        where o.collection = 'account' and (s.id is null or (s.amount_minor, s.currency) <> (o.amount_minor, o.currency)
          or (o.status in ('paid', 'fulfilled') and (c.amount_minor, c.currency) is distinct from (s.amount_minor, s.currency)))
      union all
      select o.id, o.status, null, s.amount_minor from movement s join orders o on o.id = s.order_id
        where s.kind = 'sale' and case o.collection when 'account' then (s.provider, s.reference) <> ('account', o.id::text)
          else s.attempt_id is distinct from o.paid_attempt_id end`,
  },
  {
    id: 'B02',
    about:
      'Each movement is between the accounts of its kind, what is charged is either sold, refunded or owed back, and only an order on account is owed to us',
    kind: 'always',
    sql: `
      select j.order_id, j.kind, p.account, p.amount_minor, null::numeric as unexplained_minor from journal j join posting p on p.transaction_id = j.id
        where not case j.kind
          when 'charge' then (p.account, sign(p.amount_minor)) in (('cash:' || j.provider, 1), ('receivable', -1))
          when 'sale' then (p.account, sign(p.amount_minor)) in (('receivable', 1), ('deferred_revenue', -1), ('tax_payable', -1))
          when 'reversal' then (p.account, sign(p.amount_minor)) in (('receivable', -1), ('deferred_revenue', 1), ('revenue', 1), ('tax_payable', 1))
          when 'refund' then (p.account, sign(p.amount_minor)) in (('receivable', 1), ('cash:' || j.provider, -1))
          when 'refund_failed' then (p.account, sign(p.amount_minor)) in (('cash:' || j.provider, 1), ('receivable', -1))
          when 'offset' then (p.account, sign(p.amount_minor)) in (('receivable', 1), ('chargeback_losses', -1))
          when 'chargeback' then (p.account, sign(p.amount_minor)) in (('chargeback_losses', 1), ('cash:' || j.provider, -1))
          when 'chargeback_won' then (p.account, sign(p.amount_minor)) in (('cash:' || j.provider, 1), ('chargeback_losses', -1))
          when 'recognition' then (p.account, sign(p.amount_minor)) in (('deferred_revenue', 1), ('revenue', -1))
          when 'fee' then (p.account, sign(p.amount_minor)) in (('provider_fees', 1), ('cash:' || j.provider, -1))
          when 'credit' then p.account in ('revenue', 'customer_credit')
          else (p.account, sign(p.amount_minor)) in (('write_offs', 1), ('cash:' || j.provider, -1)) end and p.amount_minor <> 0
      union all
      select m.order_id, null, null, null, m.left_minor - coalesce(f.owed_minor, 0) + coalesce(a.amount_minor, 0) from
        (select j.order_id, -sum(p.amount_minor) as left_minor from journal j join posting p on p.transaction_id = j.id
          where p.account = 'receivable' and j.order_id is not null group by j.order_id) m
        left join (select order_id, sum(amount_minor) as owed_minor from refund where status <> 'succeeded' group by order_id) f on f.order_id = m.order_id
        left join orders a on a.id = m.order_id and a.collection = 'account' and a.status = 'awaiting_payment'
        where m.left_minor <> coalesce(f.owed_minor, 0) - coalesce(a.amount_minor, 0)`,
  },
  {
    id: 'B20',
    about:
      'Money from outside of every provider has one proof, and a proof has its money: the price of its order, less what was written off of it',
    kind: 'always',
    sql: `select coalesce(j.order_id, p.order_id) as order_id, j.id as journal_id, p.id as offline_payment_id from
        (select * from movement where provider = 'offline' and kind = 'charge') j
        full join offline_payment p on p.attempt_id = j.attempt_id and p.order_id = j.order_id and p.workspace_id = j.workspace_id
      where j.id is null or p.id is null or (p.currency = j.currency and (p.amount_minor > j.amount_minor
        or j.amount_minor - p.amount_minor > (select coalesce(sum(w.amount_minor), 0) from write_off w where w.attempt_id = j.attempt_id)))
      union all
      select order_id, null, id from (select *, count(*) over (partition by lower(coalesce(partner, '')), lower(proof_reference)) as uses from offline_payment) u
        where uses > 1`,
  },
  {
    id: 'L08',
    about: 'No refund is owed',
    kind: 'at-rest',
    sql: `select order_id, id as refund_id, status, reason from refund where status <> 'succeeded'
      union all
      select o.id, null, o.status, o.status_reason from orders o where o.status = 'refund_due'
        and not exists (select 1 from refund r where r.order_id = o.id and r.status <> 'succeeded')`,
  },
  {
    id: 'B07',
    about:
      'A sale is taken back whole for an order whose money goes back or that was on account and never paid, or in parts for returned seats and goodwill of one that was given',
    kind: 'always',
    sql: `
      with part as (select r.id::text as reference, r.order_id, r.attempt_id, r.amount_minor from refund r where r.is_part),
        back as (select order_id, sum(amount_minor) as minor from movement where kind = 'reversal' group by order_id)
      select o.id as order_id, o.status, s.amount_minor as sold_minor, b.minor as reversed_minor from movement s
        join orders o on o.id = s.order_id left join back b on b.order_id = s.order_id
        where s.kind = 'sale' and (case o.status when 'refund_due' then b.minor is distinct from s.amount_minor when 'refunded' then b.minor is distinct from s.amount_minor
          when 'fulfilled' then coalesce(b.minor, 0) > s.amount_minor or (b.minor = s.amount_minor
            and not exists (select 1 from refund r where r.order_id = o.id and r.status <> 'succeeded'))
          when 'cancelled' then b.minor is distinct from s.amount_minor when 'expired' then b.minor is distinct from s.amount_minor else b.minor is not null end)
      union all
      select coalesce(p.order_id, r.order_id), o.status, p.amount_minor, r.amount_minor from part p
        full join (select j.* from movement j where j.kind = 'reversal' and not exists (
          select 1 from movement s where s.kind = 'sale' and s.order_id = j.order_id and s.reference = j.reference)
            and not exists (select 1 from orders o join movement c on c.attempt_id = o.paid_attempt_id and c.kind = 'charge'
              where o.id = j.order_id and o.collection = 'account' and c.reference = j.reference)) r
          on r.reference = p.reference and r.attempt_id = p.attempt_id
        left join orders o on o.id = coalesce(p.order_id, r.order_id)
        where p.amount_minor is distinct from r.amount_minor or o.status not in ('fulfilled', 'refunded')`,
  },
  {
    id: 'B11',
    about:
      'What is given back for returned seats is what their quote says, and comes from payments of the same subscription',
    kind: 'always',
    sql: `
      select c.id as seat_change_id, c.refund_minor, -q.amount_minor as quoted_minor, coalesce(r.minor, 0) as owed_minor from seat_change c
        left join quote q on q.id = c.quote_id and q.kind = 'refund' and q.used_by = c.id and q.workspace_id = c.workspace_id
        left join (select seat_change_id, sum(amount_minor) as minor from refund group by seat_change_id) r on r.seat_change_id = c.id
        where c.refund_minor <> coalesce(r.minor, 0) or c.refund_minor <> coalesce(-q.amount_minor, 0)
      union all
      select r.seat_change_id, null, null, r.amount_minor from refund r left join seat_change c on c.id = r.seat_change_id
        left join seat_grant g on g.order_id = r.order_id and g.subscription_id = c.subscription_id
        where r.seat_change_id is not null and g.order_id is null`,
  },
];
