import { SESSION_WHOLE_MS, SignInByMail } from '@billfleet/billing';
import { askToSignIn, uuid } from '@billfleet/contracts';
import { Body, Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Needs } from './api-key.guard.js';
import { BillingCookie } from './billing-cookie.js';
import { letIn } from './let-in.js';
import { askPage, choicePage, overPage, sendPage, sentPage, tooOftenPage, typedIn } from './sign-in-pages.js';
import { SignInTries } from './sign-in-tries.js';

/** Signing in to the billing page by a link that comes by mail. */
@Controller('billing/sign-in')
@ApiExcludeController()
export class SignInController {
  constructor(
    private readonly signIns: SignInByMail,
    private readonly cookie: BillingCookie,
    private readonly tries: SignInTries,
  ) {}

  @Get()
  @Needs('open')
  ask(@Query() query: unknown, @Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    sendPage(reply, 200, askPage(request, 'billing', { to: typedIn(query).to }));
  }

  /** Says the same, and after the same time, for every address. */
  @Post()
  @Needs('open')
  async send(@Body() body: unknown, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const form = askToSignIn.safeParse(body);
    if (!form.success) {
      const { email, to } = typedIn(body);
      sendPage(reply, 400, askPage(request, 'billing', { to, wrong: email }));
      return;
    }
    const isAllowed = await this.tries.take(request, () => this.signIns.ask(form.data.email, form.data.to));
    if (isAllowed) sendPage(reply, 200, sentPage(request));
    else sendPage(reply.header('retry-after', '600'), 429, tooOftenPage(request));
  }

  @Get(':token')
  @Needs('open')
  async choose(
    @Param('token') token: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const choice = await this.signIns.look(token);
    if (choice === undefined) sendPage(reply, 410, overPage(request, 'billing'));
    else sendPage(reply, 200, choicePage(request, `/billing/sign-in/${token}`, choice));
  }

  @Post(':token')
  @Needs('open')
  async enter(
    @Param('token') token: string,
    @Query('workspace') workspace: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const workspaceId = uuid.safeParse(workspace);
    const entry = workspaceId.success ? await this.signIns.enter(token, workspaceId.data) : undefined;
    letIn(request, reply, entry, { for: 'billing', cookie: this.cookie, wholeMs: SESSION_WHOLE_MS });
  }
}
