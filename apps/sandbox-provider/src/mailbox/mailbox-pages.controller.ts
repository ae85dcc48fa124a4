import { Controller, Get, Header, Param, Query } from '@nestjs/common';
import { mailTabs, renderMail, renderMailList, renderMailMissing } from './mailbox-pages.js';
import { MailStore } from './mail-store.js';
import { PAGE_CSP } from './page-shell.js';

const MESSAGES_PER_PAGE = 200;

/**
 * What a mail's own HTML may do: show itself, and images. The `sandbox` part takes scripts, forms and the origin away
 * even if somebody opens the address outside of the frame.
 */
const MAIL_CSP =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data: https:; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox";

const HTML = 'text/html; charset=utf-8';

/** The mailbox for people. Links start at `/dev/mailbox`, so the pages work the same behind the gateway. */
@Controller('dev/mailbox')
export class MailboxPagesController {
  constructor(private readonly store: MailStore) {}

  @Get()
  @Header('content-type', HTML)
  @Header('content-security-policy', PAGE_CSP)
  @Header('cache-control', 'no-store')
  list(@Query('refresh') refresh?: string): string {
    return renderMailList(this.store.list({ limit: MESSAGES_PER_PAGE }), refresh === 'on');
  }

  @Get(':id')
  @Header('content-type', HTML)
  @Header('content-security-policy', PAGE_CSP)
  @Header('cache-control', 'no-store')
  async show(@Param('id') id: string, @Query('tab') tab?: string): Promise<string> {
    const mail = await this.store.find(Number(id));
    if (mail === undefined) return renderMailMissing();
    return renderMail(mail, mailTabs.find((name) => name === tab) ?? (mail.html === '' ? 'text' : 'html'));
  }

  @Get(':id/html')
  @Header('content-type', HTML)
  @Header('content-security-policy', MAIL_CSP)
  @Header('cache-control', 'no-store')
  async html(@Param('id') id: string): Promise<string> {
    const mail = await this.store.find(Number(id));
    if (mail === undefined) return renderMailMissing();
    // Links leave the frame: the pages that they lead to refuse to be shown in one.
    return mail.html.replace(/<head>/i, '<head><base target="_blank">');
  }
}
