import { randomUUID } from 'node:crypto';
import * as http from 'node:http';
import * as https from 'node:https';
import { Webhook } from 'standardwebhooks';
import { z } from 'zod';
import { guardedAgent } from './guarded-agent.js';
import type { Resolve } from './guarded-agent.js';

/** An answer is some numbers; whoever sends more than this is not heard out. */
const ANSWER_BYTES_MAX = 16 * 1024;
const DEFAULT_TIMEOUT_MS = 5_000;
const SEATS_MAX = 1_000_000;

const count = z.int().min(0).max(SEATS_MAX);

/** The body of the host product's answer. `plan` null: it gives nothing; `members` null: it does not count who uses a seat. */
export const seatsAnswer = z.object({
  workspaceId: z.uuid(),
  seats: count,
  plan: z.string().min(1).max(40).nullable(),
  members: count.nullable(),
  /** The version of the last state that it was told of; null when it was told of none. */
  version: z.int().min(0).nullable(),
});

/** What the host product really gives a workspace. */
export type SeatsAnswer = z.output<typeof seatsAnswer>;

/**
 * What came of asking. `away`: no answer, or one that says that it cannot answer now; worth another try later. `wrong`: an answer that
 * cannot be believed or read, which waiting alone does not mend.
 */
export type AskOutcome =
  | { readonly kind: 'given'; readonly given: SeatsAnswer }
  | { readonly kind: 'away' | 'wrong'; readonly message: string };

/** Where and how the host product is asked. `url` is the base of its address; `resolve` exists so that tests can put an address in. */
export type HostSeatsOptions = {
  readonly url: string;
  readonly secret: string;
  /** From the first byte out to the last byte in. */
  readonly timeoutMs?: number;
  /** Development only: plain http, any port and private addresses are allowed. */
  readonly allowPrivate: boolean;
  readonly resolve?: Resolve;
};

/** Asks the host product what it gives. */
export type HostSeats = {
  ask(workspaceId: string): Promise<AskOutcome>;
  close(): void;
};

/**
 * Asks `GET {url}/billfleet/seats?workspaceId=ID`, signed like a webhook: `webhook-id`, `webhook-timestamp` and `webhook-signature` over
 * the query. The answer is signed over its body, with the id of the question, so that nobody can give an old one again. Redirects are not
 * followed, and the address is guarded as that of the webhook.
 * @throws Error at once when the URL or the secret cannot be used: a fault of the configuration.
 */
export function hostSeats(options: HostSeatsOptions): HostSeats {
  const base = new URL(options.url);
  const agent = guardedAgent('the address of the host product', base, options);
  const signer = new Webhook(options.secret);
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  return {
    ask: async (workspaceId) => {
      const [id, askedAt, query] = [
        `check_${randomUUID()}`,
        new Date(),
        new URLSearchParams({ workspaceId }).toString(),
      ];
      const url = new URL(`${base.pathname.replace(/\/+$/, '')}/billfleet/seats?${query}`, base);
      const headers = {
        accept: 'application/json',
        'user-agent': 'Billfleet',
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(askedAt.getTime() / 1000)),
        'webhook-signature': signer.sign(id, askedAt, query),
      };
      const reply = await get({ url, agent, headers, timeoutMs });
      return 'failure' in reply ? { kind: 'away', message: reply.failure } : read(reply, { id, workspaceId, signer });
    },
    close: () => {
      agent.destroy();
    },
  };
}

type Reply = { readonly status: number; readonly headers: http.IncomingHttpHeaders; readonly body: string };
type Get = {
  readonly url: URL;
  readonly agent: http.Agent | https.Agent;
  readonly headers: Record<string, string>;
  readonly timeoutMs: number;
};

function get({ url, agent, headers, timeoutMs }: Get): Promise<Reply | { readonly failure: string }> {
  return new Promise((done) => {
    const signal = AbortSignal.timeout(timeoutMs);
    const send = url.protocol === 'https:' ? https.request : http.request;
    const fail = (error: NodeJS.ErrnoException): void => {
      const late = `no answer within ${String(timeoutMs)} ms`;
      done({ failure: signal.aborted ? late : `the call failed: ${error.code ?? error.message}` });
    };
    const request = send(url, { method: 'GET', agent, headers, signal });
    request.on('error', fail);
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes <= ANSWER_BYTES_MAX) chunks.push(chunk);
        else response.destroy(new Error(`an answer of more than ${String(ANSWER_BYTES_MAX)} bytes`));
      });
      response.on('error', fail);
      response.on('end', () => {
        const body = Buffer.concat(chunks).toString('utf8');
        done({ status: response.statusCode ?? 0, headers: response.headers, body });
      });
    });
    request.end();
  });
}

type Question = { readonly id: string; readonly workspaceId: string; readonly signer: Webhook };

function read({ status, headers, body }: Reply, { id, workspaceId, signer }: Question): AskOutcome {
  const wrong = (message: string): AskOutcome => ({ kind: 'wrong', message });
  if (status >= 500 || status === 408 || status === 429) return { kind: 'away', message: `answered ${String(status)}` };
  if (status !== 200) return wrong(`answered ${String(status)}, wanted 200; redirects are not followed`);
  const signed = Object.fromEntries(
    ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => [name, single(headers[name])]),
  );
  try {
    signer.verify(body, signed, { jsonParse: false });
  } catch {
    return wrong('the answer is not signed with the shared secret, or its clock is more than five minutes off');
  }
  if (signed['webhook-id'] !== id) return wrong('the answer belongs to another question');
  const parsed = seatsAnswer.safeParse(parseJson(body));
  if (!parsed.success) return wrong(`the answer has another form: ${z.prettifyError(parsed.error).slice(0, 200)}`);
  if (parsed.data.workspaceId.toLowerCase() !== workspaceId) return wrong('the answer is about another workspace');
  return { kind: 'given', given: parsed.data };
}

const single = (header: string | string[] | undefined): string => (typeof header === 'string' ? header : '');

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
