import type { AuditQuery } from './audit-query.js';

/** Whatever happened has its event, once and in its place, and the host product was told. */
export const eventAudits: readonly AuditQuery[] = [
  {
    id: 'B22',
    about: 'The events of a workspace are numbered without gaps or doubles',
    kind: 'always',
    sql: `select coalesce(c.workspace_id, e.workspace_id) as workspace_id, c.last, e.events, e.numbers, e.lowest, e.highest from event_counter c
      full join (select workspace_id, count(*) as events, count(distinct seq) as numbers, min(seq) as lowest, max(seq) as highest from event
        group by workspace_id) e on e.workspace_id = c.workspace_id
      where (c.last, 1, c.last, c.last) is distinct from (e.events, e.lowest, e.numbers, e.highest)`,
  },
  {
    id: 'B21',
    about: 'Every order that was paid, fulfilled or refunded has its event, for its own workspace',
    kind: 'always',
    sql: `
      with due as (
        select o.workspace_id, o.id, t.to_status as became, 'order.' || t.to_status || ':' || o.id as dedupe_key from orders o
          join transition t on t.entity = 'orders' and t.entity_id = o.id where t.to_status in ('paid', 'fulfilled')
        union all
        select r.workspace_id, r.order_id, 'refunded', 'order.refunded:' || r.id from refund r where r.status = 'succeeded')
      select d.id as order_id, d.became from due d left join event e on e.dedupe_key = d.dedupe_key where e.workspace_id is distinct from d.workspace_id`,
  },
  {
    id: 'L11',
    about: 'No event waits to be told',
    kind: 'at-rest',
    sql: `select id as event_id, workspace_id, seq, type, tries, next_try_at from event where status = 'owed'`,
  },
];
