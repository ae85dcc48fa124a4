import type { OrderKind } from './grant.js';
import type { OrderStatus } from './order.js';

/** What a wish has to say to be priced, without its workspace. Seats of a purchase are all of them; of a change those that come on top. */
export type WishAgain =
  | { readonly kind: 'purchase'; readonly plan: string; readonly seats: number; readonly periodMonths: number }
  | { readonly kind: 'upgrade'; readonly plan: string }
  | { readonly kind: 'add-seats'; readonly seats: number }
  | { readonly kind: 'upgrade-and-add-seats'; readonly plan: string; readonly seats: number }
  | { readonly kind: 'extension'; readonly periodMonths: number }
  | { readonly kind: 'renewal' }
  | { readonly kind: 'add-on'; readonly addOn: string; readonly packages: number; readonly termMonths: number };

/** An order with what its wish can be told from. `basis`: what a change was priced against. */
export type OrderToRepeat = {
  readonly kind: OrderKind;
  readonly status: OrderStatus;
  readonly plan: string;
  readonly seats: number;
  readonly periodMonths: number;
  readonly basis: { readonly seats: number } | null;
  readonly addOn: { readonly id: string; readonly packages: number; readonly termMonths: number } | null;
  /** Whether what was bought was ever given. */
  readonly wasApplied: boolean;
};

/**
 * What would be asked for to order the same once more, at the price of that day; undefined where nobody would: the order can still be paid, was
 * taken back on purpose, or gave what it was for.
 */
export function wishAgain(order: OrderToRepeat): WishAgain | undefined {
  const { status, wasApplied } = order;
  const gaveNothing = status === 'expired' || status === 'refund_due' || status === 'refunded';
  return gaveNothing && !wasApplied ? wishOf(order) : undefined;
}

function wishOf({ kind, plan, seats, periodMonths, basis, addOn }: OrderToRepeat): WishAgain | undefined {
  const added = seats - (basis?.seats ?? 0);
  switch (kind) {
    case 'purchase':
      return { kind, plan, seats, periodMonths };
    case 'upgrade':
      return { kind, plan };
    case 'add-seats':
      return { kind, seats: added };
    case 'upgrade-and-add-seats':
      return { kind, plan, seats: added };
    case 'extension':
      return { kind, periodMonths };
    case 'renewal':
      return { kind };
    case 'add-on':
      return addOn === null
        ? undefined
        : { kind, addOn: addOn.id, packages: addOn.packages, termMonths: addOn.termMonths };
  }
}
