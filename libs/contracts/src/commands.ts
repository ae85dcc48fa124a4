import { orderKinds } from '@billfleet/domain';
import { z } from 'zod';
import { invoiceDetails, taxpayer } from './billing-details.js';
import { instantText } from './instant.js';
import { shortText } from './texts.js';

export { shortText } from './texts.js';

/** Most seats that one order may hold. */
export const SEATS_MAX = 10_000;
/** Most packages of an add-on that one order may hold. */
export const PACKAGES_MAX = 10_000;
/** Everything that can be priced. */
export const quoteKinds = [...orderKinds, 'scheduled-change', 'refund'] as const;
/** Longest idempotency key, in characters. */
export const IDEMPOTENCY_KEY_LENGTH_MAX = 255;

/** An id. In lower case once it is read, as PostgreSQL writes it: ids are compared as text. */
export const uuid = z.uuid({ error: 'a UUID' }).toLowerCase();

/** An amount in minor units: a decimal integer as text, since JSON numbers lose cents. */
export const amountMinorText = z
  .string()
  .regex(/^(0|[1-9]\d{0,11})$/, { error: 'a whole number of minor units as text, such as "15000"' })
  .meta({ description: 'Minor units (cents) as a decimal integer in a string.', example: '75000' });

/** A key chosen by the caller: the same key gives the same result, whichever door it comes through. */
export const idempotencyKey = z
  .string()
  .regex(/^[\x21-\x7e]{1,255}$/, { error: '1 to 255 printable ASCII characters without blanks' })
  .meta({ description: 'Chosen by the caller; the same key and content give the same result.' });

/** Seats of an order. */
export const seatCount = z
  .int({ error: `a whole number from 1 to ${String(SEATS_MAX)}` })
  .min(1)
  .max(SEATS_MAX);

const currency = z.enum(['USD', 'BRL']);

const periodMonths = z.int().min(1).max(120);
const planId = shortText(40);
const workspaceField = { workspaceId: uuid };

/** Body of `POST /v1/quotes`: what shall be priced. Without `kind` it is a purchase. */
export const quoteRequest = z
  .discriminatedUnion(
    'kind',
    [
      z.strictObject({
        ...workspaceField,
        kind: z.literal('purchase').default('purchase'),
        plan: planId,
        seats: seatCount,
        periodMonths,
      }),
      z.strictObject({ ...workspaceField, kind: z.literal('upgrade'), plan: planId }),
      z.strictObject({
        ...workspaceField,
        kind: z.literal('add-seats'),
        seats: seatCount.meta({ description: 'Seats that come on top.' }),
      }),
      z.strictObject({ ...workspaceField, kind: z.literal('upgrade-and-add-seats'), plan: planId, seats: seatCount }),
      z.strictObject({ ...workspaceField, kind: z.literal('extension'), periodMonths }),
      z.strictObject({ ...workspaceField, kind: z.literal('renewal') }),
      z.strictObject({
        ...workspaceField,
        kind: z.literal('add-on'),
        addOn: shortText(40),
        packages: z.int().min(1).max(PACKAGES_MAX).default(1),
        termMonths: periodMonths,
      }),
      z.strictObject({
        ...workspaceField,
        kind: z.literal('scheduled-change'),
        plan: planId.optional(),
        seats: seatCount.optional().meta({ description: 'All seats of the next term.' }),
        periodMonths: periodMonths.optional(),
      }),
      z.strictObject({
        ...workspaceField,
        kind: z.literal('refund'),
        seats: seatCount.optional().meta({ description: 'Seats that are given back; all without it.' }),
        orderId: uuid.optional().meta({
          description:
            'Where the money shall go back to the payment of one order, as with `subscription: take-back`: its tax is then of that sale.',
        }),
      }),
    ],
    { error: `a request whose kind is one of ${quoteKinds.join(', ')}` },
  )
  .meta({ id: 'QuoteRequest' });

const providerToken = z.string().regex(/^[A-Za-z0-9_-]{4,100}$/, { error: '4 to 100 letters, digits, - and _' });

/** How an order is paid: at the provider (hosted page, or a token of the provider's fields), by the publishing service, or later by its invoice. */
export const orderPayment = z
  .discriminatedUnion('collection', [
    z.strictObject({
      collection: z.literal('provider').meta({ description: 'The payer pays at our payment provider.' }),
      method: z.enum(['card', 'pix', 'paypal']),
      installments: z.int().min(1).max(24).default(1),
      token: providerToken
        .optional()
        .meta({ description: 'A token from the provider’s fields: charged at once, no hosted page.' }),
      stored: z
        .literal(true)
        .optional()
        .meta({ description: 'Charge the stored method at once; `method` must be its kind.' }),
    }),
    z.strictObject({
      collection: z
        .literal('upstream')
        .meta({ description: 'The publishing service collects the money itself and confirms it.' }),
    }),
    z.strictObject({
      collection: z.literal('account').meta({
        description:
          'On account, where the contract allows it: the invoice is issued at once and paid later, and what was ordered is given once it is paid.',
      }),
    }),
  ])
  .meta({ id: 'OrderPayment' });

const inlinePurchase = z
  .strictObject({
    plan: shortText(40),
    seats: seatCount,
    periodMonths: z.int().min(1).max(120),
    expectedAmountMinor: amountMinorText,
    expectedCurrency: currency,
  })
  .meta({
    id: 'InlinePurchase',
    description: 'A purchase without a stored quote: refused when the price differs from what was expected.',
  });

