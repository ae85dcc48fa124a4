import { orderQueue } from '@billfleet/contracts';
import type { PayAnotherWay } from '@billfleet/contracts';
import type { Catalogue } from '@billfleet/domain';
import { attempts, orderPayments, tenants, work } from '@billfleet/store';
import type { NewAttempt, NextPayment, OrderToPayAgain, Store, StoredWorkspace, Tx } from '@billfleet/store';
import { newId } from './ids.js';
import { cancelOrders } from './place-orders.js';

import { answerOnce, refused } from './requests-once.js';
import type { Command, CommandOutcome, FreshOutcome } from './requests-once.js';
import { checkWayToPay, wayOpenUntil } from './ways-to-pay.js';
import type { WorkspaceClock } from './workspace-clock.js';

/** A wish about an order that is not paid yet. The workspace is the order's. */
export type PayAgainInput = { readonly workspaceId: string; readonly orderId: string; readonly payment: PayAnotherWay };

/** What paying another way works with. */
export type PayAnotherWayParts = {
  readonly store: Store;
  readonly catalogue: Catalogue;
  readonly clock: WorkspaceClock;
  readonly providerId: string;
};

type Decision =
  | { readonly kind: 'refused'; readonly outcome: FreshOutcome }
  /** The payer can go on where he is. */
  | { readonly kind: 'as-it-is' }
  | { readonly kind: 'switch'; readonly next: NextPayment; readonly openAttemptId: string | null };

/** Lets the same order be paid another way: the way that is open is closed at the provider first, then the new one opens. */
export class PayOrdersAnotherWay {
  constructor(private readonly parts: PayAnotherWayParts) {}

  /** Outcomes are in the order of the commands; `ref` is the order's id. Money that comes by the old way still pays the order. */
  run(commands: readonly Command<PayAgainInput>[]): Promise<readonly CommandOutcome[]> {
    return this.parts.store.transaction((tx) =>
      answerOnce(tx, 'order.pay', commands, (fresh) => this.decideAll(tx, fresh)),
    );
  }

  private async decideAll(tx: Tx, commands: readonly Command<PayAgainInput>[]): Promise<readonly FreshOutcome[]> {
    const workspaceIds = commands.map(({ input }) => input.workspaceId);
    const locked = await orderPayments.lockOrdersToPayAgain(
      tx,
      commands.map(({ input }) => input.orderId),
    );
    const [workspaces, stored] = await Promise.all([
      tenants.findWorkspaces(tx, workspaceIds),
      orderPayments.storedMethodsOf(tx, workspaceIds),
    ]);
    const decided = commands.map(({ input }) => {
      const order = locked.get(input.orderId);
      const workspace = workspaces.get(input.workspaceId);
      return { orderId: input.orderId, decision: this.decide(input, order, workspace, stored.get(input.workspaceId)) };
    });
    const switching = decided.flatMap(({ orderId, decision }) =>
      decision.kind === 'switch' ? [{ orderId, next: decision.next, openAttemptId: decision.openAttemptId }] : [],
    );
    await orderPayments.chooseNextPayments(tx, switching);
    await work.owe(
      tx,
      orderQueue,
      'checkout.cancel',
      switching.flatMap(({ openAttemptId }) => openAttemptId ?? []),
    );
    await openNextWays(
      tx,
      switching.flatMap(({ orderId, openAttemptId }) =>
        openAttemptId === null ? [{ orderId, provider: this.parts.providerId }] : [],
      ),
    );
    return decided.map(({ orderId, decision }): FreshOutcome =>
      decision.kind === 'refused' ? decision.outcome : { kind: 'accepted', ref: orderId },
    );
  }

