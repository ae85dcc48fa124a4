import type { OrderInFull, OrderShown } from '@billfleet/billing';
import { orderWords, waysPaid } from '@billfleet/contracts';
import type { Language } from '@billfleet/contracts';
import { orderActions, orderKinds, shownStatuses } from '@billfleet/domain';
import type { OrderAction, StoryEntry } from '@billfleet/domain';
import { declineText } from '@billfleet/outbound';
import { z } from 'zod';
import { billedToShown } from './views-billing-details.js';
import { wishView } from './views-wishes.js';
import { orderView } from './views.js';

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
    dueAt: z.iso
      .datetime()
      .nullable()
      .meta({ description: 'Until when the invoice of an order on account is to be paid; null for every other.' }),
    documents: z
      .array(
        z.object({
          ...{ id: z.uuid(), type: z.enum(['invoice', 'credit_note']), number: z.string() },
          ...{ amountMinor: minor, issuedAt: z.iso.datetime() },
        }),
      )
      .meta({ description: 'Its invoice, then the credit notes of it.' }),
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

const at = z.iso.datetime();
const storyEntry = z
  .discriminatedUnion('kind', [
    z.object({ at, kind: z.literal('placed'), by: z.string().nullable() }),
    z.object({
      ...{ at, kind: z.literal('attempt'), attemptId: z.uuid() },
      status: z.enum(['submitting', 'pending', 'unknown', 'succeeded', 'declined', 'cancelled', 'expired']),
      ...{ provider: z.string(), method: z.string().nullable() },
      decline: z
        .object({ code: z.string(), reason: z.string(), advice: z.string() })
        .nullable()
        .meta({ description: 'Why it was declined and what helps, in words; null for all else.' }),
    }),
    z.object({ at, kind: z.literal('paid') }),
    z.object({ at, kind: z.literal('applied') }),
    z.object({ at, kind: z.literal('expired') }),
    z.object({ at, kind: z.literal('cancelled'), reason: z.string().nullable() }),
    z.object({
      ...{ at, kind: z.literal('refund'), refundId: z.uuid() },
      status: z.enum(['owed', 'processing', 'succeeded', 'failed']),
      ...{ amountMinor: minor, reason: z.string() },
    }),
    z.object({
      ...{ at, kind: z.literal('dispute'), disputeId: z.uuid() },
      status: z.enum(['open', 'won', 'lost']),
      ...{ amountMinor: minor, reason: z.string() },
    }),
    z.object({
      ...{ at, kind: z.literal('document'), documentId: z.uuid() },
      type: z.enum(['invoice', 'credit_note']),
      ...{ number: z.string(), amountMinor: minor },
    }),
  ])
  .meta({ description: 'One thing that happened to an order.' });

/** What somebody who wants to pay an order finds; the same words as on the first screen. */
export const payState = z
  .enum(['payable', 'opening', 'ready', 'charging', 'paid', 'returned', 'ended', 'elsewhere'])
  .meta({
    description:
      'What can be done now: `payable` nothing is open, or its time is over; `ready` a page or code waits, `charging` the stored method is charged.',
  });

const again = wishView.nullable().meta({
  description: 'What to ask, to order the same again at the price of the day; null where there is nothing to repeat.',
});

/** Answer of `GET /v1/orders/{id}`. */
export const orderInFullView = orderView
  .extend({
    shown: orderRowView,
    history: z.array(storyEntry).meta({ description: 'What happened to it, oldest first.' }),
    refunds: z.array(
      z.object({
        ...{ id: z.uuid(), attemptId: z.uuid(), status: z.enum(['owed', 'processing', 'succeeded', 'failed']) },
        ...{ amountMinor: minor, reason: z.string(), createdAt: at },
      }),
    ),
    paying: z.object({
      state: payState,
      installments: z
        .array(z.object({ count: z.int(), amountsMinor: z.array(minor) }))
        .meta({ description: 'How it can be paid by card, as at its checkout. Empty once it cannot be paid.' }),
    }),
    again,
  })
  .meta({ id: 'Order' });

/** Who reads: in which language, and what he may do about an order. */
export type OrderReader = { readonly language: Language; readonly may: (action: OrderAction) => boolean };

/** One order with all that is known of it. */
export function orderInFullShown({ view, order, story, refunds, paying, again }: OrderInFull, reader: OrderReader) {
  return {
    ...view,
    billedTo: billedToShown(view.billedTo),
    shown: orderRowShown(order, reader),
    history: story.map((entry) => entryShown(entry, reader.language)),
    refunds: refunds.map((refund) => ({ ...refund, createdAt: instantOf(refund.createdAt) })),
    paying: {
      state: paying.state,
      installments: paying.installments.map(({ count, amountsMinor }) => ({
        count,
        amountsMinor: amountsMinor.map(String),
      })),
    },
    again,
  };
}

const instantOf = (text: string): string => new Date(text).toISOString();

function entryShown(entry: StoryEntry, language: Language): z.input<typeof storyEntry> {
  const entryAt = instantOf(entry.at);
  if (entry.kind !== 'attempt') return { ...entry, at: entryAt };
  const { declinedFor, ...attempt } = entry;
  const decline = attempt.status !== 'declined' ? null : declineShown(language, declinedFor ?? 'other');
  return { ...attempt, at: entryAt, decline };
}

const declineShown = (language: Language, code: string) => ({ code, ...declineText(language, code) });

/** An order in the words of a language, with the actions that its reader may take. */
export function orderRowShown(order: OrderShown, { language, may }: OrderReader): z.output<typeof orderRowView> {
  const { id, number, kind, plan, planName, seats, periodMonths, currency, amountMinor, refundedMinor } = order;
  const words = orderWords(language);
  const { paidBy, installments, shown: status } = order;
  return {
    ...{ id, number, placedAt: order.createdAt, kind, kindText: words.kind[kind], plan, planName, seats, periodMonths },
    addOn: order.addOn === null ? null : addOnShown(order.addOn, order.addOnName),
    ...{ currency, amountMinor, refundedMinor, status, statusText: words.status[status] },
    ...{ paidBy, paidByText: words.paidBy[paidBy], installments },
    expiresAt: order.status === 'awaiting_payment' ? order.expiresAt : null,
    dueAt: order.dueAt,
    documents: order.documents.map(({ at: issuedAt, ...document }) => ({ ...document, issuedAt })),
    actions: order.actions.filter(may),
    href: `/v1/orders/${id}`,
  };
}

const addOnShown = (addOn: NonNullable<OrderShown['addOn']>, name: string | null) => {
  const { id, packages, termMonths } = addOn;
  return { id, name, packages, termMonths };
};
