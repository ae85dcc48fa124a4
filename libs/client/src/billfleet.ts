import {
  placeOrder,
  quoteRequest,
  recordPaymentConfirmation,
  registerWorkspace,
  reportUsageBody,
  reportMember,
  reportMembers,
  requestEnterprise,
  requestRenewalReminder,
  requestSeatCheck,
  requestSeatProvisioning,
  spendCreditsBody,
} from '@billfleet/contracts';
import type { z } from 'zod';
import { validate } from './validate.js';
import type { Credits, Entitlements, MeterSeen, Spending, Usage } from './views-usage.js';
import type {
  Accepted,
  MemberReported,
  MembersReported,
  Order,
  ProblemBody,
  Quote,
  RequestResult,
  Workspace,
} from './views.js';

/** Where the gateway is and in whose name to call it. */
export type BillfleetOptions = {
  readonly baseUrl: string;
  readonly apiKey: string;
  /** How long one try may take. Default 10,000. */
  readonly timeoutMs?: number;
  /** Further tries after 5xx, 408, 429, a time-out or a lost connection; all with the same key. Default 4. */
  readonly maxRetries?: number;
};

/** The idempotency key of a call that makes something; each try repeats it, so the fleet acts once. */
export type RequestOptions = { readonly idempotencyKey: string };

/**
 * The gateway answered with a problem. Below status 500 the call is refused and nothing of it was carried out. From 500 on that is unknown:
 * it may have been carried out, so repeat it with the same key.
 */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly status: number;
  readonly code: string;
  readonly field: string | undefined;
  readonly requestId: string;

  constructor(readonly problem: ProblemBody) {
    super(`${problem.code}: ${problem.detail}`);
    this.status = problem.status;
    this.code = problem.code;
    this.field = problem.field;
    this.requestId = problem.requestId;
  }
}

/** No usable answer after all tries. The request may have been carried out: repeat it with the same key. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';
}

type Input<Schema extends z.ZodType> = z.input<Schema>;

/** The HTTP door of the fleet: durable once a call has resolved. */
export type Billfleet = {
  readonly workspaces: {
    /** Needs an admin key. The id is yours, so the same content again changes nothing. */
    register(request: Input<typeof registerWorkspace>): Promise<Workspace>;
  };
  readonly quotes: { create(request: Input<typeof quoteRequest>): Promise<Quote> };
  readonly orders: {
    place(request: Input<typeof placeOrder>, options: RequestOptions): Promise<Accepted>;
    /** Undefined when there is no such order. */
    get(orderId: string): Promise<Order | undefined>;
  };
  readonly entitlements: {
    /** Undefined while the workspace has never had a subscription or a trial. */
    get(workspaceId: string): Promise<Entitlements | undefined>;
  };
  readonly usage: {
    /** Needs a key of the host product. An older value never replaces a newer one. */
    report(workspaceId: string, request: Input<typeof reportUsageBody>, options: RequestOptions): Promise<MeterSeen>;
    /** Undefined for an unknown workspace. */
    get(workspaceId: string): Promise<Usage | undefined>;
  };
  readonly credits: {
    /** A repeat with the same key answers the same. Without credits it is refused: `credits_exhausted`. */
    spend(workspaceId: string, request: Input<typeof spendCreditsBody>, options: RequestOptions): Promise<Spending>;
    /** Undefined for an unknown workspace. */
    get(workspaceId: string): Promise<Credits | undefined>;
  };
  readonly paymentConfirmations: {
    record(request: Input<typeof recordPaymentConfirmation>, options: RequestOptions): Promise<Accepted>;
  };
  readonly members: {
    /** The member as he is now, under your own id of him. The same again changes nothing. */
    report(workspaceId: string, externalId: string, member: Input<typeof reportMember>): Promise<MemberReported>;
    /** Up to 1,000 members as they are now: all of it holds, or nothing. */
    reportMany(workspaceId: string, members: Input<typeof reportMembers>['members']): Promise<MembersReported>;
  };
  readonly seatChecks: {
    /** Has the fleet ask your product what it gives. Answer as docs/how-to/answer-seat-checks.md says. */
    request(request: Input<typeof requestSeatCheck>, options: RequestOptions): Promise<Accepted>;
  };
  readonly seatProvisionings: {
    request(request: Input<typeof requestSeatProvisioning>, options: RequestOptions): Promise<Accepted>;
  };
  readonly renewalReminders: {
    request(request: Input<typeof requestRenewalReminder>, options: RequestOptions): Promise<Accepted>;
  };
  readonly enterpriseRequests: {
    /** Asks for a contract; while a request of the workspace is open, it is that one. */
    create(request: Input<typeof requestEnterprise>, options: RequestOptions): Promise<Accepted>;
  };
  readonly requests: {
    /** Undefined while nothing has become of the key. */
    get(workspaceId: string, idempotencyKey: string): Promise<RequestResult | undefined>;
  };
};

