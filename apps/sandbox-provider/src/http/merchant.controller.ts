import { Body, Controller, Get, Headers, Inject, Param, Post, Req, Res, UseGuards } from '@nestjs/common';
import { sandboxWire } from '@billfleet/payments';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Ledger } from '../ledger/ledger.js';
import { Desk, refusal } from '../merchant/desk.js';
import type { Answer } from '../merchant/desk.js';
import { Faults } from '../merchant/faults.js';
import { settlementPage } from '../merchant/settlements.js';
import type { Wire } from '../merchant/wire.js';
import { SANDBOX_OPTIONS } from '../options.js';
import type { SandboxProviderOptions } from '../options.js';
import { ApiKeyGuard } from './api-key.guard.js';
import { FaultGate } from './fault-gate.js';
import { refuse } from './refusals.js';

const notFound = refusal(404, 'not_found', 'No such payment.');

const checkedKey = (key: string | undefined): string => {
  if (key !== undefined && /^[\x21-\x7e]{1,255}$/.test(key)) return key;
  throw refuse(400, 'idempotency_key_missing', 'Send Idempotency-Key: 1 to 255 visible ASCII characters.');
};

/** What the merchant calls. */
@Controller('v1')
@UseGuards(ApiKeyGuard)
export class MerchantController {
  constructor(
    private readonly desk: Desk,
    private readonly gate: FaultGate,
    private readonly ledger: Ledger,
    private readonly faults: Faults,
    @Inject(SANDBOX_OPTIONS) private readonly options: SandboxProviderOptions,
  ) {}

  @Post('checkouts')
  createCheckout(
    @Body({ schema: sandboxWire.checkoutRequest }) body: Wire<'checkoutRequest'>,
    @Headers('idempotency-key') key: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const idempotencyKey = checkedKey(key);
    const publicUrl = this.options.publicUrl ?? `${request.protocol}://${request.host}`;
    return this.gate.change(reply, () => this.desk.createCheckout(body, idempotencyKey, publicUrl));
  }

  @Get('checkouts/:reference')
  read(@Param('reference') reference: string, @Res() reply: FastifyReply): Promise<void> {
    return this.gate.read(reply, () => this.shown(this.desk.find(reference)));
  }

  /** Needs no key: closing what is closed already changes nothing. */
  @Post('checkouts/:reference/cancel')
  cancel(@Param('reference') reference: string, @Res() reply: FastifyReply): Promise<void> {
    return this.gate.change(reply, () => this.shown(this.desk.cancel(reference)));
  }

  @Post('charges')
  charge(
    @Body({ schema: sandboxWire.chargeRequest }) body: Wire<'chargeRequest'>,
    @Headers('idempotency-key') key: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const idempotencyKey = checkedKey(key);
    return this.gate.change(reply, () => this.desk.charge(body, idempotencyKey));
  }

  @Post('methods')
  storeMethod(
    @Body({ schema: sandboxWire.methodRequest }) body: Wire<'methodRequest'>,
    @Headers('idempotency-key') key: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const idempotencyKey = checkedKey(key);
    return this.gate.change(reply, () => this.desk.storeMethod(body, idempotencyKey));
  }

  @Post('refunds')
  refund(
    @Body({ schema: sandboxWire.refundRequest }) body: Wire<'refundRequest'>,
    @Headers('idempotency-key') key: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const idempotencyKey = checkedKey(key);
    return this.gate.change(reply, () => this.desk.refund(body, idempotencyKey));
  }

  @Post('lookup')
  lookup(
    @Body({ schema: sandboxWire.lookupRequest }) body: Wire<'lookupRequest'>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.gate.read(reply, () => {
      const seen = this.desk.lookup(body).filter(() => !this.faults.strikes('lookupBlind'));
      const found: Wire<'lookupReply'> = { payments: seen.map((row) => this.desk.show(row)) };
      return { status: 200, body: JSON.stringify(found) };
    });
  }

  /** What the merchant is told at night: the record of a day. */
  @Post('settlements')
  settlements(
    @Body({ schema: sandboxWire.settlementsRequest }) body: Wire<'settlementsRequest'>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.gate.read(reply, () => {
      this.desk.tick();
      return { status: 200, body: JSON.stringify(settlementPage(this.ledger, this.faults.knobs, body)) };
    });
  }

  private shown(payment: ReturnType<Desk['find']>): Answer {
    return payment === undefined ? notFound : { status: 200, body: JSON.stringify(this.desk.show(payment)) };
  }
}
