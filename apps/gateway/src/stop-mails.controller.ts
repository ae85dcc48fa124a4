import { StopMails } from '@billfleet/billing';
import type { MailToStop } from '@billfleet/store';
import { Controller, Get, Param, Post, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Needs, notFound } from './api-key.guard.js';
import { PAGE_POLICY } from './page-frame.js';
import { stopMailsHtml } from './stop-mails-page.js';

/** Where optional mails are stopped: by a mail program with one click (RFC 8058), or by a person on the page. */
@Controller('mail/unsubscribe/:token')
@ApiExcludeController()
export class StopMailsController {
  constructor(private readonly stops: StopMails) {}

  /** Looks only: programs follow links in mails before people do. */
  @Get()
  @Needs('open')
  async show(@Param('token') token: string, @Res() reply: FastifyReply): Promise<void> {
    send(reply, await this.stops.look(token), token);
  }

  /** Never redirects, because mail programs do not follow. What a program sends along says nothing that the address does not. */
  @Post()
  @Needs('open')
  async stop(@Param('token') token: string, @Res() reply: FastifyReply): Promise<void> {
    send(reply, await this.stops.setStopped(token, true), token);
  }

  /** Lets the mails come again. */
  @Post('undo')
  @Needs('open')
  async undo(@Param('token') token: string, @Res() reply: FastifyReply): Promise<void> {
    send(reply, await this.stops.setStopped(token, false), token);
  }
}

function send(reply: FastifyReply, mail: MailToStop | undefined, token: string): void {
  if (mail === undefined) throw notFound('path', '/mail/unsubscribe');
  void reply
    .status(200)
    .header('content-security-policy', PAGE_POLICY)
    .header('cache-control', 'no-store')
    .type('text/html; charset=utf-8')
    .send(stopMailsHtml(mail, `/mail/unsubscribe/${token}`));
}