type Call = {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly body?: unknown;
  readonly idempotencyKey?: string;
};

const TIMEOUT_MS = 10_000;
const RETRIES_MAX = 4;
const PAUSE_FIRST_MS = 100;
const PAUSE_MAX_MS = 5_000;
/** A server may ask for more patience than this; nobody waits longer for one answer. */
const RETRY_AFTER_MAX_MS = 60_000;

/** A client of the gateway. Requests are checked against the contracts before they leave; @see ProblemError, ValidationError, UnreachableError. */
export function createBillfleet(options: BillfleetOptions): Billfleet {
  const call = <View>(one: Call): Promise<View> => send(options, one) as Promise<View>;
  const post =
    <Schema extends z.ZodType>(path: string, operation: string, schema: Schema) =>
    async (request: Input<Schema>, { idempotencyKey }: RequestOptions): Promise<Accepted> =>
      call({ method: 'POST', path, body: validate(operation, schema, request), idempotencyKey });
  const get = <View>(path: string): Promise<View | undefined> => absentIfUnknown(call<View>({ method: 'GET', path }));
  return {
    workspaces: {
      register: async (request) =>
        call({
          method: 'POST',
          path: '/v1/workspaces',
          body: validate('workspaces.register', registerWorkspace, request),
        }),
    },
    quotes: {
      create: async (request) =>
        call({ method: 'POST', path: '/v1/quotes', body: validate('quotes.create', quoteRequest, request) }),
    },
    orders: {
      place: post('/v1/orders', 'order.place', placeOrder),
      get: (orderId) => get(`/v1/orders/${encodeURIComponent(orderId)}`),
    },
    entitlements: { get: (workspaceId) => get(pathOf(workspaceId, 'entitlements')) },
    usage: {
      report: async (workspaceId, request, { idempotencyKey }) => {
        const body = validate('usage.report', reportUsageBody, request);
        return call({ method: 'POST', path: pathOf(workspaceId, 'usage'), body, idempotencyKey });
      },
      get: (workspaceId) => get(pathOf(workspaceId, 'usage')),
    },
    credits: {
      spend: async (workspaceId, request, { idempotencyKey }) => {
        const body = validate('credits.spend', spendCreditsBody, request);
        return call({ method: 'POST', path: pathOf(workspaceId, 'credits/spend'), body, idempotencyKey });
      },
      get: (workspaceId) => get(pathOf(workspaceId, 'credits')),
    },
    paymentConfirmations: {
      record: post('/v1/payment-confirmations', 'payment-confirmation.record', recordPaymentConfirmation),
    },
    members: {
      report: async (workspaceId, externalId, member) =>
        call({
          method: 'PUT',
          path: `/v1/workspaces/${encodeURIComponent(workspaceId)}/members/${encodeURIComponent(externalId)}`,
          body: validate('members.report', reportMember, member),
        }),
      reportMany: async (workspaceId, members) =>
        call({
          method: 'POST',
          path: `/v1/workspaces/${encodeURIComponent(workspaceId)}/members`,
          body: validate('members.reportMany', reportMembers, { members }),
        }),
    },
    seatChecks: { request: post('/v1/seat-checks', 'seat-check.request', requestSeatCheck) },
    seatProvisionings: {
      request: post('/v1/seat-provisionings', 'seat-provisioning.request', requestSeatProvisioning),
    },
    renewalReminders: {
      request: post('/v1/renewal-reminders', 'renewal-reminder.request', requestRenewalReminder),
    },
    enterpriseRequests: {
      create: post('/v1/enterprise-requests', 'enterprise.request', requestEnterprise),
    },
    requests: {
      get: (workspaceId, key) =>
        get(`/v1/workspaces/${encodeURIComponent(workspaceId)}/requests/${encodeURIComponent(key)}`),
    },
  };
}

