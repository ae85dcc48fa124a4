import { declineAnswer, isWorthRetrying } from '@billfleet/domain';
import type { DeclineAnswer, DunningPolicy } from '@billfleet/domain';
import { orders, renewals } from '@billfleet/store';
import type { AttemptToSettle, Tx } from '@billfleet/store';
import { emitEvents } from './emit-events.js';
import type { OwedEvent } from './emit-events.js';
import { oweMails } from './mails.js';
import type { SeenAtProvider } from './ports.js';

/** An attempt that was declined, as the provider shows it. */
export type Declined = { readonly attempt: AttemptToSettle; readonly seen: SeenAtProvider };

/** Provider codes as people are told of them. */
const REASONS: Readonly<Record<string, string>> = {
  insufficient_funds: 'insufficient_funds',
  expired_card: 'card_expired',
  card_expired: 'card_expired',
  incorrect_number: 'card_details_wrong',
  invalid_card: 'card_details_wrong',
  authentication_required: 'confirmation_failed',
  card_declined: 'bank_refused',
  stolen_card: 'bank_refused',
  do_not_try_again: 'no_more_tries',
};

/** The reason of a decline as people are told of it, by the provider's code. */
export const declineReason = (code: string | null | undefined): string => REASONS[code ?? ''] ?? 'other';

const reasonOf = (seen: SeenAtProvider): string => declineReason(seen.failure?.code);

/** A charge of a renewal that the fleet made by itself has also failed as a renewal. */
function declineEvents({ attempt, seen }: Declined, isRenewal: boolean, nextTryAt: Date | undefined): OwedEvent[] {
  const { id, orderId, workspaceId, token } = attempt;
  const about = { cause: id, orderId, workspaceId };
  const data = { attemptId: id, reason: reasonOf(seen) };
  const failed = { ...data, nextTryAt: nextTryAt?.toISOString() ?? null };
  return [
    { ...about, type: 'payment.declined', data },
    ...(isRenewal && token !== null ? [{ ...about, type: 'renewal.failed' as const, data: failed }] : []),
  ];
}

/** What is asked of the payer where his stored method is not tried again; whoever was at a page knows what to do. */
function askedOf(
  isCharge: boolean,
  seen: SeenAtProvider,
  dunning: DunningPolicy | undefined,
): { readonly asks?: Exclude<DeclineAnswer, 'retry'> } {
  const answer = isCharge && dunning !== undefined ? declineAnswer(dunning, seen.failure?.kind) : 'retry';
  return answer === 'retry' ? {} : { asks: answer };
}

/**
 * Tells of declines: the payer by mail, the host product by events. When the same method is charged again, or that it will not be, follows
 * from the policy.
 */
export async function tellOfDeclines(
  tx: Tx,
  declined: readonly Declined[],
  dunning: DunningPolicy | undefined,
): Promise<void> {
  if (declined.length === 0) return;
  // Only a stored method is charged again by itself, and only where that may help.
  const retried = declined.filter(
    ({ attempt, seen }) =>
      attempt.token !== null && dunning !== undefined && isWorthRetrying(dunning, seen.failure?.kind),
  );
  const [facts, nextTries] = await Promise.all([
    orders.findMailFacts(
      tx,
      declined.map((one) => one.attempt.orderId),
    ),
    renewals.nextTriesOf(
      tx,
      retried.map((one) => one.attempt.orderId),
    ),
  ]);
  const retriedIds = new Set(retried.map((one) => one.attempt.id));
  emitEvents(
    tx,
    declined.flatMap((one) => {
      const nextTryAt = retriedIds.has(one.attempt.id) ? nextTries.get(one.attempt.orderId) : undefined;
      return declineEvents(one, facts.get(one.attempt.orderId)?.kind === 'renewal', nextTryAt);
    }),
  );
  await oweMails(
    tx,
    declined.flatMap(({ attempt, seen }) => {
      const order = facts.get(attempt.orderId);
      if (order === undefined) return [];
      const nextTryAt = retriedIds.has(attempt.id) ? nextTries.get(attempt.orderId) : undefined;
      return [
        {
          template: 'payment_declined' as const,
          workspaceId: attempt.workspaceId,
          dedupeKey: `payment_declined:${attempt.id}`,
          recipient: order.billingEmail,
          locale: order.locale,
          timeZone: order.timeZone,
          facts: {
            ...orders.orderMailFacts(order),
            method: { kind: order.method ?? 'offline' },
            reason: reasonOf(seen),
            triedAt: order.now.toISOString(),
            ...(nextTryAt === undefined ? {} : { nextTryAt: nextTryAt.toISOString() }),
            ...askedOf(attempt.token !== null, seen, dunning),
            payOrderId: order.orderId,
          },
        },
      ];
    }),
  );
}
