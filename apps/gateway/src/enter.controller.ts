import { OpenPortals, PageSessions, SESSION_WHOLE_MS } from '@billfleet/billing';
import type { Base } from '@billfleet/platform';
import { Controller, Get, Inject, Post, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Needs } from './api-key.guard.js';
import { enterTextsFor } from './enter-texts.js';
import { escaped, framedPage } from './page-frame.js';
import { BillingCookie } from './billing-cookie.js';
import { letIn } from './let-in.js';
import { checkOwnPage } from './page-login.js';
import { sendPage } from './sign-in-pages.js';

/** Where people come into the billing page and leave it. */
@Controller('billing')
@ApiExcludeController()
export class EnterController {
  constructor(
    private readonly portals: OpenPortals,
    private readonly sessions: PageSessions,
    private readonly cookie: BillingCookie,
    @Inject('base') private readonly base: Base,
  ) {}

  /** The host product has just sent the browser here, so nobody has to press anything. What only looks ahead gets the page with the button. */
  @Get('enter')
  @Needs('open')
  async open(
    @Query('token') token: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    if (request.method === 'HEAD' || looksAhead(request)) this.ask(token, request, reply);
    else await this.enter(token, request, reply);
  }

  @Post('enter')
  @Needs('open')
  enterByButton(
    @Query('token') token: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.enter(token, request, reply);
  }

  /** Ends the session. Leaving twice is leaving once. */
  @Post('leave')
  @Needs('open')
  async leave(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    checkOwnPage(request, this.base.config.publicUrl);
    const found = this.cookie.find(request.headers.cookie);
    if (typeof found === 'object') await this.sessions.leave(found.value);
    void reply.header('set-cookie', this.cookie.toClear()).header('cache-control', 'no-store').status(204).send();
  }

  private ask(token: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const texts = enterTextsFor(request.headers['accept-language']);
    const action = `/billing/enter?token=${encodeURIComponent(typeof token === 'string' ? token : '')}`;
    const form = `<form method="post" action="${escaped(action)}" enctype="text/plain"><button>${escaped(texts.openButton)}</button></form>`;
    const page = framedPage({
      locale: texts.locale,
      title: texts.openTitle,
      body: `<p>${escaped(texts.openLead)}</p>${form}`,
    });
    sendPage(reply, 200, page);
  }

  private async enter(token: unknown, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const own = this.cookie.find(request.headers.cookie);
    const entry = await this.portals.enter(
      typeof token === 'string' ? token : '',
      typeof own === 'object' ? own.value : undefined,
    );
    letIn(request, reply, entry, { for: 'billing', cookie: this.cookie, wholeMs: SESSION_WHOLE_MS });
  }
}

/** Whether a browser only prepares for a page that its user may open. */
const looksAhead = ({ headers }: FastifyRequest): boolean =>
  [headers['sec-purpose'], headers['purpose'], headers['x-moz']].some((purpose) =>
    /prefetch|prerender|preview/.test(String(purpose)),
  );
