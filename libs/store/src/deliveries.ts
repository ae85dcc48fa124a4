import type { MailingHours, NotificationStatus } from '@billfleet/domain';
import type { Tx } from './store.js';
import { clockAtOf, servedAt } from './workspace-time.js';
import type { OnClock, SweptAt } from './workspace-time.js';

/** A mail that is owed. `facts` is JSON text that the template's schema reads. */
export type NewNotification = {
  readonly id: string;
  /** Null for mails to staff, which are about none. */
  readonly workspaceId: string | null;
  readonly template: string;
  readonly class: 'at_most_once' | 'at_least_once';
  /** Unique for ever: the same cause never makes a second mail. */
  readonly dedupeKey: string;
  readonly recipient: string;
  readonly locale: string;
  readonly timeZone: string;
  readonly facts: string;
  /** Where it may leave by day only: the hours of its receiver's day, and from when on it is not true any more. */
  readonly byDay: (MailingHours & { readonly goodUntil: Date }) | null;
};

/** Stores mails; answers the ids of those that are new. */
export async function insertNotifications(tx: Tx, rows: readonly NewNotification[]): Promise<string[]> {
  if (rows.length === 0) return [];
  const written = await tx.query<{ id: string }>(
    `insert into notification (id, workspace_id, template, class, dedupe_key, recipient, locale, time_zone, facts, from_hour, to_hour, good_until)
     select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::jsonb[],
       $10::int[], $11::int[], $12::timestamptz[])
     on conflict (dedupe_key) do nothing returning id`,
    [
      rows.map((r) => r.id),
      rows.map((r) => r.workspaceId),
      rows.map((r) => r.template),
      rows.map((r) => r.class),
      rows.map((r) => r.dedupeKey),
      rows.map((r) => r.recipient),
      rows.map((r) => r.locale),
      rows.map((r) => r.timeZone),
      rows.map((r) => r.facts),
      rows.map((r) => r.byDay?.from ?? null),
      rows.map((r) => r.byDay?.to ?? null),
      rows.map((r) => r.byDay?.goodUntil.toISOString() ?? null),
    ],
  );
  return written.map((row) => row.id);
}

/** A mail about to be sent, or one whose sending was cut off. */
export type NotificationToSend = OnClock &
  Omit<NewNotification, 'facts' | 'dedupeKey' | 'byDay'> & {
    readonly status: NotificationStatus;
    /** Where it may leave by day only; `goodUntil` is ISO 8601 text. */
    readonly byDay: (MailingHours & { readonly goodUntil: string }) | null;
    readonly facts: unknown;
    /** Why an optional mail is not sent to this address: its reader stopped them, or the address takes none. */
    readonly unwantedFor: 'opted-out' | 'bounced' | null;
    /** Whether the address took no mail the last time. */
    readonly isAtBouncing: boolean;
    /** Whether a mail with a code came too late: its order is paid, or cannot be paid that way any more. */
    readonly isOver: boolean;
    /** How long ago somebody claimed it for sending, by the database's clock. */
    readonly claimedForMs: number | null;
  };

/** Locks mails and says where they stand. */
export async function lockNotifications(
  tx: Tx,
  ids: readonly string[],
): Promise<ReadonlyMap<string, NotificationToSend>> {
  const rows = await tx.query<NotificationToSend>(
    `select id, workspace_id as "workspaceId", template, class, recipient, locale, time_zone as "timeZone", facts, status,
       case when from_hour is not null then jsonb_build_object('from', from_hour, 'to', to_hour, 'goodUntil', good_until) end as "byDay", ${clockAtOf('workspace_id')},
       exists (select from mail_address a where a.workspace_id = notification.workspace_id and a.recipient = notification.recipient
        and a.bounced_at is not null) as "isAtBouncing",
       (select case when a.opted_out_at is not null then 'opted-out' when a.bounced_at is not null then 'bounced' end from mail_address a
        where a.workspace_id = notification.workspace_id and a.recipient = notification.recipient) as "unwantedFor",
       (template = 'order_to_pay' and not exists (select from attempt a where a.id = (facts ->> 'attemptId')::uuid and a.status = 'pending')) as "isOver",
       (extract(epoch from clock_timestamp() - claimed_at) * 1000)::float8 as "claimedForMs"
     from notification where id = any($1::uuid[]) order by id for update`,
    [ids],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/** Moves mails to another state; claiming stamps the time. */
export async function moveNotifications(
  tx: Tx,
  moves: readonly { readonly id: string; readonly to: NotificationToSend['status']; readonly failure: string | null }[],
): Promise<void> {
  if (moves.length === 0) return;
  await tx.query(
    `update notification n set status = m.status, status_at = now(), failure = m.failure, send_at = null, claimed_at = case when m.status = 'claimed' then now() else n.claimed_at end
     from unnest($1::uuid[], $2::text[], $3::text[]) as m (id, status, failure) where n.id = m.id and (n.status <> m.status or m.status = 'claimed')`,
    [moves.map((m) => m.id), moves.map((m) => m.to), moves.map((m) => m.failure)],
  );
}

/** Has mails wait for the hours of their receivers' days. */
export async function waitUntil(
  tx: Tx,
  rows: readonly { readonly id: string; readonly sendAt: Date }[],
): Promise<void> {
  if (rows.length === 0) return;
  await tx.query(
    `update notification n set send_at = w.at from unnest($1::uuid[], $2::timestamptz[]) as w (id, at) where n.id = w.id`,
    [rows.map((row) => row.id), rows.map((row) => row.sendAt.toISOString())],
  );
}

/** Claims mails whose hours have come, oldest first; whoever claims owes their sending. */
export async function claimWaiting(tx: Tx, at: SweptAt, limit: number): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    `update notification set send_at = null where id in (
       select id from notification n where send_at <= $1 and ${servedAt(at, 'n.workspace_id', '$3')} order by send_at limit $2 for update skip locked) returning id`,
    [at.now.toISOString(), limit, at.testClockId],
  );
  return rows.map((row) => row.id);
}
