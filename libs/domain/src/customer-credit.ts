/** A credit that could be paid back out of the payment of an order. Amounts are minor units of one currency. */
export type CreditForOrder = {
  readonly id: string;
  readonly orderId: string;
  readonly leftMinor: bigint;
  /** What was paid for the order. */
  readonly priceMinor: bigint;
};

/**
 * How much of which credit goes back with which order: credits in their order, each until nothing of it is left, and of no order more than was paid for it.
 * A credit may stand beside several orders, and an order beside several credits. What comes to nothing is left out.
 */
export function shareCredits<Credit extends CreditForOrder>(
  credits: readonly Credit[],
): readonly (Credit & { readonly amountMinor: bigint })[] {
  const [left, room] = [new Map<string, bigint>(), new Map<string, bigint>()];
  return credits.flatMap((credit) => {
    const { id, orderId, leftMinor, priceMinor } = credit;
    const [creditMinor, roomMinor] = [left.get(id) ?? leftMinor, room.get(orderId) ?? priceMinor];
    const amountMinor = creditMinor < roomMinor ? creditMinor : roomMinor;
    if (amountMinor <= 0n) return [];
    left.set(id, creditMinor - amountMinor);
    room.set(orderId, roomMinor - amountMinor);
    return [{ ...credit, amountMinor }];
  });
}
