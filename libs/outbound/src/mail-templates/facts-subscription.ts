import { orderKinds } from '@billfleet/domain';
import { z } from 'zod';
import { amount, civilDay, instant, method, order, payOrderId, singleLine, workspace } from './fact-parts.js';

/** An order that was paid and carried out. */
export const receipt = z.object({
  ...order,
  method,
  /** What was paid for; a purchase when left out. */
  bought: z.enum(orderKinds).default('purchase'),
  /** Seats that came on top of those that there were. */
  seatsAdded: z.int().positive().optional(),
  /** What happens at the end of the paid time, where the order decided about it: charged by itself, turned on again by this payment, or not. */
  renewal: z
    .discriminatedUnion('is', [
      z.object({ is: z.enum(['on', 'turned-on']), chargesOn: civilDay }),
      z.object({ is: z.literal('off') }),
    ])
    .optional(),
  /** Left out where an order is not for a whole period, such as seats that are added to a running one. */
  periodMonths: z.int().positive().optional(),
  /** From the first day that is paid for to the day on which the next term begins; both are printed as they are. */
  startsOn: civilDay,
  endsOn: civilDay,
  paidAt: instant,
});

const renewal = {
  ...workspace,
  planName: singleLine,
  seats: z.int().positive(),
  periodMonths: z.int().positive(),
  /** The price of the next term. */
  amount,
  /** The day on which the paid term ends and the next one would begin. */
  endsOn: civilDay,
  orderNumber: singleLine.optional(),
};

/** What will happen at the end of a term. */
export const renewalReminder = z.discriminatedUnion('variant', [
  z.object({ variant: z.literal('will-be-charged'), ...renewal, method, chargesOn: civilDay }),
  z.object({ variant: z.literal('will-expire'), ...renewal, payOrderId: payOrderId.optional() }),
]);

/** The month in which a card ends; it is good to the end of it. */
const month = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/);

/** A stored card that ends before it is charged. */
export const cardExpiring = z.object({
  ...workspace,
  planName: singleLine,
  method,
  expiresIn: month,
  chargesOn: civilDay,
  endsOn: civilDay,
});

/** `endedOn`: the first day without the subscription; `keptUntil`: the first day on which its data need not be kept. */
export const dataEnding = z.object({ ...workspace, planName: singleLine, endedOn: civilDay, keptUntil: civilDay });

/**
 * A term that ended without being renewed. `worksUntil`: the first day without full use, left out where there are no days of grace;
 * `keptUntil`: the first day on which its data need not be kept; `payOrderId`: the renewal order that can still be paid.
 */
export const subscriptionExpired = z.object({
  ...workspace,
  planName: singleLine,
  seats: z.int().positive(),
  endedOn: civilDay,
  worksUntil: civilDay.optional(),
  keptUntil: civilDay,
  payOrderId: payOrderId.optional(),
});

/** Who did something: a person by his id in the host product, a key by its name, or in words. */
const doer = z.object({ kind: z.enum(['person', 'key', 'other']), name: singleLine });

const autoRenewal = {
  ...workspace,
  planName: singleLine,
  seats: z.int().positive(),
  by: doer,
  switchedAt: instant,
  /** The day on which the paid term ends and the next one would begin. */
  endsOn: civilDay,
};

/** Automatic renewal that somebody switched. `chargesOn` is left out where no term is left whose end would be charged. */
export const autoRenewalSwitched = z.discriminatedUnion('is', [
  z.object({ is: z.literal('on'), ...autoRenewal, method, chargesOn: civilDay.optional() }),
  z.object({ is: z.literal('off'), ...autoRenewal }),
]);

const storedMethod = method.extend({ brand: singleLine.optional() });

/** A method that was stored, in the place of another where there was one. */
export const methodReplaced = z.object({
  ...workspace,
  method: storedMethod,
  before: storedMethod.optional(),
  by: doer,
  storedAt: instant,
});
