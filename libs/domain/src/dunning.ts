/** What a declined charge of a stored method means. `do-not-retry`: the bank or its network forbids another try. */
export const declineClasses = ['soft', 'hard', 'authentication', 'do-not-retry'] as const;
/** One of the classes of declines. */
export type DeclineClass = (typeof declineClasses)[number];

/**
 * What is done about a decline. `retry`: the same method is charged again at its hours. `ask-to-confirm`: its owner is asked to pay
 * once himself, where his bank can ask him. `ask-for-another-method`: he is asked to pay another way.
 */
export const declineAnswers = ['retry', 'ask-to-confirm', 'ask-for-another-method'] as const;
/** One of the answers to a decline. */
export type DeclineAnswer = (typeof declineAnswers)[number];

/** How often and when a renewal is charged while it is declined. */
export type DunningPolicy = {
  /** Whole hours from the first charge to each charge, which is 0 for the first; so many charges are made in all. */
  readonly chargeHours: readonly number[];
  readonly onDecline: Readonly<Record<DeclineClass, DeclineAnswer>>;
};

const HOUR_MS = 3_600_000;

/** Kinds of failure, as the port of providers names them, that are not a soft decline. */
const CLASSES: Readonly<Record<string, DeclineClass>> = {
  'decline-hard': 'hard',
  invalid: 'hard',
  authentication: 'authentication',
  'do-not-retry': 'do-not-retry',
};

/** The class of a failure of a charge; what nobody has named, such as trouble at the provider, may pass and is soft. */
export function declineClassOf(failureKind: string | undefined): DeclineClass {
  return (
    (failureKind !== undefined && Object.hasOwn(CLASSES, failureKind) ? CLASSES[failureKind] : undefined) ?? 'soft'
  );
}

/** What a policy does about a failure of this kind. */
export function declineAnswer(policy: DunningPolicy, failureKind: string | undefined): DeclineAnswer {
  return policy.onDecline[declineClassOf(failureKind)];
}

/** Whether the same method may be charged again after a failure of this kind: others need their payer, or never work. */
export function isWorthRetrying(policy: DunningPolicy, failureKind: string | undefined): boolean {
  return declineAnswer(policy, failureKind) === 'retry';
}

/**
 * When a charge that is made now as the `tries`-th (from 1 on) is repeated at the earliest, if it is declined; undefined after the last one.
 * It keeps the distance between the two of the policy, so charges that come late after a stop never crowd.
 */
export function retryAfter(now: Date, tries: number, { chargeHours }: DunningPolicy): Date | undefined {
  const [made, next] = [chargeHours[tries - 1], chargeHours[tries]];
  return made === undefined || next === undefined ? undefined : new Date(now.getTime() + (next - made) * HOUR_MS);
}
