import { setTimeout as wait } from 'node:timers/promises';

/** What the fleet said in the end. `tries`: how many requests it took, lost answers included. */
export type Answer = { readonly status: number; readonly json: unknown; readonly tries: number };

/** One request; `key` is sent as Idempotency-Key and stays the same over all tries. Without a method it is a POST if there is a body, else a GET. */
export type Ask = {
  readonly path: string;
  readonly method?: 'POST' | 'PUT' | 'DELETE';
  readonly body?: unknown;
  readonly key?: string;
};

const TRY_TIMEOUT_MS = 8_000;
const PAUSE_FIRST_MS = 100;
const PAUSE_MAX_MS = 1_000;

/** The run is over before an answer came. */
export class RunOverError extends Error {
  override readonly name = 'RunOverError';
}

/** A caller that retries until he is answered: an answer below 500 is one, a broken connection or a 5xx is not. */
export class PatientClient {
  constructor(
    private readonly baseUrl: string,
    private readonly headers: Readonly<Record<string, string>>,
    private readonly over: AbortSignal,
  ) {}

  async ask(one: Ask): Promise<Answer> {
    for (let tries = 1; ; tries += 1) {
      if (this.over.aborted) throw new RunOverError(`no answer to ${one.path} before the end of the run`);
      const answer = await this.once(one);
      if (answer !== undefined) return { ...answer, tries };
      await wait(Math.min(PAUSE_FIRST_MS * 2 ** Math.min(tries, 6), PAUSE_MAX_MS));
    }
  }

  private async once({ path, method, body, key }: Ask): Promise<{ status: number; json: unknown } | undefined> {
    try {
      const reply = await fetch(new URL(path, this.baseUrl), {
        method: method ?? (body === undefined ? 'GET' : 'POST'),
        headers: {
          ...this.headers,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(key === undefined ? {} : { 'idempotency-key': key }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(TRY_TIMEOUT_MS),
      });
      const text = await reply.text();
      if (reply.status >= 500 || reply.status === 429) return undefined;
      return { status: reply.status, json: text === '' ? undefined : (JSON.parse(text) as unknown) };
    } catch {
      // The process died, the connection broke or nobody answered in time: the same request is sent again.
      return undefined;
    }
  }
}
