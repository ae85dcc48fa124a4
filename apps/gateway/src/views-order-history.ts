import type { OrderShown } from '@billfleet/billing';
import { orderWords, waysPaid } from '@billfleet/contracts';
import type { Language } from '@billfleet/contracts';
import { orderActions, orderKinds, shownStatuses } from '@billfleet/domain';
import type { OrderAction } from '@billfleet/domain';
import { z } from 'zod';

const minor = z.string().meta({ description: 'Minor units as a decimal integer.', example: '75000' });

/** An order as the list shows it. */
export const orderRowView = z
  .object({
    id: z.uuid(),
    number: z.string(),
    placedAt: z.iso.datetime(),
    kind: z.enum(orderKinds),
    kindText: z.string(),
    plan: z.string(),
    planName: z.string().nullable(),
    seats: z.int(),
    periodMonths: z.int(),
    addOn: z.object({ id: z.string(), name: z.string().nullable(), packages: z.int(), termMonths: z.int() }).nullable(),
    currency: z.string(),
    amountMinor: minor,
    refundedMinor: minor,
    status: z.enum(shownStatuses),
    statusText: z.string().meta({
      description: 'The status in words, in the language that was asked for or that of the workspace.',
      example: 'Awaiting payment',
    }),
    paidBy: z.enum(waysPaid),
    paidByText: z.string(),
    installments: z.int(),
    expiresAt: z.iso.datetime().nullable().meta({ description: 'Until when it can be paid; null once that is over.' }),
    actions: z.array(z.enum(orderActions)).meta({ description: 'What the caller can do about it now.' }),
    href: z.string(),
  })
  .meta({ id: 'OrderRow' });

/** Answer of `GET /v1/workspaces/{id}/orders`. */
export const orderPageView = z
  .object({
    orders: z.array(orderRowView),
    next: z.string().nullable().meta({ description: 'What to give as `after`; null on the last page.' }),
  })
  .meta({ id: 'OrderPage' });

/** An order in the words of a language, with the actions that its reader may take. */
export function orderRowShown(
  order: OrderShown,
  { language, may }: { readonly language: Language; readonly may: (action: OrderAction) => boolean },
): z.output<typeof orderRowView> {
  const { id, number, kind, plan, planName, seats, periodMonths, currency, amountMinor, refundedMinor } = order;
  const words = orderWords(language);
  const { paidBy, installments, shown: status } = order;
  return {
    ...{ id, number, placedAt: order.createdAt, kind, kindText: words.kind[kind], plan, planName, seats, periodMonths },
    addOn: order.addOn === null ? null : addOnShown(order.addOn, order.addOnName),
    ...{ currency, amountMinor, refundedMinor, status, statusText: words.status[status] },
    ...{ paidBy, paidByText: words.paidBy[paidBy], installments },
    expiresAt: order.status === 'awaiting_payment' ? order.expiresAt : null,
    actions: order.actions.filter(may),
    href: `/v1/orders/${id}`,
  };
}

const addOnShown = (addOn: NonNullable<OrderShown['addOn']>, name: string | null) => {
  const { id, packages, termMonths } = addOn;
  return { id, name, packages, termMonths };
};
