import { PageSessions } from '@billfleet/billing';
import { isBillingPath } from '@billfleet/contracts';
import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Needs } from './api-key.guard.js';
import { BillingCookie } from './billing-cookie.js';
import { sendConfirming } from './confirming-page.js';
import { FailedLogins } from './failed-logins.js';
import { PageFiles } from './page-files.js';

/** The billing page and the support console: whatever their address, the same file, whose scripts show what belongs there. */
@Controller()
@ApiExcludeController()
export class PageController {
  constructor(
    private readonly files: PageFiles,
    private readonly sessions: PageSessions,
    private readonly cookie: BillingCookie,
    private readonly failures: FailedLogins,
  ) {}

  /** Providers send payers back to here. Whoever paid by the link of a mail has no session, and is told what anybody may know. */
  @Get('billing/orders/:id')
  @Needs('open')
  async order(@Query('from') from: unknown, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    if (from === 'payment' && !(await this.hasSession(request))) sendConfirming(reply);
    else await this.billing(request, reply);
  }

  /** Whoever has no session signs in first, and then comes to where he wanted to go. */
  @Get(['billing', 'billing/*'])
  @Needs('open')
  async billing(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    if (await this.hasSession(request)) return this.files.send(reply);
    const to = isBillingPath(request.url) ? `?to=${encodeURIComponent(request.url)}` : '';
    void reply.header('cache-control', 'no-store').redirect(`/billing/sign-in${to}`, 303);
  }

  @Get(['support', 'support/*'])
  @Needs('open')
  support(@Res() reply: FastifyReply): Promise<void> {
    return this.files.send(reply);
  }

  /** An address that guesses sessions is not listened to, as by the guard of the API. */
  private async hasSession(request: FastifyRequest): Promise<boolean> {
    const found = this.cookie.find(request.headers.cookie);
    if (typeof found !== 'object') return false;
    if (this.failures.waitSeconds(request.ip) > 0 && !this.sessions.knows(found.value)) return false;
    if ((await this.sessions.authenticate(found.value)) !== undefined) return true;
    this.failures.record(request.ip);
    return false;
  }
}
