import {
  attemptTransitions,
  chargebackTransitions,
  enterpriseRequestTransitions,
  initialAttemptStatus,
  initialChargebackStatus,
  initialMemberStatus,
  initialEnterpriseRequestStatus,
  initialNotificationStatus,
  initialOrderStatus,
  initialRefundStatus,
  initialSubscriptionStatus,
  memberTransitions,
  notificationTransitions,
  orderTransitions,
  refundTransitions,
  subscriptionTransitions,
  terminalAttemptStatuses,
  terminalChargebackStatuses,
  terminalMemberStatuses,
  terminalEnterpriseRequestStatuses,
  terminalNotificationStatuses,
  terminalOrderStatuses,
  terminalRefundStatuses,
  terminalSubscriptionStatuses,
} from '@billfleet/domain';

/** A state machine of the domain, as the reference shows it. */
export type ShownMachine = {
  readonly transitions: Readonly<Record<string, readonly string[]>>;
  readonly initial: string;
  readonly terminal: readonly string[];
};

/** Every state machine, by the name under which the reference shows it. */
export const machines: Readonly<Record<string, ShownMachine>> = {
  order: { transitions: orderTransitions, initial: initialOrderStatus, terminal: terminalOrderStatuses },
  attempt: { transitions: attemptTransitions, initial: initialAttemptStatus, terminal: terminalAttemptStatuses },
  subscription: {
    transitions: subscriptionTransitions,
    initial: initialSubscriptionStatus,
    terminal: terminalSubscriptionStatuses,
  },
  member: { transitions: memberTransitions, initial: initialMemberStatus, terminal: terminalMemberStatuses },
  refund: { transitions: refundTransitions, initial: initialRefundStatus, terminal: terminalRefundStatuses },
  chargeback: {
    transitions: chargebackTransitions,
    initial: initialChargebackStatus,
    terminal: terminalChargebackStatuses,
  },
  mail: {
    transitions: notificationTransitions,
    initial: initialNotificationStatus,
    terminal: terminalNotificationStatuses,
  },
  'Enterprise request': {
    transitions: enterpriseRequestTransitions,
    initial: initialEnterpriseRequestStatus,
    terminal: terminalEnterpriseRequestStatuses,
  },
};

/** A machine as a Mermaid diagram. */
export function stateDiagram({ transitions, initial, terminal }: ShownMachine): string {
  const moves = Object.entries(transitions).flatMap(([from, targets]) => targets.map((to) => `  ${from} --> ${to}`));
  const ends = terminal.map((state) => `  ${state} --> [*]`);
  return ['```mermaid', 'stateDiagram-v2', `  [*] --> ${initial}`, ...moves, ...ends, '```'].join('\n');
}

/** Where the diagram of a machine stands in the reference. */
export const placeOf = (name: string): RegExp =>
  new RegExp(`(?<=<!-- ${name}: begin -->\\n\\n)[^]*?(?=\\n\\n<!-- ${name}: end -->)`);
