import type { WayPaid } from '@billfleet/contracts';
import { statusesShownAs } from '@billfleet/domain';
import type { AttemptStatus, Currency, OrderCollection, OrderKind, OrderStatus, ShownStatus } from '@billfleet/domain';
import type { Queryable, SqlValue } from './store.js';
import { clockAt } from './workspace-time.js';
import type { OnClock } from './workspace-time.js';

/** An invoice or a credit note of an order. The amount is in minor units as text, the instant ISO 8601 text. */
export type DocumentListed = {
  readonly id: string;
  readonly type: 'invoice' | 'credit_note';
  readonly number: string;
  readonly amountMinor: string;
  readonly at: string;
};

/** An order as the list of orders shows it. Amounts are minor units as text. */
export type OrderListed = {
  readonly id: string;
  readonly number: string;
  readonly kind: OrderKind;
  readonly status: OrderStatus;
  readonly plan: string;
  /** What the plan was called when it was ordered; null where the order does not say, as with an add-on. */
  readonly planName: string | null;
  readonly seats: number;
  readonly periodMonths: number;
  readonly addOn: { readonly id: string; readonly packages: number; readonly termMonths: number } | null;
  readonly addOnName: string | null;
  readonly currency: Currency;
  readonly amountMinor: string;
  /** What went back of the payment that paid it. */
  readonly refundedMinor: string;
  readonly collection: OrderCollection;
  readonly paidBy: WayPaid;
  readonly installments: number;
  readonly attempt: { readonly status: AttemptStatus; readonly isCharge: boolean } | null;
  readonly isSwitching: boolean;
  /** Its invoice, then the credit notes of it. */
  readonly documents: readonly DocumentListed[];
  /** Instants as ISO 8601 text. */
  readonly createdAt: string;
  readonly expiresAt: string;
  /** Until when the invoice of an order on account is to be paid; null for every other. */
  readonly dueAt: string | null;
};

/** Which orders to list; what is left out does not narrow. */
export type OrderFilter = {
  readonly words?: readonly ShownStatus[] | undefined;
  readonly kinds?: readonly OrderKind[] | undefined;
  readonly paidBy?: WayPaid | undefined;
  /** Placed at this instant or later. */
  readonly from?: Date | undefined;
  /** Placed before this instant. */
  readonly before?: Date | undefined;
  readonly number?: string | undefined;
  /** A part of the name or id of a plan or add-on, whatever the case. */
  readonly text?: string | undefined;
};

/** A page of orders of a workspace, newest first. */
export type OrderListPage = OnClock & {
  readonly locale: 'en' | 'es' | 'pt-BR';
  readonly timeZone: string;
  readonly orders: readonly OrderListed[];
};

const REFUNDED = `left join lateral (select coalesce(sum(r.amount_minor), 0) as minor from refund r
    where r.workspace_id = o.workspace_id and r.order_id = o.id and r.attempt_id = o.paid_attempt_id and r.status = 'succeeded') returned on true`;
const NEWEST_ATTEMPT = `left join lateral (select a.status, a.token is not null as is_charge from attempt a where a.order_id = o.id order by a.n desc limit 1) tried on true`;
const PAID_BY = `case when (select p.provider from attempt p where p.id = o.paid_attempt_id) = 'offline' or (o.collection = 'account' and o.method is null) then 'offline'
    else coalesce(o.method, 'upstream') end`;

/** `shownStatus` of the domain, for narrowing by it; a test compares the two. */
const WORD = `case
    when o.status in ('paid', 'fulfilled') then case when returned.minor <= 0 then 'paid' when returned.minor >= o.amount_minor then 'refunded' else 'partly_refunded' end
    when o.status = 'refund_due' then 'processing'
    when o.status <> 'awaiting_payment' then o.status
    when tried.status = 'declined' then case when o.next_payment is null then 'failed' else 'awaiting_payment' end
    when tried.status = 'unknown' or (tried.is_charge and tried.status in ('submitting', 'pending')) then 'processing'
    else 'awaiting_payment' end`;

const NAMES = `lower(concat_ws(' ', case when o.kind <> 'add-on' then o.plan end, o.add_on ->> 'id', jsonb_path_query_array(o.lines, '$[*].description.planName'),
    jsonb_path_query_array(o.lines, '$[*].description.addOnName')))`;

const ISO = `'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'`;

const INVOICE = `select i.id from document i where i.order_id = o.id and i.kind = 'invoice'`;
const DOCUMENTS = `coalesce((select jsonb_agg(jsonb_build_object('id', d.id, 'type', d.kind, 'number', d.number, 'amountMinor', d.amount_minor::text,
         'at', to_char(d.issued_at at time zone 'UTC', ${ISO})) order by d.kind desc, d.id)
       from document d where d.id in (${INVOICE} union all select n.id from document n where n.invoice_id in (${INVOICE}))), '[]')`;

