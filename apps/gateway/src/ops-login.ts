import { timingSafeEqual } from 'node:crypto';
import type { Base } from '@billfleet/platform';
import type { Store } from '@billfleet/store';
import { workDesk } from '@billfleet/store';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { writeProblem } from './problem.js';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Guards the operations pages: login by password, changes only from our own pages, each change on record. */
export function guardOpsPages(server: FastifyInstance, base: Base, store: Store): void {
  const { opsUser, opsPassword, docsArePublic } = base.config;
  const wanted = Buffer.from(`Basic ${Buffer.from(`${opsUser}:${opsPassword}`).toString('base64')}`);
  const isGuarded = (path: string): boolean =>
    path === '/metrics' ||
    path.startsWith('/ops') ||
    (!docsArePublic && (path.startsWith('/docs') || path === '/docs-json'));
  server.addHook('onRequest', async (request, reply) => {
    // The route that the router found, not the address as it was written: `/%6fps` leads to `/ops` as well.
    const path = request.routeOptions.url ?? '';
    if (!isGuarded(path)) return;
    const given = Buffer.from(request.headers.authorization ?? '');
    if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return refuse(request, reply, 401);
    void reply.header('cache-control', 'no-store').header('x-frame-options', 'DENY');
    if (SAFE_METHODS.has(request.method)) return;
    // A browser sends the password along with any request, also one that another site starts.
    if (!isFromOurPages(request)) return refuse(request, reply, 403);
    await workDesk.recordOpsAction(store, {
      actor: opsUser,
      action: `${request.method} ${request.url}`.slice(0, 200),
      subject: 'queues page',
      reason: 'by hand on the queues page',
    });
  });
}

const isFromOurPages = (request: FastifyRequest): boolean => {
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin';
  const { origin } = request.headers;
  return origin === undefined || (URL.canParse(origin) && new URL(origin).host === request.headers.host);
};

const refuse = (request: FastifyRequest, reply: FastifyReply, status: 401 | 403): FastifyReply => {
  if (status === 401) void reply.header('www-authenticate', 'Basic realm="Billfleet operations", charset="UTF-8"');
  const fault =
    status === 401
      ? { code: 'login_needed', field: 'Authorization', found: 'no valid login', wanted: 'the operations login' }
      : {
          code: 'cross_site',
          field: 'Origin',
          found: 'a request from another site',
          wanted: 'a request from our own pages',
        };
  return reply
    .status(status)
    .type('application/problem+json')
    .send(writeProblem(status, [fault], request.id));
};