const pathOf = (workspaceId: string, what: string): string =>
  `/v1/workspaces/${encodeURIComponent(workspaceId)}/${what}`;

/** Things that are not there yet are an answer, not an error; a workspace of somebody else stays an error. */
async function absentIfUnknown<View>(asked: Promise<View>): Promise<View | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof ProblemError && error.status === 404) return undefined;
    throw error;
  }
}

type Answer =
  | { readonly kind: 'done'; readonly view: unknown }
  | { readonly kind: 'refused'; readonly problem: ProblemBody }
  | { readonly kind: 'away'; readonly cause: unknown; readonly retryAfterMs: number };

async function send(options: BillfleetOptions, call: Call): Promise<unknown> {
  const retriesMax = options.maxRetries ?? RETRIES_MAX;
  for (let retries = 0; ; retries += 1) {
    const answer = await once(options, call);
    if (answer.kind === 'done') return answer.view;
    if (answer.kind === 'refused') throw new ProblemError(answer.problem);
    if (retries >= retriesMax) {
      if (answer.cause instanceof ProblemError) throw answer.cause;
      throw new UnreachableError(`${call.method} ${call.path}: no answer after ${String(retries + 1)} tries`, {
        cause: answer.cause,
      });
    }
    const backoffMs = Math.min(PAUSE_FIRST_MS * 2 ** retries, PAUSE_MAX_MS) * (0.75 + Math.random() / 2);
    await pause(Math.max(answer.retryAfterMs, backoffMs));
  }
}

async function once(options: BillfleetOptions, call: Call): Promise<Answer> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(new URL(call.path, options.baseUrl), {
      method: call.method,
      headers: {
        authorization: `Bearer ${options.apiKey}`,
        accept: 'application/json',
        ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(call.idempotencyKey === undefined ? {} : { 'idempotency-key': call.idempotencyKey }),
      },
      ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
      signal: AbortSignal.timeout(options.timeoutMs ?? TIMEOUT_MS),
    });
    text = await response.text();
  } catch (cause) {
    return { kind: 'away', cause, retryAfterMs: 0 };
  }
  if (response.ok) return { kind: 'done', view: text === '' ? undefined : (JSON.parse(text) as unknown) };
  const problem = problemOf(response, text);
  // A time-out, an overload or a restart, of the gateway or of what stands before it, passes; anything else would be refused again.
  if (response.status < 500 && response.status !== 408 && response.status !== 429) return { kind: 'refused', problem };
  return {
    kind: 'away',
    cause: new ProblemError(problem),
    retryAfterMs: retryAfterOf(response.headers.get('retry-after')),
  };
}

/** Something between us and the gateway may answer with a page of its own: that is a problem without a code of ours. */
function problemOf(response: Response, text: string): ProblemBody {
  const parsed = parseJson(text);
  if (typeof parsed === 'object' && parsed !== null && 'code' in parsed && 'requestId' in parsed)
    return parsed as ProblemBody;
  return {
    type: 'about:blank',
    title: response.statusText,
    status: response.status,
    code: `http_${String(response.status)}`,
    detail: `the answer is not a problem document of the gateway (${String(text.length)} characters)`,
    requestId: response.headers.get('x-request-id') ?? '',
  };
}

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** Seconds or a date, as HTTP allows both; what is missing or unreadable asks for no wait. */
function retryAfterOf(header: string | null): number {
  if (header === null) return 0;
  const delayMs = /^\d+$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - Date.now();
  return delayMs > 0 ? Math.min(delayMs, RETRY_AFTER_MAX_MS) : 0;
}

const pause = (delayMs: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, delayMs));
