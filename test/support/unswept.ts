import { settlementDaysDue } from '@billfleet/domain';
import { reconciliation } from '@billfleet/store';
import type { Queryable } from '@billfleet/store';

/** What the dispatcher's sweeps have yet to find: for each workspace at its own time, which is `now` where it stands on no test clock. */
export async function dueToBeSwept(db: Queryable, now: Date): Promise<readonly string[]> {
  const due = await db.query<{ what: string }>(
    `with w as (select w.id, coalesce(c.now_at, $1) as now_at from workspace w left join test_clock c on c.id = w.test_clock_id)
       select 'a turn' as what from subscription s join w on w.id = s.workspace_id where turn_at <= now_at
       union all select 'the end of a term' from subscription s join w on w.id = s.workspace_id where renewal_at <= now_at
         and not exists (select 1 from renewal_pause where resumed_at is null)
         and not exists (select 1 from work k where k.ref = s.id and k.kind = 'renewal.decide' and k.dead_at is not null)
       union all select 'a mail that waits for the day' from notification n join w on w.id = n.workspace_id where send_at <= now_at
       union all select 'credits of a new month' from credit_account a join w on w.id = a.workspace_id where next_grant_at <= now_at
       union all select 'the end of a count or a breach' from usage_meter m join w on w.id = m.workspace_id
         where month_ends_at <= now_at or (breach_ends_at <= now_at and not blocked)
       union all select 'an expired order' from orders o join w on w.id = o.workspace_id where status = 'awaiting_payment' and expires_at <= now_at
         and not exists (select 1 from attempt a where a.order_id = o.id and a.status in ('submitting', 'unknown')) limit 20`,
    [now.toISOString()],
  );
  // Nights are the fleet's own, whoever stands on which clock.
  const nights = settlementDaysDue(now, await reconciliation.lastNightlyDay(db, 'sandbox'));
  return [...due.map(({ what }) => what), ...nights.map((day) => `the record of ${day}`)].map(
    (what) => `${what} is due to be swept`,
  );
}
