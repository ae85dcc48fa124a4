import { standingDue } from '../test-clocks.js';
import type { AuditQuery } from './audit-query.js';

/** What a decision left behind with the time at which it was made, for each workspace in the order in which it was made. */
const DECIDED = `
  select workspace_id, 'credit movement' as what, id::text, at, id as nth from credit_movement
  union all
  select workspace_id, 'crossing of ' || meter, id::text, at, n from usage_crossing
  union all
  select workspace_id, 'reminder of a term', term_ends_on::text, reminded_at, term_ends_on - date '2000-01-01' from renewal where reminded_at is not null`;

/** Clocks of servers may differ by so much. */
const TOLERANCE = `interval '1 minute'`;

/** Workspaces on test clocks live in the time of their clock, forwards, and whatever comes due there is done. */
export const timeAudits: readonly AuditQuery[] = [
  {
    id: 'B30',
    about:
      'Whatever was decided for a workspace on a test clock was decided in its time: never after its clock, nor before what came first',
    kind: 'always',
    sql: `
      select d.workspace_id, d.what, d.id, d.at, d.before, c.now_at as clock_at
      from (select *, lag(at) over (partition by workspace_id, what order by nth) as before from (${DECIDED}) decided) d
        join workspace w on w.id = d.workspace_id join test_clock c on c.id = w.test_clock_id
      where d.at > c.now_at or d.at < d.before - ${TOLERANCE}`,
  },
  {
    id: 'L09',
    about: 'Test clocks are where they were sent, and nothing is due by what they show',
    kind: 'at-rest',
    sql: `
      select id as test_clock_id, name, now_at, target_at, null as due from test_clock where target_at is not null
      union all
      select c.id, c.name, c.now_at, null, due.kind from (${standingDue}) due join test_clock c on c.id = due.test_clock_id`,
  },
];
