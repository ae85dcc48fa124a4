import { orderCollections, orderKinds } from '@billfleet/domain';
import { z } from 'zod';
import { instantText } from './instant.js';

const minor = z.string().meta({ description: 'Minor units (cents) as a decimal integer in a string.' });
const day = z.string().meta({ description: 'A civil date in the time zone of the workspace.' });
const instant = z.string().meta({ description: 'ISO 8601, UTC.' });
const limits = z.record(z.string(), z.unknown());

/** What every event about an order says of it. */
const orderFacts = z.object({
  orderId: z.string(),
  number: z.string(),
  kind: z.enum(orderKinds),
  plan: z.string(),
  seats: z.int(),
  periodMonths: z.int(),
  currency: z.enum(['USD', 'BRL']),
  amountMinor: minor,
  taxMinor: minor.meta({ description: 'The part of `amountMinor` that is tax.' }),
  collection: z.enum(orderCollections),
});
/** What every event about an order says of it. Amounts are minor units as text. */
export type OrderFacts = z.output<typeof orderFacts>;

/** What every event about the use of a limit says of it. */
const meterSeen = z.object({
  meter: z.string(),
  used: z.int(),
  limit: z.union([z.object({ amount: z.int() }), z.literal('unlimited'), z.literal('none')]),
  percent: z.int().nullable(),
  breachEndsAt: instant.nullable(),
  newRecordsAllowed: z.boolean(),
  at: instant,
});

/** A kind of event: what it means, in one line, and what its `data` holds. */
export type EventContract = { readonly about: string; readonly data: z.ZodObject };

/**
 * Every kind of event there is, declared once: the SDK, the OpenAPI document and docs/reference/events.md read this value. Receivers pass over
 * fields and types that they do not know, so both may be added.
 */
export const eventTypes = {
  'order.placed': {
    about: 'An order was accepted and waits for its payment.',
    data: orderFacts.extend({ expiresAt: instant }),
  },
  'order.paid': {
    about: 'The money of an order is in the books.',
    data: orderFacts.extend({ attemptId: z.string(), provider: z.string() }),
  },
  'order.fulfilled': {
    about: 'What an order bought has been given. The days are null where it bought none.',
    data: orderFacts.extend({ startsOn: day.nullable(), endsOn: day.nullable() }),
  },
  'order.cancelled': {
    about: 'An unpaid order was cancelled, or replaced by a newer one.',
    data: orderFacts.extend({ reason: z.string() }),
  },
  'order.expired': { about: 'An order was not paid in time.', data: orderFacts },
  'order.refunded': {
    about: 'Money of an order went back to its payer.',
    data: orderFacts.extend({ refundId: z.string(), refundedMinor: minor, reason: z.string() }),
  },
  'order.refund_waits': {
    about:
      'Money of an order that must go back waits for a person: its provider failed to give it (`failed`), the bank of its payer sent it back after it had gone (`came_back`), that bank has the payment in hand (`disputed`), or whoever took it outside of the fleet has to give it (`held_outside`).',
    data: orderFacts.extend({
      refundId: z.string(),
      refundMinor: minor,
      why: z.enum(['failed', 'came_back', 'disputed', 'held_outside']),
      code: z.string(),
    }),
  },
  'order.charged_back': {
    about: 'The bank of the payer takes the money of an order back, and has not decided yet.',
    data: orderFacts.extend({ chargebackId: z.string(), chargedBackMinor: minor, reason: z.string() }),
  },
  'order.chargeback_ended': {
    about: 'The bank has decided: the money stays (`won`), or it is gone (`lost`).',
    data: orderFacts.extend({ chargebackId: z.string(), chargedBackMinor: minor, outcome: z.enum(['won', 'lost']) }),
  },
  'payment.declined': {
    about: 'A try to pay an order was declined; the order can still be paid.',
    data: orderFacts.extend({ attemptId: z.string(), reason: z.string() }),
  },
  'subscription.changed': {
    about:
      'The whole present state of a subscription: after each change of its plan, seats, days, limits or status, and when somebody asks for it again.',
    data: z.object({
      status: z.enum(['active', 'expired', 'closed']),
      plan: z.string(),
      seats: z.int(),
      startsOn: day,
      endsOn: day,
      autoRenewal: z.boolean(),
      access: z
        .enum(['full', 'billing-only'])
        .meta({ description: 'What the workspace may do with the product now; days of grace are `full`.' }),
      limits,
      version: z.int(),
      orderId: z.string().nullable().meta({ description: 'The order that changed it, if it was one.' }),
    }),
  },
  'plan.changed': {
    about: 'The workspace is on another plan; `from` is null for its first one.',
    data: z.object({ from: z.string().nullable(), to: z.string() }),
  },
  'seats.changed': {
    about: 'The workspace has another number of seats.',
    data: z.object({ from: z.int(), to: z.int() }),
  },
  'entitlements.changed': {
    about: 'The limits of the workspace are others; `version` is that of its entitlements.',
    data: z.object({ limits, version: z.int() }),
  },
  'auto_renewal.changed': {
    about: 'Automatic renewal was switched, and by whom.',
    data: z.object({ isOn: z.boolean(), by: z.string() }),
  },
  'subscription.scheduled_change': {
    about: 'What the next term shall be was chosen, or the choice was undone (null).',
    data: z.object({
      scheduled: z
        .object({ plan: z.string().optional(), seats: z.int().optional(), periodMonths: z.int().optional() })
        .nullable(),
      by: z.string(),
    }),
  },
  'subscription.expired': {
    about: 'The last paid day of a subscription is over.',
    data: z.object({ plan: z.string(), seats: z.int(), endsOn: day }),
  },
  'subscription.closed': {
    about: 'A subscription was closed for good by staff; nothing more can be bought for the workspace.',
    data: z.object({ plan: z.string(), seats: z.int(), endsOn: day, by: z.string() }),
  },
  'usage.threshold_reached': {
    about: 'The use of a limit came to a threshold from below.',
    data: meterSeen.extend({ thresholdPercent: z.int() }),
  },
  'usage.blocked': {
    about: 'A limit has stood at 100 % for its time: new records of that kind are refused.',
    data: meterSeen,
  },
  'usage.unblocked': { about: 'A limit that was blocked has room again.', data: meterSeen },
  'credits.granted': {
    about: 'The credits of a month were granted.',
    data: z.object({
      basis: z.string(),
      monthStartsOn: day,
      monthEndsOn: day,
      granted: z.int(),
      sources: z
        .array(z.object({ source: z.string(), endsOn: day.nullable(), granted: z.int(), left: z.int() }))
        .readonly(),
    }),
  },
  'mail.bounced': {
    about:
      'A mail server refused the address that mails of the workspace go to; told once, until the address takes a mail again.',
    data: z.object({
      mailId: z.string(),
      template: z.string(),
      recipient: z.string(),
      code: z.string().meta({ description: 'The reply of the mail server, such as 550.' }),
    }),
  },
  'workspace.country_changed': {
    about: 'A workspace is in another country, with its currency, price list and ways to pay from now on.',
    data: z.object({ from: z.string(), to: z.string(), currency: z.string(), by: z.string() }),
  },
  'renewal.failed': {
    about: 'A renewal could not be charged; `nextTryAt` is null after the last try.',
    data: orderFacts.extend({ attemptId: z.string(), reason: z.string(), nextTryAt: instant.nullable() }),
  },
} as const satisfies Readonly<Record<string, EventContract>>;

