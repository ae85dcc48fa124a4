import type { AuditQuery } from './audit-query.js';

/** What is told around the end of a term, besides its reminder. */
export const termAudits: readonly AuditQuery[] = [
  {
    id: 'B15',
    about:
      'A card that expires, a term that ended and data whose keeping ends are told of once: by the mail that was decided, and by no other',
    kind: 'always',
    sql: `
      with decided as (select *, replace(kind, '-', '_') || ':' || subscription_id || ':' || to_char(term_ends_on, 'YYYY-MM-DD') || ':' || about as key from term_notice)
      select d.subscription_id::text, d.kind, d.about, d.outcome, n.id as notification_id from decided d left join notification n on n.dedupe_key = d.key
        where (n.id is not null) <> (d.outcome = 'told')
      union all
      select split_part(n.dedupe_key, ':', 2), split_part(n.dedupe_key, ':', 1), split_part(n.dedupe_key, ':', 4), null, n.id from notification n
        where (n.dedupe_key like 'card_expiring:%' or n.dedupe_key like 'subscription_expired:%' or n.dedupe_key like 'data_ending:%') and not exists (select 1 from decided d where d.key = n.dedupe_key)`,
  },
];
