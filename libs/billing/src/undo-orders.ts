import { paymentConfirmationQueue } from '@billfleet/contracts';
import { invariant, refuseUndo } from '@billfleet/domain';
import { books, grants, management, orderPayments, refunds, renewals, undo, usage, work } from '@billfleet/store';
import type { OrderToUndo, Tx } from '@billfleet/store';
import { AccessNow } from './access.js';
import { changeEvents, emitEvents } from './emit-events.js';
import { newId } from './ids.js';
import { cancelOrders } from './place-orders.js';
import { answerOnce, refused } from './requests-once.js';
import type { Command, CommandOutcome, FreshOutcome } from './requests-once.js';
import { shapeTurn } from './shape-grant.js';
import { catalogueOf } from './return-seats.js';
import { cancelStaleOrders } from './subscription-changes.js';
import type { ApplyOrdersParts } from './subscription-changes.js';
import { standingOf } from './usage-standing.js';
import { undoUsage } from './undo-usage.js';
import type { WorkspaceClock } from './workspace-clock.js';

/** A paid change that is to be undone, why, and in whose name. The workspace is the order's. */
export type UndoInput = {
  readonly workspaceId: string;
  readonly orderId: string;
  readonly reason: string;
  readonly actor: string;
};

type Refused = Extract<FreshOutcome, { kind: 'refused' }>;

/** Thrown to leave nothing of an undo behind that turns out not to be possible half-way. */
class UndoneHalfway extends Error {
  constructor(readonly refusal: Refused) {
    super(refusal.problem.code);
  }
}

/** Undoes paid changes on their own day: the price goes back in full, and what they gave is taken back exactly. */
export class UndoOrders {
  constructor(private readonly parts: ApplyOrdersParts) {}

  /** `ref` is the order's id. Order and subscription are locked, so nothing is built on it meanwhile. */
  async run(command: Command<UndoInput>): Promise<CommandOutcome> {
    try {
      const [outcome] = await this.parts.store.transaction((tx) =>
        answerOnce(tx, 'order.undo', [command], async ([fresh = command]) => [await this.undo(tx, fresh.input)]),
      );
      invariant(outcome !== undefined, 'one command has one outcome');
      return outcome;
    } catch (error) {
      if (error instanceof UndoneHalfway) return error.refusal;
      throw error;
    }
  }

  private async undo(tx: Tx, input: UndoInput): Promise<FreshOutcome> {
    const { orderId, workspaceId, reason, actor } = input;
    await refunds.lockOrderToRefund(tx, orderId);
    const order = await undo.findOrderToUndo(tx, orderId);
    if (order?.workspaceId !== workspaceId) {
      return refused(404, { code: 'not_found', field: 'id', found: orderId, wanted: 'an order of this workspace' });
    }
    const fault = whyNotUndone(order, this.parts.clock);
    if (fault !== undefined) return refused(409, fault);
    const at = this.parts.clock.nowOf(order);
    await undo.takeGrantsBack(tx, { orderId, by: actor, reason, at });
    await (order.before === null ? this.withdraw(tx, order) : this.restore(tx, order, actor));
    const spent = await undoUsage(tx, this.parts, { workspaceId, creditsBefore: order.creditsBefore ?? undefined });
    if (spent !== undefined) throw new UndoneHalfway(refused(409, spent));
    await giveBack(tx, input);
    const subject = `order ${orderId}`;
    await management.noteStaffAction(tx, { actor, action: 'order.undo', subject, reason });
    return { kind: 'accepted', ref: orderId };
  }

  /** The subscription as it was before: what a term that began, or packages that ended since, make of it comes on top. */
  private async restore(tx: Tx, order: OrderToUndo, actor: string): Promise<void> {
    const { before, now: held, workspaceId, id: orderId, timeZone, clockAt } = order;
    invariant(before !== null && held !== null, `order ${orderId} is undone without a subscription`);
    await undo.restoreSubscription(tx, before);
    const [restored] = await grants.lockSubscriptionsToTurn(tx, [before.id]);
    invariant(restored !== undefined, `the subscription of order ${orderId} was closed`);
    const catalogue = await catalogueOf(tx, this.parts.catalogue, workspaceId);
    const turn = shapeTurn(catalogue, restored, this.parts.clock.nowOf(order));
    const versions = await grants.turnSubscriptions(tx, [turn]);
    const access = new AccessNow(catalogue, this.parts.clock).of({ ...turn, timeZone, clockAt });
    const after = { ...turn, access, limits: JSON.parse(turn.limits) as Record<string, unknown> };
    const version = versions.get(workspaceId) ?? held.version + 1;
    emitEvents(
      tx,
      changeEvents({ workspaceId, cause: `undo:${orderId}`, orderId, by: actor, before: held, after, version }),
    );
    await cancelStaleOrders(tx, [turn]);
  }

