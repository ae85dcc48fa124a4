import type { AttemptStatus } from './attempt.js';
import type { ChargebackStatus } from './chargeback.js';
import type { OrderStatus } from './order.js';
import type { RefundStatus } from './refund.js';

/** One thing that happened to an order. Amounts are minor units of its currency as text, instants ISO 8601 text. */
export type StoryEntry = { readonly at: string } & (
  | { readonly kind: 'placed'; readonly by: string | null }
  | {
      readonly kind: 'attempt';
      readonly attemptId: string;
      readonly status: AttemptStatus;
      readonly provider: string;
      readonly method: string | null;
      /** The provider's code of why it was declined; null for all else. */
      readonly declinedFor: string | null;
    }
  | { readonly kind: 'paid' | 'applied' | 'expired' }
  | { readonly kind: 'cancelled'; readonly reason: string | null }
  | {
      readonly kind: 'refund';
      readonly refundId: string;
      readonly status: RefundStatus;
      readonly amountMinor: string;
      readonly reason: string;
    }
  | {
      readonly kind: 'dispute';
      readonly disputeId: string;
      readonly status: ChargebackStatus;
      readonly amountMinor: string;
      readonly reason: string;
    }
  | {
      readonly kind: 'document';
      readonly documentId: string;
      readonly type: 'invoice' | 'credit_note';
      readonly number: string;
      readonly amountMinor: string;
    }
);

/** A move of an order, or of something of it, as it was recorded. They come in the order in which they were committed. */
export type RecordedMove = {
  readonly entityId: string;
  readonly to: string;
  readonly at: string;
};

/** What the story of an order is told from. */
export type StoryGround = {
  readonly orderId: string;
  readonly placedBy: string | null;
  readonly statusReason: string | null;
  readonly moves: readonly RecordedMove[];
  readonly attempts: readonly {
    readonly id: string;
    readonly provider: string;
    readonly method: string | null;
    readonly failureCode: string | null;
  }[];
  readonly refunds: readonly { readonly id: string; readonly amountMinor: string; readonly reason: string }[];
  readonly disputes: readonly { readonly id: string; readonly amountMinor: string; readonly reason: string }[];
  readonly documents: readonly {
    readonly id: string;
    readonly type: 'invoice' | 'credit_note';
    readonly number: string;
    readonly amountMinor: string;
    readonly at: string;
  }[];
};

/**
 * Tells what happened to an order as one list, oldest first. What was committed together stays in the order in which it was recorded; that money is
 * owed back, or has gone, is told by the refund itself, so the order's own moves about it are left out.
 */
export function orderStory(ground: StoryGround): readonly StoryEntry[] {
  const told = [...ground.moves.flatMap((move) => entryOf(move, ground)), ...ground.documents.map(documentEntry)];
  return told
    .map((entry, index) => ({ entry, index, atMs: Date.parse(entry.at) }))
    .sort((one, other) => one.atMs - other.atMs || one.index - other.index)
    .map(({ entry }) => entry);
}

const documentEntry = (document: StoryGround['documents'][number]): StoryEntry => {
  const { at, id: documentId, type, number, amountMinor } = document;
  return { at, kind: 'document', documentId, type, number, amountMinor };
};

function entryOf(move: RecordedMove, ground: StoryGround): readonly StoryEntry[] {
  const { entityId: id, at } = move;
  if (id === ground.orderId) return orderEntry(move, ground);
  const attempt = ground.attempts.find((one) => one.id === id);
  if (attempt !== undefined) {
    const { provider, method, failureCode } = attempt;
    const status = move.to as AttemptStatus;
    const declinedFor = status === 'declined' ? failureCode : null;
    return [{ at, kind: 'attempt', attemptId: id, status, provider, method, declinedFor }];
  }
  const refund = ground.refunds.find((one) => one.id === id);
  if (refund !== undefined) {
    const { amountMinor, reason } = refund;
    return [{ at, kind: 'refund', refundId: id, status: move.to as RefundStatus, amountMinor, reason }];
  }
  const dispute = ground.disputes.find((one) => one.id === id);
  if (dispute === undefined) return [];
  const { amountMinor, reason } = dispute;
  return [{ at, kind: 'dispute', disputeId: id, status: move.to as ChargebackStatus, amountMinor, reason }];
}

function orderEntry(
  { to, at }: RecordedMove,
  { orderId, moves, placedBy, statusReason }: StoryGround,
): readonly StoryEntry[] {
  switch (to as OrderStatus) {
    case 'awaiting_payment':
      return [{ at, kind: 'placed', by: placedBy }];
    case 'paid':
      return [{ at, kind: 'paid' }];
    case 'fulfilled':
      // What was given is given once; the order comes back to this state when a refund of all of it comes home.
      return moves.find(({ entityId, to: one }) => entityId === orderId && one === 'fulfilled')?.at === at
        ? [{ at, kind: 'applied' }]
        : [];
    case 'expired':
      return [{ at, kind: 'expired' }];
    case 'cancelled':
      return [{ at, kind: 'cancelled', reason: statusReason }];
    case 'refund_due':
    case 'refunded':
      return [];
    default:
      return [];
  }
}
