import { isCivilDate, isCurrency, money, orderKinds } from '@billfleet/domain';
import type { CivilDate, Currency } from '@billfleet/domain';
import { z } from 'zod';

const NAME_LENGTH_MAX = 200;
/** Control characters, Unicode line breaks and overrides of direction: none may shape a subject or a line of text. */
// eslint-disable-next-line no-control-regex -- control characters are what this looks for
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]+/g;

const singleLine = z
  .string()
  .max(NAME_LENGTH_MAX)
  .transform((text) => text.replace(UNPRINTABLE, ' ').trim())
  .pipe(z.string().min(1));

const currencyCode = z
  .string()
  .refine((text): text is Currency => isCurrency(text), { error: 'a currency that is sold in' });
const civilDay = z
  .string()
  .refine((text): text is CivilDate => isCivilDate(text), { error: 'a day such as 2026-09-01' });
const instant = z.iso.datetime({ offset: true }).transform((text) => new Date(text));

const amount = z
  .object({ amountMinor: z.string().regex(/^(0|[1-9]\d{0,11})$/), currency: currencyCode })
  .transform((wire) => money(BigInt(wire.amountMinor), wire.currency));

const method = z.object({
  kind: z.enum(['card', 'paypal', 'pix', 'offline']),
  /** The last four digits of a card, when they are known. */
  last4: z
    .string()
    .regex(/^\d{4}$/)
    .optional(),
});

/** Where the button leads: a path below the public address, so that no payload can point a mail at another site. */
const actionPath = z
  .string()
  .max(500)
  .regex(/^\/(?![/\\])[\w\-./~%?=&:,@+]*$/);

/** The order that the button lets its reader pay without a login; the link is made when the mail is written. */
const payOrderId = z.uuid();

const workspace = { workspaceName: singleLine, actionPath };
const order = { ...workspace, orderNumber: singleLine, planName: singleLine, seats: z.int().positive(), amount };