const orderFields = {
  workspaceId: uuid,
  quoteId: uuid.optional(),
  purchase: inlinePurchase.optional(),
  payment: orderPayment,
};

type Priced = { readonly quoteId?: string | undefined; readonly purchase?: unknown };
const isPricedOnce = (order: Priced): boolean => (order.quoteId === undefined) !== (order.purchase === undefined);
const PRICED_ONCE = { path: ['quoteId'], error: 'either quoteId or purchase' };

/** Body of `POST /v1/orders`. Without taxpayer or invoice details of its own an order takes those that its workspace has stored. */
export const placeOrder = z
  .strictObject({ ...orderFields, taxpayer: taxpayer.optional(), invoiceDetails: invoiceDetails.optional() })
  .refine(isPricedOnce, PRICED_ONCE)
  .meta({ id: 'PlaceOrder' });

/** Data of `order.place`: the same without personal data, which has no place in a job. What the workspace has stored is taken. */
export const placeOrderByQueue = z
  .strictObject(orderFields)
  .refine(isPricedOnce, PRICED_ONCE)
  .meta({ id: 'PlaceOrderByQueue' });

/** Body of `POST /v1/orders/{id}/payments`: the same order, paid another way. */
export const payAnotherWay = z
  .strictObject({
    method: z.enum(['card', 'pix', 'paypal']),
    installments: z.int().min(1).max(24).default(1),
    token: providerToken.optional(),
    stored: z.literal(true).optional(),
  })
  .meta({ id: 'PayAnotherWay' });

/** Body of `PUT /v1/workspaces/{id}/scheduled-change`. */
export const scheduleChange = z
  .strictObject({ quoteId: uuid.meta({ description: 'A quote of the kind `scheduled-change`.' }) })
  .meta({ id: 'ScheduleChange' });

/** Body of `PUT /v1/workspaces/{id}/auto-renewal`. */
export const switchAutoRenewal = z.strictObject({ on: z.boolean() }).meta({ id: 'SwitchAutoRenewal' });

/** Body of `POST /v1/workspaces/{id}/payment-methods`. */
export const replaceMethod = z
  .strictObject({ token: providerToken.meta({ description: 'A token from the provider’s fields.' }) })
  .meta({ id: 'ReplaceMethod' });

/** Body of `PUT /v1/workspaces/{id}/price-list`: from the next term on. */
export const movePriceList = z
  .strictObject({ priceListId: shortText(60).nullable(), reason: shortText(500) })
  .meta({ id: 'MovePriceList' });

/** An order named by its id, or by the workspace and the idempotency key it was placed with. */
const orderName = z.union([
  z.strictObject({ orderId: uuid }),
  z.strictObject({ workspaceId: uuid, orderKey: idempotencyKey }),
]);

const upstreamConfirmation = z
  .strictObject({
    provider: z.literal('upstream'),
    workspaceId: uuid,
    order: orderName,
    reference: shortText(120).meta({
      description: 'The upstream service’s own reference of the payment; unique for ever.',
    }),
    amountMinor: amountMinorText,
    currency,
    paidAt: instantText({ error: 'an instant in UTC such as 2026-10-05T15:00:00Z' }),
  })
  // Money is only ever booked for the workspace that the confirmation names, so an order of another one was not meant.
  .refine(({ workspaceId, order }) => !('workspaceId' in order) || order.workspaceId === workspaceId, {
    path: ['order', 'workspaceId'],
    error: 'the workspaceId of the confirmation',
  });

/** Body of `POST /v1/payment-confirmations` and data of `payment-confirmation.record`. */
export const recordPaymentConfirmation = z
  .discriminatedUnion('provider', [
    z.strictObject({
      provider: z.literal('sandbox'),
      workspaceId: uuid,
      reference: shortText(120).meta({
        description: 'The provider’s reference. Amount and state are read back from the provider.',
      }),
    }),
    upstreamConfirmation,
  ])
  .meta({ id: 'RecordPaymentConfirmation' });

/** Body of `POST /v1/seat-provisionings` and data of `seat-provisioning.request`. */
export const requestSeatProvisioning = z.strictObject({ workspaceId: uuid }).meta({ id: 'RequestSeatProvisioning' });

/** Body of `POST /v1/renewal-reminders` and data of `renewal-reminder.request`. */
export const requestRenewalReminder = z.strictObject({ workspaceId: uuid }).meta({ id: 'RequestRenewalReminder' });

/** What can be priced. */
export type QuoteKind = (typeof quoteKinds)[number];
export type QuoteRequest = z.output<typeof quoteRequest>;
export type PlaceOrder = z.output<typeof placeOrder>;
export type OrderPayment = z.output<typeof orderPayment>;
export type MovePriceList = z.output<typeof movePriceList>;
export type ScheduleChange = z.output<typeof scheduleChange>;
export type SwitchAutoRenewal = z.output<typeof switchAutoRenewal>;
export type PayAnotherWay = z.output<typeof payAnotherWay>;
export type ReplaceMethod = z.output<typeof replaceMethod>;
export type RecordPaymentConfirmation = z.output<typeof recordPaymentConfirmation>;
export type RequestSeatProvisioning = z.output<typeof requestSeatProvisioning>;
export type RequestRenewalReminder = z.output<typeof requestRenewalReminder>;
