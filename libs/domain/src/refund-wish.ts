import { compare, daysBetween } from './calendar.js';
import type { CivilDate, CivilRange } from './calendar.js';
import type { Currency } from './money.js';
import { rational, roundHalfAwayFromZero } from './rational.js';
import type { Refusal } from './refusal.js';

/** How much of a payment shall go back: all that is left, an amount, or what its unused whole days cost. */
export type RefundWish =
  | { readonly what: 'all-left' }
  | { readonly what: 'amount'; readonly amountMinor: bigint; readonly currency: string }
  | { readonly what: 'unused-days' };

/** One payment of an order, in minor units: what came, what went back or is owed back, and what its bank took or has in hand. */
export type PaymentHeld = {
  readonly chargedMinor: bigint;
  readonly refundedMinor: bigint;
  readonly owedMinor: bigint;
  readonly takenBackMinor: bigint;
};

/** What can still go back of a payment, in minor units; never below zero. */
export function leftToRefund({ chargedMinor, refundedMinor, owedMinor, takenBackMinor }: PaymentHeld): bigint {
  const leftMinor = chargedMinor - refundedMinor - owedMinor - takenBackMinor;
  return leftMinor > 0n ? leftMinor : 0n;
}

/** The whole days that an order bought, of which some are not used yet. The day on which one asks counts as unused. */
export type UnusedDays = { readonly leftDays: number; readonly wholeDays: number };

/** Counts the days of what an order bought that are left, on the calendar of its workspace. */
export function unusedDays({ startsOn, endsOn }: CivilRange, today: CivilDate): UnusedDays {
  const wholeDays = daysBetween(startsOn, endsOn);
  if (compare(today, endsOn) >= 0) return { leftDays: 0, wholeDays };
  return { leftDays: compare(today, startsOn) <= 0 ? wholeDays : daysBetween(today, endsOn), wholeDays };
}

/** What explains the amount of a refund: the wish, and for days how many of how many, of which price in minor units. */
export type RefundDerivation =
  | { readonly what: 'all-left' | 'amount' }
  | (UnusedDays & {
      readonly what: 'unused-days';
      readonly priceMinor: bigint;
      /** Before it was held down to what is left of the payment. */
      readonly roundedMinor: bigint;
    });

/** What is asked when a refund of one payment is decided. `days`: what the order bought; left out where it bought no days. */
export type RefundQuestion = {
  readonly wish: RefundWish;
  readonly currency: Currency;
  readonly payment: PaymentHeld;
  readonly priceMinor: bigint;
  readonly days?: UnusedDays;
};

/** How much goes back and why so much, or why nothing does. */
export type RefundDecision =
  | { readonly kind: 'refund'; readonly amountMinor: bigint; readonly derivation: RefundDerivation }
  | ({ readonly kind: 'refused' } & Refusal<'refund_currency_differs' | 'refund_exceeds_rest' | 'nothing_to_refund'>);

/**
 * Decides how much of one payment goes back. Days are worth `price × days left ÷ days bought`, rounded once, half up and away from zero,
 * and never more than what is left of the payment; an amount above that is refused rather than held down.
 */
export function decideRefund(question: RefundQuestion): RefundDecision {
  const { wish, currency, payment, priceMinor } = question;
  const leftMinor = leftToRefund(payment);
  const most = `at most ${leftMinor.toString()} minor units, which are left of the payment`;
  if (wish.what === 'amount' && wish.currency !== currency) {
    return refuse('refund_currency_differs', 'currency', wish.currency, `${currency}, in which it was paid`);
  }
  if (leftMinor === 0n) {
    return refuse(
      'refund_exceeds_rest',
      'attemptId',
      'a payment of which nothing is left',
      'one that can still go back',
    );
  }
  if (wish.what === 'all-left') return { kind: 'refund', amountMinor: leftMinor, derivation: { what: 'all-left' } };
  if (wish.what === 'amount') {
    const { amountMinor } = wish;
    if (amountMinor > leftMinor) return refuse('refund_exceeds_rest', 'amountMinor', amountMinor.toString(), most);
    return { kind: 'refund', amountMinor, derivation: { what: 'amount' } };
  }
  const { days } = question;
  const roundedMinor = days === undefined ? 0n : priceOfDays(priceMinor, days);
  if (days === undefined || roundedMinor === 0n) {
    return refuse('nothing_to_refund', 'what', 'no paid days that are left', 'an amount, or all that is left');
  }
  const amountMinor = roundedMinor > leftMinor ? leftMinor : roundedMinor;
  return { kind: 'refund', amountMinor, derivation: { what: 'unused-days', ...days, priceMinor, roundedMinor } };
}

function priceOfDays(priceMinor: bigint, { leftDays, wholeDays }: UnusedDays): bigint {
  if (wholeDays <= 0) return 0n;
  return roundHalfAwayFromZero(rational(priceMinor * BigInt(leftDays), BigInt(wholeDays)));
}

function refuse(
  code: Extract<RefundDecision, { kind: 'refused' }>['code'],
  field: string,
  found: string,
  wanted: string,
): RefundDecision {
  return { kind: 'refused', code, field, found, wanted };
}
