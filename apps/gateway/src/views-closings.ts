import { chargebackDecisions, chargebackStatuses } from '@billfleet/domain';
import type { ChargebackView } from '@billfleet/store';
import { z } from 'zod';
import { seatReductionView } from './views-members.js';

/** Answer of `POST /v1/workspaces/{id}/closings`. */
export const closingView = seatReductionView.omit({ seats: true }).meta({ id: 'Closing' });

/** A payment that a bank takes back. */
export const chargebackView = z
  .object({
    id: z.uuid(),
    workspaceId: z.uuid(),
    orderId: z.uuid(),
    attemptId: z.uuid(),
    provider: z.string(),
    reference: z.string().meta({ description: 'The provider’s id of the chargeback.' }),
    currency: z.string(),
    amountMinor: z.string().meta({ description: 'Minor units as a decimal integer.', example: '42000' }),
    reason: z.string().meta({ description: 'The bank’s reason, as the provider names it.' }),
    status: z
      .enum(chargebackStatuses)
      .meta({ description: '`won`: the money stays. `lost`: the bank has given it back.' }),
    decision: z
      .object({ decision: z.enum(chargebackDecisions), by: z.string(), reason: z.string(), at: z.iso.datetime() })
      .nullable()
      .meta({ description: 'What staff decided about the workspace.' }),
    createdAt: z.iso.datetime(),
    statusAt: z.iso.datetime(),
  })
  .meta({ id: 'Chargeback' });

/** Answer of `GET /v1/chargebacks`. */
export const chargebackPageView = z
  .object({ chargebacks: z.array(chargebackView), next: z.uuid().nullable() })
  .meta({ id: 'Chargebacks' });

/** A page of chargebacks; `next` asks for the one after it. */
export function chargebackPage(
  rows: readonly ChargebackView[],
  limit: number,
): { readonly chargebacks: readonly ChargebackView[]; readonly next: string | null } {
  return { chargebacks: rows, next: rows.length < limit ? null : (rows.at(-1)?.id ?? null) };
}
