import {
  attemptTransitions,
  chargebackTransitions,
  memberStatuses,
  memberTransitions,
  enterpriseRequestTransitions,
  notificationTransitions,
  orderTransitions,
  refundTransitions,
  subscriptionTransitions,
} from '@billfleet/domain';

/** One move of a state machine that history may show; `from` null is the creation. */
export type LegalTransition = { readonly entity: string; readonly from: string | null; readonly to: string };

const movesOf = (
  entity: string,
  initial: readonly string[],
  table: Readonly<Record<string, readonly string[]>>,
): readonly LegalTransition[] => [
  ...initial.map((to) => ({ entity, from: null, to })),
  ...Object.entries(table).flatMap(([from, targets]) => targets.map((to) => ({ entity, from, to }))),
];

/** The moves of everything that has a history, from the state machines of the domain: the database refuses all others. */
export function legalTransitions(): readonly LegalTransition[] {
  return [
    ...movesOf('orders', ['awaiting_payment'], orderTransitions),
    ...movesOf('attempt', ['submitting', 'pending'], attemptTransitions),
    ...movesOf('subscription', ['active'], subscriptionTransitions),
    // The host product may report a member who is in any state already.
    ...movesOf('member', memberStatuses, memberTransitions),
    ...movesOf('refund', ['owed'], refundTransitions),
    ...movesOf('notification', ['pending'], notificationTransitions),
    ...movesOf('enterprise_request', ['new'], enterpriseRequestTransitions),
    ...movesOf('chargeback', ['open'], chargebackTransitions),
  ];
}
