import type { AuditQuery } from './audit-query.js';

/** What banks take back is in the books, and nothing renews by itself until staff have decided. */
export const chargebackAudits: readonly AuditQuery[] = [
  {
    id: 'B23',
    about:
      'A chargeback takes no more than its payment, its loss is booked once and only once it is lost, and until it is won or staff decide nothing renews by itself',
    kind: 'always',
    sql: `
      select b.id as chargeback_id, b.order_id, b.status, b.amount_minor, c.amount_minor as charged_minor, l.amount_minor as lost_minor, b.decision, s.auto_renewal
        from chargeback b left join movement c on c.attempt_id = b.attempt_id and c.kind = 'charge'
        left join movement l on l.kind = 'chargeback' and l.provider = b.provider and l.reference = b.reference
        left join subscription s on s.workspace_id = b.workspace_id
        where c.id is null or b.amount_minor > c.amount_minor or b.currency <> c.currency
          or (b.status = 'lost') <> (l.id is not null) or (l.attempt_id, l.amount_minor, l.currency) <> (b.attempt_id, b.amount_minor, b.currency)
          or (b.decision is null and b.status <> 'won' and s.auto_renewal)
          or (b.decision is not null and not exists (select 1 from ops_action a where a.subject = 'chargeback ' || b.id
            and a.action = 'chargeback.' || b.decision and a.actor = b.decided_by and a.reason = b.decided_reason))
      union all
      select null, l.order_id, null, null, null, l.amount_minor, null, null from movement l where l.kind = 'chargeback'
        and not exists (select 1 from chargeback b where b.provider = l.provider and b.reference = l.reference)`,
  },
];
