import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';

/** One thing that a process needs; resolves when it is there, throws or says why when it is not. */
export type HealthCheck = { readonly name: string; readonly check: () => Promise<void> };

/** What a health page answers. */
export type HealthReport = {
  readonly status: 'ok' | 'starting' | 'stopping' | 'failing';
  readonly checks: Readonly<Record<string, string>>;
};

const CHECK_TIMEOUT_MS = 2_000;

/** The health of one process: live = its event loop turns; ready = it can do its work; startup = it has come up. */
export class Health {
  private stage: 'starting' | 'up' | 'stopping' = 'starting';
  private readonly checks: HealthCheck[] = [];

  /** Adds what readiness depends on. */
  require(...checks: readonly HealthCheck[]): void {
    this.checks.push(...checks);
  }
  markUp(): void {
    this.stage = 'up';
  }
  /** Not ready any more, so that nothing new is sent here while the rest is drained. */
  markStopping(): void {
    this.stage = 'stopping';
  }

  live(): HealthReport {
    return { status: 'ok', checks: {} };
  }

  startup(): HealthReport {
    return { status: this.stage === 'starting' ? 'starting' : 'ok', checks: {} };
  }

  /** Asks all dependencies at once, each with a deadline. */
  async ready(): Promise<HealthReport> {
    if (this.stage !== 'up') return { status: this.stage, checks: {} };
    const results = await Promise.all(
      this.checks.map(async ({ name, check }): Promise<[string, string]> => {
        try {
          await withDeadline(check());
          return [name, 'ok'];
        } catch (error) {
          return [name, error instanceof Error ? error.message.slice(0, 200) : 'failing'];
        }
      }),
    );
    return {
      status: results.every(([, result]) => result === 'ok') ? 'ok' : 'failing',
      checks: Object.fromEntries(results),
    };
  }
}

const withDeadline = async (work: Promise<void>): Promise<void> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${String(CHECK_TIMEOUT_MS)} ms`)), CHECK_TIMEOUT_MS);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
};

/** The health and metrics pages of a process that serves nothing else. They listen on the inner address only. */
export async function serveHealth(
  health: Health,
  metrics: Registry,
  address: { readonly host: string; readonly port: number },
): Promise<{ server: Server; port: number }> {
  const server = createServer((request, response) => {
    answer(health, metrics, request, response).catch((error: unknown) => {
      response.writeHead(500).end(error instanceof Error ? error.message : 'failing');
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(address.port, address.host, resolve);
  });
  return { server, port: (server.address() as AddressInfo).port };
}

async function answer(
  health: Health,
  metrics: Registry,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = new URL(request.url ?? '/', 'http://inner').pathname;
  if (path === '/metrics') {
    response.writeHead(200, { 'content-type': metrics.contentType }).end(await metrics.metrics());
    return;
  }
  const report =
    path === '/health/live'
      ? health.live()
      : path === '/health/startup'
        ? health.startup()
        : path === '/health/ready'
          ? await health.ready()
          : undefined;
  if (report === undefined)
    response.writeHead(404, { 'content-type': 'application/json' }).end('{"status":"not found"}');
  else
    response
      .writeHead(report.status === 'ok' ? 200 : 503, { 'content-type': 'application/json' })
      .end(JSON.stringify(report));
}
