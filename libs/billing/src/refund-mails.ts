import { orders } from '@billfleet/store';
import type { RefundToSend, Tx } from '@billfleet/store';
import { oweMails } from './mails.js';

/**
 * Owes the mails about refunds to their payers: that money goes back, or that it came home. Each giving has one mail of either kind, so a refund that is
 * given again after it came back is told of again. `returns` is that of before the news.
 */
export async function oweRefundMails(
  tx: Tx,
  refunds: readonly RefundToSend[],
  template: 'payment_refunded' | 'refund_returned',
): Promise<void> {
  const facts = await orders.findMailFacts(
    tx,
    refunds.map(({ orderId }) => orderId),
  );
  await oweMails(
    tx,
    refunds.flatMap((refund) => {
      const order = facts.get(refund.orderId);
      if (order === undefined) return [];
      const { locale, timeZone, billingEmail: recipient, workspaceId, now } = order;
      // Of a payment that went back in part only that part is told.
      const amount = { amountMinor: refund.amountMinor.toString(), currency: refund.currency };
      const told = { ...orders.orderMailFacts(order), amount, method: { kind: refund.method ?? 'offline' } };
      const at = now.toISOString();
      const when = template === 'refund_returned' ? { returnedAt: at } : { reason: refund.reason, refundedAt: at };
      const to = { workspaceId, recipient, locale, timeZone };
      return [{ ...to, template, dedupeKey: keyOf(template, refund), facts: { ...told, ...when } }];
    }),
  );
}

const keyOf = (template: string, { id, returns }: RefundToSend): string =>
  returns === 0 ? `${template}:${id}` : `${template}:${id}:${String(returns)}`;
