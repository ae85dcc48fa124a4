import { STAFF_SESSION_WHOLE_MS, StaffSessions, StaffSignIn } from '@billfleet/billing';
import { askToSignInToSupport } from '@billfleet/contracts';
import type { Base } from '@billfleet/platform';
import { Body, Controller, Get, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Needs } from './api-key.guard.js';
import { letIn } from './let-in.js';
import { checkOwnPage } from './page-login.js';
import { askPage, choicePage, overPage, sendPage, sentPage, tooOftenPage, typedIn } from './sign-in-pages.js';
import { SignInTries } from './sign-in-tries.js';
import { SupportCookie } from './support-cookie.js';

/** Where staff come into the support console and leave it. */
@Controller('support')
@ApiExcludeController()
export class StaffSignInController {
  constructor(
    private readonly signIns: StaffSignIn,
    private readonly sessions: StaffSessions,
    private readonly cookie: SupportCookie,
    private readonly tries: SignInTries,
    @Inject('base') private readonly base: Base,
  ) {}

  @Get('sign-in')
  @Needs('open')
  ask(@Query() query: unknown, @Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    sendPage(reply, 200, askPage(request, 'support', { to: typedIn(query).to }));
  }

  /** Says the same, and after the same time, for every address. */
  @Post('sign-in')
  @Needs('open')
  async send(@Body() body: unknown, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const form = askToSignInToSupport.safeParse(body);
    if (!form.success) {
      const { email, to } = typedIn(body);
      sendPage(reply, 400, askPage(request, 'support', { to, wrong: email }));
      return;
    }
    const isAllowed = await this.tries.take(request, () => this.signIns.ask(form.data.email, form.data.to));
    if (isAllowed) sendPage(reply, 200, sentPage(request));
    else sendPage(reply.header('retry-after', '600'), 429, tooOftenPage(request));
  }

  @Get('sign-in/:token')
  @Needs('open')
  async show(@Param('token') token: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const account = await this.signIns.look(token);
    if (account === undefined) sendPage(reply, 410, overPage(request, 'support'));
    else sendPage(reply, 200, choicePage(request, `/support/sign-in/${token}`, 'support'));
  }

  @Post('sign-in/:token')
  @Needs('open')
  async enter(
    @Param('token') token: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const entry = await this.signIns.enter(token);
    letIn(request, reply, entry, { for: 'support', cookie: this.cookie, wholeMs: STAFF_SESSION_WHOLE_MS });
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
}
