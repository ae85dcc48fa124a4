import type { CivilDate, Currency, SubscriptionStatus } from '@billfleet/domain';
import type { Queryable, Tx } from './store.js';
import { clockAt } from './workspace-time.js';
import type { OnClock } from './workspace-time.js';

/** Stores requests to look at a workspace's next renewal. */
export async function insertReminders(
  tx: Tx,
  rows: readonly { readonly id: string; readonly workspaceId: string }[],
): Promise<void> {
  if (rows.length === 0) return;
  await tx.query(`insert into reminder (id, workspace_id) select * from unnest($1::uuid[], $2::uuid[])`, [
    rows.map((r) => r.id),
    rows.map((r) => r.workspaceId),
  ]);
}

/** What a decision about a reminder needs. The subscription's fields are null where there is none. */
export type ReminderToDecide = OnClock & {
  readonly id: string;
  readonly workspaceId: string;
  readonly workspaceName: string;
  readonly status: 'requested' | 'sent' | 'skipped';
  readonly timeZone: string;
  readonly locale: 'en' | 'es' | 'pt-BR';
  readonly country: string;
  readonly currency: Currency;
  readonly billingEmail: string | null;
  readonly subscriptionStatus: SubscriptionStatus | null;
  readonly endsOn: CivilDate | null;
  readonly autoRenewal: boolean | null;
  /** The stored method that a renewal would charge. */
  readonly methodKind: string | null;
  readonly last4: string | null;
};

/** Locks reminders that have not been decided, with their subscriptions. */
export async function lockReminders(tx: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, ReminderToDecide>> {
  const rows = await tx.query<ReminderToDecide>(
    `select r.id, r.workspace_id as "workspaceId", w.name as "workspaceName", r.status, w.time_zone as "timeZone", w.locale, w.country, w.currency, w.billing_email as "billingEmail",
       ${clockAt('w.test_clock_id')}, s.status as "subscriptionStatus", s.ends_on::text as "endsOn",
       s.auto_renewal as "autoRenewal", p.method as "methodKind", nullif(p.last4, '') as last4
     from reminder r join workspace w on w.id = r.workspace_id left join subscription s on s.workspace_id = r.workspace_id
       left join lateral (select method, last4 from payment_method m where m.workspace_id = r.workspace_id and m.removed_at is null order by created_at desc limit 1) p on true
     where r.id = any($1::uuid[]) order by r.id for update of r`,
    [ids],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/** Records what was decided. */
export async function settleReminders(
  tx: Tx,
  rows: readonly {
    readonly id: string;
    readonly status: 'sent' | 'skipped';
    readonly outcome: string;
    readonly termEndsOn: CivilDate | null;
  }[],
): Promise<void> {
  if (rows.length === 0) return;
  await tx.query(
    `update reminder r set status = n.status, outcome = n.outcome, term_ends_on = n.ends_on, decided_at = now()
     from unnest($1::uuid[], $2::text[], $3::text[], $4::date[]) as n (id, status, outcome, ends_on) where r.id = n.id and r.status = 'requested'`,
    [rows.map((r) => r.id), rows.map((r) => r.status), rows.map((r) => r.outcome), rows.map((r) => r.termEndsOn)],
  );
}

/** A reminder as its requester sees it. */
export type ReminderView = {
  readonly id: string;
  readonly workspaceId: string;
  readonly status: string;
  readonly outcome: string | null;
};

/** One reminder request. */
export async function viewReminder(db: Queryable, id: string): Promise<ReminderView | undefined> {
  const rows = await db.query<ReminderView>(
    `select id, workspace_id as "workspaceId", status, outcome from reminder where id = $1`,
    [id],
  );
  return rows[0];
}
