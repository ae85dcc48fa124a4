import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import rateLimit from '@fastify/rate-limit';
import { ApiKeys } from '@billfleet/billing';
import { NestLog } from '@billfleet/platform';
import type { Base } from '@billfleet/platform';
import { queueConnection } from '@billfleet/queue';
import { Store } from '@billfleet/store';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { SwaggerModule } from '@nestjs/swagger';
import type { FastifyInstance } from 'fastify';
import { GatewayModule } from './app.module.js';
import { takeForms } from './form-body.js';
import { readJsonBodies } from './json-body.js';
import { openApiDocument } from './openapi.js';
import { guardOpsPages } from './ops-login.js';
import { servePageFiles } from './page-files.js';
import { ProblemException } from './problem.js';
import { serveQueueBoard } from './queue-board.js';

/** Most bytes that a request may bring. */
const BODY_MAX_BYTES = 262_144;

/** Builds the gateway and lets it listen; answers the port, which differs from the configured one when that is 0. */
export async function createGateway(base: Base): Promise<{ context: NestFastifyApplication; port: number }> {
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_MAX_BYTES,
    requestTimeout: 15_000,
    // A caller's request id is taken over only if it cannot break a log or a header.
    genReqId: ({ headers }: IncomingMessage) =>
      /^[\w-]{8,64}$/.test(String(headers['x-request-id'] ?? '')) ? String(headers['x-request-id']) : randomUUID(),
    // Idle connections end at once when the gateway stops; requests in hand are answered first.
    forceCloseConnections: 'idle',
    trustProxy: false,
    routerOptions: { maxParamLength: 1_024 },
  });
  const app = await NestFactory.create<NestFastifyApplication>(GatewayModule.with(base), adapter, {
    logger: new NestLog(base.log),
    abortOnError: false,
    // Bodies are read by a parser of our own.
    bodyParser: false,
  });
  const server = adapter.getInstance<FastifyInstance>();
  endUnusedConnections(server);
  addCommonHooks(server, base);
  readJsonBodies(server);
  takeForms(server);
  await limitRate(server, base, app.get(ApiKeys));
  guardOpsPages(server, base, app.get(Store));
  await servePageFiles(server, base.config.pagePath);
  SwaggerModule.setup('docs', app, () => openApiDocument(app), {
    jsonDocumentUrl: 'docs-json',
    customSiteTitle: 'Billfleet API',
  });
  const closeBoard = await serveQueueBoard(server, queueConnection(base));
  server.addHook('onClose', closeBoard);
  await app.listen(base.config.port, base.config.host);
  return { context: app, port: (server.server.address() as AddressInfo).port };
}

/**
 * Browsers open connections ahead of need. One that has never asked for anything does not count as idle, and would keep a gateway that stops
 * waiting for its first request.
 */
function endUnusedConnections(server: FastifyInstance): void {
  const open = new Set<Socket>();
  server.server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  server.addHook('preClose', (done) => {
    for (const socket of open) if (socket.bytesRead === 0) socket.destroy();
    done();
  });
}

/** Nobody can keep the gateway from serving the others. Counted in memory, so that it works while Redis is away. */
async function limitRate(server: FastifyInstance, { config }: Base, keys: ApiKeys): Promise<void> {
  await server.register(rateLimit, {
    max: config.rateLimitPerMinute,
    timeWindow: 60_000,
    cache: 10_000,
    // By the part of the key that is not secret, and by address, so that nobody can use up what belongs to another's key. Keys that were
    // never found share what the address has: a new prefix in each request must not be a new allowance.
    keyGenerator: ({ headers: { authorization }, ip }) =>
      keys.knows(authorization) ? `${callerPrefix(authorization)}@${ip}` : `@${ip}`,
    allowList: (request) => request.url.startsWith('/health/'),
    errorResponseBuilder: (_, { max, after }) =>
      new ProblemException(429, [
        {
          code: 'rate_limited',
          field: 'Authorization',
          found: `more than ${String(max)} requests a minute`,
          wanted: `the same request again in ${after}`,
        },
      ]),
  });
}

const callerPrefix = (header = ''): string => /^Bearer bf_(?:[a-z]{2,8}_)?([a-z0-9]{6,16})_/.exec(header)?.[1] ?? '';

function addCommonHooks(server: FastifyInstance, { log, metrics }: Base): void {
  server.addHook('onSend', async (request, reply) => {
    void reply
      .header('x-request-id', request.id)
      .header('x-content-type-options', 'nosniff')
      .header('referrer-policy', 'no-referrer');
  });
  server.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'unknown';
    metrics.httpRequests.inc({ route, method: request.method, status: reply.statusCode });
    metrics.httpDurationSeconds.observe({ route, method: request.method }, reply.elapsedTime / 1_000);
    log.debug(
      {
        requestId: request.id,
        method: request.method,
        route,
        status: reply.statusCode,
        durationMs: Math.round(reply.elapsedTime),
      },
      'request',
    );
  });
}
