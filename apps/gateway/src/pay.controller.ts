import { PayByLink } from '@billfleet/billing';
import { Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Needs, notFound } from './api-key.guard.js';
import { PAGE_POLICY } from './page-frame.js';
import { payPageHtml } from './pay-page.js';

/** Where the links of mails lead: whoever holds one may pay that order, and nothing else, without a login. */
@Controller('pay/:token')
@ApiExcludeController()
export class PayController {
  constructor(private readonly pay: PayByLink) {}

  /** Looks only: programs follow links in mails before people do. */
  @Get()
  @Needs('open')
  async show(
    @Param('token') token: string,
    @Query('go') go: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const page = await this.pay.look(token);
    if (page === undefined) throw notFound('path', '/pay');
    void reply
      .header('content-security-policy', PAGE_POLICY)
      .header('cache-control', 'no-store')
      .type('text/html; charset=utf-8')
      .send(payPageHtml(page, `/pay/${token}`, go === '1'));
  }

  /** Opens the payment; pressing twice opens one. */
  @Post()
  @Needs('open')
  async open(@Param('token') token: string, @Res() reply: FastifyReply): Promise<void> {
    if ((await this.pay.look(token)) === undefined) throw notFound('path', '/pay');
    await this.pay.open(token);
    void reply.header('cache-control', 'no-store').redirect(`/pay/${token}?go=1`, 303);
  }
}
