import { lossPostings } from '@billfleet/domain';
import type { ChargebackDecision, ChargebackStatus, Currency } from '@billfleet/domain';
import { writeTransactions } from './journal.js';
import type { NewTransaction } from './journal.js';
import type { Queryable, Tx } from './store.js';
import { clockAtOf } from './workspace-time.js';
import type { OnClock } from './workspace-time.js';

/** A payment that its payer's bank takes back, as the provider shows it. `reference` is the provider's own. */
export type NewChargeback = {
  readonly id: string;
  readonly orderId: string;
  readonly attemptId: string;
  readonly workspaceId: string;
  readonly provider: string;
  readonly reference: string;
  readonly currency: Currency;
  readonly amountMinor: bigint;
  readonly reason: string;
};

/** Stores chargebacks that were not known, in state `open`; answers their ids. */
export async function insertChargebacks(tx: Tx, rows: readonly NewChargeback[]): Promise<string[]> {
  if (rows.length === 0) return [];
  const written = await tx.query<{ id: string }>(
    `insert into chargeback (id, order_id, attempt_id, workspace_id, provider, reference, currency, amount_minor, reason)
     select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::bigint[], $9::text[])
     on conflict (provider, reference) do nothing returning id`,
    [
      rows.map((r) => r.id),
      rows.map((r) => r.orderId),
      rows.map((r) => r.attemptId),
      rows.map((r) => r.workspaceId),
      rows.map((r) => r.provider),
      rows.map((r) => r.reference),
      rows.map((r) => r.currency),
      rows.map((r) => r.amountMinor.toString()),
      rows.map((r) => r.reason),
    ],
  );
  return written.map((row) => row.id);
}

/** A chargeback that the bank has decided. */
export type SettledChargeback = {
  readonly id: string;
  readonly orderId: string;
  readonly attemptId: string;
  readonly workspaceId: string;
  readonly amountMinor: string;
  readonly status: Exclude<ChargebackStatus, 'open'>;
};

/** What the bank decided, by the provider's reference. */
export type ChargebackVerdict = {
  readonly provider: string;
  readonly reference: string;
  readonly status: Exclude<ChargebackStatus, 'open'>;
};

/**
 * Ends chargebacks that are open; money of lost ones leaves the cash of the provider. Those that had ended before
 * are left out of the answer.
 */
export async function settleChargebacks(
  tx: Tx,
  verdicts: readonly ChargebackVerdict[],
): Promise<readonly SettledChargeback[]> {
  if (verdicts.length === 0) return [];
  const settled = await tx.query<EndedRow>(
    `update chargeback c set status = v.status, status_at = now() from unnest($1::text[], $2::text[], $3::text[]) as v (provider, reference, status)
     where c.provider = v.provider and c.reference = v.reference and c.status = 'open'
     returning c.id, c.order_id as "orderId", c.workspace_id as "workspaceId", c.amount_minor::text as "amountMinor", c.status, c.attempt_id as "attemptId",
       c.provider, c.reference, c.currency`,
    [verdicts.map((v) => v.provider), verdicts.map((v) => v.reference), verdicts.map((v) => v.status)],
  );
  await writeTransactions(tx, settled.filter(({ status }) => status === 'lost').map(lossOf));
  return settled.map(({ id, orderId, attemptId, workspaceId, amountMinor, status }) => {
    return { id, orderId, attemptId, workspaceId, amountMinor, status };
  });
}

type EndedRow = SettledChargeback & {
  readonly provider: string;
  readonly reference: string;
  readonly currency: Currency;
};

function lossOf({ id: chargebackId, amountMinor, ...row }: EndedRow): NewTransaction {
  const { orderId, attemptId, workspaceId, provider, reference, currency } = row;
  const about = { chargebackId, orderId, attemptId, workspaceId, provider, reference, currency };
  return { ...about, kind: 'chargeback', postings: lossPostings(provider, BigInt(amountMinor)) };
}

const UNDECIDED = 'decision is null';

