import type { WriteOff } from '@billfleet/contracts';
import { invariant, refuseWriteOff } from '@billfleet/domain';
import { management, writeOffs } from '@billfleet/store';
import type { OrderToWriteOff, PaymentHeldOutside, Store, Tx } from '@billfleet/store';
import { newId } from './ids.js';
import { answerOnce, refused } from './requests-once.js';
import type { Command, CommandOutcome, FreshOutcome } from './requests-once.js';

/** What is given up of an order's payment, and in whose name. The workspace is the order's. */
export type WriteOffInput = {
  readonly workspaceId: string;
  readonly orderId: string;
  readonly wish: WriteOff;
  readonly actor: string;
};

type Refused = Extract<FreshOutcome, { kind: 'refused' }>;

/** Gives money up that a service, a partner or a bank took for us and will never hand over. What was sold for it stays sold. */
export class WriteOffMoney {
  constructor(private readonly store: Store) {}

  /** `ref` is the write-off's id. The order is locked, so write-offs at once never come to more than its holder has. */
  async run(command: Command<WriteOffInput>): Promise<CommandOutcome> {
    const [outcome] = await this.store.transaction((tx) =>
      answerOnce(tx, 'order.write-off', [command], async ([fresh = command]) => [await this.write(tx, fresh.input)]),
    );
    invariant(outcome !== undefined, 'one command has one outcome');
    return outcome;
  }

  private async write(tx: Tx, { orderId, workspaceId, wish, actor }: WriteOffInput): Promise<FreshOutcome> {
    const order = await writeOffs.lockOrderToWriteOff(tx, orderId);
    if (order?.workspaceId !== workspaceId) {
      return refused(404, { code: 'not_found', field: 'id', found: orderId, wanted: 'an order of this workspace' });
    }
    const payment = paymentOf(order, wish.attemptId);
    if (payment === undefined) return refuseInside(order, wish.attemptId);
    const amountMinor = BigInt(wish.amountMinor);
    const fault = refuseWriteOff({ amountMinor, currency: wish.currency }, { ...payment, currency: order.currency });
    if (fault !== undefined) return refused(fault.code === 'write_off_currency_differs' ? 422 : 409, fault);
    const id = newId();
    const { attemptId, provider } = payment;
    await writeOffs.insertWriteOff(tx, {
      ...{ id, orderId, attemptId, workspaceId, provider, currency: order.currency, amountMinor },
      ...{ reason: wish.reason, writtenOffBy: actor },
    });
    const subject = `order ${orderId}`;
    const change = { before: null, after: `${wish.amountMinor} ${order.currency} in minor units are given up` };
    await management.noteStaffAction(tx, { actor, action: 'order.write-off', subject, reason: wish.reason, change });
    return { kind: 'accepted', ref: id };
  }
}

function paymentOf({ payments }: OrderToWriteOff, attemptId: string | undefined): PaymentHeldOutside | undefined {
  if (attemptId === undefined) return payments.length === 1 ? payments[0] : undefined;
  return payments.find((payment) => payment.attemptId === attemptId);
}

function refuseInside({ payments }: OrderToWriteOff, attemptId: string | undefined): Refused {
  const found = attemptId ?? `${String(payments.length)} payments whose money is held outside of our providers`;
  const wanted = 'a payment of this order whose money a service, a partner or a bank account holds';
  return refused(409, { code: 'payment_not_outside', field: 'attemptId', found, wanted });
}
