import * as http from 'node:http';
import * as https from 'node:https';
import type { ProviderFailure } from './port.js';

/** What came of one HTTP call: a reply, surely nothing sent, or a request whose fate is not known. */
export type HttpReply =
  | { readonly kind: 'reply'; readonly status: number; readonly json: unknown }
  | { readonly kind: 'not_sent'; readonly failure: ProviderFailure }
  | { readonly kind: 'lost'; readonly failure: ProviderFailure };

/** How to reach a provider, and the limits on each call. */
export type JsonCallerOptions = {
  readonly baseUrl: string;
  readonly headers: Readonly<Record<string, string>>;
  /** From the call to the last byte of the reply, waiting for a free connection included. */
  readonly timeoutMs: number;
  readonly concurrencyMax?: number;
  readonly replyBytesMax?: number;
};

/** One call. Whatever changes something carries a key, so that sending the same bytes twice has one effect. */
export type JsonCall = {
  readonly path: string;
  readonly body: unknown;
  readonly idempotencyKey?: string;
};

const waitingMax = 2000;

class Deadline extends Error {}
class ReplyTooLarge extends Error {}

const failed = (error: Error): ProviderFailure => {
  if (error instanceof Deadline) return { code: 'timeout', kind: 'timeout', message: 'no reply before the deadline' };
  if (error instanceof ReplyTooLarge)
    return { code: 'reply_too_large', kind: 'unavailable', message: 'the reply was longer than allowed' };
  const code = 'code' in error && typeof error.code === 'string' ? error.code.toLowerCase() : 'network';
  return { code, kind: 'unavailable', message: 'the connection to the provider failed' };
};

const parsed = (bytes: Buffer): unknown => {
  try {
    return JSON.parse(bytes.toString('utf8')) as unknown;
  } catch {
    // An unreadable reply is judged by the caller together with its status; undefined never is valid JSON.
    return undefined;
  }
};

type Exchange = {
  readonly client: typeof http | typeof https;
  readonly options: http.RequestOptions;
  readonly body: Buffer;
  readonly deadline: number;
  readonly replyBytesMax: number;
};

const collect = (
  response: http.IncomingMessage,
  bytesMax: number,
  done: (bytes: Buffer) => void,
  fail: (error: Error) => void,
): void => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > bytesMax) response.destroy(new ReplyTooLarge());
    else chunks.push(chunk);
  });
  response.on('error', fail);
  response.on('end', () => {
    done(Buffer.concat(chunks));
  });
};

const send = (exchange: Exchange, isRepeat: boolean): Promise<HttpReply> =>
  new Promise((resolve) => {
    const { client, options, body, deadline, replyBytesMax } = exchange;
    let isSent = false;
    let isLate = false;
    const request = client.request(options);
    const giveUp = (): void => {
      isLate = true;
      request.destroy(new Deadline());
    };
    const timer = setTimeout(giveUp, Math.max(1, deadline - Date.now()));
    const fail = (error: Error): void => {
      clearTimeout(timer);
      const isReset = 'code' in error && error.code === 'ECONNRESET';
      // The server may close a kept-alive connection in the very moment we reuse it. The same key makes the repeat safe.
      if (request.reusedSocket && isReset && !isRepeat && !isLate) resolve(send(exchange, true));
      else {
        const failure = failed(isLate ? new Deadline() : error);
        resolve({ kind: isSent || isRepeat ? 'lost' : 'not_sent', failure });
      }
    };
    request.on('socket', (socket) => {
      if (socket.connecting) socket.once(client === https ? 'secureConnect' : 'connect', () => (isSent = true));
      else isSent = true;
    });
    request.on('error', fail);
    request.on('response', (response) => {
      const done = (bytes: Buffer): void => {
        clearTimeout(timer);
        resolve({ kind: 'reply', status: response.statusCode ?? 0, json: parsed(bytes) });
      };
      collect(response, replyBytesMax, done, fail);
    });
    request.end(body);
  });

/**
 * Posts JSON over kept-alive connections, with a deadline, a limit on the reply and a limit on open connections.
 * It never rejects: what the network does comes back as a value.
 */
export function jsonCaller(options: JsonCallerOptions): (call: JsonCall) => Promise<HttpReply> {
  const base = new URL(options.baseUrl);
  const client = base.protocol === 'https:' ? https : http;
  const agent = new client.Agent({ keepAlive: true, maxSockets: options.concurrencyMax ?? 16, scheduling: 'lifo' });
  const replyBytesMax = options.replyBytesMax ?? 1_048_576;
  const basePath = base.pathname.replace(/\/$/, '');
  let waiting = 0;

  const requestOptions = (call: JsonCall, body: Buffer): http.RequestOptions => ({
    method: 'POST',
    host: base.hostname,
    ...(base.port === '' ? {} : { port: Number(base.port) }),
    path: `${basePath}${call.path}`,
    agent,
    headers: {
      ...options.headers,
      accept: 'application/json',
      'content-type': 'application/json',
      'content-length': body.length,
      ...(call.idempotencyKey === undefined ? {} : { 'idempotency-key': call.idempotencyKey }),
    },
  });

  return async (call) => {
    if (waiting >= waitingMax)
      return {
        kind: 'not_sent',
        failure: { code: 'busy', kind: 'unavailable', message: 'too many calls are waiting' },
      };
    waiting += 1;
    try {
      const body = Buffer.from(JSON.stringify(call.body));
      const deadline = Date.now() + options.timeoutMs;
      return await send({ client, options: requestOptions(call, body), body, deadline, replyBytesMax }, false);
    } finally {
      waiting -= 1;
    }
  };
}
