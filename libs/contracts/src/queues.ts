import type { Action } from '@billfleet/domain';
import type { z } from 'zod';
import {
  placeOrderByQueue,
  recordPaymentConfirmation,
  requestRenewalReminder,
  requestSeatProvisioning,
} from './commands.js';

/** The door through which trusted upstream services put a request on a queue. */
export type IntakeContract<Name extends string = string, Schema extends z.ZodType = z.ZodType> = {
  /** Job name, which is also the operation that idempotency keys belong to. */
  readonly name: Name;
  readonly payload: Schema;
  /** The scope that the publisher's API key needs. */
  readonly scope: Scope;
  /** What the role of the publisher's key must allow. */
  readonly action: Action;
};

/** A queue, declared once: producer, consumer, gateway, SDK and documents all read this value. */
export type QueueContract<
  Name extends string = string,
  Kind extends string = string,
  Intake extends IntakeContract | undefined = IntakeContract | undefined,
> = {
  readonly name: Name;
  /** The kinds of owed work that travel on it; `ref` names the row that each kind is about. */
  readonly kinds: Readonly<Record<Kind, { readonly ref: string }>>;
  readonly intake: Intake;
  /** Jobs that one worker process holds at a time; what they carry is gathered into one batch. */
  readonly concurrency: number;
  /** Failed tries after which a row is dead and waits for a person: about three hours. Outages do not count. */
  readonly attemptsMax: number;
};

/** What an API key may do. */
export type Scope = 'publish' | 'read' | 'admin';

const defineQueue = <const Name extends string, const Kind extends string, Intake extends IntakeContract | undefined>(
  queue: QueueContract<Name, Kind, Intake>,
): QueueContract<Name, Kind, Intake> => queue;

const defineIntake = <const Name extends string, Schema extends z.ZodType>(
  intake: IntakeContract<Name, Schema>,
): IntakeContract<Name, Schema> => intake;

/** Opens checkouts and charges tokens at the payment provider. */
export const orderQueue = defineQueue({
  name: 'order',
  kinds: {
    'checkout.open': { ref: 'attempt' },
    'token.charge': { ref: 'attempt' },
    'checkout.cancel': { ref: 'attempt' },
    'method.store': { ref: 'method_setup' },
  },
  intake: defineIntake({ name: 'order.place', payload: placeOrderByQueue, scope: 'publish', action: 'buy' }),
  concurrency: 32,
  attemptsMax: 20,
});

/** Reads payments back from the provider and moves money into the books. */
export const paymentConfirmationQueue = defineQueue({
  name: 'payment-confirmation',
  kinds: {
    'notice.apply': { ref: 'payment_notice' },
    'attempt.check': { ref: 'attempt' },
    'refund.send': { ref: 'refund' },
    // A refund that the provider has in hand, since its webhook may never come.
    'refund.check': { ref: 'refund' },
    // A day of a provider's record is compared with the books; something that differed is repaired.
    'settlement.reconcile': { ref: 'reconciliation_run' },
    'settlement.repair': { ref: 'reconciliation_finding' },
  },
  intake: defineIntake({
    name: 'payment-confirmation.record',
    payload: recordPaymentConfirmation,
    scope: 'publish',
    action: 'pay',
  }),
  concurrency: 32,
  attemptsMax: 20,
});

/** Applies paid orders: days, seats, plan. */
export const seatProvisioningQueue = defineQueue({
  name: 'seat-provisioning',
  kinds: {
    'order.apply': { ref: 'orders' },
    'subscription.turn': { ref: 'subscription' },
    'workspace.announce': { ref: 'workspace' },
  },
  intake: defineIntake({
    name: 'seat-provisioning.request',
    payload: requestSeatProvisioning,
    scope: 'publish',
    action: 'provision',
  }),
  concurrency: 32,
  attemptsMax: 20,
});

/** Decides what one subscription needs now. */
export const renewalReminderQueue = defineQueue({
  name: 'renewal-reminder',
  kinds: { 'reminder.decide': { ref: 'reminder' }, 'renewal.decide': { ref: 'subscription' } },
  intake: defineIntake({
    name: 'renewal-reminder.request',
    payload: requestRenewalReminder,
    scope: 'publish',
    action: 'provision',
  }),
  concurrency: 32,
  attemptsMax: 20,
});

/** Sends mail, tells the host product, asks what it gives, and issues documents: slow, so apart from all that decides. */
export const deliveryQueue = defineQueue({
  name: 'delivery',
  kinds: {
    'mail.send': { ref: 'notification' },
    // The next events of a workspace, in order; and one event again, outside of the order.
    'host.tell': { ref: 'workspace' },
    'host.retell': { ref: 'event' },
    'seats.check': { ref: 'workspace' },
    'invoice.issue': { ref: 'orders' },
    'credit-note.issue': { ref: 'refund' },
    // The credit note of an order on account that ended without being paid.
    'cancellation-note.issue': { ref: 'orders' },
    'document.render': { ref: 'document_pdf' },
  },
  intake: undefined,
  concurrency: 32,
  attemptsMax: 20,
});

/** All the queues there are. */
export const queues = [
  orderQueue,
  paymentConfirmationQueue,
  seatProvisioningQueue,
  renewalReminderQueue,
  deliveryQueue,
] as const;

export type AnyQueue = (typeof queues)[number];
export type QueueName = AnyQueue['name'];
/** The kinds of work of one queue. */
export type KindOf<Q extends QueueContract> = Q extends QueueContract<string, infer Kind> ? Kind : never;
/** What a handler of the queue's intake receives. */
export type IntakeOf<Q extends QueueContract> =
  Q['intake'] extends IntakeContract<string, infer Schema> ? z.output<Schema> : never;
/** What a publisher hands to the queue's intake. */
export type IntakeInputOf<Q extends QueueContract> =
  Q['intake'] extends IntakeContract<string, infer Schema> ? z.input<Schema> : never;
/** The queues that upstream services may publish to. */
export type IntakeQueue = Exclude<AnyQueue, typeof deliveryQueue>;
export type IntakeName = IntakeQueue['intake']['name'];
