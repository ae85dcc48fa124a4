import { paymentConfirmationQueue } from '@billfleet/contracts';
import { splitRefund, taxGoingBack, withContracts } from '@billfleet/domain';
import type { Catalogue, RefundPortion } from '@billfleet/domain';
import { chargebacks, contracts, grants, management, quotes, seatChanges, work } from '@billfleet/store';
import type { HeldRow, StoredWorkspace, SubscriptionToTurn, Turn, Tx } from '@billfleet/store';
import { AccessNow } from './access.js';
import { changeEvents, emitEvents } from './emit-events.js';
import { followUsage } from './follow-usage.js';
import { newId } from './ids.js';
import { readRefundQuote } from './refund-quotes.js';
import { refused } from './requests-once.js';
import type { FreshOutcome } from './requests-once.js';
import type { ApplyOrdersParts } from './subscription-changes.js';

/** What is given back for seats, and to which payments. */
export type GivenBack = {
  readonly quoteId: string;
  readonly amountMinor: bigint;
  readonly lines: string;
  readonly portions: readonly RefundPortion[];
};

/** Seats that staff take back: some of them, or with the end of the subscription all. */
export type SeatReturn = {
  readonly workspace: StoredWorkspace;
  readonly before: HeldRow;
  /** The subscription from now on. */
  readonly turn: Turn;
  readonly seatsBefore: number;
  readonly givenBack: GivenBack | undefined;
  readonly action: 'seats.reduce' | 'subscription.close';
  readonly reason: string;
  readonly actor: string;
};

type Refused = Extract<FreshOutcome, { kind: 'refused' }>;

/** The catalogue as it is for one workspace, with what was agreed in its contracts. */
export async function catalogueOf(tx: Tx, catalogue: Catalogue, workspaceId: string): Promise<Catalogue> {
  return withContracts(catalogue, await contracts.listsOf(tx, [workspaceId]));
}

/**
 * What a quote of the kind `refund` says, split over the payments of the subscription, newest first, or over those of one order. While a bank has one of the
 * workspace's payments in hand nothing is given back: it may take the same money itself.
 */
export async function giveBackRest(
  tx: Tx,
  wish: {
    readonly quoteId?: string | undefined;
    readonly workspaceId: string;
    readonly seats: number;
    readonly orderId?: string;
  },
  { held }: SubscriptionToTurn,
  now: Date,
): Promise<GivenBack | Refused | undefined> {
  const { quoteId, workspaceId, seats } = wish;
  if (quoteId === undefined) return undefined;
  const [quoteById, isDisputed] = await Promise.all([
    quotes.lockQuotes(tx, [quoteId]),
    chargebacks.isDisputed(tx, workspaceId),
  ]);
  const read = readRefundQuote({ quote: quoteById.get(quoteId), workspaceId, held, seats, now });
  if ('problem' in read) return read;
  if (isDisputed) return refuseDisputed('quoteId');
  const payments = await seatChanges.paymentsLeft(tx, held.id, wish.orderId);
  const split = splitRefund(read.amountMinor, payments);
  const back = taxGoingBack(read.amountMinor, payments);
  if (back !== undefined && back.taxMinor !== read.taxMinor)
    return refuseOtherTax(read.taxMinor, back.taxMinor, wish.orderId);
  if (split.kind === 'split') return { ...read, portions: split.portions };
  return refused(409, {
    code: 'refund_not_covered',
    field: 'quoteId',
    found: `${read.amountMinor.toString()} minor units to give back, ${split.coveredMinor.toString()} left of the payments at our provider`,
    wanted: 'a reduction without refund, and the money given back by whoever holds it',
  });
}

/** What goes back was quoted before something else went back of the same sales, or for other payments: the credit notes would say another tax. */
function refuseOtherTax(quotedMinor: bigint, taxMinor: bigint, orderId: string | undefined): Refused {
  return refused(409, {
    code: 'quote_outdated',
    field: 'quoteId',
    found: `a quote with ${quotedMinor.toString()} minor units of tax, where ${taxMinor.toString()} go back`,
    wanted: orderId === undefined ? 'a new quote' : 'a new quote of the kind refund with the orderId of this order',
  });
}

/** The answer while a payment of the workspace is charged back, until it is won or staff have decided about it. */
export function refuseDisputed(field: string): Refused {
  return refused(409, {
    code: 'chargeback_open',
    field,
    found: 'a payment of this workspace that its bank takes back',
    wanted: 'a chargeback that was won, or a decision of staff about it, first',
  });
}

/** Writes a return of seats: the subscription, its record with what goes back, the audit log and the events. Answers the id of the change. */
export async function writeReturn(tx: Tx, parts: ApplyOrdersParts, one: SeatReturn): Promise<string> {
  const { workspace, before, turn, seatsBefore, givenBack, action, reason, actor } = one;
  const id = newId();
  const versions = await grants.turnSubscriptions(tx, [turn]);
  const access = new AccessNow(parts.catalogue, parts.clock).of({
    ...{ ...turn, timeZone: workspace.timeZone, clockAt: workspace.clockAt },
  });
  const after = { ...turn, access, limits: JSON.parse(turn.limits) as Record<string, unknown> };
  const version = versions.get(workspace.id) ?? 1;
  emitEvents(
    tx,
    changeEvents({ workspaceId: workspace.id, cause: id, orderId: null, by: actor, before, after, version }),
  );
  await seatChanges.insertSeatChange(tx, {
    ...{ id, subscriptionId: turn.subscriptionId, workspaceId: workspace.id, seatsBefore, seats: turn.seats },
    ...{ reason, actor, currency: workspace.currency },
    ...{ quoteId: givenBack?.quoteId ?? null, refundMinor: givenBack?.amountMinor ?? 0n },
    lines: givenBack?.lines ?? '[]',
  });
  const portions = givenBack?.portions ?? [];
  // Sorted, since ids of the same millisecond are in no order: refunds are shown in the order of the payments.
  const refundIds = portions.map(() => newId()).sort();
  const refunds = portions.map((portion, index) => ({ ...portion, id: refundIds[index] ?? newId() }));
  const isClosing = action === 'subscription.close';
  await seatChanges.oweSeatRefunds(tx, id, refunds, isClosing ? 'subscription_closed' : 'seats_returned');
  await work.owe(
    tx,
    paymentConfirmationQueue,
    'refund.send',
    refunds.map((refund) => refund.id),
  );
  const change = { before: `${String(one.seatsBefore)} seats`, after: `${String(turn.seats)} seats` };
  await management.noteStaffAction(tx, { actor, action, subject: `workspace ${workspace.id}`, reason, change });
  await followUsage(tx, parts, [turn]);
  return id;
}
