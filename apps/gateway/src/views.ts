import { quoteKinds } from '@billfleet/contracts';
import { orderCollections, orderKinds } from '@billfleet/domain';
import { z } from 'zod';
import { access, dataKeptUntil } from './views-usage.js';

const minor = z.string().meta({ description: 'Minor units as a decimal integer.', example: '75000' });

const line = z
  .looseObject({
    amountMinor: z.string(),
    tax: z
      .looseObject({
        kind: z.enum(['inclusive', 'exclusive', 'reverse-charge', 'as-paid']),
        name: z.object({ en: z.string(), es: z.string(), 'pt-BR': z.string() }),
        percent: z.string().optional(),
        netMinor: z.string(),
        taxMinor: z.string(),
      })
      .optional()
      .meta({ description: 'Left out where nothing is taxed; `amountMinor` is net amount and tax.' }),
  })
  .meta({ description: 'See docs/reference/quote-format.md.' });

const taxTotals = {
  netMinor: z.string().optional().meta({ description: 'Left out where nothing is taxed, as `taxMinor`.' }),
  taxMinor: z.string().optional(),
};

const signedMinor = z.string().meta({ description: 'Minor units as a decimal integer.', example: '-4500' });

const basis = z
  .object({ plan: z.string(), seats: z.int(), priceListId: z.string(), endsOn: z.iso.date() })
  .meta({ description: 'What a change was priced against.' });
const addOn = z.object({ id: z.string(), packages: z.int(), termMonths: z.int(), endsOn: z.iso.date() });

/** Answer of `POST /v1/workspaces`. */
export const workspaceView = z
  .object({
    id: z.uuid(),
    name: z.string(),
    country: z.string(),
    currency: z.string(),
    timeZone: z.string(),
    locale: z.string(),
    billingEmail: z.string().nullable(),
    trialEndsOn: z.string().nullable(),
  })
  .meta({ id: 'Workspace' });

/** Answer of `POST /v1/quotes`. */
export const quoteView = z
  .object({
    id: z.uuid(),
    workspaceId: z.uuid(),
    kind: z.enum(quoteKinds),
    plan: z.string(),
    seats: z.int(),
    periodMonths: z.int(),
    payMonths: z.int().optional().meta({ description: 'Of a purchase, as `percentOff` and `unitPriceMinor`.' }),
    percentOff: z.string().optional(),
    priceListId: z.string(),
    catalogueVersion: z.string(),
    currency: z.string(),
    unitPriceMinor: minor.optional(),
    amountMinor: signedMinor.meta({ description: 'What is to be paid now, tax and all; negative for a refund.' }),
    ...taxTotals,
    lines: z.array(line),
    startsOn: z.iso.date(),
    endsOn: z.iso.date(),
    anchorOn: z.iso.date(),
    trialDaysAdded: z.int().optional(),
    basis: basis.optional(),
    addOn: addOn.optional(),
    atRenewal: z
      .object({
        on: z.iso.date(),
        plan: z.string(),
        seats: z.int(),
        periodMonths: z.int(),
        priceListId: z.string(),
        amountMinor: minor,
        ...taxTotals,
        lines: z.array(line),
      })
      .optional()
      .meta({ description: 'What the next term costs; left out when nothing is left to renew.' }),
    changes: z.array(
      z.object({
        on: z.string().meta({ description: '`payment`, `confirmation` or a day.' }),
        what: z.enum(['plan', 'seats', 'period', 'price-list', 'end', 'add-on']),
        from: z.string().nullable(),
        to: z.string().nullable(),
      }),
    ),
    installments: z.array(z.object({ count: z.int(), amountsMinor: z.array(minor) })),
    detailsNeeded: z.array(z.enum(['taxpayer'])).meta({
      description: 'What an order must bring along, since the workspace has not stored it: see its taxpayer details.',
    }),
    hash: z.string(),
    expiresAt: z.iso.datetime(),
  })
  .meta({ id: 'Quote' });

/** Answer of requests that are accepted and carried out by the fleet. */
export const acceptedView = z
  .object({ id: z.uuid(), status: z.literal('accepted'), isReplay: z.boolean(), href: z.string() })
  .meta({ id: 'Accepted', description: 'The request is committed; `href` shows how far it is.' });

