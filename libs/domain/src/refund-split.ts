/** A payment that money can go back to. `leftMinor`: what was charged less what went back or is owed back, in minor units. */
export type RefundablePayment = { readonly attemptId: string; readonly leftMinor: bigint };

/** The part of a refund that goes back to one payment, in minor units. */
export type RefundPortion = { readonly attemptId: string; readonly amountMinor: bigint };

/** How an amount goes back, or how much of it no payment covers. */
export type RefundSplit =
  | { readonly kind: 'split'; readonly portions: readonly RefundPortion[] }
  | { readonly kind: 'short'; readonly coveredMinor: bigint };

/**
 * Splits an amount over payments in the order in which they are given, each up to what is left of it. Nothing is rounded: the
 * portions add up to the amount, or there are none.
 */
export function splitRefund(amountMinor: bigint, payments: readonly RefundablePayment[]): RefundSplit {
  const portions: RefundPortion[] = [];
  let openMinor = amountMinor;
  for (const { attemptId, leftMinor } of payments) {
    if (openMinor <= 0n) break;
    if (leftMinor <= 0n) continue;
    const portionMinor = leftMinor < openMinor ? leftMinor : openMinor;
    portions.push({ attemptId, amountMinor: portionMinor });
    openMinor -= portionMinor;
  }
  return openMinor > 0n ? { kind: 'short', coveredMinor: amountMinor - openMinor } : { kind: 'split', portions };
}
