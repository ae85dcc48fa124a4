import type { RecordOfflinePayment } from '@billfleet/contracts';
import { invariant } from '@billfleet/domain';
import { attempts, management, offlinePayments, writeOffs } from '@billfleet/store';
import type { OrderToMarkPaid, Store, Tx } from '@billfleet/store';
import { newId } from './ids.js';
import { closeWaysToPay } from './place-orders.js';
import { answerOnce, refused } from './requests-once.js';
import type { Command, CommandOutcome, FreshOutcome } from './requests-once.js';
import { settlePayments } from './settle-payments.js';
import type { WorkspaceClock } from './workspace-clock.js';

/** An order that was paid outside of every provider, and what proves it. The workspace is the order's. */
export type OfflinePaymentInput = {
  readonly workspaceId: string;
  readonly orderId: string;
  readonly payment: RecordOfflinePayment;
};

type Refused = Extract<FreshOutcome, { readonly kind: 'refused' }>;

/** Marks orders as paid outside: in cash, by bank transfer, at a local partner. */
export class RecordOfflinePayments {
  constructor(
    private readonly store: Store,
    private readonly clock: WorkspaceClock,
  ) {}

  /**
   * `ref` is the order's id. The books get the order's own amount in its own currency through the one money door; what was really paid stands
   * beside it with its proof. A checkout that is open at a provider is closed; who pays there all the same gets that money back.
   */
  async run(command: Command<OfflinePaymentInput>): Promise<CommandOutcome> {
    const [outcome] = await this.store.transaction((tx) =>
      answerOnce(tx, 'order.pay-offline', [command], async ([fresh = command]) => [await this.record(tx, fresh)]),
    );
    invariant(outcome !== undefined, 'one command has one outcome');
    return outcome;
  }

  private async record(tx: Tx, { input, requestedBy }: Command<OfflinePaymentInput>): Promise<FreshOutcome> {
    const { orderId, workspaceId, payment } = input;
    const order = await offlinePayments.lockOrderToMarkPaid(tx, orderId);
    if (order?.workspaceId !== workspaceId) {
      return refused(404, { code: 'not_found', field: 'id', found: orderId, wanted: 'an order of this workspace' });
    }
    const partner = payment.partner ?? null;
    const usedFor = await offlinePayments.orderOfProof(tx, partner, payment.proof.reference);
    const fault = refuseOrder(order) ?? refusePayment(payment, order, this.clock.nowOf(order)) ?? refuseProof(usedFor);
    if (fault !== undefined) return fault;
    // First what may still take money, so that the booked payment is not closed along with it.
    await closeWaysToPay(tx, [orderId], 'cancelled');
    const [id, attemptId] = [newId(), newId()];
    await this.book(tx, order, { id, attemptId });
    const recordedBy = requestedBy ?? 'nobody known';
    const { proof, currency, reason, paidAt, amountMinor } = payment;
    await offlinePayments.insertOfflinePayment(tx, {
      ...{ id, orderId, attemptId, workspaceId, partner, currency, reason, recordedBy },
      amountMinor: BigInt(amountMinor),
      proofKind: proof.kind,
      proofReference: proof.reference,
      proofNote: proof.note ?? null,
      paidAt: new Date(paidAt),
    });
    const subject = `order ${orderId}`;
    const change = { before: order.status, after: 'paid' };
    await management.noteStaffAction(tx, {
      ...{ actor: recordedBy, action: 'order.pay-offline', subject, reason, change },
    });
    if (payment.remainderMinor !== undefined) {
      await writeOffs.insertWriteOff(tx, {
        ...{ id: newId(), orderId, attemptId, workspaceId, provider: 'offline', currency: order.currency },
        ...{ amountMinor: BigInt(payment.remainderMinor), reason, writtenOffBy: recordedBy },
      });
      await management.noteStaffAction(tx, { actor: recordedBy, action: 'order.write-off', subject, reason });
    }
    return { kind: 'accepted', ref: orderId };
  }

  private async book(tx: Tx, order: OrderToMarkPaid, ids: { readonly id: string; readonly attemptId: string }) {
    const { id: orderId, workspaceId, currency, amountMinor } = order;
    const { id: reference, attemptId } = ids;
    await attempts.insertAttempts(tx, [
      {
        ...{ id: attemptId, orderId, workspaceId, currency, amountMinor },
        ...{ provider: 'offline', method: null, token: null, installments: 1, status: 'pending' },
        expiresAt: this.clock.nowOf(order),
      },
    ]);
    const settled = await settlePayments(tx, [{ attemptId, reference, state: 'succeeded', amountMinor, currency }]);
    const outcome = settled.get(attemptId);
    invariant(outcome === 'book', `the offline payment of order ${orderId} came to ${outcome ?? 'nothing'}`);
  }
}

function refuseOrder({ status, isCharging }: OrderToMarkPaid): Refused | undefined {
  if (status !== 'awaiting_payment') {
    const wanted = 'an order that awaits its payment';
    return refused(409, { code: 'order_not_payable', field: 'id', found: status, wanted });
  }
  if (!isCharging) return undefined;
  return refused(409, {
    code: 'charge_under_way',
    field: 'id',
    found: 'a charge at the provider that has no outcome yet',
    wanted: 'the same request once the charge has been declined; if it goes through, the order is paid',
  });
}

/**
 * Money in the order's own currency must be its price, together with a remainder that is written off; what was agreed in another currency is for people
 * to judge.
 */
function refusePayment(
  { amountMinor, currency, paidAt, remainderMinor }: RecordOfflinePayment,
  order: OrderToMarkPaid,
  now: Date,
): Refused | undefined {
  if (new Date(paidAt) > now) {
    return refused(422, { code: 'paid_in_future', field: 'paidAt', found: paidAt, wanted: 'a moment that has passed' });
  }
  if (currency !== order.currency) {
    if (remainderMinor === undefined) return undefined;
    const wanted = `a payment in ${order.currency}, the currency of the order`;
    return refused(422, { code: 'write_off_currency_differs', field: 'remainderMinor', found: currency, wanted });
  }
  if (BigInt(amountMinor) + BigInt(remainderMinor ?? '0') === order.amountMinor) return undefined;
  const wanted = `${order.amountMinor.toString()} ${order.currency}, the price of the order, together with a remainder`;
  return refused(422, { code: 'amount_differs', field: 'amountMinor', found: `${amountMinor} ${currency}`, wanted });
}

function refuseProof(usedFor: string | undefined): Refused | undefined {
  if (usedFor === undefined) return undefined;
  return refused(409, {
    code: 'proof_used',
    field: 'proof.reference',
    found: `the proof of order ${usedFor}`,
    wanted: 'a reference of its own for each payment of a partner',
  });
}
