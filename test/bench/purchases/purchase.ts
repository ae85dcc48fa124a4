/** What every purchase of the bench buys: the same few seats, priced by the demo catalogue's list for the United States. */
export const PURCHASE = { plan: 'base', seats: 5, periodMonths: 6, amountMinor: '75000', currency: 'USD' } as const;

/** One purchase of a workspace of its own. */
export type Purchase = { readonly workspaceId: string; readonly orderKey: string; readonly reference: string };

/** The nth purchase: its workspace, the key it is ordered under and the reference of its payment all follow from the number. */
export const purchaseOf = (nth: number): Purchase => ({
  workspaceId: workspaceIdOf(nth),
  orderKey: `order-${String(nth)}`,
  reference: `payment-${String(nth)}`,
});

/** Ids as uuid v7 has them: they sort by number, as ids made one after the other do. */
export const workspaceIdOf = (nth: number): string => `0190b000-0000-7000-8000-${nth.toString(16).padStart(12, '0')}`;

/** The number of the purchase that a workspace is for. */
export const nthOf = (workspaceId: string): number => Number.parseInt(workspaceId.slice(-12), 16);
