import type { BillingShown, Offers } from '@billfleet/billing';
import { orderCollections, orderKinds } from '@billfleet/domain';
import { z } from 'zod';
import { payState } from './views-order-history.js';
import { quoteView } from './views.js';
import { access } from './views-usage.js';

const minor = z.string().meta({ description: 'Minor units as a decimal integer.', example: '75000' });
const day = z.iso.date();
const instant = z.iso.datetime();
const method = z.enum(['card', 'pix', 'paypal']);
const limit = z.union([z.object({ amount: z.int() }), z.literal('unlimited'), z.literal('none')]);
const rule = z
  .object({
    kind: z.enum(['flat', 'per-seat', 'per-seat-from', 'unlimited', 'none']),
    amount: z.int().optional(),
    included: z.int().optional(),
    perSeat: z.int().optional(),
    fromSeat: z.int().optional(),
  })
  .meta({ description: 'How the limit follows from the seats.' });

const unpaidOrder = z.object({
  id: z.uuid(),
  number: z.string(),
  kind: z.enum(orderKinds),
  status: z.literal('awaiting_payment'),
  state: payState,
  collection: z.enum(orderCollections),
  name: z.string(),
  seats: z.int(),
  periodMonths: z.int(),
  currency: z.string(),
  amountMinor: minor,
  method: method.nullable(),
  installments: z.int(),
  createdAt: instant,
  expiresAt: instant,
  dueAt: instant
    .nullable()
    .meta({ description: 'Until when the invoice of an order on account is to be paid; null for every other.' }),
  open: z
    .object({
      status: z.enum(['submitting', 'pending', 'unknown', 'succeeded', 'declined', 'cancelled', 'expired']),
      isCharge: z.boolean(),
      checkoutUrl: z.string().nullable(),
      pixCode: z.string().nullable(),
      expiresAt: instant,
    })
    .nullable(),
  declined: z
    .object({
      reason: z.string(),
      at: instant,
      asks: z.enum(['ask-to-confirm', 'ask-for-another-method']).nullable(),
    })
    .nullable()
    .meta({ description: 'Why the last try failed, in a word of ours; never the text of a bank.' }),
  nextTryAt: instant.nullable().meta({ description: 'When the stored method is charged again by itself.' }),
});

/** Answer of `GET /v1/workspaces/{id}/billing`. */
export const billingShownView = z
  .object({
    workspaceId: z.uuid(),
    now: instant,
    today: day.meta({ description: 'The day that the clocks of the workspace show.' }),
    status: z.enum(['none', 'trialing', 'trial_ended', 'active', 'grace', 'expired', 'closed']),
    access,
    trial: z.object({ endsOn: day, daysLeft: z.int() }).nullable(),
    subscription: z
      .object({
        plan: z.string(),
        planName: z.string(),
        seats: z.int(),
        periodMonths: z.int(),
        startsOn: day,
        endsOn: day,
        graceEndsOn: day,
        dataKeptUntil: day,
        daysLeft: z.int(),
        isExpiring: z.boolean().meta({ description: 'The end is near, and nothing renews it by itself.' }),
        autoRenewal: z.object({ on: z.boolean(), by: z.string(), at: z.string() }),
        scheduled: z
          .object({
            plan: z.string().optional(),
            seats: z.int().optional(),
            periodMonths: z.int().optional(),
            by: z.string(),
            at: z.string(),
          })
          .nullable(),
      })
      .nullable(),
    seatsInUse: z.int(),
    method: z
      .object({
        method,
        brand: z.string(),
        last4: z.string(),
        expiresOn: z.string(),
        expiresFirst: z.boolean().meta({ description: 'The card ends before it is charged next.' }),
      })
      .nullable(),
    methodPage: z
      .url()
      .nullable()
      .meta({ description: 'Where a new method is typed in at the provider; it leads back with a `token`.' }),
    next: z
      .object({
        on: day,
        isCharged: z.boolean().meta({ description: 'Charged by itself on that day; else it has to be paid by then.' }),
        plan: z.string(),
        seats: z.int(),
        periodMonths: z.int(),
        currency: z.string(),
        amountMinor: minor,
      })
      .nullable()
      .meta({ description: 'The next term at the present price list.' }),
    unpaid: z.array(unpaidOrder),
    isApplying: z.boolean().meta({ description: 'A payment has come and is being applied.' }),
    extensionBar: z
      .enum(['not_bought', 'closed', 'auto_renewal_on', 'next_term_paid', 'term_over'])
      .nullable()
      .meta({ description: 'Why the term cannot be extended by hand now; null when it can.' }),
    enterpriseRequestId: z.uuid().nullable(),
  })
  .meta({ id: 'BillingOverview' });