export type EventType = keyof typeof eventTypes;
/** What the `data` of a type of event holds. */
export type EventData<Type extends EventType> = z.output<(typeof eventTypes)[Type]['data']>;

/** Every type of event there is. */
export const eventTypeNames = Object.keys(eventTypes) as readonly EventType[];

/** What surrounds the data of every event, as it is told and as it is read. */
export const eventEnvelope = z.object({
  id: z.uuid().meta({ description: 'The same on every try, and the `webhook-id`: drop what you have seen.' }),
  type: z.string().min(1).max(100),
  workspaceId: z.uuid(),
  sequence: z
    .int()
    .min(1)
    .meta({ description: 'Counts the events of the workspace in the order in which they happened, without gaps.' }),
  occurredAt: z.iso.datetime(),
  data: z.record(z.string(), z.unknown()),
});

/** An event, typed by its `type`. */
export type FleetEvent = {
  readonly [Type in EventType]: Readonly<Omit<z.output<typeof eventEnvelope>, 'type' | 'data'>> & {
    readonly type: Type;
    readonly data: EventData<Type>;
  };
}[EventType];

/** Query of `GET /v1/events`. */
export const eventQuery = z
  .strictObject({
    workspaceId: z.uuid({ error: 'a UUID' }).toLowerCase().optional(),
    type: z.enum(eventTypeNames as readonly [EventType, ...EventType[]]).optional(),
    failed: z
      .enum(['true', 'false'])
      .transform((text) => text === 'true')
      .optional(),
    since: instantText({ offset: true, error: 'an instant, such as 2026-09-01T00:00:00Z' }).optional(),
    before: z.uuid({ error: 'the id of an event' }).toLowerCase().optional(),
    afterSequence: z.coerce.number({ error: 'a whole number' }).int().min(0).max(Number.MAX_SAFE_INTEGER).optional(),
    limit: z.coerce.number({ error: 'a whole number from 1 to 200' }).int().min(1).max(200).default(50),
  })
  .refine(({ workspaceId, afterSequence }) => afterSequence === undefined || workspaceId !== undefined, {
    path: ['workspaceId'],
    error: 'the workspace whose numbers are meant by afterSequence',
  });
export type EventQuery = z.output<typeof eventQuery>;

/** Body of `POST /v1/events/{id}/redeliver`. */
export const redeliverEvent = z.strictObject({
  reason: z
    .string()
    .regex(/^[^\p{Cc}\p{Cs}]{3,500}$/u, { error: '3 to 500 characters without control characters' })
    .meta({ description: 'Why; kept in the audit log.' }),
});
export type RedeliverEvent = z.output<typeof redeliverEvent>;