/** The columns of `OrderListed`, over `LISTED_FROM`. */
export const LISTED = `o.id, o.number::text as number, o.kind, o.status, o.plan, jsonb_path_query_first(o.lines, '$[*].description.planName') #>> '{}' as "planName",
       o.seats, o.period_months as "periodMonths", o.add_on as "addOn", jsonb_path_query_first(o.lines, '$[*].description.addOnName') #>> '{}' as "addOnName",
       o.currency, o.amount_minor::text as "amountMinor", returned.minor::text as "refundedMinor", o.collection, ${PAID_BY} as "paidBy", o.installments,
       case when tried.status is not null then jsonb_build_object('status', tried.status, 'isCharge', tried.is_charge) end as attempt,
       o.next_payment is not null as "isSwitching", ${DOCUMENTS} as documents, to_char(o.created_at at time zone 'UTC', ${ISO}) as "createdAt",
       to_char(o.expires_at at time zone 'UTC', ${ISO}) as "expiresAt",
       to_char(o.due_at at time zone 'UTC', ${ISO}) as "dueAt"`;

/** The orders with what their rows in the list depend on, for statements that narrow them by themselves. */
export const LISTED_FROM = `orders o ${REFUNDED} ${NEWEST_ATTEMPT}`;

/**
 * Orders of a workspace before another one (by id, which sorts by time), newest first, in one round trip; undefined for an unknown workspace.
 * New orders come before what was read, so nobody who goes on reading sees an order twice or misses one.
 */
export async function listOrders(
  db: Queryable,
  workspaceId: string,
  page: OrderFilter & { readonly beforeId?: string | undefined; readonly limit: number },
): Promise<OrderListPage | undefined> {
  const { statement, values } = listStatement(workspaceId, page);
  const rows = await db.query<OrderListPage>(statement, values);
  return rows[0];
}

/** The statement behind `listOrders`: only what narrows is in its text, so that each combination has a plan of its own. */
export function listStatement(
  workspaceId: string,
  page: OrderFilter & { readonly beforeId?: string | undefined; readonly limit: number },
): { readonly statement: string; readonly values: readonly SqlValue[] } {
  const values: SqlValue[] = [workspaceId];
  const bind = (value: SqlValue): string => `$${String(values.push(value))}`;
  const conditions = [...conditionsOf(page, bind), ...(page.beforeId ? [`o.id < ${bind(page.beforeId)}::uuid`] : [])];
  const statement = `select w.locale, w.time_zone as "timeZone", ${clockAt('w.test_clock_id')}, coalesce((select jsonb_agg(to_jsonb(h) order by h.id desc) from (
     select ${LISTED} from ${LISTED_FROM}
     where ${['o.workspace_id = $1', ...conditions].join(' and ')} order by o.id desc limit ${bind(page.limit)}) h), '[]') as orders
   from workspace w where w.id = $1`;
  return { statement, values };
}

function conditionsOf(filter: OrderFilter, bind: (value: SqlValue) => string): readonly string[] {
  const { words, kinds, paidBy, from, before, number, text } = filter;
  return [
    ...(words === undefined ? [] : wordConditions(words, bind)),
    ...(kinds === undefined ? [] : [`o.kind = any(${bind(kinds)}::text[])`]),
    ...(paidBy === undefined ? [] : paidByConditions(paidBy, bind)),
    ...(from === undefined ? [] : [`o.created_at >= ${bind(from.toISOString())}::timestamptz`]),
    ...(before === undefined ? [] : [`o.created_at < ${bind(before.toISOString())}::timestamptz`]),
    ...(number === undefined ? [] : [`o.number = ${bind(number)}::bigint`]),
    ...(text === undefined ? [] : [`strpos(${NAMES}, lower(${bind(text)})) > 0`]),
  ];
}

/** The state of the order narrows in the index; the word itself, which depends on more, is looked at only for what is left. */
function wordConditions(words: readonly ShownStatus[], bind: (value: SqlValue) => string): readonly string[] {
  const isAboutRefunds = words.every((word) => word === 'refunded' || word === 'partly_refunded');
  return [
    `o.status = any(${bind(statusesShownAs(words))}::text[])`,
    `(${WORD}) = any(${bind(words)}::text[])`,
    // Few orders were given back in part, and most are paid: whoever looks for the few begins with the refunds.
    ...(isAboutRefunds
      ? [
          `o.id = any(array(select r.order_id from refund r where r.workspace_id = $1 and r.status = 'succeeded'
             union select b.id from orders b where b.workspace_id = $1 and b.status = 'refunded'))`,
        ]
      : []),
  ];
}

/** An order that was paid offline keeps the way that was chosen before; one on account is paid by its invoice unless a way was chosen. */
function paidByConditions(paidBy: WayPaid, bind: (value: SqlValue) => string): readonly string[] {
  const exactly = `(${PAID_BY}) = ${bind(paidBy)}`;
  if (paidBy === 'offline')
    return [
      `o.id = any(array(select f.order_id from offline_payment f where f.workspace_id = $1
         union select b.id from orders b where b.workspace_id = $1 and b.collection = 'account'))`,
      exactly,
    ];
  return [paidBy === 'upstream' ? 'o.method is null' : `o.method = ${bind(paidBy)}`, exactly];
}
