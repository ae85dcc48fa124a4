import type { ProblemBody } from './views.js';

/** Where the gateway is and in whose name to call it. */
export type BillfleetOptions = {
  readonly baseUrl: string;
  readonly apiKey: string;
  /** How long one try may take. Default 10,000. */
  readonly timeoutMs?: number;
  /** Further tries after 5xx, 408, 429, a time-out or a lost connection; all with the same key. Default 4. */
  readonly maxRetries?: number;
};

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

/** One call of the gateway. */
export type Call = {
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

/** Things that are not there yet are an answer, not an error; a workspace of somebody else stays an error. */
export async function absentIfUnknown<View>(asked: Promise<View>): Promise<View | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof ProblemError && error.status === 404) return undefined;
    throw error;
  }
}

type Answer<View> =
  | { readonly kind: 'done'; readonly view: View }
  | { readonly kind: 'refused'; readonly problem: ProblemBody }
  | { readonly kind: 'away'; readonly cause: unknown; readonly retryAfterMs: number };

/**
 * Makes a call and repeats it, with the same key, while there is no usable answer.
 * @throws ProblemError, UnreachableError
 */
export function send(options: BillfleetOptions, call: Call): Promise<unknown> {
  return repeatedly(options, call, once);
}

/**
 * The body of an answer while it arrives, which may take longer than one try: only its beginning is waited for as a try is. A body that breaks off
 * throws while it is read, so that half of it is never taken for the whole.
 * @throws ProblemError, UnreachableError
 */
export function sendForStream(options: BillfleetOptions, path: string): Promise<ReadableStream<Uint8Array>> {
  return repeatedly(options, { method: 'GET', path }, begun);
}

async function repeatedly<View>(
  options: BillfleetOptions,
  call: Call,
  tryOnce: (options: BillfleetOptions, call: Call) => Promise<Answer<View>>,
): Promise<View> {
  const retriesMax = options.maxRetries ?? RETRIES_MAX;
  for (let retries = 0; ; retries += 1) {
    const answer = await tryOnce(options, call);
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

async function once(options: BillfleetOptions, call: Call): Promise<Answer<unknown>> {
  let response: Response;
  let text: string;
  try {
    response = await ask(options, call, AbortSignal.timeout(options.timeoutMs ?? TIMEOUT_MS));
    text = await response.text();
  } catch (cause) {
    return { kind: 'away', cause, retryAfterMs: 0 };
  }
  if (response.ok) return { kind: 'done', view: text === '' ? undefined : (JSON.parse(text) as unknown) };
  return notOk(response, text);
}

async function begun(options: BillfleetOptions, call: Call): Promise<Answer<ReadableStream<Uint8Array>>> {
  const cut = new AbortController();
  const timer = setTimeout(
    () => cut.abort(new Error('the answer did not begin in time')),
    options.timeoutMs ?? TIMEOUT_MS,
  );
  try {
    const response = await ask(options, call, cut.signal);
    if (response.ok && response.body !== null) return { kind: 'done', view: response.body };
    return notOk(response, await response.text());
  } catch (cause) {
    return { kind: 'away', cause, retryAfterMs: 0 };
  } finally {
    clearTimeout(timer);
  }
}

const ask = (options: BillfleetOptions, call: Call, signal: AbortSignal): Promise<Response> =>
  fetch(new URL(call.path, options.baseUrl), {
    method: call.method,
    headers: {
      authorization: `Bearer ${options.apiKey}`,
      accept: 'application/json, text/csv',
      ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(call.idempotencyKey === undefined ? {} : { 'idempotency-key': call.idempotencyKey }),
    },
    ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
    signal,
  });

function notOk(response: Response, text: string): Exclude<Answer<never>, { kind: 'done' }> {
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
