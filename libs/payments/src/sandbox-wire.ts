import { isCurrency, settlementKinds } from '@billfleet/domain';
import { z } from 'zod';

const id = z.string().min(1).max(128);
const minor = z.string().regex(/^(0|[1-9]\d{0,17})$/, 'a whole number of minor units as text');
const positiveMinor = z.string().regex(/^[1-9]\d{0,17}$/, 'a whole number of minor units above 0 as text');
const currency = z.string().refine(isCurrency, { error: 'a currency that we sell in' });
const instant = z.iso.datetime({ offset: true });
const installments = z.int().min(1).max(36);
const webUrl = z.url({ protocol: /^https?$/ }).max(2000);

const failure = z.strictObject({
  code: z.string().max(100),
  kind: z.enum(['decline-soft', 'decline-hard', 'do-not-retry', 'authentication', 'invalid', 'unavailable', 'timeout']),
  message: z.string().max(500),
});

const chargebackState = z.enum(['open', 'won', 'lost']);

const refund = z.object({
  reference: id,
  refundId: id,
  state: z.enum(['processing', 'succeeded', 'failed']),
  amountMinor: minor,
  /** That it had gone, and came back from the bank of its payer. */
  cameBack: z.boolean().exactOptional(),
  failure: failure.exactOptional(),
});

const payment = z.object({
  reference: id,
  attemptId: id,
  orderId: id,
  method: z.enum(['card', 'paypal', 'pix']),
  state: z.enum(['open', 'processing', 'succeeded', 'declined', 'cancelled', 'expired']),
  amountMinor: minor,
  currency,
  refundedMinor: minor,
  paidAt: instant.exactOptional(),
  storedMethod: z
    .object({ token: id, brand: z.string(), last4: z.string(), expiresOn: z.string().regex(/^\d{4}-\d{2}$/) })
    .exactOptional(),
  chargeback: z
    .object({ reference: id, state: chargebackState, amountMinor: minor, reason: z.string().max(100) })
    .exactOptional(),
  refunds: z.array(refund).exactOptional(),
  failure: failure.exactOptional(),
});

/** Every body that travels between the fleet and the sandbox provider, declared once for both ends. Amounts are decimal texts. */
export const sandboxWire = {
  payment,
  checkoutRequest: z.strictObject({
    attemptId: id,
    orderId: id,
    method: z.enum(['card', 'paypal', 'pix']),
    amountMinor: positiveMinor,
    currency,
    installments,
    description: z.string().min(1).max(200),
    returnUrl: webUrl,
    payer: z.strictObject({
      country: z.string().regex(/^[A-Z]{2}$/),
      email: z.string().max(320).exactOptional(),
      taxId: z.string().max(32).exactOptional(),
    }),
    expiresAt: instant,
  }),
  checkoutReply: z.object({
    reference: id,
    url: webUrl,
    pixCode: z.string().max(500).exactOptional(),
    expiresAt: instant,
  }),
  chargeRequest: z.strictObject({
    attemptId: id,
    orderId: id,
    token: id,
    amountMinor: positiveMinor,
    currency,
    installments,
    description: z.string().min(1).max(200),
  }),
  methodRequest: z.strictObject({ setupId: id, token: id }),
  methodReply: z.object({
    method: z.enum(['card', 'paypal', 'pix']),
    token: id,
    brand: z.string(),
    last4: z.string(),
    expiresOn: z.string().regex(/^\d{4}-\d{2}$/),
  }),
  refundRequest: z.strictObject({ refundId: id, reference: id, amountMinor: positiveMinor, currency }),
  refundReply: refund,
  /** What the payer's bank does with the newest refund of a payment: it takes one that is on its way, or does not; `returned`: it sends back one that it took. */
  refundEndRequest: z.strictObject({ state: z.enum(['succeeded', 'failed', 'returned']) }),
  lookupRequest: z.strictObject({
    references: z.array(id).max(200).exactOptional(),
    attemptIds: z.array(id).max(200).exactOptional(),
  }),
  lookupReply: z.object({ payments: z.array(payment) }),
  settlementsRequest: z.strictObject({ day: z.iso.date(), from: z.int().min(0), limit: z.int().min(1).max(1000) }),
  settlementsReply: z.object({
    entries: z.array(
      z.object({
        kind: z.enum(settlementKinds),
        reference: id,
        paymentReference: id,
        currency: z.string().regex(/^[A-Z]{3}$/),
        amountMinor: minor,
        feeMinor: minor,
        at: instant,
      }),
    ),
    next: z.int().nullable(),
  }),
  payRequest: z.strictObject({
    method: z.enum(['card', 'paypal', 'pix']),
    card: z.string().max(30).exactOptional(),
    pix: z.boolean().exactOptional(),
  }),
  /** What the payer's bank does with a payment: it takes the money back, or ends what it began. */
  chargebackRequest: z.strictObject({
    state: chargebackState,
    reason: z.string().min(1).max(100).default('fraudulent'),
  }),
  event: z.object({
    type: z.enum([
      'payment.succeeded',
      'payment.failed',
      'checkout.expired',
      'checkout.cancelled',
      'refund.succeeded',
      'refund.failed',
      'chargeback.opened',
      'chargeback.ended',
    ]),
    timestamp: instant,
    data: z.object({ reference: id, attemptId: id }),
  }),
  failure,
  truthPage: z.object({
    payments: z.array(
      z.object({
        idempotencyKey: z.string(),
        attemptId: id,
        orderId: id,
        reference: id,
        amountMinor: minor,
        currency,
        state: payment.shape.state,
        refundedMinor: minor,
        chargeback: z.object({ reference: id, state: chargebackState }).exactOptional(),
      }),
    ),
    next: z.int().nullable(),
  }),
} as const;

/** How many payments one lookup may ask for. */
export const sandboxLookupMax = 200;