  private decide(
    { orderId, payment, workspaceId }: PayAgainInput,
    order: OrderToPayAgain | undefined,
    workspace: StoredWorkspace | undefined,
    storedMethod: { readonly method: NextPayment['method']; readonly token: string } | undefined,
  ): Decision {
    const refuse = (status: number, refusal: Parameters<typeof refused>[1]): Decision => ({
      kind: 'refused',
      outcome: refused(status, refusal),
    });
    if (order?.workspaceId !== workspaceId || workspace === undefined) {
      return refuse(404, { code: 'not_found', field: 'id', found: orderId, wanted: 'an order of this workspace' });
    }
    const now = this.parts.clock.nowOf(workspace);
    const isOpen = order.status === 'awaiting_payment' && order.expiresAt > now;
    if (!isOpen || order.collection === 'upstream') {
      const found =
        order.collection === 'upstream' ? 'an order whose money an upstream service collects' : order.status;
      return refuse(409, { code: 'order_not_payable', field: 'id', found, wanted: 'an order that awaits its payment' });
    }
    // A charge may be on its way to a provider who has not heard of it yet, so nobody could tell whether closing it came first.
    if (order.open?.isCharge === true) {
      const wanted = 'the same once it is known what became of that charge';
      return refuse(409, { code: 'charge_under_way', field: 'id', found: 'a charge without an outcome', wanted });
    }
    const amount = { amountMinor: BigInt(order.amountMinor), months: order.months };
    const rules = this.parts.catalogue.installments;
    const wrong = checkWayToPay(payment, workspace.country, { ...amount, rules }, storedMethod);
    if (wrong !== undefined) return refuse(422, wrong);
    const token = payment.stored === true ? (storedMethod?.token ?? null) : (payment.token ?? null);
    const { method, installments } = payment;
    const isSame = order.open?.method === method && order.installments === installments;
    if (token === null && order.nextPayment === null && isSame && goesOn(order.open, now)) return { kind: 'as-it-is' };
    const endsAt = wayOpenUntil(method, this.parts.catalogue, { now, orderEndsAt: order.expiresAt });
    const expiresAt = endsAt.toISOString();
    return {
      kind: 'switch',
      next: { method, installments, token, expiresAt },
      openAttemptId: order.open?.id ?? null,
    };
  }
}

/** Whether a payer can go on where he was: a page or a code is there, and its time is not over. */
const goesOn = (open: OrderToPayAgain['open'], now: Date): boolean =>
  open?.hasCheckout === true && new Date(open.endsAt) > now;

/**
 * Opens the ways to pay that were chosen for these orders, where nothing is open any more; the others wait for their closing.
 * Called by whoever closes attempts, in the same transaction.
 */
export async function openNextWays(
  tx: Tx,
  closed: readonly { readonly orderId: string; readonly provider: string }[],
): Promise<void> {
  const providers = new Map(closed.map(({ orderId, provider }) => [orderId, provider]));
  const due = await orderPayments.takeNextPayments(tx, [...providers.keys()]);
  if (due.length === 0) return;
  const rows = due.map(({ id: orderId, workspaceId, currency, amountMinor, next }): NewAttempt => ({
    id: newId(),
    ...{ orderId, workspaceId, currency, amountMinor },
    expiresAt: new Date(next.expiresAt),
    ...{
      provider: providers.get(orderId) ?? '',
      method: next.method,
      token: next.token,
      installments: next.installments,
    },
    status: 'submitting',
  }));
  await attempts.insertAttempts(tx, rows);
  const idsOf = (hasToken: boolean): string[] =>
    rows.filter((row) => (row.token !== null) === hasToken).map((row) => row.id);
  await work.owe(tx, orderQueue, 'checkout.open', idsOf(false));
  await work.owe(tx, orderQueue, 'token.charge', idsOf(true));
}

/** Takes unpaid orders back at their customer's wish. */
export class CancelUnpaidOrders {
  constructor(private readonly store: Store) {}

  /** `ref` is the order's id; one that is cancelled already stays so. Money that comes all the same goes back. */
  run(
    commands: readonly Command<{ readonly workspaceId: string; readonly orderId: string }>[],
  ): Promise<readonly CommandOutcome[]> {
    return this.store.transaction((tx) =>
      answerOnce(tx, 'order.cancel', commands, async (fresh) => {
        const ids = fresh.map(({ input }) => input.orderId);
        const locked = await orderPayments.lockOrdersToPayAgain(tx, ids);
        const outcomes = fresh.map(({ input: { orderId, workspaceId } }): FreshOutcome => {
          const order = locked.get(orderId);
          if (order?.workspaceId !== workspaceId) {
            return refused(404, {
              code: 'not_found',
              field: 'id',
              found: orderId,
              wanted: 'an order of this workspace',
            });
          }
          if (order.status === 'awaiting_payment' || order.status === 'cancelled')
            return { kind: 'accepted', ref: orderId };
          const wanted = 'an order that awaits its payment; one that is paid is refunded';
          return refused(409, { code: 'order_not_cancellable', field: 'id', found: order.status, wanted });
        });
        const accepted = outcomes.flatMap((one) => (one.kind === 'accepted' ? one.ref : []));
        await cancelOrders(tx, [...new Set(accepted)], 'cancelled by the customer');
        return outcomes;
      }),
    );
  }
}
