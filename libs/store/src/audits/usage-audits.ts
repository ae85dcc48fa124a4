import type { AuditQuery } from './audit-query.js';

/** Credits are a ledger that adds up, and whoever came to a threshold was told so once. */
export const usageAudits: readonly AuditQuery[] = [
  {
    id: 'B08',
    about: 'The ledger of credits adds up to each balance, to what each source has left, and line by line',
    kind: 'always',
    sql: `
      with line as (select id, workspace_id, source, amount, balance_after, sum(amount) over (partition by workspace_id order by id) as running from credit_movement),
        source_sum as (select workspace_id, source, sum(amount) as in_ledger from line group by workspace_id, source),
        held as (select a.workspace_id, s ->> 'key' as source, (s ->> 'left')::bigint as stored from credit_account a, jsonb_array_elements(a.sources) s)
      select 'balance' as what, a.workspace_id, null as source, a.balance as stored, coalesce(sum(l.amount), 0) as in_ledger from credit_account a
        left join line l on l.workspace_id = a.workspace_id group by a.workspace_id having a.balance <> coalesce(sum(l.amount), 0)
      union all
      select 'source', workspace_id, source, h.stored, s.in_ledger from source_sum s full join held h using (workspace_id, source)
        where coalesce(h.stored, 0) <> coalesce(s.in_ledger, 0)
      union all
      select 'line ' || id, workspace_id, source, balance_after, running from line where balance_after <> running`,
  },
  {
    id: 'B09',
    about:
      'Credits fall below zero only by the action in flight: each action began with credits left, or on a plan without limit',
    kind: 'always',
    sql: `select workspace_id, spend_id, (array_agg(balance_after - amount order by id))[1] as left_before from credit_movement where spend_id is not null
      group by workspace_id, spend_id having bool_and(kind = 'spend') and (array_agg(balance_after - amount order by id))[1] <= 0`,
  },
  {
    id: 'B10',
    about:
      'Each time that a use came to a threshold has one mail, if its workspace has a billing address, and no mail is without',
    kind: 'always',
    sql: `
      select 'crossing without mail' as what, c.id::text as id, c.workspace_id, c.meter from usage_crossing c join workspace w on w.id = c.workspace_id
        where w.billing_email is not null and not exists (select 1 from notification n where n.dedupe_key = 'usage:' || c.id)
      union all
      select 'mail without crossing', n.id::text, n.workspace_id, null from notification n where n.template in ('usage_warning', 'usage_limit_reached')
        and not exists (select 1 from usage_crossing c where n.dedupe_key = 'usage:' || c.id)
      union all
      select 'crossings of a meter', m.crossings::text, m.workspace_id, m.meter from usage_meter m
        where m.crossings <> (select count(*) from usage_crossing c where c.workspace_id = m.workspace_id and c.meter = m.meter)`,
  },
];
