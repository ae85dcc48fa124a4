import { z } from 'zod';

const minor = z.string().meta({ description: 'Minor units as a decimal integer.', example: '75000' });

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
    kind: z.literal('purchase'),
    plan: z.string(),
    seats: z.int(),
    periodMonths: z.int(),
    payMonths: z.int(),
    percentOff: z.string().optional(),
    priceListId: z.string(),
    currency: z.string(),
    unitPriceMinor: minor,
    amountMinor: minor,
    lines: z.array(z.record(z.string(), z.unknown())),
    installments: z.array(z.object({ count: z.int(), amountsMinor: z.array(minor) })),
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
    kind: z.string(),
    status: z.enum(['awaiting_payment', 'paid', 'fulfilled', 'cancelled', 'expired', 'refund_due', 'refunded']),
    statusReason: z.string().nullable(),
    plan: z.string(),
    seats: z.int(),
    periodMonths: z.int(),
    currency: z.string(),
    amountMinor: minor,
    lines: z.array(z.record(z.string(), z.unknown())),
    collection: z.string(),
    method: z.string().nullable(),
    installments: z.int(),
    createdAt: z.iso.datetime(),
    statusAt: z.iso.datetime(),
    expiresAt: z.iso.datetime(),
    attempts: z.array(z.record(z.string(), z.unknown())),
    timeline: z.array(z.record(z.string(), z.unknown())),
  })
  .meta({ id: 'Order' });

/** What a workspace may use. */
export const entitlementsView = z
  .object({
    workspaceId: z.uuid(),
    status: z.string(),
    plan: z.string(),
    seats: z.int(),
    startsOn: z.string(),
    endsOn: z.string(),
    autoRenewal: z.boolean(),
    limits: z.record(z.string(), z.unknown()),
    version: z.int(),
  })
  .meta({ id: 'Entitlements' });

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
