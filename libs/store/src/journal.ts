import { afterReversal, InvariantError, reversalPostings } from '@billfleet/domain';
import type { Currency, JournalKind, Posting, SoldSoFar } from '@billfleet/domain';
import type { Tx } from './store.js';

/**
 * A transaction of the books that is about to be written, with its cause. It is written once per provider, reference and kind. What is left out of the
 * cause is not part of it.
 */
export type NewTransaction = {
  readonly kind: JournalKind;
  readonly workspaceId: string;
  readonly orderId?: string;
  readonly attemptId?: string;
  readonly refundId?: string;
  readonly chargebackId?: string;
  readonly provider: string;
  readonly reference: string;
  readonly currency: Currency;
  /** They add up to nothing, or nothing is written at all. */
  readonly postings: readonly Posting[];
};

/**
 * Live transactions are of a day in the fleet's own time, and never of a month that is closed. What is about an order goes with its sale: live if that
 * was before its workspace came to stand on a test clock. Ids are drawn first, and what is known is looked up row by row, so that nothing is joined to what
 * was just written; of two that write the same at once the second one starts over.
 */
const WRITE = `
  with n as materialized (
    select nextval('journal_id_seq') as id, in_turn.* from (select n.*, w.time_zone, (select k.now_at from test_clock k where k.id = w.test_clock_id) as clock_at,
      coalesce(case when n.kind not in ('charge', 'sale')
        then (select s.is_test from journal s where s.order_id = n.order_id order by s.id limit 1) end, w.test_clock_id is not null) as is_test,
      (select true from journal j where (j.provider, j.reference, j.kind) = (n.provider, n.reference, n.kind)) is null as is_new
    from unnest($1::text[], $2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::uuid[], $7::text[], $8::text[])
        with ordinality as n (kind, workspace_id, order_id, attempt_id, refund_id, chargeback_id, provider, reference, nth)
      join workspace w on w.id = n.workspace_id order by n.nth) in_turn),
  written as (
    insert into journal (id, kind, workspace_id, order_id, attempt_id, refund_id, chargeback_id, provider, reference, is_test, booked_on)
      overriding system value
    select id, kind, workspace_id, order_id, attempt_id, refund_id, chargeback_id, provider, reference, is_test,
      case when is_test then (coalesce(clock_at, now()) at time zone time_zone)::date
        else greatest((now() at time zone time_zone)::date, books_open_from()) end
    from n where is_new),
  ids as materialized (select array_agg(case when is_new then id else 0 end order by nth) as nth from n)
  insert into posting (transaction_id, n, account, currency, amount_minor)
  select ids.nth[s.of], s.n, s.account, s.currency, s.minor
  from ids, unnest($9::int[], $10::int[], $11::text[], $12::text[], $13::bigint[]) as s (of, n, account, currency, minor) where ids.nth[s.of] > 0`;

/** Writes transactions; those that are there already are left as they are. No two of them may be the same. */
export async function writeTransactions(tx: Tx, rows: readonly NewTransaction[]): Promise<void> {
  if (rows.length === 0) return;
  const sides = rows.flatMap(({ postings, currency }, row) =>
    postings.map((side, at) => ({ ...side, currency, of: row + 1, n: at + 1 })),
  );
  await tx.query(WRITE, [
    rows.map((r) => r.kind),
    rows.map((r) => r.workspaceId),
    rows.map((r) => r.orderId ?? null),
    rows.map((r) => r.attemptId ?? null),
    rows.map((r) => r.refundId ?? null),
    rows.map((r) => r.chargebackId ?? null),
    rows.map((r) => r.provider),
    rows.map((r) => r.reference),
    sides.map((s) => s.of),
    sides.map((s) => s.n),
    sides.map((s) => s.account),
    sides.map((s) => s.currency),
    sides.map((s) => s.amountMinor.toString()),
  ]);
}

/** A part of a sale that is about to be taken back, with what it is taken back for. `amountMinor` includes tax. */
export type TakenBack = Omit<NewTransaction, 'kind' | 'postings' | 'orderId'> & {
  readonly orderId: string;
  readonly amountMinor: bigint;
};

/** Takes parts of sales back, each once per provider and reference; several parts of one sale one after the other. */
export async function takeSalesBack(tx: Tx, parts: readonly TakenBack[]): Promise<void> {
  const sales = new Map(
    await lockSales(
      tx,
      parts.map(({ orderId }) => orderId),
    ),
  );
  const reversals = parts.map(({ amountMinor, ...about }): NewTransaction => {
    const sale = sales.get(about.orderId);
    if (sale === undefined) throw new InvariantError(`order ${about.orderId} was not sold, so nothing is taken back`);
    const postings = reversalPostings(amountMinor, sale);
    sales.set(about.orderId, { ...sale, ...afterReversal(amountMinor, sale, postings) });
    return { ...about, kind: 'reversal', postings };
  });
  await writeTransactions(tx, reversals);
}

/** The sale of an order as the books have it. `attemptId`: what paid it; null for one on account, which is sold before it is paid. */
export type SaleRow = SoldSoFar & {
  readonly orderId: string;
  readonly attemptId: string | null;
  readonly currency: Currency;
};

/**
 * Sales of orders, less what was taken back of them. Their orders are locked until the end of the transaction, so that nobody else takes back the same rest.
 * Orders that are not sold are left out.
 */
export async function lockSales(tx: Tx, orderIds: readonly string[]): Promise<ReadonlyMap<string, SaleRow>> {
  if (orderIds.length === 0) return new Map();
  type Row = { readonly [K in keyof SaleRow]: SaleRow[K] extends bigint ? string : SaleRow[K] };
  const [, rows] = await Promise.all([
    tx.query(`select 1 from orders where id = any($1::uuid[]) order by id for no key update`, [orderIds]),
    tx.query<Row>(SALES, [orderIds]),
  ]);
  return new Map(
    rows.map((row) => [
      row.orderId,
      {
        ...row,
        soldMinor: BigInt(row.soldMinor),
        taxMinor: BigInt(row.taxMinor),
        reversedMinor: BigInt(row.reversedMinor),
        reversedTaxMinor: BigInt(row.reversedTaxMinor),
        deferredMinor: BigInt(row.deferredMinor),
      },
    ]),
  );
}

const sum = (account: string, kind: string, sign = ''): string =>
  `coalesce(sum(${sign}p.amount_minor) filter (where p.account = '${account}' and j.kind = '${kind}'), 0)::text`;
/** What was sold and taken back of an order and of its tax, over its journal `j` and the postings `p` of that; amounts as text. */
export const SOLD_SO_FAR = `${sum('receivable', 'sale')} as "soldMinor", ${sum('tax_payable', 'sale', '-')} as "taxMinor",
      ${sum('receivable', 'reversal', '-')} as "reversedMinor", ${sum('tax_payable', 'reversal')} as "reversedTaxMinor"`;
const SALES = `
  select s.order_id as "orderId", s.attempt_id as "attemptId", m.* from journal s cross join lateral (
    select min(p.currency) as currency, ${SOLD_SO_FAR},
      coalesce(-sum(p.amount_minor) filter (where p.account = 'deferred_revenue'), 0)::text as "deferredMinor"
    from journal j join posting p on p.transaction_id = j.id where j.order_id = s.order_id) m
  where s.order_id = any($1::uuid[]) and s.kind = 'sale'`;
