import { creditPostings } from '@billfleet/domain';
import type { Currency } from '@billfleet/domain';
import { writeTransactions } from './journal.js';
import type { Queryable, Tx } from './store.js';

/** Stands in the place of a provider in what is booked of credit. */
const CREDIT = 'credit';

/** A credit as staff see it. Amounts are minor units as text, instants ISO 8601 text. */
export type CustomerCreditView = {
  readonly id: string;
  readonly workspaceId: string;
  readonly currency: Currency;
  readonly amountMinor: string;
  /** What is still to be paid back; nothing once it was withdrawn. */
  readonly leftMinor: string;
  readonly reason: string;
  readonly grantedBy: string;
  readonly createdAt: string;
  readonly withdrawn: {
    readonly by: string;
    readonly reason: string;
    readonly at: string;
    readonly amountMinor: string;
  } | null;
  readonly paidBack: readonly { readonly refundId: string; readonly orderId: string; readonly amountMinor: string }[];
};

const at = (column: string): string => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
const VIEW = `select c.id, c.workspace_id as "workspaceId", c.currency, c.amount_minor::text as "amountMinor",
    case when c.withdrawn_at is null then c.left_minor else 0 end::text as "leftMinor", c.reason, c.granted_by as "grantedBy", ${at('c.created_at')} as "createdAt",
    case when c.withdrawn_at is not null then jsonb_build_object('by', c.withdrawn_by, 'reason', c.withdrawn_reason, 'at', ${at('c.withdrawn_at')},
      'amountMinor', c.left_minor::text) end as withdrawn,
    coalesce((select jsonb_agg(jsonb_build_object('refundId', u.refund_id, 'orderId', r.order_id, 'amountMinor', u.amount_minor::text) order by u.refund_id)
      from customer_credit_use u join refund r on r.id = u.refund_id where u.credit_id = c.id), '[]') as "paidBack"
  from customer_credit c`;

/** One credit. */
export async function viewCredit(db: Queryable, id: string): Promise<CustomerCreditView | undefined> {
  return (await db.query<CustomerCreditView>(`${VIEW} where c.id = $1`, [id]))[0];
}

const CREDITS_SHOWN_MAX = 200;

/** The newest credits of a workspace, newest first, at most 200. */
export function creditsOf(db: Queryable, workspaceId: string): Promise<readonly CustomerCreditView[]> {
  return db.query<CustomerCreditView>(
    `${VIEW} where c.workspace_id = $1 order by c.id desc limit ${String(CREDITS_SHOWN_MAX)}`,
    [workspaceId],
  );
}

/** A credit that is about to be granted. */
export type NewCredit = {
  readonly id: string;
  readonly workspaceId: string;
  readonly currency: Currency;
  readonly amountMinor: bigint;
  readonly reason: string;
  readonly grantedBy: string;
};

/** Grants a credit and books it: less revenue, and what is owed to the customer. */
export async function insertCredit(tx: Tx, row: NewCredit): Promise<void> {
  const { id, workspaceId, currency, amountMinor, reason, grantedBy } = row;
  await tx.query(
    `insert into customer_credit (id, workspace_id, currency, amount_minor, left_minor, reason, granted_by) values ($1, $2, $3, $4, $4, $5, $6)`,
    [id, workspaceId, currency, amountMinor.toString(), reason, grantedBy],
  );
  const about = { workspaceId, currency, provider: CREDIT, reference: `granted:${id}` };
  await writeTransactions(tx, [{ ...about, kind: 'credit', postings: creditPostings(amountMinor) }]);
}

/** Locks a credit and looks at it. */
export async function lockCredit(tx: Tx, id: string): Promise<CustomerCreditView | undefined> {
  await tx.query(`select 1 from customer_credit where id = $1 for update`, [id]);
  return viewCredit(tx, id);
}

