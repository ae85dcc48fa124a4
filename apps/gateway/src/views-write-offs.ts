import { leftToWriteOff } from '@billfleet/domain';
import type { OrderToWriteOff } from '@billfleet/store';
import { z } from 'zod';

const minor = z.string().meta({ description: 'Minor units as a decimal integer.', example: '1500' });

/** Answer of `GET /v1/orders/{id}/write-offs`, and of `POST` there. */
export const writeOffsView = z
  .object({
    orderId: z.uuid(),
    workspaceId: z.uuid(),
    currency: z.string(),
    payments: z
      .array(
        z.object({
          attemptId: z.uuid(),
          provider: z.string().meta({ description: 'Who holds it: `upstream` or `offline`.' }),
          ...{ chargedMinor: minor, refundedMinor: minor, writtenOffMinor: minor },
          leftMinor: minor.meta({ description: 'What can be written off: what the holder still has.' }),
        }),
      )
      .meta({ description: 'Payments whose money is held outside of our providers.' }),
    writeOffs: z.array(
      z.object({
        ...{ id: z.uuid(), attemptId: z.uuid(), currency: z.string(), amountMinor: minor },
        ...{ reason: z.string(), writtenOffBy: z.string(), createdAt: z.iso.datetime() },
      }),
    ),
  })
  .meta({ id: 'WriteOffs' });

/** What can be and what was given up of an order. */
export function writeOffsOf(order: OrderToWriteOff): z.input<typeof writeOffsView> {
  const { id: orderId, workspaceId, currency, payments, writeOffs } = order;
  return {
    ...{ orderId, workspaceId, currency, writeOffs: [...writeOffs] },
    payments: payments.map((payment) => ({
      ...{ attemptId: payment.attemptId, provider: payment.provider },
      chargedMinor: payment.chargedMinor.toString(),
      refundedMinor: payment.refundedMinor.toString(),
      writtenOffMinor: payment.writtenOffMinor.toString(),
      leftMinor: leftToWriteOff(payment).toString(),
    })),
  };
}

/** A credit that staff granted, as they see it. */
export const customerCreditView = z
  .object({
    ...{ id: z.uuid(), workspaceId: z.uuid(), currency: z.string(), amountMinor: minor },
    leftMinor: minor.meta({ description: 'What is still to be paid back out of the next payments.' }),
    ...{ reason: z.string(), grantedBy: z.string(), createdAt: z.iso.datetime() },
    withdrawn: z
      .object({ by: z.string(), reason: z.string(), at: z.iso.datetime(), amountMinor: minor })
      .nullable()
      .meta({ description: 'Who withdrew what was left of it, where somebody did.' }),
    paidBack: z
      .array(z.object({ refundId: z.uuid(), orderId: z.uuid(), amountMinor: minor }))
      .meta({ description: 'The refunds that paid it back.' }),
  })
  .meta({ id: 'CustomerCredit' });

/** Answer of `GET /v1/workspaces/{id}/customer-credits`. */
export const customerCreditsView = z.object({ credits: z.array(customerCreditView) }).meta({ id: 'CustomerCredits' });
