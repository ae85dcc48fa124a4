import { orderQueue } from '@billfleet/contracts';
import type { PlaceOrder } from '@billfleet/contracts';
import { withContracts } from '@billfleet/domain';
import type { Catalogue } from '@billfleet/domain';
import type { Crash } from '@billfleet/platform';
import { attempts, contracts, orders, quotes, tenants, work } from '@billfleet/store';
import type { NewAttempt, NewOrder, Store, Tx } from '@billfleet/store';
import { endAccountSales, sellOnAccount } from './account-sales.js';
import { emitEvents } from './emit-events.js';
import { newId } from './ids.js';
import { decidePlacement } from './placement.js';
import { answerOnce } from './requests-once.js';
import type { Command, CommandOutcome, FreshOutcome } from './requests-once.js';
import type { WorkspaceClock } from './workspace-clock.js';

/** An order that is accepted, with its first try to pay, which one on account has none of, and the unpaid order that it replaces. */
export type AcceptedOrder = {
  readonly order: NewOrder;
  readonly attempt: NewAttempt | null;
  readonly replacedId: string | null;
};

/** What order placing works with. */
export type PlaceOrdersParts = {
  readonly store: Store;
  readonly catalogue: Catalogue;
  readonly clock: WorkspaceClock;
  readonly providerId: string;
  readonly crash: Crash;
};

/** Accepts orders: quote checked, order and first attempt committed together with the work that they owe. */
export class PlaceOrders {
  constructor(private readonly parts: PlaceOrdersParts) {}

  /**
   * Outcomes are in the order of the commands; `ref` is the order's id. Repeats of a key answer with the same order.
   * Orders of one workspace are decided one after the other, since a newer unpaid order replaces the older one.
   */
  async run(commands: readonly Command<PlaceOrder>[]): Promise<readonly CommandOutcome[]> {
    const outcomes = new Map<Command<PlaceOrder>, CommandOutcome>();
    let waiting = [...commands];
    while (waiting.length > 0) {
      const round = firstPerWorkspace(waiting);
      const results = await this.parts.store.transaction((tx) =>
        answerOnce(tx, 'order.place', round, (fresh) => this.place(tx, fresh)),
      );
      // The orders are committed and owed, and nobody has been told: whoever asks again must get the same answer.
      this.parts.crash('gateway.after_commit');
      round.forEach((command, index) => {
        const result = results[index];
        if (result !== undefined) outcomes.set(command, result);
      });
      waiting = waiting.filter((command) => !outcomes.has(command));
    }
    return commands.flatMap((command) => outcomes.get(command) ?? []);
  }

  private async place(tx: Tx, commands: readonly Command<PlaceOrder>[]): Promise<readonly FreshOutcome[]> {
    const workspaceIds = commands.map((command) => command.input.workspaceId);
    const quoteIds = commands.flatMap((command) => command.input.quoteId ?? []);
    const { clock } = this.parts;
    const [workspaces, standings, quotesById, lists] = await Promise.all([
      tenants.holdWorkspaces(tx, workspaceIds),
      orders.standings(tx, workspaceIds, (workspace) => clock.nowOf(workspace)),
      quotes.lockQuotes(tx, quoteIds),
      contracts.listsOf(tx, workspaceIds),
    ]);
    const catalogue = withContracts(this.parts.catalogue, lists);
    const accepted: AcceptedOrder[] = [];
    const outcomes = commands.map((command): FreshOutcome => {
      const { workspaceId, quoteId } = command.input;
      const workspace = workspaces.get(workspaceId);
      const placement = decidePlacement({
        command,
        catalogue,
        workspace,
        standing: standings.get(workspaceId),
        quote: quoteId === undefined ? undefined : quotesById.get(quoteId),
        now: clock.nowOf(workspace ?? { clockAt: null }),
      });
      if (placement.kind === 'refused') return placement;
      const order: NewOrder = { ...placement.order, id: newId() };
      accepted.push({
        order,
        attempt: firstAttempt(order, { ...placement, providerId: this.parts.providerId }),
        replacedId: standings.get(workspaceId)?.unpaidByKind.get(order.kind) ?? null,
      });
      return { kind: 'accepted', ref: order.id };
    });
    await saveOrders(tx, accepted);
    this.parts.crash('gateway.before_commit');
    return outcomes;
  }
}