/** Whether a chargeback freezes refunds and automatic renewal of the workspace: until staff have decided about it, or the bank has left the money to us. */
export async function isDisputed(db: Queryable, workspaceId: string): Promise<boolean> {
  const rows = await db.query(
    `select 1 from chargeback where workspace_id = $1 and ${UNDECIDED} and status <> 'won' limit 1`,
    [workspaceId],
  );
  return rows.length > 0;
}

/** Of these attempts those whose money must not be given back by us: their bank has it in hand, or gave it back itself. */
export async function blockedAttempts(db: Queryable, attemptIds: readonly string[]): Promise<ReadonlySet<string>> {
  if (attemptIds.length === 0) return new Set();
  const rows = await db.query<{ attemptId: string }>(
    `select distinct attempt_id as "attemptId" from chargeback where attempt_id = any($1::uuid[]) and status <> 'won'`,
    [attemptIds],
  );
  return new Set(rows.map((row) => row.attemptId));
}

/** Whether the bank of a payment has it in hand, and has not ended that yet. */
export async function isInHand(db: Queryable, attemptId: string): Promise<boolean> {
  return (await db.query(`select 1 from chargeback where attempt_id = $1 and status = 'open'`, [attemptId])).length > 0;
}

/** A chargeback as staff see it. Amounts are minor units as text. */
export type ChargebackView = {
  readonly id: string;
  readonly workspaceId: string;
  readonly orderId: string;
  readonly attemptId: string;
  readonly provider: string;
  readonly reference: string;
  readonly currency: Currency;
  readonly amountMinor: string;
  readonly reason: string;
  readonly status: ChargebackStatus;
  readonly decision: {
    readonly decision: ChargebackDecision;
    readonly by: string;
    readonly reason: string;
    readonly at: string;
  } | null;
  readonly createdAt: Date;
  readonly statusAt: Date;
};

const VIEW = `id, workspace_id as "workspaceId", order_id as "orderId", attempt_id as "attemptId", provider, reference, currency, amount_minor::text as "amountMinor",
  reason, status, case when decision is not null then jsonb_build_object('decision', decision, 'by', decided_by, 'reason', decided_reason, 'at', decided_at) end as decision,
  created_at as "createdAt", status_at as "statusAt"`;

/** One chargeback. */
export async function viewChargeback(db: Queryable, id: string): Promise<ChargebackView | undefined> {
  return (await db.query<ChargebackView>(`select ${VIEW} from chargeback where id = $1`, [id]))[0];
}

/** A page of chargebacks, oldest first: of one workspace or of all, those that wait for a decision or all. */
export function listChargebacks(
  db: Queryable,
  page: {
    readonly workspaceId?: string | undefined;
    readonly isUndecided: boolean;
    readonly afterId?: string | undefined;
    readonly limit: number;
  },
): Promise<readonly ChargebackView[]> {
  return db.query<ChargebackView>(
    `select ${VIEW} from chargeback where ($1::uuid is null or workspace_id = $1) and (not $2::boolean or ${UNDECIDED})
       and ($3::uuid is null or id > $3::uuid) order by id limit $4`,
    [page.workspaceId ?? null, page.isUndecided, page.afterId ?? null, page.limit],
  );
}

/** Locks one chargeback; answers what is known of it, and what the clock of its workspace shows. */
export async function lockChargeback(tx: Tx, id: string): Promise<(ChargebackView & OnClock) | undefined> {
  const statement = `select ${VIEW}, ${clockAtOf('workspace_id')} from chargeback where id = $1 for update`;
  return (await tx.query<ChargebackView & OnClock>(statement, [id]))[0];
}

/** Writes what staff decided about a chargeback that is locked and undecided. */
export async function decideChargeback(
  tx: Tx,
  one: {
    readonly id: string;
    readonly decision: ChargebackDecision;
    readonly by: string;
    readonly reason: string;
    readonly at: Date;
  },
): Promise<void> {
  await tx.query(
    `update chargeback set decision = $2, decided_by = $3, decided_reason = $4, decided_at = $5 where id = $1 and ${UNDECIDED}`,
    [one.id, one.decision, one.by, one.reason, one.at.toISOString()],
  );
}
