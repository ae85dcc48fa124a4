import type { AuditQuery } from './audit-query.js';

/** What differs between the books and the providers' records, and waits for a person. */
export const reconciliationAudits: readonly AuditQuery[] = [
  {
    id: 'L12',
    about: 'No difference between the books and a provider’s record is open for more than 7 days',
    kind: 'at-rest',
    sql: `select id as finding_id, provider, day, what, kind, reference, order_id, created_at from reconciliation_finding
      where status = 'open' and created_at < now() - interval '7 days'`,
  },
  {
    id: 'B38',
    about: 'What a provider kept is booked as its record says, once, and only of money that is in the books',
    kind: 'at-rest',
    sql: `
      select e.provider, e.kind, e.reference, e.fee_minor, f.amount_minor as booked_minor from settlement_entry e
        join movement m on (m.provider, m.reference, m.kind) = (e.provider, e.reference, e.kind) and m.currency = e.currency
        left join movement f on (f.provider, f.reference, f.kind) = (e.provider, e.reference, 'fee')
        where coalesce(f.amount_minor, 0) <> e.fee_minor
          and exists (select 1 from reconciliation_run r where r.provider = e.provider and r.day = e.day and r.status = 'done')
          -- What is booked after the comparison, or meanwhile, gets its fee with the next one.
          and m.created_at < (select max(r.done_at) - interval '1 minute' from reconciliation_run r where r.provider = e.provider and r.day = e.day)
      union all
      select f.provider, 'fee', f.reference, null, f.amount_minor from movement f where f.kind = 'fee' and f.provider in (select provider from settlement_entry)
        and not exists (select 1 from settlement_entry e where (e.provider, e.reference) = (f.provider, f.reference) and e.fee_minor = f.amount_minor)`,
  },
];
