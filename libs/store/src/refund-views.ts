import type { Currency, PaymentMethod, RefundStatus } from '@billfleet/domain';
import type { Queryable } from './store.js';

/**
 * Why a refund waits for a person. `failed`: its provider said no, and `code` and `message` are its own; `came_back`: it had gone, and the bank of the
 * payer sent it back; `disputed`: that bank has the payment in hand, or took it.
 */
export type RefundFailure = {
  readonly why: 'failed' | 'came_back' | 'disputed';
  readonly code: string;
  readonly message: string;
};

/** A refund as staff see it. Amounts are minor units as text. */
export type RefundView = {
  readonly id: string;
  readonly orderId: string;
  readonly attemptId: string;
  readonly workspaceId: string;
  readonly provider: string;
  readonly method: PaymentMethod | null;
  readonly currency: Currency;
  readonly amountMinor: string;
  readonly status: RefundStatus;
  /** A code: why it goes back. */
  readonly reason: string;
  readonly note: string | null;
  readonly requestedBy: string | null;
  readonly derivation: unknown;
  readonly seatChangeId: string | null;
  readonly failure: RefundFailure | null;
  /** Whether it goes on only once a person does something. */
  readonly needsPerson: boolean;
  /** Where it was given in another way than by the provider. */
  readonly outside: Readonly<Record<string, unknown>> | null;
  readonly createdAt: Date;
  readonly statusAt: Date;
};

const NEEDS_PERSON = `(r.status = 'failed' or (r.status = 'owed' and a.provider in ('upstream', 'offline')))`;
const VIEW = `select r.id, r.order_id as "orderId", r.attempt_id as "attemptId", r.workspace_id as "workspaceId", a.provider, a.method, r.currency,
    r.amount_minor::text as "amountMinor", r.status, r.reason, coalesce(r.note, c.reason) as note, coalesce(r.requested_by, c.actor) as "requestedBy", r.derivation,
    r.seat_change_id as "seatChangeId", r.failure, ${NEEDS_PERSON} as "needsPerson",
    case when x.refund_id is not null then jsonb_build_object('partner', x.partner, 'proofKind', x.proof_kind, 'proofReference', x.proof_reference,
      'proofNote', x.proof_note, 'currency', x.currency, 'amountMinor', x.amount_minor::text, 'givenAt', x.given_at, 'reason', x.reason,
      'recordedBy', x.recorded_by) end as outside,
    r.created_at as "createdAt", r.status_at as "statusAt"
  from refund r join attempt a on a.id = r.attempt_id left join seat_change c on c.id = r.seat_change_id left join refund_outside x on x.refund_id = r.id`;

/** One refund. */
export async function viewRefund(db: Queryable, id: string): Promise<RefundView | undefined> {
  return (await db.query<RefundView>(`${VIEW} where r.id = $1`, [id]))[0];
}

/** The refunds of an order, oldest first. */
export function refundsOfOrder(db: Queryable, orderId: string): Promise<readonly RefundView[]> {
  return db.query<RefundView>(`${VIEW} where r.order_id = $1 order by r.id`, [orderId]);
}

/** A page of refunds that are not given yet, oldest first: of one workspace or of all, those that wait for a person or all. */
export function listOpenRefunds(
  db: Queryable,
  page: {
    readonly workspaceId?: string | undefined;
    readonly needsPerson: boolean;
    readonly afterId?: string | undefined;
    readonly limit: number;
  },
): Promise<readonly RefundView[]> {
  return db.query<RefundView>(
    `${VIEW} where r.status <> 'succeeded' and ($1::uuid is null or r.workspace_id = $1) and (not $2::boolean or ${NEEDS_PERSON})
       and ($3::uuid is null or r.id > $3::uuid) order by r.id limit $4`,
    [page.workspaceId ?? null, page.needsPerson, page.afterId ?? null, page.limit],
  );
}
