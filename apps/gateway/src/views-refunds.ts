import { daysOf, refuseOrder, whyNotUndone } from '@billfleet/billing';
import type { WorkspaceClock } from '@billfleet/billing';
import { addDays, civilDateIn, decideRefund, leftToRefund, startOfDay } from '@billfleet/domain';
import type { OrderToRefund, OrderToUndo, RefundView } from '@billfleet/store';
import { z } from 'zod';

const minor = z.string().meta({ description: 'Minor units as a decimal integer.', example: '42000' });
const method = z.string().nullable().meta({ description: 'Null where the money came outside of every provider.' });

/** A refund as staff see it. */
export const refundView = z
  .object({
    id: z.uuid(),
    orderId: z.uuid(),
    attemptId: z.uuid().meta({ description: 'The payment that it goes back to.' }),
    workspaceId: z.uuid(),
    provider: z.string(),
    method,
    currency: z.string(),
    amountMinor: minor,
    status: z.enum(['owed', 'processing', 'succeeded', 'failed']),
    reason: z.string().meta({ description: 'A code: why it goes back, such as `goodwill` or `double_payment`.' }),
    note: z.string().nullable().meta({ description: 'What staff gave as their reason.' }),
    requestedBy: z.string().nullable().meta({ description: 'Null where the fleet did it by itself.' }),
    derivation: z.record(z.string(), z.unknown()).nullable().meta({ description: 'What explains the amount.' }),
    seatChangeId: z.uuid().nullable().meta({ description: 'The seats that were taken back with it.' }),
    failure: z
      .object({ why: z.enum(['failed', 'came_back', 'disputed']), code: z.string(), message: z.string() })
      .nullable(),
    needsPerson: z.boolean().meta({ description: 'Whether it goes on only once a person does something.' }),
    outside: z
      .record(z.string(), z.unknown())
      .nullable()
      .meta({ description: 'Where it was given in another way than through the provider: how, and what proves it.' }),
    createdAt: z.iso.datetime(),
    statusAt: z.iso.datetime(),
  })
  .meta({ id: 'Refund' });

/** Answer of `GET /v1/orders/{id}/refunds`. */
export const orderRefundsView = z.object({ refunds: z.array(refundView) }).meta({ id: 'OrderRefunds' });

/** Answer of `GET /v1/refunds`. */
export const refundPageView = z
  .object({ refunds: z.array(refundView), next: z.uuid().nullable() })
  .meta({ id: 'Refunds' });

/** Answer of `GET /v1/orders/{id}/refundable`. */
export const refundableView = z
  .object({
    orderId: z.uuid(),
    workspaceId: z.uuid(),
    status: z.string(),
    currency: z.string(),
    amountMinor: minor,
    payments: z.array(
      z.object({
        attemptId: z.uuid(),
        provider: z.string(),
        method,
        isSale: z.boolean().meta({ description: 'Whether it paid the order; others came twice or too late.' }),
        chargedMinor: minor,
        refundedMinor: minor,
        owedMinor: minor,
        takenBackMinor: minor.meta({
          description: 'What its bank took or has in hand, and what of the price never came.',
        }),
        leftMinor: minor,
      }),
    ),
    unusedDays: z
      .object({ leftDays: z.int(), wholeDays: z.int(), amountMinor: minor })
      .nullable()
      .meta({ description: 'What the unused whole days would give back today; null where there are none.' }),
    refusal: z
      .object({ code: z.string(), found: z.string(), wanted: z.string() })
      .nullable()
      .meta({ description: 'Why nothing can be given back now.' }),
  })
  .meta({ id: 'Refundable' });

/** Answer of `POST /v1/orders/{id}/undo`, and of `GET` there. */
export const undoView = z
  .object({
    orderId: z.uuid(),
    workspaceId: z.uuid(),
    status: z.string(),
    possible: z.boolean().meta({ description: 'Whether it can be undone now.' }),
    endsAt: z.iso.datetime().nullable().meta({ description: 'The end of the day on which it can be undone.' }),
    refusal: z
      .object({ code: z.string(), found: z.string(), wanted: z.string() })
      .nullable()
      .meta({ description: 'Why it cannot; whether its credits are spent shows when it is undone.' }),
    refunds: z
      .array(z.object({ id: z.uuid(), amountMinor: minor, currency: z.string(), status: refundView.shape.status }))
      .meta({ description: 'The price that goes back, once it is undone.' }),
  })
  .meta({ id: 'Undo' });

/** Whether an order can be undone, and what went back for it. */
export function undoable(
  order: OrderToUndo,
  refunds: readonly RefundView[],
  clock: WorkspaceClock,
): z.input<typeof undoView> {
  const { id: orderId, workspaceId, status, givenAt, timeZone } = order;
  const fault = whyNotUndone(order, clock);
  const nextDay = givenAt === null ? null : startOfDay(addDays(civilDateIn(givenAt, timeZone), 1), timeZone);
  return {
    ...{ orderId, workspaceId, status, possible: fault === undefined, endsAt: nextDay?.toISOString() ?? null },
    refusal: fault === undefined ? null : { code: fault.code, found: fault.found, wanted: fault.wanted },
    refunds: refunds
      .filter(({ reason }) => reason === 'undone')
      .map((one) => ({ id: one.id, amountMinor: one.amountMinor, currency: one.currency, status: one.status })),
  };
}

/** A page of refunds; `next` asks for the one after it. */
export function refundPage(
  rows: readonly RefundView[],
  limit: number,
): { readonly refunds: readonly RefundView[]; readonly next: string | null } {
  return { refunds: rows, next: rows.length < limit ? null : (rows.at(-1)?.id ?? null) };
}

/** What could go back of an order now. */
export function refundable(order: OrderToRefund, clock: WorkspaceClock): z.input<typeof refundableView> {
  const { id: orderId, workspaceId, status, currency, amountMinor } = order;
  const fault = refuseOrder(order)?.problem;
  return {
    ...{ orderId, workspaceId, status, currency, amountMinor: amountMinor.toString() },
    payments: order.payments.map((payment) => ({
      ...{ attemptId: payment.attemptId, provider: payment.provider, method: payment.method, isSale: payment.isSale },
      chargedMinor: payment.chargedMinor.toString(),
      refundedMinor: payment.refundedMinor.toString(),
      owedMinor: payment.owedMinor.toString(),
      takenBackMinor: payment.takenBackMinor.toString(),
      leftMinor: leftToRefund(payment).toString(),
    })),
    unusedDays: unusedOf(order, clock),
    refusal: fault === undefined ? null : { code: fault.code, found: fault.found, wanted: fault.wanted },
  };
}

function unusedOf(order: OrderToRefund, clock: WorkspaceClock): z.input<typeof refundableView>['unusedDays'] {
  const payment = order.payments.find(({ isSale }) => isSale);
  const { days } = daysOf(order, clock);
  if (payment === undefined || days === undefined) return null;
  const { currency, amountMinor: priceMinor } = order;
  const decision = decideRefund({ wish: { what: 'unused-days' }, currency, payment, priceMinor, days });
  return decision.kind === 'refused' ? null : { ...days, amountMinor: decision.amountMinor.toString() };
}
