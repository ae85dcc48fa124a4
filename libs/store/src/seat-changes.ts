import type { Currency, NextTerm, PaidSale, TaxName } from '@billfleet/domain';
import { SOLD_SO_FAR, takeSalesBack } from './journal.js';
import type { Queryable, Tx } from './store.js';
import { clockNowOf } from './workspace-time.js';

/** Seats that support took back in the middle of a term. `refundMinor`: what is given back for them, as a positive amount. */
export type NewSeatChange = {
  readonly id: string;
  readonly subscriptionId: string;
  readonly workspaceId: string;
  readonly seatsBefore: number;
  readonly seats: number;
  readonly reason: string;
  readonly actor: string;
  readonly quoteId: string | null;
  readonly currency: Currency;
  readonly refundMinor: bigint;
  /** JSON text of the quote's lines. */
  readonly lines: string;
};

/** Records a change of seats; a quote is used up by it. */
export async function insertSeatChange(tx: Tx, change: NewSeatChange): Promise<void> {
  await tx.query(
    `with used as (update quote set used_by = $1 where id = $8)
     insert into seat_change (id, subscription_id, workspace_id, seats_before, seats_delta, reason, actor, quote_id, currency, refund_minor, lines, created_at)
     values ($1, $2, $3, $4::int, $5::int - $4::int, $6, $7, $8, $9, $10, $11, coalesce(${clockNowOf('$3::uuid')}, now()))`,
    [
      change.id,
      change.subscriptionId,
      change.workspaceId,
      change.seatsBefore,
      change.seats,
      change.reason,
      change.actor,
      change.quoteId,
      change.currency,
      change.refundMinor.toString(),
      change.lines,
    ],
  );
}

/**
 * Takes the number of seats out of what is planned for the next term, where it was planned as fewer than `before` and would not be fewer than the
 * `left` ones. Answers what is planned then; undefined where nothing changes.
 */
export async function dropPlannedSeats(
  tx: Tx,
  subscriptionId: string,
  { before, left }: { readonly before: number; readonly left: number },
): Promise<{ readonly scheduled: NextTerm | null } | undefined> {
  const rows = await tx.query<{ scheduled: NextTerm | null }>(
    `update subscription set scheduled = nullif(scheduled - 'seats', '{}'), scheduled_by = case when scheduled - 'seats' <> '{}' then scheduled_by end,
       scheduled_at = case when scheduled - 'seats' <> '{}' then scheduled_at end
     where id = $1 and (scheduled ->> 'seats')::int < $2 and (scheduled ->> 'seats')::int >= $3 returning scheduled`,
    [subscriptionId, before, left],
  );
  return rows[0];
}

/** Payments that one refund is split over; older ones are left alone. */
const PAYMENTS_MAX = 200;

/**
 * Payments at a provider of what a subscription was given, newest first, with the sales that they paid; with `orderId` those of that order. What is left of each is
 * its charge less refunds done and owed. Money that upstream services or partners took is theirs to give back, and what a bank takes back is not ours to give.
 * Whoever gives it back holds the lock of the subscription, so no two reductions see the same rest.
 */
export async function paymentsLeft(
  db: Queryable,
  subscriptionId: string,
  orderId?: string,
): Promise<readonly PaidSale[]> {
  const rows = await db.query<PaymentRow>(
    `select a.id as "attemptId", (c.amount_minor - coalesce(r.minor, 0))::text as "leftMinor", s.*,
       (select jsonb_build_object('name', l -> 'tax' -> 'name', 'percent', l -> 'tax' ->> 'percent') from jsonb_array_elements(o.lines) l
         where l -> 'tax' is not null and l -> 'tax' ->> 'kind' <> 'reverse-charge' limit 1) as tax
     from seat_grant g join orders o on o.id = g.order_id and o.status = 'fulfilled' join attempt a on a.id = o.paid_attempt_id
     join movement c on c.order_id = o.id and c.attempt_id = a.id and c.kind = 'charge'
     left join lateral (select sum(amount_minor) as minor from refund where attempt_id = a.id) r on true
     cross join lateral (select ${SOLD_SO_FAR} from journal j join posting p on p.transaction_id = j.id where j.order_id = o.id) s
     where g.subscription_id = $1 and a.provider not in ('upstream', 'offline')
       and not exists (select 1 from chargeback b where b.attempt_id = a.id and b.status <> 'won')
       and ($3::uuid is null or o.id = $3) order by c.id desc limit $2`,
    [subscriptionId, PAYMENTS_MAX, orderId ?? null],
  );
  return rows.map(({ attemptId, tax, ...minor }) => ({
    attemptId,
    ...{ leftMinor: BigInt(minor.leftMinor), soldMinor: BigInt(minor.soldMinor), taxMinor: BigInt(minor.taxMinor) },
    ...{ reversedMinor: BigInt(minor.reversedMinor), reversedTaxMinor: BigInt(minor.reversedTaxMinor) },
    ...(tax === null ? {} : { tax: { name: tax.name, ...(tax.percent === null ? {} : { percent: tax.percent }) } }),
  }));
}

