import type { z } from 'zod';
import { jsonCaller } from './json-caller.js';
import type { HttpReply, JsonCall } from './json-caller.js';
import type {
  CallOutcome,
  ChargebackSeen,
  CheckoutIntent,
  Observation,
  PaymentProvider,
  ProviderFailure,
  RefundSeen,
  SettlementPage,
} from './port.js';
import { sandboxLookupMax, sandboxWire } from './sandbox-wire.js';
import { verifySignature, webhookKey } from './webhook-signature.js';

/** How to reach a sandbox provider. */
export type SandboxOptions = {
  readonly baseUrl: string;
  readonly apiKey: string;
  /** All secrets in use: two while one is being rotated. */
  readonly webhookSecrets: readonly string[];
  readonly timeoutMs: number;
};

type WirePayment = z.output<typeof sandboxWire.payment>;

const chargebackOf = (row: NonNullable<WirePayment['chargeback']>): ChargebackSeen => ({
  ...row,
  amountMinor: BigInt(row.amountMinor),
});

const refundOf = (row: z.output<typeof sandboxWire.refundReply>): RefundSeen => ({
  ...row,
  amountMinor: BigInt(row.amountMinor),
});

const observation = (row: WirePayment): Observation => ({
  reference: row.reference,
  attemptId: row.attemptId,
  state: row.state,
  amountMinor: BigInt(row.amountMinor),
  currency: row.currency,
  refundedMinor: BigInt(row.refundedMinor),
  ...(row.paidAt === undefined ? {} : { paidAt: new Date(row.paidAt) }),
  ...(row.storedMethod === undefined ? {} : { storedMethod: row.storedMethod }),
  ...(row.chargeback === undefined ? {} : { chargeback: chargebackOf(row.chargeback) }),
  ...(row.refunds === undefined ? {} : { refunds: row.refunds.map(refundOf) }),
  ...(row.failure === undefined ? {} : { failure: row.failure }),
});

const refusal = (status: number, json: unknown): ProviderFailure => {
  const said = sandboxWire.failure.safeParse(json);
  if (said.success) return said.data;
  return {
    code: `http_${String(status)}`,
    kind: 'invalid',
    message: `the provider refused with status ${String(status)}`,
  };
};

/** Turns what the network brought into what is known about the payment. */
const judge = <W, T>(reply: HttpReply, schema: z.ZodType<W>, decode: (wire: W) => T): CallOutcome<T> => {
  if (reply.kind === 'not_sent') return { outcome: 'not_attempted', failure: reply.failure };
  if (reply.kind === 'lost') return { outcome: 'unknown', failure: reply.failure };
  const { status, json } = reply;
  if (status >= 200 && status < 300) {
    const body = schema.safeParse(json);
    if (body.success) return { outcome: 'observed', value: decode(body.data) };
    const message = 'the provider answered with something that is not its contract';
    return { outcome: 'unknown', failure: { code: 'unreadable_reply', kind: 'unavailable', message } };
  }
  const failure = refusal(status, json);
  if (status === 401 || status === 403 || status === 429)
    return { outcome: 'not_attempted', failure: { ...failure, kind: 'unavailable' } };
  // A key that was used with another body did have an effect, only not this one: somebody must look.
  if (failure.code === 'idempotency_conflict') return { outcome: 'unknown', failure };
  if (status >= 400 && status < 500 && status !== 408) return { outcome: 'declined', failure };
  const kind = status === 408 ? 'timeout' : 'unavailable';
  return { outcome: 'unknown', failure: { code: `http_${String(status)}`, kind, message: failure.message } };
};

const checkoutBody = (intent: CheckoutIntent): Record<string, unknown> => ({
  attemptId: intent.attemptId,
  orderId: intent.orderId,
  method: intent.method,
  amountMinor: String(intent.amountMinor),
  currency: intent.currency,
  installments: intent.installments,
  description: intent.description,
  returnUrl: intent.returnUrl,
  payer: intent.payer,
  expiresAt: intent.expiresAt.toISOString(),
});

type Ask = { references?: readonly string[]; attemptIds?: readonly string[] };