const receipt = z.object({
  ...order,
  method,
  /** What was paid for; a purchase when left out. */
  bought: z.enum(orderKinds).default('purchase'),
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

const renewalReminder = z.discriminatedUnion('variant', [
  z.object({ variant: z.literal('will-be-charged'), ...renewal, method, chargesOn: civilDay }),
  z.object({ variant: z.literal('will-expire'), ...renewal, payOrderId: payOrderId.optional() }),
]);

/** The month in which a card ends; it is good to the end of it. */
const month = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/);

const cardExpiring = z.object({
  ...workspace,
  planName: singleLine,
  method,
  expiresIn: month,
  chargesOn: civilDay,
  endsOn: civilDay,
});

/** `endedOn`: the first day without the subscription; `keptUntil`: the first day on which its data need not be kept. */
const dataEnding = z.object({ ...workspace, planName: singleLine, endedOn: civilDay, keptUntil: civilDay });

/** Why a payment was declined, in the words that every language has a text for. */
export type DeclineReason =
  | 'insufficient_funds'
  | 'card_expired'
  | 'card_details_wrong'
  | 'limit_exceeded'
  | 'confirmation_failed'
  | 'bank_refused'
  | 'no_more_tries'
  | 'provider_trouble'
  | 'other';

/** The codes of providers, and the kinds of failure that our port knows, by what they mean to the payer. */
const DECLINE_CODES: Readonly<Record<Exclude<DeclineReason, 'other'>, readonly string[]>> = {
  insufficient_funds: ['insufficient_funds', 'not_enough_balance'],
  card_expired: ['card_expired', 'expired_card'],
  card_details_wrong: [
    'card_details_wrong',
    'incorrect_number',
    'invalid_number',
    'incorrect_cvc',
    'invalid_cvc',
    'invalid_expiry_month',
    'invalid_expiry_year',
  ],
  limit_exceeded: ['limit_exceeded', 'card_velocity_exceeded', 'withdrawal_count_limit_exceeded'],
  confirmation_failed: ['confirmation_failed', 'authentication', 'authentication_required', 'authentication_failed'],
  bank_refused: [
    'bank_refused',
    'decline-hard',
    'card_declined',
    'generic_decline',
    'do_not_honor',
    'refused',
    'lost_card',
    'stolen_card',
    'fraudulent',
  ],
  no_more_tries: ['no_more_tries', 'do-not-retry', 'do_not_try_again', 'revocation_of_authorization'],
  provider_trouble: ['provider_trouble', 'unavailable', 'timeout', 'processing_error', 'issuer_not_available'],
};

const reasonByCode: ReadonlyMap<string, DeclineReason> = new Map(
  (Object.keys(DECLINE_CODES) as Exclude<DeclineReason, 'other'>[]).flatMap((reason) =>
    DECLINE_CODES[reason].map((code) => [code, reason] as const),
  ),
);

/** What a provider's code means to its payer; one that nobody knows is the general case. */
export function declineReasonOf(code: string): DeclineReason {
  return reasonByCode.get(code) ?? 'other';
}

const paymentDeclined = z.object({
  ...order,
  method,
  /** A reason or a provider's code. Providers invent codes; one that is not known is told as the general case. */
  reason: z.string().transform(declineReasonOf),
  triedAt: instant,
  /** When the same method is tried again without anybody's doing. */
  nextTryAt: instant.optional(),
  /** What is asked of the payer where the stored method is not tried again. */
  asks: z.enum(['ask-to-confirm', 'ask-for-another-method']).optional(),
  payOrderId: payOrderId.optional(),
});

const paymentRefunded = z.object({
  ...workspace,
  orderNumber: singleLine,
  amount,
  method,
  reason: z
    .enum([
      'late_payment',
      'double_payment',
      'order_replaced',
      'subscription_exists',
      'subscription_changed',
      'subscription_ended',
      'add_on_outlives_plan',
      'seats_returned',
      'subscription_closed',
      'goodwill',
      'undone',
      'other',
    ])
    .catch('other'),
  refundedAt: instant,
});

/** A use of a limit. Counts are whole numbers of the thing itself. */
const usage = {
  ...workspace,
  /** What is counted, as the catalogue labels it. */
  meterName: singleLine,
  used: z.int().nonnegative(),
  limit: z.int().positive(),
};

const usageWarning = z.object({ ...usage, thresholdPercent: z.int().min(1).max(100) });

/** `blocksAt`: from when on no new records of this kind are taken. */
const usageLimitReached = z.object({ ...usage, blocksAt: instant });
/** What goes to the person who is to be called: nothing that somebody else could have written for him to read. */
const enterpriseReceived = z.object({ ...workspace, contactName: singleLine, seats: z.int().positive().optional() });

const enterpriseRequested = z.object({
  ...workspace,
  contactName: singleLine,
  contactEmail: singleLine,
  contactPhone: singleLine.optional(),
  company: singleLine.optional(),
  seats: z.int().positive().optional(),
  message: z
    .string()
    .max(2_000)
    .transform((text) => text.replace(UNPRINTABLE, ' ').trim())
    .optional(),
});

/** What a bank's app reads: letters, digits and signs of ASCII, so that nothing in it can look like another text. */
const pixCode = z
  .string()
  .max(512)
  .regex(/^[\x20-\x7e]+$/);

/** `payUntil`: the end of the code. */
const orderToPay = z.object({ ...order, pixCode, payUntil: instant, payOrderId });

const orderExpired = z.object({ ...order, expiredAt: instant });

const seatsReduced = z.object({
  ...workspace,
  planName: singleLine,
  seatsBefore: z.int().positive(),
  seats: z.int().positive(),
  endsOn: civilDay,
  /** What is given back for the seats, where it is. */
  amount: amount.optional(),
});

const subscriptionClosed = z.object({
  ...workspace,
  planName: singleLine,
  /** Those that it had. */
  seats: z.int().positive(),
  /** What is given back, where anything is. */
  amount: amount.optional(),
});

const chargebackOpened = z.object({ ...workspace, orderNumber: singleLine, amount, openedAt: instant });

/**
 * The facts that each template is written from, as schemas: `mailFacts[template].parse(payload)` reads the stored JSON.
 * On the wire amounts are decimal-integer texts of minor units, instants ISO 8601 texts and days `YYYY-MM-DD`.
 */
export const mailFacts = {
  order_to_pay: orderToPay,
  receipt,
  renewal_reminder: renewalReminder,
  card_expiring: cardExpiring,
  data_ending: dataEnding,
  payment_declined: paymentDeclined,
  payment_refunded: paymentRefunded,
  order_expired: orderExpired,
  usage_warning: usageWarning,
  usage_limit_reached: usageLimitReached,
  seats_reduced: seatsReduced,
  subscription_closed: subscriptionClosed,
  chargeback_opened: chargebackOpened,
  enterprise_received: enterpriseReceived,
  enterprise_requested: enterpriseRequested,
};

/** The name of a template. */
export type MailTemplate = keyof typeof mailFacts;

/** Facts of each template as they are stored. */
export type StoredMailFacts = { readonly [T in MailTemplate]: z.input<(typeof mailFacts)[T]> };

/** Facts of each template once parsed: amounts as `Money`, instants as `Date`. */
export type MailFacts = { readonly [T in MailTemplate]: z.output<(typeof mailFacts)[T]> };

/** What a receiver is told about how a payment was made. */
export type MailPaymentMethod = z.output<typeof method>;

/** All template names. */
export const mailTemplates = Object.keys(mailFacts) as readonly MailTemplate[];

/** Says whether a text names a template. */
export function isMailTemplate(text: string): text is MailTemplate {
  return Object.hasOwn(mailFacts, text);
}
