import type { Store, OwedWork, RefundToSend } from '@billfleet/store';
import { books, chargebacks, orders, work } from '@billfleet/store';
import { emitEvents } from './emit-events.js';
import { oweCreditNotes } from './issue-documents.js';
import { oweMails } from './mails.js';
import type { Provider } from './ports.js';
import { failed } from './work-handlers.js';
import type { WorkFailure } from './work-handlers.js';

/** Who holds money that came outside of every provider, by the provider of the attempt: only a person can give it back. */
const HELD_OUTSIDE: Readonly<Record<string, string>> = {
  upstream: 'the upstream service',
  offline: 'whoever took the offline payment',
};

/** Gives money back that buys nothing, or nothing any more: late and double payments, returned seats. The refund's id is the provider's key, so it happens once. */
export class SendRefunds {
  constructor(
    private readonly store: Store,
    private readonly provider: Provider,
  ) {}

  /** A refund that the provider could not do now is tried again; one that it refuses waits for a person. */
  async run(items: readonly OwedWork[]): Promise<readonly WorkFailure[]> {
    const found = await books.findRefunds(
      this.store,
      items.map((item) => item.ref),
    );
    const blocked = await chargebacks.blockedAttempts(
      this.store,
      [...found.values()].map(({ attemptId }) => attemptId),
    );
    const failures: WorkFailure[] = [];
    const done: { item: OwedWork; refund: RefundToSend; reference: string }[] = [];
    await Promise.all(
      items.map(async (item) => {
        const refund = found.get(item.ref);
        if (refund === undefined) return;
        const holder = HELD_OUTSIDE[refund.provider];
        if (holder !== undefined) {
          failures.push(
            ...failed([item], `refund ${refund.id}: ${holder} holds this money and must give it back`, 'hopeless'),
          );
          return;
        }
        if (blocked.has(refund.attemptId)) {
          failures.push(
            ...failed([item], `refund ${refund.id}: the bank of the payer takes this money back`, 'hopeless'),
          );
          return;
        }
        const answer = await this.provider.refund(
          {
            refundId: refund.id,
            reference: refund.reference,
            amountMinor: refund.amountMinor,
            currency: refund.currency,
          },
          refund.id,
        );
        if (answer.outcome === 'observed' && answer.value.state === 'succeeded')
          done.push({ item, refund, reference: answer.value.reference });
        else if (answer.outcome === 'observed')
          failures.push(
            ...failed(
              [item],
              `refund ${refund.id} is ${answer.value.state}`,
              answer.value.state === 'failed' ? 'hopeless' : 'outage',
            ),
          );
        else
          failures.push(
            ...failed(
              [item],
              `refund ${refund.id}: ${answer.failure.code}`,
              answer.outcome === 'declined' ? 'hopeless' : 'outage',
            ),
          );
      }),
    );
    await this.finish(items, done, failures);
    return failures;
  }

  private finish(
    items: readonly OwedWork[],
    done: readonly { readonly item: OwedWork; readonly refund: RefundToSend; readonly reference: string }[],
    failures: readonly WorkFailure[],
  ): Promise<void> {
    return this.store.transaction(async (tx) => {
      const bad = new Set(failures.map((failure) => failure.id));
      const mine = await work.claim(
        tx,
        items.filter((item) => !bad.has(item.id)),
      );
      const ids = new Set(mine.map((item) => item.id));
      const now = done.filter(({ item, refund }) => ids.has(item.id) && refund.status !== 'succeeded');
      await books.bookRefunds(tx, now);
      await oweCreditNotes(
        tx,
        now.map(({ refund }) => refund.id),
      );
      emitEvents(
        tx,
        now.map(({ refund: { id, orderId, workspaceId, amountMinor, reason } }) => ({
          ...{ type: 'order.refunded', cause: id, orderId, workspaceId },
          data: { refundId: id, refundedMinor: amountMinor.toString(), reason },
        })),
      );
      const facts = await orders.findMailFacts(
        tx,
        now.map(({ refund }) => refund.orderId),
      );
      await oweMails(
        tx,
        now.flatMap(({ refund }) => {
          const order = facts.get(refund.orderId);
          if (order === undefined) return [];
          const { locale, timeZone, billingEmail: recipient, workspaceId } = order;
          const shared = orders.orderMailFacts(order);
          const mail = {
            template: 'payment_refunded' as const,
            workspaceId,
            dedupeKey: `payment_refunded:${refund.id}`,
            recipient,
            locale,
            timeZone,
          };
          return [
            {
              ...mail,
              facts: {
                ...shared,
                // Of a payment whose seats were taken back in part only that part goes back.
                amount: { amountMinor: refund.amountMinor.toString(), currency: refund.currency },
                method: { kind: refund.method ?? 'offline' },
                reason: refund.reason,
                refundedAt: order.now.toISOString(),
              },
            },
          ];
        }),
      );
      await work.ack(tx, mine);
    });
  }
}
