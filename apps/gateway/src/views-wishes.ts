import type { LimitFixes } from '@billfleet/billing';
import { z } from 'zod';

const whole = z.int();

/** A wish that the fleet tells somebody, to be asked back. */
export const wishView = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('purchase'), plan: z.string(), seats: whole, periodMonths: whole }),
    z.object({ kind: z.literal('upgrade'), plan: z.string() }),
    z.object({ kind: z.literal('add-seats'), seats: whole }),
    z.object({ kind: z.literal('upgrade-and-add-seats'), plan: z.string(), seats: whole }),
    z.object({ kind: z.literal('extension'), periodMonths: whole }),
    z.object({ kind: z.literal('renewal') }),
    z.object({ kind: z.literal('add-on'), addOn: z.string(), packages: whole, termMonths: whole }),
  ])
  .meta({ description: 'What `POST /v1/quotes` is asked, beside the workspace.' });

/** Answer of `GET /v1/workspaces/{id}/usage/fixes`. */
export const limitFixesView = z
  .object({
    workspaceId: z.uuid(),
    meters: z
      .array(
        z.object({
          meter: z.string(),
          fixes: z
            .array(
              z.object({
                wish: wishView,
                limitAfter: z.union([whole, z.literal('unlimited')]),
                seatsAfter: whole,
                currency: z.string(),
                amountMinor: z.string().meta({ description: 'What it costs today, in minor units.', example: '75000' }),
              }),
            )
            .meta({ description: 'Each brings the use below the first threshold; the cheapest first.' }),
        }),
      )
      .meta({ description: 'The limits that are used to the first threshold or more.' }),
  })
  .meta({ id: 'LimitFixes' });

/** What helps, with amounts as text. */
export function limitFixesShown({ workspaceId, meters }: LimitFixes): z.output<typeof limitFixesView> {
  return {
    workspaceId,
    meters: meters.map(({ meter, fixes }) => ({
      meter,
      fixes: fixes.map(({ change, limitAfter, seats, currency, amountMinor }) => ({
        ...{ wish: change, limitAfter, seatsAfter: seats, currency, amountMinor: amountMinor.toString() },
      })),
    })),
  };
}
