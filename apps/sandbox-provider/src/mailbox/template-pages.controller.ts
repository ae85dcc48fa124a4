import { Controller, Get, Header, Param, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { renderMailMissing } from './mailbox-pages.js';
import { PAGE_CSP } from './page-shell.js';
import { renderTemplate, renderTemplateList, templateHtml, templateViewOf } from './template-pages.js';
import type { TemplateView } from './template-pages.js';

const HTML = 'text/html; charset=utf-8';
const MAIL_CSP = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox";

type Address = { readonly template: string; readonly form: string };
type Choices = Readonly<Record<string, unknown>>;

/** Every mail that the fleet can send, to look at before it is sent. */
@Controller('dev/mailbox/templates')
export class TemplatePagesController {
  @Get()
  @Header('content-type', HTML)
  @Header('content-security-policy', PAGE_CSP)
  list(): string {
    return renderTemplateList();
  }

  @Get(':template/:form')
  @Header('content-type', HTML)
  @Header('content-security-policy', PAGE_CSP)
  show(@Param() address: Address, @Query() choices: Choices, @Res({ passthrough: true }) reply: FastifyReply): string {
    return page(address, choices, { reply, write: renderTemplate });
  }

  @Get(':template/:form/html')
  @Header('content-type', HTML)
  @Header('content-security-policy', MAIL_CSP)
  html(@Param() address: Address, @Query() choices: Choices, @Res({ passthrough: true }) reply: FastifyReply): string {
    return page(address, choices, { reply, write: templateHtml });
  }
}

function page(
  address: Address,
  choices: Choices,
  { reply, write }: { readonly reply: FastifyReply; readonly write: (view: TemplateView) => string },
): string {
  const view = templateViewOf(address, choices);
  if (view !== undefined) return write(view);
  void reply.status(404);
  return renderMailMissing();
}
