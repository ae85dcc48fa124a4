import { currencyExponent, enterpriseRequestStatuses, isCivilDate } from '@billfleet/domain';
import { z } from 'zod';
import { contractMonths, limitRules } from './catalogue-file.js';
import { amountMinorText, seatCount, SEATS_MAX, uuid } from './commands.js';
import { instantText } from './instant.js';
import { shortText } from './texts.js';

/** Why staff do something: kept for ever. */
const reason = shortText(500).meta({ description: 'Why; kept in the audit log.' });

/** Lines of text as people write them to each other; other control characters are refused. */
const message = z
  .string()
  .min(1)
  .max(2_000)
  // eslint-disable-next-line no-control-regex -- control characters are what this refuses
  .regex(/^[^\u0000-\u0009\u000b-\u001f\u007f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]*$/u, {
    error: 'well-formed text whose only control character is the line feed',
  });

/** Body of `POST /v1/enterprise-requests`: somebody wants to talk about a contract. */
export const requestEnterprise = z
  .strictObject({
    workspaceId: uuid,
    contact: z.strictObject({
      name: shortText(100),
      email: z.email({ error: 'an e-mail address' }).max(254),
      phone: z
        .string()
        .regex(/^\+?[0-9 ()./-]{5,30}$/, { error: 'a telephone number of 5 to 30 digits, blanks and + ( ) . / -' })
        .optional(),
      company: shortText(100).optional(),
    }),
    seats: seatCount.optional(),
    message: message.optional(),
  })
  .meta({ id: 'RequestEnterprise' });

/** Body of `POST /v1/enterprise-requests/{id}/moves`. */
export const moveEnterpriseRequest = z
  .strictObject({ to: z.enum(enterpriseRequestStatuses), reason })
  .meta({ id: 'MoveEnterpriseRequest' });

/** Query of `GET /v1/enterprise-requests`. */
export const enterpriseRequestFilter = z.strictObject({
  state: z.enum(enterpriseRequestStatuses).optional(),
  cursor: uuid.optional().meta({ description: '`nextCursor` of the page before.' }),
  limit: z
    .string()
    .regex(/^([1-9]|[1-9]\d|100)$/, { error: 'a whole number from 1 to 100' })
    .default('50')
    .transform(Number),
});

const LIMITS_MAX = 200;

/** Body of `POST /v1/contracts`. The currency is that of the workspace. */
export const makeContract = z
  .strictObject({
    workspaceId: uuid,
    requestId: uuid.optional().meta({ description: 'The Enterprise request that led to it.' }),
    plan: shortText(40),
    monthlyPriceMinor: amountMinorText
      .refine((text) => text !== '0', { error: 'more than 0' })
      .meta({
        description: 'One seat for one month, in minor units of the workspace’s currency.',
      }),
    seatsMin: z
      .int({ error: `a whole number from 1 to ${String(SEATS_MAX)}` })
      .min(1)
      .max(SEATS_MAX)
      .optional(),
    periodMonths: contractMonths.optional().meta({ description: 'The only terms; all of the catalogue’s without it.' }),
    limits: limitRules
      .refine((rules) => Object.keys(rules).length <= LIMITS_MAX, { error: `at most ${String(LIMITS_MAX)} limits` })
      .optional()
      .meta({ description: 'Rules that stand before those of the plan.' }),
    dueDays: z.int({ error: 'a whole number from 1 to 365' }).min(1).max(365).optional().meta({
      description:
        'Orders under it may be placed on account: their invoice comes at once and is due after so many days. Left out: they are paid first.',
    }),
    validFrom: z.string().refine(isCivilDate, { error: 'a day such as 2026-12-31' }).meta({ format: 'date' }),
    reason,
  })
  .meta({ id: 'MakeContract' });

/** Body of `POST /v1/contracts/preview`: what a contract would come to. */
export const previewContract = makeContract.omit({ reason: true, requestId: true }).meta({ id: 'PreviewContract' });

/** Body of `POST /v1/contracts/{id}/withdrawal`. */
export const withdrawContract = z.strictObject({ reason }).meta({ id: 'WithdrawContract' });

/** Query of `GET /v1/contracts`. */
export const contractFilter = z.strictObject({ workspaceId: uuid });

/** Body of `POST /v1/orders/{id}/offline-payments`: the order was paid outside of every provider. */
export const recordOfflinePayment = z
  .strictObject({
    amountMinor: z
      .string()
      .regex(/^[1-9]\d{0,17}$/, { error: 'a positive whole number of minor units as text, such as "15000"' })
      .meta({ description: 'What was really paid, in minor units of `currency`.', example: '4150000' }),
    currency: z
      .string()
      .refine((code) => currencyExponent(code) !== undefined, { error: 'a currency code of ISO 4217 such as MXN' })
      .meta({ description: 'The local currency in which it was paid.', example: 'MXN' }),
    proof: z.strictObject({
      kind: z.enum(['bank-transfer', 'receipt', 'other']),
      reference: shortText(120)
        .trim()
        .min(1)
        .meta({ description: 'Names the payment at the bank or partner; pays one order only.' }),
      note: shortText(500).optional(),
    }),
    paidAt: instantText({ error: 'an instant in UTC such as 2026-10-05T15:00:00Z' }),
    reason,
    remainderMinor: z
      .string()
      .regex(/^[1-9]\d{0,17}$/, { error: 'a positive whole number of minor units as text, such as "1500"' })
      .optional()
      .meta({ description: 'What of the price never came and is written off; only in the currency of the order.' }),
    partner: shortText(100).trim().min(1).optional().meta({ description: 'Who took the money, if it was not us.' }),
  })
  .meta({ id: 'RecordOfflinePayment' });

export type RequestEnterprise = z.output<typeof requestEnterprise>;
export type MoveEnterpriseRequest = z.output<typeof moveEnterpriseRequest>;
export type EnterpriseRequestFilter = z.output<typeof enterpriseRequestFilter>;
export type MakeContract = z.output<typeof makeContract>;
export type WithdrawContract = z.output<typeof withdrawContract>;
export type PreviewContract = z.output<typeof previewContract>;
export type ContractFilter = z.output<typeof contractFilter>;
export type RecordOfflinePayment = z.output<typeof recordOfflinePayment>;
