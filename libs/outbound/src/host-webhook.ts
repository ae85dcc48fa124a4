import * as http from 'node:http';
import * as https from 'node:https';
import { Webhook } from 'standardwebhooks';
import { guardedAgent } from './guarded-agent.js';
import type { Resolve } from './guarded-agent.js';

export type { Resolve } from './guarded-agent.js';

/** More than this of an answer is never read: the status has said all that matters. */
const ANSWER_BYTES_MAX = 64 * 1024;
const RETRY_AFTER_MAX_MS = 24 * 60 * 60 * 1000;
const DEFAULT_TIMEOUT_MS = 5_000;

/** One event for the host product. `id` stays the same on every try, `sequence` counts the events of the workspace. */
export type HostEvent = {
  readonly id: string;
  readonly type: string;
  readonly workspaceId: string;
  readonly sequence: number;
  readonly occurredAt: Date;
  readonly data: Readonly<Record<string, unknown>>;
};

/** What became of one try: taken (2xx), not taken and worth another try, or refused for good (410). */
export type DeliveryOutcome =
  | { readonly kind: 'delivered'; readonly status: number }
  | { readonly kind: 'failed'; readonly status?: number; readonly message: string; readonly retryAfterMs?: number }
  | { readonly kind: 'gone' };

/** Where and how the host product is told. `resolve` and `now` exist so that tests can put an address or a time in. */
export type HostWebhookOptions = {
  readonly url: string;
  readonly secret: string;
  /** From the first byte out to the last byte in. */
  readonly timeoutMs?: number;
  /** Development only: plain http, any port and private addresses are allowed. */
  readonly allowPrivate: boolean;
  readonly resolve?: Resolve;
  readonly now?: () => Date;
};

/** Tells the host product about one event at a time; at least once, so the receiver drops a `webhook-id` that it has seen. */
export type HostWebhook = {
  deliver(event: HostEvent): Promise<DeliveryOutcome>;
  close(): void;
};

type Reply = { readonly status: number; readonly retryAfter: string | undefined };

/**
 * Sends Standard Webhooks (`webhook-id`, `webhook-timestamp`, `webhook-signature`) to one address of the host product.
 * Redirects are not followed. Unless `allowPrivate`, only https on port 443 to an address on the public internet is
 * called: the name is resolved once per connection, all its addresses are checked, and the connection goes to those.
 * @throws Error at once when the URL or the secret cannot be used: a fault of the configuration.
 */
export function hostWebhook(options: HostWebhookOptions): HostWebhook {
  const url = new URL(options.url);
  const agent = guardedAgent('the host webhook', url, options);
  const signer = new Webhook(options.secret);
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const now = options.now ?? ((): Date => new Date());

  return {
    deliver: async (event) => {
      const { id, type, workspaceId, sequence, occurredAt, data } = event;
      const body = JSON.stringify({ id, type, workspaceId, sequence, occurredAt: occurredAt.toISOString(), data });
      const sentAt = now();
      const headers = {
        'content-type': 'application/json',
        'content-length': String(Buffer.byteLength(body)),
        'user-agent': 'Billfleet',
        'webhook-id': event.id,
        'webhook-timestamp': String(Math.floor(sentAt.getTime() / 1000)),
        'webhook-signature': signer.sign(event.id, sentAt, body),
      };
      const outcome = await post({ url, agent, headers, body, timeoutMs });
      return 'failure' in outcome ? { kind: 'failed', message: outcome.failure } : judge(outcome, now());
    },
    close: () => {
      agent.destroy();
    },
  };
}

type Post = {
  readonly url: URL;
  readonly agent: http.Agent | https.Agent;
  readonly headers: Record<string, string>;
  readonly body: string;
  readonly timeoutMs: number;
};

async function post(call: Post): Promise<Reply | { readonly failure: string }> {
  const deadline = AbortSignal.timeout(call.timeoutMs);
  const first = await postOnce(call, deadline);
  // The server may close an idle connection just as it is used again. It has then read nothing of this request, and the
  // receiver drops a second copy by its id anyway.
  const answer = 'stale' in first && !deadline.aborted ? await postOnce(call, deadline) : first;
  return 'failure' in answer ? { failure: answer.failure } : answer;
}

function postOnce(
  call: Post,
  signal: AbortSignal,
): Promise<Reply | { readonly failure: string; readonly stale?: true }> {
  return new Promise((done) => {
    const send = call.url.protocol === 'https:' ? https.request : http.request;
    const request = send(call.url, { method: 'POST', agent: call.agent, headers: call.headers, signal });
    let reply: Reply | undefined;
    request.on('error', (error: NodeJS.ErrnoException) => {
      const failure = signal.aborted
        ? `no answer within ${String(call.timeoutMs)} ms`
        : `the call failed: ${error.code ?? error.message}`;
      const isStale = request.reusedSocket && error.code === 'ECONNRESET';
      // With the head of the answer the receiver has decided: a body that breaks off or never ends changes nothing.
      done(reply ?? (isStale ? { failure, stale: true } : { failure }));
    });
    request.on('response', (response) => {
      const head = { status: response.statusCode ?? 0, retryAfter: response.headers['retry-after'] };
      reply = head;
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > ANSWER_BYTES_MAX) response.destroy();
      });
      // A body that breaks off is told here too, and without a listener it would end the process.
      response.on('error', () => {
        done(head);
      });
      response.on('close', () => {
        done(head);
      });
    });
    request.end(call.body);
  });
}

function judge(reply: Reply, now: Date): DeliveryOutcome {
  const { status } = reply;
  if (status >= 200 && status < 300) return { kind: 'delivered', status };
  if (status === 410) return { kind: 'gone' };
  const retryAfterMs = retryAfter(reply.retryAfter, now);
  const redirected = status >= 300 && status < 400;
  return {
    kind: 'failed',
    status,
    message: redirected ? `answered ${String(status)}; redirects are not followed` : `answered ${String(status)}`,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

/** Reads `Retry-After` in either form, seconds or an HTTP date; a wish beyond a day is cut to one. */
function retryAfter(header: string | undefined, now: Date): number | undefined {
  if (header === undefined) return undefined;
  const waitMs = /^\d{1,9}$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now.getTime();
  if (Number.isNaN(waitMs) || waitMs < 0) return undefined;
  return Math.min(waitMs, RETRY_AFTER_MAX_MS);
}
