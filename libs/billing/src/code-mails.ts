import { attempts, orders } from '@billfleet/store';
import type { Tx } from '@billfleet/store';
import { oweMails } from './mails.js';

/** Owes the mail with the code, once for each attempt that has just got one and whose order still waits for its money. */
export async function oweCodeMails(tx: Tx, attemptIds: readonly string[]): Promise<void> {
  const codes = await attempts.findOpenCodes(tx, attemptIds);
  const facts = await orders.findMailFacts(
    tx,
    codes.map((one) => one.orderId),
  );
  await oweMails(
    tx,
    codes.flatMap(({ attemptId, orderId, pixCode, expiresAt }) => {
      const order = facts.get(orderId);
      if (order === undefined) return [];
      return [
        {
          template: 'order_to_pay' as const,
          workspaceId: order.workspaceId,
          dedupeKey: `order_to_pay:${attemptId}`,
          recipient: order.billingEmail,
          locale: order.locale,
          timeZone: order.timeZone,
          facts: {
            ...orders.orderMailFacts(order),
            ...{ attemptId, pixCode, payUntil: expiresAt.toISOString(), payOrderId: orderId },
          },
        },
      ];
    }),
  );
}
