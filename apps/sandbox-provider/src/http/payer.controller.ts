import { Body, Controller, HttpCode, Param, Post, Res, UseGuards } from '@nestjs/common';
import { sandboxWire } from '@billfleet/payments';
import type { FastifyReply } from 'fastify';
import { Desk } from '../merchant/desk.js';
import { wirePayment } from '../merchant/wire.js';
import type { Wire } from '../merchant/wire.js';
import { ApiKeyGuard } from './api-key.guard.js';
import { refuse } from './refusals.js';

/** What the hosted page does, for programs that play the payer. As with the page, knowing the reference is all it takes. */
@Controller('v1')
export class PayerController {
  constructor(private readonly desk: Desk) {}

  @Post('checkouts/:reference/pay')
  @HttpCode(200)
  async pay(
    @Param('reference') reference: string,
    @Body({ schema: sandboxWire.payRequest }) body: Wire<'payRequest'>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { method, card } = body;
    const outcome = this.desk.pay(reference, { method, ...(card === undefined ? {} : { card }) });
    switch (outcome.kind) {
      case 'unknown':
        throw refuse(404, 'not_found', 'No such checkout.');
      case 'mismatch':
        throw refuse(422, 'method_mismatch', 'This checkout takes another method.');
      case 'closed':
        throw refuse(409, `checkout_${outcome.payment.state}`, 'This checkout takes no more payments.');
      case 'refused':
        await reply.status(402).send(outcome.failure);
        return;
      case 'paid':
        await reply.status(200).send(wirePayment(outcome.payment));
    }
  }
  /** What the payer's bank does: it takes the money of a payment back, and later wins or loses. */
  @Post('payments/:reference/chargeback')
  @HttpCode(200)
  @UseGuards(ApiKeyGuard)
  chargeBack(
    @Param('reference') reference: string,
    @Body({ schema: sandboxWire.chargebackRequest }) body: Wire<'chargebackRequest'>,
  ): Wire<'payment'> {
    const payment = this.desk.chargeBack(reference, body);
    if (payment === undefined) throw refuse(409, 'not_paid', 'Only what was paid can be charged back.');
    return wirePayment(payment);
  }

  /** What the payer's bank does with a refund that is on its way: it takes it, or sends it back. */
  @Post('payments/:reference/refund-end')
  @HttpCode(200)
  @UseGuards(ApiKeyGuard)
  endRefund(
    @Param('reference') reference: string,
    @Body({ schema: sandboxWire.refundEndRequest }) body: Wire<'refundEndRequest'>,
  ): Wire<'payment'> {
    const payment = this.desk.endRefund(reference, body);
    if (payment === undefined) throw refuse(409, 'no_refund_under_way', 'No refund of this payment is on its way.');
    return this.desk.show(payment);
  }
}