  /** There was no subscription before, so there is none again; the host product hears of one without seats. */
  private async withdraw(tx: Tx, order: OrderToUndo): Promise<void> {
    const { now: held, workspaceId, id: orderId } = order;
    invariant(held !== null, `order ${orderId} is undone without a subscription`);
    const unpaid = (await orderPayments.lockUnpaidChanges(tx, [workspaceId])).map(({ id }) => id);
    await renewals.detachOrders(tx, unpaid);
    await cancelOrders(tx, unpaid, 'the subscription changed');
    const version = await undo.withdrawSubscription(tx, held.id);
    const { plan, seats, startsOn, endsOn, limits: before } = held;
    const limits = await this.limitsWithout(tx, order);
    const about = { workspaceId, cause: `undo:${orderId}` };
    const state = { status: 'expired', plan, seats: 0, startsOn, endsOn, autoRenewal: false } as const;
    emitEvents(tx, [
      {
        ...{ ...about, type: 'subscription.changed' },
        data: { ...state, access: limits.access, limits: limits.limits, version, orderId },
      },
      { ...about, type: 'seats.changed', data: { from: seats, to: 0 } },
      ...(JSON.stringify(before) === JSON.stringify(limits.limits)
        ? []
        : [{ ...about, type: 'entitlements.changed' as const, data: { limits: limits.limits, version } }]),
    ]);
  }

  private async limitsWithout(tx: Tx, order: OrderToUndo) {
    const ground = await this.groundOf(tx, order.workspaceId);
    const { status, limits } = standingOf(this.parts.catalogue, ground, this.parts.clock.nowOf(order));
    return { limits, access: status === 'trialing' ? ('full' as const) : ('billing-only' as const) };
  }

  private async groundOf(tx: Tx, workspaceId: string) {
    const ground = (await usage.findUsageGrounds(tx, [workspaceId])).get(workspaceId);
    invariant(ground !== undefined, `the workspace ${workspaceId} was there and is gone`);
    return ground;
  }
}

/** Owes the whole price back, with its sale: it gives nothing any more. */
async function giveBack(tx: Tx, { orderId, reason, actor }: UndoInput): Promise<void> {
  const sold = await books.takeBackSales(tx, [{ id: orderId, reason: 'undone' }], 'fulfilled');
  const ids = await books.insertRefunds(
    tx,
    sold.map((charge) => ({ ...charge, id: newId(), reason: 'undone' })),
  );
  await undo.explainRefunds(tx, ids, { by: actor, reason });
  await work.owe(tx, paymentConfirmationQueue, 'refund.send', ids);
}

/** Why an order cannot be undone now; undefined where it can. */
export function whyNotUndone(order: OrderToUndo, clock: WorkspaceClock): ReturnType<typeof refuseUndo> {
  const { before, now: present, seatsInUse, seatsTakenSince } = order;
  const seatsBefore = before?.seats ?? 0;
  return refuseUndo({
    ...{ kind: order.kind, status: order.status, givenAt: order.givenAt, timeZone: order.timeZone },
    ...{ isDisputed: order.isDisputed, isGivenBackInPart: order.isGivenBackInPart },
    ...{ laterNumber: order.laterNumber, paidNumber: order.paidNumber, seatsBefore },
    now: clock.nowOf(order),
    after: afterOf(order),
    present: present === null || (before === null && order.hasTermHistory) ? undefined : present,
    isPlannedAnew: present !== null && !isSamePlan(before?.scheduled ?? null, present.scheduled),
    // Who used the product before its first purchase needs no seat of it.
    seatsUncovered: before === null ? seatsTakenSince : Math.max(0, seatsInUse - seatsBefore),
  });
}

const isSamePlan = (a: object | null, b: object | null): boolean => JSON.stringify(a) === JSON.stringify(b);

function afterOf({ before, kind, plan, seats, priceListId, termEndsOn, isPending }: OrderToUndo) {
  const endsOn = termEndsOn ?? before?.endsOn ?? '';
  if (before !== null && (kind === 'add-on' || isPending)) {
    return { plan: before.plan, seats: before.seats, priceListId: before.priceListId, endsOn };
  }
  return { plan, seats, priceListId, endsOn };
}
