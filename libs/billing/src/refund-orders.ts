import type { RefundOrder } from '@billfleet/contracts';
import { paymentConfirmationQueue } from '@billfleet/contracts';
import { civilDateIn, currencyExponent, decideRefund, invariant, minorToDecimal, unusedDays } from '@billfleet/domain';
import type { RefundDerivation, RefundWish, UnusedDays } from '@billfleet/domain';
import { management, quotes, refunds, work } from '@billfleet/store';
import type { OrderToRefund, PaymentOfOrder, Tx } from '@billfleet/store';
import { CloseSubscriptions } from './close-subscriptions.js';
import { newId } from './ids.js';
import { ReduceSeats } from './reduce-seats.js';
import { answerOnce, refused } from './requests-once.js';
import type { Command, CommandOutcome, FreshOutcome } from './requests-once.js';
import { refuseDisputed } from './return-seats.js';
import type { ApplyOrdersParts } from './subscription-changes.js';
import type { WorkspaceClock } from './workspace-clock.js';

/** A refund that staff give of an order, and in whose name. The workspace is the order's. */
export type RefundOrderInput = {
  readonly workspaceId: string;
  readonly orderId: string;
  readonly refund: RefundOrder;
  readonly actor: string;
};

type Refused = Extract<FreshOutcome, { kind: 'refused' }>;

/** Gives money of an order back because staff say so: some of it or all, with or without taking back what it bought. */
export class RefundOrders {
  private readonly closings: CloseSubscriptions;
  private readonly reductions: ReduceSeats;

  constructor(private readonly parts: ApplyOrdersParts) {
    this.closings = new CloseSubscriptions(parts);
    this.reductions = new ReduceSeats(parts);
  }

  /** `ref` is the refund's id. The order is locked, so refunds at once never come to more than was paid. */
  async run(command: Command<RefundOrderInput>): Promise<CommandOutcome> {
    const [outcome] = await this.parts.store.transaction((tx) =>
      answerOnce(tx, 'order.refund', [command], async ([fresh = command]) => [await this.refund(tx, fresh)]),
    );
    invariant(outcome !== undefined, 'one command has one outcome');
    return outcome;
  }

  private async refund(tx: Tx, command: Command<RefundOrderInput>): Promise<FreshOutcome> {
    const { orderId, workspaceId, refund, actor } = command.input;
    const order = await refunds.lockOrderToRefund(tx, orderId);
    if (order?.workspaceId !== workspaceId) {
      return refused(404, { code: 'not_found', field: 'id', found: orderId, wanted: 'an order of this workspace' });
    }
    const fault = refuseOrder(order);
    if (fault !== undefined) return fault;
    if (refund.subscription === 'take-back') return this.takeBack(tx, command, refund);
    const payment = paymentOf(order, refund.attemptId);
    if (payment === undefined) {
      const wanted = 'a payment of this order that paid it';
      return refused(404, { code: 'not_found', field: 'attemptId', found: refund.attemptId ?? 'none', wanted });
    }
    const decision = decideRefund({
      ...{ wish: wishOf(refund), currency: order.currency, payment, priceMinor: order.amountMinor },
      ...daysOf(order, this.parts.clock),
    });
    if (decision.kind === 'refused') return refused(decision.code === 'refund_currency_differs' ? 422 : 409, decision);
    const id = newId();
    const { amountMinor, derivation } = decision;
    await refunds.oweGoodwill(tx, {
      ...{ id, attemptId: payment.attemptId, amountMinor, note: refund.reason, requestedBy: actor },
      derivation: derivationText(derivation),
    });
    await work.owe(tx, paymentConfirmationQueue, 'refund.send', [id]);
    const subject = `order ${orderId}`;
    const amount = minorToDecimal(amountMinor, currencyExponent(order.currency) ?? 0);
    const change = { before: null, after: `${amount} ${order.currency} go back` };
    await management.noteStaffAction(tx, { actor, action: 'order.refund', subject, reason: refund.reason, change });
    return { kind: 'accepted', ref: id };
  }

  /** The seats, or the whole subscription, go through their own doors; the money only goes to this order's payment. */
  private async takeBack(
    tx: Tx,
    command: Command<RefundOrderInput>,
    { quoteId, reason }: Extract<RefundOrder, { subscription: 'take-back' }>,
  ): Promise<FreshOutcome> {
    const { workspaceId, orderId, actor } = command.input;
    const quote = (await quotes.lockQuotes(tx, [quoteId])).get(quoteId);
    const { seats = 0 } = (quote?.content ?? {}) as { readonly seats?: number };
    const wish = { workspaceId, orderId, quoteId, reason, actor };
    const outcome =
      seats === 0
        ? await this.closings.close(tx, wish)
        : await this.reductions.reduce(tx, { ...command, input: { ...wish, seats, refund: 'rest' } });
    if (outcome.kind === 'refused') return outcome;
    const ref = await refunds.refundOfSeatChange(tx, outcome.ref);
    invariant(ref !== undefined, `the change of seats ${outcome.ref} gave nothing back`);
    return { kind: 'accepted', ref };
  }
}

/** Why nothing of an order can be given back now, whatever the amount. */
export function refuseOrder({ status, isDisputed }: OrderToRefund): Refused | undefined {
  if (isDisputed) return refuseDisputed('id');
  if (status === 'fulfilled' || status === 'refunded' || status === 'refund_due') return undefined;
  const wanted = status === 'paid' ? 'the same once what it bought has been given' : 'an order that was paid';
  return refused(409, { code: 'order_not_refundable', field: 'id', found: status, wanted });
}

/** The payment that is meant. Money that came twice or too late goes back by itself, so nothing of it is left to be given. */
function paymentOf({ payments }: OrderToRefund, attemptId: string | undefined): PaymentOfOrder | undefined {
  if (attemptId === undefined) return payments.find(({ isSale }) => isSale);
  return payments.find((payment) => payment.attemptId === attemptId);
}

/** The days that an order bought and those of them that are left today, by the clock and calendar of its workspace. */
export function daysOf(order: OrderToRefund, clock: WorkspaceClock): { readonly days?: UnusedDays } {
  const { days, timeZone, createdAt } = order;
  if (days === null) return {};
  const startsOn = days.startsOn ?? civilDateIn(createdAt, timeZone);
  return { days: unusedDays({ startsOn, endsOn: days.endsOn }, civilDateIn(clock.nowOf(order), timeZone)) };
}

function wishOf(refund: Extract<RefundOrder, { subscription: 'keep' }>): RefundWish {
  const { what, amountMinor, currency } = refund;
  if (what !== 'amount') return { what };
  invariant(amountMinor !== undefined && currency !== undefined, 'the contract lets no amount without its currency in');
  return { what, amountMinor: BigInt(amountMinor), currency };
}

const derivationText = (derivation: RefundDerivation): string =>
  JSON.stringify(derivation, (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));