/** Withdraws what is left of a locked credit, and books that it is owed no more. */
export async function withdrawCredit(
  tx: Tx,
  { id, workspaceId, currency, leftMinor }: CustomerCreditView,
  by: { readonly actor: string; readonly reason: string },
): Promise<void> {
  await tx.query(
    `update customer_credit set withdrawn_at = now(), withdrawn_by = $2, withdrawn_reason = $3 where id = $1 and withdrawn_at is null`,
    [id, by.actor, by.reason],
  );
  const about = { workspaceId, currency, provider: CREDIT, reference: `withdrawn:${id}` };
  await writeTransactions(tx, [{ ...about, kind: 'credit', postings: creditPostings(-BigInt(leftMinor)) }]);
}

/** A credit that can be paid back out of the payment of an order, oldest first for each order. Amounts are minor units. */
export type CreditToPayBack = {
  readonly id: string;
  readonly orderId: string;
  readonly attemptId: string;
  readonly workspaceId: string;
  readonly currency: Currency;
  readonly leftMinor: bigint;
  readonly priceMinor: bigint;
  readonly reason: string;
  readonly grantedBy: string;
};

/**
 * Locks the open credits of the workspaces of orders that were given just now, where the money of the order is at a provider of ours and no dispute
 * freezes what goes back.
 */
export async function lockCreditsToPayBack(tx: Tx, orderIds: readonly string[]): Promise<readonly CreditToPayBack[]> {
  if (orderIds.length === 0) return [];
  type Row = Omit<CreditToPayBack, 'leftMinor' | 'priceMinor'> & {
    readonly leftMinor: string;
    readonly priceMinor: string;
  };
  const rows = await tx.query<Row>(
    `select c.id, o.id as "orderId", a.id as "attemptId", c.workspace_id as "workspaceId", c.currency, c.left_minor::text as "leftMinor",
       o.amount_minor::text as "priceMinor", c.reason, c.granted_by as "grantedBy"
     from orders o join attempt a on a.id = o.paid_attempt_id and a.provider not in ('upstream', 'offline')
       join customer_credit c on c.workspace_id = o.workspace_id and c.currency = o.currency and c.left_minor > 0 and c.withdrawn_at is null
     where o.id = any($1::uuid[]) and o.status = 'fulfilled'
       and not exists (select 1 from chargeback b where b.workspace_id = o.workspace_id and b.decision is null and b.status <> 'won')
     order by o.id, c.id for update of c`,
    [orderIds],
  );
  return rows.map((row) => ({ ...row, leftMinor: BigInt(row.leftMinor), priceMinor: BigInt(row.priceMinor) }));
}

/** A part of a credit that a refund pays back. */
export type CreditPaidBack = Pick<CreditToPayBack, 'id' | 'workspaceId' | 'currency'> & {
  readonly refundId: string;
  readonly amountMinor: bigint;
};

/** Notes and books that refunds, which are owed by now, pay parts of locked credits back. */
export async function payCreditsBack(tx: Tx, parts: readonly CreditPaidBack[]): Promise<void> {
  if (parts.length === 0) return;
  const columns = [parts.map((p) => p.refundId), parts.map((p) => p.id), parts.map((p) => p.amountMinor.toString())];
  await tx.query(
    `insert into customer_credit_use (refund_id, credit_id, amount_minor) select * from unnest($1::uuid[], $2::uuid[], $3::bigint[])`,
    columns,
  );
  await tx.query(
    `update customer_credit c set left_minor = c.left_minor - u.minor
     from (select id, sum(minor) as minor from unnest($1::uuid[], $2::bigint[]) as n (id, minor) group by id) u where c.id = u.id`,
    columns.slice(1),
  );
  await writeTransactions(
    tx,
    parts.map(({ refundId, amountMinor, workspaceId, currency }) => ({
      ...{ workspaceId, currency, refundId, kind: 'credit', provider: CREDIT, reference: `paid-back:${refundId}` },
      postings: creditPostings(-amountMinor),
    })),
  );
}