const lookup = async (
  post: (call: JsonCall) => Promise<HttpReply>,
  ids: readonly string[],
  ask: (some: readonly string[]) => Ask,
): Promise<CallOutcome<readonly Observation[]>> => {
  const found: Observation[] = [];
  for (let from = 0; from < ids.length; from += sandboxLookupMax) {
    const reply = await post({ path: '/v1/lookup', body: ask(ids.slice(from, from + sandboxLookupMax)) });
    const page = judge(reply, sandboxWire.lookupReply, (body) => body.payments.map(observation));
    if (page.outcome !== 'observed') return page;
    found.push(...page.value);
  }
  return { outcome: 'observed', value: found };
};

const SETTLEMENTS_PER_PAGE = 1_000;

const settlements = async (
  post: (call: JsonCall) => Promise<HttpReply>,
  day: string,
  from: string | null,
): Promise<CallOutcome<SettlementPage>> => {
  const body = { day, from: Number(from ?? 0), limit: SETTLEMENTS_PER_PAGE };
  const reply = await post({ path: '/v1/settlements', body });
  return judge(reply, sandboxWire.settlementsReply, ({ entries, next }) => ({
    next: next === null ? null : String(next),
    entries: entries.map((row) => ({
      ...row,
      amountMinor: BigInt(row.amountMinor),
      feeMinor: BigInt(row.feeMinor),
      at: new Date(row.at),
    })),
  }));
};

const verifier =
  (keys: readonly Buffer[]): PaymentProvider['verifyWebhook'] =>
  (rawBody, headers, now) => {
    const verdict = verifySignature(keys, rawBody, headers, now);
    if (verdict.kind === 'refused') return verdict;
    let json: unknown;
    try {
      json = JSON.parse(rawBody.toString('utf8'));
    } catch {
      return { kind: 'refused', reason: 'malformed' };
    }
    const event = sandboxWire.event.safeParse(json);
    if (!event.success) return { kind: 'refused', reason: 'malformed' };
    const { type, data } = event.data;
    return { kind: 'verified', notices: [{ eventId: verdict.id, type, ...data }] };
  };

/**
 * The adapter of the sandbox provider. Connections are kept alive and bounded; each call ends within `timeoutMs`.
 * @throws Error when a webhook secret is malformed or none is given.
 */
export function sandboxProvider(options: SandboxOptions): PaymentProvider {
  const keys = options.webhookSecrets.map(webhookKey);
  if (keys.length === 0) throw new Error('the sandbox provider needs at least one webhook secret');
  const post = jsonCaller({
    baseUrl: options.baseUrl,
    headers: { authorization: `Bearer ${options.apiKey}` },
    timeoutMs: options.timeoutMs,
  });
  return {
    id: 'sandbox',
    async createCheckout(intent, idempotencyKey) {
      const reply = await post({ path: '/v1/checkouts', body: checkoutBody(intent), idempotencyKey });
      return judge(reply, sandboxWire.checkoutReply, (body) => ({ ...body, expiresAt: new Date(body.expiresAt) }));
    },
    async cancelCheckout(reference, idempotencyKey) {
      const path = `/v1/checkouts/${encodeURIComponent(reference)}/cancel`;
      return judge(await post({ path, body: {}, idempotencyKey }), sandboxWire.payment, observation);
    },
    async charge(charge, idempotencyKey) {
      const { attemptId, orderId, token, currency, installments, description } = charge;
      const amountMinor = String(charge.amountMinor);
      const body = { attemptId, orderId, token, amountMinor, currency, installments, description };
      return judge(await post({ path: '/v1/charges', body, idempotencyKey }), sandboxWire.payment, observation);
    },
    async storeMethod({ setupId, token }, idempotencyKey) {
      const reply = await post({ path: '/v1/methods', body: { setupId, token }, idempotencyKey });
      return judge(reply, sandboxWire.methodReply, (stored) => stored);
    },
    async refund(request, idempotencyKey) {
      const { refundId, reference, currency } = request;
      const body = { refundId, reference, amountMinor: String(request.amountMinor), currency };
      const reply = await post({ path: '/v1/refunds', body, idempotencyKey });
      return judge(reply, sandboxWire.refundReply, refundOf);
    },
    fetchMany: (references) => lookup(post, references, (some) => ({ references: some })),
    findByAttempts: (attemptIds) => lookup(post, attemptIds, (some) => ({ attemptIds: some })),
    listSettlements: (day, from) => settlements(post, day, from),
    verifyWebhook: verifier(keys),
  };
}
