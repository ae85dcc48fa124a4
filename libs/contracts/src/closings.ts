import { chargebackDecisions } from '@billfleet/domain';
import { z } from 'zod';
import { uuid } from './commands.js';
import { countryCode, shortText } from './texts.js';

/** Most chargebacks that one page may show. */
export const CHARGEBACKS_PER_PAGE_MAX = 200;
const CHARGEBACKS_PER_PAGE = 50;

/** Body of `POST /v1/workspaces/{id}/closings`: a subscription that staff close for good. */
export const closeSubscription = z
  .strictObject({
    reason: shortText(500).meta({ description: 'Why; kept on record.' }),
    refund: z.enum(['none', 'rest']).meta({ description: '`rest`: what the quote says goes back to the payer.' }),
    quoteId: uuid.optional().meta({ description: 'A quote of the kind `refund` for all seats; needed for a refund.' }),
  })
  .refine(({ refund, quoteId }) => (refund === 'rest') === (quoteId !== undefined), {
    path: ['quoteId'],
    error: 'a quote where the refund is rest, and none where it is none',
  })
  .meta({ id: 'CloseSubscription' });

/** Body of `POST /v1/chargebacks/{id}/decision`. */
export const decideChargeback = z
  .strictObject({
    decision: z
      .enum(chargebackDecisions)
      .meta({ description: '`keep`: the subscription goes on. `close`: it is closed, without a refund.' }),
    reason: shortText(500).meta({ description: 'Why; kept on record.' }),
  })
  .meta({ id: 'DecideChargeback' });

/** Query of `GET /v1/chargebacks`. */
export const chargebackQuery = z.strictObject({
  workspaceId: uuid.optional(),
  undecided: z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .optional(),
  after: uuid.optional().meta({ description: '`next` of the page before.' }),
  limit: z.coerce
    .number({ error: `a whole number from 1 to ${String(CHARGEBACKS_PER_PAGE_MAX)}` })
    .int()
    .min(1)
    .max(CHARGEBACKS_PER_PAGE_MAX)
    .default(CHARGEBACKS_PER_PAGE),
});

/** Body of `PUT /v1/workspaces/{id}/country`. */
export const changeCountry = z
  .strictObject({
    country: countryCode,
    reason: shortText(500).meta({ description: 'Why; kept on record.' }),
  })
  .meta({ id: 'ChangeCountry' });

export type CloseSubscription = z.output<typeof closeSubscription>;
export type DecideChargeback = z.output<typeof decideChargeback>;
export type ChargebackQuery = z.output<typeof chargebackQuery>;
export type ChangeCountry = z.output<typeof changeCountry>;