/** Stores accepted orders with their first tries to pay, in the transaction of whoever accepts them; the work that they owe is owed. */
export async function saveOrders(tx: Tx, accepted: readonly AcceptedOrder[]): Promise<void> {
  if (accepted.length === 0) return;
  await cancelOrders(
    tx,
    accepted.flatMap((one) => one.replacedId ?? []),
    'replaced by a newer order',
  );
  const rows = accepted.map((one) => one.order);
  const firsts = accepted.flatMap(({ attempt }) => attempt ?? []);
  emitEvents(
    tx,
    rows.map(({ id, workspaceId, expiresAt }) => ({
      ...{ type: 'order.placed', cause: id, orderId: id, workspaceId },
      data: { expiresAt: expiresAt.toISOString() },
    })),
  );
  const uses = rows.flatMap(({ id, quoteId }) => (quoteId === null ? [] : [{ quoteId, orderId: id }]));
  await Promise.all([orders.insertOrders(tx, rows), attempts.insertAttempts(tx, firsts), quotes.useQuotes(tx, uses)]);
  await sellOnAccount(tx, rows);
  const atProvider = firsts.filter((attempt) => attempt.provider !== 'upstream');
  const idsOf = (isToken: boolean): string[] =>
    atProvider.filter((attempt) => (attempt.token !== null) === isToken).map((attempt) => attempt.id);
  await work.owe(tx, orderQueue, 'checkout.open', idsOf(false));
  await work.owe(tx, orderQueue, 'token.charge', idsOf(true));
}

/** How an order is to be paid first; `wayEndsAt`: until when that way takes money. */
export type FirstWay = { readonly token: string | null; readonly providerId: string; readonly wayEndsAt: Date };

/**
 * The first try to pay an order: a charge where there is a token, else a page at the provider, or a confirmation from upstream. An order on
 * account has none until somebody pays its invoice.
 */
export function firstAttempt(order: NewOrder, { token, providerId, wayEndsAt }: FirstWay): NewAttempt | null {
  if (order.collection === 'account') return null;
  const isUpstream = order.collection === 'upstream';
  return {
    id: newId(),
    orderId: order.id,
    workspaceId: order.workspaceId,
    provider: isUpstream ? 'upstream' : providerId,
    method: order.method,
    token,
    currency: order.currency,
    amountMinor: order.amountMinor,
    installments: order.installments,
    expiresAt: wayEndsAt,
    status: isUpstream ? 'pending' : 'submitting',
  };
}

/**
 * Cancels unpaid orders, closes their ways to pay and takes back what those on account owed. An attempt at a provider stays open until the provider says that it is closed:
 * a payer who is faster gets his money back.
 */
export async function cancelOrders(tx: Tx, ids: readonly string[], reason: string): Promise<void> {
  const cancelled = await orders.moveOrders(tx, ids, 'awaiting_payment', 'cancelled', reason);
  emitEvents(
    tx,
    cancelled.map((id) => ({ type: 'order.cancelled', cause: id, orderId: id, data: { reason } })),
  );
  await closeWaysToPay(tx, cancelled, 'cancelled');
  await endAccountSales(tx, cancelled);
}

/** Closes what could still take money for these orders: our own records at once, the provider's by owed work. */
export async function closeWaysToPay(
  tx: Tx,
  orderIds: readonly string[],
  status: 'cancelled' | 'expired',
): Promise<void> {
  await attempts.closeUpstreamAttempts(tx, orderIds, status);
  await work.owe(tx, orderQueue, 'checkout.cancel', await attempts.openAttemptsOf(tx, orderIds));
}

const firstPerWorkspace = (commands: readonly Command<PlaceOrder>[]): Command<PlaceOrder>[] => {
  const seen = new Set<string>();
  return commands.filter(({ input }) => {
    if (seen.has(input.workspaceId)) return false;
    seen.add(input.workspaceId);
    return true;
  });
};
