import { z } from 'zod';
import {
  UNPRINTABLE,
  amount,
  civilDay,
  instant,
  method,
  order,
  payOrderId,
  singleLine,
  workspace,
} from './fact-parts.js';
import {
  autoRenewalSwitched,
  cardExpiring,
  dataEnding,
  methodReplaced,
  receipt,
  renewalReminder,
  subscriptionExpired,
} from './facts-subscription.js';

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

/** `returnedAt`: when we heard that the bank of the payer had sent it back. */
const refundReturned = z.object({ ...workspace, orderNumber: singleLine, amount, method, returnedAt: instant });

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
/** `door`: the page that it lets into; `linkId`: the link, which is signed while the mail is written. */
const signInLink = z.object({
  ...workspace,
  door: z.enum(['billing', 'support']),
  linkId: z.uuid(),
  goodUntil: instant,
});

const orderToPay = z.object({ ...order, pixCode, payUntil: instant, payOrderId });

const orderExpired = z.object({ ...order, expiredAt: instant });

/** A document whose PDF travels with the mail: its number, and its id. */
const sentDocument = { ...order, documentNumber: singleLine, documentId: z.uuid() };
const invoiceToPay = z.object({ ...sentDocument, dueOn: civilDay });
const invoiceCredited = z.object(sentDocument);

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
  sign_in_link: signInLink,
  order_to_pay: orderToPay,
  receipt,
  renewal_reminder: renewalReminder,
  card_expiring: cardExpiring,
  data_ending: dataEnding,
  subscription_expired: subscriptionExpired,
  auto_renewal_switched: autoRenewalSwitched,
  payment_method_replaced: methodReplaced,
  payment_declined: paymentDeclined,
  payment_refunded: paymentRefunded,
  refund_returned: refundReturned,
  order_expired: orderExpired,
  invoice_to_pay: invoiceToPay,
  invoice_credited: invoiceCredited,
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
