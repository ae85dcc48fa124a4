import { eventEnvelope } from '@billfleet/contracts';
import { z } from 'zod';

/** An event as it is told, and where its telling stands. */
export const eventView = eventEnvelope
  .extend({
    delivery: z.object({
      status: z.enum(['kept', 'owed', 'delivered', 'given_up', 'gone']),
      tries: z.int(),
      nextTryAt: z.iso.datetime({ offset: true }).nullable(),
    }),
  })
  .meta({ id: 'Event' });

/** One page of events; `next` is what to give as `before` (or, for the events of a workspace in order, as `afterSequence`). */
export const eventPage = z
  .object({ events: z.array(eventView), next: z.union([z.string(), z.int()]).nullable() })
  .meta({ id: 'EventPage' });

/** An event with every try to tell it. */
export const eventWithDeliveriesView = eventView
  .extend({
    deliveries: z.array(
      z.object({
        try: z.int(),
        at: z.iso.datetime({ offset: true }),
        outcome: z.enum(['delivered', 'failed', 'gone']),
        status: z.int().nullable(),
        durationMs: z.int(),
        error: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: 'EventWithDeliveries' });

/** Answer to the wish that an event is told again. */
export const redeliveryView = z
  .object({ id: z.uuid(), status: z.literal('accepted'), href: z.string() })
  .meta({ id: 'Redelivery' });
