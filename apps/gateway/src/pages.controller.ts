import type { Base } from '@billfleet/platform';
import { Controller, Get, Inject, Param, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Needs, notFound } from './api-key.guard.js';
import { errorsPage } from './errors-page.js';

const PAGE_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/** Pages for people and machines: error codes, health, and in development the mailbox of the built-in SMTP server. */
@Controller()
@ApiExcludeController()
export class PagesController {
  constructor(@Inject('base') private readonly base: Base) {}

  /** What each error code means; problem documents link here. */
  @Get('errors')
  @Needs('open')
  errors(@Res() reply: FastifyReply): void {
    const page = errorsPage();
    if (page === undefined) throw notFound('path', '/errors');
    void reply.header('content-security-policy', PAGE_POLICY).type('text/html; charset=utf-8').send(page);
  }

  /** Browsers ask for it by themselves; a page names its own picture. */
  @Get('favicon.ico')
  @Needs('open')
  icon(@Res() reply: FastifyReply): void {
    void reply.header('cache-control', 'public, max-age=86400').status(204).send();
  }

  @Get('health/:what')
  @Needs('open')
  async health(@Param('what') what: string, @Res() reply: FastifyReply): Promise<void> {
    const { health } = this.base;
    const report =
      what === 'live'
        ? health.live()
        : what === 'startup'
          ? health.startup()
          : what === 'ready'
            ? await health.ready()
            : undefined;
    if (report === undefined) throw notFound('path', what);
    await reply.status(report.status === 'ok' ? 200 : 503).send(report);
  }

  @Get('metrics')
  @Needs('open')
  async metrics(@Res() reply: FastifyReply): Promise<void> {
    const { registry } = this.base.metrics;
    await reply.type(registry.contentType).send(await registry.metrics());
  }

  @Get('dev/mailbox')
  @Needs('open')
  mailbox(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.forward(request, reply);
  }

  @Get('dev/mailbox/*')
  @Needs('open')
  mail(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.forward(request, reply);
  }

  /** The mailbox lives in the sandbox process; only its own pages are reachable through here, and never in production. */
  private async forward(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    if (this.base.config.environment === 'production') throw notFound('path', '/dev/mailbox');
    const target = new URL(request.url, this.base.config.sandboxUrl);
    if (!/^\/dev\/mailbox(\/|$)/.test(target.pathname)) throw notFound('path', request.url);
    const answer = await fetch(target, { signal: AbortSignal.timeout(5_000), redirect: 'error' });
    for (const name of ['content-type', 'content-security-policy', 'cache-control']) {
      const value = answer.headers.get(name);
      if (value !== null) void reply.header(name, value);
    }
    await reply.status(answer.status).send(Buffer.from(await answer.arrayBuffer()));
  }
}
