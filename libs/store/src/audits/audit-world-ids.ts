/** An id that a test can read: what it names, and of which case. */
export const idOf = (kind: string, n: number): string =>
  `0190a000-0000-7000-8000-${kind}00000000${String(n).padStart(3, '0')}`;
export const KIND = { workspace: 'a', order: 'b', attempt: 'c', subscription: 'd', other: 'e' } as const;

/** The cases of the world, each a workspace of its own with one order. */
export const cases = {
  plain: 1,
  upstream: 2,
  late: 3,
  open: 4,
  double: 5,
  reduced: 7,
  disputed: 8,
  closed: 9,
  /** On account, and its invoice waits. */
  account: 10,
  /** On account, and cancelled before it was paid. */
  unpaid: 11,
} as const;
/** Whether a case is on account: sold and invoiced before it is paid. */
export const isOnAccount = (n: number): boolean => n === cases.account || n === cases.unpaid;
export const workspaceId = (n: number): string => idOf(KIND.workspace, n);
export const orderId = (n: number): string => idOf(KIND.order, n);
export const attemptId = (n: number): string => idOf(KIND.attempt, n);
export const subscriptionId = (n: number): string => idOf(KIND.subscription, n);
/** The attempt that paid the order of case `double` after the first one, which then turned out to be paid as well. */
export const secondAttemptId = attemptId(6);
export const receiptId = (n: number): string => idOf(KIND.other, 100 + n);
export const reminderMailId = idOf(KIND.other, 1);
/** The reminder of the end of the plain case's term. */
export const termMailId = idOf(KIND.other, 2);

/** What every order of the world buys, its price in minor units, and when its quote and its checkout end. */
export const SEATS = 5;
export const UNIT_MINOR = 10_000n;
export const AMOUNT_MINOR = UNIT_MINOR * BigInt(SEATS);
export const CURRENCY = 'USD';
export const ENDS_AT = new Date('2100-01-01T00:00:00Z');

/** Case `reduced`: the seats that were taken back, what went back for them in minor units, and the rows that say so. */
export const TAKEN_BACK = { seats: 2, refundMinor: 15_000n } as const;
export const seatChangeId = idOf(KIND.other, 501);
export const seatRefundId = idOf(KIND.other, 502);
export const memberId = idOf(KIND.other, 503);

/** Case `disputed`: the payment that its bank took back. Case `closed`: the change that took all seats. */
export const chargebackId = idOf(KIND.other, 510);
export const closingId = idOf(KIND.other, 511);

/** The content of a quote whose price nobody looks at. */
export const NO_CONTENT = { content: '{}', hash: '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a' };
