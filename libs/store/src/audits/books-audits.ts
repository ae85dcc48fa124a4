import type { AuditQuery } from './audit-query.js';

/** The books in themselves: transactions balance, and what is sold is earned once. */
export const booksAudits: readonly AuditQuery[] = [
  {
    id: 'B31',
    about: 'Each transaction of the books balances in each currency, has two sides, and each side has its transaction',
    kind: 'always',
    sql: `
      select coalesce(j.id, p.transaction_id) as journal_id, j.kind, j.order_id, p.currency, sum(p.amount_minor) as left_minor from journal j
        full join posting p on p.transaction_id = j.id group by 1, 2, 3, 4, j.id
        having j.id is null or count(p.n) < 2 or sum(p.amount_minor) <> 0`,
  },
  {
    id: 'B32',
    about:
      'A sale has the tax of its order, no more of it is earned, taken back or taken from its tax than was sold, and months that are closed stay as they were',
    kind: 'always',
    sql: `
      with sold as (
        select j.order_id, sum(p.amount_minor) filter (where p.account = 'deferred_revenue') as deferred_minor,
          sum(p.amount_minor) filter (where p.account = 'revenue') as revenue_minor, sum(p.amount_minor) filter (where p.account = 'tax_payable') as tax_minor,
          -sum(p.amount_minor) filter (where p.account = 'tax_payable' and j.kind = 'sale') as sold_tax_minor
        from journal j join posting p on p.transaction_id = j.id where j.order_id is not null group by j.order_id)
      select s.order_id, s.deferred_minor, s.revenue_minor, s.tax_minor, o.tax_minor as order_tax_minor, null::bigint as journal_id from sold s left join orders o on o.id = s.order_id
        where s.deferred_minor > 0 or s.revenue_minor > 0 or s.tax_minor > 0 or (s.deferred_minor is not null and coalesce(s.sold_tax_minor, 0) is distinct from o.tax_minor)
      union all
      select j.order_id, null, null, null, null, j.id from journal j join closed_month c on c.month = date_trunc('month', j.booked_on)
        where not j.is_test and j.created_at > c.closed_at`,
  },
];
