import type { QueueName, WorkMark } from '@billfleet/contracts';
import type { Crash } from '@billfleet/platform';
import { orders, work } from '@billfleet/store';
import type { Store } from '@billfleet/store';
import { endAccountSales } from './account-sales.js';
import { emitEvents } from './emit-events.js';
import { oweMails } from './mails.js';
import { closeWaysToPay } from './place-orders.js';
import type { SweepClock } from './sweep-clock.js';

/** Where due work goes. */
export type Shout = (queue: QueueName, marks: readonly WorkMark[]) => void;

/** Rows claimed per commit; more are claimed at once in the next round. */
const CLAIM_MAX = 2_000;

/** Shouts whatever is owed and due: leases that ran out, backoffs that ended, moments that came. */
export class DispatchDue {
  constructor(
    private readonly store: Store,
    private readonly shout: Shout,
    private readonly crash: Crash,
  ) {}

  /** One round; answers how many rows were shouted. A crash between claim and shout only costs one lease. */
  async run(): Promise<number> {
    const due = await this.store.transaction((tx) => work.claimDue(tx, CLAIM_MAX));
    this.crash('dispatcher.after_claim');
    for (const queue of new Set(due.map((row) => row.queue))) {
      this.shout(
        queue,
        due.filter((row) => row.queue === queue).map((row): WorkMark => [row.id, row.generation]),
      );
    }
    this.crash('dispatcher.after_shout');
    return due.length;
  }
}

const EXPIRE_MAX = 500;

/** Ends unpaid orders whose time is over. An order whose payment may be under way waits until that is known. */
export class ExpireOrders {
  constructor(
    private readonly store: Store,
    private readonly clock: SweepClock,
  ) {}

  /** One chunk; answers how many orders expired. */
  run(): Promise<number> {
    return this.store.transaction(async (tx) => {
      const due = await orders.lockExpiredOrders(tx, await this.clock.at(tx), EXPIRE_MAX);
      const expired = await orders.moveOrders(tx, due, 'awaiting_payment', 'expired', 'not paid in time');
      emitEvents(
        tx,
        expired.map((id) => ({ type: 'order.expired', cause: id, orderId: id, data: {} })),
      );
      await closeWaysToPay(tx, expired, 'expired');
      await endAccountSales(tx, expired);
      const facts = await orders.findMailFacts(tx, expired);
      await oweMails(
        tx,
        [...facts.values()].map((order) => ({
          template: 'order_expired' as const,
          workspaceId: order.workspaceId,
          dedupeKey: `order_expired:${order.orderId}`,
          recipient: order.billingEmail,
          locale: order.locale,
          timeZone: order.timeZone,
          facts: { ...orders.orderMailFacts(order), expiredAt: order.now.toISOString() },
        })),
      );
      return expired.length;
    });
  }
}