/** An order with its ways to pay and its history. */
export const orderView = z
  .object({
    id: z.uuid(),
    number: z.string(),
    workspaceId: z.uuid(),
    kind: z.enum(orderKinds),
    status: z.enum(['awaiting_payment', 'paid', 'fulfilled', 'cancelled', 'expired', 'refund_due', 'refunded']),
    statusReason: z.string().nullable(),
    plan: z.string(),
    seats: z.int(),
    periodMonths: z.int(),
    currency: z.string(),
    amountMinor: minor,
    taxMinor: minor.meta({ description: 'The part of the amount that is tax.' }),
    lines: z.array(line),
    basis: basis.nullable(),
    addOn: addOn.nullable(),
    collection: z.enum(orderCollections),
    method: z.string().nullable(),
    installments: z.int(),
    billedTo: z
      .object({ name: z.string().nullable(), taxNumber: z.string().nullable(), country: z.string().nullable() })
      .nullable()
      .meta({
        description: 'Whom the order bills, as it was when it was placed; the number is masked. Null for nobody.',
      }),
    placedBy: z
      .string()
      .nullable()
      .meta({ description: 'The person or the key; null where the fleet did it by itself.' }),
    createdAt: z.iso.datetime(),
    statusAt: z.iso.datetime(),
    expiresAt: z.iso.datetime(),
    dueAt: z.iso
      .datetime()
      .nullable()
      .meta({ description: 'Until when the invoice of an order on account is to be paid; null for every other.' }),
    attempts: z.array(z.record(z.string(), z.unknown())),
    chargebacks: z
      .array(
        z.object({ id: z.uuid(), status: z.enum(['open', 'won', 'lost']), amountMinor: minor, reason: z.string() }),
      )
      .meta({ description: 'Payments of the order that the payer’s bank takes back, or tried to.' }),
    timeline: z.array(z.record(z.string(), z.unknown())),
  })
  .meta({ id: 'Order' });

/** What an idempotency key stands for, whichever door it came through. */
export const requestView = z
  .object({
    idempotencyKey: z.string(),
    operation: z.string(),
    status: z.enum(['accepted', 'refused']),
    ref: z.uuid().nullable(),
    href: z.string().nullable(),
    problem: z.record(z.string(), z.unknown()).nullable(),
  })
  .meta({ id: 'Request' });

/** A reminder that was asked for. */
export const reminderView = z
  .object({ id: z.uuid(), workspaceId: z.uuid(), status: z.string(), outcome: z.string().nullable() })
  .meta({ id: 'Reminder' });

/** A subscription with what its admins see and switch. */
export const subscriptionView = z
  .object({
    workspaceId: z.uuid(),
    status: z.enum(['active', 'expired', 'closed']),
    access,
    dataKeptUntil,
    plan: z.string(),
    seats: z.int(),
    periodMonths: z.int(),
    priceListId: z.string(),
    nextPriceListId: z.string().nullable(),
    anchorOn: z.iso.date(),
    startsOn: z.iso.date(),
    endsOn: z.iso.date(),
    autoRenewal: z.object({ on: z.boolean(), by: z.string(), at: z.string() }),
    scheduled: z
      .object({
        plan: z.string().optional(),
        seats: z.int().optional(),
        periodMonths: z.int().optional(),
        by: z.string(),
        at: z.string(),
      })
      .nullable()
      .meta({ description: 'What the next term shall be; what is left out stays.' }),
    terms: z.array(z.record(z.string(), z.unknown())),
    addOns: z.array(z.record(z.string(), z.unknown())),
    paymentMethods: z.array(
      z.object({ method: z.string(), brand: z.string(), last4: z.string(), expiresOn: z.string() }),
    ),
    version: z.int(),
  })
  .meta({ id: 'Subscription' });

/** A method that is to be stored. */
export const methodSetupView = z
  .object({
    id: z.uuid(),
    workspaceId: z.uuid(),
    status: z.enum(['submitting', 'stored', 'declined']),
    failure: z.record(z.string(), z.unknown()).nullable(),
  })
  .meta({ id: 'MethodSetup' });
