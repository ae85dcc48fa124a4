import type { OrderQuery } from '@billfleet/contracts';
import { actionsOf, addDays, shownStatus, startOfDay } from '@billfleet/domain';
import type { OrderAction, ShownStatus } from '@billfleet/domain';
import { orderHistory, tenants } from '@billfleet/store';
import type { OrderFilter, OrderListed, OrderListPage, Queryable } from '@billfleet/store';
import type { WorkspaceClock } from './workspace-clock.js';

/** An order as people are shown it, with what can be done about it now. */
export type OrderShown = OrderListed & { readonly shown: ShownStatus; readonly actions: readonly OrderAction[] };

/** Some orders of a workspace, newest first. `hasMore`: there are older ones that fit. */
export type OrdersShown = {
  readonly locale: OrderListPage['locale'];
  readonly timeZone: string;
  readonly orders: readonly OrderShown[];
  readonly hasMore: boolean;
};

/** What a reader narrows the history by. */
export type HistoryWish = Pick<OrderQuery, 'status' | 'kind' | 'paidBy' | 'placedFrom' | 'placedTo' | 'text'>;

/** A number as people write it; the store knows none that is longer. */
const NUMBER = /^#?(\d{1,18})$/;

/** Reads the orders of a workspace as people are shown them. */
export class ReadOrderHistory {
  constructor(
    private readonly store: Queryable,
    private readonly clock: WorkspaceClock,
  ) {}

  /** At most `limit` orders that were placed before another one; undefined for an unknown workspace. */
  async page(
    workspaceId: string,
    wish: HistoryWish,
    { beforeId, limit }: { readonly beforeId?: string | undefined; readonly limit: number },
  ): Promise<OrdersShown | undefined> {
    const days = await this.instantsOf(workspaceId, wish);
    if (days === undefined) return undefined;
    const filter = { ...narrowing(wish), ...days, beforeId };
    // One more than is shown: it says whether there is a next page.
    const page = await orderHistory.listOrders(this.store, workspaceId, { ...filter, limit: limit + 1 });
    if (page === undefined) return undefined;
    const { locale, timeZone, orders } = page;
    const now = this.clock.nowOf(page);
    return {
      ...{ locale, timeZone, hasMore: orders.length > limit },
      orders: orders.slice(0, limit).map((order) => shownAt(order, now)),
    };
  }

  /** Days are reckoned as everywhere in the fleet, not by PostgreSQL: so their zone is looked up first, where there are any. */
  private async instantsOf(
    workspaceId: string,
    { placedFrom, placedTo }: HistoryWish,
  ): Promise<Pick<OrderFilter, 'from' | 'before'> | undefined> {
    if (placedFrom === undefined && placedTo === undefined) return {};
    const workspace = (await tenants.findWorkspaces(this.store, [workspaceId])).get(workspaceId);
    if (workspace === undefined) return undefined;
    const { timeZone } = workspace;
    return {
      ...(placedFrom === undefined ? {} : { from: startOfDay(placedFrom, timeZone) }),
      ...(placedTo === undefined ? {} : { before: startOfDay(addDays(placedTo, 1), timeZone) }),
    };
  }
}

function narrowing({ status, kind, paidBy, text }: HistoryWish): OrderFilter {
  const number = NUMBER.exec(text ?? '')?.[1];
  const byText = number === undefined ? { text: text === '' ? undefined : text } : { number };
  return { words: status, kinds: kind, paidBy, ...byText };
}

function shownAt(order: OrderListed, now: Date): OrderShown {
  const { status, collection, isSwitching, amountMinor, refundedMinor, expiresAt } = order;
  const tried = order.attempt === null ? {} : { attempt: order.attempt };
  const seen = { status, collection, isSwitching, ...tried };
  return {
    ...order,
    shown: shownStatus({ ...seen, amountMinor: BigInt(amountMinor), refundedMinor: BigInt(refundedMinor) }),
    actions: actionsOf({ ...seen, expiresAt: new Date(expiresAt), now }),
  };
}
