import { PageSessions, StaffSessions } from '@billfleet/billing';
import { isBillingPath, isSupportPath } from '@billfleet/contracts';
import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Needs } from './api-key.guard.js';
import { BillingCookie } from './billing-cookie.js';
import { sendConfirming } from './confirming-page.js';
import { FailedLogins } from './failed-logins.js';
import type { PageCookie } from './page-cookie.js';
import { PageFiles } from './page-files.js';
import { SupportCookie } from './support-cookie.js';

/** The billing page and the support console: whatever their address, the same file, whose scripts show what belongs there. */
@Controller()
@ApiExcludeController()
export class PageController {
  constructor(
    private readonly files: PageFiles,
    private readonly sessions: PageSessions,
    private readonly cookie: BillingCookie,
    private readonly staff: StaffSessions,
    private readonly staffCookie: SupportCookie,
    private readonly failures: FailedLogins,
  ) {}

  /** Providers send payers back to here. Whoever paid by the link of a mail has no session, and is told what anybody may know. */
  @Get('billing/orders/:id')
  @Needs('open')
  async order(@Query('from') from: unknown, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    if (from === 'payment' && !(await this.hasSession(request, this.cookie, this.sessions))) sendConfirming(reply);
    else await this.billing(request, reply);
  }

  /** Whoever has no session signs in first, and then comes to where he wanted to go. */
  @Get(['billing', 'billing/*'])
  @Needs('open')
  async billing(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    if (await this.hasSession(request, this.cookie, this.sessions)) await this.files.send(reply);
    else toSignIn(reply, '/billing/sign-in', isBillingPath(request.url) ? request.url : undefined);
  }

  @Get(['support', 'support/*'])
  @Needs('open')
  async support(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    if (await this.hasSession(request, this.staffCookie, this.staff)) await this.files.send(reply);
    else toSignIn(reply, '/support/sign-in', isSupportPath(request.url) ? request.url : undefined);
  }

  /** An address that guesses sessions is not listened to, as by the guard of the API. */
  private async hasSession(
    request: FastifyRequest,
    cookie: PageCookie,
    sessions: Pick<PageSessions, 'authenticate' | 'knows'>,
  ): Promise<boolean> {
    const found = cookie.find(request.headers.cookie);
    if (typeof found !== 'object') return false;
    if (this.failures.waitSeconds(request.ip) > 0 && !sessions.knows(found.value)) return false;
    if ((await sessions.authenticate(found.value)) !== undefined) return true;
    this.failures.record(request.ip);
    return false;
  }
}

function toSignIn(reply: FastifyReply, page: string, to: string | undefined): void {
  const query = to === undefined ? '' : `?to=${encodeURIComponent(to)}`;
  void reply.header('cache-control', 'no-store').redirect(`${page}${query}`, 303);
}
