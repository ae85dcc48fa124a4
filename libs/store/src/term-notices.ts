import type { CivilDate, NoticeSuppressionReason, TermNoticeKind } from '@billfleet/domain';
import type { Tx } from './store.js';

/** What was decided about one notice; `reason` says why it was left out. */
export type TermNoticeRow = {
  readonly subscriptionId: string;
  readonly workspaceId: string;
  readonly termEndsOn: CivilDate;
  readonly kind: TermNoticeKind;
  readonly about: string;
  readonly outcome: 'told' | 'suppressed' | 'no-recipient';
  readonly reason: NoticeSuppressionReason | null;
  readonly now: Date;
};

/** Writes what was decided about notices; what was decided stays decided. */
export async function recordNotices(tx: Tx, rows: readonly TermNoticeRow[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.query(
    `insert into term_notice (subscription_id, workspace_id, term_ends_on, kind, about, outcome, reason, decided_at)
     select * from unnest($1::uuid[], $2::uuid[], $3::date[], $4::text[], $5::text[], $6::text[], $7::text[], $8::timestamptz[])
     on conflict do nothing`,
    [
      rows.map((r) => r.subscriptionId),
      rows.map((r) => r.workspaceId),
      rows.map((r) => r.termEndsOn),
      rows.map((r) => r.kind),
      rows.map((r) => r.about),
      rows.map((r) => r.outcome),
      rows.map((r) => r.reason),
      rows.map((r) => r.now.toISOString()),
    ],
  );
}
