import { currencyExponent } from '@billfleet/domain';
import { z } from 'zod';
import { shortText, uuid } from './commands.js';
import { instantText } from './instant.js';

/** Most refunds that one page may show. */
export const REFUNDS_PER_PAGE_MAX = 200;
const REFUNDS_PER_PAGE = 50;

const reason = shortText(500).meta({ description: 'Why; kept on record.' });
const currency = z
  .string()
  .refine((code) => currencyExponent(code) !== undefined, { error: 'a currency code of ISO 4217 such as USD' });
const positiveMinor = z
  .string()
  .regex(/^[1-9]\d{0,17}$/, { error: 'a positive whole number of minor units as text, such as "15000"' });

/** Out of goodwill: what the order gave stays. */
const keep = z
  .strictObject({
    subscription: z.literal('keep').meta({ description: 'What the order gave stays as it is.' }),
    what: z
      .enum(['all-left', 'amount', 'unused-days'])
      .meta({ description: '`unused-days`: the price of the whole days that are left of what the order bought.' }),
    amountMinor: positiveMinor.optional().meta({ description: 'Minor units of `currency`; needed for an amount.' }),
    currency: currency.optional().meta({ description: 'That of the order; needed for an amount.' }),
    attemptId: uuid.optional().meta({ description: 'Which payment of the order; left out: the one that paid it.' }),
    reason,
  })
  .refine(
    ({ what, amountMinor, currency: code }) =>
      (what === 'amount') === (amountMinor !== undefined) && (what === 'amount') === (code !== undefined),
    {
      path: ['amountMinor'],
      error: 'an amount with its currency where the refund is an amount, and none where it is not',
    },
  );

/** With seats, or with the whole rest of the subscription: what a quote of the kind `refund` says, to this order's payment. */
const takeBack = z.strictObject({
  subscription: z.literal('take-back').meta({ description: 'Seats, or all of it, are taken back with the money.' }),
  quoteId: uuid.meta({ description: 'A quote of the kind `refund`: with `seats` left, or for the whole rest.' }),
  reason,
});

/** Body of `POST /v1/orders/{id}/refunds`. */
export const refundOrder = z.discriminatedUnion('subscription', [keep, takeBack]).meta({ id: 'RefundOrder' });

/** Body of `POST /v1/refunds/{id}/retry`. */
export const retryRefund = z.strictObject({ reason }).meta({ id: 'RetryRefund' });

/** Body of `POST /v1/refunds/{id}/given-outside`: money that went back in another way than through the provider, with its proof. */
export const giveRefundOutside = z
  .strictObject({
    amountMinor: positiveMinor.meta({ description: 'What was really given, in minor units of `currency`.' }),
    currency: currency.meta({ description: 'The currency in which it was given.', example: 'MXN' }),
    proof: z.strictObject({
      kind: z.enum(['bank-transfer', 'receipt', 'other']),
      reference: shortText(120)
        .trim()
        .min(1)
        .meta({ description: 'Names the payment at the bank or partner; gives one refund back only.' }),
      note: shortText(500).optional(),
    }),
    givenAt: instantText({ error: 'an instant in UTC such as 2026-10-05T15:00:00Z' }),
    reason,
    partner: shortText(100).trim().min(1).optional().meta({ description: 'Who gave the money, if it was not us.' }),
  })
  .meta({ id: 'GiveRefundOutside' });

/** Body of `POST /v1/orders/{id}/undo`. */
export const undoOrder = z.strictObject({ reason }).meta({ id: 'UndoOrder' });

/** Query of `GET /v1/refunds`. */
export const refundQuery = z.strictObject({
  workspaceId: uuid.optional(),
  needsPerson: z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .optional()
    .meta({ description: '`true`: only those that go on once a person does something.' }),
  after: uuid.optional().meta({ description: '`next` of the page before.' }),
  limit: z.coerce
    .number({ error: `a whole number from 1 to ${String(REFUNDS_PER_PAGE_MAX)}` })
    .int()
    .min(1)
    .max(REFUNDS_PER_PAGE_MAX)
    .default(REFUNDS_PER_PAGE),
});

export type RefundOrder = z.output<typeof refundOrder>;
export type RetryRefund = z.output<typeof retryRefund>;
export type GiveRefundOutside = z.output<typeof giveRefundOutside>;
export type RefundQuery = z.output<typeof refundQuery>;
export type UndoOrder = z.output<typeof undoOrder>;