type PaymentRow = Readonly<
  Record<'attemptId' | 'leftMinor' | 'soldMinor' | 'taxMinor' | 'reversedMinor' | 'reversedTaxMinor', string>
> & { readonly tax: { readonly name: TaxName; readonly percent: string | null } | null };

/** A part of the money for returned seats, about to go back to one payment. */
export type SeatRefund = { readonly id: string; readonly attemptId: string; readonly amountMinor: bigint };

/**
 * Owes the parts of what is given back for seats, and takes as much of the sales back: what was sold is worth less from now on. The
 * movement carries the refund's id, so each is booked once.
 */
export async function oweSeatRefunds(
  tx: Tx,
  seatChangeId: string,
  refunds: readonly SeatRefund[],
  reason: 'seats_returned' | 'subscription_closed' = 'seats_returned',
): Promise<void> {
  if (refunds.length === 0) return;
  const owed = await tx.query<OwedRow>(
    `insert into refund (id, order_id, attempt_id, workspace_id, currency, amount_minor, reason, seat_change_id)
     select n.id, a.order_id, a.id, a.workspace_id, a.currency, n.amount_minor, $5, $4
     from unnest($1::uuid[], $2::uuid[], $3::bigint[]) as n (id, attempt_id, amount_minor) join attempt a on a.id = n.attempt_id
     returning id as "refundId", order_id as "orderId", attempt_id as "attemptId", workspace_id as "workspaceId", currency,
       amount_minor::text as "amountMinor", (select a.provider from attempt a where a.id = refund.attempt_id) as provider`,
    [
      refunds.map((r) => r.id),
      refunds.map((r) => r.attemptId),
      refunds.map((r) => r.amountMinor.toString()),
      seatChangeId,
      reason,
    ],
  );
  await takeSalesBack(
    tx,
    owed.map(({ amountMinor, ...row }) => ({ ...row, reference: row.refundId, amountMinor: BigInt(amountMinor) })),
  );
}

type OwedRow = {
  readonly refundId: string;
  readonly orderId: string;
  readonly attemptId: string;
  readonly workspaceId: string;
  readonly provider: string;
  readonly currency: Currency;
  readonly amountMinor: string;
};

/** A change of seats as staff see it. Amounts are minor units as text. */
export type SeatChangeView = {
  readonly id: string;
  readonly workspaceId: string;
  readonly seatsBefore: number;
  readonly seats: number;
  readonly reason: string;
  readonly actor: string;
  readonly quoteId: string | null;
  readonly currency: Currency;
  readonly refundMinor: string;
  readonly refunds: readonly {
    readonly id: string;
    readonly orderId: string;
    readonly amountMinor: string;
    readonly status: 'owed' | 'processing' | 'succeeded' | 'failed';
  }[];
  readonly createdAt: Date;
};

/** One change of seats with its refunds, in one round trip. */
export async function viewSeatChange(db: Queryable, id: string): Promise<SeatChangeView | undefined> {
  const rows = await db.query<SeatChangeView>(
    `select c.id, c.workspace_id as "workspaceId", c.seats_before as "seatsBefore", c.seats_before + c.seats_delta as seats, c.reason, c.actor,
       c.quote_id as "quoteId", c.currency, c.refund_minor::text as "refundMinor", c.created_at as "createdAt",
       coalesce((select jsonb_agg(jsonb_build_object('id', r.id, 'orderId', r.order_id, 'amountMinor', r.amount_minor::text, 'status', r.status) order by r.id)
         from refund r where r.seat_change_id = c.id), '[]') as refunds
     from seat_change c where c.id = $1`,
    [id],
  );
  return rows[0];
}
