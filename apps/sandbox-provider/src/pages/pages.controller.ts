import { Body, Controller, Get, Header, Headers, Param, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Ledger } from '../ledger/ledger.js';
import type { PaymentRow } from '../ledger/rows.js';
import { Desk } from '../merchant/desk.js';
import { fieldsPage } from './fields-page.js';
import { hostedPage, notFoundPage } from './hosted-page.js';
import type { SafeHtml } from './html.js';
import { listPage } from './list-page.js';
import { stylesheet } from './stylesheet.js';
import { chooseLanguage } from './texts.js';
import type { Language } from './texts.js';

const rowsPerPage = 50;

const payForm = z.strictObject({
  method: z.enum(['card', 'paypal', 'pix']),
  number: z.string().max(40).optional(),
});

const listQuery = z.object({ before: z.coerce.number().int().min(0).max(1e9).optional() });

const fieldsQuery = z.object({ lang: z.string().max(20).optional(), return_url: z.string().max(2_000).default('') });

const pageQuery = z.object({ lang: z.string().max(20).optional() });

type PageQuery = z.output<typeof pageQuery>;

// Browsers apply form-action to the redirect after a form as well, so the shop must be named there.
const policy = (payment: PaymentRow | undefined): string => {
  const shop = payment?.returnUrl === undefined ? '' : ` ${new URL(payment.returnUrl).origin}`;
  return `default-src 'none'; style-src 'self'; form-action 'self'${shop}; base-uri 'none'; frame-ancestors 'none'`;
};

const send = async (reply: FastifyReply, status: number, page: SafeHtml, payment?: PaymentRow): Promise<void> => {
  await reply
    .status(status)
    .headers({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': policy(payment),
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      vary: 'accept-language',
    })
    .send(page.markup);
};

/** The pages: the payer's hosted page and the developers' list. */
@Controller()
export class PagesController {
  constructor(
    private readonly desk: Desk,
    private readonly ledger: Ledger,
  ) {}

  @Get()
  async list(
    @Query({ schema: listQuery }) query: z.output<typeof listQuery>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    this.desk.tick();
    const count = this.ledger.paymentCount;
    const to = Math.min(query.before ?? count, count);
    const from = Math.max(0, to - rowsPerPage);
    const payments = this.ledger.slice(from, to).toReversed();
    await send(reply, 200, listPage({ payments, count, before: from > 0 ? from : undefined }));
  }

  @Get('sandbox.css')
  @Header('content-type', 'text/css; charset=utf-8')
  @Header('cache-control', 'max-age=300')
  style(): string {
    return stylesheet;
  }

  /** Stands for a provider's own fields: takes a way to pay without charging it. */
  @Get('fields')
  async fields(
    @Query({ schema: fieldsQuery }) query: z.output<typeof fieldsQuery>,
    @Headers('accept-language') accepted: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const language = chooseLanguage(query.lang, accepted);
    const page = fieldsPage(language, query.return_url);
    await (page === undefined ? send(reply, 404, notFoundPage(language)) : send(reply, 200, page));
  }

  @Get('pay/:reference')
  async show(
    @Param('reference') reference: string,
    @Query({ schema: pageQuery }) query: PageQuery,
    @Headers('accept-language') accepted: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const language = chooseLanguage(query.lang, accepted);
    await this.answer(reply, this.desk.find(reference), language, 200);
  }

  @Post('pay/:reference')
  async pay(
    @Param('reference') reference: string,
    @Body({ schema: payForm }) form: z.output<typeof payForm>,
    @Query({ schema: pageQuery }) query: PageQuery,
    @Headers('accept-language') accepted: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const language = chooseLanguage(query.lang, accepted);
    const { method, number } = form;
    const outcome = this.desk.pay(reference, { method, ...(number === undefined ? {} : { card: number }) });
    if (outcome.kind === 'paid' && outcome.payment.returnUrl !== undefined) {
      await reply.redirect(outcome.payment.returnUrl, 303);
      return;
    }
    await this.answer(reply, this.desk.find(reference), language, outcome.kind === 'refused' ? 402 : 409);
  }

  @Post('pay/:reference/cancel')
  async cancel(
    @Param('reference') reference: string,
    @Query({ schema: pageQuery }) query: PageQuery,
    @Headers('accept-language') accepted: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const payment = this.desk.cancel(reference);
    if (payment?.state === 'cancelled' && payment.returnUrl !== undefined) {
      await reply.redirect(payment.returnUrl, 303);
      return;
    }
    await this.answer(reply, payment, chooseLanguage(query.lang, accepted), 409);
  }

  private async answer(
    reply: FastifyReply,
    payment: PaymentRow | undefined,
    language: Language,
    status: number,
  ): Promise<void> {
    if (payment?.kind !== 'checkout') await send(reply, 404, notFoundPage(language));
    else await send(reply, status, await hostedPage(payment, language), payment);
  }
}