const periodPrice = z.object({
  periodMonths: z.int(),
  payMonths: z.int(),
  percentOff: z.int(),
  termUnitMinor: minor.meta({ description: 'One seat for the whole term.' }),
  fullUnitMinor: minor.meta({ description: 'As many months at the full price.' }),
  perMonthMinor: minor.meta({ description: 'One seat for a month, rounded; only to be shown.' }),
});

/** Answer of `GET /v1/workspaces/{id}/offers`. */
export const offersView = z
  .object({
    workspaceId: z.uuid(),
    currency: z.string(),
    priceListId: z.string().nullable(),
    seats: z.object({
      asked: z.int(),
      min: z.int(),
      max: z.int(),
      inUse: z.int(),
      paid: z.int().nullable(),
    }),
    limits: z.array(z.object({ name: z.string(), label: z.string(), resets: z.enum(['never', 'monthly']) })),
    plans: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        move: z.enum(['purchase', 'current', 'upgrade', 'downgrade', 'on-request', 'not-sold']),
        features: z.array(z.string()),
        rules: z.record(z.string(), rule),
        limits: z.record(z.string(), limit),
        prices: z.array(periodPrice),
      }),
    ),
    addOns: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        limit: z.string(),
        amount: z.int(),
        termMonths: z.array(z.int()),
        packagesMax: z.int(),
        monthlyMinor: minor.nullable(),
        bar: z.enum(['not_bought', 'not_counted', 'not_priced']).nullable(),
      }),
    ),
    methods: z.array(z.object({ method, isAvailable: z.boolean(), renewsItself: z.boolean() })),
    needsTaxpayer: z.boolean(),
    hasInstallments: z.boolean(),
  })
  .meta({ id: 'Offers' });

/** Answer of `GET /v1/quotes/{id}`. */
export const storedQuoteView = quoteView
  // What its order would have to bring along changes with what the workspace stores; `taxpayer-details` says it.
  .omit({ detailsNeeded: true })
  .extend({ orderId: z.uuid().nullable().meta({ description: 'The order that was placed from it, if there is one.' }) })
  .meta({ id: 'StoredQuote' });

/** The first screen, with amounts as text. */
export function billingShown({ next, ...rest }: BillingShown, methodPage: string | null): Record<string, unknown> {
  return { ...rest, methodPage, next: next === null ? null : { ...next, amountMinor: next.amountMinor.toString() } };
}

/** What is on sale, with amounts as text. */
export function offersShown({ plans, addOns, ...rest }: Offers): Record<string, unknown> {
  return {
    ...rest,
    plans: plans.map(({ prices, ...plan }) => ({
      ...plan,
      prices: prices.map((price) => ({
        ...price,
        termUnitMinor: price.termUnitMinor.toString(),
        fullUnitMinor: price.fullUnitMinor.toString(),
        perMonthMinor: price.perMonthMinor.toString(),
      })),
    })),
    addOns: addOns.map((addOn) => ({ ...addOn, monthlyMinor: addOn.monthlyMinor?.toString() ?? null })),
  };
}
