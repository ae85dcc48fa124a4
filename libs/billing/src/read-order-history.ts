import type { OrderQuery } from '@billfleet/contracts';
import {
  actionsOf,
  addDays,
  installmentOptions,
  openAttemptStatuses,
  orderStory,
  payPageState,
  shownStatus,
  startOfDay,
  wishAgain,
} from '@billfleet/domain';
import type {
  Catalogue,
  InstallmentOption,
  OrderAction,
  PayPageState,
  ShownStatus,
  StoryEntry,
  WishAgain,
} from '@billfleet/domain';
import { orderHistory, orders, orderStories, tenants } from '@billfleet/store';
import type {
  OrderFilter,
  OrderListed,
  OrderListPage,
  OrderView,
  OrderWithStory,
  Queryable,
  RefundListed,
} from '@billfleet/store';
import { monthsOf } from './create-quotes.js';
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

/** One order with all that is known of it. */
export type OrderInFull = {
  readonly locale: OrderListPage['locale'];
  readonly view: OrderView;
  readonly order: OrderShown;
  /** What happened to it, oldest first. */
  readonly story: readonly StoryEntry[];
  readonly refunds: readonly RefundListed[];
  readonly paying: OrderPaying;
  /** What would be priced to order the same again; null where nobody would. */
  readonly again: WishAgain | null;
};

/** What somebody who wants to pay an order finds. */
export type OrderPaying = {
  readonly state: PayPageState;
  /** How it can be paid by card, as at its checkout; none once it cannot be paid. */
  readonly installments: readonly InstallmentOption[];
};

/** What a reader narrows the history by. */
export type HistoryWish = Pick<OrderQuery, 'status' | 'kind' | 'paidBy' | 'placedFrom' | 'placedTo' | 'text'>;

/** Everything of a workspace that fits, page by page. */
export type AllOrders = Pick<OrdersShown, 'locale' | 'timeZone'> & {
  readonly pages: AsyncIterable<readonly OrderShown[]>;
};

/** Orders that an export reads at a time. */
const EXPORT_PAGE = 500;

/** A number as people write it; the store knows none that is longer. */
const NUMBER = /^#?(\d{1,18})$/;

/** Reads the orders of a workspace as people are shown them. */
export class ReadOrderHistory {
  constructor(
    private readonly store: Queryable,
    private readonly clock: WorkspaceClock,
    private readonly catalogue: Catalogue,
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

  /**
   * All orders that fit, newest first, as pages that are read while they are asked for; undefined for an unknown workspace. What is placed
   * meanwhile is left out, and each page shows its orders as they are when it is read.
   */
  async all(workspaceId: string, wish: HistoryWish): Promise<AllOrders | undefined> {
    const first = await this.page(workspaceId, wish, { limit: EXPORT_PAGE });
    if (first === undefined) return undefined;
    const { locale, timeZone } = first;
    return { locale, timeZone, pages: this.pagesFrom(workspaceId, wish, first) };
  }

  private async *pagesFrom(workspaceId: string, wish: HistoryWish, first: OrdersShown) {
    for (let page: OrdersShown | undefined = first; page !== undefined;) {
      yield page.orders;
      const beforeId: string | undefined = page.hasMore ? page.orders.at(-1)?.id : undefined;
      page = beforeId === undefined ? undefined : await this.page(workspaceId, wish, { beforeId, limit: EXPORT_PAGE });
    }
  }

  /** One order; undefined for an unknown one. Whoever asks for it checks whose it is. */
  async order(orderId: string): Promise<OrderInFull | undefined> {
    const [view, found] = await Promise.all([
      orders.viewOrder(this.store, orderId),
      orderStories.readStory(this.store, orderId),
    ]);
    if (view === undefined || found === undefined) return undefined;
    const { locale, order, refunds, moves, attempts, disputes, placedBy } = found;
    const statusReason = order.status === 'cancelled' ? found.statusReason : null;
    const story = orderStory({
      orderId,
      placedBy,
      statusReason,
      moves,
      attempts,
      refunds,
      disputes,
      documents: order.documents,
    });
    const now = this.clock.nowOf(found);
    const wasApplied = moves.some(({ entityId, to }) => entityId === orderId && to === 'fulfilled');
    return {
      ...{ locale, view, order: shownAt(order, now), story, refunds },
      paying: this.payingOf(view, found, now),
      again: wishAgain({ ...view, wasApplied }) ?? null,
    };
  }

  private payingOf(view: OrderView, { order, country }: OrderWithStory, now: Date): OrderPaying {
    const { status, collection, expiresAt, amountMinor, currency } = view;
    const [newest, tried] = [view.attempts.at(-1), order.attempt];
    // Of the tries of an order only the newest one can be open.
    const open =
      newest !== undefined && tried !== null && openAttemptStatuses.includes(tried.status)
        ? {
            ...tried,
            hasCheckout: newest.checkoutUrl !== null || newest.pixCode !== null,
            endsAt: new Date(newest.expiresAt),
          }
        : undefined;
    const { isSwitching } = order;
    const state = payPageState({
      ...{ status, collection, expiresAt, now, isSwitching },
      ...(open === undefined ? {} : { open }),
    });
    if (status !== 'awaiting_payment' || state === 'elsewhere' || state === 'ended') return { state, installments: [] };
    const amount = { amountMinor: BigInt(amountMinor), currency };
    const periodMonths = monthsOf({ ...view, addOn: view.addOn ?? undefined });
    const rules = this.catalogue.installments;
    return { state, installments: installmentOptions({ country, method: 'card', ...amount, periodMonths, rules }) };
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
