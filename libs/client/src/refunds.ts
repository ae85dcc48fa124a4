import { giveRefundOutside, refundOrder, retryRefund, undoOrder } from '@billfleet/contracts';
import type { z } from 'zod';
import { absentIfUnknown } from './call-gateway.js';
import type { Call } from './call-gateway.js';
import { validate } from './validate.js';

/** Money of an order that goes back. Amounts are minor units as text, instants ISO 8601 in UTC. */
export type Refund = {
  readonly id: string;
  readonly orderId: string;
  readonly attemptId: string;
  readonly workspaceId: string;
  readonly provider: string;
  readonly method: 'card' | 'pix' | 'paypal' | null;
  readonly currency: 'USD' | 'BRL';
  readonly amountMinor: string;
  readonly status: 'owed' | 'processing' | 'succeeded' | 'failed';
  readonly reason: string;
  readonly note: string | null;
  readonly requestedBy: string | null;
  readonly derivation: Readonly<Record<string, unknown>> | null;
  readonly seatChangeId: string | null;
  readonly failure: {
    readonly why: 'failed' | 'came_back' | 'disputed';
    readonly code: string;
    readonly message: string;
  } | null;
  /** Whether it goes on only once a person does something. */
  readonly needsPerson: boolean;
  readonly outside: Readonly<Record<string, unknown>> | null;
  readonly createdAt: string;
  readonly statusAt: string;
};

/** What could go back of an order now. */
export type Refundable = {
  readonly orderId: string;
  readonly workspaceId: string;
  readonly status: string;
  readonly currency: 'USD' | 'BRL';
  readonly amountMinor: string;
  readonly payments: readonly {
    readonly attemptId: string;
    readonly provider: string;
    readonly method: 'card' | 'pix' | 'paypal' | null;
    readonly isSale: boolean;
    readonly chargedMinor: string;
    readonly refundedMinor: string;
    readonly owedMinor: string;
    readonly takenBackMinor: string;
    readonly leftMinor: string;
  }[];
  readonly unusedDays: { readonly leftDays: number; readonly wholeDays: number; readonly amountMinor: string } | null;
  readonly refusal: { readonly code: string; readonly found: string; readonly wanted: string } | null;
};

/** Whether an order can be undone, and what goes back for it. */
export type Undo = {
  readonly orderId: string;
  readonly workspaceId: string;
  readonly status: string;
  readonly possible: boolean;
  readonly endsAt: string | null;
  readonly refusal: { readonly code: string; readonly found: string; readonly wanted: string } | null;
  readonly refunds: readonly {
    readonly id: string;
    readonly amountMinor: string;
    readonly currency: string;
    readonly status: Refund['status'];
  }[];
};

type Once = { readonly idempotencyKey: string };

/** Money that goes back. All but `undo` needs an admin key of support or an operator. */
export type Refunds = {
  /** What could go back of an order now; undefined for an unknown one. */
  refundable(orderId: string): Promise<Refundable | undefined>;
  /** Gives money of an order back; never more than what is left. */
  give(orderId: string, request: z.input<typeof refundOrder>, options: Once): Promise<Refund>;
  /** Undefined for an unknown refund. */
  get(refundId: string): Promise<Refund | undefined>;
  /** Has the provider asked again for a refund that failed. */
  retry(refundId: string, request: z.input<typeof retryRefund>, options: Once): Promise<Refund>;
  /** Records that a refund was given in another way, with proof. */
  giveOutside(refundId: string, request: z.input<typeof giveRefundOutside>, options: Once): Promise<Refund>;
  /** Undoes a paid change on its own day. Needs a publishing key of a workspace admin, or of staff. */
  undo(orderId: string, request: z.input<typeof undoOrder>, options: Once): Promise<Undo>;
};

/** The part of the client that is about money that goes back. */
export function refundsOf(call: <View>(one: Call) => Promise<View>): Refunds {
  const ofOrder = (orderId: string, what: string): string => `/v1/orders/${encodeURIComponent(orderId)}/${what}`;
  const pathOf = (refundId: string, what = ''): string => `/v1/refunds/${encodeURIComponent(refundId)}${what}`;
  return {
    refundable: (orderId) => absentIfUnknown(call<Refundable>({ method: 'GET', path: ofOrder(orderId, 'refundable') })),
    give: async (orderId, request, { idempotencyKey }) => {
      const body = validate('refunds.give', refundOrder, request);
      return call({ method: 'POST', path: ofOrder(orderId, 'refunds'), body, idempotencyKey });
    },
    get: (refundId) => absentIfUnknown(call<Refund>({ method: 'GET', path: pathOf(refundId) })),
    retry: async (refundId, request, { idempotencyKey }) => {
      const body = validate('refunds.retry', retryRefund, request);
      return call({ method: 'POST', path: pathOf(refundId, '/retry'), body, idempotencyKey });
    },
    giveOutside: async (refundId, request, { idempotencyKey }) => {
      const body = validate('refunds.giveOutside', giveRefundOutside, request);
      return call({ method: 'POST', path: pathOf(refundId, '/given-outside'), body, idempotencyKey });
    },
    undo: async (orderId, request, { idempotencyKey }) => {
      const body = validate('refunds.undo', undoOrder, request);
      return call({ method: 'POST', path: ofOrder(orderId, 'undo'), body, idempotencyKey });
    },
  };
}
